"""Jobs for worker processes under test."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from graph.errors import LimitExceeded, Place, SyntaxProblem


def setup(name: str = "test") -> dict[str, Callable[..., Any]]:
    """The jobs by name; called in the new process."""
    return {
        "name": lambda: name,
        "pid": os.getpid,
        "echo": lambda value: value,
        "sleep": time.sleep,
        "spin": spin,
        "work": work,
        "hoard": lambda size: len(bytearray(size)),
        "crash": lambda: os._exit(3),
        "kill": lambda: os.kill(os.getpid(), 9),
        "fail": lambda: 1 // 0,
        "refuse": refuse,
        "limit": lambda: _raise(LimitExceeded("of its own")),
        "nonconforming": nonconforming,
        "unpicklable": lambda: (value for value in ()),
        "exit": sys.exit,
        "run": exec,
        "touch": touch,
    }


def broken_setup() -> dict[str, Callable[..., Any]]:
    raise RuntimeError("cannot start")


def spin() -> None:
    while True:
        pass


def work(seconds: float) -> None:
    """Compute for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def touch(path: str) -> None:
    """Write this process's number, then stay."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)


def nonconforming() -> None:
    from graph.contribute.accept import NotConforming
    from graph.contribute.report import Quality, Report

    raise NotConforming(
        Report(1, {"violation": 2, "warning": 0, "info": 0}, {"x": 2}, (), Quality("bronze", 0.1))
    )


def refuse() -> None:
    raise SyntaxProblem("line 3: wrong", (Place("wrong", "syntax", 3, 7, "x", "mend it"),))


def _raise(error: Exception) -> Iterator[None]:
    raise error
