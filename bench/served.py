"""The service as a process of its own: started on a data directory, killed, and started again."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import httpx

from graph.iris import LANGUAGES
from graph.resources import ROOT
from graph.service import running
from graph.settings import Settings
from graph.store.fault import VARIABLE

_SERVE = (sys.executable, "-m", "cli.main", "serve", "--empty", "--port", "0")
_ADDRESS = re.compile(r" on (http://\S+)$", re.MULTILINE)
_PATIENCE = 120.0
"""Seconds that a start or an answer may take on a machine that has much else to do."""
_LOOK = 0.02


class Ended(Exception):  # noqa: N818 - a state that callers expect
    """The process ended before it served; ``words`` is what it said."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"the service ended with {code}: {words}")
        self.code = code
        self.words = words


def prepare(folder: Path) -> None:
    """A data directory without contributions in which all is made that a start would else have to wait for."""
    with running(Settings(data_dir=folder, empty=True)) as service:
        lexicon = service.matcher.knowledge(service.snapshot).lexicon
        for language in LANGUAGES:
            lexicon.of(language)


class Served:
    """``infrashare serve --empty`` on a data directory, from when it is ready until it is killed or told to end.

    ``fault`` arms a fault point (``graph/store/fault.py``); further settings are given by their names. One worker
    checks and one runs queries, which is quicker to start than two. ``before`` are the words that the command is
    started through, such as ``prlimit``. Raises ``Ended`` where it does not come to serve.
    """

    def __init__(
        self, folder: Path, fault: str = "", *, before: Sequence[str] = (), **settings: object
    ) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        settings = {"check_workers": 1, "query_workers": 1, **settings}
        environment |= {f"INFRASHARE_{name.upper()}": str(value) for name, value in settings.items()}
        environment.pop(VARIABLE, None)
        if fault:
            environment[VARIABLE] = fault
        self._log: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the process
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [*before, *_SERVE, "--data-dir", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            env=environment,
            cwd=folder.parent,
        )
        self.url = self._ready(began + _PATIENCE)
        self.seconds = time.perf_counter() - began
        """Seconds from its start until it served."""

    def _ready(self, deadline: float) -> str:
        while time.perf_counter() < deadline:
            code = self.process.poll()
            if found := _ADDRESS.search(self.words):
                httpx.get(f"{found[1]}/health/ready", timeout=_PATIENCE).raise_for_status()
                return found[1]
            if code is not None:
                raise Ended(code, self.words)
            time.sleep(_LOOK)
        self.kill()
        raise Ended(-signal.SIGKILL, f"not ready after {_PATIENCE:g} s: {self.words}")

    @property
    def words(self) -> str:
        """What it has said on stderr so far."""
        self._log.seek(0)
        return self._log.read()

    def client(self, token: str = "") -> httpx.Client:
        """A client of it, with a partner's token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, timeout=_PATIENCE, headers=headers)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """``kill -9``: nothing is written, closed or said any more."""
        self.process.kill()
        self.process.wait(_PATIENCE)

    def killed(self) -> bool:
        """Wait until it is gone and tell whether SIGKILL was what ended it."""
        return self.process.wait(_PATIENCE) == -signal.SIGKILL

    def end(self) -> int:
        """Tell it to end, wait until it has, and return its exit code."""
        self.process.terminate()
        return self.process.wait(_PATIENCE)

    def __enter__(self) -> "Served":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._log.close()
