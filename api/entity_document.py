"""The document of one thing: all that is said of it and what points to it, as data in each format and as a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from markupsafe import Markup

from api import entity_page
from api.direction_links import leading_on
from api.moments import lasts, moment, shown, tag
from api.negotiation import HTML, JSON, RDF, TURTLE, alternates, language, wanted
from api.pages import render
from api.state import reading, service, typed
from graph.browse.entity import Entity
from graph.contribute.keeping.past import Moment
from graph.errors import InputError
from graph.publish.schema_org import of_entity, script_safe
from graph.store.formats import write_graph

_TWINS: Final = ("ttl", "jsonld", "nt", "rdf", "json", "html")
_LONGEST_KEY: Final = 5_000
AFTER: Final = Query(
    description="What points here is given a hundred statements at a time: the key that Link rel=next leads on with."
)
"""The parameter as routes declare it; it is read by ``after``."""


@dataclass(frozen=True)
class Address:
    """Where a document is, the list that its thing belongs to, and the page above it with its name."""

    path: str
    listing: str
    above: tuple[str, str]


def after(request: Request) -> str:
    """The key after which what points to the thing goes on; empty for the first page. Raises ``InputError``."""
    key = request.query_params.get("after", "")
    if len(key) > _LONGEST_KEY:
        raise InputError(f"after: {len(key)} characters; take the key of Link rel=next")
    return key


def document(
    request: Request, where: Address, find: Callable[[Moment], Entity], suffix: str | None
) -> Response:
    """The thing that is found, in the format that is wanted. Raises what ``find`` raises."""
    at = moment(request)
    kind = wanted(request, [JSON, *RDF, HTML], suffix)
    today = datetime.now(UTC).date()
    aging = (f"{today:%Y-%m}",) if kind == HTML else ()  # pages say how old facts are, in months

    def made() -> Response:
        entity = find(at)
        if kind == JSON:
            directions = leading_on(request, where.listing, where.path)
            answer: Response = JSONResponse({**entity.as_json(language(request)), "directions": directions})
        elif kind == HTML:
            answer = _page(request, where, entity, at, today)
        else:
            answer = typed(write_graph(entity.triples(), kind), kind)
        answer.headers["Link"] = ", ".join(_links(request, where, entity, at, kind))
        return answer

    return reading(request, at.revision, tag(request, at, kind, *aging), made, lasting=lasts(at, kind))


def _links(request: Request, where: Address, entity: Entity, at: Moment, kind: str) -> list[str]:
    """The twins, what the document is about, its address without parameters, and the page that follows."""
    then = f"?revision={at.revision}" if at.is_past else ""
    path = quote(where.path)
    links = alternates(path, _TWINS, then)
    if kind == HTML:
        links.append(f'<{path}.ttl{then}>; rel="describedby"; type="{TURTLE}"')
    links.append(f'<{request.base_url}{path[1:]}{then}>; rel="canonical"')
    links.append(f'<{quote(entity.iri.value, safe=":/#?=&%~+,;@!$()*")}>; rel="describes"')
    if entity.inverse.after is not None:
        links.append(f'<{_next(request, entity.inverse.after)}>; rel="next"')
    return links


def _next(request: Request, key: str) -> str:
    """The next page as a path, which is right behind any proxy."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return f"{quote(request.url.path)}?{urlencode([*asked, ('after', key)])}"


def _page(request: Request, where: Address, entity: Entity, at: Moment, today: date) -> Response:
    lang = language(request)
    told = of_entity(where.listing, entity, f"{request.base_url}{where.path[1:]}", lang)
    context = {
        "path": where.path,
        "above": where.above,
        "title": entity.name(entity.iri.value, lang),
        "iri": entity.iri.value,
        "directions": leading_on(request, where.listing, where.path),
        "inverse_total": entity.inverse.total,
        "inverse_shown": len(entity.inverse.pairs),
        "next": None if entity.inverse.after is None else _next(request, entity.inverse.after),
        "accepted": service(request).ledger.time_of(at.revision)[:10],
        "structured": None if told is None else Markup(script_safe(told)),  # noqa: S704 - made safe there
        **entity_page.shown(request, where.listing, entity, at, today),
    }
    return render(request, "entity.html", {**context, **shown(request, at)})
