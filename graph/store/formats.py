"""The formats that answers are written in."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, serialize

from graph.errors import InputError
from graph.jsonld import document
from graph.resources import ONTOLOGY
from graph.turtle import turtle, used_prefixes

TABLE_FORMATS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
DATASET_FORMATS: Final = {
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
"""Formats of datasets; a graph in one of them is the default graph."""
_XML_NAME = re.compile(r"[^\W\d][\w.-]*$")


def write_graph(triples: Iterable[Triple], media_type: str) -> bytes:
    """Triples in one of ``GRAPH_FORMATS`` or ``DATASET_FORMATS``.

    Turtle is in a stable order, JSON-LD by the context that ships.
    """
    distinct = list(dict.fromkeys(triples))
    if media_type == "text/turtle":
        return turtle(distinct)
    if media_type == "application/ld+json":
        return _json_ld(distinct)
    if media_type == "application/rdf+xml":
        _refuse_unnameable(distinct)
    kind = GRAPH_FORMATS.get(media_type) or DATASET_FORMATS[media_type]
    written = serialize(distinct, format=kind, prefixes=used_prefixes(distinct))
    assert written is not None  # noqa: S101 - without an output argument the bytes are returned
    return written


def ntriples(triples: Iterable[Triple]) -> bytes:
    """Triples as N-Triples, in the order in which they come."""
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert written is not None  # noqa: S101 - without an output argument the bytes are returned
    return written


def _refuse_unnameable(triples: Iterable[Triple]) -> None:
    """Raise ``InputError`` where a property has no XML name: the engine would write what is no XML."""
    for triple in triples:
        if not _XML_NAME.search(triple.predicate.value):
            raise InputError(
                f"the property <{triple.predicate.value}> cannot be written in RDF/XML; ask for another format"
            )


def _json_ld(triples: list[Triple]) -> bytes:
    """JSON-LD with the part of the context that it uses."""
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    written = document(triples, context)
    used = set(_names(written["@graph"]))
    own = {name: value for name, value in context.items() if name in used}
    used |= {name for value in own.values() if isinstance(value, Mapping) for name in _names(value)}
    kept = {name: value for name, value in context.items() if name in used or name.startswith("@")}
    whole = written["@context"]
    written["@context"] = [kept, *whole[1:]] if isinstance(whole, list) else kept
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


def _names(value: Any) -> Iterator[str]:
    """The terms and prefixes that keys, types and terms' definitions are written with."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield key.partition(":")[0]
            if key in {"@type", "@id"}:
                for name in item if isinstance(item, list) else [item]:
                    yield name
                    yield name.partition(":")[0]
            else:
                yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
