"""How fast the matching is: over HTTP and in process, on the shipped graph and on synthetic ones."""

import argparse
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx

from bench.graphs import Loaded, load, temporary_service
from bench.measurement import Runs, repeated, settled, timed
from bench.table import heading, in_seconds, milliseconds, say, show, times
from graph.match.need import Need
from graph.service import Service
from graph.store.answers import Table
from graph.store.engine import Snapshot

_PLACE: Final = {"region": "BE223", "maxDistanceKm": 250}
NEEDS: Final[Mapping[str, dict[str, Any]]] = {
    "narrow: fatigue-testing": {"capabilities": ["fatigue-testing"], **_PLACE},
    "middle: mechanical-testing": {"capabilities": ["mechanical-testing"], **_PLACE},
    "broad: testing": {"capabilities": ["testing"], **_PLACE},
    "text, English": {
        "text": "We want to 3D print titanium parts and test them for fatigue.",
        "language": "en",
        **_PLACE,
    },
    "text, Dutch": {
        "text": "We zoeken een klimaatkamer om onze sensoren te testen bij -40 graden.",
        "language": "nl",
        **_PLACE,
    },
}
_SIZES = (1_000, 10_000, 100_000)
_READY_WITHIN = 60.0


def varied(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same need again and again, each a metre wider, so that no answer that was kept can stand in for work."""
    for metres in count(1):
        yield {**asked, "maxDistanceKm": asked["maxDistanceKm"] + metres / 1_000}


class Listening(Snapshot):
    """A snapshot that keeps the texts of the queries that it is asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.path, snapshot.store, snapshot.revision)
        self.asked: list[str] = []

    def select(self, query: str) -> Table:
        self.asked.append(query)
        return super().select(query)


@dataclass(frozen=True)
class Latency:
    """How long one need took, in process, and what the engine alone takes for its candidates."""

    need: str
    results: int
    whole: Runs
    bare: Runs

    @property
    def ratio(self) -> float:
        return self.whole.median / self.bare.median


def in_process(service: Service, runs: int) -> tuple[float, list[Latency]]:
    """The time of the first match on this revision, and the latency of each need after it."""
    matcher, snapshot = service.matcher, service.snapshot
    first, _ = timed(lambda: matcher.match(Need.model_validate(NEEDS["narrow: fatigue-testing"]), snapshot))
    found = []
    for name, asked in NEEDS.items():
        listening = Listening(snapshot)
        answer = matcher.match(Need.model_validate(asked), listening)
        queries = _candidate_queries(service, listening.asked)
        needs = map(Need.model_validate, varied(asked))
        found.append(
            Latency(
                name,
                answer["total"],
                repeated(lambda needs=needs: matcher.match(next(needs), snapshot), runs),  # type: ignore[misc]
                repeated(lambda queries=queries: _bare(snapshot, queries), runs),  # type: ignore[misc]
            )
        )
    return first, found


def _candidate_queries(service: Service, asked: Sequence[str]) -> list[str]:
    """Those of the queries that look for candidates: their text starts as the catalogue's does."""
    start = service.catalogue["match-candidates"].text.partition("VALUES")[0]
    return [text for text in asked if text.startswith(start)]


def _bare(snapshot: Snapshot, queries: Sequence[str]) -> int:
    rows = 0
    for query in queries:
        solutions: Any = snapshot.store.query(query, use_default_graph_as_union=True)
        rows += sum(1 for _ in solutions)
    return rows


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[tuple[str, int] | None]:
    """Address and process of a ready server on a fresh data directory; ``None`` where it fails, and words on why."""
    command = Path(sys.executable).parent / "infrashare"
    if not command.is_file():
        say(f"Over HTTP nothing is measured: there is no {command}.")
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [command, "serve", "--port", str(port), "--data-dir", str(folder / "data")],
            stdout=log,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        if _ready(server, address):
            yield address, server.pid
        else:
            last = (folder / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
            say("Over HTTP nothing is measured: the server did not become ready.\n  " + "\n  ".join(last))
            yield None
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _ready(server: "subprocess.Popen[bytes]", address: str) -> bool:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/health/ready").status_code == httpx.codes.OK:
                return True
        time.sleep(0.1)
    return False


def over_http(runs: int, inside: Mapping[str, float]) -> None:
    """Measure the shipped graph over HTTP on one kept connection, beside the smallest request there is.

    The server keeps answers, so each timed need is new to it; what a repeated need takes stands apart.
    """
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as served:
        if served is None:
            return
        address, server = served
        with httpx.Client(base_url=address, timeout=60, headers={"Accept": "application/json"}) as client:

            def post(need: Mapping[str, Any]) -> httpx.Response:
                return client.post("/match", json=need).raise_for_status()

            for need in NEEDS.values():
                for _ in range(5):
                    post(need)
            settled(server)
            floor = repeated(lambda: client.get("/health/live").raise_for_status(), runs)
            rows = []
            for name, need in NEEDS.items():
                needs = varied(need)
                fresh = repeated(lambda needs=needs: post(next(needs)), runs)  # type: ignore[misc]
                again = repeated(lambda need=need: post(need), runs)  # type: ignore[misc]
                rows.append(
                    (
                        name,
                        post(need).json()["total"],
                        len(fresh.seconds),
                        *map(milliseconds, (fresh.median, fresh.p95)),
                        times(fresh.median / inside[name]),
                        milliseconds(again.median),
                    )
                )
    show(
        "Match over HTTP, shipped graph, warm",
        ("need", "results", "runs", "median", "95th percentile", "to in process", "same need again"),
        rows,
        [f"The smallest request, GET /health/live: median {milliseconds(floor.median)}."],
    )


def _show(title: str, first: float, latencies: Sequence[Latency], loaded: Loaded | None) -> None:
    notes = [f"First match on a revision, which reads schemes and labels: {in_seconds(first)}."]
    if loaded:
        notes.append(
            f"Loading {loaded.triples:,} triples: read {in_seconds(loaded.read)}, "
            f"derive {loaded.derived:,} more {in_seconds(loaded.derive)}, "
            f"publish {in_seconds(loaded.publish)}; "
            f"{times(loaded.whole / loaded.bare)} of pyoxigraph's bulk load ({in_seconds(loaded.bare)})."
        )
    show(
        title,
        ("need", "results", "runs", "median", "95th percentile", "candidates query alone", "ratio"),
        [
            (
                one.need,
                one.results,
                len(one.whole.seconds),
                milliseconds(one.whole.median),
                milliseconds(one.whole.p95),
                milliseconds(one.bare.median),
                times(one.ratio),
            )
            for one in latencies
        ],
        notes,
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench matching_speed", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=_SIZES, help="numbers of synthetic facilities"
    )
    parser.add_argument("--runs", type=int, default=100, help="runs of each need at most (10 s each)")
    parser.add_argument("--synthetic-only", action="store_true", help="leave out the shipped graph and HTTP")
    options = parser.parse_args(arguments)
    heading("Speed of matching; ratio: to bare pyoxigraph answering the candidates query on the same store")
    if not options.synthetic_only:
        with temporary_service() as service:
            first, latencies = in_process(service, options.runs)
        _show("Match in process, shipped graph", first, latencies, None)
        over_http(options.runs, {one.need: one.whole.median for one in latencies})
    for size in options.sizes:
        with temporary_service(empty=True) as service:
            loaded = load(service, size)
            first, latencies = in_process(service, options.runs)
        _show(f"Match in process, {size:,} synthetic facilities", first, latencies, loaded)
