"""Parameters of catalogued queries: their types, how text is read as a typed term, and how terms are written.

A value is always bound as a term; text never becomes part of a query.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.errors import InputError
from graph.iris import CODELIST, ID, KINDS, NUTS, PREFIXES, XSD

Value = NamedNode | Literal | None
"""A bound value; ``None`` leaves the variable unbound (``UNDEF``)."""

TYPES: Final = ("iri", "string", "language", "integer", "decimal", "boolean", "date", "text")
UNDEFINED: Final = "UNDEF"
_LANGUAGE_TABLE: Final = "http://publications.europa.eu/resource/authority/language/"
_PARAM = re.compile(
    r"(?:(?P<type>\w+)(?: (?P<within>[a-z][a-z-]*))?|\((?P<columns>[^)]*)\)) - (?P<description>.+)"
)
_MOST_DIGITS = 30
_IRI_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_CODE = re.compile(r"[\w.-]+")
_TERM = re.compile(r'<(?P<iri>[^>]*)>|"(?P<text>[^"\\]*)"|(?P<plain>[^\s<>"()]+)')


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query: one variable, or a table of several."""

    name: str
    columns: tuple[tuple[str, str], ...]
    description: str
    within: str = ""
    """For IRIs the kind of thing: ``nuts``, ``language``, a kind of entity, or a code list."""

    @property
    def is_table(self) -> bool:
        return self.columns[0][0] != self.name or len(self.columns) > 1

    @property
    def type(self) -> str:
        return self.columns[0][1] if not self.is_table else "table"

    @property
    def base(self) -> str:
        """What stands before a bare code to make it an IRI; empty where codes are not taken."""
        if not self.within:
            return ""
        if self.within == "nuts":
            return NUTS.base
        if self.within == "language":
            return _LANGUAGE_TABLE
        return f"{ID.base if self.within in KINDS else CODELIST.base}{self.within}/"

    def read(self, text: str) -> NamedNode | Literal:
        """Text as a term of the parameter: for IRIs also ``nuts:BE2`` and, where codes are taken, ``BE2``.

        Raises ``InputError`` that names the parameter, the value and the remedy.
        """
        if self.type != "iri":
            return typed(text, self.type, self.name)
        prefix, colon, local = text.partition(":")
        if colon and prefix in PREFIXES and not local.startswith("//"):
            return typed(PREFIXES[prefix] + local, "iri", self.name)
        if colon and prefix == self.within and not local.startswith("//"):
            return typed(self.base + local, "iri", self.name)
        if self.base and _CODE.fullmatch(text):
            return typed(self.base + text, "iri", self.name)
        return typed(text, "iri", self.name)


def read_parameter(name: str, value: str, place: str) -> Parameter:
    """Read the header line of a parameter; ``place`` is its file and line. Raises ``InputError``."""
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
    return Parameter(name, tuple(columns), match["description"], match["within"] or "")


def block(parameter: Parameter, rows: Sequence[Sequence[Value]] | Sequence[Value]) -> str:
    """The ``VALUES`` block that binds the parameter to terms, or to rows of terms for a table."""
    names = " ".join(f"?{name}" for name, _ in parameter.columns)
    if not parameter.is_table:
        listed = [_written(row) for row in rows if not isinstance(row, Sequence)]
        return f"VALUES {names} {{ {' '.join(listed)} }}"
    listed = [f"({' '.join(_written(v) for v in row)})" for row in rows if isinstance(row, Sequence)]
    return f"VALUES ({names}) {{ {' '.join(listed)} }}"


def _written(value: Value) -> str:
    return UNDEFINED if value is None else str(value)


def plain_values(data: str, prefixes: Mapping[str, str]) -> tuple[str, ...]:
    """The values of a one-variable ``VALUES`` block as plain text: IRIs in full, strings and numbers bare."""
    values = []
    for match in _TERM.finditer(data):
        if match["iri"] is not None:
            values.append(match["iri"])
        elif match["text"] is not None:
            values.append(match["text"])
        else:
            prefix, colon, local = match["plain"].partition(":")
            values.append(prefixes[prefix] + local if colon and prefix in prefixes else match["plain"])
    return tuple(values)


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
