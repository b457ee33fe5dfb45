"""Access tokens of partners, and whose an entity is."""

import argparse
import json
import sys
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from cli.arguments import DONE, NOTHING, plain
from cli.history import ledger_of
from graph.contribute.entities import entity_of
from graph.errors import InputError
from graph.iris import SLUG
from graph.store.owners import Owners
from graph.store.tokens import Token, Tokens


def token(options: argparse.Namespace) -> int:
    """Create, list or revoke tokens."""
    with ledger_of(options) as ledger:
        tokens = Tokens(ledger.database)
        if options.action == "create":
            made, text = tokens.create(options.partner, options.expires, options.label)
            if options.json:
                print(json.dumps({**vars(made), "token": text}, ensure_ascii=False, indent=2))
            else:
                print(text)
            print(
                f"token {made.id} of {made.partner} lasts until {made.expires_at}; it is shown only this once",
                file=sys.stderr,
            )
        elif options.action == "list":
            _list(tokens.all(), options.json)
        else:
            revoked = tokens.revoke(options.id)
            print(f"token {revoked.id} of {revoked.partner} is worth nothing since {revoked.revoked_at}")
    return DONE


def _list(tokens: list[Token], as_json: bool) -> None:
    now = datetime.now(UTC)
    if as_json:
        rows = [{**vars(one), "state": one.state(now)} for one in tokens]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(title="Tokens", title_justify="left")
    for column in ("id", "partner", "state", "created", "expires", "label"):
        table.add_column(column)
    for one in tokens:
        table.add_row(one.id, one.partner, one.state(now), one.created_at, one.expires_at, plain(one.label))
    Console().print(table)


def owner(options: argparse.Namespace) -> int:
    """Say whose entities are, or assign them to a partner."""
    entities = [entity_of(iri) for iri in options.entities]
    with ledger_of(options) as ledger:
        owners = Owners(ledger.database)
        if options.assign is not None:
            if not SLUG.fullmatch(options.assign):
                raise InputError(f"{options.assign!r} is no partner; use lower-case words joined by hyphens")
            before = owners.assign(entities, options.assign, ledger.revision())
            for entity in entities:
                was = f" (before: {before[entity]})" if entity in before else ""
                print(f"{entity} {options.assign}{was}")
            return DONE
        found = owners.of(entities)
        for entity in entities:
            print(f"{entity} {found.get(entity, 'nobody')}")
        return DONE if len(found) == len(set(entities)) else NOTHING
