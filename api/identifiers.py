"""Where the IRIs lead that the dataset mints: the path of each, on this host, is a description or leads to one."""

import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode, Triple

from api.negotiation import HTML, RDF, wanted, without_suffix
from api.pages import render
from api.schemas import errors, texts
from api.state import etag, reading, service, typed
from graph.browse.entity import address
from graph.contribute.accept import graph_of
from graph.contribute.entities import entity_of
from graph.errors import NotFound
from graph.iris import BASE, CODELISTS_GRAPH, GENID, GRAPH, NUTS, ONTOLOGY_GRAPH
from graph.publish.graphs import SYSTEM, describe, describe_version
from graph.store.formats import write_graph
from graph.store.ledger import Version

router = APIRouter(tags=["model"])

_GENID = re.compile(r"[A-Za-z0-9-]{1,200}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_PAGES = {ONTOLOGY_GRAPH: "/ontology", CODELISTS_GRAPH: "/codelists"}
_FOUND = texts("Whose it is, its versions, and where its statements are.", *RDF, HTML)
_SYSTEM_NAMES = {graph.value.removeprefix(GRAPH.base): graph for graph in SYSTEM}


def _see(request: Request, path: str) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    head, hash_, fragment = path.partition("#")
    return RedirectResponse(f"{quote(head)}{query}{hash_}{fragment}", 303, headers={"Vary": "Accept"})


@router.get(
    "/codelist/{scheme}",
    summary="A code list's IRI leads to its document",
    operation_id="codeListIdentified",
    status_code=303,
)
def scheme(
    request: Request, scheme: Annotated[str, Path(description="The code list.", examples=["capability"])]
) -> Response:
    """303 to the code list."""
    return _see(request, f"/codelists/{scheme}")


@router.get(
    "/codelist/{scheme}/{notation}",
    summary="A code's IRI leads to its document",
    operation_id="codeIdentified",
    status_code=303,
)
def concept(
    request: Request,
    scheme: Annotated[str, Path(description="The code list.", examples=["capability"])],
    notation: Annotated[str, Path(description="The code.", examples=["microscopy"])],
) -> Response:
    """303 to the entry of the code list."""
    return _see(request, f"/codelists/{scheme}/{notation}")


@router.get("/.well-known/genid/{name}", include_in_schema=False)
def unnamed(request: Request, name: str) -> Response:
    """303 to the document of what an unnamed part belongs to (RDF 1.1, section 3.5)."""
    running = service(request)
    bare, suffix = without_suffix(name)
    if _GENID.fullmatch(bare):
        query = running.catalogue["browse-whole"].bind(part=[NamedNode(GENID.base + bare)])
        for (node,) in running.snapshot.select(query).rows:
            page = _page_of(node.value) if isinstance(node, NamedNode) else None
            if page is not None:
                return _see(request, f"{page}.{suffix}" if suffix else page)
    raise NotFound(f"nothing has an unnamed part {name[:100]!r}")


def _page_of(iri: str) -> str | None:
    """The page that an IRI is described on."""
    if iri.startswith(BASE + "ontology"):
        return "/ontology"
    if iri in NUTS:
        return f"/regions/{iri.removeprefix(NUTS.base)}"
    return address(entity_of(iri))


@router.get(
    "/graph/{name}",
    summary="A graph that no partner sends",
    operation_id="systemGraph",
    responses={**_FOUND, **errors(status_404="There is no such graph.")},
)
def system_graph(
    request: Request,
    name: Annotated[
        str, Path(description="ontology, codelists, derived or provenance.", examples=["derived"])
    ],
) -> Response:
    """What the graph is, as RDF or a page."""
    bare, suffix = without_suffix(name)
    graph = _SYSTEM_NAMES.get(bare)
    if graph is None:
        raise NotFound(f"no graph is named {bare[:100]!r}; there are {', '.join(_SYSTEM_NAMES)}")
    return _described(request, graph, suffix)


@router.get(
    "/graph/{partner}/{dataset}",
    summary="The graph of a contribution",
    operation_id="contributionGraph",
    responses={**_FOUND, **errors(status_404="There is no such graph.")},
)
def contribution_graph(
    request: Request,
    partner: Annotated[str, Path(description="The partner.", examples=["flanders-make"])],
    dataset: Annotated[
        str, Path(description="The dataset; a suffix such as .ttl names the format.", examples=["facilities"])
    ],
) -> Response:
    """What the graph is and its versions, as RDF; for people the page of the contribution."""
    bare, suffix = without_suffix(dataset)
    if partner in _SYSTEM_NAMES and _NUMBER.fullmatch(bare):
        return _version(request, _SYSTEM_NAMES[partner], bare, suffix)
    return _described(request, graph_of(partner, bare), suffix)


@router.get(
    "/graph/{partner}/{dataset}/{version}",
    summary="A version of the graph of a contribution",
    operation_id="graphVersion",
    responses={**_FOUND, **errors(status_404="There is no such version.")},
)
def graph_version(
    request: Request,
    partner: Annotated[str, Path(description="The partner.", examples=["flanders-make"])],
    dataset: Annotated[str, Path(description="The dataset.", examples=["facilities"])],
    version: Annotated[str, Path(description="Its number.", examples=["1"])],
) -> Response:
    """What the version is and the change that made it, as RDF; for people its page."""
    bare, suffix = without_suffix(version)
    return _version(request, graph_of(partner, dataset), bare, suffix)


def _history(request: Request, graph: NamedNode) -> list[Version]:
    running = service(request)
    now = running.snapshot.revision
    return [version for version in running.contributions.history.of(graph) if version.revision <= now]


def _described(request: Request, graph: NamedNode, suffix: str | None) -> Response:
    kind = wanted(request, [*RDF, HTML], suffix)
    is_computed = graph in SYSTEM and graph not in _PAGES
    history = [] if is_computed else _history(request, graph)
    if kind == HTML and not is_computed:
        return _see(request, _PAGES.get(graph) or f"/contributions/{history[-1].name}")
    return _answer(request, graph, lambda: describe(graph, history, str(request.base_url)), kind)


def _version(request: Request, graph: NamedNode, number: str, suffix: str | None) -> Response:
    kind = wanted(request, [*RDF, HTML], suffix)
    history = _history(request, graph)
    found = next((version for version in history if str(version.version) == number), None)
    if found is None:
        raise NotFound(f"{history[0].name} has no version {number[:20]!r}; it has 1 to {len(history)}")
    if kind == HTML:
        return _see(request, _PAGES.get(graph) or f"/contributions/{found.name}/versions/{found.version}")
    return _answer(request, graph, lambda: describe_version(found, history, str(request.base_url)), kind)


def _answer(request: Request, graph: NamedNode, told: Callable[[], list[Triple]], kind: str) -> Response:
    snapshot = service(request).snapshot

    def made() -> Response:
        if kind != HTML:
            return typed(write_graph(told(), kind), kind)
        context = {"graph": graph.value, "about": SYSTEM[graph], "revision": snapshot.revision}
        return render(request, "graph.html", context)

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)
