"""A radar chart: three to twelve axes from 0 to 1, one to eight regions.

An axis on which a region's value is not known is left open, with a mark and a word: it is never drawn as zero.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.errors import InputError
from graph.regions.pictures.drawing import DASHES, SIZE, SMALL, Drawing
from graph.regions.pictures.figure import Figure, Table, number
from graph.regions.pictures.lettering import LINE, wrapped
from graph.regions.pictures.page import Picture

_RINGS: Final = (0.25, 0.5, 0.75, 1.0)
_MANY: Final = 12


@dataclass(frozen=True)
class Series:
    """A region with its values from 0 to 1, one for each axis."""

    label: str
    figures: tuple[Figure, ...]
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Radar(Picture):
    """Axes clockwise from the top in the order given; ``axis`` heads their column in the table.

    ``outer`` is what the outermost ring stands for: up to 1, no less than any value.
    """

    axis: str
    axes: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    outer: float = 1.0

    def __post_init__(self) -> None:
        if len(self.axes) > _MANY:
            raise InputError(
                f"a radar chart with {len(self.axes)} axes cannot be read: give {_MANY} at most, or bars"
            )
        for one in self.series:
            if len(one.figures) != len(self.axes):
                raise InputError(
                    f"the series {one.label[:100]!r} has {len(one.figures)} values for {len(self.axes)} axes: "
                    "give one for each, with no value where it is not known"
                )
            for axis, figure in zip(self.axes, one.figures, strict=True):
                if figure.value is not None and not 0 <= figure.value <= self.outer:
                    raise InputError(
                        f"the value {figure.value} of {one.label[:100]!r} on the axis {axis[:100]!r} is not between 0 "
                        f"and {self.outer:g}: scale it first"
                    )

    def table(self) -> Table:
        """Axes by series."""
        rows = tuple(
            (axis, *(self._written(one.figures[at]) for one in self.series))
            for at, axis in enumerate(self.axes)
        )
        return Table((self.axis, *(one.label for one in self.series)), rows)

    def drawing(self, width: float) -> Drawing:
        """Labels around the chart; where they have no room there, numbers that are told below."""
        for names in (self.axes, tuple(map(str, range(1, len(self.axes) + 1)))):
            drawing = Drawing("radar", self.title, self.description, width, self)
            if not self.axes or not self.series:
                drawing.notes((self.nothing, self.note), 0)
                return drawing
            if self._drawn(drawing, names):
                break
        return drawing

    def _drawn(self, drawing: Drawing, names: tuple[str, ...]) -> bool:
        """Draws the chart with these names at the axes; says whether their texts keep clear of each other."""
        room = drawing.width * (0.26 if names == self.axes else 0.12)
        labels = [
            wrapped(self._label(at, name, names == self.axes), room, SMALL) for at, name in enumerate(names)
        ]
        radius = min(200.0, drawing.width / 2 - room - 16)
        if radius < 80 and names == self.axes:
            return False
        radius = max(radius, 80.0)
        heights = [len(label.lines) * SMALL * LINE for label in labels]
        x, y = drawing.width / 2, radius + max(heights) + 14
        self._net(drawing, x, y, radius)
        boxes = []
        for at, (label, high) in enumerate(zip(labels, heights, strict=True)):
            dx, dy = _way(at, len(labels))
            anchor = "middle" if abs(dx) < 0.05 else "start" if dx > 0 else "end"
            top = y + dy * (radius + 12) - high * (1 - dy) / 2
            boxes.append(drawing.text(x + dx * (radius + 12), top, label, anchor=anchor, size=SMALL))
        clear = all(not one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[:at]) and all(
            box.left >= 0 and box.right <= drawing.width for box in boxes
        )
        if names == self.axes and not (clear and all(label.whole for label in labels)):
            return False
        known = all(figure.value is not None for one in self.series for figure in one.figures)
        for at, one in enumerate(self.series):
            self._line(drawing, at, one, (x, y, radius), filled=known and len(self.axes) > 2)
        self._numbers(drawing, x, y, radius)
        top = self._key(drawing, max(y + radius, *(box.bottom for box in boxes)) + 12)
        told = (
            ()
            if names == self.axes
            else tuple(
                f"{at + 1}: {axis if len(self.series) == 1 else self._label(at, axis, True)}"
                for at, axis in enumerate(self.axes)
            )
        )
        drawing.notes((*told, self.note), top)
        return True

    def _label(self, at: int, name: str, full: bool) -> str:
        """The name of an axis with the only value, or with whose value is not known."""
        if len(self.series) == 1:
            return f"{name}: {self._written(self.series[0].figures[at])}"
        gaps = [one.label for one in self.series if one.figures[at].value is None]
        return f"{name} ({self.unknown}: {', '.join(gaps)})" if full and gaps else name

    def _net(self, drawing: Drawing, x: float, y: float, radius: float) -> None:
        count = len(self.axes)
        for ring in _RINGS:
            drawing.shape(
                "circle", cx=x, cy=y, r=radius * ring, fill="none", stroke="currentColor", class_="pic-line"
            )
        for at in range(count):
            dx, dy = _way(at, count)
            drawing.shape(
                "path",
                d=f"M{x:.1f} {y:.1f}L{x + dx * radius:.1f} {y + dy * radius:.1f}",
                stroke="currentColor",
                class_="pic-line",
            )

    def _numbers(self, drawing: Drawing, x: float, y: float, radius: float) -> None:
        """What two of the rings stand for, between two axes, where lines seldom run."""
        count = len(self.axes)
        dx, dy = math.sin(math.pi / count), -math.cos(math.pi / count)
        for ring in (0.5, 1.0):
            drawing.text(
                x + dx * radius * ring - 1,
                y + dy * radius * ring - 6,
                number(ring * self.outer, self.language),
                anchor="middle",
                size=10,
                class_="pic-soft",
                halo=True,
            )

    def _line(
        self, drawing: Drawing, at: int, one: Series, place: tuple[float, float, float], *, filled: bool
    ) -> None:
        """The line of a region with its marks: open to both sides of an axis whose value is not known."""
        x, y, radius = place
        count = len(self.axes)
        points: list[tuple[float, float] | None] = []
        for axis, figure in enumerate(one.figures):
            dx, dy = _way(axis, count)
            share = None if figure.value is None else figure.value / self.outer * radius
            points.append(None if share is None else (x + dx * share, y + dy * share))
        group = drawing.shape("g", class_=f"pic-s{at % 8 + 1}")
        for run in _runs(points):
            closed = len(run) == count > 2
            drawing.shape(
                "path",
                group,
                d="M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in run) + ("Z" if closed else ""),
                fill="currentColor" if filled else "none",
                fill_opacity=f"{0.2 / len(self.series):.2f}" if filled else "",
                stroke="currentColor",
                stroke_width=2,
                stroke_dasharray=DASHES[at % 8],
                stroke_linejoin="round",
            )
        for axis, point in enumerate(points):
            if point is not None:
                mark = drawing.mark(at, *point, parent=group)
            else:
                dx, dy = _way(axis, count)
                mark = drawing.shape(
                    "path",
                    group,
                    d="M-4-4L4 4M-4 4L4-4",
                    transform=f"translate({x + dx * radius:.1f} {y + dy * radius:.1f})",
                    stroke="currentColor",
                    stroke_width=2,
                )
            drawing.tell(mark, self.axes[axis], f"{one.label}: {self._written(one.figures[axis])}")

    def _key(self, drawing: Drawing, top: float) -> float:
        """Which line is whose; returns where it ends."""
        x = 0.0
        low = top
        for at, one in enumerate(self.series):
            label = wrapped(one.label, drawing.width - 44, SIZE)
            if x and x + 44 + label.width > drawing.width:
                x, top = 0.0, low
            sample = drawing.shape("g", class_=f"pic-s{at % 8 + 1}")
            drawing.shape(
                "path",
                sample,
                d=f"M{x:.1f} {top + 9:.1f}h36",
                stroke="currentColor",
                stroke_width=2,
                stroke_dasharray=DASHES[at % 8],
            )
            drawing.mark(at, x + 18, top + 9, parent=sample)
            box = drawing.text(x + 44, top, label, parent=drawing.link(one.href))
            x, low = box.right + 18, max(low, box.bottom + 2)
        return low

    def _written(self, figure: Figure) -> str:
        return figure.written(self.language, self.unknown)


def _way(at: int, count: int) -> tuple[float, float]:
    """The direction of an axis: the first up, the others clockwise."""
    angle = 2 * math.pi * at / count
    return math.sin(angle), -math.cos(angle)


def _runs(points: Iterable[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken runs of known points around the circle, from the first gap on."""
    ring = list(points)
    gap = next((at for at, point in enumerate(ring) if point is None), None)
    if gap is not None:
        ring = ring[gap:] + ring[:gap]
    run: list[tuple[float, float]] = []
    for point in [*ring, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
