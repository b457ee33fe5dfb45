"""The network of regions: which are alike, which have what others lack, and who links them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.moments import REVISION, lasts, moment, shown, tag
from api.negotiation import CYTOSCAPE, GRAPHML, HTML, JSON, SVG, alternates, language, twin_query, wanted
from api.pages import render
from api.region_network_schemas import RegionNetwork
from api.region_pages import drawn, svg
from api.schemas import answers, errors
from api.state import reading, service, typed
from graph.contribute.keeping.past import Moment
from graph.match.view import View
from graph.regions.network.files import cytoscape, graphml
from graph.regions.network.picture import network_picture
from graph.regions.network.question import LIMIT, MOST, NetworkQuestion

router = APIRouter(tags=["regions"])

_PATH: Final = "/regions/network"
_TWINS: Final = ("json", "graphml", "cyjs", "svg", "html")


@router.get("/regions/network.{suffix}", include_in_schema=False)
@router.get(
    "/regions/network",
    summary="Networks of regions",
    operation_id="regionNetwork",
    responses={
        **answers(RegionNetwork, "Nodes, links, groups, and who links them.", GRAPHML, CYTOSCAPE, SVG, HTML),
        **errors(status_404="No region of NUTS has this code, or there is no such revision yet."),
    },
)
def region_network(
    request: Request,
    region: Annotated[
        list[str],
        Query(description="NUTS codes of any level.", examples=[["BE2", "NL41", "LV008"]]),
    ] = [],  # noqa: B006 - the framework copies it
    minSimilarity: Annotated[  # noqa: N803 - contract name
        str | None, Query(description="Links of similarity from here on, 0 to 1 (0.15).", examples=["0.1"])
    ] = None,
    minComplementarity: Annotated[  # noqa: N803 - contract name
        str | None, Query(description="Links of complementarity from here on, 0 to 1 (0).", examples=["0.2"])
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=MOST, description="Organisations, projects and facilities each.", examples=[5])
    ] = LIMIT,
    suffix: str | None = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """How alike regions are by what their facilities can do; which have what the priorities of others need; groups;
    organisations and projects tied to several regions; facilities that share most with others. Without `region` it is
    about those that partners describe. The JSON is node-link data; GraphML is for Gephi, `.cyjs` for Cytoscape."""
    at = moment(request)
    kind = wanted(request, [JSON, HTML, GRAPHML, CYTOSCAPE, SVG], suffix)
    question = NetworkQuestion.of(region, minSimilarity, minComplementarity, limit)

    def made() -> Response:
        view = service(request).view(at.snapshot(), language(request))
        answer = _told(request, at, kind, {"run": view.run, **question.answer(view)}, view)
        answer.headers["Link"] = ", ".join(alternates(_PATH, _TWINS, twin_query(request)))
        return answer

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))


def _told(request: Request, at: Moment, kind: str, told: dict[str, Any], view: View) -> Response:
    if kind == GRAPHML:
        return typed(graphml(told), GRAPHML)
    if kind == CYTOSCAPE:
        return JSONResponse(cytoscape(told), media_type=CYTOSCAPE)
    if kind == SVG:
        return svg(network_picture(told, view), request)
    if kind == JSON:
        return JSONResponse(told)
    context = {
        "network": told,
        **drawn({"network": network_picture(told, view)}),
        "named": {node["id"]: node for node in told["nodes"]},
        "words": view.say,
        "asked": twin_query(request),
        "codes": request.query_params.getlist("region"),
    }
    return render(request, "region-network.html", {**context, **shown(request, at)})
