"""Dots for places on a map: those that would cover each other become one dot with their number."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Final, Generic, TypeVar

from graph.regions.pictures.drawing import SMALL
from graph.regions.pictures.lettering import width

T = TypeVar("T", bound=Hashable)

_ONE: Final = 5.5
_SPACE: Final = 2.0


@dataclass(frozen=True)
class Dot(Generic[T]):
    """Places that are one dot, and where its middle is: that of the places."""

    x: float
    y: float
    members: tuple[T, ...]

    @cached_property
    def radius(self) -> float:
        """Room for the number, and a little more for many; not in proportion, as the number says how many."""
        if len(self.members) == 1:
            return _ONE
        return max(9.0, width(str(len(self.members)), SMALL) / 2 + 4) + min(
            6.0, math.sqrt(len(self.members)) / 2
        )

    def meets(self, other: "Dot[T]") -> bool:
        """Whether the two cover each other."""
        reach = self.radius + other.radius + _SPACE
        return (self.x - other.x) ** 2 + (self.y - other.y) ** 2 < reach * reach

    def joined(self, other: "Dot[T]") -> "Dot[T]":
        """The two as one dot."""
        mine, theirs = len(self.members), len(other.members)
        total = mine + theirs
        return Dot(
            (self.x * mine + other.x * theirs) / total,
            (self.y * mine + other.y * theirs) / total,
            self.members + other.members,
        )


def dots(places: Iterable[tuple[float, float, T]]) -> list[Dot[T]]:
    """Dots that keep clear of each other, from the top left on; the same places always give the same dots."""
    same: dict[tuple[int, int], list[tuple[float, float, T]]] = defaultdict(list)
    for place in sorted(places, key=lambda place: place[:2]):
        # Many places in a small square are one dot in any case: what is compared stays few.
        same[round(place[0] / _ONE), round(place[1] / _ONE)].append(place)
    waiting = [
        Dot(fmean(x for x, _, _ in group), fmean(y for _, y, _ in group), tuple(one for _, _, one in group))
        for group in same.values()
    ]
    kept: list[Dot[T]] = []
    while waiting:
        dot = waiting.pop()
        met = next((at for at, other in enumerate(kept) if dot.meets(other)), None)
        if met is None:
            kept.append(dot)
        else:
            waiting.append(kept.pop(met).joined(dot))
    return sorted(kept, key=lambda dot: (dot.y, dot.x))
