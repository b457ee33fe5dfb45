"""Public queries share the machine: budgets, the lane of long jobs, and queries that were too much lately."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.errors import Busy, LimitExceeded, TooManyRequests
from graph.settings import MIB
from graph.store.lanes import LongLane
from graph.store.offenders import Offenders
from graph.store.shares import Shares
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

LONG = 60.0


@pytest.fixture(autouse=True)
def jobs_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestShares:
    def test_who_has_used_the_budget_waits_until_it_is_filled_again(self) -> None:
        clock = Clock()
        shares = Shares(120, 60, clock)
        shares.admit("a")
        assert shares.of("a").left == 120
        shares.pay("a", 125)
        with pytest.raises(TooManyRequests, match="120 s of evaluation") as refused:
            shares.admit("a")
        assert refused.value.seconds == 3
        assert shares.of("a").left == 0
        clock.now += refused.value.seconds
        shares.admit("a")

    def test_clients_do_not_pay_for_each_other(self) -> None:
        shares = Shares(10, 60, Clock())
        shares.pay("a", 100)
        shares.admit("b")
        assert shares.of("b").left == 10

    def test_the_service_itself_has_no_budget(self) -> None:
        shares = Shares(1, 60, Clock())
        shares.pay("", 100)
        shares.admit("")

    def test_the_bucket_never_holds_more_than_the_budget(self) -> None:
        clock = Clock()
        shares = Shares(10, 60, clock)
        shares.pay("a", 1)
        clock.now += 10_000
        assert (shares.of("a").left, shares.of("a").reset) == (10, 0)


class TestOffenders:
    def test_what_was_too_much_is_refused_at_once_for_a_while(self) -> None:
        clock = Clock()
        offenders = Offenders(300, clock)
        offenders.add("q", 30, LimitExceeded("stopped after 30 s, the limit on time"))
        with pytest.raises(LimitExceeded, match=r"stopped after 30 s.*not tried again for 300 s"):
            offenders.refuse("q", 30)
        offenders.refuse("other", 30)
        clock.now += 301
        offenders.refuse("q", 30)

    def test_who_gives_it_more_time_may_try(self) -> None:
        offenders = Offenders(300, Clock())
        offenders.add("q", 1, LimitExceeded("stopped after 1 s"))
        with pytest.raises(LimitExceeded):
            offenders.refuse("q", 0.5)
        offenders.refuse("q", 30)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    built = WorkerPool(
        WorkerSpec("test", "jobs:setup", (), 512 * MIB), 1, 16, LongLane(after=0.1, places=2, wait=0.5)
    )
    built.warm()
    yield built
    built.close()


class TestLongLane:
    def test_a_long_job_does_not_keep_short_ones_waiting(self, pool: WorkerPool) -> None:
        with ThreadPoolExecutor(1) as threads:
            long = threads.submit(pool.run, "work", 3, timeout=LONG, client="a")
            answered = [pool.run("pid", timeout=LONG, client="b") for _ in range(5)]
            assert not long.done()
            assert len(set(answered)) <= 2
            long.result()

    def test_a_long_job_has_a_low_priority_and_its_process_ends_with_it(self, pool: WorkerPool) -> None:
        first = pool.run("pid", timeout=LONG)
        with ThreadPoolExecutor(1) as threads:
            long = threads.submit(pool.run, "work", 3, timeout=LONG)
            deadline = time.monotonic() + LONG
            while os.getpriority(os.PRIO_PROCESS, first) != 10 and time.monotonic() < deadline:
                time.sleep(0.01)
            assert os.getpriority(os.PRIO_PROCESS, first) == 10
            long.result()
        assert pool.run("pid", timeout=LONG) != first

    def test_a_client_has_its_share_of_the_places_and_the_next_one_too(self, pool: WorkerPool) -> None:
        with ThreadPoolExecutor(2) as threads:
            long = threads.submit(pool.run, "work", 3, timeout=LONG, client="a")
            time.sleep(0.5)
            with pytest.raises(TooManyRequests, match="1 long queries of yours"):
                pool.run("work", 2, timeout=LONG, client="a")
            pool.run("work", 2, timeout=LONG, client="b")
            long.result()

    def test_beyond_the_places_a_job_stands_still_and_is_then_told_to_come_again(
        self, pool: WorkerPool
    ) -> None:
        with ThreadPoolExecutor(3) as threads:
            running = [
                threads.submit(pool.run, "work", 3, timeout=LONG, client=client) for client in ("a", "b")
            ]
            time.sleep(0.5)
            with pytest.raises(Busy, match="hold all places"):
                pool.run("work", 2, timeout=LONG, client="c")
            assert pool.run("name", timeout=LONG, client="c") == "test"
            for job in running:
                job.result()

    def test_a_job_that_only_waits_is_given_more_time_before_it_counts_as_long(
        self, pool: WorkerPool
    ) -> None:
        first = pool.run("pid", timeout=LONG)
        pool.run("sleep", 0.4, timeout=LONG, client="a")
        assert pool.run("pid", timeout=LONG) == first

    def test_a_long_job_past_its_time_is_killed(self, pool: WorkerPool) -> None:
        with pytest.raises(LimitExceeded, match=r"stopped after 0\.4 s"):
            pool.run("spin", timeout=0.4, client="a")
        assert pool.run("name", timeout=LONG) == "test"
