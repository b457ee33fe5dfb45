"""The size of results: bytes as they are written, rows of tables and triples. A result past a limit is an error."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from pyoxigraph import Quad, Triple

from graph.errors import LimitExceeded

_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)
"""An escaped character of a JSON string."""
_REMEDY: Final = "narrow the query, add LIMIT, or fetch the dump"


class Limited(io.BytesIO):
    """A buffer that takes no more than ``limit`` bytes. Raises ``LimitExceeded``."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._limit:
            raise LimitExceeded(f"the result is larger than {self._limit:,} bytes; {_REMEDY}")
        return super().write(data)


_Statement = TypeVar("_Statement", Triple, Quad)


def counted(triples: Iterable[_Statement], most: int) -> Iterator[_Statement]:
    """The triples or quads, and ``LimitExceeded`` in the place of the first beyond the limit."""
    for number, triple in enumerate(triples):
        if number >= most:
            raise LimitExceeded(f"the result has more than {most:,} triples; {_REMEDY}")
        yield triple


def refuse_long(result: bytes, media_type: str, most: int) -> None:
    """Raise ``LimitExceeded`` for a table of more than ``most`` rows."""
    if len(result) > most and rows(result, media_type) > most:
        raise LimitExceeded(f"the result has more than {most:,} rows; {_REMEDY}")


def rows(result: bytes, media_type: str) -> int:
    """How many rows a result of the engine has, in one of the formats that it writes for tables.

    The engine's answer can be written but not counted, so the rows are counted in what it wrote: in CSV line ends
    outside of quotes, in TSV line ends, in XML opening tags, in JSON objects that begin where no name stands before.
    """
    if media_type.endswith("+xml"):
        return result.count(b"<result>")
    if media_type == "text/tab-separated-values":
        return max(0, result.count(b"\n") - 1)
    if media_type == "text/csv":
        return max(0, b"".join(result.split(b'"')[::2]).count(b"\n") - 1)
    outside = _ESCAPED.sub(b"", result).split(b'"')[::2]
    return sum(part.count(b",{") + part.count(b"[{") for part in outside)
