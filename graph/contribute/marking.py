"""A file with its marks: the lines around each finding, and what is said about them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.contribute.reading.packing import unpack
from graph.contribute.report import Finding, Report
from graph.errors import InputError, Place

AROUND: Final = 3
"""How many lines before and after a marked one are shown."""
MAX_MARKED: Final = 1_000
MAX_LINE: Final = 400
"""Longest line in characters that is shown whole."""
_RANK: Final = {"error": 0, "violation": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Mark:
    """What is said beside a line."""

    severity: str
    code: str
    message: str
    column: int | None = None
    suggestion: str | None = None


@dataclass(frozen=True)
class MarkedLine:
    """A line of a file with its marks. ``left_out`` are the first and last number of lines left out before it."""

    number: int
    text: str
    marks: tuple[Mark, ...] = ()
    left_out: tuple[int, int] | None = None

    @property
    def severity(self) -> str:
        """The most serious of the marks' severities; empty where there is none."""
        return min((mark.severity for mark in self.marks), key=_RANK.__getitem__, default="")


def marks_of(report: Report) -> dict[int, list[Mark]]:
    """The marks of a report by line, those of equal findings on each of their lines."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for finding in report.findings:
        for line, column in _spots(finding):
            suggestion = finding.suggestion.text if finding.suggestion else None
            marks[line].append(Mark(finding.severity, finding.code, finding.message, column, suggestion))
    return marks


def _spots(finding: Finding) -> Iterable[tuple[int, int | None]]:
    spots = finding.places or (finding,)
    return dict.fromkeys((spot.line, spot.column) for spot in spots if spot.line)


def marks_of_errors(places: Iterable[Place]) -> dict[int, list[Mark]]:
    """The marks of syntax errors by line."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for place in places:
        if place.line is not None:
            marks[place.line].append(Mark("error", place.code, place.message, place.column))
    return marks


def readable(data: bytes, limit: int) -> str:
    """The text of a file for people to look at, unpacked; bytes that are not UTF-8 are shown as such.

    Empty where the file cannot be unpacked.
    """
    try:
        text = unpack(data, limit)
    except InputError:
        return ""
    return text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def marked(text: str, marks: Mapping[int, list[Mark]]) -> list[MarkedLine]:
    """The marked lines of a text with their neighbours, the first ``MAX_MARKED`` of them."""
    lines = text.split("\n")
    shown: set[int] = set()
    for number in sorted(line for line in marks if line <= len(lines))[:MAX_MARKED]:
        shown.update(range(max(1, number - AROUND), min(len(lines), number + AROUND) + 1))
    found: list[MarkedLine] = []
    last = 0
    for number in sorted(shown):
        left_out = (last + 1, number - 1) if number > last + 1 else None
        line = lines[number - 1].rstrip("\r")
        cut = line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]} …"
        found.append(MarkedLine(number, cut, tuple(marks.get(number, ())), left_out))
        last = number
    return found
