"""Content negotiation after RFC 9110, section 12: which format to answer in, and which language.

A suffix of the path or ``format=`` decides before the ``Accept`` header does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from graph.errors import NotFound
from graph.iris import LANGUAGES

HTML: Final = "text/html"
JSON: Final = "application/json"
SVG: Final = "image/svg+xml"
TURTLE: Final = "text/turtle"
JSON_LD: Final = "application/ld+json"
GRAPHML: Final = "application/graphml+xml"
CYTOSCAPE: Final = "application/vnd.cytoscape+json"
"""Elements of Cytoscape; no type is registered for them, so this one is ours."""
RDF: Final = (TURTLE, JSON_LD, "application/n-triples", "application/rdf+xml")
"""The formats of RDF graphs, the one for people first."""

SUFFIXES: Final = {
    "ttl": TURTLE,
    "nt": "application/n-triples",
    "jsonld": JSON_LD,
    "rdf": "application/rdf+xml",
    "json": JSON,
    "html": HTML,
    "svg": SVG,
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "geojson": "application/geo+json",
    "xml": "application/sparql-results+xml",
    "txt": "text/plain",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "atom": "application/atom+xml",
    "graphml": GRAPHML,
    "cyjs": CYTOSCAPE,
    "cytoscape": CYTOSCAPE,
}
"""Endings of paths and values of ``format=``."""

_ALSO: Final = {
    "application/xhtml+xml": (HTML,),
    "application/x-turtle": (TURTLE,),
    "text/n3": (TURTLE,),
    "text/rdf+n3": (TURTLE,),
    "text/plain": ("application/n-triples",),
    "application/x-trig": ("application/trig",),
    "text/x-nquads": ("application/n-quads",),
    "application/xml": (
        "application/sparql-results+xml",
        "application/rdf+xml",
        "application/atom+xml",
        GRAPHML,
    ),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml", "application/atom+xml", GRAPHML),
    "application/sparql-results+xml": ("application/rdf+xml",),
    JSON: ("application/sparql-results+json", JSON_LD, "application/geo+json"),
    "application/sparql-results+json": (JSON,),
}
"""What satisfies a client that asks for a type which is not offered: types of the same syntax."""


_WILDCARD: Final = 2
"""The closeness of a range with a wildcard, at most."""


class NotAcceptable(Exception):  # noqa: N818 - the name of the status in RFC 9110
    """None of the formats asked for can be given."""

    def __init__(self, asked: str, offered: Sequence[str]) -> None:
        super().__init__(f"{asked[:200]!r} cannot be given here; there is {', '.join(offered)}")
        self.offered = tuple(offered)


@dataclass(frozen=True)
class _Range:
    kind: str
    subtype: str
    quality: float

    def fits(self, media_type: str) -> int:
        """How closely the range names the type: 0 not at all, 4 exactly."""
        kind, _, subtype = media_type.partition("/")
        if (self.kind, self.subtype) == (kind, subtype):
            return 4
        if media_type in _ALSO.get(f"{self.kind}/{self.subtype}", ()):
            return 3
        if self.kind == kind and self.subtype == "*":
            return 2
        return 1 if self.kind == self.subtype == "*" else 0


def _ranges(header: str) -> list[_Range]:
    ranges = []
    for part in header.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = media.lower().partition("/")
        if slash:
            ranges.append(_Range(kind.strip(), subtype.strip(), _quality(parameters)))
    return ranges


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type that the header prefers; the first offered where it does not care.

    The closest range decides how much a type is wanted; among types wanted as much, one that is named goes
    before one that a wildcard covers, then the order of the offer counts. Raises ``NotAcceptable``.
    """
    ranges = _ranges(accept or "")
    if not ranges:
        return offered[0]
    best: tuple[float, int, int] | None = None
    chosen = ""
    for position, media_type in enumerate(offered):
        closeness, quality = max((r.fits(media_type), r.quality) for r in ranges)
        rank = (quality, max(closeness, _WILDCARD), -position)
        if closeness and quality > 0 and (best is None or rank > best):
            best, chosen = rank, media_type
    if best is None:
        raise NotAcceptable(accept or "", offered)
    return chosen


def accepted(request: Request) -> str:
    """What the client accepts, in one line."""
    return ", ".join(request.headers.getlist("accept"))


def named(name: str, offered: Sequence[str]) -> str:
    """The offered type that a suffix, a name or a media type stands for. Raises ``NotAcceptable``."""
    media_type = SUFFIXES.get(name.lower(), name.lower())
    for candidate in (media_type, *_ALSO.get(media_type, ())):
        if candidate in offered:
            return candidate
    raise NotAcceptable(name, offered)


def wanted(request: Request, offered: Sequence[str], suffix: str | None = None) -> str:
    """The format to answer in: by suffix, by ``format=``, then by ``Accept``.

    Raises ``NotFound`` for a suffix that stands for no format, ``NotAcceptable`` for one not offered.
    """
    if suffix is not None and suffix not in SUFFIXES:
        raise NotFound(f"no format has the suffix .{suffix[:40]}; use one of .{', .'.join(SUFFIXES)}")
    name = suffix or request.query_params.get("format")
    return named(name, offered) if name else choose(accepted(request), offered)


def without_suffix(name: str) -> tuple[str, str | None]:
    """The name of a thing, and the suffix where one of ours follows it: ``x.ttl`` is ``x`` as ``ttl``."""
    bare, dot, suffix = name.rpartition(".")
    return (bare, suffix) if dot and bare and suffix in SUFFIXES else (name, None)


def alternates(path: str, endings: Iterable[str], query: str = "") -> list[str]:
    """The links to the twins of a page, for the header ``Link`` (RFC 8288)."""
    return [f'<{path}.{ending}{query}>; rel="alternate"; type="{SUFFIXES[ending]}"' for ending in endings]


def twin_query(request: Request) -> str:
    """What was asked, as the twins of the answer in other formats keep it: the query without ``format=``."""
    query = request.url.remove_query_params("format").query
    return f"?{query}" if query else ""


def prefers_html(request: Request) -> bool:
    """Whether the client would rather have a page than JSON."""
    try:
        return choose(accepted(request), ("application/problem+json", JSON, HTML)) == HTML
    except NotAcceptable:
        return False


def language(request: Request) -> str:
    """The language to answer in: ``lang=``, then ``Accept-Language``, then English."""
    asked = request.query_params.get("lang", "").lower()
    if asked in LANGUAGES:
        return asked
    ranked = []
    for position, part in enumerate(",".join(request.headers.getlist("accept-language")).split(",")):
        tag, *parameters = part.split(";")
        quality = _quality(parameters)
        if quality > 0:
            ranked.append((-quality, position, tag.strip().lower().split("-")[0]))
    return next((tag for _, _, tag in sorted(ranked) if tag in LANGUAGES), "en")
