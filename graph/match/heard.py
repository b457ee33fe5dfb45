"""What was heard in a search: words with the concepts that they stand for, and the entities found by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pyoxigraph import NamedNode

from graph.iris import CODELIST
from graph.match.language import folded_words
from graph.match.view import View

_NONE: Final[frozenset[NamedNode]] = frozenset()


@dataclass(frozen=True)
class Said:
    """Words of a search and a concept that they stand for."""

    words: str
    concept: NamedNode
    scheme: NamedNode

    @property
    def entities(self) -> frozenset[NamedNode]:
        """The entities that carry the concept or a narrower one; none as long as nobody has looked for them."""
        return _NONE

    def told(self, view: View) -> dict[str, Any]:
        """As answers give it."""
        label = view.name(self.concept)
        return {
            "words": self.words,
            "concept": self.concept.value,
            "notation": self.concept.value.rsplit("/", 1)[-1],
            "label": label,
            "scheme": self.scheme.value.removeprefix(CODELIST.base),
            "sentence": view.say("search-understood", words=self.words, concept=label),
            "count": len(self.entities),
        }


Meaning = TypeVar("Meaning", bound=Said)


@dataclass(frozen=True)
class Heard(Generic[Meaning]):
    """What a search was understood as, and the entities found by it."""

    meanings: tuple[Meaning, ...] = ()
    entities: frozenset[NamedNode] = _NONE
    has_all: bool = True
    """Whether the entities found carry something of all that was understood; else they carry something of it."""

    @classmethod
    def of(cls, meanings: Sequence[Meaning]) -> "Heard[Meaning]":
        """The entities that carry something of each group of words, else those that carry anything.

        Concepts of the same words are alternatives; concepts of different words must all be there.
        """
        if not meanings:
            return cls()
        groups = [{entity for one in several for entity in one.entities} for several in _grouped(meanings)]
        every = set.intersection(*groups)
        return cls(tuple(meanings), frozenset(every or set.union(*groups)), bool(every) or len(groups) == 1)


def _grouped(meanings: Sequence[Meaning]) -> list[list[Meaning]]:
    """Meanings that share words are of one group."""
    groups: list[tuple[set[str], list[Meaning]]] = []
    for one in meanings:
        words = set(folded_words(one.words))
        joined, members = set(words), [one]
        apart = []
        for others, several in groups:
            if others & words:
                joined |= others
                members = [*several, *members]
            else:
                apart.append((others, several))
        groups = [*apart, (joined, members)]
    return [several for _, several in groups]
