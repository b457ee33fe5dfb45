"""The other directions of matching: what a facility fits, who fills a region's gaps, what an instrument fits."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from api import direction_schemas as forms
from api.direction_links import FIT, GAPS, SCHEME, Direction, title
from api.entities import found
from api.moments import REVISION, lasts, moment, shown, tag
from api.negotiation import HTML, JSON, alternates, language, twin_query, wanted
from api.pages import render
from api.schemas import answers, errors
from api.state import reading, service
from graph.errors import InputError
from graph.match.directions.fit import fit
from graph.match.directions.gaps import facilities_abroad
from graph.match.directions.schemes import fitting_facilities
from graph.match.view import View

router = APIRouter(tags=["match"])

_FURTHEST: Final = 20_100.0
"""Half of the equator and a little, in km: nothing is further."""
_LIMIT = Query(ge=1, le=200, examples=[5])
_NO_NAME = errors(status_404="Nothing has this name, or had it at that revision.")


@router.get("/facilities/{slug}/fit.{suffix}", include_in_schema=False)
@router.get(
    "/facilities/{slug}/fit",
    summary="Likely sectors and regions of a facility",
    operation_id="facilityFit",
    responses={**answers(forms.FacilityFit, "Sectors and regions, with reasons.", HTML), **_NO_NAME},
)
def facility_fit(
    request: Request,
    slug: Annotated[str, Path(description="The end of its IRI.", examples=["musp-piacenza"])],
    suffix: str | None = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """Sectors that the facility names, told apart from those that like facilities name; and the regions whose
    priorities need a capability that it has and of which little or nothing is described there."""
    return _answered(request, "facilities", slug, suffix, fit, "fit.html", FIT)


@router.get("/regions/{nuts}/facilities-abroad.{suffix}", include_in_schema=False)
@router.get(
    "/regions/{nuts}/facilities-abroad",
    summary="Facilities elsewhere that fill a region's gaps",
    operation_id="regionFacilitiesAbroad",
    responses={**answers(forms.RegionGaps, "Gaps, each with facilities by distance.", HTML), **_NO_NAME},
)
def region_facilities_abroad(
    request: Request,
    nuts: Annotated[str, Path(description="NUTS code.", examples=["LV008"])],
    suffix: str | None = None,
    maxDistanceKm: Annotated[  # noqa: N803 - contract name
        str | None, Query(description="Kilometres from the region's label point.", examples=["300"])
    ] = None,
    limit: Annotated[int, _LIMIT] = 10,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """What a priority of the region needs and no facility described there covers, with the facilities outside that do,
    the nearest first; `limit` is for each gap. `abroad` tells those in another country."""
    furthest = _kilometres(maxDistanceKm)
    return _answered(
        request,
        "regions",
        nuts,
        suffix,
        lambda iri, view: facilities_abroad(iri, view, furthest, limit),
        "gaps.html",
        GAPS,
    )


@router.get("/policy-instruments/{slug}/facilities.{suffix}", include_in_schema=False)
@router.get(
    "/policy-instruments/{slug}/facilities",
    summary="Facilities that a policy instrument fits",
    operation_id="instrumentFacilities",
    responses={**answers(forms.InstrumentFit, "Facilities, each criterion judged.", HTML), **_NO_NAME},
)
def instrument_facilities(
    request: Request,
    slug: Annotated[str, Path(description="The end of its IRI.", examples=["oip4nwe-vouchers"])],
    suffix: str | None = None,
    limit: Annotated[int, _LIMIT] = 20,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """Facilities by region, sector, services, access and what the instrument funds, as far as it is stated; what is not
    stated is unknown, with the question to ask."""
    return _answered(
        request,
        "policy-instruments",
        slug,
        suffix,
        lambda iri, view: fitting_facilities(iri, view, limit),
        "scheme-facilities.html",
        SCHEME,
    )


def _answered(
    request: Request,
    listing: str,
    name: str,
    suffix: str | None,
    answer: Callable[[Any, View], dict[str, Any]],
    template: str,
    direction: Direction,
) -> Response:
    at = moment(request)
    kind = wanted(request, [JSON, HTML], suffix)
    path = f"/{listing}/{name}"
    address = f"{path}/{direction.ending}"

    def made() -> Response:
        running = service(request)
        snapshot = at.snapshot()
        entity = found(request, listing, name, at)
        view = running.view(snapshot, language(request))
        told = answer(entity.iri, view)
        whole = {"run": view.run, **told}
        if kind == HTML:
            context = {"answer": whole, "title": title(request, direction), "path": path, "address": address}
            page: Response = render(request, template, {**context, **shown(request, at)})
        else:
            page = JSONResponse(whole)
        page.headers["Link"] = ", ".join(alternates(address, ("json", "html"), twin_query(request)))
        return page

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))


def _kilometres(text: str | None) -> float | None:
    """A distance in km; an empty field of a form counts as not given. Raises ``InputError``."""
    if not text or not text.strip():
        return None
    try:
        km = float(text)
    except ValueError:
        km = 0.0
    if not 0 < km <= _FURTHEST:
        raise InputError(
            f"maxDistanceKm={text[:40]!r}: give kilometres above 0 and up to {_FURTHEST:.0f}, such as 300"
        )
    return km
