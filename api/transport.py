"""What holds for every exchange, below the routes: HEAD, and headers that all answers carry."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOT_READ = (408, 413)
"""Answers given before the whole body was read: what is left of it must not be taken for the next request."""


class Transport:
    """Answers HEAD wherever GET works, forbids content sniffing, and hangs up on bodies too large or too slow."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if message["status"] in _NOT_READ:
                    headers["Connection"] = "close"
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if is_head else scope, receive, sending)
