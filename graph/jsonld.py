"""JSON-LD 1.1 for people: one object a node, keys by the terms of a context, nothing lost on the way back.

A value that the definition of its term does not cover is written out in full beside it, so parsing the
document gives the same triples (https://www.w3.org/TR/json-ld11-api/).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.iris import RDF, XSD

_STRING: Final = XSD["string"].value
_BOOLEAN: Final = XSD["boolean"].value
_INTEGER: Final = XSD["integer"].value
_TRUTH: Final = {"true": True, "false": False}
_UNTAGGED: Final = "@none"


@dataclass(frozen=True)
class _Term:
    name: str
    coercion: str | None = None
    container: str | None = None


class _Terms:
    """The terms and prefixes of a context, by the IRI they stand for."""

    def __init__(self, context: Mapping[str, Any], without: frozenset[str]) -> None:
        self._prefixes = {
            name: base for name, base in context.items() if isinstance(base, str) and name[0] != "@"
        }
        self._usable = {name: base for name, base in self._prefixes.items() if name not in without}
        self._terms: dict[str, _Term] = {}
        for name, definition in context.items():
            if isinstance(definition, Mapping):
                coercion = definition.get("@type")
                self._terms[self._expand(definition["@id"])] = _Term(
                    name, self._expand(coercion) if coercion else None, definition.get("@container")
                )

    def _expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return self._prefixes[prefix] + local if colon and prefix in self._prefixes else name

    def term(self, iri: str) -> _Term:
        return self._terms.get(iri) or _Term(self.compact(iri))

    def name(self, iri: str) -> str:
        return self.term(iri).name

    def compact(self, iri: str) -> str:
        """The IRI with a prefix, where that reads back as the same IRI."""
        for prefix, base in self._usable.items():
            if iri.startswith(base) and not iri.startswith("//", len(base)):
                return f"{prefix}:{iri[len(base) :]}"
        return iri


def document(triples: Iterable[Triple], context: Mapping[str, Any]) -> dict[str, Any]:
    """The triples as a JSON-LD document with its context inside, and in ``@graph`` the nodes sorted by IRI.

    ``context`` is the value of ``@context``: prefixes as strings, terms as objects. A prefix that is also the
    scheme of an IRI among the triples (``geo:51.2,4.4``) is switched off: the IRI would be read as compact.
    """
    distinct = set(triples)
    prefixes = {name for name, base in context.items() if isinstance(base, str)}
    clashes = frozenset(prefixes & {_scheme(term) for triple in distinct for term in _iris(triple)})
    terms = _Terms(context, clashes)
    about: dict[Any, list[Triple]] = defaultdict(list)
    for triple in sorted(distinct, key=_order):
        about[triple.subject].append(triple)
    nodes = [_node(subject, about[subject], terms) for subject in sorted(about, key=str)]
    switched_off = dict.fromkeys(sorted(clashes))
    return {"@context": [dict(context), switched_off] if clashes else dict(context), "@graph": nodes}


def _order(triple: Triple) -> tuple[bool, str, str]:
    return triple.predicate != RDF["type"], triple.predicate.value, str(triple.object)


def _iris(triple: Triple) -> Iterable[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


def _scheme(iri: str) -> str:
    return iri.partition(":")[0]


def _node(subject: NamedNode | BlankNode, triples: Iterable[Triple], terms: _Terms) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _reference(subject)}
    for triple in triples:
        value, predicate = triple.object, triple.predicate.value
        if predicate == RDF["type"].value and isinstance(value, NamedNode):
            node.setdefault("@type", []).append(terms.name(value.value))
            continue
        term = terms.term(predicate)
        if term.container == "@language":
            if isinstance(value, Literal) and (value.language or value.datatype.value == _STRING):
                texts = node.setdefault(term.name, {})
                _append(texts, value.language or _UNTAGGED, value.value, False)
                continue
            term = _Term(terms.compact(predicate))
        _append(node, term.name, _value(value, term, terms), term.container == "@set")
    return node


def _append(node: dict[str, Any], key: str, value: Any, always_list: bool) -> None:
    """One value stands alone unless the term takes a set; more are a list."""
    if key not in node:
        node[key] = [value] if always_list else value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _reference(node: NamedNode | BlankNode) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"


def _value(value: Any, term: _Term, terms: _Terms) -> Any:
    if isinstance(value, NamedNode | BlankNode):
        return _reference(value) if term.coercion == "@id" else {"@id": _reference(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == term.coercion:
        return _native(value.value, datatype)
    if datatype == _STRING:
        return value.value if term.coercion is None else {"@value": value.value}
    return {"@value": value.value, "@type": terms.compact(datatype)}


def _native(lexical: str, datatype: str) -> Any:
    """A JSON number or truth value where it reads back with the same characters, else the characters.

    Decimals stay characters: JSON-LD would write 13522.0 back as 13522 and 2.27 as 2.27E0.
    """
    if datatype == _BOOLEAN:
        return _TRUTH.get(lexical, lexical)
    if datatype == _INTEGER and re.fullmatch("0|-?[1-9][0-9]{0,14}", lexical):
        return int(lexical)
    return lexical
