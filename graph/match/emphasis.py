"""Emphasis: what a text calls essential, and what it would only be glad of.

A cue such as "indispensable" or "if possible" speaks of its own clause, between two punctuation marks; where that has
no other word, of the clause before it, or after "and" and at the start of a sentence of the one after it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from graph.match.cues import Cues
from graph.match.language import Token
from graph.match.negation import clause


class Importance(Enum):
    """How much a part of a need matters to who asks."""

    ESSENTIAL = "essential"
    WISHED = "wished"
    NICE_TO_HAVE = "nice-to-have"


FACTOR: Final = {Importance.ESSENTIAL: 2.0, Importance.WISHED: 1.0, Importance.NICE_TO_HAVE: 0.4}
"""What a part weighs beside one that is simply wished."""
_GROUPS: Final = (Importance.NICE_TO_HAVE, Importance.ESSENTIAL)
"""The groups of cues; "not essential" is one of the first and hides what is in it."""


@dataclass(frozen=True)
class Emphasis:
    """A cue with the words it stands in and those it speaks of."""

    importance: Importance
    cue: range
    reach: frozenset[int]


def find(text: str, tokens: Sequence[Token], language: str, cues: Cues) -> list[Emphasis]:
    """The emphases of a text, in order."""
    found = []
    position = 0
    while position < len(tokens):
        for importance in _GROUPS:
            length = cues.at(importance.value, language, tokens, position)
            if length:
                cue = range(position, position + length)
                found.append(Emphasis(importance, cue, _reach(text, tokens, cue, language, cues)))
                position += length - 1
                break
        position += 1
    return found


def of(found: Sequence[Emphasis], positions: Sequence[int]) -> Importance:
    """How much the words at the positions matter; the strongest cue that reaches them all counts."""
    reaching = {one.importance for one in found if one.reach.issuperset(positions)}
    return next((importance for importance in Importance if importance in reaching), Importance.WISHED)


def parts(found: Sequence[Emphasis], positions: Sequence[int]) -> bool:
    """Whether a cue speaks of some of the positions but not of all: such words do not belong together."""
    return any(0 < sum(p in one.reach for p in positions) < len(positions) for one in found)


def _reach(text: str, tokens: Sequence[Token], cue: range, language: str, cues: Cues) -> frozenset[int]:
    own = clause(text, tokens, cue)
    if any(not tokens[position].is_stop for position in own if position not in cue):
        return frozenset(own)
    joined = own.start > 0 and bool(cues.at("boundary", language, tokens, own.start - 1))
    return frozenset([*own, *next(_neighbours(text, tokens, own, joined), ())])


def _neighbours(text: str, tokens: Sequence[Token], own: range, joined: bool) -> Iterator[range]:
    """The clause before, of the same sentence, else the one after; that first where "and" leads to it."""
    sides = (own.start - 1, own.stop)
    for beside in sides[::-1] if joined else sides:
        if 0 <= beside < len(tokens) and tokens[beside].sentence == tokens[own.start].sentence:
            yield clause(text, tokens, range(beside, beside + 1))
