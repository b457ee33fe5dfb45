"""Turtle to read: prefixes, a block for each thing, its statements in the order of the columns, comments between."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.contribute.tables.statements import Entry, Statement, Term
from graph.iris import ID, KINDS, PREFIXES, RDF, XSD

_ALSO: Final = {
    **{kind: f"{ID.base}{kind}/" for kind in KINDS},
    "language": "http://publications.europa.eu/resource/authority/language/",
    "quantity": "http://qudt.org/vocab/quantitykind/",
}
_LOCAL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")
_BARE: Final = {
    XSD["integer"]: re.compile(r"[+-]?[0-9]+"),
    XSD["decimal"]: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD["boolean"]: re.compile(r"true|false"),
}
_BASES: Final = {**PREFIXES, **_ALSO}
_NAMES: Final = {base: name for name, base in _BASES.items()}

Notes = Mapping[tuple[NamedNode, NamedNode], str]
"""A comment for a property of a thing."""


def document(entries: Sequence[tuple[str, Entry]], head: Sequence[str], notes: Notes | None = None) -> str:
    """Turtle of entries, each below its comment; what an earlier entry stated is not stated again."""
    used: set[str] = set()
    stated: set[tuple[NamedNode, NamedNode, Term]] = set()
    blocks: list[str] = []
    for comment, entry in entries:
        new = [s for s in entry.statements if (s.subject, s.predicate, s.object) not in stated]
        stated.update((s.subject, s.predicate, s.object) for s in new)
        blocks.append("".join(["\n", f"# {comment}\n" if comment else "", *_blocks(new, used, notes or {})]))
    lines = [f"# {line}".rstrip() for line in head]
    lines += [f"@prefix {name}: <{base}> ." for name, base in _BASES.items() if name in used]
    return "\n".join(lines) + "\n" + "".join(blocks)


def _blocks(statements: Iterable[Statement], used: set[str], notes: Notes) -> Iterator[str]:
    things: dict[NamedNode, dict[NamedNode, list[Term]]] = {}
    for statement in statements:
        things.setdefault(statement.subject, {}).setdefault(statement.predicate, []).append(statement.object)
    for place, (subject, properties) in enumerate(things.items()):
        lines = []
        for predicate, terms in properties.items():
            verb = "a" if predicate == RDF["type"] else _name(predicate, used)
            values = " ,\n        ".join(_written(term, used) for term in terms)
            note = notes.get((subject, predicate))
            lines.append((f"    # {note}\n" if note else "") + f"    {verb} {values}")
        yield ("\n" if place else "") + f"{_name(subject, used)}\n" + " ;\n".join(lines) + " .\n"


def _written(term: Term, used: set[str]) -> str:
    if isinstance(term, NamedNode):
        return _name(term, used)
    if term.language is None and (form := _BARE.get(term.datatype)) and form.fullmatch(term.value):
        return term.value
    if term.language is None and term.datatype != XSD["string"]:
        return f"{Literal(term.value)}^^{_name(term.datatype, used)}"
    return str(term)


def _name(node: NamedNode, used: set[str]) -> str:
    """The IRI with a prefix where what is left of it is a plain name."""
    cut = max(node.value.rfind("/"), node.value.rfind("#")) + 1
    name = _NAMES.get(node.value[:cut])
    if name is not None and _LOCAL.fullmatch(node.value, cut):
        used.add(name)
        return f"{name}:{node.value[cut:]}"
    return str(node)
