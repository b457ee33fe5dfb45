"""Regions: the context profile of one, and the comparison of several."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import NamedNode

from api import region_schemas as forms
from api.moments import REVISION, asked, lasts, moment, shown, tag
from api.negotiation import HTML, JSON, RDF, SVG, TURTLE, alternates, language, twin_query, wanted
from api.pages import render
from api.region_pages import comparison_context, profile_context, svg
from api.schemas import answers, errors, texts
from api.state import reading, service, typed
from graph.contribute.keeping.past import Moment
from graph.errors import InputError, NotFound
from graph.match.view import View
from graph.regions.comparison import Comparison, comparison
from graph.regions.illustrations import of_comparison, of_profile
from graph.regions.indicators import Indicator
from graph.regions.observations import CUBE_PREFIXES, triples
from graph.regions.pictures.page import Picture
from graph.regions.profile import Profile, profile
from graph.regions.region import described, region_of, regions_of
from graph.regions.tables import table
from graph.store.formats import write_graph
from graph.turtle import turtle

router = APIRouter(tags=["regions"])

_CSV: Final = "text/csv"
_TWINS: Final = ("json", "csv", "ttl", "jsonld", "nt", "rdf", "html")
_NO_REGION: Final = errors(status_404="No region of NUTS has this code, or there is no such revision yet.")
_NO_PICTURE: Final = errors(status_404="No region has this code, or there is no such picture of it.")
_SINCE: Final = Query(description="An earlier revision: tells which figures differ.", examples=["30"])


@router.get("/regions/{nuts}/profile.{suffix}", include_in_schema=False)
@router.get(
    "/regions/{nuts}/profile",
    summary="Context profile of a region",
    operation_id="regionProfile",
    responses={
        **answers(forms.RegionProfile, "Facts, figures, strengths, gaps, changes.", _CSV, *RDF, HTML),
        **_NO_REGION,
    },
)
def region_profile(
    request: Request,
    nuts: Annotated[str, Path(description="NUTS code of any level.", examples=["LV008"])],
    suffix: str | None = None,
    since: Annotated[str | None, _SINCE] = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """What partners have described in the region. Each figure names the query that gives it again, its numerator,
    denominator and coverage; figures of too little coverage are marked. As RDF the figures are a data cube, as CSV a
    table. A region in which nothing is described has a profile that says so."""
    at = moment(request)
    kind = wanted(request, [JSON, HTML, _CSV, *RDF], suffix)
    before = asked([since] if since else [])
    if before is not None and before >= at.revision:
        raise InputError(f"since={before}: give a revision before {at.revision}, which is looked at")

    def made() -> Response:
        running = service(request)
        view = running.view(at.snapshot(), language(request))
        region = region_of(nuts, view)
        told = profile(region, view, running.ledger)
        since = None
        if before is not None:
            since = told.since(running.view(running.snapshot_at(before), view.language), view)
        answer = _profiled(request, at, kind, told, since, view)
        path = f"/regions/{view.scheme.notations[region]}/profile"
        answer.headers["Link"] = ", ".join(alternates(path, _TWINS, twin_query(request)))
        return answer

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))


def _profiled(
    request: Request, at: Moment, kind: str, told: Profile, since: dict[str, Any] | None, view: View
) -> Response:
    if kind == _CSV:
        return typed(table(told.indicators.values(), view), _CSV)
    if kind in RDF:
        return _cube({told.region: list(told.indicators.values())}, kind, view)
    whole = {"run": view.run, **told.data, "since": since}
    if kind == JSON:
        return JSONResponse(whole)
    others = [one for one in described(view) if one != told.region]
    view.learn(others)
    day = service(request).ledger.time_of(at.revision)[:10]
    context = profile_context(whole, told, view, day)
    more = {"others": [view.concept(one) for one in others], **shown(request, at)}
    return render(request, "profile.html", {**context, **more})


def _cube(indicators: Mapping[NamedNode, Sequence[Indicator]], kind: str, view: View) -> Response:
    """The figures of regions as a data cube."""
    said = [one for region, several in indicators.items() for one in triples(region, several, view)]
    return typed(turtle(said, CUBE_PREFIXES) if kind == TURTLE else write_graph(said, kind), kind)


@router.get(
    "/regions/{nuts}/profile/{picture}.svg",
    summary="A picture of a profile, as a file",
    operation_id="profilePicture",
    responses={**texts("An SVG file that carries its own style.", SVG), **_NO_PICTURE},
)
def profile_picture(
    request: Request,
    nuts: Annotated[str, Path(description="NUTS code of any level.", examples=["LV008"])],
    picture: Annotated[
        str, Path(description="map, radar, strengths, or the name of an indicator.", examples=["map"])
    ],
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """A map, a radar chart, or bars, as on the page of the profile; `lang` names the language of its words."""
    at = moment(request)

    def made() -> Response:
        running = service(request)
        view = running.view(at.snapshot(), language(request))
        return _drawn(
            request, picture, of_profile(profile(region_of(nuts, view), view, running.ledger), view)
        )

    return reading(request, at.revision, tag(request, at, SVG), made, lasting=lasts(at, SVG))


@router.get(
    "/regions/compare/{picture}.svg",
    summary="A picture of a comparison, as a file",
    operation_id="comparisonPicture",
    responses={**texts("An SVG file that carries its own style.", SVG), **_NO_PICTURE},
)
def comparison_picture(
    request: Request,
    picture: Annotated[
        str,
        Path(description="radar, or the name of a facet.", examples=["radar"]),
    ],
    region: Annotated[
        list[str],
        Query(description="NUTS codes of two to eight regions.", examples=[["BE2", "NL41"]]),
    ] = [],  # noqa: B006 - the framework copies it
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """A radar chart or a matrix, as they stand on the page of the comparison."""
    at = moment(request)

    def made() -> Response:
        view = service(request).view(at.snapshot(), language(request))
        return _drawn(request, picture, of_comparison(comparison(_chosen(region, view), view), view))

    return reading(request, at.revision, tag(request, at, SVG), made, lasting=lasts(at, SVG))


def _drawn(request: Request, name: str, pictures: Mapping[str, Picture]) -> Response:
    """One of the pictures as a file. Raises ``NotFound`` with the names of those that there are."""
    if name not in pictures:
        raise NotFound(f"there is no picture {name[:100]!r}; there are {', '.join(pictures)}")
    return svg(pictures[name], request)


def _chosen(codes: Sequence[str], view: View) -> list[NamedNode]:
    """The regions with these codes; without any, those that partners describe."""
    given = [code for code in codes if code.strip()]
    return regions_of(given, view) if given else described(view)


@router.get("/regions/compare.{suffix}", include_in_schema=False)
@router.get(
    "/regions/compare",
    summary="What regions have in common, and what is specific",
    operation_id="compareRegions",
    responses={
        **answers(
            forms.RegionComparison, "Common and specific elements, figures side by side.", _CSV, *RDF, HTML
        ),
        **_NO_REGION,
    },
)
def compare_regions(
    request: Request,
    region: Annotated[
        list[str],
        Query(description="NUTS codes of two to eight regions.", examples=[["BE2", "NL41"]]),
    ] = [],  # noqa: B006 - the framework copies it
    suffix: str | None = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """By branch of capability, kind, technology, sector, operator, service, access, policy instrument and theme of
    practices: what all regions have, and what only one has. Without `region` it compares those that partners
    describe."""
    at = moment(request)
    kind = wanted(request, [JSON, HTML, _CSV, *RDF], suffix)

    def made() -> Response:
        view = service(request).view(at.snapshot(), language(request))
        answer = _compared(request, at, kind, comparison(_chosen(region, view), view), view)
        answer.headers["Link"] = ", ".join(alternates("/regions/compare", _TWINS, twin_query(request)))
        return answer

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))


def _compared(request: Request, at: Moment, kind: str, told: Comparison, view: View) -> Response:
    if kind == _CSV:
        return typed(table((one for region in told.regions for one in told.of(region)), view), _CSV)
    if kind in RDF:
        return _cube({region: told.of(region) for region in told.regions}, kind, view)
    whole = {"run": view.run, **told.data}
    if kind == JSON:
        return JSONResponse(whole)
    known: list[NamedNode] = described(view)
    view.learn(known)
    day = service(request).ledger.time_of(at.revision)[:10]
    context = comparison_context(whole, told, view, day)
    more = {"known": [view.concept(one) for one in known], **shown(request, at)}
    return render(request, "compare.html", {**context, **more})
