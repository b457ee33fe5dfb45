"""The lane of long jobs: a job that computes for long leaves the workers of short ones, and runs behind them.

Short jobs are then never kept waiting by long ones: a long one has a process of its own at a low priority. Few run
at once; a few more are stopped (``SIGSTOP``) until one of them ends; beyond that there is ``Busy``. A client has a
share of the places and never all of them.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from graph.errors import Busy, TooManyRequests

_LOWER: Final = 10
"""The priority of long jobs (setpriority(2)): about a tenth of the time where short ones want all of it."""
_COME_BACK: Final = 5
"""Seconds after which a client with too many long jobs may try again."""


def processor_seconds(process: int) -> float | None:
    """How long a process has computed so far, in seconds; ``None`` where the system does not tell (proc(5))."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class LongLane:
    """Places for jobs that compute for longer than ``after`` seconds. Safe to use from many threads."""

    def __init__(self, after: float, places: int, wait: float = 10.0) -> None:
        self.after = after
        self._share = max(1, places - 1)
        self._most = 2 * places
        self._wait = wait
        self._places = threading.Semaphore(places)
        self._by_client: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, process: int, client: str) -> Iterator[None]:
        """A place for a job that runs in ``process``, which stands still until there is one.

        No ``client`` is this service itself, which has no share. Raises ``TooManyRequests`` where the client's share is
        used, ``Busy`` where too many wait or it took too long.
        """
        with self._admitted(client):
            if not self._places.acquire(blocking=False):
                self._wait_for_place(process)
            try:
                with suppress(ProcessLookupError):
                    os.setpriority(os.PRIO_PROCESS, process, _LOWER)
                yield
            finally:
                self._places.release()

    def _wait_for_place(self, process: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
        try:
            if not self._places.acquire(timeout=self._wait):
                raise Busy("other long queries hold all places for them; try again later")
        finally:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    @contextmanager
    def _admitted(self, client: str) -> Iterator[None]:
        with self._lock:
            if client and self._by_client[client] >= self._share:
                raise TooManyRequests(
                    f"{self._share} long queries of yours are under way already; wait for one of them to end",
                    _COME_BACK,
                )
            if self._by_client.total() >= self._most:
                raise Busy("too many long queries wait; try again later")
            self._by_client[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._by_client[client] -= 1
                self._by_client += Counter()  # forgets clients with nothing under way
