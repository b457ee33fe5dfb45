"""A map of Europe's countries with a circle for each region, as large as what it has, with its number and name.

The area of a circle grows with its number; none is smaller than a finger's target.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from graph.geometry import Point
from graph.regions.pictures.basemap import Place, covers
from graph.regions.pictures.drawing import SIZE, SMALL, Box, Drawing
from graph.regions.pictures.figure import Figure, Table, number
from graph.regions.pictures.lettering import LINE, Lines, wrapped
from graph.regions.pictures.page import Picture
from graph.regions.pictures.projection import projected
from graph.regions.pictures.view import View, frame, land

_LEAST, _MOST = 13.0, 30.0
"""Radii of the smallest and largest circle, in units."""
_ROUNDS: Final = 40
_STEPS: Final = tuple(8.0 * step for step in range(1, 14))


@dataclass(frozen=True)
class Circle:
    """A region: its name, the name of its country, the point that stands for it, its number; ``about`` tells more."""

    name: str
    country: str
    point: Point | None
    figure: Figure
    about: tuple[str, ...] = ()
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Circles(Picture):
    """Regions in any order; ``heads`` head the table: region, country, number.

    ``missing`` says how many, ``{count}``, and which, ``{names}``, are not on the map.
    """

    heads: tuple[str, str, str]
    circles: tuple[Circle, ...] = ()
    missing: str = "{count}: {names}"

    def table(self) -> Table:
        """Regions with country and number."""
        return Table(self.heads, tuple((one.name, one.country, self._written(one)) for one in self.circles))

    def drawing(self, width: float) -> Drawing:
        """Countries, circles over them that keep clear of each other, names where there is room."""
        drawing = Drawing("circles", self.title, self.description, width, self)
        placed = [(one, one.point) for one in self.circles if one.point and covers(one.point)]
        if not placed:
            drawing.notes((self.nothing, *self._missing(), self.note), 0)
            return drawing
        view = View.of([projected(point) for _, point in placed], width)
        land(drawing, view)
        below = drawing.shape("g")
        most = max((one.figure.value or 0.0 for one, _ in placed), default=0.0)
        ordered = sorted(placed, key=lambda one: (-(one[0].figure.value or 0.0), one[0].name))
        radii = [_radius(one.figure.value, most, width) for one, _ in ordered]
        places = _apart([view.at(point) for _, point in ordered], radii)
        rounds = [
            (one, place, radius) for (one, _), place, radius in zip(ordered, places, radii, strict=True)
        ]
        taken = [Box("", x - r - 1, y - r - 1, x + r + 1, y + r + 1) for _, (x, y), r in rounds]
        untold = []
        for one, place, radius in rounds:
            link = drawing.link(one.href)
            if one.about:
                drawing.tell(link, *one.about)
            drawing.shape(
                "circle",
                link,
                cx=place[0],
                cy=place[1],
                r=radius,
                fill="currentColor",
                class_="pic-accent pic-edge",
                stroke_width=2,
            )
            drawing.text(
                place[0],
                place[1] - SIZE * LINE / 2,
                self._written(one),
                anchor="middle",
                bold=True,
                class_="pic-on",
                parent=link,
            )
            name = wrapped(one.name, max(96.0, width * 0.2), SIZE, most=3, bold=True)
            country = wrapped(one.country, max(96.0, width * 0.2), SMALL, most=2)
            if (room := _room(drawing, taken, view, (place, radius), (name, country))) is None:
                untold.append(", ".join(filter(None, (one.name, one.country))))
                continue
            box, right, is_near = room
            x = box.left if right else box.right
            if not is_near:
                edge = (x, (box.top + box.bottom) / 2)
                drawing.shape(
                    "path",
                    below,
                    d=f"M{place[0]:.1f} {place[1]:.1f}L{edge[0]:.1f} {edge[1]:.1f}",
                    stroke="currentColor",
                    class_="pic-soft",
                )
            anchor = "start" if right else "end"
            end = drawing.text(x, box.top, name, anchor=anchor, bold=True, halo=True, parent=link).bottom
            if one.country:
                drawing.text(
                    x, end, country, anchor=anchor, size=SMALL, class_="pic-soft", halo=True, parent=link
                )
        frame(drawing, view)
        drawing.notes((" · ".join(untold), *self._missing(), self.note), view.height + 4)
        return drawing

    def _written(self, one: Circle) -> str:
        return one.figure.written(self.language, self.unknown)

    def _missing(self) -> tuple[str, ...]:
        names = [
            f"{', '.join(filter(None, (one.name, one.country)))} ({self._written(one)})"
            for one in self.circles
            if not (one.point and covers(one.point))
        ]
        if not names:
            return ()
        text = self.missing.replace("{count}", number(len(names), self.language))
        return (text.replace("{names}", "; ".join(names)),)


def _radius(value: float | None, most: float, width: float) -> float:
    """The area grows with the number; on a narrow picture circles differ less."""
    largest = _MOST if width >= 500 else 20.0
    return max(_LEAST, largest * math.sqrt((value or 0.0) / most)) if most else _LEAST


def _apart(places: list[Place], radii: list[float]) -> list[Place]:
    """The places, moved no more than needed for circles that would cover each other to touch at most."""
    moved = list(places)
    for _ in range(_ROUNDS):
        met = False
        for i, j in combinations(range(len(moved)), 2):
            (ax, ay), (bx, by) = moved[i], moved[j]
            apart = math.hypot(bx - ax, by - ay)
            lacking = radii[i] + radii[j] + 2 - apart
            if lacking <= 0.1:
                continue
            met = True
            dx, dy = ((bx - ax) / apart, (by - ay) / apart) if apart else (1.0, 0.0)
            moved[i] = (ax - dx * lacking / 2, ay - dy * lacking / 2)
            moved[j] = (bx + dx * lacking / 2, by + dy * lacking / 2)
        if not met:
            break
    return moved


def _room(
    drawing: Drawing,
    taken: list[Box],
    view: View,
    circle: tuple[Place, float],
    labels: tuple[Lines, Lines],
) -> tuple[Box, bool, bool] | None:
    """Where a name has room beside its circle or further away: the box, whether it is on the right, and near."""
    name, country = labels
    wide = max(name.width, country.width)
    high = len(name.lines) * SIZE * LINE + len(country.lines) * SMALL * LINE
    for left, top, right, near in _places(circle, wide, high):
        box = Box("", left, top, left + wide, top + high)
        inside = left >= 3 and top >= 3 and box.right <= view.width - 3 and box.bottom <= view.height - 3
        if inside and drawing.free(box) and not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return box, right, near
    return None


def _places(
    circle: tuple[Place, float], wide: float, high: float
) -> Iterator[tuple[float, float, bool, bool]]:
    (x, y), radius = circle
    far = radius + 6
    for shift in (0.0, -high / 3, high / 3):
        yield x + far, y - high / 2 + shift, True, True
        yield x - far - wide, y - high / 2 + shift, False, True
    for step in _STEPS:
        for turn in range(12):
            angle = turn * math.pi / 6
            dx, dy = (radius + step) * math.cos(angle), (radius + step) * math.sin(angle)
            yield x + dx, y + dy - high / 2, True, False
            yield x + dx - wide, y + dy - high / 2, False, False
