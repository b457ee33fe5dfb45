"""Worker processes: work on bytes and queries of others happens here, under limits, and nowhere else.

Only a process can be stopped for good: a thread inside the engine cannot be cancelled, and some hostile
inputs crash the process they are parsed in. So a worker that passes its wall time or its memory is killed,
its caller gets a ``LimitExceeded``, and a fresh worker takes its place.
"""

import ctypes
import importlib
import multiprocessing
import os
import pickle
import queue
import resource
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from graph.errors import Busy, GraphError, LimitExceeded, StoreError

_CONTEXT = multiprocessing.get_context("spawn")
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_START_TIMEOUT = 60.0
_M_ARENA_MAX = -8
_LOOK_AGAIN = 0.2
_TAKEN = b"taken"
_REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""
_ATTEMPTS = 3
"""Workers that a job is given to, should one after the other have died while it waited for work."""

Handlers = Mapping[str, Callable[..., Any]]

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much is done and how much there is."""


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


def _isolate(memory_bytes: int) -> bool:
    """Limit this process's memory and take its network away where the system allows it.

    The limit is on addresses, and glibc reserves 64 to 128 MiB of them for each thread that takes memory, of which the
    engine starts up to sixteen while it opens a store: so all threads share one arena.
    """
    system = ctypes.CDLL(None, use_errno=True)
    limit_arenas: Callable[[int, int], int] | None = getattr(system, "mallopt", None)
    if limit_arenas is not None:
        limit_arenas(_M_ARENA_MAX, 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unshare: Callable[[int], int] | None = getattr(system, "unshare", None)
    if unshare is None:
        return False
    return unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def _end_with_parent() -> None:
    """End this process when its parent is gone, even in the middle of a job."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, name="parent", daemon=True).start()


def _serve(connection: Connection, spec: WorkerSpec) -> None:
    """The life of a worker: set up once, then answer one job after the other until the pipe closes."""
    os.setpgrp()  # Ctrl-C in a terminal is for the parent, which closes the pipe
    offline = _isolate(spec.memory_bytes)
    _end_with_parent()
    module, _, function = spec.setup.partition(":")
    handlers: Handlers = getattr(importlib.import_module(module), function)(*spec.arguments)
    connection.send(("ready", offline))
    while True:
        try:
            name, arguments = connection.recv()
            connection.send_bytes(_TAKEN)
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


_REPORTER: ContextVar[Callable[[str, int, int], None] | None] = ContextVar("reporter", default=None)


def report_progress(what: str, done: int, whole: int) -> None:
    """Tell the caller of the job how far it is; outside of a worker this does nothing."""
    reporter = _REPORTER.get()
    if reporter is not None:
        reporter(what, done, whole)


def _reply(connection: Connection, reply: tuple[str, Any]) -> None:
    connection.send_bytes(pickle.dumps(reply))  # nothing is sent of what cannot be pickled as a whole


class _Gone(Exception):  # noqa: N818 - a signal inside this module
    """The worker ended before it took the job."""


class _Worker:
    """One worker process and the pipe to it. Used by one thread at a time."""

    def __init__(self, spec: WorkerSpec) -> None:
        self.spec = spec
        self.connection, child = _CONTEXT.Pipe()
        self.process: SpawnProcess = _CONTEXT.Process(
            target=_serve, args=(child, spec), name=f"infrashare-{spec.name}", daemon=True
        )
        self.process.start()
        child.close()
        self.offline: bool | None = None

    def wait_ready(self) -> None:
        """Wait until the worker is set up."""
        if self.offline is not None:
            return
        if not self.connection.poll(_START_TIMEOUT):
            raise StoreError(f"the {self.spec.name} worker did not start within {_START_TIMEOUT:.0f} s")
        try:
            _, self.offline = self.connection.recv()
        except (EOFError, OSError) as error:
            raise StoreError(f"the {self.spec.name} worker ended while starting") from error

    def run(
        self, job: str, arguments: tuple[Any, ...], timeout: float, progress: Progress | None
    ) -> tuple[str, Any]:
        """How the job ended, ``done`` or ``error``, and its value or error."""
        out_of_time = LimitExceeded(f"stopped after {timeout:g} s, the limit on time")
        deadline = time.monotonic() + timeout
        try:
            self.connection.send((job, arguments))
            if not self.connection.poll(timeout):
                raise out_of_time
            self.connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise _Gone(self.died()) from error
        while True:
            if not self.connection.poll(max(0.0, deadline - time.monotonic())):
                raise out_of_time
            try:
                reply: tuple[str, Any] = self.connection.recv()
            except (EOFError, OSError) as error:
                raise LimitExceeded(self.died()) from error
            if reply[0] != "progress":
                return reply
            if progress:
                progress(*reply[1])

    def died(self) -> str:
        """What is said of a job whose worker ended."""
        limit = self.spec.memory_bytes // 1024**2
        return f"stopped: it needed more than the limit on memory of {limit} MiB, or crashed the engine"

    def kill(self) -> None:
        """End the process and leave nothing of it."""
        self.process.kill()
        self.process.join(5)
        self.connection.close()


