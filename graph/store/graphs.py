"""The graphs of a store and what is done with them: replaced, dropped, compared, and brought to a revision."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graph.iris import INFRA, PROV, PROVENANCE_GRAPH, RDF, XSD
from graph.store.answers import Table, select
from graph.store.fault import fault

_REVISION = INFRA["revision"]
_BULK = 20_000
"""From this number of triples on, writing files of their own is faster than the log: that costs 50 ms to begin with."""


class Index(ABC):
    """An index of the ledger's current versions: graphs that can be asked and changed, wherever they are kept."""

    @abstractmethod
    def select(self, query: str) -> Table:
        """The answer of a SELECT query of ours over all graphs as they are now."""

    @abstractmethod
    def content(self, graph: NamedNode) -> set[Triple]:
        """All triples of a graph as the store holds them."""

    @abstractmethod
    def about(self, subjects: Collection[NamedNode], graph: NamedNode) -> set[Triple]:
        """The triples of a graph with one of these subjects."""

    @abstractmethod
    def has_type(self, node: NamedNode) -> bool:
        """Whether any graph says of which class the thing is."""

    @abstractmethod
    def add(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Add triples to a graph."""

    @abstractmethod
    def remove(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Remove triples from a graph."""

    @abstractmethod
    def drop_graph(self, graph: NamedNode) -> None:
        """Remove the graph with all it holds."""

    @abstractmethod
    def graph_names(self) -> set[str]:
        """The names of all graphs in the store, or of all of ours where it holds others too."""

    @abstractmethod
    def leftovers(self) -> set[str]:
        """Graphs of ours, provenance or not, that a write which was cut off may have left."""

    @property
    def revision(self) -> int:
        """The revision that the store was last brought to."""
        for triple in self.about([PROVENANCE_GRAPH], PROVENANCE_GRAPH):
            if triple.predicate == _REVISION and isinstance(triple.object, Literal):
                return int(triple.object.value)
        return 0

    def set_revision(self, revision: int) -> None:
        """Say which ledger revision the store now shows."""
        value = Literal(str(revision), datatype=XSD["integer"])
        self.replace_subjects(PROVENANCE_GRAPH, [Triple(PROVENANCE_GRAPH, _REVISION, value)])

    def replace_graph(self, graph: NamedNode, triples: Sequence[Triple]) -> None:
        """Make the triples the whole content of the graph; only the difference is written. No triples, no graph."""
        new = set(triples)
        self.exchange(graph, self.content(graph), new)
        if not new:
            self.drop_graph(graph)

    def replace_subjects(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """For each subject of the triples, make them all that the graph says with it."""
        new = set(triples)
        old = self.about([t.subject for t in new if isinstance(t.subject, NamedNode)], graph)
        self.exchange(graph, old, new)

    def exchange(self, graph: NamedNode, old: set[Triple], new: set[Triple]) -> None:
        """Put new triples of a graph in the place of old ones that it holds."""
        self.remove(graph, old - new)
        fault("graph-half-replaced")
        self.add(graph, new - old)

    def indexed_hashes(self) -> dict[str, tuple[str, int]]:
        """Content hash and revision of each graph that the store says it shows."""
        hashes: dict[str, str] = {}
        revisions: dict[str, int] = {}
        not_current = {PROVENANCE_GRAPH.value}
        for triple in self.content(PROVENANCE_GRAPH):
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            if not isinstance(subject, NamedNode):
                continue
            if predicate == PROV["specializationOf"]:
                not_current.add(subject.value)
            elif predicate == INFRA["contentHash"] and isinstance(value, Literal):
                hashes[subject.value] = value.value
            elif predicate == _REVISION and isinstance(value, Literal):
                revisions[subject.value] = int(value.value)
        current = hashes.keys() - not_current
        return {graph: (hashes[graph], revisions.get(graph, 0)) for graph in current}


class Graphs(Index):
    """The graphs of a pyoxigraph store that can be written."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def select(self, query: str) -> Table:
        return select(self.store, query)

    def content(self, graph: NamedNode) -> set[Triple]:
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)}

    def about(self, subjects: Collection[NamedNode], graph: NamedNode) -> set[Triple]:
        return {
            quad.triple
            for subject in set(subjects)
            for quad in self.store.quads_for_pattern(subject, None, None, graph)
        }

    def has_type(self, node: NamedNode) -> bool:
        return next(iter(self.store.quads_for_pattern(node, RDF["type"], None, None)), None) is not None

    def replace_graph(self, graph: NamedNode, triples: Sequence[Triple]) -> None:
        new = set(triples)
        # No name for what is iterated over: the frame of an error would keep it, and with it the lock of the store.
        is_new = next(iter(self.store.quads_for_pattern(None, None, None, graph)), None) is None
        if is_new and len(new) >= _BULK:
            self.store.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in new)
            return
        super().replace_graph(graph, triples)

    def drop_graph(self, graph: NamedNode) -> None:
        self.store.remove_graph(graph)

    def add(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Add triples to a graph in one transaction."""
        self.store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    def remove(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        for t in triples:
            self.store.remove(Quad(t.subject, t.predicate, t.object, graph))

    def graph_names(self) -> set[str]:
        return {name.value for name in self.store.named_graphs() if isinstance(name, NamedNode)}

    def leftovers(self) -> set[str]:
        return self.graph_names()
