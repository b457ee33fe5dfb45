"""Derived triples: what matching and browsing need at hand, computed from contributions and code lists.

They live in their own graph, are never uploaded, and are recomputed for the facilities that a change touches:
the capabilities of a facility with its equipment and services, and all broader ones; the regions around it; its
kinds of service and modes of access; its place on the unit sphere.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from graph.geometry import Point
from graph.iris import DERIVED_GRAPH, INFRA, SKOS, XSD
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import EmbeddedEngine, select

_BATCH = 5_000
_PAIRED = {"service": INFRA["anyServiceKind"], "access": INFRA["anyAccessMode"]}
_SPHERE = (INFRA["sphereX"], INFRA["sphereY"], INFRA["sphereZ"])

Ancestors = dict[NamedNode, frozenset[NamedNode]]


class Derivation:
    """Computes and stores derived triples on the live store of an engine."""

    def __init__(self, engine: EmbeddedEngine, catalogue: QueryCatalogue) -> None:
        self._engine = engine
        self._queries = catalogue
        self._ancestors: Ancestors | None = None

    def _select(self, name: str, **values: Sequence[NamedNode]) -> list[tuple[NamedNode, ...]]:
        table = select(self._engine.store, self._queries[f"derive-{name}"].bind(**values))
        return [row for row in table.rows if all(row)]  # type: ignore[misc]

    @property
    def ancestors(self) -> Ancestors:
        """All broader concepts of each concept that has any."""
        if self._ancestors is None:
            self._ancestors = transitive(self._select("broader"))
        return self._ancestors

    def code_lists_changed(self) -> None:
        """Recompute everything: the schemes themselves are new."""
        self._ancestors = None
        closure = (
            Triple(concept, SKOS["broaderTransitive"], broader)
            for concept, all_broader in self.ancestors.items()
            for broader in all_broader
        )
        self._engine.replace_graph(DERIVED_GRAPH, list(closure))
        self.update(facility for (facility,) in self._select("facilities"))

    def touched_by(self, graph: NamedNode) -> set[NamedNode]:
        """The facilities whose derived triples depend on what the graph now holds."""
        return {facility for (facility,) in self._select("touched", graph=[graph])}

    def update(self, facilities: Iterable[NamedNode]) -> None:
        """Bring the derived triples of these facilities up to date."""
        pending = sorted(set(facilities), key=str)
        for start in range(0, len(pending), _BATCH):
            batch = pending[start : start + _BATCH]
            new = set(self._derive(batch))
            old = {
                quad.triple
                for facility in batch
                for quad in self._engine.store.quads_for_pattern(facility, None, None, DERIVED_GRAPH)
            }
            self._engine.remove(DERIVED_GRAPH, old - new)
            self._engine.add(DERIVED_GRAPH, new - old)

    def _derive(self, facilities: Sequence[NamedNode]) -> Iterator[Triple]:
        none: frozenset[NamedNode] = frozenset()
        for facility, capability in self._select("facility-capability", facility=facilities):
            yield Triple(facility, INFRA["anyCapability"], capability)
            yield Triple(facility, INFRA["coversCapability"], capability)
            for broader in self.ancestors.get(capability, none):
                yield Triple(facility, INFRA["coversCapability"], broader)
        table = select(self._engine.store, self._queries["derive-facility-fact"].bind(facility=facilities))
        for facility, fact, value in table.rows:
            if not isinstance(facility, NamedNode) or not isinstance(fact, Literal):
                continue
            if fact.value == "point" and isinstance(value, Literal):
                yield from _sphere(facility, value.value)
            elif fact.value == "region" and isinstance(value, NamedNode):
                yield Triple(facility, INFRA["withinRegion"], value)
                for region in self.ancestors.get(value, none):
                    yield Triple(facility, INFRA["withinRegion"], region)
            elif fact.value in _PAIRED and isinstance(value, NamedNode):
                yield Triple(facility, _PAIRED[fact.value], value)


def _sphere(facility: NamedNode, wkt: str) -> Iterator[Triple]:
    point = Point.from_wkt(wkt)
    if point is not None:
        for predicate, value in zip(_SPHERE, point.on_sphere(), strict=True):
            yield Triple(facility, predicate, Literal(repr(value), datatype=XSD["double"]))


def transitive(pairs: Iterable[tuple[NamedNode, ...]]) -> Ancestors:
    """The transitive closure of (narrower, broader) pairs; a cycle contributes its members once."""
    direct: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for narrower, broader in pairs:
        direct[narrower].add(broader)
    closure: Ancestors = {}
    for start in direct:
        found: set[NamedNode] = set()
        queue = list(direct[start])
        while queue:
            concept = queue.pop()
            if concept not in found:
                found.add(concept)
                queue.extend(direct.get(concept, ()))
        closure[start] = frozenset(found - {start})
    return closure
