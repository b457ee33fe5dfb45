"""Countries and languages by what people write: names in nine languages, and the codes of ISO 3166 and ISO 639.

Names and aliases are those of the Unicode CLDR, by Babel.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from graph.contribute.mending.codes import folded
from graph.iris import LANGUAGES

_EU_TABLE = {
    **{
        "bg": "BUL",
        "hr": "HRV",
        "cs": "CES",
        "da": "DAN",
        "nl": "NLD",
        "en": "ENG",
        "et": "EST",
        "fi": "FIN",
    },
    **{
        "fr": "FRA",
        "de": "DEU",
        "el": "ELL",
        "hu": "HUN",
        "ga": "GLE",
        "it": "ITA",
        "lv": "LAV",
        "lt": "LIT",
    },
    **{
        "mt": "MLT",
        "pl": "POL",
        "pt": "POR",
        "ro": "RON",
        "sk": "SLK",
        "sl": "SLV",
        "es": "SPA",
        "sv": "SWE",
    },
    **{
        "no": "NOR",
        "is": "ISL",
        "uk": "UKR",
        "ru": "RUS",
        "tr": "TUR",
        "ca": "CAT",
        "eu": "EUS",
        "gl": "GLG",
    },
}
"""Languages with their codes in the EU's authority table, which are those of ISO 639-3."""

_ALSO = {
    **dict.fromkeys(("uk", "great britain", "groot-brittannië", "großbritannien", "storbritannien"), "GB"),
    **dict.fromkeys(("czech republic", "česká republika", "tschechische republik", "repubblica ceca"), "CZ"),
    **dict.fromkeys(("tsjechische republiek", "république tchèque", "tjeckiska republiken"), "CZ"),
    "the netherlands": "NL",
    "el": "GR",
}
"""Names and codes that the CLDR lacks, and the two codes in which Eurostat differs from ISO."""


def country_code(text: str) -> str | None:
    """The two letters of ISO 3166 for a country's name or code, where one country has it."""
    found = _countries().get(folded(text), frozenset())
    return next(iter(found)) if len(found) == 1 else None


def language_code(text: str) -> str | None:
    """The three letters of the EU's table for a language's name or code, where one language has it."""
    found = _languages().get(folded(text), frozenset())
    return next(iter(found)) if len(found) == 1 else None


@cache
def _countries() -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    codes = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))}
    codes -= {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in codes:
                names[folded(str(name))].add(str(code))
    for code in codes:
        names[folded(code)] = {code}
    for name, code in _ALSO.items():
        names[folded(name)] = {code}
    merged: Mapping[str, list[str]] = get_global("territory_aliases")
    for alias, territories in merged.items():
        if len(alias) == 3 and alias.isalpha() and len(territories) == 1:
            names[folded(alias)] = {str(territories[0])}
    return {name: frozenset(found) for name, found in names.items()}


@cache
def _languages() -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for language in (*LANGUAGES, *_EU_TABLE):
        for code, name in Locale(language).languages.items():
            if code in _EU_TABLE and (language in LANGUAGES or code == language):
                names[folded(name)].add(_EU_TABLE[code])
    aliases: Mapping[str, str] = get_global("language_aliases")
    for alias, code in aliases.items():
        if code in _EU_TABLE and len(alias) == 3:
            names[folded(alias)] = {_EU_TABLE[code]}
    for code, three in _EU_TABLE.items():
        names[folded(code)] = {three}
        names[folded(three)] = {three}
    return {name: frozenset(found) for name, found in names.items()}
