"""A suggestion: what would mend a finding, in words and as statements to add and remove."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.words import Words
from graph.iris import GENID, PREFIXES, RELATIVE, XSD

_PLAIN = {XSD["integer"], XSD["decimal"], XSD["boolean"]}


@dataclass(frozen=True)
class Suggestion:
    """A mend that is certain: ``add`` and ``remove`` are statements in N-Triples."""

    text: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What names the suggestion, in whatever language it is told: the same statements have the same key."""
        stated = "\n".join((*self.remove, "", *self.add))
        return hashlib.sha256(stated.encode()).hexdigest()[:16]

    def covers(self, other: "Suggestion") -> bool:
        """Whether it makes all of the other's changes too."""
        return {*other.add} <= {*self.add} and {*other.remove} <= {*self.remove}

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "add": list(self.add), "remove": list(self.remove), "key": self.key}


@dataclass(frozen=True)
class Mend:
    """A mend as triples: ``remove`` gives way to ``add``, one for one where there are as many of both.

    ``kind`` is that of the sentence that describes it; ``old`` and ``new`` are the terms in it.
    """

    kind: str
    add: tuple[Triple, ...] = ()
    remove: tuple[Triple, ...] = ()
    old: object | None = None
    new: object | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def suggestion(self, words: Words, language: str, limit: int = 100) -> Suggestion:
        """The suggestion in a language, with at most ``limit`` statements of each kind."""
        label = self.labels.get(language) or self.labels.get("en") or next(iter(self.labels.values()), "")
        text = words.sentence(
            self.kind if label or f"{self.kind}-unlabelled" not in words else f"{self.kind}-unlabelled",
            language,
            old=shown(self.old),
            new=shown(self.new),
            label=label,
        )
        return Suggestion(text, _written(self.add[:limit]), _written(self.remove[:limit]))


def together(suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """The suggestion for equal findings: what each of them says, with the statements of all."""
    if not suggestions:
        return None
    return Suggestion(
        suggestions[0].text,
        tuple(dict.fromkeys(line for suggestion in suggestions for line in suggestion.add)),
        tuple(dict.fromkeys(line for suggestion in suggestions for line in suggestion.remove)),
    )


def _written(triples: Iterable[Triple]) -> tuple[str, ...]:
    return tuple(f"{triple} ." for triple in triples)


def shown(term: object) -> str:
    """A term as one writes it in Turtle, with the prefixes that everybody knows."""
    if isinstance(term, NamedNode):
        if term.value in GENID:
            return "[ … ]"
        for prefix, base in PREFIXES.items():
            if term.value.startswith(base) and re.fullmatch(r"[A-Za-z0-9][\w-]*", term.value[len(base) :]):
                return f"{prefix}:{term.value[len(base) :]}"
        return f"<{term.value.removeprefix(RELATIVE.base)}>"
    if isinstance(term, Literal):
        if term.language or term.datatype == XSD["string"]:
            return str(term)
        if term.datatype in _PLAIN:
            return term.value
        return f"{Literal(term.value)}^^{shown(term.datatype)}"
    return ""


def instead(triple: Triple, new: object, kind: str = "value", labels: dict[str, str] | None = None) -> Mend:
    """The mend that puts another object in a statement."""
    changed = Triple(triple.subject, triple.predicate, new)  # type: ignore[arg-type]
    return Mend(kind, add=(changed,), remove=(triple,), old=triple.object, new=new, labels=labels or {})


def as_one(mends: list[Mend]) -> Mend:
    """Several mends of one result as one."""
    first = mends[0]
    return Mend(
        first.kind,
        add=tuple(triple for mend in mends for triple in mend.add),
        remove=tuple(triple for mend in mends for triple in mend.remove),
        old=first.old,
        new=first.new,
        labels=first.labels,
    )
