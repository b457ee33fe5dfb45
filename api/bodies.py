"""Reading request bodies under a limit."""

from fastapi import Request

from graph.errors import TooLarge


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises ``TooLarge`` as soon as it is known to pass ``limit`` bytes; the rest is not read."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge(f"the body has {int(announced):,} bytes; the limit is {limit:,}")
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"the body has more than {limit:,} bytes, the limit")
        chunks.append(chunk)
    return b"".join(chunks)
