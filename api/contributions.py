"""Contributions: checking a file without an account, and the list of what was accepted."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api import check_page, schemas
from api.bodies import is_packed, read_body
from api.check_form import CSV, MULTIPART, is_form, read_form
from api.check_form import FORMATS as FORMATS_OF_FORMS
from api.moments import NOT_YET, REVISION, lasts, moment, shown, tag
from api.negotiation import HTML, JSON, TURTLE, language, wanted
from api.pages import render
from api.schemas import answers, errors
from api.state import reading, service, typed
from graph.contribute.marking import marked, marks_of, marks_of_errors, readable
from graph.contribute.reading.parse import FORMATS
from graph.contribute.reading.syntax import in_language
from graph.contribute.report import Report
from graph.contribute.validation_report import validation_report
from graph.contribute.words import Words
from graph.errors import InputError, Place, SyntaxProblem, Unsupported
from graph.turtle import turtle

router = APIRouter(tags=["contributions"])

_TEXT = "text/plain"
GZIP_MAGIC = b"\x1f\x8b"
_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "text": {"type": "string"},
        "format": {"type": "string", "enum": ["", *FORMATS_OF_FORMS]},
        "fix": {"type": "string"},
        "only": {"type": "array", "items": {"type": "string"}},
    },
}
_EXAMPLE = """\
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> .

<https://w3id.org/infrashare/id/facility/welding-laboratory> a infra:Facility ;
  dct:title "Welding laboratory"@en .
