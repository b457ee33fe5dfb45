"""Ties: which of facilities with equal scores comes first.

The one of which more is known; then the one whose record is surer, is of the higher quality level, and was changed
later; then by IRI, so that the order is stable.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST
from graph.match.candidates import FactReader, Ranked
from graph.match.criteria import Facts

_FACTS: Final = ("confidence", "quality", "modified")
_CONFIDENCE: Final = [CODELIST[f"confidence/{level}"] for level in ("low", "medium", "high")]
_QUALITY: Final = [CODELIST[f"quality-level/{level}"] for level in ("bronze", "silver", "gold", "platinum")]
_DIGITS: Final = 9
"""Scores that are equal to so many digits are equal: what follows is the rounding of sums."""


def settled(ranked: Sequence[Ranked], first: int, facts: FactReader) -> list[Ranked]:
    """The ranking with ties settled among the ``first`` places; the others keep theirs."""
    if len(ranked) < 2 or first < 1:
        return list(ranked)
    last = _total(ranked[min(first, len(ranked)) - 1])
    head = [one for one in ranked if _total(one) >= last]
    groups = [list(group) for _, group in groupby(head, key=_total)]
    tied = [one.facility for group in groups if len(group) > 1 for one in group]
    known = facts.facts(tied, _FACTS) if tied else {}
    order = [
        one
        for group in groups
        for one in sorted(group, key=lambda one: _order(one, known.get(one.facility, {})))
    ]
    return [*order, *ranked[len(head) :]]


def _total(one: Ranked) -> float:
    return round(one.score.total, _DIGITS)


def _order(one: Ranked, facts: Facts) -> tuple[float, int, int, tuple[int, ...], str]:
    """The place among equals; less is better."""
    changed = tuple(-part for part in _changed(facts)) or (0,)
    sure, level = _level(facts, "confidence", _CONFIDENCE), _level(facts, "quality", _QUALITY)
    return -round(one.score.confidence, _DIGITS), -sure, -level, changed, one.facility.value


def _level(facts: Facts, name: str, scale: Sequence[NamedNode]) -> int:
    """The highest level of a scale that is stated; -1 where none is."""
    stated = [value for value in facts.get(name, ()) if isinstance(value, NamedNode)]
    return max((scale.index(value) for value in stated if value in scale), default=-1)


def _changed(facts: Facts) -> tuple[int, ...]:
    """The last change of a record as year, month and day; empty where it states none."""
    days = [value.value[:10] for value in facts.get("modified", ()) if isinstance(value, Literal)]
    return max((tuple(map(int, re.findall(r"\d+", day))) for day in days), default=())
