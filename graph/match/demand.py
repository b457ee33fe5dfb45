"""What firms ask for, counted where they agree: a need becomes cells of a table of counts, and is forgotten.

Counting never fails or delays a match: counts gather in memory and are written behind, some seconds later and when the
service stops. Each process has its own. Counts that cannot be written are kept for the next time.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.errors import GraphError
from graph.match.need import Need
from graph.match.scheme import CAPABILITY, REGION, SECTOR, Scheme
from graph.store.demand import NOT_STATED, Cell, DemandCounts, last_settled, month_of
from graph.store.protocol import Reader

_LOG = logging.getLogger("infrashare")
_PAUSE: Final = 10.0
"""Seconds between two times of writing: a transaction for many needs."""
_PATIENCE: Final = 10.0
"""Seconds that a service which stops waits for the last counts to be written."""
_MOST: Final = 50_000
"""Cells that wait to be written at most, where the ledger takes none for long; further ones are not counted."""
_NUTS_2: Final = 4
"""Characters of a NUTS code of level 2."""


def _today() -> date:
    return datetime.now(UTC).date()


class Demand:
    """Counts what needs ask for."""

    def __init__(
        self,
        counts: DemandCounts,
        scheme_of: Callable[[Reader], Scheme],
        today: Callable[[], date] = _today,
    ) -> None:
        self._counts = counts
        self._scheme_of = scheme_of
        self._today = today
        self._waiting: Counter[Cell] = Counter()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._writer: threading.Thread | None = None

    def note(self, need: Need, answer: Mapping[str, Any], reader: Reader) -> None:
        """Count a need whose firm agrees; others are not looked at. Never raises, never waits for the ledger."""
        if not need.shareDemand:
            return
        try:
            cells = cells_of(need, answer["understood"], self._scheme_of(reader), month_of(self._today()))
        except Exception as error:  # whatever it is: a match must not fail because it could not be counted
            _LOG.warning("a need could not be counted: %s", type(error).__name__)  # never what it says
            return
        with self._lock:
            if len(self._waiting) + len(cells) > _MOST:
                _LOG.warning("a need is not counted: %d cells wait to be written", len(self._waiting))
                return
            self._waiting.update(cells)
            if self._writer is None and cells and not self._stop.is_set():
                self._writer = threading.Thread(target=self._write, name="infrashare-demand", daemon=True)
                self._writer.start()

    def flush(self) -> bool:
        """Write what waits; return whether that was done. Counts of a month that is published by now are dropped."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        settled = last_settled(self._today())
        late = sum(number for cell, number in taken.items() if cell.month <= settled)
        if late:
            _LOG.warning("counts of demand came too late, their month is published: %d", late)
        kept = Counter({cell: number for cell, number in taken.items() if cell.month > settled})
        if not kept:
            return True
        try:
            self._counts.add(kept)
        except GraphError as error:
            _LOG.warning("demand could not be written and is tried again: %s", error.detail)
            with self._lock:
                self._waiting.update(kept)
            return False
        return True

    def _write(self) -> None:
        while not self._stop.wait(_PAUSE):
            self.flush()
        self.flush()

    def close(self) -> None:
        """Write what waits, for the last time."""
        self._stop.set()
        if self._writer is not None:
            self._writer.join(_PATIENCE)
        with self._lock:
            lost = sum(self._waiting.values())
        if lost:
            _LOG.warning("counts of demand that could not be written are lost: %d", lost)


def cells_of(need: Need, understood: Mapping[str, Any], scheme: Scheme, month: str) -> list[Cell]:
    """The cells that a need counts in: each capability it asks for with each sector, in the firm's region.

    Regions are told at NUTS 2 at most, sectors by their division of NACE at most.
    """
    wanted = [scheme.resolve(code, CAPABILITY, "capability") for code in need.capabilities]
    wanted += [
        NamedNode(link["concept"]) for name in ("capabilities", "materials") for link in understood[name]
    ]
    sectors = [scheme.resolve(code, SECTOR, "sector") for code in need.sectors]
    sectors += [NamedNode(link["concept"]) for link in understood["sectors"]]
    region = _region(scheme.resolve(need.region, REGION, "region"), scheme) if need.region else NOT_STATED
    capabilities = scheme.without_implied(scheme.replaced.get(one, one) for one in wanted)
    return [
        Cell(month, region, capability.value, sector)
        for capability, sector in product(
            capabilities, sorted({(scheme.division(one) or one).value for one in sectors}) or [NOT_STATED]
        )
    ]


def _region(region: NamedNode, scheme: Scheme) -> str:
    """The region, or the one of NUTS 2 around it."""
    code = scheme.notations.get(region, "")
    if len(code) <= _NUTS_2:
        return region.value
    around = scheme.ancestors.get(region, frozenset())
    return next((node.value for node in around if len(scheme.notations.get(node, "")) == _NUTS_2), NOT_STATED)
