"""Matching beside Virtuoso and rdflib: the queries that a need asks of the graph, on the same generated facilities."""

import argparse
import json
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from rdflib import Graph

from bench.graphs import settings
from bench.matching_speed import NEEDS, Listening, varied
from bench.measurement import Runs, repeated, settled, timed
from bench.served import Served
from bench.table import heading, in_seconds, milliseconds, say, show, times
from bench.virtuoso import lacking, virtuoso
from cli.opening import progress_bar
from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import canonical_ntriples, read
from graph.contribute.synthetic import facilities
from graph.iris import GRAPH
from graph.match.candidates import FactReader, find
from graph.match.need import Need
from graph.progress import Progress
from graph.service import Service, running

_SIZES: Final = (1_000, 10_000, 100_000)
_DATASET: Final = 5_000
"""Facilities in one contribution."""
_ASKED: Final = tuple(name for name in NEEDS if not name.startswith("text"))
"""The needs by codes, from narrow to broad: understanding a text is no work of an engine."""
_VIRTUOSO: Final = "Virtuoso 7, queries over HTTP"
_RDFLIB: Final = "rdflib in memory, queries in process"

Rows = list[tuple[str, ...]]
Ask = Callable[[str], Rows]
Times = dict[tuple[str, str], Runs | str]
"""By need and system the times, or why there are none."""


@dataclass(frozen=True)
class Asked:
    """What a need asks of the graph, with the rows that answer it, and how many results the match has."""

    queries: tuple[str, ...]
    answers: tuple[Rows, ...]
    total: int


def fill(service: Service, count: int, progress: Progress) -> None:
    """Have ledger and engine take so many generated facilities, in contributions of 5,000 each."""
    parts = facilities(count)
    prefixes = next(parts)
    done = 0
    while batch := list(islice(parts, _DATASET)):
        progress("generate facilities", done, count)
        text = "".join([prefixes, *batch]).encode()
        triples = read(text, "text/turtle", RELATIVE_BASE, len(text) * 4).triples
        name = f"facilities-{done // _DATASET + 1}"
        service.ledger.append(
            graph=GRAPH[f"synthetic/{name}"].value,
            partner="synthetic",
            dataset=name,
            ntriples=canonical_ntriples(triples),
            triples=len(set(triples)),
            agent="bench",
            message="synthetic",
        )
        done += len(batch)
    service.index.catch_up(progress)
    service.engine.publish()


def asked_by(service: Service, name: str) -> Asked:
    """The queries of a need where no facts are kept, and their rows."""
    need, snapshot, queries = Need.model_validate(NEEDS[name]), service.snapshot, service.catalogue
    listening = Listening(snapshot)
    question = service.matcher.ask(need, snapshot)
    found = find(listening, queries, question.wish, question.known.scheme, {})
    FactReader(listening, queries).facts(list(found), question.wish.facts)
    once = queries["match-facility-count"].text  # asked once for a revision, not for each need
    asked = tuple(query for query in listening.asked if query != once)
    total = service.matcher.match(need, snapshot)["total"]
    return Asked(asked, tuple(_own(service, query) for query in asked), total)


def _own(service: Service, query: str) -> Rows:
    rows = service.snapshot.select(query).rows
    return [tuple(term.value for term in row if isinstance(term, NamedNode | Literal)) for row in rows]


def agree(one: Rows, other: Rows) -> bool:
    """Whether two answers have the same rows, in any order.

    Numbers may differ in their sixth digit, and points in the space that Virtuoso leaves out.
    """
    one, other = (
        [(*row[:-1], row[-1].replace("POINT (", "POINT(")) for row in rows] for rows in (one, other)
    )
    return len(one) == len(other) and all(map(_alike, sorted(one, key=_place), sorted(other, key=_place)))


def _place(row: tuple[str, ...]) -> tuple[object, ...]:
    number = _number(row[-1])
    return (*row[:-1], row[-1] if number is None else f"{number:+.3f}")


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    numbers = _number(one[-1]), _number(other[-1])
    if numbers[0] is None or numbers[1] is None:
        return one == other
    return one[:-1] == other[:-1] and math.isclose(*numbers, rel_tol=1e-5, abs_tol=1e-5)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _timed(system: str, ask: Ask, asked: Mapping[str, Asked], runs: int) -> Times:
    """The times of a system for the queries of each need. Raises ``RuntimeError`` where its rows are others."""
    found: Times = {}
    for name, one in asked.items():
        for query, rows in zip(one.queries, one.answers, strict=True):
            if not agree(ask(query), rows):
                raise RuntimeError(f"{system} answers {name!r} with other rows: {query[-300:]}")
        found[name, system] = repeated(lambda one=one: [ask(query) for query in one.queries], runs)  # type: ignore[misc]
    return found


