"""The command as a person runs it, with its output and exit code."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from cli.main import main
from graph.resources import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]
Serving = Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]

TERMINAL = {"COLUMNS": "200", "NO_COLOR": "1"}
ENVIRONMENT = {**os.environ, **TERMINAL, "PYTHONPATH": str(ROOT)}
COMMAND = [sys.executable, "-m", "cli.main"]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.Popen[str]]:
    """Starts ``infrashare`` as a process of its own, in another folder than the project's."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def starter(*arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
            cwd=elsewhere,
        )

    return starter


@pytest.fixture(scope="session")
def spawn(start: Callable[..., subprocess.Popen[str]]) -> Run:
    """Runs ``infrashare`` as a process of its own to its end."""

    def runner(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        with start(*arguments) as process:
            output, errors = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    return runner


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs ``infrashare`` in this process, which saves the imports; all else is the same."""

    def runner(
        *arguments: str | Path, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        streams = {"stdin": io.TextIOWrapper(io.BytesIO(stdin), "utf-8"), "stdout": output, "stderr": errors}
        with mock.patch.multiple(sys, **streams), mock.patch.dict(os.environ, {**TERMINAL, **environment}):
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as ended:
                code = int(ended.code or 0)
        for stream in (output, errors):
            stream.flush()
        written = (output.buffer.getvalue().decode(), errors.buffer.getvalue().decode())  # type: ignore[attr-defined]
        return subprocess.CompletedProcess(list(arguments), code, *written)

    return runner


@pytest.fixture(scope="session")
def data_dir(shipped: Path, copy_of: Callable[[Path], Path]) -> Path:
    """A data directory with the shipped data."""
    return copy_of(shipped)


@pytest.fixture
def copy(data_dir: Path, tmp_path: Path) -> Path:
    """A data directory that a test may damage."""
    folder = tmp_path / "var"
    shutil.copytree(data_dir, folder)
    return folder


@pytest.fixture
def serving(start: Start) -> Serving:
    """Serves on a free port as long as a block runs; gives the process and its address."""
    return contextmanager(lambda *arguments: _serving(start, *arguments))


def _serving(start: Start, *arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = start("serve", "--port", "0", *arguments)
    try:
        assert process.stderr is not None
        address = ""
        for line in process.stderr:
            found = re.search(r"on (http://\S+)$", line.strip())
            if found:
                address = found[1]
                break
        assert address, process.wait(10)
        yield process, address
    finally:
        process.kill()
        process.communicate()
