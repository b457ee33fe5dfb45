"""Where the tools get their answers: the HTTP interface, of a server or of an application in this process."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

import httpx
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from graph.service import Service

JSON: Final = "application/json"
LANGUAGE: Final = Field(description="Language of names and reasons: en, nl, de, it, sv, cs, et, lv or fr.")
_PATIENCE = httpx.Timeout(60.0, read=600.0)
_OWN = "http://infrashare.localhost"

Language = Annotated[str, LANGUAGE]
Values = Mapping[str, str | int | Sequence[str]]


class Missing(ToolError):  # noqa: N818 - named like its siblings in graph.errors
    """Nothing has the name that was asked for."""


@dataclass(frozen=True)
class Told:
    """An answer with the revision of the dataset that it is about."""

    revision: int
    content: bytes
    media_type: str
    bookmark: str
    """The address that gives this answer for good; empty where it has none."""

    @property
    def data(self) -> dict[str, Any]:
        """The answer as JSON."""
        found: dict[str, Any] = json.loads(self.content)
        return found


class Source:
    """The HTTP interface. Methods raise ``ToolError`` that says what is wrong, where, and what helps."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, accept: str = JSON, **values: str | int | Sequence[str]) -> Told:
        """What is at an address. Raises ``Missing`` where nothing is."""
        return await self._ask("GET", path, headers={"Accept": accept}, params=values)

    async def post(self, path: str, body: BaseModel) -> Told:
        """The answer to what is sent as JSON; members that were not given are not sent."""
        sent = body.model_dump_json(exclude_unset=True).encode()
        return await self._ask("POST", path, content=sent, headers={"Accept": JSON, "Content-Type": JSON})

    async def _ask(self, method: str, path: str, **options: Any) -> Told:
        try:
            answer = await self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise ToolError(
                f"{self._client.base_url} does not answer ({error or type(error).__name__}); is the service running?"
            ) from error
        if not answer.is_success:
            raise _fault(answer)
        revision = answer.headers.get("dataset-revision", "")
        if not revision.isdigit():
            raise ToolError(f"{self._client.base_url} is not InfraShare: {path} names no Dataset-Revision")
        kind = answer.headers.get("content-type", "").split(";")[0]
        return Told(int(revision), answer.content, kind, answer.links.get("bookmark", {}).get("url", ""))


def _fault(answer: httpx.Response) -> ToolError:
    """What a problem says, with the place, the value and the remedy of each of its errors."""
    kind = Missing if answer.status_code == httpx.codes.NOT_FOUND else ToolError
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return kind(f"{answer.url} answered {answer.status_code}, which is not InfraShare's answer")
    problem = answer.json()
    lines = [str(problem["detail"])]
    for fault in problem["errors"]:
        told = [f"{name} {fault[name]}" for name in ("path", "value", "help") if fault.get(name)]
        if told:
            lines.append(f"- {fault['message']} ({'; '.join(told)})")
    if wait := answer.headers.get("retry-after"):
        lines.append(f"Try again after {wait} s.")
    return kind("\n".join(lines))


def result(data: Mapping[str, Any]) -> CallToolResult:
    """An answer as the interface gave it, whole, as data and as text."""
    text = json.dumps(data, ensure_ascii=False)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=dict(data))


@asynccontextmanager
async def source_of(service: Service | None, server: str) -> AsyncIterator[Source]:
    """The interface of a service in this process, or else of the server at an address."""
    async with AsyncExitStack() as stack:
        transport = None
        if service is not None:
            from api.app import create_app

            app = create_app(service.settings, service)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app=app)
        client = httpx.AsyncClient(
            base_url=_OWN if service is not None else server.rstrip("/"),
            transport=transport,
            timeout=_PATIENCE,
            follow_redirects=True,
        )
        yield Source(await stack.enter_async_context(client))
