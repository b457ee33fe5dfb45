"""Worker processes: limits kill, the next job has a fresh worker, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from graph.contribute.accept import NotConforming
from graph.errors import Busy, LimitExceeded, StoreError, SyntaxProblem
from graph.settings import MIB
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

LONG = 60.0
FOLDER = Path(__file__).parent


@pytest.fixture(autouse=True)
def jobs_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    built = make()
    yield built
    built.close()


def make(size: int = 1, waiting: int = 16, setup: str = "setup", memory: int = 512 * MIB) -> WorkerPool:
    return WorkerPool(WorkerSpec("test", f"jobs:{setup}", (), memory), size, waiting)


def exists(process: int) -> bool:
    """Whether a process is there, be it as a zombie."""
    return Path(f"/proc/{process}").exists()


def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_jobs_run_in_one_process_after_the_other(pool: WorkerPool) -> None:
    first = pool.run("pid", timeout=LONG)
    assert first != os.getpid()
    assert pool.run("pid", timeout=LONG) == first
    assert pool.run("echo", {"a": [b"x" * 1_000_000]}, timeout=LONG) == {"a": [b"x" * 1_000_000]}
    assert pool.run("name", timeout=LONG) == "test"


@pytest.mark.parametrize("job", ["sleep", "spin"])
def test_a_job_past_its_time_is_killed_and_its_worker_replaced(pool: WorkerPool, job: str) -> None:
    first = pool.run("pid", timeout=LONG)
    with pytest.raises(LimitExceeded, match=r"stopped after 0\.2 s"):
        pool.run(job, *([300] if job == "sleep" else []), timeout=0.2)
    assert not exists(first)
    assert pool.run("pid", timeout=LONG) != first


@pytest.mark.parametrize("job", ["crash", "kill"])
def test_a_crash_is_told_and_the_worker_replaced(pool: WorkerPool, job: str) -> None:
    first = pool.run("pid", timeout=LONG)
    with pytest.raises(LimitExceeded, match="limit on memory of 512 MiB, or crashed"):
        pool.run(job, timeout=LONG)
    assert not exists(first)
    assert pool.run("pid", timeout=LONG) != first


def test_memory_is_limited(pool: WorkerPool) -> None:
    assert pool.run("hoard", 10 * MIB, timeout=LONG) == 10 * MIB
    with pytest.raises(LimitExceeded, match="memory"):
        pool.run("hoard", 1_000 * MIB, timeout=LONG)
    assert pool.run("hoard", 10 * MIB, timeout=LONG) == 10 * MIB


def test_the_threads_of_the_engine_do_not_use_up_the_limit_on_memory(tmp_path: Path) -> None:
    """Each thread that takes memory would reserve 64 to 128 MiB of addresses, and the engine starts many to open."""
    graphs = Store(str(tmp_path / "store"))
    for part in range(24):  # a file or more for each, so that many threads open them
        graphs.bulk_load(f"<urn:s:{part}> <urn:p> <urn:o> .".encode(), RdfFormat.N_TRIPLES)
    graphs.backup(str(tmp_path / "snapshot"))
    pool = make(memory=320 * MIB)
    code = (
        f"from pyoxigraph import Store; store = Store.read_only({str(tmp_path / 'snapshot')!r})\n"
        "assert len(store) == 24; del store"
    )
    try:
        for _ in range(10):
            pool.run("run", code, timeout=LONG)
    finally:
        pool.close()


class TestErrors:
    def test_errors_of_the_graph_come_over_as_they_are(self, pool: WorkerPool) -> None:
        with pytest.raises(SyntaxProblem, match="line 3: wrong") as caught:
            pool.run("refuse", timeout=LONG)
        assert caught.value.places[0].column == 7
        with pytest.raises(NotConforming, match="2 violations") as refused:
            pool.run("nonconforming", timeout=LONG)
        assert refused.value.report.by_code == {"x": 2}

    def test_other_errors_are_named(self, pool: WorkerPool) -> None:
        with pytest.raises(StoreError, match="ZeroDivisionError in the test worker"):
            pool.run("fail", timeout=LONG)
        with pytest.raises(StoreError, match="in the test worker"):
            pool.run("unpicklable", timeout=LONG)
        with pytest.raises(StoreError, match="KeyError in the test worker"):
            pool.run("no such job", timeout=LONG)

    def test_a_worker_that_only_failed_its_job_is_kept(self, pool: WorkerPool) -> None:
        first = pool.run("pid", timeout=LONG)
        for job in ("refuse", "fail", "unpicklable", "limit"):
            with pytest.raises((SyntaxProblem, StoreError, LimitExceeded)):
                pool.run(job, timeout=LONG)
        assert pool.run("pid", timeout=LONG) == first

    def test_a_worker_that_leaves_is_replaced(self, pool: WorkerPool) -> None:
        with pytest.raises(LimitExceeded):
            pool.run("exit", 0, timeout=LONG)
        assert pool.run("name", timeout=LONG) == "test"

    def test_a_worker_that_cannot_start_is_told_each_time(self) -> None:
        pool = make(setup="broken_setup")
        try:
            for _ in range(2):
                with pytest.raises(StoreError, match="ended while starting"):
                    pool.run("name", timeout=LONG)
        finally:
            pool.close()

    def test_a_worker_that_died_in_its_sleep_costs_nobody_a_job(self, pool: WorkerPool) -> None:
        for _ in range(3):
            process = pool.run("pid", timeout=LONG)
            os.kill(process, signal.SIGKILL)
            assert pool.run("pid", timeout=LONG) != process
            assert not exists(process)

    def test_an_interrupted_job_leaves_no_answer_for_the_next(self, pool: WorkerPool) -> None:
        pool.run("name", timeout=LONG)
        main = threading.main_thread().ident
        assert main is not None
        # servers of other tests take the signal over
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        timer = threading.Timer(0.3, lambda: signal.pthread_kill(main, signal.SIGINT))
        timer.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                pool.run("sleep", 30, timeout=LONG)
        finally:
            timer.join()
            signal.signal(signal.SIGINT, before)
        assert pool.run("echo", "mine", timeout=LONG) == "mine"


class TestMany:
    def test_more_jobs_than_may_wait_are_turned_away_at_once(self) -> None:
        pool = make(size=1, waiting=1)
        try:
            pool.warm()
            with ThreadPoolExecutor(6) as threads:
                jobs = [threads.submit(pool.run, "sleep", 1.5, timeout=LONG) for _ in range(6)]
            outcomes = [type(job.exception()) for job in jobs]
            assert outcomes.count(Busy) == 4
            assert outcomes.count(type(None)) == 2
            assert pool.run("echo", 1, timeout=LONG) == 1
        finally:
            pool.close()

    def test_a_crash_harms_no_other_job(self) -> None:
        pool = make(size=2, waiting=40)
        try:
            with ThreadPoolExecutor(8) as threads:
                jobs = {
                    number: threads.submit(
                        pool.run, *(["crash"] if number % 4 == 0 else ["echo", number]), timeout=LONG
                    )
                    for number in range(16)
                }
            for number, job in jobs.items():
                if number % 4 == 0:
                    assert isinstance(job.exception(), LimitExceeded)
                else:
                    assert job.result() == number
        finally:
            pool.close()

    def test_waiting_does_not_count_as_working(self) -> None:
        pool = make(size=1)
        try:
            pool.warm()
            with ThreadPoolExecutor(3) as threads:
                jobs = [threads.submit(pool.run, "sleep", 0.4, timeout=10) for _ in range(3)]
            assert [job.exception() for job in jobs] == [None] * 3
        finally:
            pool.close()


class TestClosing:
    def test_no_process_is_left(self) -> None:
        pool = make(size=2)
        pool.warm()
        processes = [worker.process.pid for worker in pool._all]
        pool.close()
        assert len(processes) == 2
        assert not any(exists(process) for process in processes if process)
        with pytest.raises(StoreError, match="are stopped"):
            pool.run("name", timeout=LONG)
        pool.close()

    def test_jobs_that_run_or_wait_end(self) -> None:
        pool = make(size=1)
        pool.warm()
        with ThreadPoolExecutor(2) as threads:
            jobs = [threads.submit(pool.run, "sleep", 300, timeout=LONG) for _ in range(2)]
            eventually(pool._idle.empty)
            pool.close()
            assert all(isinstance(job.exception(timeout=30), LimitExceeded | StoreError) for job in jobs)

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
    def test_workers_end_with_their_parent_in_the_middle_of_a_job(
        self, tmp_path: Path, how: signal.Signals
    ) -> None:
        file = tmp_path / "process"
        code = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from graph.store.worker_process import WorkerSpec\n"
            "from graph.store.workers import WorkerPool\n"
            "WorkerPool(WorkerSpec('test', 'jobs:setup'), 1).run('touch', sys.argv[2], timeout=600)"
        )
        parent = subprocess.Popen([sys.executable, "-c", code, str(FOLDER), str(file)])
        try:
            assert eventually(lambda: file.exists() and file.read_text() != "")
            worker = int(file.read_text())
            assert exists(worker)
        finally:
            parent.send_signal(how)
            parent.wait(30)
        assert eventually(lambda: not exists(worker))


def test_workers_tell_whether_they_have_no_network(pool: WorkerPool) -> None:
    offline, confined = pool.warm()
    assert confined  # nothing is forbidden to it
    if not offline:
        pytest.skip("this system does not let a process give up its network")
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    with pytest.raises(StoreError, match=r"OSError|unreachable"):
        pool.run("run", code, timeout=LONG)
