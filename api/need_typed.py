"""What people type into the fields of a need in words: a place, one more capability, a service or a sector."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pyoxigraph import NamedNode
from starlette.datastructures import QueryParams

from graph.errors import InputError
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.places import measured_from
from graph.match.scheme import CAPABILITY, SECTOR, SERVICE
from graph.match.typed_places import TypedPlaces, UnknownPlace
from graph.store.protocol import State

FIELDS: Final = {
    "add": ("capabilities", CAPABILITY, "capability"),
    "addService": ("services", SERVICE, "service"),
    "addSector": ("sectors", SECTOR, "sector"),
}
"""Fields that take words as well as codes: the member they add to, its code list, and what it is."""
_LONGEST: Final = 200


@dataclass(frozen=True)
class Fault:
    """A field that cannot be used, with what was typed and what is like it."""

    field: str
    typed: str
    detail: str
    near: tuple[str, ...] = ()


class Typed:
    """Turns what people type into the members of a need."""

    def __init__(self, matcher: Matcher, state: State, language: str) -> None:
        self._matcher = matcher
        self._state = state
        self._language = language
        self._known = matcher.knowledge(state)

    @property
    def places(self) -> TypedPlaces:
        """The places that can be typed."""
        return self._known.typed_places

    def into(self, members: dict[str, Any], given: QueryParams) -> list[Fault]:
        """Put what was typed into the members of a need; what cannot be used comes back."""
        faults = []
        place = (given.get("place") or "").strip()
        if place:
            try:
                self._place(members, place)
            except UnknownPlace as error:
                faults.append(Fault("place", place, error.detail, error.near))
        home = (given.get("firmRegion") or "").strip()
        if home:
            self._keep_place(members)
            try:
                members["region"] = self.places.region(home, self._language).code
            except UnknownPlace as error:
                faults.append(Fault("firmRegion", home, error.detail, error.near))
        for field, (member, scheme, what) in FIELDS.items():
            for words in given.getlist(field):
                if not words.strip():
                    continue
                try:
                    codes = self._codes(words.strip()[:_LONGEST], scheme, what)
                except InputError as error:
                    faults.append(Fault(field, words.strip(), error.detail))
                    continue
                members[member] = _more(members[member], codes)
                members["excluded"] = [code for code in members["excluded"] if code not in codes]
        return faults

    def _place(self, members: dict[str, Any], text: str) -> None:
        """A region tells of support schemes too; a city is only measured from."""
        site = self.places.find(text, self._language)
        if site.kind == "city":
            members["location"] = {"lat": site.point.lat, "lon": site.point.lon}
        else:
            members["region"] = site.code
            members.pop("location", None)

    def _keep_place(self, members: dict[str, Any]) -> None:
        """A region for support schemes leaves the city to measure from that the text names."""
        if members.get("region") or members.get("location") or not members.get("text"):
            return
        try:
            need = Need.model_validate({"text": members["text"], "language": members.get("language")})
        except ValidationError:
            return  # told when the whole need is looked at
        conditions = self._matcher.understand(need, self._state).conditions
        place = measured_from(conditions.places, conditions.distance)
        if place is not None and place.site.kind == "city":
            members["location"] = {"lat": place.site.point.lat, "lon": place.site.point.lon}

    def _named(self, words: str, scheme: NamedNode) -> NamedNode | None:
        """The concept that the words are the whole name of, in the reader's language or in English."""
        preferred, wanted = self._known.lexicon.preferred, words.casefold()
        for language in dict.fromkeys([self._language, "en"]):
            for concept in self._known.scheme.in_scheme.get(scheme, ()):
                if preferred.get((concept, language), "").casefold() == wanted:
                    return concept
        return None

    def _codes(self, words: str, scheme: NamedNode, what: str) -> list[str]:
        """The codes that words stand for. Raises ``InputError`` where they stand for none."""
        known = self._known.scheme
        named = self._named(words, scheme)
        if named is not None:
            return [known.notation(named)]
        try:
            return [known.notation(known.resolve(words, scheme, what))]
        except (InputError, ValueError) as error:
            for language in dict.fromkeys([self._language, "en"]):
                need = Need.model_validate({"text": words, "language": language})
                understood = self._matcher.understand(need, self._state)
                found = [known.notation(link.concept) for link in understood.of(scheme)]
                if found:
                    return found
            raise InputError(str(error)) from error


def _more(codes: list[str], more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*codes, *more]))
