"""The command line: commands, options, exit codes. Imports nothing heavy, so that ``--help`` answers at once."""

import argparse
import json
from collections.abc import Sequence
from typing import Final

from cli import partner_arguments, region_arguments

DONE, NOTHING, USAGE, FAILED = 0, 1, 2, 3
"""Exit codes: done; not conforming or nothing found; wrong usage or input; the service or store failed."""

MODULES: Final = {
    "serve": "cli.serve",
    "check": "cli.check",
    "match": "cli.match",
    "query": "cli.query",
    "dump": "cli.backup",
    "backup": "cli.backup",
    "restore": "cli.backup",
    "mirror": "cli.mirror",
    "mcp": "cli.mcp",
    "impact": "cli.impact",
    "template": "cli.template",
    "convert": "cli.convert",
    "generate": "cli.upkeep",
    "verify": "cli.upkeep",
    "rebuild": "cli.upkeep",
    **partner_arguments.MODULES,
    **region_arguments.MODULES,
}
"""The module of each command."""

_EPILOG = """\
exit codes: 0 done, 1 the data does not conform or nothing was found, 2 wrong usage or input,
3 the service or store failed. Results go to stdout, progress and messages to stderr.
Every setting is also an environment variable INFRASHARE_… (INFRASHARE_DATA_DIR, INFRASHARE_QUERY_TIMEOUT, …).
"""
_LANGUAGES: Final = ("en", "nl", "de", "it", "sv", "cs", "et", "lv", "fr")


_LONGEST_COMMAND: Final = 14
"""The width of the longest command with its indent, in characters."""


_MATCH_EXAMPLES: Final = """\
infrashare match "3D-printing titanium parts" --region BE223
  infrashare match "3D-printing titanium parts" --region BE223 --explain
  infrashare match "3D-printing titanium parts" --explain --json | jq .plan

--explain adds a table, or the member "plan" with --json. A fact that a criterion looks at, such as
"sector", is looked up for the candidates in batches, or, where these are many or the graph is small,
scanned: read for all facilities and kept for the revision. Each query can be repeated by hand:
  infrashare query match-fact-sector"""


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)
        self._action_max_length = (
            _LONGEST_COMMAND  # argparse forgets the indent of commands, and breaks long ones
        )


