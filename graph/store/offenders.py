"""Queries that passed a limit or crashed the engine: asked again, they are refused at once for a while."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from graph.errors import LimitExceeded

_MOST: Final = 1_000


@dataclass(frozen=True)
class _Offence:
    words: str
    timeout: float
    until: float


class Offenders:
    """What was too much lately. Safe to use from many threads."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._offences: OrderedDict[Hashable, _Offence] = OrderedDict()
        self._lock = threading.Lock()

    def refuse(self, query: Hashable, timeout: float) -> None:
        """Raise ``LimitExceeded`` for a query that was too much lately and has no more time now."""
        with self._lock:
            offence = self._offences.get(query)
            left = offence.until - self._clock() if offence else 0.0
            if offence is None or timeout > offence.timeout:
                return
            if left <= 0:
                del self._offences[query]
                return
        raise LimitExceeded(
            f"{offence.words}; the same query on the same data is not tried again for {max(1, round(left))} s"
        )

    def add(self, query: Hashable, timeout: float, error: LimitExceeded) -> None:
        """Remember a query that did not end well within ``timeout`` seconds."""
        with self._lock:
            self._offences[query] = _Offence(error.detail, timeout, self._clock() + self._seconds)
            self._offences.move_to_end(query)
            while len(self._offences) > _MOST:
                self._offences.popitem(last=False)
