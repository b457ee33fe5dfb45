"""Horizontal bars: items with one number each, or with one for each of up to eight regions."""

from dataclasses import dataclass
from typing import Final

from graph.errors import InputError
from graph.regions.pictures.drawing import SIZE, Drawing
from graph.regions.pictures.figure import Figure, Table
from graph.regions.pictures.lettering import LINE, Lines, width, wrapped
from graph.regions.pictures.page import Picture

_THICK: Final = 16.0
_GAP: Final = 8.0
_LEAST: Final = 110.0
"""The least room for the longest bar."""


@dataclass(frozen=True)
class Bar:
    """An item with its numbers, one for each series."""

    label: str
    figures: tuple[Figure, ...]
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bars(Picture):
    """Items in the order given; ``item`` heads their column in the table, ``series`` name the numbers."""

    item: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...] = ()

    def __post_init__(self) -> None:
        for bar in self.bars:
            if len(bar.figures) != len(self.series):
                raise InputError(
                    f"the item {bar.label[:100]!r} has {len(bar.figures)} numbers for {len(self.series)} series: "
                    "give one for each, with no value where it is not known"
                )

    def table(self) -> Table:
        """Items by series."""
        rows = tuple((bar.label, *map(self._written, bar.figures)) for bar in self.bars)
        return Table((self.item, *self.series), rows)

    def drawing(self, width: float) -> Drawing:
        """One bar a line behind its label; several below it, each behind the name of its series."""
        drawing = Drawing("bars", self.title, self.description, width, self)
        if not self.bars or not self.series:
            drawing.notes((self.nothing, self.note), 0)
            return drawing
        single = len(self.series) == 1
        names = [bar.label for bar in self.bars] if single else list(self.series)
        beside = self._beside(names, width)
        scale = _Scale(self, drawing, beside)
        top = 2.0
        for bar in self.bars:
            if single and beside:
                top = self._line(drawing, bar, 0, wrapped(bar.label, beside, SIZE), scale, top)
                continue
            place = drawing.link(bar.href)
            label = wrapped(bar.label, drawing.width, SIZE, bold=True)
            top = drawing.text(0.0, top, label, bold=True, parent=place).bottom + 2
            for at, name in enumerate(self.series):
                line = wrapped(name, beside, SIZE) if beside else None
                top = self._line(drawing, bar, at, None if single else line, scale, top)
            top += _GAP
        drawing.notes((self.note,), top)
        return drawing

    def _beside(self, names: list[str], room: float) -> float:
        """The width of a column of labels beside the bars; none where a single bar has its label above."""
        longest = max(width(name, SIZE) for name in names)
        if len(self.series) == 1 and room < 500:
            return 0.0
        return min(longest, room * (0.4 if len(self.series) == 1 else 0.36))

    def _line(
        self, drawing: Drawing, bar: Bar, at: int, label: Lines | None, scale: "_Scale", top: float
    ) -> float:
        """One bar with its label before and its number behind; returns where the next begins."""
        high = max(_THICK, len(label.lines) * SIZE * LINE if label else 0.0)
        middle = top + high / 2
        if label is not None:
            single = len(self.series) == 1
            place = drawing.link(bar.href if single else None)
            drawing.text(0.0, middle - len(label.lines) * SIZE * LINE / 2, label, parent=place)
        figure = bar.figures[at]
        end = scale.zero
        foot = f"M{end:.1f} {top - 1:.1f}v{high + 2:.1f}"
        drawing.shape("path", d=foot, stroke="currentColor", class_="pic-line")
        if figure.value is not None:
            left, right = scale.of(figure.value)
            end = max(right, scale.zero)
            drawing.shape(
                "rect",
                x=left,
                y=middle - _THICK / 2,
                width=right - left,
                height=_THICK,
                fill=drawing.fill(at),
                stroke="currentColor",
                class_=f"pic-s{at % 8 + 1}",
            )
        unknown = figure.value is None
        drawing.text(
            end + 6,
            middle - SIZE * LINE / 2,
            self._written(figure),
            class_="pic-soft" if unknown else "pic-ink",
        )
        return top + high + (_GAP if len(self.series) == 1 else 3)

    def _written(self, figure: Figure) -> str:
        return figure.written(self.language, self.unknown)


class _Scale:
    """Where numbers stand: from zero, which all bars begin at, to the highest."""

    def __init__(self, picture: Bars, drawing: Drawing, beside: float) -> None:
        figures = [figure for bar in picture.bars for figure in bar.figures]
        values = [figure.value for figure in figures if figure.value is not None]
        least, most = min([0.0, *values]), max([0.0, *values])
        left = beside + (10 if beside else 1)
        behind = max(width(picture._written(figure), SIZE) for figure in figures) + 8
        drawing.width = max(drawing.width, left + _LEAST + behind)
        room = drawing.width - left - behind
        # Halved first, as the difference of two very large numbers can be larger than a float holds.
        self._half, self._room = most / 2 - least / 2, room
        self.zero = left - self._share(least)

    def _share(self, value: float) -> float:
        return (value / 2) / self._half * self._room if self._half else 0.0

    def of(self, value: float) -> tuple[float, float]:
        """The left and right end of a bar."""
        end = self.zero + self._share(value)
        return min(end, self.zero), max(end, self.zero)
