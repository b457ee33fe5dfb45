"""Negation: which words of a text stand under a "no" or "without", so that what they name is not wished.

A negation reaches from its word to the end of its phrase: the next punctuation mark or joining word, five words at
most. One that ends a clause ("welding is not needed") reaches back in the same way, and so does what says that a thing
is there or done already ("cell tests we have already"). Words after "not only" and the like are not negated, nor is
what a firm says that it lacks: in "we have no climate chamber" or "without a wind tunnel we cannot test" the thing is
wanted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.match.cues import Cues
from graph.match.language import Token

REACH: Final = 5
"""The most words that a negation reaches over."""

_CLOSING: Final = ("unwanted-after", "had-after")
"""The groups of cues that end a clause: what stands before them is not needed, or is there or done already."""

_PAUSE = re.compile(r"[,;:.!?()\n–—]")
_BREAK = re.compile(r"[,;:.!?()\n–—]|\s-\s")


@dataclass(frozen=True)
class Negation:
    """A negation: the positions of its own words, and of the words that it reaches."""

    opener: range
    reach: range


def find(text: str, tokens: Sequence[Token], language: str, cues: Cues) -> list[Negation]:
    """The negations of a text that mean that something is not wished."""
    found: list[Negation] = []
    position = 0
    while position < len(tokens):
        closing = _closes(text, tokens, position, language, cues)
        if closing is not None:
            found.append(closing)
            position = closing.opener.stop
            continue
        length = _opens(text, tokens, position, language, cues)
        if not length:
            position += 1
            continue
        end = _end(text, tokens, position + length, language, cues)
        if end > position + length:
            found.append(Negation(range(position, position + length), range(position + length, end)))
        position = max(end, position + length)
    return found


def _closes(text: str, tokens: Sequence[Token], position: int, language: str, cues: Cues) -> Negation | None:
    """The negation of what stands before its words in their clause: "welding is not needed"."""
    length = max(cues.at(group, language, tokens, position) for group in _CLOSING)
    if not length:
        return None
    around = clause(text, tokens, range(position, position + length))
    start = max(around.start, position - REACH)
    for before in range(start, position):
        if cues.at("boundary", language, tokens, before):
            start = before + 1
    if start == position or around.stop > position + length:
        return None
    return Negation(range(position, position + length), range(start, position))


def of(negations: Sequence[Negation], positions: Sequence[int]) -> Negation | None:
    """The negation that reaches all of the positions."""
    return next((one for one in negations if all(p in one.reach for p in positions)), None)


def parts(negations: Sequence[Negation], positions: Sequence[int]) -> bool:
    """Whether a negation reaches some of the positions but not all: such words do not belong together."""
    return any(0 < sum(p in one.reach for p in positions) < len(positions) for one in negations)


def _opens(text: str, tokens: Sequence[Token], position: int, language: str, cues: Cues) -> int:
    """How many words from a position on open a negation; 0 where none does."""
    unwanted = cues.at("unwanted", language, tokens, position)
    if unwanted:
        return unwanted
    if cues.at("not-negating", language, tokens, position):
        return 0
    sentence = tokens[position].sentence
    start, end = position, position
    while start > 0 and tokens[start - 1].sentence == sentence:
        start -= 1
    while end < len(tokens) and tokens[end].sentence == sentence:
        end += 1
    length = cues.at("without", language, tokens, position)
    if cues.at("contrast", language, tokens, position):  # Swedish "inte A utan B": B is wished
        earlier = range(start, position)
        if cues.within("not", language, tokens, earlier) or cues.within("without", language, tokens, earlier):
            return 0
    if not length:
        length = cues.at("not", language, tokens, position)
        if not length or not _begins(text, tokens, position, start, language, cues):
            return 0
    if cues.within("unable", language, tokens, range(start, end)):
        return 0
    around = clause(text, tokens, range(position, position + 1))
    return 0 if cues.within("having", language, tokens, around) else length


def _begins(text: str, tokens: Sequence[Token], position: int, start: int, language: str, cues: Cues) -> bool:
    """Whether a clause begins at a position: "welding, not brazing", but no "the weld is not tight"."""
    if position == start:
        return True
    before = tokens[position - 1]
    return bool(_BREAK.search(text[before.end : tokens[position].start])) or bool(
        cues.at("boundary", language, tokens, position - 1)
    )


def clause(text: str, tokens: Sequence[Token], positions: range) -> range:
    """The words around some positions up to the next punctuation marks or the ends of the sentence."""
    first, last = positions.start, positions.stop - 1

    def parted(before: int) -> bool:
        one, other = tokens[before], tokens[before + 1]
        return one.sentence != other.sentence or bool(_PAUSE.search(text[one.end : other.start]))

    while first > 0 and not parted(first - 1):
        first -= 1
    while last + 1 < len(tokens) and not parted(last):
        last += 1
    return range(first, last + 1)


def _end(text: str, tokens: Sequence[Token], first: int, language: str, cues: Cues) -> int:
    """Where the reach of a negation ends that begins at ``first``."""
    position = first
    while position < min(len(tokens), first + REACH):
        gap = text[tokens[position - 1].end : tokens[position].start]
        ends = any(cues.at(group, language, tokens, position) for group in ("boundary", "contrast"))
        if ends or _BREAK.search(gap):
            break
        position += 1
    return position
