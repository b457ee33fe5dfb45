"""What a request needs of the running service, and the headers that all reads carry."""

import hashlib
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from graph.errors import GraphError
from graph.service import Service


class NotReady(GraphError):
    """The dataset is still being loaded."""

    problem = "not-ready"


def service(request: Request) -> Service:
    """The running service. Raises ``NotReady`` until the dataset is loaded."""
    state: Any = request.app.state
    if state.failure is not None:
        raise state.failure
    if not state.ready.is_set():
        raise NotReady("the dataset is still being loaded")
    running: Service = state.service
    return running


def etag(revision: int, *parts: str) -> str:
    """An entity tag of revision, format and whatever else the answer depends on."""
    digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:12]
    return f'"{revision}-{digest}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this representation already."""
    known = request.headers.get("if-none-match", "")
    tags = {part.strip().removeprefix("W/") for part in known.split(",")}
    return tag in tags or "*" in tags


def reading(request: Request, revision: int, tag: str, answer: Response) -> Response:
    """Give a read answer its ETag and revision, or answer 304 where the client has it already."""
    if unchanged(request, tag):
        answer = Response(status_code=304)
    answer.headers["ETag"] = tag
    answer.headers["Dataset-Revision"] = str(revision)
    answer.headers.setdefault("Vary", "Accept, Accept-Language")
    answer.headers.setdefault("Cache-Control", "no-cache")
    return answer
