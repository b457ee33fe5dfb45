"""Many needs in one request: NDJSON in, NDJSON out, line by line as they are answered."""

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import ValidationError

from api.bodies import media_type, read_small_body
from api.match_answer import in_asked_language, matched
from api.match_schemas import BatchLine
from api.problems import body_of, body_of_validation
from api.schemas import LINES, RAW, REFERENCE, errors
from api.state import service
from graph.errors import GraphError, InputError, TooLarge, Unsupported
from graph.match.need import Need
from graph.store.protocol import State

router = APIRouter(tags=["match"])

NDJSON: Final = "application/x-ndjson"
_TAKEN: Final = (NDJSON, "application/ndjson", "application/jsonl")
_EXAMPLE = (
    '{"text": "3D-printing titanium parts", "region": "BE223", "limit": 3}\n'
    '{"capabilities": ["fatigue-testing"], "countries": ["CZ"], "lang": "cs"}\n'
)


@router.post(
    "/match/batch",
    summary="Match many needs",
    operation_id="matchBatch",
    responses={
        200: {
            "description": "One line for each need, in their order; each is a BatchLine.",
            "content": {NDJSON: {"schema": RAW, LINES: {"$ref": REFERENCE + BatchLine.__name__}}},
        },
        **errors(status_413="Too many bytes or needs.", status_415="Not NDJSON."),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {NDJSON: {"schema": RAW, "example": _EXAMPLE}},
        }
    },
)
async def post_batch(request: Request) -> Response:
    """Send one need a line, each as for ``/match``. Lines are answered in order, all on one revision, as they are done.

    A line that cannot be used is answered by its problem and does not stop the others; empty lines are passed over.
    ``lang=`` chooses the language of answers whose needs give none.
    """
    settings = request.app.state.settings
    kind = media_type(request, NDJSON)
    if kind not in _TAKEN:
        raise Unsupported(f"a batch of type {kind} is not taken; send {NDJSON}, one need a line")
    data = await read_small_body(request, settings.max_batch_bytes)
    try:
        lines = data.decode().split("\n")  # not splitlines: JSON may hold U+2028
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} of the batch is not UTF-8; send the needs in UTF-8") from error
    asked = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not asked:
        raise InputError("the batch has no need; send one JSON object a line, as for /match")
    if len(asked) > settings.max_batch_needs:
        raise TooLarge(f"the batch has {len(asked):,} needs; the limit is {settings.max_batch_needs:,}")
    state = service(request).snapshot
    headers = {"Dataset-Revision": str(state.revision), "Cache-Control": "no-store"}
    return StreamingResponse(_answered(request, asked, state), media_type=NDJSON, headers=headers)


def _answered(request: Request, asked: list[tuple[int, str]], state: State) -> Iterator[str]:
    """The lines of the answer; nobody makes the next one when the client has gone."""
    for number, line in asked:
        yield json.dumps({"line": number, **_one(request, line, state)}, ensure_ascii=False) + "\n"


def _one(request: Request, line: str, state: State) -> dict[str, Any]:
    try:
        need = in_asked_language(request, Need.model_validate_json(line))
        answer = matched(request, need, state)
    except ValidationError as error:
        return {"problem": body_of_validation(error, request.url.path)}
    except GraphError as error:
        return {"problem": body_of(error, request.url.path)}
    service(request).demand.note(need, answer, state)
    return {"answer": answer}
