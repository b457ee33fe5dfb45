"""A service spoken to over HTTP: the same jobs as on a data directory, with its problems told as our errors."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from graph.errors import (
    Busy,
    Conflict,
    GraphError,
    InputError,
    NotFound,
    Place,
    Refused,
    StoreError,
    Unauthorised,
)
from graph.progress import Progress

TOKEN_VARIABLE = "INFRASHARE_TOKEN"  # noqa: S105 - the name of a variable
_POLL_EVERY = 0.3
_PATIENCE = httpx.Timeout(60.0, read=600.0)
_ERRORS: Mapping[int, type[GraphError]] = {
    400: InputError,
    401: Unauthorised,
    403: Refused,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    413: InputError,
    415: InputError,
    422: InputError,
    429: Busy,
    503: Busy,
}
_MEMBERS = ("message", "code", "line", "column", "value", "help")


class NotAccepted(InputError):  # noqa: N818 - named like its siblings in graph.errors
    """The service refused a contribution; ``report`` says why."""

    def __init__(self, detail: str, report: dict[str, Any]) -> None:
        super().__init__(detail)
        self.report = report


class Remote:
    """A service at an address. Methods raise the errors that the same job raises on a data directory."""

    def __init__(self, server: str, token: str | None = None) -> None:
        token = token or os.environ.get(TOKEN_VARIABLE)
        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._server = server.rstrip("/")
        self._client = httpx.Client(base_url=self._server, headers=headers, timeout=_PATIENCE)

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """The JSON at an address."""
        return self._json(self._send("GET", path, params=parameters))

    def change(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """The receipt of a change."""
        return self._json(self._send(method, path, **options))

    def upload(
        self, path: str, data: bytes, progress: Progress, parameters: Mapping[str, Any], **headers: str
    ) -> dict[str, Any]:
        """Send a file and wait for its receipt, with progress as the service reports it."""
        prefer = {"Prefer": "respond-async", **headers}
        answer = self._send("PUT", path, content=data, headers=prefer, params=parameters)
        if answer.status_code != 202:
            return self._json(answer)
        job = answer.headers["Location"]
        while True:
            told = self.get(job)
            if told["state"] == "done":
                receipt: dict[str, Any] = told["receipt"]
                return receipt
            if told["state"] == "failed":
                raise _error(told["problem"])
            if told["progress"]["whole"]:
                progress(*told["progress"].values())
            time.sleep(_POLL_EVERY)

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise StoreError(f"{self._server} does not answer: {error or type(error).__name__}") from error
        if answer.is_success:
            return answer
        if answer.headers.get("content-type", "").startswith("application/problem+json"):
            raise _error(answer.json())
        raise StoreError(
            f"{self._server}{path} answered {answer.status_code}, which is not InfraShare's answer"
        )

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise StoreError(
                f"{self._server} answered with what is not InfraShare's JSON; is this the address?"
            )
        return found

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _error(problem: Mapping[str, Any]) -> GraphError:
    """The error that a problem tells of."""
    detail = str(problem.get("detail", problem.get("title", "")))
    if isinstance(problem.get("report"), dict):
        return NotAccepted(detail, problem["report"])
    places = tuple(
        Place(**{name: fault[name] for name in _MEMBERS if name in fault})
        for fault in problem.get("errors", [])
        if "message" in fault and "code" in fault
    )
    return _ERRORS.get(int(problem.get("status", 500)), StoreError)(detail, places)


@contextmanager
def remote(server: str, token: str | None) -> Iterator[Remote]:
    """A service for as long as the block runs."""
    found = Remote(server, token)
    try:
        yield found
    finally:
        found.close()
