"""The probe: what a SPARQL server can do, told by name before anything relies on it.

It makes a graph of its own of a few statements, asks for them, and removes them.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.errors import StoreError, StoreTimeout, StoreUnreachable
from graph.iris import ENGINE_GRAPH, GEO, XSD
from graph.store.catalogue import QueryCatalogue
from graph.store.endpoint import Endpoint
from graph.store.formats import ntriples
from graph.store.likeness import all_alike
from graph.store.received import SERVERS_OWN, Scope
from graph.store.updates import Updates

_ROWS: Final = 30_000


def _own(name: str) -> NamedNode:
    return NamedNode(f"{ENGINE_GRAPH.value}#{name}")


_CHAIN: Final = [Triple(_own("1"), _own("next"), _own("2")), Triple(_own("2"), _own("next"), _own("3"))]
_FORMS: Final = {
    "language tags": Literal("voorziening", language="nl"),
    "letters of all languages": Literal('Gießerei, Tööstus, Līdzfinansējums, 漢, \\ and "quotes"\n'),
    "decimals of fifteen digits": Literal("0.123456789012345", datatype=XSD["decimal"]),
    "doubles": Literal("0.123456789012345", datatype=XSD["double"]),
    "dates": Literal("2026-11-27", datatype=XSD["date"]),
    "years": Literal("2026", datatype=XSD["gYear"]),
    "truth values": Literal("true", datatype=XSD["boolean"]),
    "points": Literal("POINT(5.33 50.93)", datatype=GEO["wktLiteral"]),
}


@dataclass
class Findings:
    """What the server lacks: without it there is no service, or there are notes to know of."""

    lacks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Probe:
    """Looks at one server."""

    def __init__(
        self, endpoint: Endpoint, queries: QueryCatalogue, updates: Updates, *, listed: bool
    ) -> None:
        self._endpoint = endpoint
        self._queries = queries
        self._updates = updates
        self._listed = listed
        self._graph = _own(f"probe-{uuid.uuid4().hex}")
        self._found = Findings()

    def findings(self) -> Findings:
        """What the server lacks. Raises ``StoreUnreachable`` and ``StoreTimeout`` where it does not answer at all."""
        if self._wrote():
            for what, look in (
                (
                    "SPARQL 1.1 (paths, VALUES, sub-queries, aggregates, negation, string functions)",
                    self._asks,
                ),
                (self._dataset_words(), self._sees),
                (f"whole results: those of {_ROWS:,} rows are cut or refused", self._counts),
            ):
                self._must(what, look)
            self._forms()
            if self._endpoint.address.graphs:
                self._must("the Graph Store endpoint (see INFRASHARE_STORE_GRAPHS)", self._loads)
            self._endpoint.update(self._updates.bound("probe-end", graph=self._graph))
        return self._found

    def _wrote(self) -> bool:
        triples = [
            *_CHAIN,
            *(Triple(_own("3"), _own(str(n)), value) for n, value in enumerate(_FORMS.values())),
        ]
        where = self._endpoint.address.update
        try:
            self._endpoint.update(self._updates.bound("probe", triples, graph=self._graph))
        except StoreTimeout:
            raise
        except StoreUnreachable as error:
            self._endpoint.select(
                self._queries["store-state"].text
            )  # where it takes no queries, that is told
            self._found.lacks.append(f"updates at {where} (see INFRASHARE_STORE_UPDATE): {error.detail}")
            return False
        if not self._endpoint.select(self._queries["store-content"].bind(graph=[self._graph])).rows:
            self._found.lacks.append(
                f"updates at {where}: it took one and did nothing (see INFRASHARE_STORE_UPDATE)"
            )
            return False
        return True

    def _must(self, what: str, look: Callable[[], bool]) -> None:
        try:
            if not look():
                self._found.lacks.append(what)
        except StoreTimeout:
            raise
        except StoreUnreachable as error:
            self._found.lacks.append(f"{what}: {error.detail}")

    def _asks(self) -> bool:
        rows = self._endpoint.select(self._queries["store-probe-paths"].bind(graph=[self._graph])).rows
        found = [tuple(getattr(term, "value", None) for term in row) for row in rows]
        return found == [(_own("3").value, "2", "engine!")]

    def _sees(self) -> bool:
        scope = SERVERS_OWN
        if self._listed:
            names = (self._graph.value, ENGINE_GRAPH.value)
            scope = Scope(names, names)
        rows = self._endpoint.select(self._queries["store-probe-union"].text, scope).rows
        return [row[0] for row in rows] == [_own("2")]

    def _dataset_words(self) -> str:
        if self._listed:
            return "the graphs of a query as the protocol names them (default-graph-uri, named-graph-uri)"
        return "the union of all graphs as its default graph; configure it so, or set INFRASHARE_STORE_DATASET=listed"

    def _counts(self) -> bool:
        return len(self._endpoint.select(self._queries["store-probe-rows"].text).rows) == _ROWS

    def _forms(self) -> None:
        query = self._queries["store-about"].bind(graph=[self._graph], subject=[_own("3")])
        rows = self._endpoint.select(query).rows
        given = {row[1]: row[2] for row in rows}
        for number, (what, sent) in enumerate(_FORMS.items()):
            came = given.get(_own(str(number)))
            if came == sent:
                continue
            if not isinstance(came, Literal) or not _like(sent, came):
                self._found.lacks.append(f"{what}: {sent} comes back as {came}")
            elif came.datatype == sent.datatype and what == "doubles":
                self._found.notes.append(f"{what} come back rounded: {sent} as {came}")

    def _loads(self) -> bool:
        self._endpoint.load(self._graph, ntriples(_CHAIN[:1]))
        self._endpoint.load(self._graph, ntriples(_CHAIN[1:2]), more=True)
        rows = self._endpoint.select(self._queries["store-content"].bind(graph=[self._graph])).rows
        return len(rows) == 2


def _like(one: Literal, other: Literal) -> bool:
    first, second = ([Triple(ENGINE_GRAPH, ENGINE_GRAPH, term)] for term in (one, other))
    return all_alike(first).keys() == all_alike(second).keys()


def require_able(probe: Probe, name: str) -> list[str]:
    """What is to be known of a server that can do all that is needed, in words. Raises ``StoreError`` for others."""
    found = probe.findings()
    if found.lacks:
        raise StoreError(f"{name} lacks what a store needs: {'; '.join(found.lacks)}")
    return [f"{name}: {note}" for note in found.notes]
