"""Search of lists by what words mean: entities that carry a concept, whatever language their texts are in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.match.heard import Heard, Hearing, Said
from graph.store.protocol import Reader

_NONE: Final[frozenset[NamedNode]] = frozenset()

Carriers = Mapping[NamedNode, Mapping[NamedNode, frozenset[NamedNode]]]
"""By concept scheme and concept the entities of a list that have it."""


@dataclass(frozen=True)
class Carried(Said):
    """A concept that words of a search stand for, and the entities of a list that carry it or a narrower one."""

    having: frozenset[NamedNode]

    @property
    def entities(self) -> frozenset[NamedNode]:
        return self.having


class ListSearch:
    """Understands searches in lists."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    def heard(self, text: str, language: str, reader: Reader, carriers: Carriers) -> Heard[Carried]:
        """What a text means in the schemes of a list, and the entities of the list found by it."""
        said = self._hearing.said(text, language, reader, carriers)
        return Heard.of([self._carried(one, reader, carriers[one.scheme]) for one in said])

    def _carried(
        self, said: Said, reader: Reader, having: Mapping[NamedNode, frozenset[NamedNode]]
    ) -> Carried:
        above = self._hearing.ancestors(said.scheme, reader)

        def of_values() -> Iterator[frozenset[NamedNode]]:
            for value, entities in having.items():
                if value == said.concept or said.concept in above.get(value, _NONE):
                    yield entities

        return Carried(said.words, said.concept, said.scheme, frozenset().union(*of_values()))