def in_process(service: Service, asked: Mapping[str, Asked], runs: int) -> Times:
    """Whole matches, and their queries alone, in this process."""
    matcher, snapshot = service.matcher, service.snapshot
    found = _timed("InfraShare, queries in process", lambda query: _own(service, query), asked, runs)
    for name in asked:
        needs = map(Need.model_validate, varied(NEEDS[name]))
        found[name, "InfraShare, whole match in process"] = repeated(
            lambda needs=needs: matcher.match(next(needs), snapshot),  # type: ignore[misc]
            runs,
        )
    return found


def over_http(folder: Path, asked: Mapping[str, Asked], runs: int) -> Times:
    """Whole matches over HTTP, on one kept connection, each need new to the server."""
    found: Times = {}
    with Served(folder) as served, served.client() as client:

        def post(need: Mapping[str, Any]) -> Any:
            return client.post("/match", json=need).raise_for_status().json()

        for name, one in asked.items():  # as in process, all are asked once before any is timed
            if post(NEEDS[name])["total"] != one.total:
                raise RuntimeError(f"over HTTP {name!r} has another number of results")
        settled(served.process.pid)
        for name in asked:
            needs = varied(NEEDS[name])
            found[name, "InfraShare, whole match over HTTP"] = repeated(
                lambda needs=needs: post(next(needs)),  # type: ignore[misc]
                runs,
            )
    return found


def on_virtuoso(store: Store, asked: Mapping[str, Asked], runs: int) -> Times:
    """The queries on Virtuoso with all statements, over HTTP on one kept connection."""
    if program := lacking():
        return {(name, _VIRTUOSO): f"{program} is not installed" for name in asked}
    with tempfile.TemporaryDirectory() as folder, virtuoso(store, Path(folder)) as connection:
        return _timed(_VIRTUOSO, lambda query: _rows(connection.ask(query)), asked, runs)


def _rows(body: bytes) -> Rows:
    result = json.loads(body)
    names = result["head"]["vars"]
    return [
        tuple(row[name]["value"] for name in names if name in row) for row in result["results"]["bindings"]
    ]


def on_rdflib(store: Store, asked: Mapping[str, Asked], runs: int) -> Times:
    """The queries on rdflib's memory store with all statements in one graph."""
    graph = Graph()
    with tempfile.TemporaryDirectory() as folder:
        for number, named in enumerate(store.named_graphs()):
            path = Path(folder) / f"{number}.nt"
            store.dump(str(path), RdfFormat.N_TRIPLES, from_graph=named)
            graph.parse(path, format="nt")

    def ask(query: str) -> Rows:
        return [tuple(str(term) for term in row if term is not None) for row in graph.query(query)]  # type: ignore[union-attr]

    return _timed(_RDFLIB, ask, asked, runs)


def _show(size: int, triples: int, asked: Mapping[str, Asked], found: Times) -> None:
    rows = []
    for name, one in asked.items():
        virtuoso = found[name, _VIRTUOSO]
        for (need, system), runs in found.items():
            if need != name:
                continue
            cells = (name, system, one.total, sum(map(len, one.answers)))
            if isinstance(runs, str):
                rows.append((*cells, runs, None, None))
                continue
            ratio = times(runs.median / virtuoso.median) if isinstance(virtuoso, Runs) else None
            rows.append((*cells, milliseconds(runs.median), milliseconds(runs.p95), ratio))
    show(
        f"{size:,} generated facilities, {triples:,} statements",
        ("need", "system", "results", "rows", "median", "95th percentile", "to Virtuoso"),
        rows,
    )


def measure(size: int, runs: int, rdflib_up_to: int) -> None:
    """Load so many facilities, time each system on them, and print a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        with running(settings(data_dir=folder, empty=True)) as service:
            with progress_bar() as progress:
                seconds, _ = timed(lambda: fill(service, size, progress))
            say(f"{size:,} facilities were taken and indexed in {in_seconds(seconds)}.")
            asked = {need: asked_by(service, need) for need in _ASKED}
            store, triples = service.snapshot.store, service.snapshot.triples
            found = in_process(service, asked, runs) | on_virtuoso(store, asked, runs)
            if size <= rdflib_up_to:
                found |= on_rdflib(store, asked, runs)
            else:
                found |= {(need, _RDFLIB): "not run at this size" for need in asked}
        found |= over_http(folder, asked, runs)
    _show(size, triples, asked, found)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench matching_peers", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=_SIZES, help="numbers of generated facilities"
    )
    parser.add_argument("--runs", type=int, default=50, help="runs of each need at most (10 s each)")
    parser.add_argument(
        "--rdflib-up-to", type=int, default=10_000, metavar="N", help="largest graph that rdflib is run on"
    )
    options = parser.parse_args(arguments)
    heading("Matching beside Virtuoso and rdflib; the rows of all are compared before they are timed")
    for size in options.sizes:
        measure(size, options.runs, options.rdflib_up_to)
