"""The page at ``/``: one question, and ways in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from api.home_page import home_page
from api.negotiation import HTML, JSON, wanted
from api.schemas import Home, answers
from api.state import etag, reading, service
from graph.browse.listing import CLASSES
from graph.publish.schema_org import of_dataset, script_safe

router = APIRouter(tags=["home"])

_DATA = {
    "match": "/match",
    "sparql": "/sparql",
    "queries": "/queries",
    "catalog": "/catalog",
    "openapi": "/openapi.json",
}


@router.get(
    "/",
    summary="What this is, in figures",
    operation_id="home",
    responses=answers(Home, "Counts and addresses, or the page with a form for a need.", HTML),
)
def home(request: Request) -> Response:
    """A page with a form for a need; JSON with counts and addresses for programs."""
    running = service(request)
    snapshot = running.snapshot
    kind = wanted(request, [JSON, HTML])

    def made() -> Response:
        classes = [node for nodes in CLASSES.values() for node in nodes]
        rows = snapshot.select(running.catalogue["browse-count"].bind(**{"class": classes})).rows
        of_class = {
            node: int(count.value)
            for node, count in rows
            if isinstance(node, NamedNode) and isinstance(count, Literal)
        }
        counts = {
            name: sum(of_class.get(node, 0) for node in nodes) for name, nodes in CLASSES.items() if nodes
        }
        data = {
            "name": "InfraShare",
            "revision": snapshot.revision,
            "triples": snapshot.triples,
            "counts": counts,
        }
        if kind == HTML:
            state = running.publication.state(snapshot, str(request.base_url))
            told = Markup(script_safe(of_dataset(state)))  # noqa: S704 - made safe there
            return home_page(request, snapshot, {**data, "structured": told})
        return JSONResponse({**data, "links": {**{name: f"/{name}" for name in CLASSES}, **_DATA}})

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)
