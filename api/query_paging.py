"""Paging of a query's answer, and the addresses that lead from one answer to others.

A page is asked for by ``limit`` and ``offset``. Whether rows follow is told by the next link alone: the number of all
rows would cost a second run of the whole query. The links name the revision, so that the pages of one answer fit
together even while the dataset changes.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import Request

from graph.errors import InputError
from graph.store.catalogue import Query

MOST_ROWS: Final = 10_000
SHOWN_ROWS: Final = 100
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Window:
    """Which rows are asked for; without a limit, all of them."""

    limit: int | None = None
    offset: int = 0

    @property
    def is_part(self) -> bool:
        return self.limit is not None or self.offset > 0


def window(request: Request, query: Query) -> Window:
    """The rows that the address asks for. Raises ``InputError``."""
    limit = _number(request, "limit", 1, MOST_ROWS)
    offset = _number(request, "offset", 0, 10**9)
    if (limit is not None or offset is not None) and not query.is_ordered:
        raise InputError(
            f"the rows of {query.name} come in no order of its own, so that pages of them would not fit together; "
            "leave limit and offset out, or run its text with ORDER BY at /sparql"
        )
    if limit is None and offset:
        raise InputError(f"offset={offset} needs a limit; say how many rows, such as limit={SHOWN_ROWS}")
    return Window(limit, offset or 0)


def _number(request: Request, name: str, least: int, most: int) -> int | None:
    values = [value for value in request.query_params.getlist(name) if value]
    if not values:
        return None
    if len(values) > 1 or not _NUMBER.fullmatch(values[0]) or not least <= int(values[0]) <= most:
        raise InputError(f"{name}={values[0][:40]!r}: give one whole number from {least:,} to {most:,}")
    return int(values[0])


def address(request: Request, query: Query, *, lang: str, revision: int, **changed: int | None) -> str:
    """The path of this answer at a revision, which is right behind any proxy, with some parameters changed."""
    asked = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"revision", "lang", *changed}
    ]
    asked += [(name, str(value)) for name, value in changed.items() if value is not None]
    if query.takes("lang"):
        asked.append(("lang", request.query_params.get("lang") or lang))
    elif "lang" in request.query_params:
        asked.append(("lang", request.query_params["lang"]))
    return f"{request.url.path}?{urlencode([*asked, ('revision', str(revision))])}"


def next_page(request: Request, query: Query, rows: Window, lang: str, revision: int) -> str:
    """The address of the rows after these."""
    assert rows.limit is not None  # noqa: S101 - pages have a limit
    offset = rows.offset + rows.limit
    return address(request, query, lang=lang, revision=revision, limit=rows.limit, offset=offset)


def previous_page(request: Request, query: Query, rows: Window, lang: str, revision: int) -> str | None:
    """The address of the rows before these, ``None`` for the first."""
    if not rows.offset or rows.limit is None:
        return None
    offset = max(0, rows.offset - rows.limit)
    return address(request, query, lang=lang, revision=revision, limit=rows.limit, offset=offset or None)
