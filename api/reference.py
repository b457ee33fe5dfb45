"""The reference of this interface for people, made from its OpenAPI description; it loads nothing from elsewhere."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.kept import KeptAnswers
from api.negotiation import HTML
from api.pages import render
from api.state import etag, unchanged

router = APIRouter()

_METHODS = ("get", "post", "put", "delete", "head")


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> Response:
    """All operations with parameters, answers and examples."""
    tag = etag(request, 0, HTML)
    kept: KeptAnswers = request.app.state.kept
    answer = Response(status_code=304) if unchanged(request, tag) else kept.get(tag)
    if answer is None:
        answer = _page(request)
        kept.put(tag, answer)
    answer.headers["ETag"] = tag
    answer.headers["Vary"] = "Accept, Accept-Language"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _page(request: Request) -> Response:
    description: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in sorted(description["paths"].items()):
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                entry = {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "parameters": [
                        {
                            "name": parameter["name"],
                            "in": parameter["in"],
                            "required": parameter.get("required", False),
                            "description": parameter.get("description", ""),
                        }
                        for parameter in operation.get("parameters", [])
                    ],
                    "bodies": sorted(operation.get("requestBody", {}).get("content", {})),
                    "answers": {
                        status: answer.get("description", "")
                        for status, answer in operation.get("responses", {}).items()
                    },
                }
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(entry)
    return render(request, "docs.html", {"title": description["info"]["title"], "groups": groups})
