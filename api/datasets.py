"""One contribution: send it, go back, delete it."""

import asyncio
import functools
import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from api import dataset_schemas as schemas
from api.authentication import contributor
from api.bodies import is_packed, read_body, read_small_body
from api.contributions import GZIP_MAGIC, body_of_example
from api.jobs import Job, Jobs
from api.negotiation import JSON, language
from api.preconditions import precondition
from api.problems import of_validation, response
from api.schemas import REFERENCE, answers, errors
from api.state import service
from graph.contribute.accept import graph_of
from graph.contribute.contributions import Contributions
from graph.contribute.receipt import Receipt
from graph.contribute.sent import Sent, Terms
from graph.errors import InputError, Unsupported
from graph.store.content import content_hash
from graph.store.fault import fault
from graph.store.replies import MAX_KEY
from graph.store.replies import Request as Repeatable

router = APIRouter(tags=["contributions"])

_MOST_MESSAGE = 500
_EXAMPLE = """\
@prefix organisation: <https://w3id.org/infrashare/id/organisation/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

organisation:welding-institute a org:Organization ;
  skos:prefLabel "Welding Institute"@en ;
  org:classification <https://w3id.org/infrashare/codelist/organisation-kind/rto> ;
  dct:source <https://example.org/welding> .
"""
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": MAX_KEY},
    "description": "Any text of your own for this request: sent again with it, the request gets the same answer.",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of the version that you edited: 412 where the current one is another.",
}
_PREFER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "enum": ["respond-async"]},
    "description": "respond-async: answer 202 at once with the Location of a job that shows the progress.",
}
_WRITING: dict[str, Any] = {"security": [{"token": []}], "parameters": [_KEY, _IF_MATCH]}
_REFUSALS = errors(
    status_401="No token, or one that is unknown, expired or revoked.",
    status_403="Not your partner, or statements about what is not yours: errors[] names each by line.",
    status_404="There is no such contribution or version.",
    status_409="The same request is under way, or what it refers to was removed meanwhile: send it again.",
    status_412="The current version is not the one in If-Match.",
    status_413="Too many bytes.",
    status_415="A format that is not taken.",
    status_422="It does not conform (the report says why), passed a limit, or its key was used for another request.",
    status_429="Too many wrong tokens: wait for the seconds in Retry-After.",
    status_507="The disk is full; nothing was changed.",
)
_MESSAGE = Query(description="What this version is about, in a line.", examples=["New clean room"])
_DRY_RUN = Query(description="Only say what would change; nothing is written.")


def _contributions(request: Request) -> Contributions:
    return service(request).contributions


def _message(text: str) -> str:
    if len(text) > _MOST_MESSAGE:
        raise InputError(f"message: {len(text)} characters; the limit is {_MOST_MESSAGE}")
    return " ".join(text.split())


