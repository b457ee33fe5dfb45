"""Numbers, dates and names in the manner of the reader's language, as filters of templates.

The data behind them is Unicode's CLDR, which comes with Babel. What is no number, date or code is shown as it stands;
what is not known is a dash.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

DASH: Final = "–"
_EUROPEAN: Final = {"en": "en_GB"}
"""English of Europe: the day before the month."""
_COUNTRIES: Final = {"EL": "GR", "UK": "GB"}
"""Codes of the European Union (and of NUTS) that ISO 3166 has otherwise."""
_YEAR: Final = re.compile(r"(-?\d{4,})(?:-(\d{2}))?(?:Z|[+-]\d{2}:\d{2})?")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?")
_FRACTION: Final = re.compile(r"\.00(?!0)|,00(?!0)")

_CODE_BEFORE: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Where a currency that is written in letters meets its amount; CLDR wants a space there."""

Figure = int | float | Decimal | str | None


def locale_of(language: str) -> str:
    """The locale whose manner a language of pages has."""
    return _EUROPEAN.get(language, language)


def number(value: Figure, language: str, digits: int | None = None) -> str:
    """A number with its thousands apart; with ``digits``, just that many behind the decimal sign."""
    found = _number(value)
    if found is None:
        return _as_it_stands(value)
    pattern = "#,##0.###" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(found, format=pattern, locale=locale_of(language))


def percent(share: Figure, language: str, digits: int = 0) -> str:
    """A share from 0 to 1 as per cent."""
    found = _number(share)
    if found is None:
        return _as_it_stands(share)
    locale = Locale.parse(locale_of(language))
    pattern = locale.percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("#,##0", "#,##0." + "0" * digits)
    return format_percent(found, format=pattern, locale=locale)


def money(amount: Figure, language: str, currency: str = "EUR") -> str:
    """An amount of money; without cents where it is whole."""
    found = _number(amount)
    if found is None:
        return _as_it_stands(amount)
    locale = Locale.parse(locale_of(language))
    pattern = locale.currency_formats["standard"].pattern
    if found == found.to_integral_value():
        pattern = _FRACTION.sub("", pattern)
    told = format_currency(found, currency, format=pattern, locale=locale, currency_digits=False)
    return _CODE_BEFORE.sub("\u00a0", told)


def day(value: date | str | None, language: str) -> str:
    """A date in words: ``28 November 2026``. A month or a year alone stay so; of a moment, its day."""
    locale = locale_of(language)
    if isinstance(value, date):
        return format_date(value, "long", locale=locale)
    text = (value or "").strip()
    if not text:
        return DASH
    if found := _YEAR.fullmatch(text):
        year, month = found.groups()
        if month is None:
            return year
        try:
            return format_skeleton("yMMMM", date(int(year), int(month), 1), locale=locale)
        except ValueError:
            return text
    found = _DAY.fullmatch(text)
    try:
        read = date.fromisoformat(found[1]) if found else datetime.fromisoformat(text).date()
    except ValueError:
        return text
    return format_date(read, "long", locale=locale)


def moment(value: datetime | str | None, language: str) -> str:
    """A day with its time in UTC: ``28 November 2026, 14:05 UTC``."""
    if value is None or value == "":
        return DASH
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError:
        return str(value)
    at = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    time = format_datetime(at, "HH:mm", locale=locale_of(language))
    return f"{day(at, language)}, {time} UTC"


def language_name(code: str, language: str) -> str:
    """What a language is called in the language of the page; its code may have two or three letters."""
    tag = code.rsplit("/", 1)[-1].strip().lower()
    short = get_global("language_aliases").get(tag, tag)
    return str(Locale.parse(language).languages.get(short, code))


def country_name(code: str, language: str) -> str:
    """What a country is called in the language of the page; its code may have two or three letters."""
    tag = code.rsplit("/", 1)[-1].strip().upper()
    aliases = get_global("territory_aliases").get(tag, (tag,))
    short = _COUNTRIES.get(tag, aliases[0])
    return str(Locale.parse(language).territories.get(short, code))


def install(environment: Environment) -> None:
    """Let templates say ``{{ 1234 | number }}``; the language is that of the page."""
    for name, form in _FILTERS.items():
        environment.filters[name] = _of_page(form)


def _decimal(value: Figure, language: str, digits: int = 1) -> str:
    return number(value, language, digits)


_FILTERS: Final[dict[str, Callable[..., str]]] = {
    "number": number,
    "decimal": _decimal,
    "percent": percent,
    "money": money,
    "day": day,
    "moment": moment,
    "language_name": language_name,
    "country_name": country_name,
}


def _of_page(form: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def filtered(context: Context, value: Any, *options: Any, **named: Any) -> str:
        return form(value, context["language"], *options, **named)

    return filtered


def _number(value: Figure) -> Decimal | None:
    """The number, or nothing where it is none."""
    try:
        found = Decimal(str(value))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def _as_it_stands(value: object) -> str:
    return DASH if value is None or value == "" else str(value)
