"""Worker processes: work on bytes and queries of others happens here, under limits, and nowhere else.

Only a process can be stopped for good: a thread inside the engine cannot be cancelled, and some hostile
inputs crash the process they are parsed in. So a worker that passes its wall time or its memory is killed,
its caller gets a ``LimitExceeded``, and a fresh worker takes its place.
"""

import multiprocessing
import queue
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from typing import Any

from graph.errors import Busy, LimitExceeded, StoreError
from graph.progress import Progress
from graph.store.lanes import LongLane, processor_seconds
from graph.store.worker_process import WorkerSpec, serve

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["graph.store.evaluation", "graph.contribute.worker"])
_START_TIMEOUT = 60.0
_LOOK_AGAIN = 0.2
_MOST_SLICES = 8
_NEARLY = 0.8
"""The part of a slice that a job which computes all the time is seen to use: the system counts in steps."""
_ATTEMPTS = 3
"""Workers that a job is given to, should one after the other have died while it waited for work."""


def start_ahead() -> None:
    """Let the process that all workers come from load what they need, while this one does something else."""
    forkserver.ensure_running()


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
            target=serve, args=(child, spec), name=f"infrashare-{spec.name}", daemon=True
        )
        self.process.start()
        child.close()
        self._poll = select.poll()
        self._poll.register(self.connection.fileno(), select.POLLIN)
        self.confined: tuple[bool, bool] | None = None
        """Once it is set up: whether it is kept from the network, and from files."""
        self.is_long = False
        """Whether its job went to the lane of long jobs, from which no process comes back."""

    def wait_ready(self) -> None:
        """Wait until the worker is set up."""
        if self.confined is not None:
            return
        if not self._says(_START_TIMEOUT):
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
            if not self._says(timeout):
                raise out_of_time
            computed = float(self.connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise _Gone(self.died()) from error
        if beyond and beyond.after < timeout and self._takes_long(beyond.after, computed):
            before = time.monotonic()
            with beyond.enter(self):
                deadline += time.monotonic() - before
                return self._outcome(deadline, out_of_time, progress)
        return self._outcome(deadline, out_of_time, progress)

    def _takes_long(self, slice_: float, before: float) -> bool:
        """Whether a job computes for more than a slice; on a busy machine that may be several slices of time.

        ``before`` are the seconds that its process had computed when it took the job.
        """
        for _ in range(_MOST_SLICES):
            if self._says(slice_):
                return False
            now = processor_seconds(self.process.pid or 0)
            if now is None or now - before >= slice_ * _NEARLY:
                return True
        return True

    def _says(self, within: float) -> bool:
        """Whether the process has said something, or ended, ``within`` so many seconds."""
        return bool(self._poll.poll(within * 1_000))

    def _outcome(
        self, deadline: float, out_of_time: LimitExceeded, progress: Progress | None
    ) -> tuple[str, Any]:
        while True:
            if not self._says(max(0.0, deadline - time.monotonic())):
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
