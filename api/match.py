"""Matching: a need in, ranked facilities with reasons out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from api.bodies import read_body
from api.negotiation import HTML, JSON, language, wanted
from api.pages import render
from api.problems import of_validation, response
from api.state import etag, reading, service
from graph.errors import Unsupported
from graph.match.need import Need

router = APIRouter(tags=["match"])

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Ranked facilities, each criterion with verdict, reason and evidence.",
        "content": {
            JSON: {
                "example": {
                    "run": {"id": "5f1c…", "revision": 39, "query": "/queries/match-candidates", "language": "en"},
                    "understood": {"capabilities": [], "not_understood": []},
                    "total": 0,
                    "results": [],
                    "coverage": [],
                    "bundle": [],
                    "relaxations": [],
                }
            }
        },
    },
    400: {"description": "A need that cannot be used; errors[] says why.", "content": {"application/problem+json": {}}},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Need"}, "examples": {}}},
    }
}
for _number, _example in enumerate(Need.model_config["json_schema_extra"]["examples"], 1):  # type: ignore[index, call-overload]
    _BODY["requestBody"]["content"][JSON]["examples"][f"need {_number}"] = {"value": _example}  # type: ignore[index]


@router.post("/match", summary="Match a need to facilities", responses=_ANSWER, openapi_extra=_BODY)
async def post_match(request: Request) -> Response:
    """Send a need as JSON; ``lang`` or ``Accept-Language`` chooses the language of the reasons."""
    kind = request.headers.get("content-type", JSON).split(";")[0].strip().lower()
    if kind != JSON:
        raise Unsupported(f"a need of type {kind} is not taken; send {JSON}")
    data = await read_body(request, request.app.state.settings.max_json_bytes)
    try:
        need = Need.model_validate_json(data)
    except ValidationError as error:
        detail, errors = of_validation(error)
        return response(request, "invalid-input", detail, errors)
    return await run_in_threadpool(_answer, request, need)


@router.get("/match", summary="Match a need given in the address", responses=_ANSWER)
def get_match(
    request: Request,
    text: Annotated[str | None, Query(max_length=4_000, examples=["3D-printing titanium parts"])] = None,
    region: Annotated[str | None, Query(examples=["BE223"])] = None,
    capability: Annotated[list[str] | None, Query()] = None,
    service: Annotated[list[str] | None, Query()] = None,
    sector: Annotated[list[str] | None, Query()] = None,
    country: Annotated[list[str] | None, Query()] = None,
    maxDistanceKm: Annotated[float | None, Query()] = None,  # noqa: N803 - contract name
    limit: int = 10,
    lang: str | None = None,
) -> Response:
    """The same as POST for the members that fit into an address; a page for a browser."""
    members: dict[str, Any] = {
        "text": text,
        "region": region or None,
        "capabilities": capability or [],
        "services": service or [],
        "sectors": sector or [],
        "countries": country or [],
        "maxDistanceKm": maxDistanceKm,
        "limit": limit,
        "lang": lang,
    }
    try:
        need = Need.model_validate(members)
    except ValidationError as error:
        detail, errors = of_validation(error)
        return response(request, "invalid-input", detail, errors)
    return _answer(request, need)


def _answer(request: Request, need: Need) -> Response:
    running = service(request)
    kind = wanted(request, [JSON, HTML])
    if need.lang is None and (kind == HTML or "accept-language" in request.headers) and need.language is None:
        chosen = language(request)
        need = need if chosen == "en" and kind != HTML else need.model_copy(update={"lang": chosen})
    snapshot = running.snapshot
    answer = running.matcher.match(need, snapshot)
    if kind == HTML:
        page = render(request, "match.html", {"need": need, "answer": answer, "revision": snapshot.revision})
        return reading(request, snapshot.revision, etag(snapshot.revision, kind, answer["run"]["id"]), page)
    body = JSONResponse(answer)
    return reading(request, snapshot.revision, etag(snapshot.revision, kind, answer["run"]["id"]), body)
