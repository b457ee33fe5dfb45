"""Contributions: checking a file without an account, and the list of what was accepted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pyoxigraph import RdfFormat, serialize

from api.bodies import read_body
from api.negotiation import HTML, JSON, TURTLE, language, wanted
from api.pages import render
from api.state import etag, reading, service
from graph.contribute.report import Report
from graph.errors import Unsupported
from graph.iris import PREFIXES

router = APIRouter(tags=["contributions"])

_FORMATS = (JSON, TURTLE, HTML, "text/plain")
_RDF = {
    kind: {"schema": {"type": "string"}}
    for kind in ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
}
_RDF["text/turtle"]["example"] = "<https://w3id.org/infrashare/id/facility/x> a <https://example.org/Thing> ."  # type: ignore[assignment]


@router.post(
    "/contributions/check",
    summary="Check a contribution",
    openapi_extra={"requestBody": {"required": True, "content": _RDF}},
    responses={
        200: {"description": "The report, whether or not the contribution conforms."},
        400: {"description": "It cannot be parsed: errors[] gives line and column."},
        413: {"description": "Too many bytes."},
        415: {"description": "A format that is not taken."},
    },
)
async def check(
    request: Request,
    lang: Annotated[str | None, Query(description="Language of the messages.")] = None,
) -> Response:
    """Send RDF, get the report: no account needed, nothing is stored."""
    media_type = wanted(request, _FORMATS)
    kind = request.headers.get("content-type", "")
    if not kind:
        raise Unsupported("the Content-Type is missing; say text/turtle for Turtle")
    data = await read_body(request, request.app.state.settings.max_upload_bytes)
    return await run_in_threadpool(_check, request, data, kind, media_type)


def _check(request: Request, data: bytes, kind: str, media_type: str) -> Response:
    running = service(request)
    checked = running.checking.check(
        data, kind, language=language(request), snapshot=running.snapshot.path
    )
    return _written(request, checked.report, media_type)


def _written(request: Request, report: Report, media_type: str) -> Response:
    running = service(request)
    if media_type == JSON:
        return JSONResponse(report.as_json())
    if media_type == TURTLE:
        triples = report.triples_of_report(running.rules)
        content = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
        return Response(content, media_type=TURTLE)
    if media_type == HTML:
        return render(request, "report.html", {"report": report.as_json()})
    return Response(report.as_text(), media_type="text/plain; charset=utf-8")


@router.get("/contributions", summary="What was contributed")
def listed(request: Request) -> Response:
    """The current version of each contribution."""
    running = service(request)
    kind = wanted(request, [JSON, HTML])
    snapshot = running.snapshot
    rows = [
        {
            "graph": version.graph,
            "partner": version.partner,
            "dataset": version.dataset,
            "version": version.version,
            "revision": version.revision,
            "triples": version.triples,
            "quality": {"level": version.quality_level, "score": version.quality_score},
            "accepted_at": version.accepted_at,
        }
        for version in running.ledger.current()
    ]
    tag = etag(snapshot.revision, kind, language(request))
    if kind == HTML:
        page = render(request, "contributions.html", {"rows": rows, "revision": snapshot.revision})
        return reading(request, snapshot.revision, tag, page)
    return reading(request, snapshot.revision, tag, JSONResponse({"contributions": rows}))
