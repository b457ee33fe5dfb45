"""A question: a need as it was understood, ready to be put to facilities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.match.candidates import Best, FactReader, Ranked
from graph.match.criteria import Facts, Wish
from graph.match.knowledge import Knowledge
from graph.match.linking import Understood
from graph.match.need import Need

LEAST_CONTENT = 0.2
"""Facilities whose content score is below are no results: they share too little with what is asked."""


@dataclass(frozen=True)
class Question:
    """A need with what was understood of it, what facilities are judged by, and the language of the answer."""

    need: Need
    understood: Understood
    wish: Wish
    regions: tuple[NamedNode, ...]
    """The firm's region and all around it, smallest first."""
    language: str
    known: Knowledge


@dataclass(frozen=True)
class Candidates:
    """The facilities that could answer a question, with their best grades and the facts that criteria look at."""

    found: Best
    facts: Mapping[NamedNode, Facts]
    answered: float = 1.0
    """By how much all scores are lower because nothing answers some of what the need's text says."""

    def including(self, facility: NamedNode, reader: FactReader, wish: Wish) -> "Candidates":
        """With a facility that may be none of them, so that it can be judged too."""
        if facility in self.found:
            return self
        facts = {**self.facts, **reader.facts([facility], wish.facts)}
        return Candidates({**self.found, facility: {}}, facts, self.answered)


def answers(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Those that share enough with what is asked to be results."""
    return [one for one in ranked if one.score.content >= LEAST_CONTENT]
