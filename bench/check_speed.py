"""How fast contributions are checked: the project beside plain pySHACL on rdflib's memory store."""

import argparse
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pyoxigraph import RdfFormat, Store

from bench.graphs import settings
from bench.measurement import in_fresh_process, peak_memory, timed
from bench.table import heading, in_seconds, mebibytes, show, times
from graph.contribute.parse import Parsed, canonical_ntriples, read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.synthetic import write
from graph.contribute.validate import validate
from graph.contribute.worker import RELATIVE_BASE, Checking
from graph.resources import SHAPES
from graph.settings import MIB

_SIZES = (100, 1_000, 10_000)
_RDFLIB_UP_TO = 1_000
_MOST_BYTES = 1024 * MIB
_TURTLE = "text/turtle"


@dataclass(frozen=True)
class Measured:
    """Seconds of work in a process of its own, its peak memory in bytes, and what was counted."""

    seconds: float
    peak: int | None
    count: int = 0


def _parsed(path: Path) -> Parsed:
    return read(path.read_bytes(), _TURTLE, RELATIVE_BASE, _MOST_BYTES)


def parsing(path: Path) -> Measured:
    """Read into named triples; counts triples."""
    taken, parsed = timed(lambda: _parsed(path))
    return Measured(taken, peak_memory(), len(parsed.triples))


def bare_load(path: Path) -> Measured:
    """pyoxigraph alone: bulk load into memory."""
    store = Store()
    taken, _ = timed(lambda: store.bulk_load(path=str(path), format=RdfFormat.TURTLE))
    return Measured(taken, peak_memory(), len(store))


def validation(path: Path) -> Measured:
    """The project's check of parsed triples; counts findings."""
    parsed, reference, rules = _parsed(path), Reference(), Rules(SHAPES)
    _ = rules.shapes_graph
    taken, report = timed(lambda: validate(parsed, reference, rules))
    return Measured(taken, peak_memory(), sum(report.counts.values()))


def whole_check(path: Path) -> Measured:
    """The project's whole check of bytes, to its worker process and back; memory is that of the worker."""
    data = path.read_bytes()
    checking = Checking(settings(check_timeout=3_600.0, max_upload_bytes=_MOST_BYTES))
    try:
        checking.warm()
        taken, checked = timed(lambda: checking.check(data, _TURTLE))
        workers = [peak_memory(process.pid or 0) for process in multiprocessing.active_children()]
    finally:
        checking.close()
    return Measured(taken, max((w for w in workers if w), default=None), sum(checked.report.counts.values()))


def plain_pyshacl(path: Path) -> Measured:
    """pySHACL on rdflib's memory store: the same shapes, triples and reference; loading is not counted."""
    import pyshacl
    import rdflib

    parsed = _parsed(path)
    triples = [*parsed.triples, *Reference().beside(parsed.triples)]
    graph = rdflib.Graph()
    graph.parse(data=canonical_ntriples(triples), format="nt")
    shapes = Rules(SHAPES).shapes_graph
    taken, answer = timed(lambda: pyshacl.validate(graph, shacl_graph=shapes, inplace=True, inference="none"))
    results = answer[1].objects(None, rdflib.SH.result)
    return Measured(taken, peak_memory(), sum(1 for _ in results))


def _median(work: Callable[[Path], Measured], path: Path, runs: int) -> Measured:
    """The run with the median time, each in a fresh process."""
    measured = [in_fresh_process(work, path) for _ in range(runs)]
    middle = median(sorted(m.seconds for m in measured)[: runs // 2 * 2 + 1])
    return min(measured, key=lambda m: abs(m.seconds - middle))


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench check_speed", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=_SIZES, help="numbers of synthetic facilities"
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help=f"rdflib also above {_RDFLIB_UP_TO:,} facilities, which takes minutes",
    )
    options = parser.parse_args(arguments)
    heading("Speed of checking synthetic facilities; ratio: pySHACL on rdflib to the project's validation")
    times_of, memory_of = [], []
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            path = Path(folder) / f"{size}.ttl"
            write(size, path)
            runs = 3 if size <= 100 else 1
            read_, load, ours, whole = (
                _median(work, path, runs) for work in (parsing, bare_load, validation, whole_check)
            )
            theirs = _median(plain_pyshacl, path, runs) if options.full or size <= _RDFLIB_UP_TO else None
            times_of.append(
                (
                    size,
                    read_.count,
                    *(in_seconds(m.seconds) if m else None for m in (load, read_, ours, whole, theirs)),
                    times(theirs.seconds / ours.seconds) if theirs else None,
                    ours.count,
                )
            )
            memory_of.append(
                (size, *(mebibytes(m.peak if m else None) for m in (load, read_, ours, whole, theirs)))
            )
    columns = ("bare load", "parse", "validate", "whole check", "pySHACL on rdflib")
    show(
        "Time",
        ("facilities", "triples", *columns, "ratio", "findings"),
        times_of,
        [
            "bare load: pyoxigraph's bulk load; parse: with blank nodes named; validate: triples to report;",
            "whole check: bytes to report through the worker process; pySHACL on rdflib: without loading.",
        ],
    )
    show("Peak memory of the process", ("facilities", *columns), memory_of)
