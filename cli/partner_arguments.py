"""The commands of partners and of those who let them in: contribute, history, diff, rollback, delete, token, owner."""

import argparse
from collections.abc import Callable
from typing import Final

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command: name, what it does, an example."""

MODULES: Final = {
    "contribute": "cli.contribute",
    "rollback": "cli.contribute",
    "delete": "cli.contribute",
    "history": "cli.history",
    "diff": "cli.history",
    "token": "cli.token",
    "owner": "cli.token",
}
"""The module of each command."""


def add_partner_commands(
    add: Add, data_dir: Callable[[argparse.ArgumentParser], None], languages: tuple[str, ...]
) -> None:
    """Add the commands to the command line."""

    def changing(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--message", default="", metavar="M", help="what this version is about, in a line"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would change; nothing is written"
        )
        parser.add_argument("--server", metavar="URL", help="the service (default: the data directory)")
        parser.add_argument(
            "--token", metavar="T", help="the partner's token for the service (default: $INFRASHARE_TOKEN)"
        )
        common(parser)

    def common(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--lang", choices=languages, default="en", help="language of the messages (default: en)"
        )
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")
        data_dir(parser)

    contribute = add(
        "contribute",
        "check a file and make it the current version of a contribution",
        "infrashare contribute facilities.ttl --partner flanders-make --dataset facilities --dry-run",
    )
    contribute.add_argument(
        "file", metavar="FILE", help="RDF file (.ttl .nt .jsonld .rdf, also .gz); - reads Turtle from stdin"
    )
    contribute.add_argument(
        "--partner", required=True, metavar="P", help="the partner, such as flanders-make"
    )
    contribute.add_argument("--dataset", required=True, metavar="D", help="the dataset, such as facilities")
    contribute.add_argument(
        "--key",
        metavar="K",
        help="Idempotency-Key for a server: the same request sent again gets the same answer",
    )
    changing(contribute)

    rollback = add(
        "rollback",
        "make an older version the current one again, as a new version",
        "infrashare rollback flanders-make/facilities 3",
    )
    rollback.add_argument("name", metavar="P/D", help="partner and dataset")
    rollback.add_argument("version", type=int, metavar="VERSION", help="the version to go back to")
    changing(rollback)

    delete = add(
        "delete", "delete a contribution; its history stays", "infrashare delete flanders-make/facilities"
    )
    delete.add_argument("name", metavar="P/D", help="partner and dataset")
    changing(delete)

    history = add(
        "history", "list the versions of a contribution", "infrashare history flanders-make/facilities"
    )
    history.add_argument("name", metavar="P/D", help="partner and dataset")
    diff = add(
        "diff",
        "say what changed from one version to another",
        "infrashare diff flanders-make/facilities 2 3 --lang nl",
    )
    diff.add_argument("name", metavar="P/D", help="partner and dataset")
    diff.add_argument("older", type=int, metavar="A", help="the older version; 0 is nothing")
    diff.add_argument("newer", type=int, metavar="B", help="the newer version")
    diff.add_argument("--triples", action="store_true", help="print removed and added triples, not words")
    for parser in (history, diff):
        parser.add_argument("--server", metavar="URL", help="the service (default: the data directory)")
        common(parser)

    token = add(
        "token", "make, list or revoke access tokens", "infrashare token create --partner flanders-make"
    )
    actions = token.add_subparsers(dest="action", metavar="create|list|revoke", required=True)
    create = actions.add_parser("create", help="make a token; its text is printed once and never again")
    create.add_argument("--partner", required=True, metavar="P", help="the partner that it is for")
    create.add_argument(
        "--expires", type=int, default=365, metavar="DAYS", help="days that it lasts (default: 365)"
    )
    create.add_argument("--label", default="", metavar="TEXT", help="who or what it is for, as a reminder")
    listed = actions.add_parser("list", help="list all tokens, without their secrets")
    revoke = actions.add_parser("revoke", help="make a token worthless at once")
    revoke.add_argument("id", metavar="ID", help="the id that 'list' shows")
    for parser in (create, listed, revoke):
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")
        data_dir(parser)

    owner = add(
        "owner",
        "say whose entities are, or assign them to a partner",
        "infrashare owner https://w3id.org/infrashare/id/organisation/imec --assign flanders-make",
    )
    owner.add_argument("entities", nargs="+", metavar="IRI", help="entities")
    owner.add_argument("--assign", metavar="PARTNER", help="the partner that owns them from now on")
    data_dir(owner)
