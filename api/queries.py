"""The query catalogue: the list, and each query run with its parameters."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.negotiation import HTML, JSON, TURTLE, language, wanted
from api.pages import render
from api.state import etag, reading, service
from graph.errors import InputError
from graph.store.catalogue import Query

router = APIRouter(tags=["queries"])

_OWN = frozenset({"lang", "format", "timeout"})
_TABLES = [
    JSON,
    "application/sparql-results+json",
    HTML,
    "text/csv",
    "text/tab-separated-values",
    "application/sparql-results+xml",
]


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


@router.get("/queries", summary="The query catalogue")
def listed(request: Request) -> Response:
    """All catalogued queries with title, description, parameters and text."""
    running = service(request)
    kind = wanted(request, [JSON, HTML])
    lang = language(request)
    tag = etag(running.snapshot.revision, "queries", kind, lang)
    queries = [described(query, lang) for query in running.catalogue.all()]
    if kind == HTML:
        return reading(request, running.snapshot.revision, tag, render(request, "queries.html", {"queries": queries}))
    return reading(request, running.snapshot.revision, tag, JSONResponse({"queries": queries}))


@router.get("/queries/{name}", summary="Run a catalogued query")
async def run(request: Request, name: str) -> Response:
    """Parameters of the query are parameters of the address; those not given keep the query's example values."""
    return await run_in_threadpool(_run, request, name)


def _run(request: Request, name: str) -> Response:
    running = service(request)
    query = running.catalogue[name]
    values: dict[str, Iterable[str]] = {
        key: request.query_params.getlist(key) for key in request.query_params if key not in _OWN
    }
    for key in values:
        if query.parameter(key).is_table:
            raise InputError(f"the parameter {key!r} is a table; run the query at /sparql to change it")
    text = query.bind_strings(values)
    snapshot = running.snapshot
    offered = [TURTLE, "application/ld+json", "application/n-triples"] if query.form == "CONSTRUCT" else _TABLES
    kind = wanted(request, offered)
    lang = language(request)
    tag = etag(snapshot.revision, kind, lang, text)
    if kind == HTML:
        table = snapshot.select(text)
        context = {
            "query": described(query, lang),
            "variables": table.variables,
            "rows": table.rows[:500],
            "total": len(table.rows),
            "given": {key: list(items) for key, items in values.items()},
        }
        return reading(request, snapshot.revision, tag, render(request, "query.html", context))
    media_type = "application/sparql-results+json" if kind == JSON else kind
    answer = running.public.run(text, media_type, snapshot.path)
    charset = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return reading(request, snapshot.revision, tag, Response(answer.content, media_type=charset))
