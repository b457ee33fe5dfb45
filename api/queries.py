"""The query catalogue: the list, and each query run with its parameters, or described in RDF."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from api import schemas
from api.clients import client_of, tell_share
from api.moments import NOT_YET, PARAMETER, lasts, moment, shown, tag
from api.negotiation import HTML, RDF, language, wanted, without_suffix
from api.negotiation import JSON as JSON_TYPE
from api.pages import render
from api.query_fields import fields
from api.query_paging import SHOWN_ROWS, Window, address, next_page, previous_page, window
from api.schemas import answers, errors
from api.sparql import RESULTS_JSON, TABLES
from api.state import etag, reading, service, typed
from graph.contribute.keeping.past import Moment
from graph.errors import InputError
from graph.publish.queries import catalogue as catalogue_in_rdf
from graph.publish.queries import described as described_in_rdf
from graph.service import Service
from graph.store.catalogue import AUDIENCES, Query, QueryCatalogue, page
from graph.store.formats import write_graph
from graph.store.screen import Screened

router = APIRouter(tags=["queries"])

OWN: Final = frozenset({"lang", "format", "limit", "offset", "revision"})
"""Parameters that every address of a query has; a query has none of these names but ``lang``."""

_MOST_UNORDERED: Final = 500
"""Rows that a page shows of a query whose rows cannot be paged; it says how many there are."""


def described(query: Query, queries: QueryCatalogue, lang: str) -> dict[str, Any]:
    """A query as JSON data: what it asks and with which parameters."""
    return {
        "name": query.name,
        "title": query.title(lang),
        "description": query.description,
        "audience": query.audience or None,
        "group": queries.say(query.group, lang),
        "form": query.form,
        "parameters": [
            {
                "name": parameter.name,
                "label": queries.say(f"parameter-{parameter.name}", lang),
                "type": parameter.type,
                "columns": [{"name": name, "type": kind} for name, kind in parameter.columns],
                "description": parameter.description,
                "optional": query.is_optional(parameter.name),
                "takes_codes": bool(parameter.base),
                "example": query.defaults[parameter.name],
                "values": list(query.plain_defaults[parameter.name]),
            }
            for parameter in query.parameters
        ],
        "paged": query.is_ordered,
        "sparql": query.text,
    }


@router.get("/queries.{suffix}", include_in_schema=False)
@router.get(
    "/queries",
    summary="The query catalogue",
    operation_id="listQueries",
    responses=answers(
        schemas.Queries, "All queries with parameters and text; in RDF as SHACL has them.", *RDF, HTML
    ),
)
def listed(request: Request, suffix: str | None = None) -> Response:
    """All catalogued queries with title, description, parameters and text."""
    running = service(request)
    queries, lang = running.catalogue, language(request)
    kind = wanted(request, [JSON_TYPE, *RDF, HTML], suffix)
    revision = running.snapshot.revision

    def made() -> Response:
        if kind in RDF:
            return typed(write_graph(catalogue_in_rdf(queries, str(request.base_url)), kind), kind)
        if kind == HTML:
            groups = [
                (group, [described(query, queries, lang) for query in members])
                for group, members in queries.groups().items()
            ]
            asked = [group for group in groups if group[0] in AUDIENCES]
            behind = [group for group in groups if group[0] not in AUDIENCES]
            context = {"groups": asked, "behind": behind, "say": _say(queries, lang), "revision": revision}
            return render(request, "queries.html", context)
        return JSONResponse({"queries": [described(query, queries, lang) for query in queries.all()]})

    return reading(request, revision, etag(request, revision, kind), made)


def _say(queries: QueryCatalogue, lang: str) -> Callable[..., str]:
    return lambda code, **values: queries.say(code, lang, **values)


@dataclass(frozen=True)
class _Asked:
    """A query with the values that an address gives it."""

    query: Query
    values: Mapping[str, list[str]]
    rows: Window
    lang: str

    @cached_property
    def text(self) -> str:
        return self.query.bind_strings(self.values)


def _asked(request: Request, query: Query) -> _Asked:
    """What the address asks. Raises ``InputError`` for a parameter that the query does not have."""
    lang = language(request)
    given = {key: request.query_params.getlist(key) for key in request.query_params if key not in OWN}
    values = {key: [text for text in texts if text] or texts for key, texts in given.items()}
    if query.takes("lang"):
        values["lang"] = [request.query_params.get("lang") or lang]
    for key in values:
        if query.parameter(key).is_table:
            raise InputError(f"the parameter {key!r} is a table; run the query at /sparql to change it")
    return _Asked(query, values, window(request, query), lang)


@router.get(
    "/queries/{name}",
    summary="Run a catalogued query",
    operation_id="runQuery",
    responses={
        **answers(
            schemas.SparqlResults,
            "The result; the query's own parameters go into the address. Link rel=next leads to further rows where a "
            "limit was given, rel=bookmark to this answer for good. In RDF, a query that has rows is described.",
            *TABLES[2:],
            *RDF,
            HTML,
            media_type=RESULTS_JSON,
        ),
        **errors(
            status_404="No query has this name.",
            status_422="A limit of time, memory or size was passed; the answer is never cut.",
            status_429="The client's share of evaluation is used up: wait for the seconds in Retry-After.",
        ),
        **NOT_YET,
    },
    openapi_extra={
        "parameters": [
            {
                "name": "limit",
                "in": "query",
                "description": "How many rows at most, of a query whose rows are ordered; without it all rows.",
                "schema": {"type": "integer", "minimum": 1},
            },
            {
                "name": "offset",
                "in": "query",
                "description": "How many rows to leave out before them.",
                "schema": {"type": "integer", "minimum": 0},
            },
            PARAMETER,
        ]
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
    makes_graph = query.form in {"CONSTRUCT", "DESCRIBE"}
    kind = wanted(request, [*RDF, HTML] if makes_graph else [*TABLES, *RDF, HTML], suffix)
    asked = _asked(request, query)
    at = moment(request)
    if kind in RDF and not makes_graph:
        return _description(request, query, running, kind)
    client = client_of(request)
    screened = running.public.screen(asked.text)

    def made() -> Response:
        answer = (
            _page(request, asked, screened, at, running, client)
            if kind == HTML
            else _data(asked, screened, at, kind, running, client, request)
        )
        links = [f'<{_permanent(request, asked, at)}>; rel="bookmark"']
        if not makes_graph:
            links.append(f'</queries/{query.name}.ttl>; rel="describedby"; type="text/turtle"')
        answer.headers["Link"] = ", ".join([*answer.headers.getlist("Link"), *links])
        return answer

    answer = reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))
    tell_share(answer, running.public.shares, client)
    return answer


def _permanent(request: Request, asked: _Asked, at: Moment) -> str:
    return address(request, asked.query, lang=asked.lang, revision=at.revision)


def _description(request: Request, query: Query, running: Service, kind: str) -> Response:
    """The query itself in RDF, whatever values the address has."""
    revision = running.snapshot.revision

    def made() -> Response:
        triples = described_in_rdf(query, running.catalogue, str(request.base_url))
        return typed(write_graph(triples, kind), kind)

    return reading(request, revision, etag(request, revision, kind), made)


def _data(
    asked: _Asked,
    screened: Screened,
    at: Moment,
    kind: str,
    running: Service,
    client: str,
    request: Request,
) -> Response:
    """All rows, or the page of them that is asked for with the link to the next."""
    public, snapshot = running.public, at.snapshot()
    if not asked.rows.is_part:
        answer = public.run(screened, kind, snapshot.path, client=client)
        return typed(answer.content, answer.media_type)
    limit, offset = asked.rows.limit or SHOWN_ROWS, asked.rows.offset
    part = public.screen(page(asked.text, limit, offset))
    answer = public.run(part, kind, snapshot.path, client=client)
    response = typed(answer.content, answer.media_type)
    following = public.screen(page(asked.text, 1, offset + limit))
    if _rows(public.run(following, RESULTS_JSON, snapshot.path, client=client).content)[1]:
        link = next_page(request, asked.query, asked.rows, asked.lang, at.revision)
        response.headers["Link"] = f'<{link}>; rel="next"'
    return response


def _rows(content: bytes) -> tuple[list[str], list[list[Any]]]:
    """Variables and rows of a result in JSON."""
    table = parse_query_results(content, QueryResultsFormat.JSON)
    if not isinstance(table, QuerySolutions):
        return ["answer"], [["yes" if table else "no"]]
    names = [variable.value for variable in table.variables]
    return names, [[solution[name] for name in names] for solution in table]


def _page(
    request: Request, asked: _Asked, screened: Screened, at: Moment, running: Service, client: str
) -> Response:
    """The page for people: a form with the values, the rows or the graph, and the ways on."""
    query, queries, public = asked.query, running.catalogue, running.public
    context: dict[str, Any] = {
        "query": described(query, queries, asked.lang),
        "say": _say(queries, asked.lang),
        "given": asked.values,
        "example": _example(query, asked.lang),
        "fields": fields(query, asked.values, asked.lang, at.snapshot(), queries),
        "permalink": _permanent(request, asked, at),
        "graph": "",
        "variables": [],
        "named": {},
        "rows": [],
        "total": 0,
        "first": 0,
        "next": None,
        "previous": None,
        **shown(request, at),
    }
    if query.form in {"CONSTRUCT", "DESCRIBE"}:
        content = public.run(screened, RDF[0], at.snapshot().path, client=client).content.decode()
        return render(request, "query.html", {**context, "graph": content})
    names, rows = _rows(public.run(screened, RESULTS_JSON, at.snapshot().path, client=client).content)
    rows_shown = asked.rows.limit or (SHOWN_ROWS if query.is_ordered else _MOST_UNORDERED)
    part = Window(rows_shown, asked.rows.offset)
    last = part.offset + rows_shown
    more = query.is_ordered and last < len(rows)
    context |= {
        "variables": names,
        "named": {name: f"{name}Name" for name in names if f"{name}Name" in names},
        "rows": [dict(zip(names, row, strict=True)) for row in rows[part.offset : last]],
        "total": len(rows),
        "first": part.offset + 1,
        "next": next_page(request, query, part, asked.lang, at.revision) if more else None,
        "previous": previous_page(request, query, part, asked.lang, at.revision),
    }
    return render(request, "query.html", context)


def _example(query: Query, lang: str) -> list[tuple[str, str]]:
    """The other values to try, in the language of the page unless they name one."""
    names = {name for name, _ in query.example}
    spoken = [("lang", lang)] if query.example and "lang" not in names and query.takes("lang") else []
    return [*query.example, *spoken]
