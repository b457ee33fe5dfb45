"""Reading request bodies under a limit."""

import asyncio
import zlib

from fastapi import Request

from graph.errors import InputError, TooLarge, Unsupported

_GZIP = 31
"""The window bits that make zlib read gzip."""


class TooSlow(InputError):  # noqa: N818 - named like its siblings in graph.errors
    """The rest of a body did not come."""

    problem = "too-slow"


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body as it was sent.

    Raises ``TooLarge`` as soon as it is known to pass ``limit`` bytes; the rest is not read. Raises ``TooSlow`` where
    nothing comes for longer than the setting ``body_pause``.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        raise TooLarge(f"the body has {int(announced):,} bytes; the limit is {limit:,}")
    chunks: list[bytes] = []
    size = 0
    pause: float = request.app.state.settings.body_pause
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(pause):
                chunk = await anext(stream)
        except StopAsyncIteration:
            break
        except TimeoutError as error:
            raise TooSlow(f"nothing came for {pause:g} s after {size:,} bytes of the body") from error
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"the body has more than {limit:,} bytes, the limit")
        chunks.append(chunk)
    return b"".join(chunks)


def media_type(request: Request, default: str = "") -> str:
    """The media type of the body without its parameters, or the default where the client names none."""
    return request.headers.get("content-type", default).partition(";")[0].strip().lower()


def is_packed(request: Request) -> bool:
    """Whether the body is packed with gzip. Raises ``Unsupported`` for any other packing."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise Unsupported(
            f"the Content-Encoding {coding[:100]} is not taken; send gzip or no Content-Encoding"
        )
    return "gzip" in coding


async def read_small_body(request: Request, limit: int) -> bytes:
    """The whole body, unpacked; for bodies small enough to be unpacked here, such as a need or a query.

    Raises ``TooLarge`` past ``limit`` bytes, packed or not, and ``InputError`` for damaged gzip.
    """
    packed = is_packed(request)
    data = await read_body(request, limit)
    if not packed:
        return data
    unpacker = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise InputError(
            f"the Content-Encoding is gzip, but the body is damaged or not packed: {error}"
        ) from error
    if len(unpacked) > limit:
        raise TooLarge(f"the body has more than {limit:,} bytes when unpacked, the limit")
    if not unpacker.eof:
        raise InputError("the gzip body ends too early; pack it again")
    return unpacked
