"""Places in a document: a line and a column, and what stands there."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from pyoxigraph import NamedNode, Triple

from graph.contribute.reading.blank_nodes import skolemise
from graph.errors import SyntaxProblem

Placed = tuple[Triple, int, int]
"""A triple with the offsets of its subject and of its object."""


@dataclass(frozen=True)
class Position:
    """A place in a text, both counted from 1; columns count characters."""

    line: int
    column: int


class Places(Protocol):
    """The places of a document's triples."""

    def find(
        self,
        subject: NamedNode,
        predicate: object | None = None,
        value: object | None = None,
        part_of: NamedNode | None = None,
    ) -> Position | None:
        """The place of the triple; else of the subject's first statement with the predicate; else of the subject.

        Where a rule follows a longer path, only the value is known: its first place in the entity is given.

        ``part_of`` is the entity that an unnamed node belongs to, and the last resort.
        """
        ...


class Lines:
    """Lines and columns of offsets in a text, or in the UTF-8 bytes of one."""

    def __init__(self, text: str | bytes) -> None:
        self._text = text
        ends: Iterable[int] = _newlines(text)
        self._starts = [0, *(end + 1 for end in ends)]

    def position(self, offset: int) -> Position:
        """The line and column of an offset."""
        line = bisect_right(self._starts, offset)
        before = self._text[self._starts[line - 1] : offset]
        return Position(
            line, len(before if isinstance(before, str) else before.decode("utf-8", "replace")) + 1
        )


def _newlines(text: Any) -> Iterable[int]:
    newline = "\n" if isinstance(text, str) else b"\n"
    at = text.find(newline)
    while at >= 0:
        yield at
        at = text.find(newline, at + 1)


class Offsets:
    """Offsets of triples, of the first statement of a subject with a predicate, of subjects and of values."""

    def __init__(self, placed: Iterable[Placed]) -> None:
        kept = list(placed)
        self._triples: dict[Triple, int] = {}
        self._pairs: dict[tuple[object, object], int] = {}
        self._subjects: dict[object, int] = {}
        self._values: dict[object, int] = {}
        for triple, (_, subject_at, object_at) in zip(_named([p[0] for p in kept]), kept, strict=True):
            self._triples.setdefault(triple, object_at)
            self._pairs.setdefault((triple.subject, triple.predicate), object_at)
            self._subjects.setdefault(triple.subject, subject_at)
            self._values.setdefault(triple.object, object_at)

    def nearest(
        self,
        subject: object,
        predicate: object | None,
        value: object | None,
        part_of: object | None = None,
    ) -> int | None:
        """The offset of a triple, or of what comes nearest to it (see ``Places.find``)."""
        offset: int | None = None
        if predicate is not None and value is not None:
            offset = self._triples.get(Triple(subject, predicate, value))  # type: ignore[arg-type]
        if offset is None and predicate is not None:
            offset = self._pairs.get((subject, predicate))
        if offset is None and predicate is None and value != subject:
            offset = self._values.get(value)
        if offset is None:
            offset = self._subjects.get(subject)
        return self.nearest(part_of, None, None) if offset is None and part_of is not None else offset


class OffsetPlaces:
    """Places of triples of which the offsets in a text, or in its bytes, are known."""

    def __init__(self, text: str | bytes, placed: Iterable[Placed]) -> None:
        self._lines = Lines(text)
        self._offsets = Offsets(placed)

    def find(
        self,
        subject: NamedNode,
        predicate: object | None = None,
        value: object | None = None,
        part_of: NamedNode | None = None,
    ) -> Position | None:
        """The place of the triple, or what comes nearest to it (see ``Places.find``)."""
        offset = self._offsets.nearest(subject, predicate, value, part_of)
        return None if offset is None else self._lines.position(offset)


def _named(triples: list[Triple]) -> list[Triple]:
    """The triples with the names that blank nodes have in a contribution."""
    try:
        return skolemise(triples)
    except SyntaxProblem:  # The contribution was accepted, so its nodes were told apart: these were misread.
        return triples
