"""Looking back: the versions of a contribution and what changed between two. The ledger alone is needed."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.arguments import DONE, json_of, plain
from cli.opening import settings_of
from cli.remote import remote
from graph.contribute.changes.difference import difference
from graph.contribute.changes.telling import Telling, as_text
from graph.contribute.history import History
from graph.store.ledger import Ledger


@contextmanager
def ledger_of(options: argparse.Namespace) -> Iterator[Ledger]:
    """The ledger of a data directory; a service may be at work on it."""
    ledger = Ledger(settings_of(options).existing_ledger_url)
    try:
        yield ledger
    finally:
        ledger.close()


def history(options: argparse.Namespace) -> int:
    """List the versions of a contribution."""
    if options.server:
        with remote(options.server, None) as server:
            rows = server.get(f"/contributions/{options.name}/versions")["versions"]
    else:
        with ledger_of(options) as ledger:
            found = History(ledger)
            versions = reversed(found.of(found.named(options.name)))
            rows = [dict(vars(version)) for version in versions]
    if options.json:
        print(json_of(rows))
        return DONE
    table = Table(title=plain(f"Versions of {options.name}"), title_justify="left")
    for column in ("version", "revision", "when (UTC)", "change", "triples", "quality", "message"):
        is_number = column in {"version", "revision", "triples"}
        table.add_column(
            column, justify="right" if is_number else "left", overflow="fold", no_wrap=column != "message"
        )
    for row in rows:
        table.add_row(*_cells(row))
    Console().print(table)
    return DONE


def _cells(row: Mapping[str, Any]) -> list[str]:
    quality = row.get("quality") or {}
    level = row.get("quality_level") or quality.get("level") or ""
    change = f"{row['change']} to {row['restores']}" if row["restores"] else row["change"]
    return [
        str(row["version"]),
        str(row["revision"]),
        row["accepted_at"][:16].replace("T", " "),
        change,
        f"{row['triples']:,}",
        level,
        plain(row["message"]),
    ]


def diff(options: argparse.Namespace) -> int:
    """Say what changed from one version to another."""
    if options.server:
        with remote(options.server, None) as server:
            path = f"/contributions/{options.name}/diff"
            told = server.get(path, **{"from": options.older, "to": options.newer, "lang": options.lang})
    else:
        with ledger_of(options) as ledger:
            found = History(ledger)
            graph = found.named(options.name)
            changes = difference(found.triples(graph, options.older), found.triples(graph, options.newer))
            telling = Telling(changes)
            told = {"from": options.older, "to": options.newer, **telling.as_json(options.lang)}
    if options.json:
        print(json_of(told))
    elif options.triples:
        for sign, lines in (("-", told["removed"]), ("+", told["added"])):
            for line in lines:
                print(f"{sign} {line}")
    else:
        for line in as_text(told).splitlines():
            print(plain(line))
    return DONE
