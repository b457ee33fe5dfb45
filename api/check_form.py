"""What a browser sends to ``/contributions/check``: a form with a file or a text, read under the limit of a file.

Only the frame of the form is taken apart here; what stands in it goes to a worker as it came.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.bodies import is_packed, media_type, read_body
from graph.contribute.reading.parse import media_type_of
from graph.errors import InputError, Unsupported

MULTIPART: Final = "multipart/form-data"
URLENCODED: Final = "application/x-www-form-urlencoded"
CSV: Final = "text/csv"
FORMATS: Final = {
    "turtle": "text/turtle",
    "json-ld": "application/ld+json",
    "rdf-xml": "application/rdf+xml",
    "n-triples": "application/n-triples",
    "csv": CSV,
}
"""The values of the field ``format``; any other leaves it to the name and the beginning of the file."""
FRAME: Final = 64 * 1024
"""Bytes that a form may have around its file."""
MAX_FIELDS: Final = 20
_TABLES: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx", ".xls", ".ods")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_RDF_LINE: Final = re.compile(rb"\s*(?:[@<#\[(]|_:|prefix\b|base\b|[^\s,;\t]*:)", re.IGNORECASE)


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent: the file or the text, its name, what it is, and which mends are asked for."""

    data: bytes
    name: str
    media_type: str
    fix: bool = False
    only: tuple[str, ...] = ()


@dataclass
class _Part:
    """A field while it is read."""

    headers: dict[str, bytes] = field(default_factory=dict)
    name: str = ""
    filename: str = ""
    data: bytearray = field(default_factory=bytearray)


def is_form(request: Request) -> bool:
    """Whether the body is a form."""
    return media_type(request) in {MULTIPART, URLENCODED}


async def read_form(request: Request, limit: int) -> SentForm:
    """The form in the body.

    Raises ``TooLarge`` past ``limit`` bytes and a little for the frame, ``Unsupported`` for a packed form, and
    ``InputError`` for one that cannot be taken apart or holds nothing.
    """
    if is_packed(request):
        raise Unsupported("a form is not taken packed; the file in it may be")
    body = await read_body(request, limit + FRAME)
    parts = await run_in_threadpool(_parts, request.headers.get("content-type", ""), body)
    files = [part for part in parts if part.name == "file" and part.data]
    texts = {part.name: bytes(part.data) for part in parts if part.name != "file"}
    if files:
        data, name = bytes(files[0].data), files[0].filename
    else:
        data = texts.get("text", b"").replace(b"\r\n", b"\n")
        name = texts.get("name", b"").decode("utf-8", "replace")
    said = texts.get("format", b"").decode("utf-8", "replace")
    only = tuple(part.data.decode("ascii", "replace") for part in parts if part.name == "only")
    kind = FORMATS.get(said) or kind_of(name, data)
    return SentForm(data, name[:200], kind, bool(texts.get("fix")) or bool(only), only)


def kind_of(name: str, data: bytes) -> str:
    """What a file is, by the ending of its name, else by how it begins; Turtle where neither tells."""
    if name.lower().endswith(_TABLES):
        return CSV
    try:
        return media_type_of(name)
    except Unsupported:
        pass
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_WORKBOOKS):
        return CSV
    if re.match(rb"\{|\[\s*[{\]]", start):
        return "application/ld+json"
    if re.match(rb"<\?xml|<rdf:|<!doctype rdf", start, re.IGNORECASE):
        return "application/rdf+xml"
    first = start.partition(b"\n")[0]
    is_table = re.search(rb"[,;\t]", first) and not _RDF_LINE.match(first)
    return CSV if is_table else "text/turtle"


def _parts(content_type: str, body: bytes) -> list[_Part]:
    """The fields of a form, in order."""
    kind, options = parse_options_header(content_type)
    if kind.decode("latin-1").lower() == URLENCODED:
        try:  # as Latin-1, in which each byte is a character and comes back as it was
            pairs = parse_qsl(
                body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=MAX_FIELDS
            )
        except ValueError as error:
            raise InputError(f"the form cannot be read: it has more than {MAX_FIELDS} fields") from error
        return [_Part(name=key, data=bytearray(value, "latin-1")) for key, value in pairs]
    if not options.get(b"boundary"):
        raise InputError("the form cannot be read: its Content-Type names no boundary")
    return _Reader().read(options[b"boundary"], body)


class _Reader:
    """Reads the fields of a multipart form (RFC 7578)."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self._header = bytearray()
        self._value = bytearray()
        self._ended = False

    def read(self, boundary: bytes, body: bytes) -> list[_Part]:
        """All fields. Raises ``InputError``."""
        try:
            parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_part_data": self._data,
                    "on_header_field": self._name,
                    "on_header_value": self._content,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_end,
                    "on_end": self._end,
                },
            )
            parser.write(body)
            parser.finalize()
        except FormParserError as error:
            raise InputError(f"the form cannot be read: {error}") from error
        if not self._ended:
            raise InputError("the form ends too early: send it again")
        return self._parts

    def _end(self) -> None:
        self._ended = True

    def _begin(self) -> None:
        if len(self._parts) == MAX_FIELDS:
            raise InputError(f"the form cannot be read: it has more than {MAX_FIELDS} fields")
        self._parts.append(_Part())

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _content(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._parts[-1].headers[self._header.decode("latin-1").lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        part = self._parts[-1]
        _, options = parse_options_header(part.headers.get("content-disposition", b""))
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        part.filename = options.get(b"filename", b"").decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._parts[-1].data += data[start:end]
