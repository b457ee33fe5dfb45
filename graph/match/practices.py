"""Good practices that go with an answer: those of a facility, those on what is asked for, those of a support scheme."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.match.criteria import Wish
from graph.match.support import Support
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

Titles = Mapping[str, str]
"""A practice's titles by language."""

_Tied = Mapping[NamedNode, Mapping[NamedNode, Titles]]
"""Practices with their titles, by what they are tied to."""

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


class Practices:
    """The good practices of one revision; what they are tied to is read when first asked, and kept."""

    def __init__(self, reader: Reader, queries: QueryCatalogue) -> None:
        self._reader = reader
        self._queries = queries
        self._kept: dict[str, _Tied] = {}

    def of_facilities(self, facilities: Sequence[NamedNode]) -> dict[str, list[tuple[str, Titles]]]:
        """Good practices by facility that takes part: IRI and titles by language."""
        tied = self._tied("match-practices", "facility")
        return {
            facility.value: [(practice.value, titles) for practice, titles in tied[facility].items()]
            for facility in facilities
            if facility in tied
        }

    def of_need(self, wish: Wish, support: Sequence[Support]) -> list[Practice]:
        """The practices about most of what is asked for, and those of the support schemes; few, the nearest first."""
        grades: dict[NamedNode, float] = defaultdict(float)
        for part in wish.parts:
            for grade in part.grades.values():
                if grade.value >= _NEAR:
                    grades[grade.capability] += part.importance * grade.value
        tied = self._tied("match-practices-about", "capability")
        about: dict[NamedNode, list[tuple[float, NamedNode, Titles]]] = defaultdict(list)
        for capability, grade_of in grades.items():
            for practice, titles in tied.get(capability, {}).items():
                about[practice].append((grade_of, capability, titles))
        ranked = sorted(about.items(), key=lambda item: (-sum(one[0] for one in item[1]), item[0].value))
        found = []
        for practice, ties in ranked[:_MOST]:
            _, capability, titles = max(ties, key=lambda tie: (tie[0], tie[1].value))
            found.append(Practice(practice, titles, capability))
        of_schemes = self._tied("match-practices-of-schemes", "instrument")
        for scheme in support:
            for practice, titles in of_schemes.get(scheme.instrument, {}).items():
                found.append(Practice(practice, titles, scheme=scheme.label))
        return found

    def _tied(self, query: str, parameter: str) -> _Tied:
        """All practices by what they are tied to, with their titles, in the order of their IRIs."""
        if query not in self._kept:
            titles: dict[tuple[NamedNode, NamedNode], dict[str, str]] = defaultdict(dict)
            text = self._queries[query].bind(**{parameter: [None]})
            for tie, practice, title in self._reader.select(text).rows:
                if (
                    isinstance(tie, NamedNode)
                    and isinstance(practice, NamedNode)
                    and isinstance(title, Literal)
                ):
                    titles[tie, practice][title.language or "en"] = title.value
            tied: dict[NamedNode, dict[NamedNode, Titles]] = defaultdict(dict)
            for (tie, practice), names in sorted(titles.items(), key=lambda item: item[0][1].value):
                tied[tie][practice] = names
            self._kept[query] = dict(tied)
        return self._kept[query]
