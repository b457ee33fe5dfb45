"""The graphs of the dataset one by one: SPARQL 1.1 Graph Store HTTP Protocol, reading only."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode

from api.clients import client_of, tell_share
from api.moments import NOT_YET, REVISION, moment
from api.negotiation import wanted
from api.schemas import errors, texts
from api.sparql import GRAPHS
from api.state import etag, reading, service, typed
from graph.errors import InputError

router = APIRouter(tags=["sparql"])

_EXAMPLE = "https://w3id.org/infrashare/graph/ontology"


@router.get(
    "/graph-store",
    summary="Read a graph",
    operation_id="getGraph",
    responses={
        303: {"description": "No graph is named: the statistics at Location list all of them."},
        **texts("The graph; in TriG and N-Quads with its name.", *GRAPHS),
        **errors(
            status_404="There is no such graph, or no such revision yet.",
            status_422="It is larger than a result may be; fetch the dump.",
            status_429="The client's share of evaluation is used up.",
        ),
        **NOT_YET,
    },
)
def get(
    request: Request,
    graph: Annotated[str | None, Query(description="The IRI of the graph.", examples=[_EXAMPLE])] = None,
    default: Annotated[str | None, Query(description="The union of all graphs; has no value.")] = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """One graph by its IRI, or all as one; without either, the way to the list of graphs.

    Graphs change only by contributions: other methods get 405.
    """
    if "graph" not in request.query_params and "default" not in request.query_params:
        return RedirectResponse("/.well-known/void", status_code=303)
    name = _named(request)
    at = moment(request)
    kind = wanted(request, GRAPHS)
    public, client = service(request).public, client_of(request)

    def made() -> Response:
        snapshot = at.snapshot()
        answer = public.graph(name, kind, snapshot.path, client=client)
        return typed(answer.content, answer.media_type)

    answer = reading(request, at.revision, etag(request, at.revision, kind), made, keep=False)
    tell_share(answer, public.shares, client)
    return answer


def _named(request: Request) -> str | None:
    """The graph that is asked for, ``None`` for the default graph. Raises ``InputError``."""
    graphs = request.query_params.getlist("graph")
    is_default = "default" in request.query_params
    if len(graphs) + is_default != 1:
        raise InputError("name one graph: ?graph=IRI, or ?default for the union of all")
    if is_default:
        return None
    try:
        return NamedNode(graphs[0]).value
    except ValueError as error:
        raise InputError(f"graph={graphs[0][:200]!r} is no absolute IRI: {error}") from error
