"""The change feed: a Linked Data Event Stream that a mirror follows."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.negotiation import HTML, RDF, alternates, wanted, without_suffix
from api.pages import render
from api.schemas import errors, texts
from api.state import etag, reading, service, typed
from graph.contribute.provenance import SOFTWARE
from graph.errors import NotFound
from graph.publish.feed import FORMATS, Page, in_format
from graph.store.formats import GRAPH_FORMATS, write_graph
from graph.store.ledger import Version

router = APIRouter(tags=["harvesting"])

_ROOT = (*RDF, *FORMATS, HTML)
_PAGE = (*FORMATS, HTML)


def _address(request: Request) -> str:
    return f"{request.base_url}feed"


@router.get("/feed.{suffix}", include_in_schema=False)
@router.get(
    "/feed",
    summary="The change feed",
    operation_id="feed",
    responses=texts(
        "What the feed is and its pages (https://w3id.org/ldes/specification).", *dict.fromkeys(_ROOT)
    ),
)
def feed(request: Request, suffix: str | None = None) -> Response:
    """Every accepted version of every graph, deletions too, in pages; all but the last page never change."""
    running = service(request)
    revision = running.snapshot.revision
    kind = wanted(request, list(dict.fromkeys(_ROOT)), suffix)

    def made() -> Response:
        pages = running.feed.pages(revision)
        if kind == HTML:
            answer: Response = render(
                request, "feed.html", {"pages": pages, "page": None, "revision": revision}
            )
        else:
            triples = running.feed.root(revision, _address(request))
            if kind in GRAPH_FORMATS:
                answer = typed(write_graph(triples, kind), kind)
            else:
                quads = write_graph(triples, "application/n-triples")
                answer = typed(in_format(quads, kind), kind)
        answer.headers["Link"] = ", ".join(
            [*alternates("/feed", ("trig", "nq", "jsonld", "ttl", "html")), *_ends(pages)]
        )
        return answer

    return reading(request, revision, etag(request, revision, kind), made)


@router.get(
    "/feed/{page}",
    summary="A page of the change feed",
    operation_id="feedPage",
    responses={
        **texts("Its members: each what it is, and in a graph of its name what it holds.", *_PAGE),
        **errors(status_404="The feed has no such page yet."),
    },
)
def page(
    request: Request,
    page: Annotated[
        str, Path(description="Its number; a suffix such as .nq names the format.", examples=["1"])
    ],
) -> Response:
    """Versions in the order of acceptance; a closed page stays as it is for good."""
    running = service(request)
    bare, suffix = without_suffix(page)
    if not (bare.isascii() and bare.isdecimal() and len(bare) < 10):
        raise NotFound(f"the feed has no page {bare[:40]!r}; its pages have numbers")
    shown = running.feed.page(int(bare), running.snapshot.revision)
    kind = wanted(request, _PAGE, suffix)

    def made() -> Response:
        if kind == HTML:
            rows = [_row(version) for version in shown.versions]
            context = {"pages": [], "page": shown, "rows": rows, "revision": shown.last.revision}
            answer: Response = render(request, "feed.html", context)
        else:
            answer = typed(in_format(running.feed.quads(shown, _address(request)), kind), kind)
        answer.headers["Link"] = ", ".join(_links(shown))
        return answer

    revision = shown.last.revision
    tag = etag(request, revision, kind, "closed" if shown.is_closed else "open")
    return reading(request, revision, tag, made, lasting=shown.is_closed and kind != HTML)


def _ends(pages: Sequence[Page]) -> list[str]:
    if not pages:
        return []
    return [f'</feed/{pages[0].number}>; rel="first"', f'</feed/{pages[-1].number}>; rel="last"']


def _links(page: Page) -> list[str]:
    links = [*alternates(f"/feed/{page.number}", ("trig", "nq", "jsonld")), '</feed>; rel="collection"']
    if page.number > 1:
        links.append(f'</feed/{page.number - 1}>; rel="prev"')
    if page.is_closed:
        links.append(f'</feed/{page.number + 1}>; rel="next"')
    return links


def _row(version: Version) -> dict[str, Any]:
    return {
        "name": version.name,
        "is_system": version.partner == SOFTWARE,
        "version": version.version,
        "revision": version.revision,
        "change": version.change,
        "triples": version.triples,
        "accepted_at": version.accepted_at,
        "message": version.message,
    }
