"""Running queries from files and from the catalogue."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.opening import service_of, text_of
from graph.errors import InputError
from graph.iris import compact
from graph.resources import QUERIES
from graph.store.catalogue import Query, QueryCatalogue, read_query

_RESULTS_JSON = "application/sparql-results+json"
_CSV = "text/csv"
_GRAPHS = {"text/turtle": RdfFormat.TURTLE, "application/ld+json": RdfFormat.JSON_LD}
_FORMATS = {
    "graph": {"table": "text/turtle", "turtle": "text/turtle", "json": "application/ld+json"},
    "table": {"table": _RESULTS_JSON, "csv": _CSV, "json": _RESULTS_JSON},
}


def query(options: argparse.Namespace) -> int:
    """Run a query and print its result; exit code 1 where the result is empty."""
    catalogue = QueryCatalogue(QUERIES)
    if options.list or options.query == "list":
        _print_catalogue(catalogue, options.format, options.lang)
        return DONE
    text = _query_text(options, catalogue)
    with service_of(options) as service:
        screened = service.public.screen(text)
        media_type = _result_format(screened.form, options.format)
        snapshot = service.snapshot_at(options.revision)
        content = service.public.run(screened, media_type, snapshot.path).content
    if options.format == "table" and media_type == _RESULTS_JSON:
        return _print_result(json.loads(content))
    sys.stdout.buffer.write(content)
    if media_type == _RESULTS_JSON:
        result = json.loads(content)
        return DONE if "boolean" in result or result["results"]["bindings"] else NOTHING
    if media_type == _CSV:
        return DONE if len(content.splitlines()) > 1 else NOTHING
    return DONE if any(True for _ in parse(content, _GRAPHS[media_type])) else NOTHING


def _result_format(form: str, asked: str) -> str:
    """The media type that the form of the query and ``--format`` come to. Raises ``InputError``."""
    offered = _FORMATS["graph" if form in {"CONSTRUCT", "DESCRIBE"} else "table"]
    if asked not in offered:
        raise InputError(f"{form} cannot be printed as {asked}; use --format {' or '.join(offered)}")
    return offered[asked]


def _print_catalogue(catalogue: QueryCatalogue, form: str, language: str) -> None:
    """All queries: those that an audience asks first. Lines that begin with # name the groups."""
    if form == "json":
        listed = [
            {
                "name": one.name,
                "title": one.title(language),
                "description": one.description,
                "audience": one.audience or None,
                "parameters": [parameter.name for parameter in one.parameters],
            }
            for one in catalogue.all()
        ]
        print(json_of(listed))
        return
    for group, queries in catalogue.groups().items():
        print(f"# {catalogue.say(group, language)}")
        for one in queries:
            print(f"{one.name}\t{one.title(language)}")


def _query_text(options: argparse.Namespace, catalogue: QueryCatalogue) -> str:
    found: Query | None = None
    if options.query == "-":
        text = sys.stdin.read()
    elif options.query.endswith(".rq") or Path(options.query).is_file():
        text = text_of(options.query)
        if text.startswith("#+"):
            found = read_query(Path(options.query), Path(options.query).stem)
    else:
        found = catalogue[options.query]
        text = found.text
    if not options.param:
        return text
    if found is None:
        raise InputError("--param needs a catalogued query or a file with '#+ param' headers")
    values: dict[str, list[str]] = {}
    for pair in options.param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"--param {pair!r}: write it as name=value")
        values.setdefault(name, []).append(value)
    return found.bind_strings(values)


def _print_result(result: dict[str, Any]) -> int:
    if "boolean" in result:
        print("yes" if result["boolean"] else "no")
        return DONE
    table = Table()
    names = result["head"]["vars"]
    for name in names:
        table.add_column(Text(name), overflow="fold")
    rows = result["results"]["bindings"]
    for row in rows:
        table.add_row(*(_shown(row.get(name)) for name in names))
    Console().print(table)
    return DONE if rows else NOTHING


def _shown(term: dict[str, str] | None) -> Text:
    if term is None:
        return Text("")
    return Text(plain(compact(term["value"]) if term["type"] == "uri" else term["value"]))
