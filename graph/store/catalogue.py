"""The query catalogue: each ``queries/**/*.rq`` is one typed, named question.

A file starts with header lines ``#+ key: value`` and then holds plain SPARQL 1.1 that runs as it stands, because
every parameter has example values in a ``VALUES`` block:

    #+ title: Facilities with a capability
    #+ title.nl: Faciliteiten met een technologie
    #+ audience: researcher
    #+ description: Facilities that state the capability or a narrower one.
    #+ param capability: iri capability - a concept of the capability scheme
    #+ param place: (x decimal, y decimal) - a table of typed columns
    #+ example: capability=cap:welding

``audience`` says whose question it is, ``example`` gives other values to try. A query whose rows are figures says
their ``unit``, the codes of what to bear in mind with them (``caveat``), and the ``coverage``, 0 to 1, below which they
are not safe to compare. A word after ``iri`` says what kind
of thing is meant, so that its bare code can be given. ``UNDEF`` in the block of a parameter makes it optional.
Binding replaces the blocks' values by typed terms; text is never pasted into a query.
"""

import difflib
import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from graph.errors import InputError, NotFound
from graph.iris import PREFIXES
from graph.store.parameters import (
    UNDEFINED,
    Parameter,
    Value,
    block,
    plain_values,
    read_parameter,
)

AUDIENCES: Final = ("researcher", "partner", "firm", "policy")
"""Whose question a query answers, in the order of the catalogue."""

