"""Killing the service at a point of a contribution, starting it again, and looking whether anything is lost or half."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import httpx
from pyoxigraph import Store

from bench.partner import Partner
from bench.served import Ended, Served
from graph.contribute.index import Index
from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import Derivation
from graph.store.engine import EmbeddedEngine
from graph.store.fault import POINTS
from graph.store.graphs import Graphs
from graph.store.ledger import Ledger
from graph.store.tokens import Tokens

ANY_MOMENT: Final = "any moment"
"""Killed from outside at a random time while several partners send."""
CATCHING_UP: Final = "catching up"
"""Killed with the ledger ahead of the engine, and again while the next start brings the engine up to it."""
LARGE_SUFFIX: Final = ", 20,000 triples"
"""Of a point's name: what is sent is large."""
ALL_POINTS: Final = (
    *POINTS,
    CATCHING_UP,
    f"graph-replaced{LARGE_SUFFIX}",
    ANY_MOMENT,
    f"{ANY_MOMENT}{LARGE_SUFFIX}",
)

_PASSED_BY_A_START = {"flushed": 1, "snapshot-made": 1, "published": 1}
_MORE = 3
"""How many times further off a point is set that a start passes before it serves."""
_STARTS = 6
_STOCK = 16
"""Contributions that a quick run begins with, to have some to delete."""
_WITH_A_CHECK = frozenset({"checked", "graph-half-replaced", ANY_MOMENT})
_LONGEST = 2.5
"""Seconds after which a random kill comes at the latest."""


@dataclass
class Outcome:
    """What was found after one kill."""

    point: str
    kinds: list[str] = field(default_factory=list)
    """The kinds of the changes that got no answer."""
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    """Repeated requests that did not get the same version."""
    repeated: int = 0
    seconds: float = 0.0
    """From the new start until it served."""


class Kills:
    """One data directory and its partners, for as many kills as wanted."""

    def __init__(self, folder: Path, seed: int, partners: int = 2) -> None:
        self._folder = folder
        self._rng = random.Random(seed)
        self._quick = False
        self._url = f"sqlite:///{folder / 'ledger.sqlite'}"
        ledger = Ledger(self._url)
        names = [f"partner-{number}" for number in range(1, partners + 1)]
        tokens = Tokens(ledger.database)
        self._partners = [
            Partner(name, tokens.create(name)[1], random.Random(f"{seed} {name}")) for name in names
        ]
        ledger.close()

    def run(self, points: Sequence[str], *, verify_each: int = 1, quick: bool = False) -> Iterator[Outcome]:
        """Kill at each of the points, and tell after each what was found; every so many times look at all triples.

        ``quick`` deletes at most of the points, on a service that warms nothing up: a worker that checks takes longer
        to start than the service itself.
        """
        self._quick = quick
        if quick:
            self._partners[0].plan = ["new"] * _STOCK
        server = self._started(points[0], _STOCK if quick else 0)
        try:
            for number, (point, following) in enumerate(zip(points, [*points[1:], ""], strict=True), 1):
                self._send_until_killed(server, point)
                outcome = Outcome(point, [p.pending.kind for p in self._partners if p.pending])
                if point == CATCHING_UP:
                    self._killed_at_start()
                server = self._started(following)
                outcome.seconds = server.seconds
                self._look(server, outcome, number % verify_each == 0 or not following)
                yield outcome
        finally:
            server.kill()

    def _started(self, point: str, further: int = 0) -> Served:
        """A server that dies at a point of a later contribution; where that is passed sooner, it is set further off."""
        name = point.removesuffix(LARGE_SUFFIX)
        name = "ledger-committed" if name == CATCHING_UP else name
        if name not in POINTS:
            return self._served()
        passed = _PASSED_BY_A_START.get(name, 0) + len(self._partners)
        passed += further + (1 if self._quick or point.endswith(LARGE_SUFFIX) else self._rng.randint(1, 3))
        for attempt in range(_STARTS):
            with suppress(Ended):
                return self._served(f"{name}:{passed + _MORE * attempt}")
        return self._served()

    def _served(self, fault: str = "") -> Served:
        return Served(self._folder, fault, warm_up=not self._quick)

    def _killed_at_start(self) -> None:
        """Start and be killed while the engine is brought up to the ledger."""
        with suppress(Ended):
            Served(self._folder, "graph-half-replaced").kill()
            raise AssertionError("the engine was not behind the ledger: nothing was replayed at the start")

    def _send_until_killed(self, server: Served, point: str) -> None:
        large = point.endswith(LARGE_SUFFIX)
        if self._quick and point not in _WITH_A_CHECK and not large:
            self._partners[0].plan = ["deleted"] * _STARTS
        if not point.startswith(ANY_MOMENT):
            self._send(server, self._partners[0], large)
        else:
            senders = [
                threading.Thread(target=self._send, args=(server, partner, large and not number))
                for number, partner in enumerate(self._partners)
            ]
            for sender in senders:
                sender.start()
            time.sleep(self._rng.uniform(0.05, _LONGEST * (2 if large else 1)))
            server.kill()
            for sender in senders:
                sender.join()
        assert server.killed(), server.words

    def _send(self, server: Served, partner: Partner, large: bool) -> None:
        """Send one change after the other until there is no answer."""
        with server.client(partner.token) as client, suppress(httpx.TransportError):
            while partner.pending is None:
                answer = partner.send(client, partner.next_change(large=large))
                if not answer.is_success:
                    raise AssertionError(f"{partner.name}: {answer.status_code} {answer.text}")

    def _look(self, server: Served, outcome: Outcome, verify: bool) -> None:
        """Compare what readers see with what was acknowledged; then send what got no answer again."""
        for partner in self._partners:
            with server.client(partner.token) as client:
                outcome.acknowledged += sum(map(len, partner.acknowledged.values()))
                outcome.lost += partner.missing(client)
                outcome.half += partner.halves(client)
        with server.client() as client:
            outcome.half += self._disagreement(client, verify)
        for partner in self._partners:
            with server.client(partner.token) as client, suppress(httpx.TransportError):
                waited = partner.pending is not None
                outcome.other += partner.repeat(client)
                outcome.repeated += waited

    def _disagreement(self, client: httpx.Client, verify: bool) -> list[str]:
        """What the readers' state and the ledger say differently, triple by triple where ``verify`` is true."""
        ready = client.get("/health/ready").raise_for_status().json()
        ledger = Ledger(self._url)
        try:
            revision = ledger.revision()
            wrong = []
            if ready["revision"] != revision:
                wrong.append(f"ready says revision {ready['revision']}, the ledger {revision}")
            if verify:
                (newest,) = (self._folder / "snapshots").glob(f"{ready['revision']}-*")
                graphs = cast("EmbeddedEngine", Graphs(Store.read_only(str(newest))))
                derivation = Derivation(graphs, QueryCatalogue(QUERIES))
                wrong += Index(ledger, graphs, derivation).verify()
            return wrong
        finally:
            ledger.close()
