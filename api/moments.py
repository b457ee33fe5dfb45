"""The moment that a request asks about: now, or with ``?revision=N`` the dataset as it was at that revision."""

import re
from collections.abc import Sequence
from typing import Any, Final

from fastapi import Query, Request

from api.negotiation import HTML
from api.schemas import errors
from api.state import etag, service
from graph.contribute.keeping.past import Moment
from graph.errors import InputError

_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_EXAMPLE: Final = "30"

_WORDS: Final = (
    "A past revision of the dataset, as Dataset-Revision counts them: the answer is what it was then. "
    "Pages about the past say so; all other formats stay as they are for good."
)

REVISION: Final = Query(description=_WORDS, examples=[_EXAMPLE])
"""The parameter as routes declare it; it is read by ``moment`` and ``asked``."""

PARAMETER: Final = {
    "name": "revision",
    "in": "query",
    "required": False,
    "description": _WORDS,
    "schema": {"type": "string"},
    "example": _EXAMPLE,
}
"""The same for routes that read their parameters themselves."""

NOT_YET: Final = errors(status_404="There is no such revision yet.")
"""The answer to a revision that is yet to come."""


def asked(values: Sequence[str]) -> int | None:
    """The revision that a request names, ``None`` for now. Raises ``InputError``."""
    named = {value.strip() for value in values} - {""}
    if not named:
        return None
    if len(named) > 1:
        raise InputError(f"revision={' and revision='.join(sorted(v[:40] for v in named))}: ask for one")
    text = named.pop()
    if not _NUMBER.fullmatch(text):
        raise InputError(f"revision={text[:40]!r} is not a number; ask for a revision such as {_EXAMPLE}")
    return int(text)


def moment(request: Request) -> Moment:
    """The moment that the address names. Raises ``InputError``, and ``NotFound`` for one that is yet to come."""
    return service(request).moment(asked(request.query_params.getlist("revision")))


def tag(request: Request, at: Moment, kind: str, *parts: str) -> str:
    """The entity tag of an answer about a moment; pages about the past also say what is current."""
    now = (str(at.current.revision),) if at.is_past and kind == HTML else ()
    return etag(request, at.revision, kind, *parts, *now)


def lasts(at: Moment, kind: str) -> bool:
    """Whether the answer stays as it is: that of a past moment does, but for pages, which say what is current."""
    return at.is_past and kind != HTML


def shown(request: Request, at: Moment) -> dict[str, Any]:
    """What pages say of the moment: its revision, and where it is past also its date and what is current."""
    if not at.is_past:
        return {"revision": at.revision}
    date = service(request).ledger.time_of(at.revision)[:10]
    past = {"revision": at.revision, "date": date, "now": at.current.revision}
    return {"revision": at.revision, "as_of": past}
