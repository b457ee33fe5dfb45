"""How long a contribution takes from bytes to readers, beside pyoxigraph's bare load of the same file."""

import argparse
import multiprocessing
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from bench.graphs import settings
from bench.measurement import in_fresh_process, peak_memory, timed
from bench.table import heading, in_seconds, mebibytes, show, times
from graph.contribute.sent import Sent, Terms
from graph.contribute.synthetic import write
from graph.service import running
from graph.settings import MIB

_SIZES = (100, 1_000, 10_000)
_TURTLE = "text/turtle"
_MOST_BYTES = 1024 * MIB


@dataclass(frozen=True)
class Measured:
    """Seconds for each step of a contribution's life, its triples, and peak memory in bytes."""

    triples: int
    check: float
    first: float
    """Check and accept the first version: durable, and readers moved over."""
    unchanged: float
    dry_run: float
    change: float
    """Check and accept a version in which one title in ten differs."""
    rollback: float
    delete: float
    service_peak: int | None
    worker_peak: int | None


def bare_load(path: Path) -> float:
    """pyoxigraph alone: bulk load into a store on disk, and flush."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)

        def load() -> None:
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
            store.flush()

        taken, _ = timed(load)
        return taken


def life(path: Path) -> Measured:
    """A contribution's life in a fresh service without the shipped data."""
    data = path.read_bytes()
    changed = _changed(data)
    with tempfile.TemporaryDirectory() as folder:
        limits = settings(
            data_dir=Path(folder),
            empty=True,
            check_workers=1,
            check_timeout=3_600.0,
            check_memory=12 * 1024 * MIB,
            max_upload_bytes=_MOST_BYTES,
        )
        with running(limits) as service:
            service.checking.warm()
            contributions = service.contributions

            def sent(content: bytes = b"") -> Sent:
                return Sent("synthetic", "facilities", content, _TURTLE, "bench")

            check, _ = timed(lambda: service.checking.check(data, _TURTLE))
            first, receipt = timed(lambda: contributions.put(sent(data)))
            unchanged, _ = timed(lambda: contributions.put(sent(data)))
            dry_run, _ = timed(lambda: contributions.put(sent(changed), Terms(dry_run=True)))
            change, _ = timed(lambda: contributions.put(sent(changed)))
            rollback, _ = timed(lambda: contributions.roll_back(sent(), 1))
            delete, _ = timed(lambda: contributions.delete(sent()))
            workers = [peak_memory(process.pid or 0) for process in multiprocessing.active_children()]
    return Measured(
        int(receipt.content["triples"]["total"]),
        check,
        first,
        unchanged,
        dry_run,
        change,
        rollback,
        delete,
        peak_memory(),
        max((peak for peak in workers if peak), default=None),
    )


def _changed(data: bytes) -> bytes:
    """The same facilities, one title in ten with a word more."""
    lines = data.splitlines(keepends=True)
    titles = [number for number, line in enumerate(lines) if b"dct:title" in line and b'"@en' in line]
    for number in titles[::10]:
        lines[number] = lines[number].replace(b'"@en', b' renewed"@en', 1)
    return b"".join(lines)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench accept_speed", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=_SIZES, help="numbers of synthetic facilities"
    )
    options = parser.parse_args(arguments)
    heading("Speed of contributions of synthetic facilities")
    rows, memory = [], []
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            path = Path(folder) / f"{size}.ttl"
            write(size, path)
            bare = in_fresh_process(bare_load, path)
            found = in_fresh_process(life, path)
            taken = (found.check, found.first, found.unchanged, found.dry_run, found.change)
            rows.append(
                (
                    size,
                    found.triples,
                    *map(in_seconds, (bare, *taken, found.rollback, found.delete)),
                    times((found.first - found.check) / bare),
                    times(found.first / bare),
                )
            )
            memory.append(
                (size, *map(mebibytes, (path.stat().st_size, found.service_peak, found.worker_peak)))
            )
    show(
        "From bytes to readers",
        (
            "facilities",
            "triples",
            "bare",
            "check",
            "first",
            "same again",
            "dry run",
            "1 in 10",
            "rollback",
            "delete",
            "accept/bare",
            "first/bare",
        ),
        rows,
        [
            "bare: pyoxigraph's bulk load to disk and flush. All others but 'delete' include a check.",
            "first: the first version; 1 in 10: a version with one title in ten changed.",
            "accept: first less check: ledger, engine, derived triples, flush, snapshot.",
        ],
    )
    show("Peak memory", ("facilities", "file", "service", "checking worker"), memory)
