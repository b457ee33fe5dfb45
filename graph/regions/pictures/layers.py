"""Where the steps of a chain stand: columns from left to right, with few crossings and short arrows.

After Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures, IEEE Transactions
on Systems, Man, and Cybernetics 11 (1981): an arrow past a column keeps a place free there; within a column, steps
are ordered by the mean place of their neighbours.
"""

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

_SWEEPS: Final = 12
PASSING: Final = 10.0
"""The height that is kept free for an arrow that passes a column."""


class Layers:
    """Steps in columns with their heights; arrows as pairs of keys, each to a later column."""

    def __init__(
        self,
        column: Mapping[str, int],
        heights: Mapping[str, float],
        arrows: Sequence[tuple[str, str]],
        gap: float,
    ) -> None:
        self._gap = gap
        self._heights = dict(heights)
        self._columns: dict[int, list[str]] = defaultdict(list)
        for key, at in column.items():
            self._columns[at].append(key)
        self.routes: list[list[str]] = []
        self._before: dict[str, list[str]] = defaultdict(list)
        self._after: dict[str, list[str]] = defaultdict(list)
        for number, (source, target) in enumerate(arrows):
            route = [source]
            for at in range(column[source] + 1, column[target]):
                passing = f"\0{number} {at}"
                self._heights[passing] = PASSING
                self._columns[at].append(passing)
                route.append(passing)
            route.append(target)
            self.routes.append(route)
            for one, other in itertools.pairwise(route):
                self._after[one].append(other)
                self._before[other].append(one)
        self._order()
        self.middles = self._placed()

    def _order(self) -> None:
        columns = sorted(self._columns)
        for sweep in range(_SWEEPS):
            forward = sweep % 2 == 0
            beside = self._before if forward else self._after
            for at in columns if forward else columns[::-1]:
                place = {key: where for keys in self._columns.values() for where, key in enumerate(keys)}
                keys = self._columns[at]
                keys.sort(key=lambda key: _mean([place[one] for one in beside[key]], place[key]))

    def _placed(self) -> dict[str, float]:
        """The height of each middle: as near to its neighbours' as the order lets it be."""
        middle: dict[str, float] = {}
        for keys in self._columns.values():
            top = 0.0
            for key in keys:
                middle[key] = top + self._heights[key] / 2
                top += self._heights[key] + self._gap
        columns = sorted(self._columns)
        for sweep in range(_SWEEPS):
            for at in columns if sweep % 2 == 0 else columns[::-1]:
                keys = self._columns[at]
                wished = [
                    _mean([middle[one] for one in (*self._before[key], *self._after[key])], middle[key])
                    for key in keys
                ]
                middle.update(zip(keys, self._spread(keys, wished), strict=True))
        top = min((middle[key] - self._heights[key] / 2 for key in middle), default=0.0)
        return {key: at - top for key, at in middle.items()}

    def _spread(self, keys: Sequence[str], wished: Sequence[float]) -> list[float]:
        """Middles in this order that keep their distance, moved together so that on average none is far off."""
        placed: list[float] = []
        for at, key in enumerate(keys):
            least = (
                placed[-1] + (self._heights[keys[at - 1]] + self._heights[key]) / 2 + self._gap
                if placed
                else wished[at]
            )
            placed.append(max(wished[at], least))
        off = sum(w - p for w, p in zip(wished, placed, strict=True)) / max(1, len(keys))
        return [one + off for one in placed]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
