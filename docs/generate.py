"""Write ``docs/reference/`` from the sources: rules, queries, settings, code lists and templates (``make docs``)."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from docs import ontology_reference
from graph.contribute.rules import Rules
from graph.contribute.tables.metadata import Tables
from graph.iris import DCT, SKOS
from graph.resources import CODELISTS, QUERIES, ROOT, SHAPES, code_list_files
from graph.settings import Settings
from graph.store.catalogue import Query, QueryCatalogue

REFERENCE = ROOT / "docs" / "reference"


def rules() -> Iterator[str]:
    """All rules by class."""
    catalogue = Rules(SHAPES).all()
    yield "# Rules\n"
    yield f"{len(catalogue)} rules. A violation blocks; warnings and infos count towards the quality level.\n"
    current = ""
    for rule in catalogue:
        if rule.file != current:
            current = rule.file
            yield f"\n## {current}\n\n| code | severity | what to do |\n|---|---|---|"
        yield f"| `{rule.code}` | {rule.severity} | {_cell(rule.message())} |"


_ABOUT_QUERIES = """# Queries

Each is one file in `queries/`, plain SPARQL 1.1 that runs as it stands. It can be run

- at `/queries/NAME?parameter=value`, as a page or as JSON, CSV, TSV or XML by `Accept`, by suffix
  (`/queries/NAME.csv`) or by `format=`; a parameter that takes several values is repeated;
- from a terminal: `infrashare query NAME --param parameter=value --format table|csv|json`; `infrashare query`
  lists all;
- anywhere else by its text, which is at `/queries` (JSON) and, as `sh:SPARQLExecutable`, at `/queries.ttl` and
  `/queries/NAME.ttl`.

For an IRI its code is enough where the kind of thing is named below (`region=BE2`, `capability=welding`), and
prefixed names are taken (`capability=cap:welding`). A parameter that is not given has the value shown. `lang`
is the language of names; it follows the reader's language where it is not given.

`revision=N` asks the dataset as it was. Each answer has a permanent address, `Link: rel="bookmark"`: the same
values, language and revision. It is answered by the text that the query has today.

Without `limit` an answer is whole. `limit=` (up to 10,000) and `offset=` take a page of a query whose rows have
an order of their own; `Link: rel="next"` leads on, at the same revision, until there is no more. How many rows
there are in all is not told, for that would run the whole query a second time; the page for people, which has
them all, says it.

What the graph does not state is unknown, and told apart from no: by the verdict `unknown`, by an empty value,
or in a row of its own, as each description says.
"""


def queries() -> Iterator[str]:
    """All catalogued queries with their parameters, by who asks."""
    catalogue = QueryCatalogue(QUERIES)
    yield _ABOUT_QUERIES
    groups = catalogue.groups()
    for group in groups:
        yield f"- [{catalogue.say(group)}](#{_anchor(catalogue.say(group))})"
    for group, members in groups.items():
        yield f"\n## {catalogue.say(group)}"
        for query in members:
            yield from _query(query)


def _query(query: Query) -> Iterator[str]:
    """A query: what it asks, its parameters with what they are by default, and other values to try."""
    yield f"\n### {query.title()}\n\n`{query.name}`\n\n{query.description}\n"
    if query.parameters:
        yield "| parameter | type | by default | what |\n|---|---|---|---|"
    for parameter in query.parameters:
        columns = ", ".join(f"{name} {kind}" for name, kind in parameter.columns)
        kind = f"table of {columns}" if parameter.is_table else parameter.type
        within = f": {parameter.within}" if parameter.within else ""
        default = "none: all" if query.is_optional(parameter.name) else _code(query.defaults[parameter.name])
        yield f"| `{parameter.name}` | {kind}{within} | {default} | {_cell(parameter.description)} |"
    if query.example:
        values = "&".join(f"{name}={value}" for name, value in query.example)
        yield f"\nFor example: `/queries/{query.name}?{values}`"


def _code(values: str) -> str:
    return f"`{' '.join(values.split())}`".replace("|", "\\|")


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def settings() -> Iterator[str]:
    """All settings with defaults."""
    yield "# Settings\n\nEach is an environment variable.\n\n| variable | default | what |\n|---|---|---|"
    for name, field in Settings.model_fields.items():
        yield f"| `INFRASHARE_{name.upper()}` | `{field.default}` | {_cell(field.description or '')} |"


_NOT_OWN = frozenset({"nuts", "nace", "nace-labels", "euroscivoc", "capability-special", "capability-words"})
"""Reference lists, and files that add to an own list."""


def codelists() -> Iterator[str]:
    """All own code lists with notations and English labels."""
    yield "# Code lists\n\nOwn code lists, with English labels; the files have nine languages."
    for path in sorted(CODELISTS.glob("*.ttl")):
        if path.stem in _NOT_OWN:
            continue
        labels: dict[str, str] = {}
        notations: dict[str, str] = {}
        title = path.stem
        files = code_list_files(path.stem)
        for quad in chain(*(parse(path=str(file), format=RdfFormat.TURTLE) for file in files)):
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, Literal):
                continue
            if quad.predicate == SKOS["prefLabel"] and quad.object.language == "en":
                labels[quad.subject.value] = quad.object.value
            elif quad.predicate == SKOS["notation"]:
                notations[quad.subject.value] = quad.object.value
            elif quad.predicate == DCT["title"]:
                title = quad.object.value
        yield f"\n## {path.stem}\n\n{title}.\n"
        yield ", ".join(
            f"`{notations[iri]}` {labels[iri]}" for iri in sorted(labels, key=lambda i: notations[i])
        )


def templates() -> Iterator[str]:
    """The columns of the table of each class."""
    yield "# Templates\n"
    yield "The columns of the table of each class; [spreadsheets.md](../spreadsheets.md) says how cells are written."
    yield "`infrashare template CLASS --format csv` prints the table, `--format ttl` the same as Turtle."
    for table in Tables().all():
        yield f"\n## {table.name}\n\n| column | in Dutch | level | what |\n|---|---|---|---|"
        for column in table.columns:
            tag = "@…" if column.per_language else ""
            codes = f" Codes: `{column.code_list}`." if column.code_list else ""
            several = " Several." if column.separator else ""
            yield (
                f"| `{column.name}{tag}` | {_cell(column.title('nl'))} | {column.level} "
                f"| {_cell(column.description)}{codes}{several} |"
            )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


PAGES = {
    "rules.md": rules,
    "queries.md": queries,
    "settings.md": settings,
    "codelists.md": codelists,
    "templates.md": templates,
}


def render(name: str) -> str:
    """The text of one generated page."""
    return "\n".join(PAGES[name]()) + "\n\n<!-- Written by `make docs`; do not edit. -->\n"


def main(folder: Path = REFERENCE) -> None:
    """Write all generated pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / name).write_text(render(name), encoding="utf-8")
        print(f"wrote {folder.name}/{name}")


if __name__ == "__main__":
    main()
    ontology_reference.write()
