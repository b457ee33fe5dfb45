"""The OpenAPI description: what the routes declare, with the errors that every operation can answer."""

import re
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import (
    dataset_schemas,
    demand_schemas,
    direction_schemas,
    match_run_schemas,
    practice_schemas,
    region_exchange_schemas,
    region_network_schemas,
    region_schemas,
)
from api.match_schemas import BatchLine, MatchAnswer, WhyNotAnswer
from api.negotiation import JSON, TURTLE
from api.problems import PROBLEMS
from api.schemas import PROBLEM_JSON, RAW, REFERENCE, components
from api.suggestions import SuggestionList
from api.why_not import WhyNot
from graph.iris import LANGUAGES

_EVERYWHERE: Final = {
    "400": "The request cannot be used; errors[] says why.",
    "406": "None of the formats asked for can be given.",
    "503": "Not ready yet, or too busy; try again after Retry-After.",
}
_PROBLEM: Final = {PROBLEM_JSON: {"schema": {"$ref": REFERENCE + "Problem"}}}
_SPEECHLESS: Final = re.compile(
    r"/(health|jobs|id/|codelist/|graph|graph-store|dump\.|robots|sitemap|\.well-known|feed|catalog|context|sparql)"
    r"|/(ontology|problems)\b|/contributions(/\{partner\}/\{dataset\}(/versions.*)?)?$|/match/runs/\{run\}/feed"
)
"""Addresses whose data are the same in every language."""
_LANG: Final = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "Language of the answer's texts; without it Accept-Language chooses, then English.",
    "schema": {"type": "string", "enum": sorted(LANGUAGES)},
}
_FILES: Final = frozenset({TURTLE, "text/csv"})
"""Kinds of text that are kept as files, byte for byte."""
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
            operation["parameters"] = _parameters(path, operation.get("parameters", []))
            if "requestBody" in operation:
                operation["requestBody"] = _body(operation["requestBody"])
    described["components"] = {
        "schemas": components(
            (
                *dataset_schemas.ANSWERS,
                *direction_schemas.ANSWERS,
                *region_schemas.ANSWERS,
                *practice_schemas.ANSWERS,
                demand_schemas.DemandTable,
                SuggestionList,
                region_network_schemas.RegionNetwork,
                *region_exchange_schemas.ANSWERS,
                *match_run_schemas.FORMS,
                MatchAnswer,
                BatchLine,
                WhyNotAnswer,
            ),
            (*dataset_schemas.REQUESTS, WhyNot),
        ),
        "securitySchemes": {"token": dataset_schemas.TOKEN},
    }
    kinds = described["components"]["schemas"]["Problem"]["properties"]["type"]
    kinds["enum"] = [f"/problems/{name}" for name in sorted(PROBLEMS)]
    return described


def _parameters(path: str, declared: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The declared parameters, and ``lang`` where the answer speaks; suffixes are part of an address."""
    parameters = [one for one in declared if one["name"] != "suffix"]
    if not _SPEECHLESS.match(path) and not any(one["name"] == "lang" for one in parameters):
        parameters.append(_LANG)
    return parameters


def _body(declared: dict[str, Any]) -> dict[str, Any]:
    """The declared body: bytes where it is no JSON and no form, an object where it is JSON.

    The kind that has an example comes last of those that are bytes: a client that is made of this knows all of them as
    the same type, and sends them as the last.
    """
    content = {}
    for kind, form in sorted(declared["content"].items(), key=lambda item: "example" in item[1]):
        is_text = form["schema"].get("type") == "string"
        schema = {"type": "object"} if kind.endswith("+json") else RAW
        content[kind] = {**form, "schema": schema} if is_text else form
    return {**declared, "content": content}


def _is_read(path: str, method: str) -> bool:
    return method == "get" and not path.startswith(("/health", "/problems", "/jobs"))


def _responses(declared: dict[str, Any], *, is_read: bool) -> dict[str, Any]:
    """The declared answers with what all operations share; FastAPI's own 422 is a 400 here."""
    answers = {status: dict(answer) for status, answer in declared.items() if not _is_fastapis(answer)}
    for status, text in _EVERYWHERE.items():
        answers.setdefault(status, {"description": text})
    for status, answer in answers.items():
        content = {kind: _answered(kind, form) for kind, form in answer.get("content", {}).items()}
        if len(content) > 1 and content.get(JSON) == {"schema": {}}:  # FastAPI's, where another is declared
            content.pop(JSON)
        if content:
            answer["content"] = content
        if status >= "400":
            answer["content"] = _PROBLEM
        elif status == "200" and is_read:
            answer["headers"] = _READ
    if is_read:
        answers["304"] = {"description": "The client has it already (If-None-Match)."}
    return dict(sorted(answers.items()))


def _answered(kind: str, form: dict[str, Any]) -> dict[str, Any]:
    """The declared form of an answer: bytes where it is neither JSON nor a text to be shown."""
    is_text = kind.startswith("text/") and kind not in _FILES
    if form.get("schema") != {"type": "string"} or is_text:
        return form
    return {**form, "schema": {} if kind.endswith("json") else RAW}


def _is_fastapis(answer: dict[str, Any]) -> bool:
    return "HTTPValidationError" in str(answer.get("content", ""))