class _Version(argparse.Action):
    """Prints the version; looked up only when asked for, for that takes time."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help="show the version and end")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"infrashare {version('infrashare')}")
        parser.exit()


_TURNING: Final = (0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
"""Characters that turn the direction of writing or end a line unseen."""
_UNSEEN: Final = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), *_TURNING))
_ESCAPED: Final = {code: f"\\u{code:04x}" for code in (*range(127, 160), *_TURNING)}


def plain(text: str) -> str:
    """Text of others without the characters that could steer a terminal or turn what it shows."""
    return text.translate(_UNSEEN)


def json_of(value: object) -> str:
    """JSON for people and programs: letters of all languages as they are, unseen characters as escapes."""
    return json.dumps(value, ensure_ascii=False, indent=2).translate(_ESCAPED)


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help_: str, example: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=help_,
        description=help_[0].upper() + help_[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=_Help,
    )
    parser.set_defaults(command=name)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise ValueError
    return port


def _data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="folder of the ledger and the engine (default: $INFRASHARE_DATA_DIR, else ./var)",
    )


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="infrashare",
        description="A knowledge graph of research and innovation infrastructure: serve it, check and load\n"
        "contributions, match firms' needs to facilities, and query it.",
        epilog=_EPILOG,
        formatter_class=_Help,
    )
    top.add_argument("--version", action=_Version)
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    serve = _command(commands, "serve", "serve the graph over HTTP", "infrashare serve --port 8000")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument(
        "--port", type=_port, default=8000, help="port to listen on; 0 takes a free one (default: 8000)"
    )
    serve.add_argument("--empty", action="store_true", help="start without the shipped eight-region data")
    serve.add_argument(
        "--store",
        metavar="URL",
        help="SPARQL endpoint of a remote engine (default: embedded in the data directory); see docs/scale-out.md",
    )
    serve.add_argument(
        "--ledger", metavar="URL", help="SQLAlchemy URL of the ledger (default: SQLite in the data directory)"
    )
    _data_dir(serve)

    check = _command(
        commands,
        "check",
        "check files against the shapes; no server, no store needed",
        "infrashare check facilities.ttl",
    )
    check.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="RDF file (.ttl .nt .jsonld .rdf, also .gz); - reads Turtle from stdin",
    )
    check.add_argument(
        "--fix",
        action="store_true",
        help="print the file with all mends made that are certain; the report on what remains goes to stderr",
    )
    check.add_argument("--out", metavar="FILE", help="with --fix: write the corrected file there")
    check.add_argument(
        "--format",
        choices=("text", "json", "turtle", "html"),
        default="text",
        help="form of the report (default: text)",
    )
    check.add_argument(
        "--lang", choices=_LANGUAGES, default="en", help="language of the messages (default: en)"
    )
    check.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )

    match = _command(
        commands,
        "match",
        "match a need to facilities",
        _MATCH_EXAMPLES,
    )
    match.add_argument("text", nargs="?", help="the need in your own words, in any of nine languages")
    match.add_argument("--need", metavar="FILE", help="a need as JSON; - reads stdin")
    match.add_argument("--region", metavar="NUTS", help="where you are, as a NUTS code such as BE223")
    match.add_argument(
        "--limit", type=int, default=10, metavar="N", help="most facilities to show (default: 10)"
    )
    match.add_argument(
        "--lang", choices=_LANGUAGES, help="language of the answer (default: that of the text)"
    )
    match.add_argument(
        "--format",
        choices=("text", "json", "turtle"),
        default="text",
        help="form of the answer (default: text, a table)",
    )
    match.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )
    match.add_argument(
        "--explain",
        action="store_true",
        help="show how the match was done: each step, the queries it asked, what they found, and how long it took",
    )
    _data_dir(match)

    query = _command(
        commands,
        "query",
        "run a SPARQL file or a catalogued query",
        "infrashare query competency-q21-usable-by-access-mode --param mode=voucher --param lang=nl",
    )
    query.add_argument(
        "query",
        nargs="?",
        default="list",
        metavar="FILE|NAME",
        help="a .rq file, - for stdin, or the name of a catalogued query; without it the queries are listed",
    )
    query.add_argument("--list", action="store_true", help="list the catalogued queries by name and title")
    query.add_argument(
        "--lang", choices=_LANGUAGES, default="en", help="language of the titles in the list (default: en)"
    )
    query.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="k=v",
        help="value of a parameter; repeated for several values; codes such as BE2 stand for their IRIs",
    )
    query.add_argument(
        "--revision", type=int, metavar="N", help="the dataset as it was at this revision (default: now)"
    )
    query.add_argument(
        "--format",
        choices=("table", "csv", "json", "turtle"),
        default="table",
        help="form of the result (default: table)",
    )
    query.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )
    _data_dir(query)

    _of_other_modules(commands)
    _keeping(commands)
    _tables(commands)
    _apps(commands)
    generate = _command(
        commands,
        "generate",
        "write synthetic facilities for measurements; same number and seed, same bytes",
        "infrashare generate 1000 --out facilities.ttl",
    )
    generate.add_argument("number", type=int, metavar="N", help="how many facilities")
    generate.add_argument(
        "--out", required=True, metavar="FILE", help="file to write; packed where it ends in .gz"
    )
    generate.add_argument("--seed", type=int, default=2026, help="seed (default: 2026)")

    _upkeep(commands)
    return top


def _upkeep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What looks after the files of a data directory."""
    verify = _command(
        commands,
        "verify",
        "look the ledger through, hash by hash, and compare the engine with it, triple by triple",
        "infrashare verify",
    )
    verify.add_argument("--json", action="store_true", help="print figures and problems as JSON")
    _data_dir(verify)
    rebuild = _command(commands, "rebuild", "rebuild the engine from the ledger", "infrashare rebuild")
    _data_dir(rebuild)


_CLIENT: Final = """\
infrashare mcp --data-dir var

To add it to a client, give the client this command. Most take it as JSON, under "mcpServers":
  {"mcpServers": {"infrashare": {"command": "infrashare",
                                 "args": ["mcp", "--data-dir", "/home/me/infrashare/var"]}}}
The folder is one that "infrashare serve" has loaded; it takes one process at a time. While a service
is running on it, ask that service: "args": ["mcp", "--server", "http://127.0.0.1:8000"].
Give full paths, for clients start commands in folders of their own."""


