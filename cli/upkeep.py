"""Looking after the store: verify and rebuild; and synthetic data for measuring it."""

import argparse
import json
import sys
from pathlib import Path

from cli.arguments import DONE, FAILED, plain
from cli.opening import progress_bar, service_of, settings_of
from graph.errors import InputError
from graph.restoration import verified
from graph.service import rebuild as rebuild_engine


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
    """Look the ledger through and compare the engine with it; exit code 3 where anything is wrong."""
    with service_of(options) as service, progress_bar() as progress:
        repaired = service.started
        found = verified(service, progress)
    ledger = found.ledger
    if options.json:
        figures = {
            "graphs": found.graphs,
            "entities": found.entities,
            "revision": ledger.revision,
            "versions": ledger.versions,
            "contents": ledger.contents,
            "not_kept": ledger.not_kept,
            "repaired": repaired,
            "problems": list(found.problems),
        }
        print(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        for line in repaired:
            print(f"mended while opening: {line}")
        for line in found.problems:
            print(plain(line))
        kept = f", of which {ledger.not_kept:,} past ones are not kept" if ledger.not_kept else ""
        print(
            f"ledger of revision {ledger.revision}: {ledger.versions:,} versions, "
            f"hashes of {ledger.contents:,} contents compared{kept}; owners of {found.entities:,} entities"
        )
        faults = len(ledger.problems) + len(found.ownerless)
        print(
            f"{faults} faults; {found.graphs} graphs compared with the ledger: {len(found.differences)} differ"
        )
    return FAILED if found.problems else DONE


def rebuild(options: argparse.Namespace) -> int:
    """Rebuild the engine from the ledger."""
    with progress_bar() as progress:
        done = rebuild_engine(settings_of(options), progress)
    for line in done:
        print(line, file=sys.stderr)
    print(f"rebuilt {len(done)} graphs from the ledger")
    return DONE
