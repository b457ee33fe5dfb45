"""Fair shares: how much evaluation a client may ask for in a while.

A token bucket for each client: it holds ``budget`` seconds of evaluation, is filled evenly over ``window`` seconds, and
what a query took is paid when it ends. A client in debt waits until the bucket is filled again. No client (``""``) is
this service itself, which has no budget.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from graph.errors import TooManyRequests

_MOST_CLIENTS: Final = 10_000


@dataclass(frozen=True)
class Share:
    """What is left to a client: whole seconds of evaluation, and seconds until the bucket is full."""

    budget: int
    window: int
    left: int
    reset: int


@dataclass
class _Bucket:
    left: float
    at: float


class Shares:
    """The buckets of all clients; the ones not seen for longest are forgotten. Safe to use from many threads."""

    def __init__(self, budget: float, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget = budget
        self._window = window
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, client: str) -> None:
        """Raise ``TooManyRequests`` where the client has used up its share."""
        if not client:
            return
        with self._lock:
            bucket = self._filled(client)
            seconds = self._seconds_until(bucket, 1.0)
        if bucket.left < 1.0:
            raise TooManyRequests(
                f"your queries took all of the {self._budget:g} s of evaluation that a client has in "
                f"{self._window:g} s; try again in {seconds} s",
                seconds,
            )

    def pay(self, client: str, seconds: float) -> None:
        """Take what a query of the client took."""
        if client:
            with self._lock:
                self._filled(client).left -= seconds

    @contextmanager
    def paying(self, client: str) -> Iterator[None]:
        """Let the client in, and take from its share what the work within took. Raises ``TooManyRequests``."""
        self.admit(client)
        before = self._clock()
        try:
            yield
        finally:
            self.pay(client, self._clock() - before)

    def of(self, client: str) -> Share:
        """What is left to the client."""
        with self._lock:
            bucket = self._filled(client)
            left = max(0, math.floor(bucket.left))
            reset = self._seconds_until(bucket, self._budget)
        return Share(math.floor(self._budget), math.ceil(self._window), left, reset)

    def _filled(self, client: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(client, _Bucket(self._budget, now))
        self._buckets.move_to_end(client)
        bucket.left = min(self._budget, bucket.left + (now - bucket.at) * self._budget / self._window)
        bucket.at = now
        while len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return bucket

    def _seconds_until(self, bucket: _Bucket, level: float) -> int:
        return max(0, math.ceil((level - bucket.left) * self._window / self._budget))
