"""Worker processes: work on bytes and queries of others happens here, under limits, and nowhere else.

Only a process can be stopped for good: a thread inside the engine cannot be cancelled, and some hostile
inputs crash the process they are parsed in. So a worker that passes its wall time or its memory is killed,
its caller gets a ``LimitExceeded``, and a fresh worker takes its place.
"""

import importlib
import multiprocessing
import os
import pickle
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Any

from graph.errors import Busy, GraphError, LimitExceeded, StoreError
from graph.store.confinement import limit_memory, only_reading, without_network
from graph.store.lanes import LongLane, processor_seconds

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pyoxigraph", "graph.store.evaluation"])
_START_TIMEOUT = 60.0
_LOOK_AGAIN = 0.2
_TAKEN = b"taken"
_REPORT_EVERY = 0.1
"""Seconds between two reports of progress."""
_MOST_SLICES = 8
_NEARLY = 0.8
"""The part of a slice that a job which computes all the time is seen to use: the system counts in steps."""
_ATTEMPTS = 3
"""Workers that a job is given to, should one after the other have died while it waited for work."""

Handlers = Mapping[str, Callable[..., Any]]

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much is done and how much there is."""


def silent(_what: str, _done: int, _whole: int) -> None:
    """Progress that nobody looks at."""


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


def _serve(connection: Connection, spec: WorkerSpec) -> None:
    """The life of a worker: set up once, then answer one job after the other until the pipe closes."""
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


@dataclass(frozen=True)
class _Beyond:
    """What happens to a job that computes for longer than ``after`` seconds: it goes on within ``enter``."""

    after: float
    enter: Callable[["_Worker"], AbstractContextManager[None]]


class _Worker:
    """One worker process and the pipe to it. Used by one thread at a time."""

    def __init__(self, spec: WorkerSpec) -> None:
        self.spec = spec
        self.connection, child = _CONTEXT.Pipe()
        self.process: ForkServerProcess = _CONTEXT.Process(
            target=_serve, args=(child, spec), name=f"infrashare-{spec.name}", daemon=True
        )
        self.process.start()
        child.close()
        self.confined: tuple[bool, bool] | None = None
        """Once it is set up: whether it is kept from the network, and from files."""
        self.is_long = False
        """Whether its job went to the lane of long jobs, from which no process comes back."""

    def wait_ready(self) -> None:
        """Wait until the worker is set up."""
        if self.confined is not None:
            return
        if not self.connection.poll(_START_TIMEOUT):
            raise StoreError(f"the {self.spec.name} worker did not start within {_START_TIMEOUT:.0f} s")
        try:
            _, self.confined = self.connection.recv()
        except (EOFError, OSError) as error:
            raise StoreError(f"the {self.spec.name} worker ended while starting") from error

    def run(
        self,
        job: str,
        arguments: tuple[Any, ...],
        timeout: float,
        progress: Progress | None,
        beyond: _Beyond | None = None,
    ) -> tuple[str, Any]:
        """How the job ended, ``done`` or ``error``, and its value or error.

        A job that computes for longer than the slice of ``beyond`` goes on in its context; waiting in it is not
        counted.
        """
        out_of_time = LimitExceeded(f"stopped after {timeout:g} s, the limit on time")
        deadline = time.monotonic() + timeout
        try:
            self.connection.send((job, arguments))
            if not self.connection.poll(timeout):
                raise out_of_time
            self.connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise _Gone(self.died()) from error
        if beyond and beyond.after < timeout and self._takes_long(beyond.after):
            before = time.monotonic()
            with beyond.enter(self):
                deadline += time.monotonic() - before
                return self._outcome(deadline, out_of_time, progress)
        return self._outcome(deadline, out_of_time, progress)

    def _takes_long(self, slice_: float) -> bool:
        """Whether the job computes for more than a slice; on a busy machine that may be several slices of time."""
        process = self.process.pid or 0
        before = processor_seconds(process)
        for _ in range(_MOST_SLICES):
            if self.connection.poll(slice_):
                return False
            now = processor_seconds(process)
            if before is None or now is None or now - before >= slice_ * _NEARLY:
                return True
        return True

    def _outcome(
        self, deadline: float, out_of_time: LimitExceeded, progress: Progress | None
    ) -> tuple[str, Any]:
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

    def __init__(
        self, spec: WorkerSpec, size: int, waiting: int = 16, long_lane: LongLane | None = None
    ) -> None:
        self.spec = spec
        self._long_lane = long_lane
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

    def run(
        self, job: str, *arguments: Any, timeout: float, progress: Progress | None = None, client: str = ""
    ) -> Any:
        """Run a job and return its value; ``progress`` is called with what the job reports of itself.

        ``client`` says for whom, where the pool has a lane of long jobs, of which each client has a share.

        Raises ``LimitExceeded`` where the job passed ``timeout`` seconds (waiting not counted) or its memory,
        ``Busy`` where too many jobs wait, and whatever ``GraphError`` the job raised.
        """
        if not self._places.acquire(blocking=False):
            raise Busy(f"too many jobs wait for a {self.spec.name} worker; try again in a few seconds")
        try:
            status, value = self._run(job, arguments, timeout, progress, self._beyond(client))
        finally:
            self._places.release()
        if status == "error":
            raise value
        return value

    def _beyond(self, client: str) -> _Beyond | None:
        lane = self._long_lane
        if lane is None:
            return None

        @contextmanager
        def enter(worker: _Worker) -> Iterator[None]:
            with lane.place(worker.process.pid or 0, client):
                worker.is_long = True
                self._start()  # the workers of short jobs are as many as before
                yield

        return _Beyond(lane.after, enter)

    def _run(
        self,
        job: str,
        arguments: tuple[Any, ...],
        timeout: float,
        progress: Progress | None,
        beyond: _Beyond | None,
    ) -> tuple[str, Any]:
        """The job's outcome from the first worker that takes it; a worker that does not answer is replaced."""
        for attempt in range(_ATTEMPTS):
            worker = self._next_worker(timeout)
            try:
                worker.wait_ready()
                outcome = worker.run(job, arguments, timeout, progress, beyond)
            except _Gone as error:
                self._replace(worker)
                if attempt == _ATTEMPTS - 1:
                    raise LimitExceeded(str(error)) from error
            except BaseException:  # also Ctrl-C: the answer that comes later must not go to the next job
                self._replace(worker)
                raise
            else:
                if worker.is_long:
                    self._replace(worker)
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
        if not worker.is_long:
            self._start()

    def warm(self) -> tuple[bool, bool]:
        """Wait until all idle workers are set up; tell whether they are kept from the network, and from files."""
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
        kept = [worker.confined or (False, False) for worker in workers]
        return all(offline for offline, _ in kept), all(confined for _, confined in kept)

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
