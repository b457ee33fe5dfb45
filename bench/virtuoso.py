"""Virtuoso as a process of its own on a copy of our statements: what matching is compared with."""

import http.client
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import RdfFormat, Store

from bench.peers import free_port

_PATIENCE: Final = 120.0
_SETTINGS: Final = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = {sql}
CheckpointInterval = 0
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = {http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000000
"""
"""Buffers as its makers advise for 2 GB of memory; all data fit in them."""


class Connection:
    """A kept connection to Virtuoso's endpoint, which takes a query as a form."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)

    def ask(self, query: str) -> bytes:
        """The whole answer as JSON. Raises ``RuntimeError`` with Virtuoso's words where there is none."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/sparql-results+json",
        }
        self._http.request("POST", "/sparql", urlencode({"query": query}), headers)
        answer = self._http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"Virtuoso answered {answer.status}: {body[:300].decode(errors='replace')}")
        return body


def lacking() -> str | None:
    """The program that is not installed; ``None`` where all is there."""
    return next((name for name in ("virtuoso-t", "isql-vt") if shutil.which(name) is None), None)


@contextmanager
def virtuoso(store: Store, folder: Path) -> Iterator[Connection]:
    """A connection to a Virtuoso with all quads of a store, for as long as the block runs.

    Raises ``RuntimeError`` where it does not start or load.
    """
    sql, port = free_port(), free_port()
    quads = folder / "all.nq"
    store.dump(str(quads), RdfFormat.N_QUADS)
    (folder / "virtuoso.ini").write_text(_SETTINGS.format(sql=sql, http=port, folder=folder))
    with (folder / "log").open("wb") as log:
        command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(process, port)
        _said(sql, "log_enable(2, 1);")
        _said(sql, f"DB.DBA.TTLP_MT(file_open('{quads}'), '', 'urn:graph', 512, 2); checkpoint;")
        yield Connection(port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(port: int, statement: str) -> None:
    command = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", f"exec={statement}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode or "*** Error" in done.stdout + done.stderr:
        raise RuntimeError(f"Virtuoso refused {statement!r}: {(done.stdout + done.stderr)[-500:]}")


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            Connection(port).ask("ASK {}")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Virtuoso did not come to serve")
