"""Matching: a need in, as JSON or RDF; ranked facilities with reasons out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ValidationError

from api.bodies import media_type, read_small_body
from api.match_answer import KINDS, matched, written
from api.match_schemas import MatchAnswer
from api.needs import EXAMPLE, RDF_NEEDS, need_of_rdf
from api.negotiation import HTML, JSON, RDF, TURTLE, language, wanted
from api.problems import of_validation, response
from api.schemas import REFERENCE, answers, errors
from api.state import etag, reading, service
from graph.errors import Unsupported
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
_MEMBERS = {
    "text": "text",
    "region": "region",
    "maxDistanceKm": "maxDistanceKm",
    "limit": "limit",
    "language": "language",
    "lang": "lang",
}
_LISTS = {
    "capability": "capabilities",
    "service": "services",
    "sector": "sectors",
    "country": "countries",
    "accessMode": "accessModes",
    "required": "required",
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
    region: Annotated[str | None, Query(description="NUTS code.", examples=["BE223"])] = None,
    capability: Annotated[list[str] | None, Query(examples=[["fatigue-testing"]])] = None,
    service: Annotated[list[str] | None, Query()] = None,
    sector: Annotated[list[str] | None, Query()] = None,
    country: Annotated[list[str] | None, Query()] = None,
    accessMode: Annotated[list[str] | None, Query()] = None,  # noqa: N803 - contract name
    required: Annotated[list[str] | None, Query(description="Members that are hard conditions.")] = None,
    maxDistanceKm: Annotated[str | None, Query(description="Kilometres.")] = None,  # noqa: N803 - contract name
    limit: Annotated[str | None, Query(description="From 1 to 200; 10 by default.", examples=["3"])] = None,
    language: Annotated[str | None, Query(description="Language of the text.")] = None,
    lang: Annotated[str | None, Query(description="Language of the answer.", examples=["nl"])] = None,
    suffix: str | None = None,
) -> Response:
    """The same as POST for the members that fit into an address; a page for a browser.

    An empty field of a form counts as not given.
    """
    given = request.query_params
    members: dict[str, Any] = {member: given[name] for name, member in _MEMBERS.items() if given.get(name)}
    for name, member in _LISTS.items():
        members[member] = [value for value in given.getlist(name) if value]
    is_empty = not members.get("text", "").strip() and not members["capabilities"]
    try:
        need = Need.model_validate(members)
    except ValidationError as error:
        detail, faults = of_validation(error)
        answer = response(request, "invalid-input", detail, faults)
        if is_empty and wanted(request, KINDS, suffix) == HTML:
            answer.status_code = 200  # the page is the empty form
        return answer
    return _answer(request, need, suffix)


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
