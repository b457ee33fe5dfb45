"""How fast contributions are checked: the project beside plain pySHACL on rdflib's memory store."""

import argparse
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import RdfFormat, Store

from bench.graphs import settings
from bench.measurement import in_fresh_process, peak_memory, timed
from bench.table import heading, in_seconds, mebibytes, show, times
from graph.contribute.checking import RELATIVE_BASE, Checking
from graph.contribute.reading.parse import Parsed, canonical_ntriples, read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.shacl import Shapes
from graph.contribute.synthetic import write
from graph.contribute.validate import validate
from graph.resources import SHAPES
from graph.settings import MIB

_SIZES = (100, 1_000, 10_000)
_RDFLIB_ALL_RULES = 100
_RDFLIB_CORE_RULES = 1_000
"""Up to so many facilities rdflib is measured by default: SPARQL rules take it a third of a second for each."""
_SMALL = 500_000
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


def validation(path: Path, core: bool = False) -> Measured:
    """The project's check of parsed triples; counts findings."""
    parsed, reference, rules = _parsed(path), Reference(), Rules(SHAPES)
    shapes = Shapes(_core(rules.shapes.graph)) if core else rules.shapes
    taken, report = timed(lambda: validate(parsed, reference, rules, shapes=shapes))
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


def plain_pyshacl(path: Path, core: bool = False) -> Measured:
    """pySHACL on rdflib's memory store: the same shapes, triples and reference; loading is not counted."""
    parsed = _parsed(path)
    triples = [*parsed.triples, *Reference().beside(parsed.triples)]
    graph = rdflib.Graph()
    graph.parse(data=canonical_ntriples(triples), format="nt")
    shapes = rdflib.Graph()
    shapes.parse(data=Rules(SHAPES).turtle(), format="turtle")
    if core:
        shapes = _core(shapes)
    taken, answer = timed(lambda: pyshacl.validate(graph, shacl_graph=shapes, inplace=True, inference="none"))
    return Measured(taken, peak_memory(), sum(1 for _ in answer[1].objects(None, rdflib.SH.result)))


def _core(shapes: rdflib.Graph) -> rdflib.Graph:
    """The shapes without their SPARQL constraints."""
    kept = rdflib.Graph()
    for triple in shapes:
        if triple[1] != rdflib.SH.sparql:
            kept.add(triple)
    return kept


def _median(work: Callable[..., Measured], path: Path, *more: bool) -> Measured:
    """The median of three runs for small files, else one run, each in a fresh process."""
    runs = 3 if path.stat().st_size < _SMALL else 1
    measured = [in_fresh_process(work, path, *more) for _ in range(runs)]
    return sorted(measured, key=lambda one: one.seconds)[runs // 2]


def _compared(path: Path, size: int, core: bool, with_rdflib: bool) -> tuple[object, ...]:
    ours = _median(validation, path, core)
    if not with_rdflib:
        return size, in_seconds(ours.seconds), None, None, ours.count, None, mebibytes(ours.peak), None
    theirs = _median(plain_pyshacl, path, core)
    return (
        size,
        *(in_seconds(measured.seconds) for measured in (ours, theirs)),
        times(theirs.seconds / ours.seconds),
        *(measured.count for measured in (ours, theirs)),
        *(mebibytes(measured.peak) for measured in (ours, theirs)),
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench check_speed", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=_SIZES, help="numbers of synthetic facilities"
    )
    parser.add_argument("--full", action="store_true", help="rdflib at all sizes, which takes very long")
    options = parser.parse_args(arguments)
    heading("Speed of checking synthetic facilities")
    steps, all_rules, core_rules = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            path = Path(folder) / f"{size}.ttl"
            write(size, path)
            found = [_median(work, path) for work in (parsing, bare_load, whole_check)]
            read_, bare, whole = (measured.seconds for measured in found)
            row = (*map(in_seconds, (bare, read_, whole)), times(read_ / bare), times(whole / bare))
            steps.append((size, found[0].count, *row, mebibytes(found[2].peak)))
            all_rules.append(_compared(path, size, False, options.full or size <= _RDFLIB_ALL_RULES))
            core_rules.append(_compared(path, size, True, options.full or size <= _RDFLIB_CORE_RULES))
    show(
        "Whole check: bytes to report through the worker process",
        (
            "facilities",
            "triples",
            "bare load",
            "parse",
            "whole check",
            "parse/bare",
            "whole/bare",
            "worker's peak",
        ),
        steps,
        ["bare load: pyoxigraph's bulk load into memory; parse: text to triples with blank nodes named."],
    )
    columns = (
        "facilities",
        "project",
        "pySHACL on rdflib",
        "ratio",
        "findings",
        "results",
        "peak",
        "peak on rdflib",
    )
    note = "project: parsed triples to report with places and words; pySHACL: loaded graphs to results."
    show(
        "Validation, all rules",
        columns,
        all_rules,
        [note, "rdflib parses a SPARQL rule again for every entity."],
    )
    show("Validation, core rules only (without SPARQL constraints)", columns, core_rules, [note])
