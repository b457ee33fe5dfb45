"""Saving the data and getting them back: dump, backup, restore."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from cli.arguments import DONE, FAILED, plain
from cli.history import ledger_of
from cli.opening import progress_bar, settings_of
from graph.contribute.keeping.dump import CHECKSUM, write_dump
from graph.contribute.keeping.dump import dump as write_quads
from graph.restoration import restore as restore_service
from graph.store.backup import back_up


def dump(options: argparse.Namespace) -> int:
    """Write the public dataset as N-Quads, sorted, with what is derived left out."""
    with ledger_of(options) as ledger, progress_bar() as progress:
        if options.file == "-":
            dumped = write_quads(ledger, sys.stdout.buffer, progress, options.revision)
        else:
            dumped = write_dump(ledger, Path(options.file), progress, options.revision)
    print(f"{dumped.quads:,} quads in {dumped.graphs} graphs of revision {dumped.revision}", file=sys.stderr)
    if options.file != "-":
        print(f"checksum in {options.file}{CHECKSUM}", file=sys.stderr)
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Copy the ledger, while services work with it."""
    with ledger_of(options) as ledger, progress_bar() as progress:
        manifest = back_up(ledger, Path(options.folder), progress)
    if options.json:
        print(json.dumps(asdict(manifest), indent=2))
    else:
        print(
            f"{options.folder}: revision {manifest.revision}, {manifest.versions:,} versions, "
            f"{manifest.bytes:,} bytes, every content read back"
        )
    return DONE


def restore(options: argparse.Namespace) -> int:
    """Make a data directory from a backup or a dump; exit code 3 where the check afterwards finds anything."""
    source = Path(options.source)
    settings = settings_of(options)
    with progress_bar() as progress:
        restored = restore_service(settings, source, progress, force=options.force)
    if options.json:
        print(json.dumps(asdict(restored), default=str, ensure_ascii=False, indent=2))
    else:
        print(
            f"{settings.data_dir}: revision {restored.revision}, {restored.graphs} graphs, "
            f"{restored.triples:,} triples, {restored.versions:,} versions"
        )
        if restored.before:
            print(f"the ledger that was there before is kept as {restored.before}")
        if not source.is_dir():
            print(_said_of_dumps(restored.not_kept))
        for line in restored.problems:
            print(plain(line))
        print(f"verified: {len(restored.problems)} problems")
    return FAILED if restored.problems else DONE


def _said_of_dumps(not_kept: int) -> str:
    return (
        f"from a dump: {not_kept} contents of past versions, tokens, assigned owners and the names of senders "
        "are not in it"
    )
