"""Content negotiation after RFC 9110, section 12: which format to answer in, and which language.

A suffix of the path or ``format=`` decides before the ``Accept`` header does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from graph.iris import LANGUAGES

HTML: Final = "text/html"
JSON: Final = "application/json"
TURTLE: Final = "text/turtle"

SUFFIXES: Final = {
    "ttl": TURTLE,
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "json": JSON,
    "html": HTML,
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "geojson": "application/geo+json",
    "xml": "application/sparql-results+xml",
    "txt": "text/plain",
}


class NotAcceptable(Exception):
    """None of the formats asked for can be given."""

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(f"none of the formats in Accept can be given; offered are {', '.join(offered)}")
        self.offered = offered


@dataclass(frozen=True)
class _Range:
    kind: str
    subtype: str
    quality: float

    def fits(self, media_type: str) -> int:
        """How closely the range names the type: 0 not at all, 3 exactly."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 3
        if self.kind == kind and self.subtype == "*":
            return 2
        return 1 if self.kind == self.subtype == "*" else 0


def _ranges(header: str) -> list[_Range]:
    ranges = []
    for part in header.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = media.lower().partition("/")
        if not slash:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        ranges.append(_Range(kind, subtype, quality))
    return ranges


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type that the header prefers; the first offered where it does not care.

    Raises ``NotAcceptable``.
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    best: tuple[float, int, int] | None = None
    chosen = None
    for position, media_type in enumerate(offered):
        fitting = [(r.fits(media_type), r.quality) for r in ranges if r.fits(media_type)]
        if not fitting:
            continue
        closeness, quality = max(fitting)
        rank = (quality, closeness if closeness == 3 else 0, -position)
        if quality > 0 and (best is None or rank > best):
            best, chosen = rank, media_type
    if chosen is None:
        raise NotAcceptable(offered)
    return chosen


def wanted(request: Request, offered: Sequence[str], suffix: str | None = None) -> str:
    """The format to answer in: by suffix, by ``format=``, then by ``Accept``."""
    named = suffix or request.query_params.get("format")
    if named:
        media_type = SUFFIXES.get(named.lower(), named)
        if media_type in offered:
            return media_type
        raise NotAcceptable(offered)
    return choose(request.headers.get("accept"), offered)


def prefers_html(request: Request) -> bool:
    """Whether the client is a browser: it names HTML in its Accept header."""
    return "text/html" in request.headers.get("accept", "")


def language(request: Request) -> str:
    """The language to answer in: ``lang=``, then ``Accept-Language``, then English."""
    named = request.query_params.get("lang", "").lower()
    if named in LANGUAGES:
        return named
    ranked = []
    for position, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        ranked.append((-weight, position, tag.strip().lower().split("-")[0]))
    return next((tag for _, _, tag in sorted(ranked) if tag in LANGUAGES), "en")
