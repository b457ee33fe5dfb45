"""For search engines: what they may fetch, and all pages with the time of their last change."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.schemas import texts
from api.state import etag, reading, service, typed
from graph.errors import NotFound
from graph.publish.sitemap import Entry, entries, index, parts, urlset

router = APIRouter(tags=["harvesting"])

_XML = "application/xml"
_KEPT_OUT = ("/sparql", "/graph-store", "/match", "/queries/", "/feed/", "/dump.", "/jobs/", "/*?*revision=")
"""What costs much and shows nothing of its own."""


@router.get(
    "/robots.txt",
    summary="What search engines may fetch",
    operation_id="robots",
    responses=texts("RFC 9309.", "text/plain"),
)
def robots(request: Request) -> Response:
    """All pages, but not what is computed at each request."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _KEPT_OUT), "Allow: /"]
    revision = service(request).snapshot.revision

    def made() -> Response:
        return typed("\n".join([*lines, f"Sitemap: {request.base_url}sitemap.xml", ""]), "text/plain")

    return reading(request, revision, etag(request, revision), made)


@router.get(
    "/sitemap.xml",
    summary="All pages",
    operation_id="sitemap",
    responses=texts("A sitemap, or an index of several.", _XML),
)
def sitemap(request: Request) -> Response:
    """The pages with the time of their last change; above 50,000 an index of sitemaps."""
    revision = service(request).snapshot.revision

    def made() -> Response:
        sitemaps = parts(_entries(request))
        site = str(request.base_url)
        return typed(urlset(sitemaps[0], site) if len(sitemaps) == 1 else index(sitemaps, site), _XML)

    return reading(request, revision, etag(request, revision), made)


@router.get("/sitemap-{number}.xml", include_in_schema=False)
def part(request: Request, number: int) -> Response:
    """One of several sitemaps."""
    revision = service(request).snapshot.revision

    def made() -> Response:
        sitemaps = parts(_entries(request))
        if not 1 <= number <= len(sitemaps):
            raise NotFound(f"there is no sitemap {number}; there are {len(sitemaps)}")
        return typed(urlset(sitemaps[number - 1], str(request.base_url)), _XML)

    return reading(request, revision, etag(request, revision), made)


def _entries(request: Request) -> list[Entry]:
    running = service(request)
    snapshot = running.snapshot
    versions = running.ledger.current(at=snapshot.revision)
    changed = running.ledger.time_of(snapshot.revision)
    return entries(snapshot, running.catalogue, versions, changed)
