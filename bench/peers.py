"""Other SPARQL endpoints on the same data, as processes of their own: what InfraShare is compared with."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import Store

from graph.iris import PREFIXES

_PATIENCE = 120.0
_RESULTS = "application/sparql-results+json"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


class Connection:
    """A kept connection to an endpoint from an address of its own, as a client on another machine has one."""

    def __init__(self, endpoint: str, source: str = "127.0.0.1", timeout: float = _PATIENCE) -> None:
        parts = urlsplit(endpoint)
        self._path = parts.path
        self._http = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=timeout, source_address=(source, 0)
        )

    def ask(self, query: str) -> tuple[int, bytes]:
        """Send a query and return status and body of the whole answer."""
        headers = {"Content-Type": "application/sparql-query", "Accept": _RESULTS}
        self._http.request("POST", self._path, query.encode(), headers)
        answer = self._http.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._http.close()


@contextmanager
def _process(command: Sequence[str], endpoint: str) -> Iterator[str]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, endpoint)
        yield endpoint
    finally:
        process.kill()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", endpoint: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if Connection(endpoint).ask("ASK {}")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not come to serve {endpoint}")


@contextmanager
def oxigraph(snapshot: Path) -> Iterator[str]:
    """The server of the engine's makers, on a snapshot, with the time limit of InfraShare."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve-read-only", "--location", str(snapshot), "--union-default-graph"]
    command += ["--bind", f"127.0.0.1:{port}", "--timeout-s", "30"]
    with _process(command, f"http://127.0.0.1:{port}/query") as endpoint:
        yield endpoint


@contextmanager
def rdflib_endpoint(store: Store, folder: Path) -> Iterator[str]:
    """rdflib-endpoint with all graphs in rdflib's memory as one."""
    path = folder / "union.nt"
    with path.open("wb") as out:
        for quad in dict.fromkeys(quad.triple for quad in store):
            out.write(f"{quad} .\n".encode())
    port = free_port()
    program = Path(sys.executable).with_name("rdflib-endpoint")
    command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(port), str(path)]
    with _process(command, f"http://127.0.0.1:{port}/") as endpoint:
        yield endpoint


def with_prefixes(query: str) -> str:
    """The query with the prefixes that InfraShare knows and others do not."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + query


@contextmanager
def oxigraph_to_write(folder: Path, *, union: bool) -> Iterator[str]:
    """The server of the engine's makers on a folder of its own; the address before its endpoints."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    base = f"http://127.0.0.1:{port}"
    with _process([*command, *(["--union-default-graph"] if union else [])], f"{base}/query"):
        yield base