async def _in_turn(request: Request, work: Callable[[], Receipt]) -> Receipt:
    """Do it in one of the threads for uploads, so that reads never wait for them."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(request.app.state.uploads, work)


def _terms(request: Request, partner: str, asked: str, dry_run: bool) -> Terms:
    key = request.headers.get("idempotency-key", "").strip().strip('"')
    if len(key) > MAX_KEY:
        raise InputError(f"Idempotency-Key: {len(key)} characters; the limit is {MAX_KEY}")
    repeatable = None
    if key and not dry_run:
        hashed = hashlib.sha256(f"{request.method} {request.url.path}\n{asked}".encode()).hexdigest()
        repeatable = Repeatable(partner, key, hashed)
    return Terms(dry_run, precondition(request), repeatable)


def _receipt(request: Request, receipt: Receipt) -> Response:
    """The answer to a write: the receipt, with the new entity tag and the address of the version."""
    content = receipt.content
    headers = {"Dataset-Revision": str(receipt.revision), "Cache-Control": "no-store"}
    where = f"/contributions/{content['partner']}/{content['dataset']}"
    if not content["dry_run"] and content["change"] != "deleted":
        headers["ETag"] = f'"v{receipt.version}"'
        headers["Content-Location"] = f"{where}/versions/{receipt.version}"
    if receipt.replayed:
        headers["Idempotency-Replayed"] = "true"
    created = receipt.created and not content["dry_run"]
    if created:
        headers["Location"] = where
    fault("answered")
    return JSONResponse(content, status_code=201 if created else 200, headers=headers)


@router.put(
    "/contributions/{partner}/{dataset}",
    summary="Send a contribution",
    operation_id="putContribution",
    openapi_extra={
        **_WRITING,
        "parameters": [_KEY, _IF_MATCH, _PREFER],
        "requestBody": body_of_example(_EXAMPLE),
    },
    responses={
        **answers(schemas.Receipt, "A new version, or the same content again (unchanged)."),
        201: {
            "description": "The first version.",
            "content": {JSON: {"schema": {"$ref": REFERENCE + "Receipt"}}},
        },
        202: {
            "description": "Under way (Prefer: respond-async): the Location is a job that shows the progress."
        },
        **_REFUSALS,
    },
)
async def put(
    request: Request,
    partner: Annotated[str, schemas.PARTNER],
    dataset: Annotated[str, schemas.DATASET],
    message: Annotated[str, _MESSAGE] = "",
    dry_run: Annotated[bool, _DRY_RUN] = False,
    lang: Annotated[str | None, Query(description="Language of the messages.", examples=["nl"])] = None,
) -> Response:
    """The file becomes the current version of the graph, if it conforms and describes only what is yours."""
    graph_of(partner, dataset)
    token = contributor(request, partner)
    kind = request.headers.get("content-type", "")
    if not kind:
        raise Unsupported("the Content-Type is missing; say text/turtle for Turtle")
    packed = is_packed(request)
    data = await read_body(request, request.app.state.settings.max_upload_bytes)
    if packed and not data.startswith(GZIP_MAGIC):
        raise InputError("the Content-Encoding is gzip, but the body is not packed")
    sent = Sent(partner, dataset, data, kind, f"token {token.id}", _message(message), language(request))
    terms = _terms(request, partner, f"{kind}\n{content_hash(data)}", dry_run)
    put_it = functools.partial(_contributions(request).put, sent, terms)
    if "respond-async" in request.headers.get("prefer", "").lower():
        return _started(request, f"{partner}/{dataset}", put_it)
    return _receipt(request, await _in_turn(request, put_it))


def _started(request: Request, name: str, put_it: Callable[..., Receipt]) -> Response:
    """202 and the job that does it."""
    jobs: Jobs = request.app.state.jobs

    def work(job: Job) -> Receipt:
        return put_it(progress=job.report)

    job, run = jobs.start(name, request.url.path, work)
    request.app.state.uploads.submit(run)
    headers = {
        "Location": f"/jobs/{job.id}",
        "Preference-Applied": "respond-async",
        "Cache-Control": "no-store",
    }
    return JSONResponse(job.as_json(), status_code=202, headers=headers)


@router.delete(
    "/contributions/{partner}/{dataset}",
    summary="Delete a contribution",
    operation_id="deleteContribution",
    openapi_extra=_WRITING,
    responses={
        **answers(schemas.Receipt, "Deleted as a new version; what others refer to is listed as a warning."),
        **_REFUSALS,
    },
)
async def delete(
    request: Request,
    partner: Annotated[str, schemas.PARTNER],
    dataset: Annotated[str, schemas.DATASET],
    message: Annotated[str, _MESSAGE] = "",
    dry_run: Annotated[bool, _DRY_RUN] = False,
) -> Response:
    """Its history stays, and a rollback brings it back."""
    graph_of(partner, dataset)
    token = contributor(request, partner)
    sent = Sent(partner, dataset, b"", "", f"token {token.id}", _message(message), language(request))
    terms = _terms(request, partner, "", dry_run)
    work = functools.partial(_contributions(request).delete, sent, terms)
    return _receipt(request, await _in_turn(request, work))


@router.post(
    "/contributions/{partner}/{dataset}/rollback",
    summary="Go back to an older version",
    operation_id="rollBackContribution",
    openapi_extra={
        **_WRITING,
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": REFERENCE + "Rollback"}, "example": {"version": 1}}},
        },
    },
    responses={
        **answers(schemas.Receipt, "A new version equal to the old one."),
        201: {
            "description": "A deleted contribution is back.",
            "content": {JSON: {"schema": {"$ref": REFERENCE + "Receipt"}}},
        },
        **_REFUSALS,
    },
)
async def roll_back(
    request: Request,
    partner: Annotated[str, schemas.PARTNER],
    dataset: Annotated[str, schemas.DATASET],
    message: Annotated[str, _MESSAGE] = "",
    dry_run: Annotated[bool, _DRY_RUN] = False,
) -> Response:
    """The old content passes the same gate as any other: where today's rules refuse it, the report says why."""
    graph_of(partner, dataset)
    token = contributor(request, partner)
    body = await read_small_body(request, request.app.state.settings.max_json_bytes)
    try:
        asked = schemas.Rollback.model_validate_json(body)
    except ValidationError as error:
        return response(request, "invalid-input", *of_validation(error))
    sent = Sent(partner, dataset, b"", "", f"token {token.id}", _message(message), language(request))
    terms = _terms(request, partner, str(asked.version), dry_run)
    work = functools.partial(_contributions(request).roll_back, sent, asked.version, terms)
    return _receipt(request, await _in_turn(request, work))
