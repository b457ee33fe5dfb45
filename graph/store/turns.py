"""Turns: one writer at a time, in this process and, by the ledger's pen, in all that share the ledger."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final

from graph.errors import Busy

_PATIENCE: Final = 60.0
"""Seconds that a writer waits for another one of this process."""


class Turns:
    """A lock that may be taken again by who holds it; ``finish`` is called before it is let go, but after an error."""

    def __init__(self, pen: Callable[[], AbstractContextManager[object]], finish: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._pen = pen
        self._finish = finish
        self._depth = 0
        self._held: AbstractContextManager[object] | None = None

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=_PATIENCE):
            raise Busy("another change of the dataset takes long; try again in a few seconds")
        if self._depth == 0:
            try:
                self._held = self._pen()
                self._held.__enter__()
            except BaseException:
                self._lock.release()
                raise
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._depth == 1 and kind is None:
                self._finish()
        finally:
            self._depth -= 1
            if self._depth == 0 and self._held is not None:
                self._held.__exit__(None, None, None)
                self._held = None
            self._lock.release()
