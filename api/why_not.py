"""Why a facility is no result of a need, or not a better one, and what would have to change."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyoxigraph import NamedNode

from api.bodies import media_type, read_small_body
from api.facility_names import facilities_named
from api.match_answer import codes_told, in_asked_language
from api.match_page import MatchPage
from api.match_schemas import WhyNotAnswer
from api.match_start import asked_of
from api.negotiation import HTML, JSON, language, wanted
from api.pages import render
from api.problems import of_validation, response
from api.schemas import REFERENCE, answers, errors
from api.state import etag, reading, service
from graph.errors import InputError, Unsupported
from graph.iris import ID
from graph.match.need import Need
from graph.store.protocol import State

router = APIRouter(tags=["match"])
_LONGEST = 500


class WhyNot(BaseModel):
    """A need and the facility to judge for it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "need": {
                        "capabilities": ["fatigue-testing"],
                        "countries": ["CZ"],
                        "required": ["countries"],
                    },
                    "facility": "musp-piacenza",
                }
            ]
        },
    )

    need: Need
    facility: Annotated[str, Field(min_length=1, max_length=500, description="Its IRI, or the end of it.")]

    @property
    def node(self) -> NamedNode:
        """The facility's IRI. Raises ``InputError`` for what can be none."""
        text = self.facility.strip()
        try:
            return NamedNode(text) if ":" in text else ID[f"facility/{text}"]
        except ValueError as error:
            raise InputError(f"facility {text!r} is no IRI and no slug; see /facilities") from error


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {"$ref": REFERENCE + "WhyNot"},
                "examples": {"a facility abroad": {"value": WhyNot.model_json_schema()["examples"][0]}},
            }
        },
    }
}


@router.post(
    "/match/why-not",
    summary="Why a facility is not a result, and what would have to change",
    operation_id="whyNot",
    responses={
        **answers(WhyNotAnswer, "Each criterion's verdict for one facility, and what would have to change."),
        **errors(
            status_400="A need that cannot be used; errors[] says why.",
            status_404="There is no such facility.",
            status_413="Too many bytes.",
            status_415="Not JSON.",
        ),
    },
    openapi_extra=_BODY,
)
async def post_why_not(request: Request) -> Response:
    """Send the need as for ``/match``, and the facility's IRI or the end of it."""
    kind = media_type(request, JSON)
    if kind != JSON:
        raise Unsupported(f"a body of type {kind} is not taken; send {JSON}")
    data = await read_small_body(request, request.app.state.settings.max_json_bytes)
    try:
        asked = WhyNot.model_validate_json(data)
    except ValidationError as error:
        detail, faults = of_validation(error)
        return response(request, "invalid-input", detail, faults)
    return await run_in_threadpool(_answer, request, asked)


@router.get("/match/why-not.{suffix}", include_in_schema=False)
@router.get("/match/why-not", include_in_schema=False)
def get_why_not(request: Request, facility: str = "", suffix: str | None = None) -> Response:
    """The same for a need given in the address, as a page for a browser; a facility can be named in words."""
    kind = wanted(request, [JSON, HTML], suffix)
    need = asked_of(request, kind)
    if isinstance(need, Response):
        return need
    if need.lang is None:
        need = need.model_copy(update={"lang": language(request)})
    typed = facility.strip()[:_LONGEST]
    if kind == JSON:
        return _answer(request, WhyNot(need=need, facility=typed or "?"))
    snapshot = service(request).snapshot
    tag = etag(request, snapshot.revision, kind, need.model_dump_json(), typed)
    return reading(request, snapshot.revision, tag, lambda: _page(request, need, typed, snapshot))


def _page(request: Request, need: Need, typed: str, state: State) -> Response:
    """How the facility is judged; where several have the name, or none, a choice."""
    running = service(request)
    choices = facilities_named(typed, language(request), state, running.catalogue, running.suggestions)
    context: dict[str, Any] = {"need": need, "typed": typed, "told": None, "choices": choices}
    context["revision"] = state.revision
    with codes_told():
        if len(choices) != 1:
            understood = {"understood": running.matcher.match(need, state)["understood"], "results": []}
            page = MatchPage(request, need, {**understood, "run": {"language": need.lang}}, state)
            return render(request, "why-not.html", {**context, "asked": page.asked()})
        told = running.matcher.why_not(need, choices[0].node, state)
    page = MatchPage(request, need, {**told, "results": []}, state)
    changes = [
        {**one, "query": page.changed(one["change"]) if one.get("change") else None}
        for one in told["changes"]
    ]
    result = page.result(told["result"])
    return render(
        request,
        "why-not.html",
        {**context, "told": told, "result": result, "changes": changes, "asked": page.asked()},
    )


def _answer(request: Request, asked: WhyNot) -> Response:
    running = service(request)
    kind = wanted(request, [JSON])
    need = in_asked_language(request, asked.need)
    snapshot = running.snapshot

    def made() -> Response:
        with codes_told():
            return JSONResponse(running.matcher.why_not(need, asked.node, snapshot))

    tag = etag(request, snapshot.revision, kind, asked.model_dump_json())
    return reading(request, snapshot.revision, tag, made)
