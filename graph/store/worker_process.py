"""A worker process from the inside: it is set up once, then answers one job after the other."""

import importlib
import multiprocessing
import os
import pickle
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from graph.errors import GraphError, StoreError
from graph.progress import Progress
from graph.store.confinement import limit_memory, only_reading, without_network

_REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""

Handlers = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class WorkerSpec:
    """What a worker does and how much it may use.

    ``setup`` names a function as ``package.module:function``; it is called once in the new process with
    ``arguments`` and returns the jobs by name.
    """

    name: str
    setup: str
    arguments: tuple[Any, ...] = ()
    memory_bytes: int = 2 * 1024**3
    has_network: bool = False
    readable: tuple[str, ...] | None = None
    """Folders beneath which it may read files, besides those of Python itself; ``None`` is all, and writing too."""


def _end_with_parent() -> None:
    """End this process when its parent is gone, even in the middle of a job."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, name="parent", daemon=True).start()


def serve(connection: Connection, spec: WorkerSpec) -> None:
    """The life of a worker: set up once, then answer one job after the other until the pipe closes.

    It first says that it took the job, and how many seconds it has computed so far.
    """
    os.setpgrp()  # Ctrl-C in a terminal is for the parent, which closes the pipe
    limit_memory(spec.memory_bytes)
    offline = not spec.has_network and without_network()
    _end_with_parent()
    module, _, function = spec.setup.partition(":")
    handlers: Handlers = getattr(importlib.import_module(module), function)(*spec.arguments)
    confined = spec.readable is None or only_reading(spec.readable)
    connection.send(("ready", (offline or spec.has_network, confined)))
    while True:
        try:
            name, arguments = connection.recv()
            connection.send_bytes(str(time.process_time()).encode())
        except (EOFError, OSError):
            return
        _REPORTER.set(_Reporter(connection))
        try:
            _reply(connection, ("done", handlers[name](*arguments)))
        except GraphError as error:
            _reply(connection, ("error", error))
        except (MemoryError, BrokenPipeError):
            os._exit(137)
        except Exception as error:
            words = f"{type(error).__name__} in the {spec.name} worker: {error}"
            _reply(connection, ("error", StoreError(words)))


class _Reporter:
    """Sends progress to the caller, a few times a second at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = 0.0

    def __call__(self, what: str, done: int, whole: int) -> None:
        if (at := time.monotonic()) >= self._next:
            self._next = at + _REPORT_EVERY
            _reply(self._connection, ("progress", (what, done, whole)))


_REPORTER: ContextVar[Progress | None] = ContextVar("reporter", default=None)


def report_progress(what: str, done: int, whole: int) -> None:
    """Tell the caller of the job how far it is; outside of a worker this does nothing."""
    reporter = _REPORTER.get()
    if reporter is not None:
        reporter(what, done, whole)


def _reply(connection: Connection, reply: tuple[str, Any]) -> None:
    connection.send_bytes(pickle.dumps(reply))  # nothing is sent of what cannot be pickled as a whole