class WorkerPool:
    """A few warm workers of one kind with a bounded queue before them. Safe to use from many threads."""

    def __init__(self, spec: WorkerSpec, size: int, waiting: int = 16) -> None:
        self.spec = spec
        self._places = threading.BoundedSemaphore(size + waiting)
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(size):
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._closed:
                return
            worker = _Worker(self.spec)
            self._all.add(worker)
        self._idle.put(worker)

    def run(self, job: str, *arguments: Any, timeout: float, progress: Progress | None = None) -> Any:
        """Run a job and return its value; ``progress`` is called with what the job reports of itself.

        Raises ``LimitExceeded`` where the job passed ``timeout`` seconds (waiting not counted) or its memory,
        ``Busy`` where too many jobs wait, and whatever ``GraphError`` the job raised.
        """
        if not self._places.acquire(blocking=False):
            raise Busy(f"too many jobs wait for a {self.spec.name} worker; try again in a few seconds")
        try:
            status, value = self._run(job, arguments, timeout, progress)
        finally:
            self._places.release()
        if status == "error":
            raise value
        return value

    def _run(
        self, job: str, arguments: tuple[Any, ...], timeout: float, progress: Progress | None
    ) -> tuple[str, Any]:
        """The job's outcome from the first worker that takes it; a worker that does not answer is replaced."""
        for attempt in range(_ATTEMPTS):
            worker = self._next_worker(timeout)
            try:
                worker.wait_ready()
                outcome = worker.run(job, arguments, timeout, progress)
            except _Gone as error:
                self._replace(worker)
                if attempt == _ATTEMPTS - 1:
                    raise LimitExceeded(str(error)) from error
            except BaseException:  # also Ctrl-C: the answer that comes later must not go to the next job
                self._replace(worker)
                raise
            else:
                self._idle.put(worker)
                return outcome
        raise AssertionError("the last attempt returns or raises")

    def _next_worker(self, timeout: float) -> _Worker:
        deadline = time.monotonic() + timeout + _START_TIMEOUT
        while time.monotonic() < deadline:
            if self._closed:
                raise StoreError(f"the {self.spec.name} workers are stopped")
            try:
                worker = self._idle.get(timeout=_LOOK_AGAIN)
            except queue.Empty:
                continue
            if worker.process.is_alive():
                return worker
            self._replace(worker)
        raise Busy(f"no {self.spec.name} worker became free; try again later")

    def _replace(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.kill()
        self._start()

    def warm(self) -> bool:
        """Wait until all idle workers are set up; tell whether they have no network."""
        workers: list[_Worker] = []
        while True:
            try:
                workers.append(self._idle.get_nowait())
            except queue.Empty:
                break
        try:
            for worker in workers:
                worker.wait_ready()
        finally:
            for worker in workers:
                self._idle.put(worker)
        return all(worker.offline for worker in workers)

    def close(self) -> None:
        """End all workers. Jobs that run or wait fail."""
        with self._lock:
            self._closed = True
            workers, self._all = list(self._all), set()
        # The pipe that a job waits on is closed by the job's thread, which sees the end of the worker.
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.join(5)
