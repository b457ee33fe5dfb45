"""Readable Turtle: one order and one set of prefixes, so that the same triples give the same bytes."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from graph.iris import PREFIXES, RDF

_TYPE = RDF["type"]


def _order(triple: Triple) -> tuple[bool, str, int, str, bool, str, str]:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    return (
        isinstance(subject, BlankNode),
        str(subject),
        0 if predicate == _TYPE else 1,
        predicate.value,
        isinstance(value, Literal),
        (value.language or "") if isinstance(value, Literal) else "",
        str(value),
    )


def used_prefixes(triples: Iterable[Triple], prefixes: dict[str, str] | None = None) -> dict[str, str]:
    """The prefixes that shorten at least one IRI of the triples."""
    iris: set[str] = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                iris.add(term.value)
            elif isinstance(term, Literal) and term.language is None:
                iris.add(term.datatype.value)
    known = prefixes or PREFIXES
    return {name: base for name, base in known.items() if any(iri.startswith(base) for iri in iris)}


def turtle(triples: Iterable[Triple], prefixes: dict[str, str] | None = None) -> bytes:
    """Serialise triples as Turtle in a stable order, types first."""
    ordered = sorted(set(triples), key=_order)
    written = serialize(ordered, format=RdfFormat.TURTLE, prefixes=used_prefixes(ordered, prefixes))
    assert written is not None  # noqa: S101 - without an output argument the bytes are returned
    return written
