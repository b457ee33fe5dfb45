"""The public SPARQL endpoint: SPARQL 1.1 Protocol for queries, safe by workers and limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api import schemas
from api.bodies import media_type, read_small_body
from api.clients import client_of, tell_share
from api.moments import NOT_YET, PARAMETER, REVISION, moment, shown, tag
from api.moments import asked as asked_revision
from api.negotiation import (
    HTML,
    JSON,
    RDF,
    NotAcceptable,
    accepted,
    choose,
    language,
    named,
    prefers_html,
    wanted,
)
from api.pages import render
from api.schemas import answers, errors
from api.service_description import service_description
from api.state import etag, reading, service, typed
from graph.errors import InputError, Refused, Unsupported
from graph.iris import PREFIXES
from graph.store.catalogue import AUDIENCES
from graph.store.evaluation import Dataset
from graph.store.formats import DATASET_FORMATS, write_graph

router = APIRouter(tags=["sparql"])

RESULTS_JSON = "application/sparql-results+json"
GRAPHS = (*RDF, *DATASET_FORMATS)
TABLES = (RESULTS_JSON, JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
_QUERY = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"
_EXAMPLE = "SELECT ?facility WHERE { ?facility a infra:Facility } LIMIT 5"
_NO_UPDATES = "updates are not allowed; the public dataset changes only by contributions"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    **answers(
        schemas.SparqlResults, "The complete answer.", *TABLES[2:], *RDF, HTML, media_type=RESULTS_JSON
    ),
    **errors(
        status_400="The query cannot be parsed; line and column are given.",
        status_403="Updates, LOAD and SERVICE are not allowed.",
        status_413="The query is too long.",
        status_422="A limit of time, memory or size was passed; the answer is never cut.",
        status_429="The client's share of evaluation is used up: wait for the seconds in Retry-After.",
    ),
    **NOT_YET,
}
_BODY: dict[str, Any] = {
    "parameters": [PARAMETER],
    "requestBody": {
        "required": True,
        "content": {
            _QUERY: {"schema": {"type": "string"}, "example": _EXAMPLE},
            _FORM: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "query": {"type": "string"},
                        "default-graph-uri": {"type": "array", "items": {"type": "string"}},
                        "named-graph-uri": {"type": "array", "items": {"type": "string"}},
                        "timeout": {"type": "number"},
                        "format": {"type": "string"},
                        "revision": {"type": "integer"},
                    },
                    "required": ["query"],
                },
                "example": {"query": _EXAMPLE},
            },
        },
    },
}


@dataclass(frozen=True)
class _Asked:
    """A request of the SPARQL protocol."""

    query: str
    dataset: Dataset
    timeout: float | None
    format: str | None
    revision: int | None


def _asked(fields: dict[str, list[str]], query: str | None = None) -> _Asked:
    """Read the protocol's parameters. Raises ``InputError``, and ``Refused`` for an update."""
    if "update" in fields:
        raise Refused(_NO_UPDATES)
    queries = fields.get("query", []) if query is None else [query]
    if len(queries) != 1:
        raise InputError(f"there are {len(queries)} parameters named query; send exactly one")
    dataset = Dataset(tuple(fields.get("default-graph-uri", ())), tuple(fields.get("named-graph-uri", ())))
    timeout = next(iter(fields.get("timeout", [])), None)
    form = next(iter(fields.get("format", [])), None)
    return _Asked(queries[0], dataset, _seconds(timeout), form, asked_revision(fields.get("revision", [])))


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError as error:
        raise InputError(f"timeout={text[:40]!r} is not a number of seconds") from error
    if not seconds > 0:
        raise InputError(f"timeout={text[:40]!r} must be more than 0 seconds")
    return seconds


