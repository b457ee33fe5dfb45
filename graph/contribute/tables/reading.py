"""Bytes become rows: encoding, delimiter, quotes (RFC 4180), without a guess that could change a value.

Runs in a worker process.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.contribute.reading.packing import unpack
from graph.contribute.reading.parse import MAX_LITERAL
from graph.errors import InputError, Place

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}
SAVE_AS: Final = 'save the table as "CSV UTF-8"'
_UTF_8, _UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_BINARY: Final = {b"PK\x03\x04": "a workbook (.xlsx or .ods)", b"\xd0\xcf\x11\xe0": "a workbook (.xls)"}


@dataclass(frozen=True)
class Row:
    """A row: its number as a spreadsheet shows it, the line of the file where it begins, and its cells, trimmed."""

    number: int
    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class Sheet:
    """The header and the rows below it that are not blank."""

    header: Row
    rows: tuple[Row, ...]


def read_sheet(data: bytes, limit: int, known: Callable[[Sequence[str]], int]) -> Sheet:
    """Read CSV; ``known`` counts the cells of a header that are columns, by which the delimiter is found.

    Raises ``TooLarge`` past ``limit`` bytes, and ``InputError`` with the place for what is not UTF-8, not CSV or
    has no header and no rows.
    """
    text = _decoded(unpack(data, limit))
    first, _, rest = text.partition("\n")
    stated = first.strip('\r" ')[4:] if first.strip('\r" ').lower().startswith("sep=") else None
    skipped = 0
    if stated is not None and (stated or "\t") in DELIMITERS:
        text, skipped = rest, 1
        delimiter = stated or "\t"
    else:
        delimiter = _delimiter(text, known)
    rows = [row for row in _rows(text, delimiter, skipped) if not row.is_blank]
    if not rows:
        raise _fault("the table is empty", "empty", 1, 1, None, "write a header and one row for each entry")
    if len(rows) == 1:
        line = rows[0].line
        help_ = "write one row for each entry below the header"
        raise _fault("the table has a header and no rows", "empty", line, 1, None, help_)
    return Sheet(rows[0], tuple(rows[1:]))


def letters(position: int) -> str:
    """The name of a column by its position from 0, as spreadsheets have it: A, B, … Z, AA."""
    name = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        name = chr(65 + letter) + name
    return name


def _fault(
    message: str, code: str, line: int, column: int, value: str | None, help_: str | None
) -> InputError:
    return InputError(f"{message}; {help_}", (Place(message, code, line, column, value, help_),))


def _decoded(data: bytes) -> str:
    for magic, what in _BINARY.items():
        if data.startswith(magic):
            raise _fault(f"this is {what}, not CSV", "encoding", 1, 1, None, SAVE_AS)
    if data.startswith(_UTF_16) or b"\x00" in data:
        raise _fault("the text is UTF-16 or binary, not UTF-8", "encoding", 1, 1, None, SAVE_AS)
    try:
        return data.removeprefix(_UTF_8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        begin = before.rfind(b"\n") + 1
        line = before.count(b"\n") + 1
        column = len(before[begin:].decode("utf-8", "replace")) + 1
        around = data[max(begin, error.start - 20) : error.start + 20].splitlines()[0]
        read = around.decode("cp1252", "replace").strip()
        message = (
            f"line {line}: the text is not UTF-8; it looks like Windows-1252, which spreadsheets write as plain"
            f" CSV (it would read {read!r} there)"
        )
        raise _fault(message, "encoding", line, column, f"byte 0x{data[error.start]:02x}", SAVE_AS) from error


def _delimiter(text: str, known: Callable[[Sequence[str]], int]) -> str:
    """The delimiter that gives the header the most known columns, then the most cells."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            rows = _reader(text, delimiter)
            header: list[str] = next((row for row in rows if any(cell.strip() for cell in row)), [])
        except csv.Error:
            return 0, 0
        return known([cell.strip() for cell in header]), len(header)

    return max(DELIMITERS, key=fit)


def _reader(text: str, delimiter: str) -> "Reader":
    csv.field_size_limit(MAX_LITERAL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _rows(text: str, delimiter: str, skipped: int) -> list[Row]:
    reader = _reader(text, delimiter)
    rows: list[Row] = []
    line = skipped + 1
    try:
        for cells in reader:
            rows.append(Row(len(rows) + 1, line, tuple(cell.strip() for cell in cells)))
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        place = f"row {len(rows) + 1}, line {line}"
        if "field larger" in str(error):
            message, help_ = "a cell has more than 1,048,576 characters", "link to the document instead"
        else:
            message = "the quotation marks do not match"
            help_ = 'put a text with quotation marks in quotation marks, and double those inside: "a ""b"" c"'
        raise _fault(f"{place}: {message}", "quotes", line, 1, None, help_) from error
    return rows
