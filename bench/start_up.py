"""How long the start takes: cold, warm, and that of the command line's help."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from bench.measurement import Runs, in_fresh_process, peak_memory, repeated, timed
from bench.table import heading, in_seconds, mebibytes, show, times
from graph.resources import DATA, ONTOLOGY, turtle_files


def start(folder: Path) -> tuple[float, int | None]:
    """Seconds from importing the service until a snapshot is published, and peak memory; in a new process."""

    def publish() -> None:
        from bench.graphs import settings
        from graph.service import running

        with running(settings(data_dir=folder)) as service:
            _ = service.snapshot

    taken, _ = timed(publish)
    return taken, peak_memory()


def bare_load(folder: Path) -> tuple[float, int | None]:
    """pyoxigraph alone: bulk load of the ontology, the code lists and the shipped data."""
    store = Store(str(folder))

    def load() -> None:
        for path in [*turtle_files(ONTOLOGY), *turtle_files(DATA)]:
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)

    taken, _ = timed(load)
    return taken, peak_memory()


def _process(*command: str, runs: int) -> Runs:
    return repeated(lambda: subprocess.run(command, check=True, capture_output=True), runs, within=60)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench start_up", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="runs of the help (default: 10)")
    options = parser.parse_args(arguments)
    heading("Speed of the start")
    with tempfile.TemporaryDirectory() as folder:
        bare, bare_peak = in_fresh_process(bare_load, Path(folder) / "bare")
        cold, cold_peak = in_fresh_process(start, Path(folder) / "service")
        warm, warm_peak = in_fresh_process(start, Path(folder) / "service")
    show(
        "Service, shipped graph, until a snapshot is published",
        ("start", "time", "to bare load", "peak memory"),
        [
            ("cold: empty data directory", in_seconds(cold), times(cold / bare), mebibytes(cold_peak)),
            ("warm: second start", in_seconds(warm), times(warm / bare), mebibytes(warm_peak)),
            ("bare pyoxigraph bulk load", in_seconds(bare), times(1.0), mebibytes(bare_peak)),
        ],
        ["Cold starts check every shipped dataset against the shapes; imports are counted."],
    )
    _show_help(options.runs)


def _show_help(runs: int) -> None:
    nothing = _process(sys.executable, "-c", "pass", runs=runs)
    rows = [("python -c pass", nothing)]
    command = Path(sys.executable).parent / "infrashare"
    if command.is_file():
        rows.insert(0, ("infrashare --help", _process(str(command), "--help", runs=runs)))
    show(
        "Command line, wall time",
        ("command", "runs", "median", "95th percentile", "to python -c pass"),
        [
            (
                name,
                len(found.seconds),
                *map(in_seconds, (found.median, found.p95)),
                times(found.median / nothing.median),
            )
            for name, found in rows
        ],
        [] if command.is_file() else [f"There is no {command}; its help is not measured."],
    )
