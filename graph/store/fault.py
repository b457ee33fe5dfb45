"""Fault points: places where a test ends the process as a power cut would, to see that nothing is lost.

``INFRASHARE_FAULT=ledger-committed`` kills the process with ``SIGKILL`` when it first comes by that point,
``ledger-committed:3`` when it does so for the third time. Without the variable the points do nothing.
"""

import os
import signal
from typing import Final

VARIABLE: Final = "INFRASHARE_FAULT"

POINTS: Final = (
    "checked",
    "ledger-written",
    "ledger-committed",
    "graph-half-replaced",
    "graph-replaced",
    "derived",
    "provenance-written",
    "revision-set",
    "flushed",
    "snapshot-made",
    "published",
    "answered",
)
"""The points of a contribution in the order in which it passes them."""


def fault(point: str) -> None:
    """End the process here if the environment asks for it."""
    armed = os.environ.get(VARIABLE)
    if not armed:
        return
    name, _, times = armed.partition(":")
    if name != point:
        return
    left = int(times or 1) - 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.environ[VARIABLE] = f"{name}:{left}"