def _apps(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What programs of others work with."""
    tools = _command(
        commands,
        "mcp",
        "offer matching, entities and catalogued queries as tools over the Model Context Protocol, on stdin and stdout",
        _CLIENT,
    )
    tools.add_argument(
        "--server", metavar="URL", help="a running service to ask (default: the data directory)"
    )
    _data_dir(tools)


def _tables(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What a partner starts with who has a spreadsheet, or nothing yet."""
    template = _command(
        commands,
        "template",
        "print a complete example of a class, as Turtle with comments or as a table to fill in",
        "infrashare template                                       # which classes there are\n"
        "  infrashare template facility > facilities.ttl             # then edit it, and: infrashare check\n"
        "  infrashare template facility --format csv > facilities.csv  # then edit it, and: infrashare convert",
    )
    template.add_argument("name", nargs="?", metavar="CLASS", help="the class; without it, all are listed")
    template.add_argument("--list", action="store_true", help="list the classes")
    template.add_argument(
        "--format",
        choices=("ttl", "csv"),
        default="ttl",
        help="Turtle with a comment for each field, or a table with a header and one row (default: ttl)",
    )
    template.add_argument(
        "--lang", choices=_LANGUAGES, default="en", help="language of the table's header (default: en)"
    )

    convert = _command(
        commands,
        "convert",
        "make Turtle of a table (CSV in UTF-8); all that is wrong is told by row and column",
        "infrashare convert facilities.csv --out facilities.ttl && infrashare check facilities.ttl",
    )
    convert.add_argument(
        "file",
        metavar="FILE.csv",
        help="table with a header and one row an entry; commas, semicolons or tabs; - reads stdin",
    )
    convert.add_argument(
        "--class",
        dest="name",
        metavar="CLASS",
        help="what the rows describe (default: what the header tells); 'infrashare template' lists the classes",
    )
    convert.add_argument("--out", metavar="FILE", help="file to write (default: stdout)")
    convert.add_argument(
        "--lang",
        choices=_LANGUAGES,
        help="language of texts whose column does not say it: title instead of title@nl",
    )
    convert.add_argument("--json", action="store_true", help="print what is wrong as JSON")


def _of_other_modules(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands whose options stand in modules of their own."""

    def add(name: str, help_: str, example: str) -> argparse.ArgumentParser:
        return _command(commands, name, help_, example)

    partner_arguments.add_partner_commands(add, _data_dir, _LANGUAGES)
    region_arguments.add_region_commands(add, _data_dir, _LANGUAGES)


def _keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What an operator keeps the data with, and sees what new rules would do to them."""
    dump = _command(
        commands,
        "dump",
        "write the whole public dataset as N-Quads, with a checksum; a service may be at work on it",
        "infrashare dump infrashare.nq.gz",
    )
    dump.add_argument(
        "file", metavar="FILE", help="file to write; packed where it ends in .gz; - writes to stdout"
    )
    dump.add_argument(
        "--revision", type=int, metavar="N", help="the dataset as it was at this revision (default: as it is)"
    )
    _data_dir(dump)

    backup = _command(
        commands,
        "backup",
        "copy the ledger with all its history into a folder; a service may be at work on it",
        "infrashare backup /backups/infrashare",
    )
    backup.add_argument(
        "folder", metavar="DIR", help="folder of the backup, new or with an older backup in it"
    )
    backup.add_argument("--json", action="store_true", help="print the manifest as JSON")
    _data_dir(backup)

    restore = _command(
        commands,
        "restore",
        "make a data directory from a backup, or from a dump",
        "infrashare restore /backups/infrashare --data-dir /srv/infrashare",
    )
    restore.add_argument("source", metavar="DIR|FILE", help="folder of a backup, or a dump (.nq, .nq.gz)")
    restore.add_argument(
        "--force",
        action="store_true",
        help="replace the ledger that is there; it is kept beside as ledger.sqlite.before-restore-N",
    )
    restore.add_argument("--json", action="store_true", help="print the figures as JSON")
    _data_dir(restore)

    mirror = _command(
        commands,
        "mirror",
        "follow the change feed of another service into a data directory: same versions, same hashes",
        "infrashare mirror https://infrashare.example --data-dir /srv/mirror",
    )
    mirror.add_argument("url", metavar="URL", help="address of the service")
    _data_dir(mirror)

    impact = _command(
        commands,
        "impact",
        "say which current contributions become invalid or valid by a change of the shapes",
        "infrashare impact v0.1.0 shapes",
    )
    for name, metavar in (("old", "OLD_SHAPES"), ("new", "NEW_SHAPES")):
        impact.add_argument(
            name, metavar=metavar, help="folder of shapes, or a git revision of this checkout such as v0.1.0"
        )
    impact.add_argument(
        "--format",
        choices=("text", "markdown", "json"),
        default="text",
        help="form of the answer (default: text)",
    )
    impact.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )
    _data_dir(impact)
