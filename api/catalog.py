"""Descriptions of the dataset for who harvests it: the catalogue (DCAT-AP) and the statistics (VoID)."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pyoxigraph import Triple

from api.negotiation import HTML, RDF, TURTLE, alternates, wanted
from api.pages import render
from api.schemas import texts
from api.state import etag, reading, service, typed
from graph.iris import PREFIXES, VOID
from graph.publish import catalog as dcat
from graph.publish import void as statistics
from graph.store.formats import write_graph
from graph.turtle import turtle

router = APIRouter(tags=["harvesting"])

_PREFIXES = {**PREFIXES, "void": VOID.base, "spdx": "http://spdx.org/rdf/terms#"}


def _written(triples: list[Triple], kind: str) -> Response:
    return typed(turtle(triples, _PREFIXES) if kind == TURTLE else write_graph(triples, kind), kind)


@router.get("/catalog.{suffix}", include_in_schema=False)
@router.get(
    "/catalog",
    summary="The catalogue of the data",
    operation_id="catalog",
    responses=texts("DCAT-AP 3: datasets, distributions with checksums, services.", *RDF, HTML),
)
def catalog(request: Request, suffix: str | None = None) -> Response:
    """The whole dataset, each contribution, and how to get at them, as DCAT-AP 3."""
    running = service(request)
    snapshot = running.snapshot
    kind = wanted(request, [*RDF, HTML], suffix)
    files = running.publication.files(snapshot.revision)

    def made() -> Response:
        state = running.publication.state(snapshot, str(request.base_url), files)
        if kind == HTML:
            answer: Response = render(
                request, "catalog.html", {"state": state, "revision": snapshot.revision}
            )
        else:
            answer = _written(dcat.describe(state), kind)
        answer.headers["Link"] = ", ".join(alternates("/catalog", ("ttl", "jsonld", "nt", "rdf", "html")))
        return answer

    is_whole = all(file is not None for _, file in files)
    tag = etag(request, snapshot.revision, kind, "whole" if is_whole else "without sizes")
    return reading(request, snapshot.revision, tag, made)


@router.get(
    "/.well-known/void",
    summary="What the dataset holds, in numbers",
    operation_id="void",
    responses=texts("VoID: statistics by class, property and graph, and how to get at the data.", *RDF, HTML),
)
def void(request: Request) -> Response:
    """Statistics by class, property and graph, counted once a revision, as VoID."""
    running = service(request)
    snapshot = running.snapshot
    kind = wanted(request, [*RDF, HTML])

    def made() -> Response:
        state = running.publication.state(snapshot, str(request.base_url))
        if kind == HTML:
            return render(request, "void.html", {"state": state, "revision": snapshot.revision})
        return _written(statistics.describe(state), kind)

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)
