"""A server that stands before a real SPARQL server and answers wrongly when told to."""

import socket
import struct
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

FAULTS = (
    "html",
    "half",
    "cut-json",
    "cut-chunks",
    "true",
    "maxrows",
    "sql-state",
    "anytime",
    "error-503",
    "error-500",
    "refused",
    "reset",
    "slow",
    "drip",
)
"""How an answer can be wrong."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream: ClassVar[str]
    fault: ClassVar[dict[str, str]]

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wanted = self.fault.get("kind", "")
        text = "".join(parse_qs(body.decode()).get("query", []))
        with suppress(BrokenPipeError, ConnectionResetError):
            if wanted and self.fault.get("only", "") in text:
                self._wrongly(wanted, body)
            else:
                self._whole(*self._asked(body))

    def _asked(self, body: bytes) -> tuple[int, str, bytes]:
        headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
        request = urllib.request.Request(self.upstream + self.path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Content-Type", ""), error.read()

    def _whole(self, status: int, kind: str, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(content))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _wrongly(self, fault: str, body: bytes) -> None:
        status, kind, content = self._asked(body)
        self.close_connection = True
        if fault == "html":
            self._whole(200, "text/html", b"<!doctype html><title>Welcome</title>")
        elif fault == "half":
            self._whole(status, kind, content[: len(content) // 2], length=str(len(content)))
        elif fault == "cut-json":
            self._whole(status, kind, content[:-3])
        elif fault == "cut-chunks":
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
        elif fault == "true":
            self._whole(200, kind, b'{"head":{},"boolean":true}')
        elif fault == "maxrows":
            self._whole(status, kind, content, X_SPARQL_MaxRows="1")
        elif fault == "sql-state":
            self._whole(status, kind, content, X_SQL_State="22023", X_SQL_Message="Conversion error")
        elif fault == "anytime":
            self._whole(
                status, kind, content, X_SQL_State="S1TAT", X_SQL_Message="Returning incomplete results"
            )
        elif fault == "error-503":
            self._whole(503, "text/html", b"<h1>Service Unavailable</h1>")
        elif fault == "error-500":
            self._whole(500, "text/plain", b"out of memory")
        elif fault == "refused":
            self._whole(403, "text/plain", b"no")
        elif fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif fault == "slow":
            self.fault["gate"].wait(30)  # type: ignore[attr-defined]
        elif fault == "drip":
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for byte in content:
                if self.fault["gate"].is_set():  # type: ignore[attr-defined]
                    break
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)


class Faulty:
    """The server before another one: ``answer_with("html")`` from now on, ``answer_with("")`` rightly again."""

    def __init__(self, address: str, fault: dict[str, Any]) -> None:
        self.address = address
        self._fault = fault

    def answer_with(self, kind: str, only: str = "") -> None:
        """Answer wrongly, or only those queries that hold a text."""
        self._fault["gate"].set()
        self._fault.update(kind=kind, only=only, gate=threading.Event())


@contextmanager
def faulty(upstream: str) -> Iterator[Faulty]:
    """A faulty server before the one whose address, without a path, is given."""
    fault: dict[str, Any] = {"kind": "", "gate": threading.Event()}
    handler = type("Handler", (_Handler,), {"upstream": upstream, "fault": fault})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Faulty(f"http://127.0.0.1:{server.server_port}", fault)
    finally:
        fault["gate"].set()
        server.shutdown()
        server.server_close()
        thread.join(10)