def _parameters(request: Request) -> dict[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


@router.get("/sparql", summary="Run a SPARQL query", operation_id="sparqlGet", responses=_ANSWERS)
async def get(
    request: Request,
    query: Annotated[str | None, Query(examples=[_EXAMPLE])] = None,
    timeout: Annotated[
        str | None, Query(description="Seconds; may only shorten the limit.", examples=["5"])
    ] = None,
    format: Annotated[str | None, Query(description="A format in place of Accept, such as csv.")] = None,
    revision: Annotated[str | None, REVISION] = None,
    default_graph_uri: Annotated[list[str] | None, Query(alias="default-graph-uri")] = None,
    named_graph_uri: Annotated[list[str] | None, Query(alias="named-graph-uri")] = None,
) -> Response:
    """Without a query: a form for people, the service description for machines."""
    if query is None and "update" not in request.query_params:
        return await run_in_threadpool(_description, request)
    return await run_in_threadpool(_run, request, _asked(_parameters(request)))


async def post(request: Request) -> Response:
    """The query as the body, or as the field ``query`` of a form."""
    kind = media_type(request)
    if kind == "application/sparql-update":
        raise Refused(_NO_UPDATES)
    if kind not in {_QUERY, _FORM}:
        raise Unsupported(
            f"{kind or 'no media type'} is not taken; send {_QUERY} or a form with the field query"
        )
    limit = request.app.state.settings.max_query_bytes * (4 if kind == _FORM else 1)
    text = _decoded(await read_small_body(request, limit))
    asked = _asked(_parameters(request), text) if kind == _QUERY else _asked(_form(request, text))
    return await run_in_threadpool(_run, request, asked)


router.add_api_route(
    "/sparql",
    post,
    methods=["POST"],
    summary="Run a SPARQL query sent as the body",
    operation_id="sparqlPost",
    responses={**_ANSWERS, **errors(status_415="Neither a query nor a form.")},
    openapi_extra=_BODY,
)
router.add_api_route("/sparql", post, methods=["QUERY"], include_in_schema=False)


def _form(request: Request, text: str) -> dict[str, list[str]]:
    """The fields of a form; the revision may stand in the address too."""
    fields = _fields(text)
    return {**fields, "revision": [*fields.get("revision", []), *request.query_params.getlist("revision")]}


def _fields(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError as error:
        raise InputError(f"the form cannot be read: {error}") from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start + 1} of the body is not UTF-8; send UTF-8") from error


def _kind(request: Request, offered: Sequence[str], name: str | None) -> str:
    """The format of a result; a browser that can take none of them gets the first."""
    if name:
        return named(name, offered)
    try:
        return choose(accepted(request), offered)
    except NotAcceptable:
        if prefers_html(request):
            return offered[0]
        raise


def _run(request: Request, asked: _Asked) -> Response:
    running = service(request)
    query = running.public.screen(asked.query, f"{request.base_url}sparql")
    offered = GRAPHS if query.form in {"CONSTRUCT", "DESCRIBE"} else TABLES
    client = client_of(request)
    media_type = _kind(request, offered, asked.format)
    at = running.moment(asked.revision)
    named_graphs = (*asked.dataset.default, "|", *asked.dataset.named)

    def made() -> Response:
        snapshot = at.snapshot()
        answer = running.public.run(
            query,
            media_type,
            snapshot.path,
            timeout=asked.timeout,
            dataset=asked.dataset,
            client=client,
        )
        return typed(answer.content, answer.media_type)

    answer = reading(
        request,
        at.revision,
        etag(request, at.revision, media_type, query.text, *named_graphs),
        made,
        keep=False,
    )
    tell_share(answer, running.public.shares, client)
    return answer


def _description(request: Request) -> Response:
    running = service(request)
    at = moment(request)
    kind = wanted(request, [*RDF, HTML])

    def made() -> Response:
        if kind == HTML:
            return render(request, "sparql.html", {**_examples(request), **shown(request, at)})
        described = service_description(request, running.settings, at.snapshot())
        return typed(write_graph(described, kind), kind)

    return reading(request, at.revision, tag(request, at, kind), made)


def _examples(request: Request) -> dict[str, Any]:
    """The questions that people ask, by who asks, and the one that ``?example=`` chooses, in the reader's language."""
    catalogue, lang = service(request).catalogue, language(request)
    chosen = next((one for one in catalogue.all() if one.name == request.query_params.get("example")), None)
    text = ""
    if chosen is not None:
        text = chosen.bind_strings({"lang": [lang]}) if chosen.takes("lang") else chosen.text
    groups = [
        (catalogue.say(name, lang), members)
        for name, members in catalogue.groups().items()
        if name in AUDIENCES
    ]
    return {"chosen": chosen, "chosen_text": text, "groups": groups, "prefixes": PREFIXES}