_HEADER = re.compile(r"#\+ ([a-z]+)(?:[. ]([\w-]+))?: (.*)")
_VALUES = re.compile(r"VALUES\s+(?:\?(?P<one>\w+)|\((?P<many>[?\w\s]+)\))\s*\{(?P<data>[^}]*)\}")
_MEASURED: Final = ("unit", "caveat", "coverage")
_FORM = re.compile(r"^\s*(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)
_ORDERED = re.compile(r"^\}\s*ORDER BY\b[^{}]*\Z", re.MULTILINE)
_SLICED = re.compile(r"\b(LIMIT|OFFSET)\b")


_NEAR = 3
"""How many names are offered in the place of one that nothing has."""


@dataclass(frozen=True)
class Measure:
    """What figures mean: their unit, what to bear in mind, and the coverage, 0 to 1, below which they are not safe."""

    unit: str
    caveats: tuple[str, ...]
    coverage: float


@dataclass(frozen=True)
class Query:
    """A named question of the catalogue."""

    name: str
    path: Path
    titles: Mapping[str, str]
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    form: str = field(default="SELECT")
    audience: str = ""
    example: tuple[tuple[str, str], ...] = ()
    """Other values to try than those in the file, as pairs of a parameter's name and a value's text."""
    measure: Measure | None = None
    """What the rows mean where they are figures."""

    @property
    def group(self) -> str:
        """What the query stands under in lists: its audience, or else its folder."""
        return self.audience or self.name.partition("-")[0]

    def title(self, language: str = "en") -> str:
        return self.titles.get(language, self.titles["en"])

    def parameter(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(p.name for p in self.parameters) or "none"
        raise InputError(f"the query {self.name} has no parameter {name!r}; it has: {known}")

    def takes(self, name: str) -> bool:
        """Whether the query has a parameter of this name."""
        return any(parameter.name == name for parameter in self.parameters)

    @cached_property
    def defaults(self) -> dict[str, str]:
        """The example values that stand in the file, as SPARQL text."""
        found: dict[str, str] = {}
        for match in _VALUES.finditer(self.text):
            for parameter in self.parameters:
                if _variables(match) == tuple(name for name, _ in parameter.columns):
                    found[parameter.name] = match["data"].strip()
        return found

    def is_optional(self, name: str) -> bool:
        """Whether the parameter may be left out, which then means all."""
        return self.defaults[name] == UNDEFINED

    @cached_property
    def plain_defaults(self) -> dict[str, tuple[str, ...]]:
        """The example values as the text that ``bind_strings`` takes; none for tables and optional parameters."""
        prefixes = {**PREFIXES, **dict(_PREFIX.findall(self.text))}
        return {
            p.name: ()
            if p.is_table or self.is_optional(p.name)
            else plain_values(self.defaults[p.name], prefixes)
            for p in self.parameters
        }

    @cached_property
    def is_ordered(self) -> bool:
        """Whether the rows come in an order of the query's own, and all of them, so that they can be paged."""
        end = _ORDERED.search(self.text)
        return self.form == "SELECT" and end is not None and not _SLICED.search(end[0])

    def bind(self, **values: Sequence[Sequence[Value]] | Sequence[Value]) -> str:
        """The query's text with parameters bound: a sequence of terms, or of rows of terms for a table.

        Parameters that are not given keep the example values of the file.
        """
        blocks = {
            tuple(name for name, _ in self.parameter(name).columns): block(self.parameter(name), rows)
            for name, rows in values.items()
        }

        def replaced(match: re.Match[str]) -> str:
            return blocks.get(_variables(match), match[0])

        return _VALUES.sub(replaced, self.text)

    def bind_strings(self, values: Mapping[str, Iterable[str]]) -> str:
        """Bind parameters given as text, such as those of a URL, after their declared types.

        An empty text leaves an optional parameter open. Raises ``InputError``.
        """
        bound: dict[str, list[Value]] = {}
        for name, texts in values.items():
            parameter = self.parameter(name)
            if parameter.is_table:
                raise InputError(
                    f"the parameter {name!r} is a table; run the text of the query at /sparql to change it"
                )
            given = [text for text in texts if text or not self.is_optional(name)]
            terms: list[Value] = [parameter.read(text) for text in given]
            bound[name] = terms or ([None] if self.is_optional(name) else [])
        return self.bind(**bound)


def page(text: str, limit: int, offset: int) -> str:
    """The text of an ordered query, bound or not, for some of its rows: ``limit`` rows after ``offset``."""
    return f"{text.rstrip()}\nLIMIT {limit:d}\nOFFSET {offset:d}\n"


def _variables(match: re.Match[str]) -> tuple[str, ...]:
    if match["one"]:
        return (match["one"],)
    return tuple(name.removeprefix("?") for name in match["many"].split())


class QueryCatalogue:
    """All queries of a folder by name; the name of ``competency/q01.rq`` is ``competency-q01``.

    ``words.json`` beside them holds what pages and lists call groups and parameters: code, language, text.
    """

    def __init__(self, folder: Path) -> None:
        words = folder / "words.json"
        self._words: Mapping[str, Mapping[str, str]] = (
            json.loads(words.read_text(encoding="utf-8")) if words.is_file() else {}
        )
        self._queries: dict[str, Query] = {}
        for path in sorted(folder.rglob("*.rq")):
            query = read_query(path, "-".join(path.relative_to(folder).with_suffix("").parts))
            self._queries[query.name] = query

    def __getitem__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError as error:
            raise NotFound(f"no query is named {name[:100]!r}; {self._remedy(name)}") from error

    def _remedy(self, name: str) -> str:
        """Names that hold what was asked for, or are spelt nearly so."""
        near = [known for known in self._queries if name and name in known]
        near = near or difflib.get_close_matches(name[:100], self._queries, _NEAR, 0.7)
        meant = f"did you mean {' or '.join(near[:_NEAR])}? " if near else ""
        return f"{meant}/queries lists all"

    def all(self) -> list[Query]:
        """All queries, by name."""
        return list(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)

    def groups(self) -> dict[str, list[Query]]:
        """The queries by group: those that an audience asks first, in the order of ``AUDIENCES``."""
        found: dict[str, list[Query]] = {audience: [] for audience in AUDIENCES}
        for query in self._queries.values():
            found.setdefault(query.group, []).append(query)
        return {group: queries for group, queries in found.items() if queries}

    def say(self, code: str, language: str = "en", **values: object) -> str:
        """The words for a code in a language, in English where it has none; the code where it has no words."""
        texts = self._words.get(code)
        if texts is None:
            return code.removeprefix("parameter-").replace("_", " ").capitalize()
        return (texts.get(language) or texts["en"]).format_map(values)


def read_query(path: Path, name: str) -> Query:
    """Read one ``.rq`` file. Raises ``InputError`` that names file and line where its header is wrong."""
    titles: dict[str, str] = {}
    description = ""
    parameters: list[Parameter] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    audience = ""
    example: tuple[tuple[str, str], ...] = ()
    measured: dict[str, str] = {}
    body = 0
    for body, line in enumerate(lines):
        if not line.startswith("#+"):
            break
        match = _HEADER.fullmatch(line)
        if match is None:
            raise InputError(f"{path.name}:{body + 1}: not a header line: {line!r}")
        key, qualifier, value = match.groups()
        if key == "title":
            titles[qualifier or "en"] = value
        elif key == "description":
            description = f"{description} {value}".strip()
        elif key == "param" and qualifier:
            parameters.append(read_parameter(qualifier, value, f"{path.name}:{body + 1}"))
        elif key == "audience" and value in AUDIENCES:
            audience = value
        elif key == "example":
            example = _example(value, f"{path.name}:{body + 1}")
        elif key in _MEASURED:
            measured[key] = value
        else:
            raise InputError(
                f"{path.name}:{body + 1}: unknown header {key!r}, or a value that it does not take"
            )
    text = "\n".join(lines[body:]).strip() + "\n"
    form = _FORM.search(text)
    if "en" not in titles or not description or form is None:
        raise InputError(f"{path.name}: title, description and a query form are required")
    measure = _measure(measured, path.name) if measured else None
    query = Query(
        name, path, titles, description, tuple(parameters), text, form[1], audience, example, measure
    )
    missing = [p.name for p in parameters if p.name not in query.defaults]
    if missing:
        raise InputError(f"{path.name}: no VALUES block with example values for {', '.join(missing)}")
    for parameter, value in example:
        query.parameter(parameter).read(value)
    return query


def _measure(said: Mapping[str, str], place: str) -> Measure:
    try:
        measure = Measure(said["unit"], tuple(said["caveat"].split()), float(said["coverage"]))
    except (KeyError, ValueError) as error:
        raise InputError(
            f"{place}: figures need unit, caveat, and coverage as a number from 0 to 1"
        ) from error
    if not 0 <= measure.coverage <= 1:
        raise InputError(f"{place}: coverage: {said['coverage']} is not from 0 to 1")
    return measure


def _example(value: str, place: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for word in shlex.split(value):
        name, equals, text = word.partition("=")
        if not equals:
            raise InputError(f"{place}: write '#+ example: name=value name=value'")
        pairs.append((name, text))
    return tuple(pairs)
