"""Changed needs: what one gets by a correction, each as the query of an address, or nothing where it would be none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from api.need_address import query_of
from graph.match.need import REQUIRABLE, Need


@dataclass(frozen=True)
class Changes:
    """Makes addresses of a need that is changed; ``speaks`` says whether the address names the language."""

    need: Need
    speaks: bool = True

    @property
    def query(self) -> str:
        """The query of the need as it is."""
        return query_of(self._spoken(self.need))

    def to(self, **members: Any) -> str | None:
        """The query of the need with other members; what is then required but not given is required no more."""
        changed = self.changed(**members)
        return None if changed is None else query_of(self._spoken(changed))

    def changed(self, **members: Any) -> Need | None:
        """The need with other members; ``None`` where that is no need."""
        whole = {**self.need.model_dump(exclude_defaults=True), **members}
        whole["required"] = [
            name
            for name in dict.fromkeys(whole.get("required", ()))
            if name not in REQUIRABLE or whole.get(name)
        ]
        if not whole.get("region") and not whole.get("location"):
            whole["maxDistanceKm"] = None
            whole["required"] = [name for name in whole["required"] if name != "maxDistanceKm"]
        try:
            return Need.model_validate(whole)
        except ValidationError:
            return None

    def requiring(self, member: str, **members: Any) -> str | None:
        """With a member as a hard condition."""
        return self.to(required=[*self.need.required, member], **members)

    def not_requiring(self, member: str, **members: Any) -> str | None:
        """With a member that is weighed, and no hard condition."""
        return self.to(required=[name for name in self.need.required if name != member], **members)

    def cut(self, words: str, **members: Any) -> str | None:
        """Without some words of its text."""
        text = self.need.text or ""
        if words not in text:
            return None
        left = " ".join(text.replace(words, " ", 1).split()).strip(" ,;")
        return self.to(text=left or None, **members)

    def _spoken(self, need: Need) -> Need:
        return need if self.speaks else need.model_copy(update={"lang": None})


def pinned(need: Need, understood: Mapping[str, Any]) -> Need:
    """The need with the countries that its text insists on as a condition of its own, so that they can be changed."""
    insisted = [place for place in understood["places"] if place["used"] and place["required"]]
    if need.countries or not insisted:
        return need
    countries = [p["code"] for p in understood["places"] if p["used"] and p["role"] == "search-in"]
    required = [*need.required, *(() if "countries" in need.required else ("countries",))]
    return need.model_copy(update={"countries": countries, "required": required})


def without(codes: Sequence[str], gone: str) -> list[str]:
    """The codes but one."""
    return [code for code in codes if code != gone]
