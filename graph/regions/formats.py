"""Figures as people read them, in the manner of their language."""

from datetime import date
from typing import Final

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from graph.regions.indicators import Number

_MONTHS: Final = 12
_PATTERNS: Final = {"count": "#,##0", "quotient": "#,##0.00", "nats": "#,##0.00", "per-million": "#,##0.0"}


def shown(value: Number | None, unit: str, language: str) -> str:
    """A value in its unit: a share as per cent, a year with a fraction as month and year; a dash where unknown."""
    if value is None:
        return "–"
    if unit == "share":
        return format_percent(value, locale=language)
    if unit == "year":
        year, month = divmod(round(value * _MONTHS), _MONTHS)
        return format_skeleton("yMMM", date(year, month + 1, 1), locale=language)
    return format_decimal(value, format=_PATTERNS.get(unit, "#,##0.###"), locale=language)
