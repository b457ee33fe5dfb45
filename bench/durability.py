"""The service killed at each point of a contribution: what is lost, what is half there, and when it serves again."""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import httpx

from bench.kills import ALL_POINTS, Kills, Outcome
from bench.measurement import Runs, timed
from bench.partner import GROUP, LARGE, turtle
from bench.served import Served, prepare
from bench.table import heading, in_seconds, milliseconds, say, show, times
from graph.store.ledger import Ledger
from graph.store.tokens import Tokens

_PLAIN_STARTS = 3
_VERIFY_EACH = 5
_PLAIN_READING = 5.0
"""Seconds of reading without an upload."""


def main(arguments: Sequence[str] = ()) -> None:
    """Kill and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench durability", description=__doc__)
    parser.add_argument("--rounds", type=int, default=96, metavar="N", help="kills in all (default: 96)")
    parser.add_argument(
        "--seed", type=int, default=2026, metavar="S", help="seed of all chance (default: 2026)"
    )
    options = parser.parse_args(arguments)
    heading("Durability")
    points = list(islice(cycle(ALL_POINTS), max(1, options.rounds)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "var"
        prepare(folder)
        plain = statistics.median(_plain_start(folder) for _ in range(_PLAIN_STARTS))
        outcomes: list[Outcome] = []
        without, during, upload = _reads(folder)
        for outcome in Kills(folder, options.seed).run(points, verify_each=_VERIFY_EACH):
            outcomes.append(outcome)
            for words in (*outcome.lost, *outcome.half, *outcome.other):
                say(f"{outcome.point}: {words}")
    show(
        "kill -9 while contributions are sent, then a new start on the same data directory",
        (
            "killed at",
            "kills",
            "acknowledged",
            "found",
            "half there",
            "repeated",
            "same version",
            "until ready",
            "to a plain start",
        ),
        [
            *(
                _row(point, [o for o in outcomes if o.point == point], plain)
                for point in dict.fromkeys(points)
            ),
            _row("all", outcomes, plain),
        ],
        [
            "Acknowledged: versions, counted anew after each kill, for all are looked for by their hashes each time.",
            "Half there: what readers see of a contribution is not one whole version, or not the one told as current;",
            f"every {_VERIFY_EACH}th time all triples of the engine are compared with the ledger.",
            "Repeated: requests that got no answer, sent again twice.",
            f"A plain start took {in_seconds(plain)}.",
        ],
    )
    show(
        f"Reads beside an upload of {upload.triples:,} triples that takes {in_seconds(upload.seconds)}",
        ("reads", "number", "not 200", "median", "95th percentile"),
        [
            (name, len(found.taken), found.refused, *map(milliseconds, (found.runs.median, found.runs.p95)))
            for name, found in (("without it", without), ("while it is checked and written", during))
        ],
        [
            "One reader, one SPARQL query after the other. Upload, checks, queries and reader share the processors."
        ],
    )


@dataclass
class _Reads:
    """Reads one after the other, in seconds each, and how many were not answered by 200."""

    taken: list[float] = field(default_factory=list)
    refused: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def runs(self) -> Runs:
        return Runs(tuple(self.taken))

    def read(self, client: httpx.Client) -> None:
        while not self.done.is_set():
            query = f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {len(self.taken) % 50 + 1}"
            parameters = {"query": query, "number": len(self.taken)}
            began = time.perf_counter()
            answer = client.get("/sparql", params=parameters)
            self.taken.append(time.perf_counter() - began)
            self.refused += answer.status_code != 200


@dataclass(frozen=True)
class _Upload:
    triples: int
    seconds: float


def _reads(folder: Path) -> tuple[_Reads, _Reads, _Upload]:
    """Reads without an upload and during one of over 20,000 triples; its contribution is deleted again."""
    ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
    token = Tokens(ledger.database).create("reader")[1]
    ledger.close()
    without, during = _Reads(), _Reads()
    path, turtle_type = "/contributions/reader/large", {"Content-Type": "text/turtle"}
    with Served(folder) as server, server.client(token) as client, server.client() as reader:
        small, large = turtle("small", [1]), turtle("large", range(LARGE // GROUP))
        client.put(path, content=small, headers=turtle_type).raise_for_status()  # the checking worker starts
        with _reading(without, reader):
            time.sleep(_PLAIN_READING)
        with _reading(during, reader):
            seconds, answer = timed(lambda: client.put(path, content=large, headers=turtle_type))
        triples = answer.raise_for_status().json()["triples"]["total"]
        client.delete(path).raise_for_status()
    return without, during, _Upload(triples, seconds)


@contextmanager
def _reading(reads: _Reads, client: httpx.Client) -> Iterator[None]:
    """Reads go on in a thread of their own as long as the block runs."""
    thread = threading.Thread(target=reads.read, args=(client,))
    thread.start()
    try:
        yield
    finally:
        reads.done.set()
        thread.join()


def _plain_start(folder: Path) -> float:
    with Served(folder) as server:
        server.end()
        return server.seconds


def _row(point: str, outcomes: Sequence[Outcome], plain: float) -> tuple[object, ...]:
    seconds = statistics.median(outcome.seconds for outcome in outcomes)
    acknowledged = sum(outcome.acknowledged for outcome in outcomes)
    repeated = sum(outcome.repeated for outcome in outcomes)
    return (
        point,
        len(outcomes),
        acknowledged,
        acknowledged - sum(len(outcome.lost) for outcome in outcomes),
        sum(len(outcome.half) for outcome in outcomes),
        repeated,
        repeated - sum(len(outcome.other) for outcome in outcomes),
        in_seconds(seconds),
        times(seconds / plain),
    )
