"""Derived triples: what matching and browsing need at hand, computed from contributions and code lists.

They live in their own graph, are never uploaded, and are recomputed for the facilities that a change touches:
the capabilities of a facility with its equipment and services, and all broader ones; the regions around it; its
kinds of service and modes of access; its place on the unit sphere (of one site, where it has several: three
coordinates that are not of one point would be a place where nothing is).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from graph.geometry import Point
from graph.iris import CODELIST, DERIVED_GRAPH, INFRA, SKOS, XSD
from graph.store.answers import Table
from graph.store.catalogue import QueryCatalogue
from graph.store.graphs import Index

_BATCH = 5_000
_PLANNED = CODELIST["equipment-status/planned"]
_SPHERE = (INFRA["sphereX"], INFRA["sphereY"], INFRA["sphereZ"])

Ancestors = dict[NamedNode, frozenset[NamedNode]]


class Derivation:
    """Computes the derived triples of a store's graphs and stores them among these."""

    def __init__(self, graphs: Index, catalogue: QueryCatalogue) -> None:
        self._graphs = graphs
        self._queries = catalogue
        self._ancestors: Ancestors | None = None

    def _table(self, name: str, **values: Sequence[NamedNode]) -> Table:
        return self._graphs.select(self._queries[f"derive-{name}"].bind(**values))

    def _select(self, name: str, **values: Sequence[NamedNode]) -> list[tuple[NamedNode, ...]]:
        """Rows in which all terms are IRIs."""
        return [row for row in self._table(name, **values).rows if all(isinstance(t, NamedNode) for t in row)]  # type: ignore[misc]

    def schemes_changed(self, before: Ancestors) -> bool:
        """Read the concept schemes again and tell whether what is broader than what is other than before."""
        self._ancestors = None
        return self.ancestors != before

    @property
    def ancestors(self) -> Ancestors:
        """All broader concepts of each concept that has any."""
        if self._ancestors is None:
            self._ancestors = transitive(self._select("broader"))
        return self._ancestors

    def recompute(self) -> None:
        """Bring all derived triples up to date: the schemes are new, or it is not known what changed."""
        self._graphs.replace_graph(DERIVED_GRAPH, list(self.all()))

    def all(self) -> Iterator[Triple]:
        """All triples that follow from the contributions and the code lists now."""
        self._ancestors = None
        for concept, all_broader in self.ancestors.items():
            for broader in all_broader:
                yield Triple(concept, SKOS["broaderTransitive"], broader)
        facilities = [facility for (facility,) in self._select("facilities")]
        for start in range(0, len(facilities), _BATCH):
            yield from self._derive(facilities[start : start + _BATCH])

    def touched_by(self, graph: NamedNode) -> set[NamedNode]:
        """The facilities whose derived triples depend on what the graph now holds."""
        return {facility for (facility,) in self._select("touched", graph=[graph])}

    def update(self, facilities: Iterable[NamedNode]) -> None:
        """Bring the derived triples of these facilities up to date."""
        pending = sorted(set(facilities), key=str)
        for start in range(0, len(pending), _BATCH):
            batch = pending[start : start + _BATCH]
            known = [facility for (facility,) in self._select("known-facilities", facility=batch)]
            new = set(self._derive(known)) if known else set()
            old = self._graphs.about(batch, DERIVED_GRAPH)
            self._graphs.exchange(DERIVED_GRAPH, old, new)

    def _derive(self, facilities: Sequence[NamedNode]) -> Iterator[Triple]:
        none: frozenset[NamedNode] = frozenset()
        table = self._table("facility-capability", facility=facilities)
        for facility, capability, status in table.rows:
            if (
                status == _PLANNED
                or not isinstance(facility, NamedNode)
                or not isinstance(capability, NamedNode)
            ):
                continue
            yield Triple(facility, INFRA["anyCapability"], capability)
            yield Triple(facility, INFRA["coversCapability"], capability)
            for broader in self.ancestors.get(capability, none):
                yield Triple(facility, INFRA["coversCapability"], broader)
        points: dict[NamedNode, str] = {}
        for facility, region, service, access, point in self._table(
            "facility-fact", facility=facilities
        ).rows:
            if not isinstance(facility, NamedNode):
                continue
            if isinstance(point, Literal) and Point.from_wkt(point.value):
                points[facility] = min(points.get(facility, point.value), point.value)
            if isinstance(region, NamedNode):
                yield Triple(facility, INFRA["withinRegion"], region)
                for around in self.ancestors.get(region, none):
                    yield Triple(facility, INFRA["withinRegion"], around)
            if isinstance(service, NamedNode):
                yield Triple(facility, INFRA["anyServiceKind"], service)
            if isinstance(access, NamedNode):
                yield Triple(facility, INFRA["anyAccessMode"], access)
        for facility, wkt in points.items():
            yield from _sphere(facility, wkt)


def _sphere(facility: NamedNode, wkt: str) -> Iterator[Triple]:
    point = Point.from_wkt(wkt)
    if point is not None:
        for predicate, value in zip(_SPHERE, point.on_sphere(), strict=True):
            yield Triple(facility, predicate, Literal(repr(value), datatype=XSD["double"]))


def transitive(pairs: Iterable[tuple[NamedNode, ...]]) -> Ancestors:
    """The transitive closure of (narrower, broader) pairs; a cycle contributes its members once."""
    direct: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for narrower, concept in pairs:
        direct[narrower].add(concept)
    closure: Ancestors = {}
    for start, broader in direct.items():
        found: set[NamedNode] = set()
        queue = list(broader)
        while queue:
            concept = queue.pop()
            if concept not in found:
                found.add(concept)
                queue.extend(direct.get(concept, ()))
        closure[start] = frozenset(found - {start})
    return closure
