"""The page where a file is checked: empty, begun with a template or a contribution, or with the report on a file."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.check_form import CSV, FORMATS, SentForm
from api.negotiation import HTML, TURTLE, language, wanted
from api.pages import render
from api.preconditions import version_tag
from api.problems import PROBLEMS
from api.state import etag, reading, service
from graph.contribute.accept import SYSTEM_PARTNER, graph_of
from graph.contribute.marking import Mark, marked, marks_of, marks_of_errors, readable
from graph.contribute.reading.packing import MAGIC
from graph.contribute.reading.syntax import in_language
from graph.contribute.tables.cells import Cells
from graph.contribute.tables.metadata import Tables
from graph.contribute.tables.template import csv_template, turtle_template
from graph.contribute.words import Words
from graph.errors import GraphError, NotFound, Place, SyntaxProblem
from graph.store.formats import write_graph

router = APIRouter()

SHOWN: Final = 1024 * 1024
"""Longest text in characters that the page shows whole, to be edited."""
_NAMES: Final = {media_type: name for name, media_type in FORMATS.items()}


@router.get("/contributions/check", include_in_schema=False)
def empty(
    request: Request,
    template: Annotated[str | None, Query()] = None,
    table: Annotated[bool, Query()] = False,
    contribution: Annotated[str | None, Query()] = None,
) -> Response:
    """The page before anything was sent, with a template or the current version of a contribution to begin with."""
    wanted(request, [HTML])
    revision = service(request).snapshot.revision

    def made() -> Response:
        page: dict[str, Any] = {}
        if template:
            page = _template(template, table, language(request))
        elif contribution:
            page = _contribution(request, contribution)
        return _page(request, page)

    return reading(request, revision, etag(request, revision, HTML), made)


def answered(request: Request, form: SentForm) -> Response:
    """The page with the report on what a form held, with what was mended, or with what keeps it from being read."""
    running = service(request)
    limit: int = request.app.state.settings.max_upload_bytes
    data, kind = form.data, form.media_type
    page: dict[str, Any] = {"name": form.name}
    marks: dict[int, list[Mark]] = {}
    status = 200
    headers = {}
    try:
        if kind == CSV:
            converted = running.converting.convert(data)
            data, kind = converted.turtle.encode(), TURTLE
            page |= {"converted": converted, "name": ""}
        with running.against() as against:
            if form.fix:
                corrected = running.checking.fix(
                    data, kind, language=language(request), against=against, only=form.only
                )
                data, kind, report = corrected.data, corrected.media_type, corrected.report
                page["mended"] = [finding.as_json() for finding in corrected.mended]
            else:
                report = running.checking.check(
                    data, kind, language=language(request), against=against
                ).report
        marks = marks_of(report)
        why = {code: running.rules[code].description for code in report.by_code if code in running.rules}
        page |= {"report": report.as_json(), "why": why}
    except GraphError as error:
        told = in_language(error, language(request), Words()) if isinstance(error, SyntaxProblem) else error
        problem = PROBLEMS[told.problem]
        status = problem.status
        headers = {"Retry-After": "5"} if status == 503 else {}
        marks = marks_of_errors(told.places)
        page["errors"] = told.places or (Place(told.detail, told.problem),)
        page["spoken"] = language(request) if isinstance(error, SyntaxProblem) and told.places else "en"
    text = "" if b"\0" in data[:1024] and not data.startswith(MAGIC) else readable(data, limit)
    page |= {
        "text": text if len(text) <= SHOWN else None,
        "format": _NAMES.get(kind, "turtle"),
        "source": marked(text, marks),
        "marks": [
            {"line": line, **{key: value for key, value in vars(mark).items() if value is not None}}
            for line, told_there in sorted(marks.items())
            for mark in told_there
        ],
    }
    return _page(request, page, status, headers)


def _page(
    request: Request, page: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    running = service(request)
    start: dict[str, Any] = {
        "text": "",
        "name": "",
        "format": "",
        "version": None,
        "contribution": None,
        "templates": [
            {"name": table.name, "label": table.labels.get(language(request), table.title)}
            for table in Tables().all()
        ],
        "datasets": [
            (version.partner, version.dataset)
            for version in running.ledger.current()
            if version.partner != SYSTEM_PARTNER
        ],
        "limit": request.app.state.settings.max_upload_bytes,
        "revision": running.snapshot.revision,
    }
    return render(request, "check.html", start | page, status, headers)


def _template(name: str, table: bool, lang: str) -> dict[str, Any]:
    """The template of a class to begin with, as Turtle or as a table."""
    found = Tables()[name]
    if table:
        return {
            "text": csv_template(found, lang).replace("\r\n", "\n"),
            "format": "csv",
            "name": f"{found.name}.csv",
        }
    return {"text": turtle_template(found, Cells()), "format": "turtle", "name": f"{found.name}.ttl"}


def _contribution(request: Request, name: str) -> dict[str, Any]:
    """The current version of a contribution to be edited. Raises ``NotFound``."""
    partner, slash, dataset = name.partition("/")
    if not slash:
        raise NotFound(f"{name[:100]!r} names no contribution; /contributions lists them")
    history = service(request).contributions.history
    graph = graph_of(partner, dataset)
    current = history.current(graph)
    text = write_graph(history.triples(graph, current.version), TURTLE).decode()
    return {
        "text": text if len(text) <= SHOWN else None,
        "format": "turtle",
        "name": f"{dataset}.ttl",
        "contribution": {"partner": partner, "dataset": dataset, "version": current.version},
        "version": version_tag(request, current),
    }