"""


def body_of_example(example: str, also: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """The description of a body that is a contribution, with an example in Turtle; ``also`` are more media types."""
    return {
        "required": True,
        "description": "The contribution; it may be packed (Content-Encoding: gzip).",
        "content": {
            "text/turtle": {"schema": {"type": "string"}, "example": example},
            "application/n-triples": {"schema": {"type": "string"}},
            "application/ld+json": {"schema": {"type": "object"}},
            "application/rdf+xml": {"schema": {"type": "string"}},
            **also,
        },
    }


@router.post(
    "/contributions/check",
    summary="Check a contribution",
    operation_id="checkContribution",
    openapi_extra={"requestBody": body_of_example(_EXAMPLE, {MULTIPART: {"schema": _FORM}})},
    responses={
        **answers(
            schemas.CheckAnswer,
            "The report, whether or not the contribution conforms; with `fix=true` the corrected file.",
            *(TURTLE, HTML, _TEXT, "application/n-triples", "application/ld+json", "application/rdf+xml"),
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
    fix: Annotated[bool, Query(description="Answer with the corrected file instead of the report.")] = False,
    only: Annotated[
        list[str] | None,
        Query(description="With fix=true, keys of the suggestions to make; all where there is none."),
    ] = None,
) -> Response:
    """Send RDF, get the report: no account needed, nothing is stored.

    With `fix=true` the answer is the file with all mends made that are certain, in the format that was sent. As JSON it
    is the corrected file with what was mended and the report on what remains. A form has the file in `file`, or text in
    `text`, and may say in `format` what it is: `turtle`, `json-ld`, `rdf-xml`, `n-triples` or `csv` (a table like the
    templates).
    """
    service(request)
    if is_form(request):
        return await _check_form(request)
    kind = request.headers.get("content-type", "")
    sent = kind.partition(";")[0].strip().lower()
    media_type = wanted(request, [sent, JSON] if fix and sent in FORMATS else [JSON, TURTLE, HTML, _TEXT])
    if not kind:
        raise Unsupported("the Content-Type is missing; say text/turtle for Turtle")
    packed = is_packed(request)
    data = await read_body(request, request.app.state.settings.max_upload_bytes)
    if packed and not data.startswith(GZIP_MAGIC):
        raise InputError("the Content-Encoding is gzip, but the body is not packed")
    if fix:
        return await run_in_threadpool(_correct, request, data, kind, media_type, tuple(only or ()))
    return await run_in_threadpool(_check, request, data, kind, media_type)


async def _check_form(request: Request) -> Response:
    """Check what a form holds: as a page for people, else like a file."""
    media_type = wanted(request, [JSON, TURTLE, HTML, _TEXT])
    form = await read_form(request, request.app.state.settings.max_upload_bytes)
    if media_type == HTML:
        return await run_in_threadpool(check_page.answered, request, form)

    def checked() -> Response:
        data, kind = form.data, form.media_type
        if kind == CSV:
            data, kind = service(request).converting.convert(data).turtle.encode(), TURTLE
        if form.fix:
            return _correct(request, data, kind, media_type, form.only)
        return _check(request, data, kind, media_type)

    return await run_in_threadpool(checked)


def _check(request: Request, data: bytes, kind: str, media_type: str) -> Response:
    """Check in a worker, which also unpacks."""
    running = service(request)
    try:
        with running.against() as against:
            checked = running.checking.check(data, kind, language=language(request), against=against)
    except SyntaxProblem as error:
        told = in_language(error, language(request), Words())
        if media_type != HTML:
            raise told from error
        return _unreadable(request, data, told)
    return _written(request, checked.report, data, media_type)


def _written(request: Request, report: Report, data: bytes, media_type: str) -> Response:
    if media_type == JSON:
        return JSONResponse(report.as_json())
    if media_type == TURTLE:
        return typed(turtle(validation_report(report, service(request).rules)), TURTLE)
    if media_type == HTML:
        source = marked(_text(request, data), marks_of(report))
        return render(request, "report.html", {"report": report.as_json(), "source": source})
    return typed(report.as_text(), _TEXT)


def _unreadable(request: Request, data: bytes, error: SyntaxProblem) -> Response:
    """The page that shows a file where it cannot be parsed."""
    source = marked(_text(request, data), marks_of_errors(error.places))
    places = error.places or (Place(error.detail, error.problem),)
    return render(request, "report.html", {"errors": places, "source": source}, status=400)


def _text(request: Request, data: bytes) -> str:
    return readable(data, request.app.state.settings.max_upload_bytes)


def _correct(
    request: Request, data: bytes, kind: str, media_type: str, only: tuple[str, ...] = ()
) -> Response:
    """Correct in a worker: the corrected file in the format that was sent, or what was done as JSON."""
    running = service(request)
    try:
        with running.against() as against:
            corrected = running.checking.fix(
                data, kind, language=language(request), against=against, only=only
            )
    except SyntaxProblem as error:
        raise in_language(error, language(request), Words()) from error
    headers = {
        "Infrashare-Mended": str(len(corrected.mended)),
        "Infrashare-Conforms": str(corrected.report.conforms).lower(),
        "Vary": "Accept, Accept-Language",
    }
    if media_type == JSON:
        answer: Response = JSONResponse(
            {
                "corrected": corrected.data.decode(),
                "mended": [finding.as_json() for finding in corrected.mended],
                "report": corrected.report.as_json(),
            }
        )
    else:
        answer = typed(corrected.data, corrected.media_type)
    answer.headers.update(headers)
    return answer


@router.get("/contributions.{suffix}", include_in_schema=False)
@router.get(
    "/contributions",
    summary="What was contributed",
    operation_id="listContributions",
    responses={
        **answers(schemas.Contributions, "The current version of each contribution.", HTML),
        **NOT_YET,
    },
)
def listed(
    request: Request, revision: Annotated[str | None, REVISION] = None, suffix: str | None = None
) -> Response:
    """The version of each contribution that is current, or was at a past revision."""
    running = service(request)
    at = moment(request)
    kind = wanted(request, [JSON, HTML], suffix)

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
            for version in running.ledger.current(at=at.revision)
        ]
        if kind == HTML:
            return render(request, "contributions.html", {"rows": rows, **shown(request, at)})
        return JSONResponse({"contributions": rows})

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))
