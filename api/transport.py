"""What holds for every exchange, below the routes: HEAD, and headers that all answers carry."""

import asyncio
from contextlib import suppress

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD = "infrashare.head"
"""Set in the scope of a request whose answer needs no body, for routes whose body takes long."""
_NOT_READ = (408, 413)
"""Answers given before the whole body was read: what is left of it must not be taken for the next request."""
_TOO_LARGE = 413
_LISTEN_ON = 5.0
"""Seconds in which the rest of a body is thrown away: who still sends when the line is cut loses the answer."""


class Transport:
    """Answers HEAD wherever GET works, forbids content sniffing, and hangs up on bodies too large or too slow."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        status = 0
        is_whole = False

        async def receiving() -> Message:
            nonlocal is_whole
            message = await receive()
            is_whole = not message.get("more_body", False)
            return message

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if status in _NOT_READ:
                    headers["Connection"] = "close"
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            elif status == _TOO_LARGE and not is_whole and not message.get("more_body", False):
                await send({**message, "more_body": True})
                await _throw_away_the_rest(receive)
                message = {"type": message["type"], "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", HEAD: True} if is_head else scope, receiving, sending)


async def _throw_away_the_rest(receive: Receive) -> None:
    """Take what is left of a body, or the end of the connection (https://www.rfc-editor.org/rfc/rfc9112#section-9.6)."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LISTEN_ON):
            while (await receive()).get("more_body", False):
                pass
