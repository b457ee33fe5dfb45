"""Measuring: repeated runs with median and 95th percentile, and work in a fresh process with peak memory."""

import math
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from graph.store.lanes import processor_seconds

_P = ParamSpec("_P")
_R = TypeVar("_R")
_AT_REST = 0.05
"""The share of one processor that a process which rests may take."""


@dataclass(frozen=True)
class Runs:
    """The wall times of repeated runs, in seconds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The 95th percentile by nearest rank: the smallest time that 95 % of the runs do not pass."""
        ordered = sorted(self.seconds)
        return ordered[math.ceil(0.95 * len(ordered)) - 1]


def repeated(work: Callable[[], object], runs: int, *, at_least: int = 5, within: float = 10.0) -> Runs:
    """Run the work ``runs`` times, fewer where that would take longer than ``within`` seconds."""
    taken: list[float] = []
    started = time.perf_counter()
    while len(taken) < runs:
        before = time.perf_counter()
        work()
        after = time.perf_counter()
        taken.append(after - before)
        if len(taken) >= at_least and after - started > within:
            break
    return Runs(tuple(taken))


def timed(work: Callable[[], _R]) -> tuple[float, _R]:
    """Wall time of one run, in seconds, and what it returned."""
    before = time.perf_counter()
    value = work()
    return time.perf_counter() - before, value


def peak_memory(pid: int | str = "self") -> int | None:
    """The largest resident set of a process so far, in bytes; ``None`` where the system does not tell.

    ``/proc`` rather than ``getrusage``, which counts the parent's memory for a process that it started.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def settled(pid: int, *, for_seconds: float = 3.0, within: float = 600.0) -> None:
    """Wait until a process that was started rests, where the system tells how busy it is.

    A server makes things ready behind its first requests, of 100,000 facilities for minutes.
    """
    deadline = time.monotonic() + within
    before = processor_seconds(pid)
    while before is not None and time.monotonic() < deadline:
        time.sleep(for_seconds)
        after = processor_seconds(pid)
        if after is None or after - before < _AT_REST * for_seconds:
            return
        before = after


def in_fresh_process(function: Callable[_P, _R], *arguments: _P.args, **named: _P.kwargs) -> _R:
    """Call a function of a module in a new interpreter, so that memory and caches of others do not count."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments, **named).result()
