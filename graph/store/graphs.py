"""The graphs of a store and what is done with them: replaced, dropped, compared, and brought to a revision."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graph.iris import INFRA, PROV, PROVENANCE_GRAPH, XSD
from graph.store.fault import fault

_REVISION = INFRA["revision"]
_BULK = 20_000
"""From this number of triples on, writing files of their own is faster than the log: that costs 50 ms to begin with."""


class Graphs:
    """The graphs of a store that can be written."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def revision(self) -> int:
        """The revision that the store was last brought to."""
        for quad in self.store.quads_for_pattern(PROVENANCE_GRAPH, _REVISION, None, PROVENANCE_GRAPH):
            if isinstance(quad.object, Literal):
                return int(quad.object.value)
        return 0

    def set_revision(self, revision: int) -> None:
        """Say which ledger revision the store now shows."""
        value = Literal(str(revision), datatype=XSD["integer"])
        self.replace_subject(PROVENANCE_GRAPH, PROVENANCE_GRAPH, [Triple(PROVENANCE_GRAPH, _REVISION, value)])

    def replace_graph(self, graph: NamedNode, triples: Sequence[Triple]) -> None:
        """Make the triples the whole content of the graph; only the difference is written. No triples, no graph."""
        old = self.content(graph)
        new = set(triples)
        if not old and len(new) >= _BULK:
            self.store.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in new)
            return
        self.remove(graph, old - new)
        fault("graph-half-replaced")
        self.add(graph, new - old)
        if not new:
            self.store.remove_graph(graph)

    def drop_graph(self, graph: NamedNode) -> None:
        """Remove the graph with all it holds."""
        self.store.remove_graph(graph)

    def add(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Add triples to a graph in one transaction."""
        self.store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    def remove(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Remove triples from a graph."""
        for t in triples:
            self.store.remove(Quad(t.subject, t.predicate, t.object, graph))

    def replace_subject(self, subject: NamedNode, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Make the triples all that a graph says with this subject."""
        old = {quad.triple for quad in self.store.quads_for_pattern(subject, None, None, graph)}
        new = set(triples)
        self.remove(graph, old - new)
        self.add(graph, new - old)

    def replace_subjects(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """For each subject of the triples, make them all that the graph says with it."""
        new: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in triples:
            new[triple.subject].append(triple)  # type: ignore[index]
        for subject, about in new.items():
            self.replace_subject(subject, graph, about)

    def indexed_hashes(self) -> dict[str, tuple[str, int]]:
        """Content hash and revision of each graph that the store says it shows."""
        hashes: dict[str, str] = {}
        revisions: dict[str, int] = {}
        for quad in self.store.quads_for_pattern(None, None, None, PROVENANCE_GRAPH):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                if quad.predicate == INFRA["contentHash"]:
                    hashes[quad.subject.value] = quad.object.value
                elif quad.predicate == _REVISION:
                    revisions[quad.subject.value] = int(quad.object.value)
        of_versions = self.store.quads_for_pattern(None, PROV["specializationOf"], None, PROVENANCE_GRAPH)
        for name in [PROVENANCE_GRAPH.value, *(str(quad.subject).strip("<>") for quad in of_versions)]:
            hashes.pop(name, None)
        return {graph: (sha256, revisions.get(graph, 0)) for graph, sha256 in hashes.items()}

    def content(self, graph: NamedNode) -> set[Triple]:
        """All triples of a graph as the store holds them."""
        return {quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)}

    def graph_names(self) -> set[str]:
        """The names of all graphs in the store."""
        return {name.value for name in self.store.named_graphs() if isinstance(name, NamedNode)}
