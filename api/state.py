"""What a request needs of the running service, and the headers that all reads carry."""

import hashlib
from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.kept import KeptAnswers
from api.negotiation import language
from graph.errors import GraphError, StoreError
from graph.service import Service

_WEEK = 7 * 24 * 3600
_SAFE = frozenset({"GET", "HEAD", "QUERY"})


class NotReady(GraphError):  # noqa: N818 - a state, not a fault
    """The dataset is still being loaded."""

    problem = "not-ready"


def service(request: Request) -> Service:
    """The running service. Raises ``NotReady`` until the dataset is loaded, ``StoreError`` where that failed."""
    state: Any = request.app.state
    if state.failure is not None:
        raise StoreError(state.failure)
    if not state.ready.is_set():
        raise NotReady("the dataset is still being loaded")
    running: Service = state.service
    return running


def etag(request: Request, revision: int, *parts: str) -> str:
    """An entity tag of revision, address, language, format and whatever else the answer depends on.

    The address has the host in it, for pages show it.
    """
    known = (
        request.app.version,
        str(request.base_url),
        request.url.path,
        request.url.query,
        language(request),
        *parts,
    )
    digest = hashlib.sha256("\x00".join(known).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f'"{revision}-{digest}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this representation already (RFC 9110, section 13.1.2: weak comparison)."""
    if request.method not in _SAFE:
        return False
    known = ",".join(request.headers.getlist("if-none-match"))
    tags = {part.strip().removeprefix("W/") for part in known.split(",")}
    return tag in tags or "*" in tags


def reading(
    request: Request,
    revision: int,
    tag: str,
    make: Callable[[], Response],
    *,
    keep: bool = True,
    lasting: bool = False,
) -> Response:
    """A read answer with its ETag and revision: 304 where the client has it, the kept one, or a new one.

    ``keep=False`` for answers that are large or may differ from call to call; ``lasting`` for those that stay as they
    are, so that clients need not ask again for a week.
    """
    kept: KeptAnswers = request.app.state.kept
    answer = Response(status_code=304) if unchanged(request, tag) else None
    if answer is None and keep:
        answer = kept.get(tag)
    if answer is None:
        answer = make()
        if keep and answer.status_code == 200:
            kept.put(tag, answer)
    answer.headers["ETag"] = tag
    answer.headers["Dataset-Revision"] = str(revision)
    answer.headers["Vary"] = "Accept, Accept-Language"
    answer.headers["Cache-Control"] = f"public, max-age={_WEEK}, immutable" if lasting else "no-cache"
    return answer


def typed(content: bytes | str, media_type: str) -> Response:
    """Content with its media type, and the charset where that is text."""
    charset = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Response(content, headers={"Content-Type": charset})
