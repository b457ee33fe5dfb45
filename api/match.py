"""Matching: a need in, as JSON or RDF; ranked facilities with reasons out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ValidationError

from api.bodies import media_type, read_small_body
from api.match_answer import KINDS, matched, written
from api.match_schemas import MatchAnswer
from api.match_start import asked_of, start_page
from api.need_address import members_of
from api.needs import EXAMPLE, RDF_NEEDS, need_of_rdf
from api.negotiation import HTML, JSON, RDF, TURTLE, language, wanted
from api.problems import of_validation, response
from api.schemas import REFERENCE, answers, errors
from api.state import etag, reading, service
from graph.errors import InputError, Unsupported
from graph.match.need import Need

router = APIRouter(tags=["match"])

_ANSWERS: dict[int | str, dict[str, Any]] = {
    **answers(MatchAnswer, "Ranked facilities; nothing good enough is a valid answer.", *RDF, HTML),
    **errors(status_400="A need that cannot be used; errors[] says why."),
}
_EXAMPLES: list[dict[str, Any]] = Need.model_json_schema()["examples"]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {"$ref": REFERENCE + "Need"},
                "examples": {f"need {number}": {"value": need} for number, need in enumerate(_EXAMPLES, 1)},
            },
            TURTLE: {"schema": {"type": "string"}, "example": EXAMPLE},
            **{kind: {"schema": {"type": "string"}} for kind in RDF_NEEDS if kind != TURTLE},
        },
    }
}


@router.post("/match.{suffix}", include_in_schema=False)
@router.post(
    "/match",
    summary="Match a need to facilities",
    operation_id="match",
    responses={
        **_ANSWERS,
        **errors(
            status_413="Too many bytes.",
            status_415="A format that is not taken.",
            status_422="A need as RDF that does not conform; errors[] gives line and column.",
        ),
    },
    openapi_extra=_BODY,
)
async def post_match(request: Request, suffix: str | None = None) -> Response:
    """Send a need as JSON, or one `infra:Need` as RDF; ``lang`` or ``Accept-Language`` chooses the language of the
    reasons.
    """
    kind = media_type(request, JSON)
    if kind != JSON and kind not in RDF_NEEDS:
        raise Unsupported(f"a need of type {kind} is not taken; send {JSON} or one of {', '.join(RDF_NEEDS)}")
    data = await read_small_body(request, request.app.state.settings.max_json_bytes)
    return await run_in_threadpool(_posted, request, data, kind, suffix)


def _posted(request: Request, data: bytes, kind: str, suffix: str | None) -> Response:
    try:
        need = Need.model_validate_json(data) if kind == JSON else need_of_rdf(request, data, kind)
    except ValidationError as error:
        detail, faults = of_validation(error)
        return response(request, "invalid-input", detail, faults)
    return _answer(request, need, suffix)


@router.get("/match.{suffix}", include_in_schema=False)
@router.get(
    "/match", summary="Match a need given in the address", operation_id="matchByAddress", responses=_ANSWERS
)
def get_match(
    request: Request,
    text: Annotated[
        str | None, Query(description="The need in your own words.", examples=["3D-printing titanium parts"])
    ] = None,
    place: Annotated[
        str | None,
        Query(
            description="Where the firm is: the name of a city or region, or a NUTS code.",
            examples=["Hasselt"],
        ),
    ] = None,
    region: Annotated[str | None, Query(description="NUTS code.", examples=["BE223"])] = None,
    location: Annotated[
        str | None, Query(description="Latitude and longitude in degrees.", examples=["50.93,5.34"])
    ] = None,
    capability: Annotated[list[str] | None, Query(examples=[["fatigue-testing"]])] = None,
    essential: Annotated[
        list[str] | None,
        Query(description="Capabilities that are hard conditions.", examples=[["fatigue-testing"]]),
    ] = None,
    niceToHave: Annotated[  # noqa: N803 - contract name
        list[str] | None, Query(description="Capabilities that weigh less.", examples=[["welding"]])
    ] = None,
    service: Annotated[list[str] | None, Query()] = None,
    sector: Annotated[list[str] | None, Query()] = None,
    country: Annotated[list[str] | None, Query()] = None,
    accessMode: Annotated[list[str] | None, Query()] = None,  # noqa: N803 - contract name
    serviceLanguage: Annotated[  # noqa: N803 - contract name
        list[str] | None, Query(description="Languages that the facility should speak.", examples=[["nl"]])
    ] = None,
    excluded: Annotated[
        list[str] | None,
        Query(description="Codes that the text must not be understood as.", examples=[["welding"]]),
    ] = None,
    quantity: Annotated[
        list[str] | None,
        Query(
            description="What equipment must reach: `100 kN`, `20..100 kN`, `..100 kN` or `20.. kN`.",
            examples=[["..100 kN"]],
        ),
    ] = None,
    trlNow: Annotated[str | None, Query(examples=["4"])] = None,  # noqa: N803 - contract name
    trlTarget: Annotated[str | None, Query(examples=["6"])] = None,  # noqa: N803 - contract name
    companySize: Annotated[  # noqa: N803 - contract name
        str | None, Query(description="micro, small, medium or large.", examples=["small"])
    ] = None,
    staff: Annotated[str | None, Query(examples=["12"])] = None,
    turnover: Annotated[str | None, Query(description="Sales of a year.", examples=["1500000"])] = None,
    currency: Annotated[str | None, Query(description="Of the turnover; EUR by default.")] = None,
    required: Annotated[list[str] | None, Query(description="Members that are hard conditions.")] = None,
    weight: Annotated[
        list[str] | None,
        Query(description="How much a criterion weighs, `criterion:weight`.", examples=[["nearness:0.3"]]),
    ] = None,
    maxDistanceKm: Annotated[str | None, Query(description="Kilometres.")] = None,  # noqa: N803 - contract name
    limit: Annotated[str | None, Query(description="From 1 to 200; 10 by default.", examples=["3"])] = None,
    language: Annotated[str | None, Query(description="Language of the text.")] = None,
    lang: Annotated[str | None, Query(description="Language of the answer.", examples=["nl"])] = None,
    suffix: str | None = None,
) -> Response:
    """The same as POST for a need given in an address; a page for a browser.

    An empty field of a form counts as not given.
    """
    kind = wanted(request, KINDS, suffix)
    asked = asked_of(request, kind)
    if isinstance(asked, Response):
        return asked
    try:
        return _answer(request, asked, suffix)
    except InputError as error:
        if kind != HTML:
            raise
        return start_page(request, members_of(request.query_params), detail=error.detail, status=400)


def _answer(request: Request, need: Need, suffix: str | None) -> Response:
    snapshot = service(request).snapshot
    kind = wanted(request, KINDS, suffix)
    if need.lang is None:
        need = need.model_copy(update={"lang": _asked_language(request, need, kind)})

    def made() -> Response:
        answer = matched(request, need, snapshot)
        service(request).demand.note(need, answer, snapshot)
        return written(request, kind, need, answer, snapshot, {"revision": snapshot.revision})

    tag = etag(request, snapshot.revision, kind, need.model_dump_json())
    return reading(request, snapshot.revision, tag, made, keep=not need.shareDemand)


def _asked_language(request: Request, need: Need, kind: str) -> str | None:
    """The language that ``lang=`` or the reader's header asks for; ``None`` leaves it to the language of the text."""
    if request.query_params.get("lang") or kind == HTML:
        return language(request)
    chosen = language(request)
    return chosen if need.language is None and chosen != "en" else None
