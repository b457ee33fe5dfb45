"""Conditions in a text: places and distance, quantities, and what is not wished."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.match import negation, places, quantities
from graph.match.cues import Cues
from graph.match.gazetteer import Gazetteer
from graph.match.language import Token
from graph.match.lexicon import Lexicon
from graph.match.negation import Negation
from graph.match.places import Distance, Place
from graph.match.quantities import Quantity


@dataclass(frozen=True)
class Conditions:
    """What a text says beside the concepts it names."""

    places: tuple[Place, ...] = ()
    distance: Distance | None = None
    quantities: tuple[Quantity, ...] = ()
    negations: tuple[Negation, ...] = ()
    positions: frozenset[int] = frozenset()
    """The words that places, distance and quantities take: they name no concepts."""


class ConditionReader:
    """Reads the conditions of texts in the nine languages."""

    def __init__(self, cues: Cues, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self.cues = cues
        self.gazetteer = gazetteer
        self._lexicon = lexicon

    def read(self, text: str, tokens: Sequence[Token], language: str) -> Conditions:
        """The conditions that a text states."""
        amounts = quantities.find(text, language, self.cues)
        negations = negation.find(text, tokens, language, self.cues)
        labels, english = self._lexicon.of(language).by_word, self._lexicon.of("en").by_word

        def is_label(token: Token) -> bool:
            return token.lemma in labels or token.folded in labels or token.folded in english

        finder = places.Finder(
            text, tokens, language, self.gazetteer, self.cues, amounts, negations, is_label
        )
        found, distance = finder.found()
        if distance is not None:
            amounts = [amount for amount in amounts if amount is not distance.quantity]
        positions = places.covered(tokens, amounts)
        positions |= {p for place in found for p in place.positions}
        positions |= set(distance.positions if distance else ())
        return Conditions(tuple(found), distance, tuple(amounts), tuple(negations), frozenset(positions))
