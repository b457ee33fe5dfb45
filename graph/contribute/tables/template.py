"""The template of a class: a complete example as CSV or as Turtle, with what each field is."""

import csv
import io
from collections.abc import Iterator

from pyoxigraph import NamedNode

from graph.contribute.tables.cells import Cells, Value
from graph.contribute.tables.metadata import Column, Table
from graph.contribute.tables.statements import Entry, entry
from graph.contribute.tables.unreadable import Unreadable
from graph.contribute.tables.writing import document


def csv_template(table: Table, language: str = "en") -> str:
    """A header with all columns, called as in a language, and one row (RFC 4180: commas, CRLF, UTF-8)."""
    header, row = [], []
    for column in table.columns:
        for tag, text in column.examples():
            header.append(column.title(language) + (f"@{tag}" if tag else ""))
            row.append(text)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, row])
    return out.getvalue()


def turtle_template(table: Table, cells: Cells) -> str:
    """The example of a table as Turtle with a comment before each field; it conforms as it stands."""
    example = _example(table, cells)
    columns = {column.name: column for column in (*table.columns, *table.virtual)}
    notes: dict[tuple[NamedNode, NamedNode], str] = {}
    noted: set[tuple[NamedNode, str]] = set()
    for statement in example.statements:
        column = columns[statement.column]
        if column.description and (statement.predicate, _note(column)) not in noted:
            noted.add((statement.predicate, _note(column)))
            notes.setdefault((statement.subject, statement.predicate), _note(column))
    head = (
        f"{table.title}: a complete example. Change the values, take out what you do not know, and check it:",
        f"    infrashare check {table.name}.ttl",
        "What is required must be there; what is wanted counts towards the quality level.",
        "",
    )
    return document([("", example)], head, notes)


def _example(table: Table, cells: Cells) -> Entry:
    read = []
    for column in table.columns:
        values: list[Value] = []
        for tag, text in column.examples():
            values.extend(_readable(cells.values(column, text, tag)))
        if values:
            read.append((column, values))
    return entry(table, read, cells.lists)


def _readable(values: Iterator[Value | Unreadable]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, Unreadable):
            raise value
        yield value


def _note(column: Column) -> str:
    codes = f" Codes: /codelists/{column.code_list}." if column.code_list else ""
    several = " Several are allowed." if column.separator else ""
    tongues = " In any of nine languages." if column.per_language else ""
    return f"{column.description}{codes}{several}{tongues} {column.level.capitalize()}."
