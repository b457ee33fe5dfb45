"""A comparison matrix: items by regions, each cell with its number and a shade and a line as long as it is large."""

from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from graph.errors import InputError
from graph.regions.pictures.drawing import SIZE, SMALL, UNKNOWN, Drawing
from graph.regions.pictures.figure import Figure, Table
from graph.regions.pictures.lettering import LINE, width, wrapped
from graph.regions.pictures.page import Picture

_PAD: Final = 6.0
_LINE: Final = SIZE * LINE


@dataclass(frozen=True)
class Column:
    """A region: its name, and a shorter one such as its code for where the name has no room."""

    label: str
    short: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Row:
    """An item with its numbers, one for each column."""

    label: str
    cells: tuple[Figure, ...]
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Matrix(Picture):
    """Rows in the order given; shades compare within the whole matrix, or within each row where units differ."""

    item: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    by_row: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise InputError(
                    f"the row {row.label[:100]!r} has {len(row.cells)} cells for {len(self.columns)} columns: "
                    "give one for each, with no value where it is not known"
                )

    def table(self) -> Table:
        """Items by regions."""
        rows = tuple((row.label, *map(self._written, row.cells)) for row in self.rows)
        return Table((self.item, *(column.label for column in self.columns)), rows)

    def drawing(self, width: float) -> Drawing:
        """Labels before the cells, or above them on a narrow picture."""
        drawing = Drawing("matrix", self.title, self.description, width, self)
        if not self.rows or not self.columns:
            drawing.notes((self.nothing, self.note), 0)
            return drawing
        count = len(self.columns)
        above = width < 500
        beside = 0.0 if above else min(self._longest() + 12, max(width * 0.42, width - count * 96))
        size = SMALL if above else SIZE
        cell = max((width - beside) / count, self._least(size))
        drawing.width = beside + cell * count
        top, keys = self._head(drawing, beside, cell, size)
        most = self._most(self.rows)
        for row in self.rows:
            label = wrapped(row.label, (drawing.width if above else beside - 12), SIZE)
            place = drawing.link(row.href)
            if above:
                top = drawing.text(0.0, top + 4, label, parent=place).bottom + 2
                high = _LINE + 8
            else:
                high = max(1, len(label.lines)) * _LINE + 8
                drawing.text(0.0, top + 4, label, parent=place)
            largest = self._most((row,)) if self.by_row else most
            for at, (column, figure) in enumerate(zip(self.columns, row.cells, strict=True)):
                group = drawing.shape("g")
                drawing.tell(group, row.label, f"{column.label}: {self._written(figure)}")
                self._cell(drawing, group, figure, largest, (beside + at * cell, top, cell, high))
            top += high + (2 if above else 0)
        drawing.notes((*keys, self.note), top + 4)
        return drawing

    def _head(self, drawing: Drawing, beside: float, cell: float, size: float) -> tuple[float, list[str]]:
        """The heads of the columns; short ones are told in full below the picture."""
        room = cell - _PAD
        full = all(
            max(width(word, size, bold=True) for word in column.label.split() or [""]) <= room
            and wrapped(column.label, room, size, bold=True).whole
            for column in self.columns
        )
        names = [
            column.label if full else column.short or str(at) for at, column in enumerate(self.columns, 1)
        ]
        heads = [wrapped(name, room, size, bold=True) for name in names]
        bottom = max(len(head.lines) for head in heads) * _LINE + 4
        for at, (column, head) in enumerate(zip(self.columns, heads, strict=True)):
            x = beside + (at + 0.5) * cell
            place = drawing.link(column.href)
            top = bottom - 4 - len(head.lines) * _LINE
            drawing.text(x, top, head, anchor="middle", size=size, bold=True, parent=place)
        keys = [f"{name}: {column.label}" for name, column in zip(names, self.columns, strict=True)]
        return bottom, [] if full else [" · ".join(keys)]

    def _cell(
        self,
        drawing: Drawing,
        group: ET.Element,
        figure: Figure,
        largest: float,
        place: tuple[float, float, float, float],
    ) -> None:
        x, y, wide, high = place
        share = abs(figure.value) / largest if figure.value and largest else 0.0
        drawing.shape(
            "rect",
            group,
            x=x + 1,
            y=y + 1,
            width=wide - 2,
            height=high - 2,
            fill=drawing.fill(UNKNOWN) if figure.value is None else "currentColor",
            fill_opacity="" if figure.value is None else f"{0.03 + 0.32 * share:.3f}",
            class_="pic-soft" if figure.value is None else "pic-accent",
        )
        if share:
            drawing.shape(
                "rect",
                group,
                x=x + 1,
                y=y + high - 4,
                width=(wide - 2) * share,
                height=3,
                fill="currentColor",
                class_="pic-accent",
            )
        drawing.text(
            x + wide / 2,
            y + (high - _LINE) / 2 - 1,
            self._written(figure),
            anchor="middle",
            class_="pic-soft" if figure.value is None else "pic-ink",
            halo=figure.value is None,
            parent=group,
        )

    def _longest(self) -> float:
        return max(width(row.label, SIZE) for row in self.rows)

    def _least(self, size: float) -> float:
        """The width of the widest cell or short name, the latter as far as it is short."""
        heads = [min(width(column.short, size, bold=True), 80) + _PAD for column in self.columns]
        cells = (width(self._written(cell), SIZE) for row in self.rows for cell in row.cells)
        return max(*heads, max(cells) + _PAD)

    def _most(self, rows: tuple[Row, ...]) -> float:
        return max(
            (abs(cell.value) for row in rows for cell in row.cells if cell.value is not None), default=0.0
        )

    def _written(self, figure: Figure) -> str:
        return figure.written(self.language, self.unknown)
