"""Real servers for the tests of engines: ``oxigraph serve``, Virtuoso and PostgreSQL, each private to one run."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

_PATIENCE = 120.0
_APT = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"]


@dataclass(frozen=True)
class Server:
    """A SPARQL server and the settings by which a service finds it."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_ready():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"{what} did not start: exit code {process.poll()}")
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, params={"query": "ASK {}"}, timeout=60).status_code < 500
    except httpx.HTTPError:
        return False


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _wait(lambda: _answers(address), process, command[0])
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Server]:
    """``oxigraph serve`` in memory, from the development dependency of that name."""
    port = free_port()
    binary = str(Path(sys.executable).parent / "oxigraph")
    base = f"http://127.0.0.1:{port}"
    with _running([binary, "serve", "--bind", f"127.0.0.1:{port}", *options], folder, f"{base}/query"):
        yield Server(
            "oxigraph",
            {"store": f"{base}/query", "store_update": f"{base}/update", "store_graphs": f"{base}/store"},
        )


_VIRTUOSO = """
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
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = {http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000) -> Iterator[Server]:
    """Virtuoso with a database of its own and the user that it is made with."""
    binary = _installed("virtuoso-t", "virtuoso-opensource-7")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http, rows=rows))
    base = f"http://127.0.0.1:{http}"
    with _running([binary, "+foreground", "+configfile", "virtuoso.ini"], folder, f"{base}/sparql"):
        yield Server(
            "virtuoso",
            {
                "store": f"{base}/sparql-auth",
                "store_graphs": f"{base}/sparql-graph-crud-auth",
                "store_user": "dba",
                "store_password": "dba",
                "store_auth": "digest",
            },
        )


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL cluster of its own; the address of a database in it, whose user needs no password.

    It is in a folder of its own too: PostgreSQL refuses to run as root, and others cannot enter the folders of tests.
    """
    binaries = _postgresql_binaries()
    as_user: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="infrashare-postgresql-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
            as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        port = free_port()
        data = folder / "cluster"
        initdb = [
            f"{binaries}/initdb",
            "--pgdata",
            str(data),
            "--auth=trust",
            "--username=infrashare",
            "--no-sync",
        ]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        made = subprocess.run(initdb, check=False, capture_output=True, cwd="/", **as_user)
        assert made.returncode == 0, made.stderr.decode(errors="replace")
        options = ["-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"]
        command = [f"{binaries}/postgres", "-D", str(data), "-p", str(port), *options]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **as_user)
        try:
            ready = [f"{binaries}/pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}"]
            _wait(lambda: subprocess.run(ready, check=False).returncode == 0, process, "PostgreSQL")
            yield f"postgresql://infrashare@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _postgresql_binaries() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        _install("postgresql")
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1].parent)


def _installed(binary: str, package: str) -> str:
    found = shutil.which(binary)
    if found is None:
        _install(package)
        found = shutil.which(binary)
    assert found is not None
    return found


def _install(package: str) -> None:
    """Install a Debian package where that can be done; else skip what needs it."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(f"{package} is not installed; with Debian or Ubuntu: sudo apt-get install {package}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run([*_APT, package], check=False, capture_output=True, env=environment, timeout=600)
    if done.returncode != 0:
        pytest.skip(f"{package} could not be installed: {done.stderr.decode(errors='replace')[-300:]}")
