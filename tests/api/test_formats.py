"""Numbers, dates and names are told in the manner of the reader's language."""

from datetime import UTC, date, datetime

import pytest

from api import formats
from api.pages import templates
from graph.iris import LANGUAGES

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1,234,567.5"),
        ("nl", "1.234.567,5"),
        ("de", "1.234.567,5"),
        ("it", "1.234.567,5"),
        ("sv", f"1{NBSP}234{NBSP}567,5"),
        ("cs", f"1{NBSP}234{NBSP}567,5"),
        ("et", f"1{NBSP}234{NBSP}567,5"),
        ("lv", f"1{NBSP}234{NBSP}567,5"),
        ("fr", "1\u202f234\u202f567,5"),
    ],
)
def test_a_number_has_its_thousands_apart(language: str, told: str) -> None:
    assert formats.number(1234567.5, language) == told
    assert formats.number("1234567.5", language) == told


def test_digits_are_as_many_as_asked_for() -> None:
    assert [formats.number(12, "en", digits) for digits in (0, 1, 2)] == ["12", "12.0", "12.00"]
    assert formats.percent(0.834, "en") == "83%"
    assert formats.percent(0.834, "de", 1) == f"83,4{NBSP}%"
    assert formats.money(1250000, "en") == "€1,250,000"
    assert formats.money("12.5", "fr") == f"12,50{NBSP}€"
    assert formats.money(5, "cs", "CZK") == f"5{NBSP}Kč"
    assert formats.money(3000000, "en", "SEK") == f"SEK{NBSP}3,000,000"
    assert formats.money(-5, "nl", "SEK") == f"SEK{NBSP}-5"


@pytest.mark.parametrize("form", [formats.number, formats.percent, formats.money])
def test_what_is_no_number_is_shown_as_it_stands_and_what_is_not_known_as_a_dash(form: object) -> None:
    assert callable(form)
    assert form("about ten", "en") == "about ten"
    assert form(None, "en") == form("", "en") == formats.DASH
    assert form("nan", "en") == "nan"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "3 November 2026"),
        ("nl", "3 november 2026"),
        ("de", "3. November 2026"),
        ("it", "3 novembre 2026"),
        ("sv", "3 november 2026"),
        ("cs", "3. listopadu 2026"),
        ("et", "3. november 2026"),
        ("lv", "2026. gada 3. novembris"),
        ("fr", "3 novembre 2026"),
    ],
)
def test_a_day_is_told_in_words(language: str, told: str) -> None:
    for value in (
        "2026-11-03", "2026-11-03Z", "2026-11-03+01:00", "2026-11-03T23:30:00Z", "2026-11-03T10:00:00.123+02:00",
        date(2026, 11, 3), datetime(2026, 11, 3, 12, tzinfo=UTC),
    ):  # fmt: skip
        assert formats.day(value, language) == told


def test_a_partial_date_stays_partial() -> None:
    assert formats.day("2026", "cs") == "2026"
    assert formats.day("2026-11", "cs") == "listopad 2026"
    assert formats.day("2026-11Z", "en") == "November 2026"
    assert formats.day(None, "en") == formats.DASH
    for odd in ("2026-13", "2026-02-30", "soon", "--11-03"):
        assert formats.day(odd, "en") == odd


def test_a_moment_is_told_in_utc() -> None:
    assert formats.moment("2026-11-03T00:30:00+02:00", "en") == "2 November 2026, 22:30 UTC"
    assert formats.moment("2026-11-03T14:05:00Z", "de") == "3. November 2026, 14:05 UTC"
    assert formats.moment("soon", "de") == "soon"


def test_languages_and_countries_are_called_by_their_names() -> None:
    authority = "http://publications.europa.eu/resource/authority/language/DEU"
    for code in ("de", "DEU", authority):
        assert formats.language_name(code, "fr") == "allemand"
    for code in ("EL", "GR", "GRC"):
        assert formats.country_name(code, "lv") == "Grieķija"
    assert formats.country_name("UK", "en") == "United Kingdom"
    assert formats.language_name("tlh-x", "en") == "tlh-x"
    assert formats.country_name("??", "en") == "??"
    for language in LANGUAGES:
        assert formats.language_name("et", language) != "et"
        assert formats.country_name("CZ", language) != "CZ"


def test_templates_say_them_in_the_language_of_the_page() -> None:
    page = templates().from_string(
        "{{ 1234 | number }} {{ 0.5 | percent }} {{ 2 | decimal(2) }} {{ '2026-11' | day }} {{ 7 | money('SEK') }}"
    )
    assert page.render(language="sv") == f"1{NBSP}234 50{NBSP}% 2,00 november 2026 7{NBSP}kr"
