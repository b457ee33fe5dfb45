"""The query catalogue: each ``queries/**/*.rq`` is one typed, named question.

A file starts with header lines ``#+ key: value`` and then holds plain SPARQL 1.1 that runs as it stands, because
every parameter has example values in a ``VALUES`` block:

    #+ title: Facilities with a capability
    #+ title.nl: Faciliteiten met een technologie
    #+ description: Facilities that state the capability or a narrower one.
    #+ param capability: iri - a concept of the capability scheme
    #+ param place: (x decimal, y decimal) - a table of typed columns

Binding replaces the block's values by typed terms; text is never pasted into a query.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.errors import InputError, NotFound
from graph.iris import XSD

Value = NamedNode | Literal | None
"""A bound value; ``None`` leaves the variable unbound (``UNDEF``)."""

TYPES: Final = ("iri", "string", "language", "integer", "decimal", "boolean", "date", "text")
_HEADER = re.compile(r"#\+ ([a-z]+)(?:[. ]([\w-]+))?: (.*)")
_PARAM = re.compile(r"(?:(?P<type>\w+)|\((?P<columns>[^)]*)\)) - (?P<description>.+)")
_VALUES = re.compile(r"VALUES\s+(?:\?(?P<one>\w+)|\((?P<many>[?\w\s]+)\))\s*\{(?P<data>[^}]*)\}")
_FORM = re.compile(r"^\s*(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", re.MULTILINE)
_MOST_DIGITS = 30
_IRI_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query: one variable, or a table of several."""

    name: str
    columns: tuple[tuple[str, str], ...]
    description: str

    @property
    def is_table(self) -> bool:
        return self.columns[0][0] != self.name or len(self.columns) > 1

    @property
    def type(self) -> str:
        return self.columns[0][1] if not self.is_table else "table"


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

    def title(self, language: str = "en") -> str:
        return self.titles.get(language, self.titles["en"])

    def parameter(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(p.name for p in self.parameters) or "none"
        raise InputError(f"the query {self.name} has no parameter {name!r}; it has: {known}")

    @cached_property
    def defaults(self) -> dict[str, str]:
        """The example values that stand in the file, as SPARQL text."""
        found: dict[str, str] = {}
        for match in _VALUES.finditer(self.text):
            for parameter in self.parameters:
                if _variables(match) == tuple(name for name, _ in parameter.columns):
                    found[parameter.name] = match["data"].strip()
        return found

    def bind(self, **values: Sequence[Sequence[Value]] | Sequence[Value]) -> str:
        """The query's text with parameters bound: a sequence of terms, or of rows of terms for a table.

        Parameters that are not given keep the example values of the file.
        """
        blocks = {
            tuple(name for name, _ in self.parameter(name).columns): _block(self.parameter(name), rows)
            for name, rows in values.items()
        }

        def replaced(match: re.Match[str]) -> str:
            return blocks.get(_variables(match), match[0])

        return _VALUES.sub(replaced, self.text)

    def bind_strings(self, values: Mapping[str, Iterable[str]]) -> str:
        """Bind parameters given as text, such as those of a URL, after their declared types."""
        bound: dict[str, list[Value]] = {}
        for name, texts in values.items():
            parameter = self.parameter(name)
            if parameter.is_table:
                raise InputError(f"the parameter {name!r} is a table; it cannot be given as text")
            bound[name] = [typed(text, parameter.type, name) for text in texts]
        return self.bind(**bound)


def _variables(match: re.Match[str]) -> tuple[str, ...]:
    if match["one"]:
        return (match["one"],)
    return tuple(name.removeprefix("?") for name in match["many"].split())


def _block(parameter: Parameter, rows: Sequence[Sequence[Value]] | Sequence[Value]) -> str:
    names = " ".join(f"?{name}" for name, _ in parameter.columns)
    if not parameter.is_table:
        listed = [_written(row) for row in rows if not isinstance(row, Sequence)]
        return f"VALUES {names} {{ {' '.join(listed)} }}"
    listed = [f"({' '.join(_written(v) for v in row)})" for row in rows if isinstance(row, Sequence)]
    return f"VALUES ({names}) {{ {' '.join(listed)} }}"


def _written(value: Value) -> str:
    return "UNDEF" if value is None else str(value)


def typed(text: str, kind: str, name: str = "value") -> NamedNode | Literal:
    """Read text as a term of a parameter type. Raises ``InputError`` that names value and remedy."""
    try:
        if kind == "iri":
            if ":" not in text or _IRI_FORBIDDEN.search(text):
                raise ValueError("an absolute IRI is needed")
            return NamedNode(text)
        if kind == "integer":
            if len(text) > _MOST_DIGITS:
                raise ValueError(f"a number of at most {_MOST_DIGITS} digits is needed")
            return Literal(str(int(text)), datatype=XSD["integer"])
        if kind == "decimal":
            number = Decimal(text)
            if (
                not number.is_finite()
                or abs(number.adjusted()) > _MOST_DIGITS
                or len(text) > 2 * _MOST_DIGITS
            ):
                raise ValueError(f"a finite number of at most {_MOST_DIGITS} digits is needed")
            return Literal(f"{number:f}", datatype=XSD["decimal"])
        if kind == "boolean":
            if text not in {"true", "false"}:
                raise ValueError("true or false is needed")
            return Literal(text, datatype=XSD["boolean"])
        if kind == "date":
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError("a date such as 2026-11-23 is needed")
            return Literal(date.fromisoformat(text).isoformat(), datatype=XSD["date"])
    except (ValueError, ArithmeticError) as error:
        raise InputError(f"{name}={text!r} is not of type {kind}: {error}") from error
    return Literal(text)


class QueryCatalogue:
    """All queries of a folder by name; the name of ``competency/q01.rq`` is ``competency-q01``."""

    def __init__(self, folder: Path) -> None:
        self._queries: dict[str, Query] = {}
        for path in sorted(folder.rglob("*.rq")):
            query = read_query(path, "-".join(path.relative_to(folder).with_suffix("").parts))
            self._queries[query.name] = query

    def __getitem__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError as error:
            raise NotFound(f"no query is named {name!r}; /queries lists them") from error

    def all(self) -> list[Query]:
        """All queries, by name."""
        return list(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)


def read_query(path: Path, name: str) -> Query:
    """Read one ``.rq`` file. Raises ``InputError`` that names file and line where its header is wrong."""
    titles: dict[str, str] = {}
    description = ""
    parameters: list[Parameter] = []
    lines = path.read_text(encoding="utf-8").splitlines()
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
            parameters.append(_parameter(qualifier, value, f"{path.name}:{body + 1}"))
        else:
            raise InputError(f"{path.name}:{body + 1}: unknown header {key!r}")
    text = "\n".join(lines[body:]).strip() + "\n"
    form = _FORM.search(text)
    if "en" not in titles or not description or form is None:
        raise InputError(f"{path.name}: title, description and a query form are required")
    query = Query(name, path, titles, description, tuple(parameters), text, form[1])
    missing = [p.name for p in parameters if p.name not in query.defaults]
    if missing:
        raise InputError(f"{path.name}: no VALUES block with example values for {', '.join(missing)}")
    return query


def _parameter(name: str, value: str, place: str) -> Parameter:
    match = _PARAM.fullmatch(value)
    if match is None:
        raise InputError(f"{place}: write '#+ param {name}: TYPE - what it is'")
    if match["type"]:
        columns = [(name, match["type"])]
    else:
        columns = [(c.split()[0], c.split()[1]) for c in match["columns"].split(",")]
    unknown = {kind for _, kind in columns} - set(TYPES)
    if unknown:
        raise InputError(f"{place}: unknown type {sorted(unknown)[0]!r}; use one of {', '.join(TYPES)}")
    return Parameter(name, tuple(columns), match["description"])
