"""Search of lists by what words mean: entities that carry a concept, whatever language their texts are in."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.match.heard import Heard, Said
from graph.match.hearing import Hearing
from graph.store.protocol import Reader

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
        wider = self._hearing.wider(said.scheme, reader)
        found = (entities for value, entities in having.items() if said.concept in wider(value))
        return Carried(said.words, said.concept, said.scheme, frozenset().union(*found))
