"""What a value is meant to be: a number, a date, a yes or no that was written in another form.

Only what can be read in one way is given: ``03/04/2026`` could be March or April, ``1.000`` one or a thousand.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Final

from babel import Locale
from pyoxigraph import Literal, NamedNode

from graph.contribute.mending.codes import folded, local_name
from graph.iris import CODELIST, GEO, LANGUAGES, RDF, XSD

_ORDER: Final = (
    "boolean",
    "integer",
    "decimal",
    "double",
    "date",
    "gYearMonth",
    "gYear",
    "dateTime",
    "string",
)
_YES: Final = frozenset(
    {"true", "yes", "ja", "sì", "si", "ano", "jah", "jā", "oui", "1"}
    | {"waar", "wahr", "vero", "sant", "pravda", "tõene", "patiess", "vrai"}
)
_NO: Final = frozenset(
    {"false", "no", "nee", "nein", "nej", "ne", "ei", "nē", "non", "0"}
    | {"onwaar", "falsch", "falso", "falskt", "nepravda", "väär", "aplams", "faux"}
)
"""Yes and no, and what spreadsheets write for true and false, in nine languages."""
_UNITS: Final = {
    "Eur": r"€|eur(?:os?)?",
    "Km": r"km",
    "Km2": r"km2|km²|sq\.? ?km",
    "Days": r"d|days?|dag(?:en|ar)?|tage?n?|giorn[oi]|dn[íyůi]|den|päeva?|dien(?:as|a|u)|jours?",
}
"""Units that a property has in its name, as people write them."""
_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d\d?)\2(\d\d?)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?{_ZONE}")
_TAGS: Final = re.compile("bg|cs|da|de|el|en|es|et|fi|fr|ga|hr|hu|it|lt|lv|mt|nl|pl|pt|ro|sk|sl|sv|no|is")


def readings(term: object, predicate: NamedNode, datatypes: Iterable[NamedNode]) -> Iterator[Literal]:
    """The literals of the datatypes that a value can be read as, the narrowest datatype first."""
    wanted = set(datatypes)
    text = _text(term)
    if text is None:
        return
    if "T" in text and XSD["dateTime"] in wanted:
        wanted.discard(XSD["date"])
    for name in _ORDER:
        if XSD[name] in wanted:
            yield from (Literal(value, datatype=XSD[name]) for value in _READERS[name](text, term, predicate))
    if GEO["wktLiteral"] in wanted and isinstance(term, Literal):
        yield Literal(term.value.strip(), datatype=GEO["wktLiteral"])
    if RDF["langString"] in wanted and isinstance(term, Literal) and not term.language:
        text, _, tag = term.value.rpartition("@")
        if _TAGS.fullmatch(tag) and text.strip():
            yield Literal(text.strip().strip("\"'"), language=tag)


def _text(term: object) -> str | None:
    if isinstance(term, Literal):
        return " ".join(term.value.split())
    if isinstance(term, NamedNode) and term.value.startswith(CODELIST.base + "trl/"):
        return local_name(term.value)
    return None


def _booleans(text: str, _term: object, _predicate: NamedNode) -> Iterator[str]:
    word = text.casefold()
    if word in _YES:
        yield "true"
    elif word in _NO:
        yield "false"


def _bare(text: str, predicate: NamedNode) -> str:
    """The text without the unit that the property's name states."""
    name = local_name(predicate.value)
    unit = next((form for end, form in _UNITS.items() if name.endswith(end)), None)
    if name.startswith("trl"):
        text = re.sub(r"^TRL[\s-]?", "", text, flags=re.IGNORECASE)
    if unit is not None:
        text = re.sub(rf"^(?:{unit})\s*|\s*(?:{unit})\.?$", "", text, flags=re.IGNORECASE)
    return text.replace("−", "-")


def _integers(text: str, term: object, predicate: NamedNode) -> Iterator[str]:
    bare = _bare(text, predicate)
    exact = isinstance(term, Literal) and term.datatype in {XSD["decimal"], XSD["double"]}
    match = re.fullmatch(r"([+-]?)0*(\d+)(?:\.0*)?" if exact else r"([+-]?)0*(\d+)(?:\.0{1,2})?", bare)
    if match:
        yield match[1].replace("+", "") + match[2]


