"""What practices, plans and events are tied to, as the queries of the exchange give it: one tie a row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import INFRA, SCHEMA, Namespace
from graph.match.view import Statement
from graph.store.answers import Term

_CV: Final = Namespace("http://data.europa.eu/m8g/")

PROPERTIES: Final[Mapping[str, NamedNode]] = {
    "region": INFRA["inRegion"],
    "theme": INFRA["practiceTheme"],
    "owner": INFRA["practiceOwner"],
    "capability": INFRA["capability"],
    "facility": INFRA["involvesFacility"],
    "instrument": INFRA["relatedPolicyInstrument"],
    "plan": INFRA["partOfPlan"],
    "practice": INFRA["inspiredBy"],
    "improves": INFRA["improves"],
    "plan-owner": INFRA["planOwner"],
    "authority": _CV["hasCompetentAuthority"],
    "host": SCHEMA["organizer"],
    "guest": SCHEMA["attendee"],
    "visited": INFRA["visitedFacility"],
    "learned": INFRA["learnedPractice"],
    "start": SCHEMA["startDate"],
}
"""The property behind each tie."""


@dataclass(frozen=True)
class Ties:
    """What each thing is tied to, by the name of the tie; values in the order of their IRIs."""

    _found: Mapping[NamedNode, Mapping[str, tuple[Term, ...]]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Term]], subject: str) -> "Ties":
        """The ties in the rows of a query whose things stand in the column ``subject``."""
        found: dict[NamedNode, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for row in rows:
            thing, tie, value = row[subject], row.get("tie"), row.get("value")
            if not isinstance(thing, NamedNode):
                continue
            ties = found[thing]
            if isinstance(tie, Literal) and value is not None:
                ties[tie.value].add(value)
        return cls(
            {
                thing: {tie: tuple(sorted(values, key=str)) for tie, values in ties.items()}
                for thing, ties in sorted(found.items(), key=lambda item: item[0].value)
            }
        )

    def __iter__(self) -> Iterator[NamedNode]:
        return iter(self._found)

    def nodes(self, thing: NamedNode, tie: str) -> tuple[NamedNode, ...]:
        """What a thing is tied to by a tie."""
        values = self._found.get(thing, {}).get(tie, ())
        return tuple(value for value in values if isinstance(value, NamedNode))

    def texts(self, thing: NamedNode, tie: str) -> tuple[str, ...]:
        """The values of a tie that are no things, such as dates."""
        values = self._found.get(thing, {}).get(tie, ())
        return tuple(value.value for value in values if isinstance(value, Literal))

    def subjects(self, tie: str, value: NamedNode) -> tuple[NamedNode, ...]:
        """The things that are tied to a value."""
        return self._tied.get((tie, value), ())

    @cached_property
    def _tied(self) -> Mapping[tuple[str, Term], tuple[NamedNode, ...]]:
        found: dict[tuple[str, Term], list[NamedNode]] = defaultdict(list)
        for thing, ties in self._found.items():
            for tie, values in ties.items():
                for value in values:
                    found[tie, value].append(thing)
        return {key: tuple(things) for key, things in found.items()}


def stated(subject: NamedNode, tie: str, value: NamedNode) -> Statement:
    """The statement behind a tie."""
    return subject, PROPERTIES[tie], value
