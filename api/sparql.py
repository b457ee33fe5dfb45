"""The public SPARQL endpoint: SPARQL 1.1 Protocol for queries, safe by workers and limits."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.bodies import read_body
from api.negotiation import HTML, JSON, SUFFIXES, TURTLE, NotAcceptable, choose, prefers_html
from api.pages import render
from api.state import etag, reading, service, unchanged
from graph.errors import InputError, Refused, Unsupported
from graph.store.public import GRAPH_FORMATS, TABLE_FORMATS

router = APIRouter(tags=["sparql"])

_RESULTS_JSON = "application/sparql-results+json"
_TABLES = [_RESULTS_JSON, JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
_GRAPHS = [TURTLE, "application/n-triples", "application/ld+json", "application/rdf+xml"]
_DOC = {
    200: {"description": "The complete answer."},
    400: {"description": "The query cannot be parsed; line and column are given."},
    403: {"description": "Updates, LOAD and SERVICE are not allowed."},
    422: {"description": "A limit of time, memory or size was passed; the answer is never cut."},
}


@router.get("/sparql", summary="Run a SPARQL query", responses=_DOC)  # type: ignore[arg-type]
async def get(
    request: Request,
    query: Annotated[
        str | None,
        Query(examples=["SELECT ?facility WHERE { ?facility a infra:Facility } LIMIT 5"]),
    ] = None,
    timeout: Annotated[float | None, Query(gt=0, description="Seconds; may only shorten the limit.")] = None,
) -> Response:
    """Without a query: a form for people, the service description for machines."""
    if "update" in request.query_params:
        raise Refused("updates are not allowed; the public dataset changes only by contributions")
    if query is None:
        return await run_in_threadpool(_description, request)
    return await run_in_threadpool(_run, request, query, timeout, _graphs(request.query_params))


@router.post(
    "/sparql",
    summary="Run a SPARQL query",
    responses=_DOC,  # type: ignore[arg-type]
    openapi_extra={
        "requestBody": {
            "content": {
                "application/sparql-query": {
                    "schema": {"type": "string"},
                    "example": "SELECT ?facility WHERE { ?facility a infra:Facility } LIMIT 5",
                },
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"query": {"type": "string"}},
                        "required": ["query"],
                    }
                },
            }
        }
    },
)
async def post(request: Request) -> Response:
    """The query as the body, or as the field ``query`` of a form."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    limit = request.app.state.settings.max_query_bytes * 4
    if kind == "application/sparql-update":
        raise Refused("updates are not allowed; the public dataset changes only by contributions")
    if kind == "application/sparql-query":
        text = _decoded(await read_body(request, limit))
        return await run_in_threadpool(
            _run, request, text, _seconds(request.query_params.get("timeout")), _graphs(request.query_params)
        )
    if kind != "application/x-www-form-urlencoded":
        raise Unsupported(
            f"{kind or 'no media type'} is not taken; send application/sparql-query or a form with the field query"
        )
    await read_body(request, limit)
    form = await _form(request)
    if "update" in form:
        raise Refused("updates are not allowed; the public dataset changes only by contributions")
    queries = form.get("query", [])
    if len(queries) != 1:
        raise InputError(f"the form has {len(queries)} fields named query; send exactly one")
    graphs = (tuple(form.get("default-graph-uri", ())), tuple(form.get("named-graph-uri", ())))
    return await run_in_threadpool(
        _run, request, queries[0], _seconds(next(iter(form.get("timeout", [])), None)), graphs
    )


async def _form(request: Request) -> dict[str, list[str]]:
    from urllib.parse import parse_qs

    body = await request.body()
    return parse_qs(_decoded(body), keep_blank_values=True)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start + 1} of the body is not UTF-8; send UTF-8") from error


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError as error:
        raise InputError(f"timeout={text!r} is not a number of seconds") from error
    if not seconds > 0:
        raise InputError(f"timeout={text!r} must be more than 0 seconds")
    return seconds


def _graphs(parameters: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    getlist = parameters.getlist  # type: ignore[attr-defined]
    return tuple(getlist("default-graph-uri")), tuple(getlist("named-graph-uri"))


def _run(
    request: Request, query: str, timeout: float | None, graphs: tuple[tuple[str, ...], tuple[str, ...]]
) -> Response:
    running = service(request)
    form = running.public.screen(query)
    offered = _GRAPHS if form in {"CONSTRUCT", "DESCRIBE"} else _TABLES
    named = request.query_params.get("format")
    if named:
        media_type = SUFFIXES.get(named, named)
        if media_type == JSON:
            media_type = offered[0] if offered is _TABLES else "application/ld+json"
        if media_type not in offered:
            raise NotAcceptable(offered)
    elif prefers_html(request):
        media_type = offered[0]
    else:
        media_type = choose(request.headers.get("accept"), offered)
    snapshot = running.snapshot
    tag = etag(snapshot.revision, media_type, query, *graphs[0], "|", *graphs[1])
    if request.method == "GET" and unchanged(request, tag):
        return reading(request, snapshot.revision, tag, Response())
    answer = running.public.run(
        query,
        media_type,
        snapshot.path,
        timeout=timeout,
        default_graphs=graphs[0],
        named_graphs=graphs[1],
    )
    written = Response(answer.content, media_type=_charset(answer.media_type))
    return reading(request, snapshot.revision, tag, written)


def _charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _description(request: Request) -> Response:
    running = service(request)
    snapshot = running.snapshot
    kind = choose(request.headers.get("accept"), [TURTLE, "application/n-triples", "application/rdf+xml", HTML])
    tag = etag(snapshot.revision, "description", kind)
    if kind == HTML:
        examples = [query for query in running.catalogue.all() if query.form == "SELECT"]
        context = {"examples": examples, "revision": snapshot.revision}
        return reading(request, snapshot.revision, tag, render(request, "sparql.html", context))
    content = _service_description(str(request.url.replace(query="")), kind)
    return reading(request, snapshot.revision, tag, Response(content, media_type=_charset(kind)))


def _service_description(endpoint: str, kind: str) -> bytes:
    """The SPARQL 1.1 Service Description of this endpoint."""
    from pyoxigraph import BlankNode, NamedNode, Triple, serialize

    from graph.iris import RDF, Namespace

    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    formats = Namespace("http://www.w3.org/ns/formats/")
    node, dataset = NamedNode(endpoint), BlankNode("dataset")
    triples = [
        Triple(node, RDF["type"], sd["Service"]),
        Triple(node, sd["endpoint"], node),
        Triple(node, sd["supportedLanguage"], sd["SPARQL11Query"]),
        Triple(node, sd["feature"], sd["UnionDefaultGraph"]),
        Triple(node, sd["defaultDataset"], dataset),
        Triple(dataset, RDF["type"], sd["Dataset"]),
    ]
    for name in (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "JSON-LD",
        "RDF_XML",
    ):
        triples.append(Triple(node, sd["resultFormat"], formats[name]))
    written = serialize(triples, format=GRAPH_FORMATS[kind])
    assert written is not None  # noqa: S101 - without an output argument the bytes are returned
    return written

