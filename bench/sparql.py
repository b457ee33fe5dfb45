"""The public SPARQL endpoint: its overhead over the bare engine, and small queries beside killers."""

import argparse
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, Store

from bench.measurement import Runs, repeated
from bench.peers import Connection, oxigraph, rdflib_endpoint, with_prefixes
from bench.served import Served
from bench.table import heading, milliseconds, show
from graph.service import running
from graph.settings import Settings

SMALL = {
    "a label": "SELECT ?l { <https://w3id.org/infrashare/id/facility/holst-centre> dct:title ?l }",
    "labels with a word": (
        'SELECT ?f ?l { ?f a infra:Facility ; dct:title ?l FILTER(CONTAINS(?l, "Lab")) } ORDER BY ?f ?l LIMIT 20'
    ),
    "facilities by region": (
        "SELECT ?r (COUNT(DISTINCT ?f) AS ?n) { ?f a infra:Facility ; infra:inRegion ?r } GROUP BY ?r"
    ),
    "is there one": "ASK { ?f a infra:Facility }",
}
_KILLER = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != <urn:killer:{0}>) }}"
_GOOD, _BAD = "127.0.0.1", "127.0.0.2"


def overhead(snapshot: Path, endpoints: dict[str, str], runs: int) -> None:
    """Print the median of small queries, on the bare engine in this process and over HTTP."""
    store = Store.read_only(str(snapshot))
    rows = []
    for name, query in SMALL.items():
        text = with_prefixes(query)

        def bare(text: str = text) -> bytes:
            answer: Any = store.query(text, use_default_graph_as_union=True)
            written: bytes = answer.serialize(format=QueryResultsFormat.JSON)
            return written

        base = repeated(bare, runs)
        row: list[str] = [name, milliseconds(base.median)]
        for endpoint in endpoints.values():
            connection = Connection(endpoint)
            if _said(_asked(connection, text)) != _said(bare()):
                raise RuntimeError(f"{endpoint} answers {name!r} in another way than the bare engine")
            taken = repeated(lambda c=connection, t=text: _asked(c, t), runs, within=20)
            connection.close()
            row += [milliseconds(taken.median), f"+{milliseconds(taken.median - base.median)}"]
        rows.append(row)
    columns = ["query", "bare pyoxigraph"]
    for name in endpoints:
        columns += [name, "over bare"]
    show("Small queries, median", columns, rows, ["Over HTTP on one kept connection; bare in this process."])


def _asked(connection: Connection, query: str) -> bytes:
    status, body = connection.ask(query)
    if status != 200:
        raise RuntimeError(f"{status}: {body[:200]!r}")
    return body


def _said(body: bytes) -> Any:
    """What a result says: its boolean, or its values in any order."""
    result = json.loads(body)
    if "boolean" in result:
        return result["boolean"]
    rows = result["results"]["bindings"]
    return sorted(sorted((name, term["value"]) for name, term in row.items()) for row in rows)


@dataclass(frozen=True)
class _Load:
    good: Runs
    statuses: Counter[str]
    """What became of the killers."""


def _load(endpoint: str, seconds: float, rate: int, killers: bool) -> _Load:
    """Small queries at a steady rate; with ``killers`` every tenth is one, from another client.

    A query counts from the moment that it was due, so that waiting for an answer before does not hide a delay.
    """
    taken: list[float] = []
    statuses: Counter[str] = Counter()
    local = threading.local()
    text = [with_prefixes(query) for query in SMALL.values()]

    def good(number: int, due: float) -> None:
        if not hasattr(local, "connection"):
            local.connection = Connection(endpoint, _GOOD)
        status, _ = local.connection.ask(text[number % len(text)])
        taken.append(time.perf_counter() - due if status == 200 else float("inf"))

    def bad(number: int) -> None:
        connection = Connection(endpoint, _BAD, timeout=seconds + 40)
        try:
            statuses[str(connection.ask(_KILLER.format(f"{endpoint}/{number}"))[0])] += 1
        except OSError as error:
            statuses[type(error).__name__] += 1
        finally:
            connection.close()

    with ThreadPoolExecutor(64) as threads, ThreadPoolExecutor(256) as others:
        for number, due in _due(seconds, rate):
            if killers and number % 10 == 9:
                others.submit(bad, number)
            else:
                threads.submit(good, number, due)
    return _Load(Runs(tuple(taken)), statuses)


def _due(seconds: float, rate: int) -> Iterator[tuple[int, float]]:
    began = time.perf_counter()
    for number in range(int(seconds * rate)):
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        yield number, due


def beside_killers(endpoints: dict[str, str], seconds: float, rate: int) -> None:
    """Print the 95th percentile of small queries alone and while one in ten queries is a killer."""
    rows = []
    for name, endpoint in endpoints.items():
        alone = _load(endpoint, seconds, rate, killers=False)
        beside = _load(endpoint, seconds, rate, killers=True)
        rows.append(
            (
                name,
                milliseconds(alone.good.median),
                milliseconds(alone.good.p95),
                milliseconds(beside.good.median),
                milliseconds(beside.good.p95),
                f"{beside.good.p95 / alone.good.p95:.1f} x",
                ", ".join(f"{count} x {status}" for status, count in sorted(beside.statuses.items())),
            )
        )
    columns = ["endpoint", "alone", "95 %", "beside killers", "95 %", "ratio", "killers got"]
    show(
        f"{rate} small queries a second for {seconds:g} s, every tenth a killer",
        columns,
        rows,
        ["From the moment that a query was due. Killers come from another client, each with another text."],
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench sparql", description=__doc__)
    parser.add_argument("--runs", type=int, default=300, help="runs of each small query (default: 300)")
    parser.add_argument("--seconds", type=float, default=40, help="length of each load (default: 40)")
    parser.add_argument("--rate", type=int, default=20, help="queries a second (default: 20)")
    options = parser.parse_args(arguments)
    heading("The SPARQL endpoint on the shipped graph")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder) / "var"
        with running(Settings(data_dir=data)) as service:
            snapshot = Path(folder) / "snapshot"
            service.snapshot.store.backup(str(snapshot))
        served = stack.enter_context(Served(data, query_workers=2, query_budget=100_000))
        endpoints = {
            "InfraShare": f"{served.url}/sparql",
            "oxigraph serve": stack.enter_context(oxigraph(snapshot)),
        }
        peers = {
            **endpoints,
            "rdflib-endpoint": stack.enter_context(
                rdflib_endpoint(Store.read_only(str(snapshot)), Path(folder))
            ),
        }
        overhead(snapshot, peers, options.runs)
        beside_killers(endpoints, options.seconds, options.rate)
