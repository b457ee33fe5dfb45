"""Contributions: checking a file without an account, and the list of what was accepted."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api import schemas
from api.bodies import is_packed, read_body
from api.negotiation import HTML, JSON, TURTLE, language, wanted
from api.pages import render
from api.schemas import answers, errors
from api.state import etag, reading, service, typed
from graph.contribute.report import Report
from graph.errors import InputError, Unsupported
from graph.turtle import turtle

router = APIRouter(tags=["contributions"])

_TEXT = "text/plain"
_GZIP_MAGIC = b"\x1f\x8b"
_EXAMPLE = """\
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> .

<https://w3id.org/infrashare/id/facility/welding-laboratory> a infra:Facility ;
  dct:title "Welding laboratory"@en .
"""
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The contribution; it may be packed (Content-Encoding: gzip).",
        "content": {
            "text/turtle": {"schema": {"type": "string"}, "example": _EXAMPLE},
            "application/n-triples": {"schema": {"type": "string"}},
            "application/ld+json": {"schema": {"type": "object"}},
            "application/rdf+xml": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    "/contributions/check",
    summary="Check a contribution",
    operation_id="checkContribution",
    openapi_extra=_BODY,
    responses={
        **answers(
            schemas.Report, "The report, whether or not the contribution conforms.", TURTLE, HTML, _TEXT
        ),
        **errors(
            status_400="It cannot be parsed: errors[] gives line and column.",
            status_413="Too many bytes.",
            status_415="A format that is not taken.",
            status_422="A limit of time or memory was passed.",
        ),
    },
)
async def check(
    request: Request,
    lang: Annotated[str | None, Query(description="Language of the messages.", examples=["nl"])] = None,
) -> Response:
    """Send RDF, get the report: no account needed, nothing is stored."""
    media_type = wanted(request, [JSON, TURTLE, HTML, _TEXT])
    kind = request.headers.get("content-type", "")
    if not kind:
        raise Unsupported("the Content-Type is missing; say text/turtle for Turtle")
    packed = is_packed(request)
    service(request)
    data = await read_body(request, request.app.state.settings.max_upload_bytes)
    if packed and not data.startswith(_GZIP_MAGIC):
        raise InputError("the Content-Encoding is gzip, but the body is not packed")
    return await run_in_threadpool(_check, request, data, kind, media_type)


def _check(request: Request, data: bytes, kind: str, media_type: str) -> Response:
    """Check in a worker, which also unpacks."""
    running = service(request)
    checked = running.checking.check(data, kind, language=language(request), against=running.against())
    return _written(request, checked.report, media_type)


def _written(request: Request, report: Report, media_type: str) -> Response:
    if media_type == JSON:
        return JSONResponse(report.as_json())
    if media_type == TURTLE:
        return typed(turtle(report.triples_of_report(service(request).rules)), TURTLE)
    if media_type == HTML:
        return render(request, "report.html", {"report": report.as_json()})
    return typed(report.as_text(), _TEXT)


@router.get("/contributions.{suffix}", include_in_schema=False)
@router.get(
    "/contributions",
    summary="What was contributed",
    operation_id="listContributions",
    responses=answers(schemas.Contributions, "The current version of each contribution.", HTML),
)
def listed(request: Request, suffix: str | None = None) -> Response:
    """The current version of each contribution."""
    running = service(request)
    kind = wanted(request, [JSON, HTML], suffix)
    revision = running.snapshot.revision

    def made() -> Response:
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
        if kind == HTML:
            return render(request, "contributions.html", {"rows": rows, "revision": revision})
        return JSONResponse({"contributions": rows})

    return reading(request, revision, etag(request, revision, kind), made)
