"""The part of Europe that a map shows: where places are in the picture, its scale, the land behind."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from graph.geometry import Point
from graph.regions.pictures.basemap import Place, rings, within
from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.projection import projected

_FINE: Final = 12
"""How far apart positions of a border are at least, in tenths of a unit."""
_LEAST_KM: Final = 160.0
_LOWEST, _HIGHEST = 0.62, 1.15
"""The height of the map in widths, at least and at most."""


@dataclass(frozen=True)
class View:
    """The part of the projected plane that is shown: its left and upper edge in km, and units per km."""

    left: float
    top: float
    scale: float
    width: float
    height: float

    @classmethod
    def of(cls, places: list[Place], width: float) -> "View":
        """What shows all places with a margin around."""
        left, right = min(x for x, _ in places), max(x for x, _ in places)
        bottom, top = min(y for _, y in places), max(y for _, y in places)
        wide = max((right - left) * 1.22, _LEAST_KM)
        high = max((top - bottom) * 1.16, _LEAST_KM * _LOWEST)
        shape = min(max(high / wide, _LOWEST), _HIGHEST)
        wide, high = max(wide, high / shape), max(high, wide * shape)
        return cls(
            (left + right - wide) / 2, (top + bottom + high) / 2, width / wide, width, width * high / wide
        )

    def at(self, point: Point) -> Place:
        """Where a place is in the picture."""
        return self.placed(projected(point))

    def placed(self, place: Place) -> Place:
        """Where a projected place is in the picture."""
        return (place[0] - self.left) * self.scale, (self.top - place[1]) * self.scale

    def step(self) -> float:
        """A round number of km for a scale, a seventh to a third of the width."""
        third = self.width / self.scale / 3
        power = 10.0 ** math.floor(math.log10(third))
        return max(step * power for step in (1, 2, 5) if step * power <= third)


def frame(drawing: Drawing, view: View) -> None:
    """A line around the map."""
    drawing.shape(
        "rect",
        x=0.5,
        y=0.5,
        width=view.width - 1,
        height=view.height - 1,
        fill="none",
        stroke="currentColor",
        class_="pic-line",
    )


def land(drawing: Drawing, view: View) -> None:
    """The countries as one path of steps in tenths of a unit, without what is outside or too near to be seen."""
    parts = []
    for ring in rings():
        part = within([view.placed(place) for place in ring], 0, 0, view.width, view.height)
        kept: list[tuple[int, int]] = []
        for x, y in part:
            place = (round(x * 10), round(y * 10))
            if not kept or max(abs(place[0] - kept[-1][0]), abs(place[1] - kept[-1][1])) >= _FINE:
                kept.append(place)
        if len(kept) > 2:
            steps = [(x - px, y - py) for (px, py), (x, y) in pairwise(kept)]
            parts.append(f"M{kept[0][0]} {kept[0][1]}l{' '.join(f'{x} {y}' for x, y in steps)}z")
    drawing.shape(
        "path",
        d="".join(parts).replace(" -", "-"),
        transform="scale(.1)",
        fill="none",
        stroke="currentColor",
        stroke_width=7,
        stroke_opacity="0.6",
        class_="pic-land",
    )
