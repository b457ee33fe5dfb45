"""Good practices that go with an answer: those of a facility, those on what is asked for, those of a support scheme."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.match.criteria import Wish
from graph.match.support import Support
from graph.store.catalogue import Query, QueryCatalogue
from graph.store.protocol import Reader

Titles = Mapping[str, str]
"""A practice's titles by language."""

_NEAR: Final = 0.8
"""From this grade on, a capability is what a part asks for."""
_MOST: Final = 5


@dataclass(frozen=True)
class Practice:
    """A good practice with what ties it to a need: a capability that it is about, or a support scheme."""

    practice: NamedNode
    titles: Titles
    capability: NamedNode | None = None
    scheme: str = ""
    """The label of the scheme."""


def of_facilities(
    facilities: Sequence[NamedNode], reader: Reader, queries: QueryCatalogue
) -> dict[str, list[tuple[str, Titles]]]:
    """Good practices by facility that takes part: IRI and titles by language."""
    by_facility: dict[str, list[tuple[str, Titles]]] = defaultdict(list)
    found = _titles(reader, queries["match-practices"], "facility", facilities)
    for (facility, practice), names in sorted(found.items(), key=lambda item: _place(item[0])):
        by_facility[facility.value].append((practice.value, names))
    return by_facility


def of_need(
    wish: Wish, support: Sequence[Support], reader: Reader, queries: QueryCatalogue
) -> list[Practice]:
    """The practices about most of what is asked for, and those of the support schemes; few, the nearest first."""
    grades: dict[NamedNode, float] = defaultdict(float)
    for part in wish.parts:
        for grade in part.grades.values():
            if grade.value >= _NEAR:
                grades[grade.capability] += part.importance * grade.value
    about: dict[NamedNode, list[tuple[float, NamedNode, Titles]]] = defaultdict(list)
    for (capability, practice), names in _titles(
        reader, queries["match-practices-about"], "capability", list(grades)
    ).items():
        about[practice].append((grades[capability], capability, names))
    ranked = sorted(about.items(), key=lambda item: (-sum(one[0] for one in item[1]), item[0].value))
    found = []
    for practice, ties in ranked[:_MOST]:
        _, capability, titles = max(ties, key=lambda tie: (tie[0], tie[1].value))
        found.append(Practice(practice, titles, capability))
    labels = {one.instrument: one.label for one in support}
    tied = _titles(reader, queries["match-practices-of-schemes"], "instrument", list(labels))
    for (instrument, practice), titles in sorted(tied.items(), key=lambda item: _place(item[0])):
        found.append(Practice(practice, titles, scheme=labels[instrument]))
    return found


def _titles(
    reader: Reader, query: Query, parameter: str, values: Sequence[NamedNode]
) -> dict[tuple[NamedNode, NamedNode], dict[str, str]]:
    """The titles of practices by what they were found for and the practice; none where nothing is asked."""
    titles: dict[tuple[NamedNode, NamedNode], dict[str, str]] = defaultdict(dict)
    if not values:
        return titles
    for found_for, practice, title in reader.select(query.bind(**{parameter: list(values)})).rows:
        if (
            isinstance(found_for, NamedNode)
            and isinstance(practice, NamedNode)
            and isinstance(title, Literal)
        ):
            titles[found_for, practice][title.language or "en"] = title.value
    return titles


def _place(pair: tuple[NamedNode, NamedNode]) -> tuple[str, str]:
    return pair[0].value, pair[1].value
