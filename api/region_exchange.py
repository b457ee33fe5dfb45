"""What a region can learn from others: practices to adopt, regions to visit, paths from practice to instrument."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from api import region_exchange_schemas as forms
from api.moments import REVISION, lasts, moment, shown, tag
from api.negotiation import HTML, JSON, SVG, alternates, language, twin_query, wanted
from api.pages import render
from api.region_pages import drawn, svg
from api.schemas import answers, errors
from api.state import reading, service
from graph.regions.exchange.answer import exchange, themes, themes_of
from graph.regions.exchange.picture import paths_picture
from graph.regions.exchange.weights import Weights
from graph.regions.region import region_of

router = APIRouter(tags=["regions"])

_NO_REGION: Final = errors(
    status_404="No region of NUTS has this code, or there is no such revision yet.",
    status_400="A theme is none of the code list.",
)
_THEME: Final = Query(description="Only practices on one of these themes.", examples=["voucher"])


@router.get("/regions/{nuts}/exchange.{suffix}", include_in_schema=False)
@router.get(
    "/regions/{nuts}/exchange",
    summary="What a region can learn from others",
    operation_id="regionExchange",
    responses={
        **answers(forms.RegionExchange, "Practices, regions to visit and paths, with reasons.", SVG, HTML),
        **_NO_REGION,
    },
)
def region_exchange(
    request: Request,
    nuts: Annotated[str, Path(description="NUTS code of any level.", examples=["LV008"])],
    theme: Annotated[list[str], _THEME] = [],  # noqa: B006 - the framework copies it
    limit: Annotated[int, Query(ge=1, le=200, examples=[5])] = 10,
    suffix: str | None = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """Practices of other regions, ranked by what is alike and by what is missing here, difficulties and failures
    included; regions worth a study visit with the facilities to see; and how practices led to actions and to better
    policy instruments. Each reason has its statements. What is unknown lowers how sure a score is, not the score;
    `limit` is for each list."""
    at = moment(request)
    kind = wanted(request, [JSON, HTML, SVG], suffix)

    def made() -> Response:
        view = service(request).view(at.snapshot(), language(request))
        region = region_of(nuts, view)
        weights = Weights.read()
        chosen = themes_of([code for code in theme if code.strip()], view)
        told = {"run": view.run, **exchange(region, view, limit, chosen, weights)}
        page: Response
        if kind == SVG:
            page = svg(paths_picture(told, view), request)
        elif kind == HTML:
            known = themes(view)
            view.learn(known)
            context = {
                "answer": told,
                "known_themes": sorted((view.concept(one) for one in known), key=lambda one: one["label"]),
                "limit": limit,
                **drawn({"paths": paths_picture(told, view)}),
                "words": view.say,
                "least": weights.sure,
                "day": service(request).ledger.time_of(at.revision)[:10],
            }
            page = render(request, "exchange.html", {**context, **shown(request, at)})
        else:
            page = JSONResponse(told)
        path = f"/regions/{view.scheme.notations[region]}/exchange"
        page.headers["Link"] = ", ".join(alternates(path, ("json", "svg", "html"), twin_query(request)))
        return page

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))
