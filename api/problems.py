"""Errors as RFC 9457 problem details, and the pages that explain them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from jinja2 import TemplateError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from api.clients import client_of, tell_share
from api.negotiation import NotAcceptable, prefers_html
from api.pages import render
from api.schemas import PROBLEM_JSON
from api.wording import N_
from graph.contribute.accept import NotConforming
from graph.contribute.sent import NotOwn
from graph.errors import GraphError, TooManyRequests


@dataclass(frozen=True)
class Problem:
    """A kind of problem: its name in ``/problems/NAME``, status, title, and what helps."""

    name: str
    status: int
    title: str
    help: str


PROBLEMS: Final[Mapping[str, Problem]] = {
    problem.name: problem
    for problem in (
        Problem(
            "invalid-input",
            400,
            N_("The request cannot be used"),
            N_("Mend what errors[] names and send it again."),
        ),
        Problem(
            "syntax-error",
            400,
            N_("The text cannot be parsed"),
            N_("errors[] gives line and column of each error."),
        ),
        Problem(
            "does-not-conform",
            422,
            N_("What was sent does not conform"),
            N_("Mend the violations in the report."),
        ),
        Problem(
            "limit-exceeded",
            422,
            N_("A limit was passed"),
            N_("Ask for less: narrow the query or split the file."),
        ),
        Problem("too-slow", 408, N_("The body stopped"), N_("Send it again; the detail says how much came.")),
        Problem("too-large", 413, N_("Too many bytes"), N_("Send less at once; the detail names the limit.")),
        Problem(
            "unsupported-media-type",
            415,
            N_("The format is not taken"),
            N_("Send one of those that the detail names."),
        ),
        Problem(
            "not-acceptable",
            406,
            N_("No such format"),
            N_("Ask for one of the formats that the detail names."),
        ),
        Problem(
            "unauthorised",
            401,
            N_("A token is needed"),
            N_("Send the partner's token: Authorization: Bearer infrashare_…"),
        ),
        Problem(
            "not-own",
            403,
            N_("Not yours to describe"),
            N_("Take out the statements that errors[] names by line; refer to others' entities freely."),
        ),
        Problem(
            "conflict", 409, N_("Overtaken"), N_("Look at the current state and send the request again.")
        ),
        Problem(
            "precondition-failed",
            412,
            N_("The current version is another one"),
            N_("Look at what changed (…/diff), merge, and send it again with the new ETag in If-Match."),
        ),
        Problem(
            "key-reused", 422, N_("The key belongs to another request"), N_("Use a new Idempotency-Key.")
        ),
        Problem(
            "too-many-attempts", 429, N_("Too many attempts"), N_("Wait for the seconds in Retry-After.")
        ),
        Problem(
            "too-many-requests",
            429,
            N_("Your share is used up"),
            N_(
                "Wait for the seconds in Retry-After; RateLimit says what is left. For much work, fetch the dump."
            ),
        ),
        Problem(
            "storage-full",
            507,
            N_("The disk is full"),
            N_("Nothing was changed. Tell the operator, who makes room; then send it again."),
        ),
        Problem(
            "index-behind",
            500,
            N_("Kept, but not shown yet"),
            N_("The ledger has it. Send the same request again later: it gets the same version."),
        ),
        Problem("refused", 403, N_("Not allowed"), N_("The detail says what is not allowed and why.")),
        Problem(
            "not-found",
            404,
            N_("Not found"),
            N_("Check the address, or look in the lists and the catalogue."),
        ),
        Problem(
            "no-run",
            404,
            N_("No run has this id"),
            N_(
                "Take the whole run.id of an answer; ids hold the need, so one that is cut is lost: ask /match again."
            ),
        ),
        Problem(
            "method-not-allowed", 405, N_("Method not allowed"), N_("The Allow header names the methods.")
        ),
        Problem("busy", 503, N_("Too busy"), N_("Try again after the seconds in Retry-After.")),
        Problem(
            "not-ready",
            503,
            N_("Not ready yet"),
            N_("The dataset is still being loaded; try again in a few seconds."),
        ),
        Problem(
            "store-failed",
            500,
            N_("The store failed"),
            N_("Tell the operator; the ledger keeps what was accepted."),
        ),
        Problem(
            "store-unreachable",
            502,
            N_("The SPARQL server gave no usable answer"),
            N_("Try again in a few seconds; where it goes on, tell the operator what the detail says."),
        ),
        Problem(
            "store-timeout",
            504,
            N_("The SPARQL server took too long"),
            N_("Ask for less, or try again later; the server may still be at work on what was asked."),
        ),
        Problem("internal", 500, N_("Something went wrong here"), N_("Tell the operator when it happened.")),
    )
}
_BY_STATUS: Final = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable", 413: "too-large"}
_DETAILS: Final = {
    404: "nothing is at {path}; /docs lists the addresses",
    405: "{path} does not take this method; it takes {methods}",
}
_METHODS: Final = ("GET", "POST", "QUERY", "PUT", "DELETE")
_LOG = logging.getLogger("infrashare")


def response(
    request: Request,
    name: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    status: int | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """A problem answered as JSON, or as a page for a browser."""
    problem = PROBLEMS[name]
    code = status or problem.status
    body = _body(problem, detail, request.url.path, errors, code, extra)
    headers = {"Retry-After": "5"} if code == 503 else {}
    if prefers_html(request):
        context = {"problem": body, "help": problem.help}
        try:
            return render(request, "problem.html", context, status=code, headers=headers)
        except TemplateError:
            _LOG.exception("the page of a problem could not be made")
    headers["Vary"] = "Accept, Accept-Language"
    return JSONResponse(body, status_code=code, media_type=PROBLEM_JSON, headers=headers)


def _body(
    problem: Problem,
    detail: str,
    instance: str,
    errors: list[dict[str, Any]] | None,
    status: int | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "type": f"/problems/{problem.name}",
        "title": problem.title,
        "status": status or problem.status,
        "detail": detail,
        "instance": instance,
        "errors": errors or [{"code": problem.name, "message": detail, "severity": "violation"}],
        **(extra or {}),
    }


def _details(error: GraphError) -> tuple[list[dict[str, Any]], Mapping[str, Any] | None]:
    """``errors[]`` of an error, and its report where it has one."""
    errors = [
        {key: value for key, value in vars(place).items() if value is not None} | {"severity": "violation"}
        for place in error.places
    ]
    if isinstance(error, NotConforming | NotOwn):
        errors = errors or [
            finding.as_json() for finding in error.report.findings if finding.severity == "violation"
        ]
        return errors, {"report": error.report.as_json()}
    return errors, None


def of_graph_error(request: Request, error: GraphError) -> Response:
    """The answer to an error that the knowledge graph raised."""
    errors, extra = _details(error)
    answer = response(request, error.problem, error.detail, errors, extra=extra)
    if error.problem == "unauthorised":
        answer.headers["WWW-Authenticate"] = 'Bearer realm="InfraShare"'
    if isinstance(seconds := getattr(error, "seconds", None), int):
        answer.headers["Retry-After"] = str(seconds)
    if isinstance(error, TooManyRequests):
        tell_share(answer, request.app.state.service.public.shares, client_of(request))
    return answer


def body_of(error: GraphError, instance: str) -> dict[str, Any]:
    """The problem of an error as JSON, for an answer that is fetched later."""
    errors, extra = _details(error)
    return _body(PROBLEMS[error.problem], error.detail, instance, errors, extra=extra)


def body_of_validation(error: ValidationError, instance: str) -> dict[str, Any]:
    """The problem of JSON that does not fit the model, as JSON."""
    detail, errors = of_validation(error)
    return _body(PROBLEMS["invalid-input"], detail, instance, errors)


def of_validation(error: ValidationError | RequestValidationError) -> tuple[str, list[dict[str, Any]]]:
    """Detail and errors[] of JSON or parameters that do not fit the model."""
    errors = []
    for fault in error.errors():
        path = ".".join(str(part) for part in fault["loc"] if part not in {"body", "query", "path"})
        message = fault["msg"].removeprefix("Value error, ")
        entry = {"code": fault["type"], "message": message, "path": path or None, "severity": "violation"}
        value = fault.get("input")
        if isinstance(value, str | int | float | bool):
            entry["value"] = str(value)[:200]
        errors.append({key: item for key, item in entry.items() if item is not None})
    first = errors[0]
    where = f"{first['path']}: " if "path" in first else ""
    more = f" ({len(errors)} faults in all)" if len(errors) > 1 else ""
    return f"{where}{first['message']}{more}", errors


def _methods(app: FastAPI, request: Request, path: str) -> list[str]:
    """The methods that an address takes; empty where there is no such address."""
    taken = []
    for method in _METHODS:
        scope = {**request.scope, "path": path, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in app.routes):
            taken.append(method)
    return [*taken, "HEAD"] if "GET" in taken else taken


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""

    @app.exception_handler(GraphError)
    async def graph_error(request: Request, error: GraphError) -> Response:
        return of_graph_error(request, error)

    @app.exception_handler(NotAcceptable)
    async def not_acceptable(request: Request, error: NotAcceptable) -> Response:
        return response(request, "not-acceptable", str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        detail, errors = of_validation(error)
        return response(request, "invalid-input", detail, errors)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        path = request.url.path
        allowed = _methods(app, request, path)
        bare = "/" + path.strip("/")
        if error.status_code == 404 and bare != path and _methods(app, request, bare):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(bare + query, status_code=308)
        name = _BY_STATUS.get(error.status_code, "invalid-input" if error.status_code < 500 else "internal")
        detail = _DETAILS.get(error.status_code, str(error.detail)).format(
            path=path, methods=", ".join(allowed)
        )
        answer = response(request, name, detail, status=error.status_code)
        for key, value in (error.headers or {}).items():
            answer.headers[key] = value
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(allowed)
        return answer

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, error: ClientDisconnect) -> Response:
        return response(request, "invalid-input", "the connection ended before the body was complete")

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        return response(request, "internal", f"{type(error).__name__} while answering; nothing was changed")
