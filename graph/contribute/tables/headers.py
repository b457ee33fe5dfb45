"""A header becomes columns: by name or by title in nine languages, with the language of texts after an @."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from graph.contribute.mending.codes import folded
from graph.contribute.tables.metadata import Column, Table, Tables
from graph.contribute.tables.reading import Row, letters
from graph.contribute.tables.unreadable import quoted
from graph.errors import InputError, Place
from graph.iris import LANGUAGES

MAX_FAULTS: Final = 50
"""Faults of a table that are told at once."""
_NEAR, _NEAR_ENOUGH = 3, 55


@dataclass(frozen=True)
class Heading:
    """A column of the file: its position from 0, what it says there, and what it means."""

    position: int
    text: str
    column: Column
    language: str | None

    @property
    def name(self) -> str:
        """The column as a person finds it: its letter and its header."""
        return f"column {letters(self.position)} {quoted(self.text)}"


def known(cells: Iterable[str], table: Table) -> int:
    """How many cells of a header are columns of a table."""
    return sum(folded(_parts(cell)[0]) in table.words for cell in cells)


def best(cells: Sequence[str], tables: Tables) -> int:
    """How many cells of a header are columns of the table that knows most of them."""
    return max(known(cells, table) for table in tables.all())


def recognised(header: Row, tables: Tables) -> Table:
    """The table that knows most of a header's columns, and whose required columns are there.

    Raises ``InputError`` where several do, or none knows any.
    """
    counts = {table.name: known(header.cells, table) for table in tables.all()}
    most = max(counts.values())
    likely = [table for table in tables.all() if counts[table.name] == most]
    if most and len(likely) > 1:
        likely = [table for table in likely if not list(_missing(header.cells, table))] or likely
    if most and len(likely) == 1:
        return likely[0]
    names = ", ".join(table.name for table in likely)
    message = f"the header fits several classes: {names}" if most else "no column of the header is known"
    help_ = "say the class: --class NAME on the command line, class=NAME over HTTP"
    place = Place(message, "class", header.line, 1, ", ".join(header.cells)[:200], help_)
    raise InputError(f"{message}; {help_}", (place,))


def headings(header: Row, table: Table, language: str | None) -> tuple[list[Heading], list[Place]]:
    """The columns of a header, and what is wrong with it. ``language`` is that of texts that do not say theirs."""
    found: dict[tuple[str, str | None], Heading] = {}
    faults: list[Place] = []
    for position, text in enumerate(header.cells):
        if not text:
            continue
        if len(faults) > MAX_FAULTS:
            break
        word, tag = _parts(text)
        column = table.words.get(folded(word))
        where = f"column {letters(position)} {quoted(text)}"
        if column is None:
            near = ", ".join(_near(word, table))
            help_ = (
                f"near: {near}"
                if near
                else f"infrashare template {table.name} --format csv shows all columns"
            )
            faults.append(_fault(header, position, "column-unknown", f"{where} is not known", text, help_))
            continue
        spoken = tag or (language if column.per_language else None)
        problem = _language_problem(column, tag, spoken)
        if problem:
            faults.append(
                _fault(header, position, "column-language", f"{where} {problem[0]}", text, problem[1])
            )
            continue
        heading = Heading(position, text, column, spoken)
        other = found.setdefault((column.name, spoken), heading)
        if other is not heading:
            message = f"{where} says the same as {other.name}"
            help_ = "keep one of the two, or give each its language"
            faults.append(_fault(header, position, "column-twice", message, text, help_))
    if not faults:  # a required column may be among those that are not known
        for column in _missing(header.cells, table):
            message = f'the column "{column.name}" is missing: {column.description}'
            faults.append(
                _fault(header, 0, "column-missing", message, None, "add it; each row needs a value")
            )
    return list(found.values()), faults


def _parts(text: str) -> tuple[str, str | None]:
    """The wording and the language tag of a header: ``titel@nl``."""
    word, at, tag = text.rpartition("@")
    return (word.strip(), tag.strip().lower()) if at else (text.strip(), None)


def _language_problem(column: Column, tag: str | None, spoken: str | None) -> tuple[str, str] | None:
    if tag is not None and not column.per_language:
        return "has no language", f'write "{column.name}"'
    if spoken is not None and spoken not in LANGUAGES:
        return f"has a language that is not known: {quoted(spoken)}", f"use one of {', '.join(LANGUAGES)}"
    if column.per_language and spoken is None:
        help_ = f'write "{column.name}@en" or another language, or convert with --lang'
        return "does not say the language of its texts", help_
    return None


def _missing(cells: Iterable[str], table: Table) -> Iterator[Column]:
    there = {
        table.words[word].name for word in (folded(_parts(cell)[0]) for cell in cells) if word in table.words
    }
    return (column for column in table.columns if column.required and column.name not in there)


def _near(word: str, table: Table) -> list[str]:
    """The columns that are called most like a word, with the wording that is near."""
    found = process.extract(
        folded(word)[:80], list(table.words), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=2 * _NEAR
    )
    names: dict[str, str] = {}
    for wording, _, _ in found:
        column = table.words[wording]
        told = column.name if wording == folded(column.name) else f'{column.name} ("{wording}")'
        names.setdefault(column.name, told)
    return list(names.values())[:_NEAR]


def _fault(header: Row, position: int, code: str, message: str, value: str | None, help_: str) -> Place:
    return Place(
        f"row {header.number}, {message}", code, header.line, position + 1, value and value[:200], help_
    )
