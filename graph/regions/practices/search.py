"""Search of practices by what words mean: a Latvian word finds practices whose texts are in English.

The words stand for capabilities, service kinds, practice themes, facility kinds and regions. A practice is found that
carries such a concept or a narrower one: capability, theme and region by itself, capability, service and kind also
through the facilities that take part in it. Concepts of the same words are alternatives; concepts of different words
must all be there, and where no practice has all, those that have any are found, which the answer says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.iris import CODELIST
from graph.match.heard import Heard, Said
from graph.match.hearing import Hearing
from graph.match.scheme import CAPABILITY, REGION, SERVICE
from graph.match.view import View
from graph.regions.practices.shelf import Kept, Shelf
from graph.regions.practices.told import CAPABILITY as HAS_CAPABILITY
from graph.regions.practices.told import REGION as IN_REGION
from graph.regions.practices.told import THEME as HAS_THEME
from graph.store.protocol import Reader

THEMES: Final = CODELIST["practice-theme"]
KINDS: Final = CODELIST["facility-kind"]
_SCHEMES: Final = (CAPABILITY, SERVICE, THEMES, KINDS, REGION)
_TIED: Final = {CAPABILITY: HAS_CAPABILITY, THEMES: HAS_THEME, REGION: IN_REGION}
_THROUGH: Final = frozenset({CAPABILITY, SERVICE, KINDS})


@dataclass(frozen=True)
class Meaning(Said):
    """A concept that words of a search stand for, and the practices that carry it."""

    itself: frozenset[NamedNode]
    """Practices that carry it, or a narrower one, themselves."""
    through: frozenset[NamedNode]
    """Practices that carry it only through facilities that take part in them."""

    @property
    def entities(self) -> frozenset[NamedNode]:
        return self.itself | self.through

    def told(self, view: View) -> dict[str, Any]:
        return {
            **super().told(view),
            "practices": len(self.itself),
            "through_facilities": len(self.through),
        }


class PracticeSearch:
    """Understands searches for practices."""

    def __init__(self, shelf: Shelf, hearing: Hearing) -> None:
        self._shelf = shelf
        self._hearing = hearing

    def heard(self, text: str, language: str, reader: Reader) -> Heard[Meaning]:
        """What a text means, and the practices found by it."""
        kept = self._shelf.of(reader)
        said = self._hearing.said(text, language, reader, _SCHEMES)
        return Heard.of([self._meaning(one, reader, kept) for one in said])

    def _meaning(self, said: Said, reader: Reader, kept: Kept) -> Meaning:
        wider = self._hearing.wider(said.scheme, reader)

        def carries(several: Iterable[NamedNode]) -> bool:
            return any(said.concept in wider(one) for one in several)

        prop = _TIED.get(said.scheme)
        itself = {
            practice
            for practice, told in kept.told.items()
            if prop is not None and carries(told.linked(prop))
        }
        through = {
            practice
            for practice, ties in kept.facilities.items()
            if said.scheme in _THROUGH and carries(one for _, one in ties)
        }
        return Meaning(said.words, said.concept, said.scheme, frozenset(itself), frozenset(through - itself))