def _decimals(text: str, term: object, predicate: NamedNode) -> Iterator[str]:
    """A percentage of more than one is given as it stands first, then as a share of one."""
    bare = _bare(text, predicate)
    number = isinstance(term, Literal) and term.datatype in {XSD["decimal"], XSD["double"]}
    percent = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))? ?%", bare)
    if percent and int(percent[1]) > 1:
        yield f"{percent[1]}.{percent[2] or '0'}"
        yield _shifted(percent[1], percent[2] or "")
    elif re.fullmatch(r"[+-]?\d+\.\d+", bare) and (number or not re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", bare)):
        yield bare
    elif re.fullmatch(r"[+-]?\d+,\d{1,2}", bare):
        yield bare.replace(",", ".")


def _shifted(whole: str, rest: str) -> str:
    """A percentage as a share."""
    padded = whole.rjust(3, "0")
    digits = (padded[-2:] + rest).rstrip("0") or "0"
    return f"{int(padded[:-2])}.{digits}"


def _doubles(text: str, _term: object, predicate: NamedNode) -> Iterator[str]:
    bare = _bare(text, predicate)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", bare):
        yield bare


def _dates(text: str, _term: object, _predicate: NamedNode) -> Iterator[str]:
    if match := _YEAR_FIRST.fullmatch(text):
        parts = match[1], match[3], match[4]
    elif match := re.fullmatch(r"(\d\d?)\. ?(\d\d?)\. ?(\d{4})\.?", text):
        parts = match[3], match[2], match[1]
    elif match := re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d{4})", text):
        first, second = int(match[1]), int(match[2])
        if first <= 12 and second <= 12 and first != second:
            return
        parts = (match[3], match[1], match[2]) if second > 12 else (match[3], match[2], match[1])
    else:
        parts = _in_words(text) or ("0", "0", "0")
    try:
        yield date(*(int(part) for part in parts)).isoformat()
    except ValueError:
        return


def _in_words(text: str) -> tuple[str, str, str] | None:
    """Year, month and day of a date such as ``23 November 2026`` or ``November 23, 2026``."""
    words = folded(text.replace(",", " ").replace(".", " ")).split()
    months = [_months()[word] for word in words if word in _months()]
    numbers = [word for word in words if word not in _months()]
    if len(words) != 3 or len(months) != 1 or len(numbers) != 2:
        return None
    years = [number for number in numbers if re.fullmatch(r"\d{4}", number)]
    days = [number for number in numbers if re.fullmatch(r"\d\d?", number)]
    return (years[0], str(months[0]), days[0]) if years and days else None


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for form in ("format", "stand-alone"):
            for number, name in Locale(language).months[form]["wide"].items():
                names[folded(name)] = number
    return names


def _year_months(text: str, _term: object, _predicate: NamedNode) -> Iterator[str]:
    words = folded(text).split()
    if match := re.fullmatch(rf"(\d{{4}})[-/](0?[1-9]|1[0-2]){_ZONE}", text):
        yield f"{match[1]}-{int(match[2]):02}"
    elif match := re.fullmatch(r"(0?[1-9]|1[0-2])[-/.](\d{4})", text):
        yield f"{match[2]}-{int(match[1]):02}"
    elif len(words) == 2 and words[0] in _months() and re.fullmatch(r"\d{4}", words[1]):
        yield f"{words[1]}-{_months()[words[0]]:02}"


def _years(text: str, _term: object, _predicate: NamedNode) -> Iterator[str]:
    if match := re.fullmatch(rf"([12]\d{{3}}){_ZONE}", text):
        yield match[1]


def _times(text: str, _term: object, _predicate: NamedNode) -> Iterator[str]:
    if match := re.fullmatch(rf"(\d{{4}}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?({_ZONE})", text):
        yield f"{match[1]}T{match[2]}{match[3] or ':00'}{match[4]}"


def _strings(_text: str, term: object, _predicate: NamedNode) -> Iterator[str]:
    if isinstance(term, Literal):
        yield term.value


_READERS: Final = {
    "boolean": _booleans,
    "integer": _integers,
    "decimal": _decimals,
    "double": _doubles,
    "date": _dates,
    "gYearMonth": _year_months,
    "gYear": _years,
    "dateTime": _times,
    "string": _strings,
}
