"""A number as it is shown, and the table of a picture's data."""

import math
from dataclasses import dataclass, field
from typing import Final

from babel.numbers import format_decimal, format_scientific

from graph.errors import InputError

_LONG: Final = 1e15
"""From here on a number is written with a power of ten."""


@dataclass(frozen=True)
class Figure:
    """A number with the text to show for it, such as one with a unit; ``value`` is ``None`` where it is not known."""

    value: float | None
    text: str = ""

    def __post_init__(self) -> None:
        if self.value is not None and not math.isfinite(self.value):
            raise InputError(
                f"{self.value} cannot be drawn: give a finite number, or None where it is not known"
            )

    def written(self, language: str, unknown: str) -> str:
        """The text, else the number in the language's form, else the word for what is not known."""
        if self.text:
            return self.text
        return unknown if self.value is None else number(self.value, language)


@dataclass(frozen=True)
class Table:
    """The data of a picture: a header and rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=())


def number(value: float, language: str) -> str:
    """A number in a language's form, with three decimals at most."""
    if value and not 5e-4 <= abs(value) < _LONG:
        return format_scientific(value, format="0.##E0", locale=language)
    return format_decimal(value, format="#,##0.###", locale=language)


def figures(*values: float | None) -> tuple[Figure, ...]:
    """Numbers, shown as they are."""
    return tuple(map(Figure, values))
