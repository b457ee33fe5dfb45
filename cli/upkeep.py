"""Looking after the store: dump, verify, rebuild; and synthetic data for measuring it."""

import argparse
import gzip
import json
import sys
from pathlib import Path

from cli.arguments import DONE, FAILED
from cli.opening import progress_bar, service_of, settings_of
from graph.errors import InputError
from graph.iris import DERIVED_GRAPH
from graph.service import rebuild as rebuild_engine


def dump(options: argparse.Namespace) -> int:
    """Write all public graphs as N-Quads, sorted, with what is derived left out."""
    with service_of(options) as service:
        store, revision = service.snapshot.store, service.snapshot.revision
        lines = sorted(
            f"{q.subject} {q.predicate} {q.object} {q.graph_name} .\n"
            for q in store
            if q.graph_name != DERIVED_GRAPH
        )
    data = "".join(lines).encode()
    if options.file == "-":
        sys.stdout.buffer.write(data)
    else:
        packed = gzip.compress(data, 6, mtime=0) if options.file.endswith(".gz") else data
        temporary = Path(options.file + ".part")
        try:
            temporary.write_bytes(packed)
            temporary.replace(options.file)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise InputError(f"{options.file}: {error.strerror}") from error
    print(f"{len(lines):,} quads of revision {revision}", file=sys.stderr)
    return DONE


def generate(options: argparse.Namespace) -> int:
    """Write synthetic facilities."""
    from graph.contribute.synthetic import write

    if options.number < 1:
        raise InputError(f"N={options.number}: give a number from 1 on")
    try:
        write(options.number, Path(options.out), options.seed)
    except OSError as error:
        raise InputError(f"{options.out}: {error.strerror}") from error
    print(f"wrote {options.number:,} facilities to {options.out}", file=sys.stderr)
    return DONE


def verify(options: argparse.Namespace) -> int:
    """Compare engine and ledger; exit code 1 where they differ."""
    with service_of(options) as service:
        repaired = service.started
        problems = service.acceptance.verify()
        graphs = len(service.ledger.current())
    if options.json:
        print(
            json.dumps(
                {"graphs": graphs, "repaired": repaired, "problems": problems}, ensure_ascii=False, indent=2
            )
        )
    else:
        for line in repaired:
            print(f"mended while opening: {line}")
        for line in problems:
            print(line)
        print(f"{graphs} graphs compared with the ledger: {len(problems)} differ")
    return FAILED if problems else DONE


def rebuild(options: argparse.Namespace) -> int:
    """Rebuild the engine from the ledger."""
    with progress_bar() as progress:
        done = rebuild_engine(settings_of(options), progress)
    for line in done:
        print(line, file=sys.stderr)
    print(f"rebuilt {len(done)} graphs from the ledger")
    return DONE
