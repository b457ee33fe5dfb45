"""The OpenAPI description: what the routes declare, with the errors that every operation can answer."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import dataset_schemas, demand_schemas, direction_schemas, match_run_schemas
from api.match_schemas import BatchLine, MatchAnswer, WhyNotAnswer
from api.schemas import PROBLEM_JSON, REFERENCE, components
from api.why_not import WhyNot

_EVERYWHERE: Final = {
    "400": "The request cannot be used; errors[] says why.",
    "406": "None of the formats asked for can be given.",
    "503": "Not ready yet, or too busy; try again after Retry-After.",
}
_PROBLEM: Final = {PROBLEM_JSON: {"schema": {"$ref": REFERENCE + "Problem"}}}
_READ: Final = {
    "ETag": {"description": "Changes with the dataset and the format.", "schema": {"type": "string"}},
    "Dataset-Revision": {"description": "The state of the dataset.", "schema": {"type": "integer"}},
}


def describe(app: FastAPI) -> None:
    """Make the application describe itself once, when it is first asked."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _description(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        license_info=app.license_info,
    )
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            operation["responses"] = _responses(operation["responses"], is_read=_is_read(path, method))
    described["components"] = {
        "schemas": components(
            (
                *dataset_schemas.ANSWERS,
                *direction_schemas.ANSWERS,
                demand_schemas.DemandTable,
                *match_run_schemas.FORMS,
                MatchAnswer,
                BatchLine,
                WhyNotAnswer,
            ),
            (*dataset_schemas.REQUESTS, WhyNot),
        ),
        "securitySchemes": {"token": dataset_schemas.TOKEN},
    }
    return described


def _is_read(path: str, method: str) -> bool:
    return method == "get" and not path.startswith(("/health", "/problems", "/jobs"))


def _responses(declared: dict[str, Any], *, is_read: bool) -> dict[str, Any]:
    """The declared answers with what all operations share; FastAPI's own 422 is a 400 here."""
    answers = {status: dict(answer) for status, answer in declared.items() if not _is_fastapis(answer)}
    for status, text in _EVERYWHERE.items():
        answers.setdefault(status, {"description": text})
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = _PROBLEM
        elif status == "200" and is_read:
            answer["headers"] = _READ
    if is_read:
        answers["304"] = {"description": "The client has it already (If-None-Match)."}
    return dict(sorted(answers.items()))


def _is_fastapis(answer: dict[str, Any]) -> bool:
    return "HTTPValidationError" in str(answer.get("content", ""))
