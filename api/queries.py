"""The query catalogue: the list, and each query run with its parameters."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from api import schemas
from api.negotiation import HTML, RDF, language, wanted, without_suffix
from api.negotiation import JSON as JSON_TYPE
from api.pages import render
from api.schemas import answers, errors
from api.sparql import RESULTS_JSON, TABLES
from api.state import etag, reading, service, typed
from graph.errors import InputError
from graph.store.catalogue import Query

router = APIRouter(tags=["queries"])

_OWN = frozenset({"lang", "format", "timeout"})
_SHOWN_ROWS = 500


def described(query: Query, lang: str) -> dict[str, Any]:
    """A query as JSON data: what it asks and with which parameters."""
    return {
        "name": query.name,
        "title": query.title(lang),
        "description": query.description,
        "form": query.form,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "columns": [{"name": name, "type": kind} for name, kind in parameter.columns],
                "description": parameter.description,
                "example": query.defaults[parameter.name],
            }
            for parameter in query.parameters
        ],
        "sparql": query.text,
    }


@router.get("/queries.{suffix}", include_in_schema=False)
@router.get(
    "/queries",
    summary="The query catalogue",
    operation_id="listQueries",
    responses=answers(schemas.Queries, "All catalogued queries with their parameters and text.", HTML),
)
def listed(request: Request, suffix: str | None = None) -> Response:
    """All catalogued queries with title, description, parameters and text."""
    running = service(request)
    kind = wanted(request, [JSON_TYPE, HTML], suffix)
    revision = running.snapshot.revision

    def made() -> Response:
        queries = [described(query, language(request)) for query in running.catalogue.all()]
        if kind == HTML:
            return render(request, "queries.html", {"queries": queries, "revision": revision})
        return JSONResponse({"queries": queries})

    return reading(request, revision, etag(request, revision, kind), made)


@router.get(
    "/queries/{name}",
    summary="Run a catalogued query",
    operation_id="runQuery",
    responses={
        **answers(
            schemas.SparqlResults,
            "The result; the query's own parameters go into the address.",
            *TABLES[2:],
            *RDF,
            HTML,
            media_type=RESULTS_JSON,
        ),
        **errors(
            status_404="No query has this name.",
            status_422="A limit of time, memory or size was passed; the answer is never cut.",
        ),
    },
)
def run(
    request: Request,
    name: Annotated[str, Path(description="The name of a query in /queries.", examples=["browse-count"])],
) -> Response:
    """Parameters of the query are parameters of the address; those not given keep the query's example values."""
    running = service(request)
    bare, suffix = without_suffix(name)
    query = running.catalogue[bare]
    values: dict[str, Iterable[str]] = {
        key: request.query_params.getlist(key) for key in request.query_params if key not in _OWN
    }
    for key in values:
        if query.parameter(key).is_table:
            raise InputError(f"the parameter {key!r} is a table; run the query at /sparql to change it")
    screened = running.public.screen(query.bind_strings(values))
    offered = [*RDF, HTML] if query.form in {"CONSTRUCT", "DESCRIBE"} else [*TABLES, HTML]
    kind = wanted(request, offered, suffix)
    snapshot = running.snapshot

    def made() -> Response:
        if kind != HTML:
            answer = running.public.run(screened, kind, snapshot.path)
            return typed(answer.content, answer.media_type)
        context = {
            "query": described(query, language(request)),
            "given": {key: list(items) for key, items in values.items()},
            "revision": snapshot.revision,
        }
        if query.form != "SELECT":
            content = running.public.run(screened, offered[0], snapshot.path).content.decode()
            return render(
                request, "query.html", {**context, "variables": [], "rows": [], "total": 0, "graph": content}
            )
        results = running.public.run(screened, RESULTS_JSON, snapshot.path).content
        table = parse_query_results(results, QueryResultsFormat.JSON)
        assert isinstance(table, QuerySolutions)  # noqa: S101 - the form is SELECT
        names = [variable.value for variable in table.variables]
        rows = [[solution[name] for name in names] for solution in table]
        shown = {"variables": names, "rows": rows[:_SHOWN_ROWS], "total": len(rows)}
        return render(request, "query.html", {**context, **shown})

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)
