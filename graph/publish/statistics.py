"""What the dataset holds, in numbers: by class, by property and by graph, counted by catalogued queries."""

import threading
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader


@dataclass(frozen=True)
class Property:
    """A property with the number of its statements, and of their different subjects and values."""

    iri: NamedNode
    triples: int
    subjects: int
    values: int


@dataclass(frozen=True)
class Statistics:
    """The size of the dataset; ``classes`` and ``graphs`` are pairs of a name and a number."""

    triples: int
    subjects: int
    values: int
    entities: int
    classes: tuple[tuple[NamedNode, int], ...]
    properties: tuple[Property, ...]
    graphs: tuple[tuple[NamedNode, int], ...]


def count(reader: Reader, queries: QueryCatalogue) -> Statistics:
    """Count everything: seconds for millions of statements."""
    triples, subjects, values = reader.select(queries["publish-totals"].text).rows[0]
    properties = reader.select(queries["publish-properties"].text).rows
    return Statistics(
        triples=_number(triples),
        subjects=_number(subjects),
        values=_number(values),
        entities=_number(reader.select(queries["publish-entities"].text).rows[0][0]),
        classes=_pairs(reader.select(queries["publish-classes"].text).rows),
        properties=tuple(
            Property(iri, _number(triples), _number(subjects), _number(values))
            for iri, triples, subjects, values in properties
            if isinstance(iri, NamedNode)
        ),
        graphs=_pairs(reader.select(queries["publish-graphs"].text).rows),
    )


def _pairs(rows: list[tuple[Term | None, ...]]) -> tuple[tuple[NamedNode, int], ...]:
    return tuple((name, _number(number)) for name, number in rows if isinstance(name, NamedNode))


def _number(value: Term | None) -> int:
    return int(value.value) if isinstance(value, Literal) else 0


class Counted:
    """The statistics of the revision asked for last; many who ask at once wait for one count."""

    def __init__(self, queries: QueryCatalogue) -> None:
        self._queries = queries
        self._lock = threading.Lock()
        self._known: tuple[int, Statistics] | None = None

    def of(self, reader: Reader) -> Statistics:
        """The statistics of a state."""
        with self._lock:
            if self._known is None or self._known[0] != reader.revision:
                self._known = (reader.revision, count(reader, self._queries))
            return self._known[1]
