"""Languages in which facilities serve their users: two-letter codes (ISO 639-1) and the EU's authority table."""

from pyoxigraph import NamedNode

from graph.errors import InputError

_CODES = {
    "en": "ENG", "nl": "NLD", "de": "DEU", "it": "ITA", "sv": "SWE", "cs": "CES", "et": "EST", "lv": "LAV",
    "fr": "FRA", "pl": "POL", "es": "SPA", "fi": "FIN", "da": "DAN", "lt": "LIT", "sk": "SLK", "pt": "POR",
    "hu": "HUN", "sl": "SLV", "hr": "HRV", "ro": "RON", "bg": "BUL", "el": "ELL", "ga": "GLE", "mt": "MLT",
    "no": "NOR", "ru": "RUS", "uk": "UKR",
}  # fmt: skip
_AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
_BY_NAME = {_AUTHORITY + name: code for code, name in _CODES.items()}


def language(code: str) -> NamedNode:
    """The language of a two-letter code. Raises ``InputError`` for one that is not known."""
    try:
        return NamedNode(_AUTHORITY + _CODES[code.lower()])
    except KeyError as error:
        known = ", ".join(sorted(_CODES))
        raise InputError(f"language {code!r} is not known; use one of {known}") from error


def code_of(node: NamedNode) -> str | None:
    """The two-letter code of a language of the authority table; ``None`` for anything else."""
    return _BY_NAME.get(node.value)
