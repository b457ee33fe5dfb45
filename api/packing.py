"""Text is sent packed with gzip to clients that take it (RFC 9110, section 8.4).

The packed bytes are kept by what they hold, so that a page that is kept is packed once for many readers. A packed
answer has an entity tag of its own, ``"…-gzip"``: tags stay strong, and one that a client sends back is understood.
"""

import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LEAST: Final = 1_000
"""Bytes below which packing saves nothing: the answer fits into one packet anyway."""
_INLINE: Final = 64 * 1024
"""Bytes up to which packing takes less time than handing it to another thread."""
_LARGE: Final = 4 * 1024 * 1024
"""Bytes from which on an answer is packed quickly rather than well, and not kept."""
_KEPT: Final = 32 * 1024 * 1024
_SUFFIX: Final = '-gzip"'
_TEXTS: Final = ("application/json", "application/xml", "application/javascript", "application/sparql-query")
_CONDITIONS: Final = (b"if-none-match", b"if-match")


def takes_gzip(accept_encoding: str) -> bool:
    """Whether the header allows gzip; one that says nothing of it does not."""
    qualities = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            qualities[coding.strip()] = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            qualities[coding.strip()] = 0.0
    return qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0))) > 0


class Packing:
    """Packs whole answers of text. Answers that are streamed, parts of files, and what is packed already stay so."""

    def __init__(self, app: ASGIApp, most_bytes: int = _KEPT) -> None:
        self._app = app
        self._kept = _Kept(most_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        takes = takes_gzip(", ".join(Headers(scope=scope).getlist("accept-encoding")))
        tags: list[str] = []
        if takes:
            scope, tags = _understood(scope)
        start: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                begun, start = start, None
                headers = MutableHeaders(scope=begun)
                if begun["status"] in (200, 206, 304):
                    headers.add_vary_header("Accept-Encoding")
                if begun["status"] == 304 and headers.get("etag") in tags:
                    headers["ETag"] = _own(headers["etag"])
                body = message.get("body", b"")
                if (
                    takes
                    and not message.get("more_body", False)
                    and _is_worth_it(begun["status"], headers, body)
                ):
                    message = {**message, "body": await self._packed(body)}
                    headers["Content-Encoding"] = "gzip"
                    headers["Content-Length"] = str(len(message["body"]))
                    if "etag" in headers:
                        headers["ETag"] = _own(headers["etag"])
                await send(begun)
            await send(message)

        await self._app(scope, receive, sending)

    async def _packed(self, body: bytes) -> bytes:
        digest = hashlib.sha256(body).digest()
        packed = self._kept.get(digest)
        if packed is None:
            packed = _pack(body) if len(body) <= _INLINE else await to_thread.run_sync(_pack, body)
            if len(body) < _LARGE:
                self._kept.put(digest, packed)
        return packed


class _Kept:
    """Packed bytes by the digest of what they hold; those not used for longest go."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._packed: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: bytes) -> bytes | None:
        with self._lock:
            if digest in self._packed:
                self._packed.move_to_end(digest)
            return self._packed.get(digest)

    def put(self, digest: bytes, packed: bytes) -> None:
        with self._lock:
            if digest in self._packed:
                return
            self._packed[digest] = packed
            self._bytes += len(packed)
            while self._bytes > self._most:
                self._bytes -= len(self._packed.popitem(last=False)[1])


def _pack(body: bytes) -> bytes:
    packer = zlib.compressobj(6 if len(body) < _LARGE else 1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _is_worth_it(status: int, headers: Headers, body: bytes) -> bool:
    """Whether an answer is text, whole, long enough, and not packed yet."""
    if len(body) < _LEAST or status in (204, 206, 304) or "content-encoding" in headers:
        return False
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return (
        media_type.startswith("text/")
        or media_type.endswith(("+json", "+xml"))
        or media_type in _TEXTS
        or (
            media_type.startswith("application/")
            and media_type.endswith(("-triples", "-quads", "/trig", "turtle"))
        )
    )


def _own(tag: str) -> str:
    """The entity tag of the packed form of what has a tag."""
    return tag[:-1] + _SUFFIX if tag.endswith('"') and not tag.endswith(_SUFFIX) else tag


def _understood(scope: Scope) -> tuple[Scope, list[str]]:
    """The request with the tags of packed answers as those of what they hold, and those tags."""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    packed: list[str] = []
    plain: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        if name in _CONDITIONS and _SUFFIX.encode() in value:
            told = value.decode("latin-1")
            packed += [
                tag.strip().removeprefix("W/").replace(_SUFFIX, '"')
                for tag in told.split(",")
                if tag.strip().endswith(_SUFFIX)
            ]
            plain.append((name, told.replace(_SUFFIX, '"').encode("latin-1")))
        else:
            plain.append((name, value))
    return ({**scope, "headers": plain}, packed) if packed else (scope, packed)
