"""CSV becomes Turtle: all rows, or all that is wrong with them.

Runs in a worker process. Nothing is dropped and nothing is changed but blanks at the ends of cells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.contribute.tables.cells import Cells, Value, slug_of
from graph.contribute.tables.headers import MAX_FAULTS, Heading, best, headings, recognised
from graph.contribute.tables.metadata import Column, Table, Tables
from graph.contribute.tables.reading import Row, letters, read_sheet
from graph.contribute.tables.statements import Entry, Unattached, entry
from graph.contribute.tables.unreadable import Unreadable, quoted
from graph.contribute.tables.writing import document
from graph.errors import InputError, Place


@dataclass(frozen=True)
class Converted:
    """The Turtle of a table, the class it describes, and how many entries and statements it has."""

    turtle: str
    table: str
    entries: int
    statements: int


class TableProblem(InputError):  # noqa: N818 - the names of errors say what happened
    """A table that cannot be converted: ``places`` has each fault with line and column, up to 50."""


class Conversion:
    """Converts tables; keeps the metadata and the code lists."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.cells = Cells()

    def convert(
        self, data: bytes, limit: int, *, name: str | None = None, language: str | None = None
    ) -> Converted:
        """The Turtle of a table of the class ``name``, else of the class that the header tells.

        ``language`` is that of texts in columns that do not say theirs. Raises ``TooLarge`` past ``limit`` bytes,
        ``NotFound`` for an unknown class, and ``InputError`` with the places of all faults.
        """
        if name is not None:
            _ = self.tables[name]
        sheet = read_sheet(data, limit, lambda cells: best(cells, self.tables))
        table = self.tables[name] if name is not None else recognised(sheet.header, self.tables)
        columns, faults = headings(sheet.header, table, language)
        if faults:
            raise _problem(faults)
        written: list[tuple[str, Entry]] = []
        first: dict[str, int] = {}
        for row in sheet.rows:
            outcome = self._row(table, columns, row, len(sheet.header.cells), first)
            if isinstance(outcome, Entry):
                written.append((f"row {row.number}", outcome))
            else:
                faults.extend(outcome)
            if len(faults) > MAX_FAULTS:
                break
        if faults:
            raise _problem(faults)
        stated = {(s.subject, s.predicate, s.object) for _, entry in written for s in entry.statements}
        return Converted(document(written, ()), table.name, len(written), len(stated))

    def _row(
        self, table: Table, columns: Iterable[Heading], row: Row, width: int, first: dict[str, int]
    ) -> Entry | list[Place]:
        """What a row states, or what is wrong with it."""
        if any(row.cells[width:]):
            message = f"it has {len(row.cells)} cells and the header has {width}"
            return [_place(row, width, "", "row-long", message, row.cells[width], _LONG)]
        headed = {heading.position for heading in columns}
        faults = [
            _place(
                row, position, "", "cell-surplus", f"{quoted(cell)} has no header above it", cell, _SURPLUS
            )
            for position, cell in enumerate(row.cells)
            if cell and position not in headed
        ]
        read: dict[str, tuple[Column, list[Value]]] = {}
        places: dict[str, Heading] = {}
        for heading in columns:
            cell = row.cells[heading.position] if heading.position < len(row.cells) else ""
            text = cell or heading.column.default
            for value in self.cells.values(heading.column, text, heading.language):
                if isinstance(value, Unreadable):
                    told = (value.code, value.message, value.value, value.help)
                    faults.append(_place(row, heading.position, heading.text, *told))
                else:
                    read.setdefault(heading.column.name, (heading.column, []))[1].append(value)
            places.setdefault(heading.column.name, heading)
            if text:
                places[heading.column.name] = heading
        for column in table.columns:
            if column.name not in places and column.default:
                values = self.cells.values(column, column.default, None)
                read[column.name] = (column, [value for value in values if isinstance(value, Value)])
        faulty = {fault.column for fault in faults}
        faults.extend(_absent(table, row, read, places, faulty))
        faults.extend(_repeated(row, read, places, first))
        if faults:
            return faults
        try:
            return entry(table, list(read.values()), self.cells.lists)
        except Unattached as error:
            return [_unattached(row, places[error.column.name], error.column)]


_LONG: Final = "put a text that holds the delimiter in quotation marks"
_SURPLUS: Final = "name the column in the header, or empty the cell"


def _absent(
    table: Table,
    row: Row,
    read: dict[str, tuple[Column, list[Value]]],
    places: dict[str, Heading],
    faulty: set[int | None],
) -> Iterator[Place]:
    """Required cells that are empty, and points with one number."""
    for column in table.columns:
        heading = places.get(column.name)
        if column.required and column.name not in read and heading and heading.position + 1 not in faulty:
            help_ = f"write it: {column.description}"
            if column.name == "id" and (title := read.get("title") or read.get("name")):
                likely = slug_of(title[1][0].text)
                help_ += f' For example "{likely}".' if likely else ""
            yield _place(row, heading.position, heading.text, "cell-empty", "the cell is empty", None, help_)
    for column in table.virtual:
        there = [name for name in column.point if name in read]
        if column.point and len(there) == 1:
            missing = next(name for name in column.point if name not in read)
            heading = places[there[0]]
            if missing in places and places[missing].position + 1 in faulty:
                continue
            message = f"there is no {missing} beside it"
            value = read[there[0]][1][0].text
            help_ = f"write the {missing} too, or leave both empty"
            yield _place(row, heading.position, heading.text, "cell-empty", message, value, help_)


def _repeated(
    row: Row, read: dict[str, tuple[Column, list[Value]]], places: dict[str, Heading], first: dict[str, int]
) -> Iterator[Place]:
    """A short name that an earlier row has already."""
    if "id" in read:
        name, heading = read["id"][1][0].text, places["id"]
        if first.setdefault(name, row.number) != row.number:
            message = f"{quoted(name)} stands in row {first[name]} already"
            help_ = "give each row a short name of its own"
            yield _place(row, heading.position, heading.text, "row-twice", message, name, help_)


def _unattached(row: Row, heading: Heading, column: Column) -> Place:
    needed = column.about_url.partition("{")[2].partition("}")[0]
    message = f'it says something about what the column "{needed}" names, and that cell is empty'
    return _place(
        row,
        heading.position,
        heading.text,
        "cell-empty",
        message,
        None,
        f'fill in "{needed}" or empty the cell',
    )


def _place(
    row: Row, position: int, title: str, code: str, message: str, value: str | None, help_: str
) -> Place:
    where = f"row {row.number}, column {letters(position)}" + (f" {quoted(title)}" if title else "")
    return Place(f"{where}: {message}", code, row.line, position + 1, value and value[:200], help_)


def _problem(faults: list[Place]) -> TableProblem:
    shown = tuple(faults[:MAX_FAULTS])
    if len(faults) > MAX_FAULTS:
        return TableProblem(f"the table cannot be converted; the first {MAX_FAULTS} faults are told", shown)
    number = "one fault" if len(shown) == 1 else f"{len(shown)} faults"
    return TableProblem(f"the table cannot be converted: it has {number}", shown)
