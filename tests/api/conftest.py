"""One real service on the shipped data, served over HTTP for all tests of the interface."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.app import create_app
from graph.service import Service, running
from graph.settings import Settings

MIB = 1024 * 1024


@pytest.fixture(scope="session")
def settings(shipped: Path, copy_of: Callable[[Path], Path]) -> Settings:
    """Settings with limits that tests can reach quickly."""
    return Settings(
        data_dir=copy_of(shipped),
        check_workers=1,
        query_workers=2,
        query_timeout=20,
        query_memory=1024 * MIB,
        query_budget=100_000,
        max_result_bytes=16 * MIB,
        max_upload_bytes=MIB,
        max_json_bytes=100_000,
    )


@pytest.fixture(scope="session")
def service(settings: Settings) -> Iterator[Service]:
    with running(settings) as started:
        yield started


@dataclass(frozen=True)
class Server:
    """A server on the wire."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@contextmanager
def serving(settings: Settings, service: Service) -> Iterator[Server]:
    """Serve on a free port as long as the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        config = uvicorn.Config(
            create_app(settings, service), http="httptools", log_level="error", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        host, port = sock.getsockname()
        try:
            with httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as waiting:
                waiting.get("/health/ready").raise_for_status()
            yield Server(host, port)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def server(settings: Settings, service: Service) -> Iterator[Server]:
    with serving(settings, service) as started:
        yield started


PARTNER = "example-institute"


@dataclass(frozen=True)
class Writable:
    """A service of one module's own, on the shipped data, that its tests write to."""

    service: Service
    client: httpx.Client
    """Bears the token of ``PARTNER``."""

    def put(self, dataset: str, data: str | bytes, **options: Any) -> httpx.Response:
        """Send Turtle of the partner, or what the headers say."""
        headers = {"Content-Type": "text/turtle", **options.pop("headers", {})}
        content = data.encode() if isinstance(data, str) else data
        return self.client.put(
            f"/contributions/{PARTNER}/{dataset}", content=content, headers=headers, **options
        )


@pytest.fixture(scope="module")
def writable(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[Writable]:
    limits = Settings(
        data_dir=copy_of(shipped), check_workers=2, query_workers=1, max_upload_bytes=MIB, write_queue=4
    )
    with running(limits) as service, serving(limits, service) as server:
        _, token = service.tokens.create(PARTNER)
        headers = {"Accept": "*/*", "Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=server.url, timeout=60, headers=headers) as client:
            yield Writable(service, client)


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[httpx.Client]:
    """A client that takes anything and follows no redirect."""
    with httpx.Client(base_url=server.url, timeout=60, headers={"Accept": "*/*"}) as opened:
        yield opened
