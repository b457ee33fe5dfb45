"""What a contribution is checked against beside itself: code lists, regions, terms, and entities of others.

Only what the contribution mentions is put beside it, so that checking stays as fast as the contribution is small.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from graph.iris import CODELIST, DCT, GEO, ID, INFRA, NACE, NUTS, OWL, RDF, RDFS, SHAPES, SKOS
from graph.resources import DATA, ONTOLOGY, turtle_files

_KEPT = {
    SKOS["inScheme"],
    OWL["deprecated"],
    DCT["isReplacedBy"],
    INFRA["nutsLevel"],
    GEO["hasGeometry"],
    GEO["asWKT"],
    RDFS["isDefinedBy"],
}
_TYPE = RDF["type"]
_SUBCLASS = RDFS["subClassOf"]

Types = Mapping[NamedNode, frozenset[NamedNode]]


class Reference:
    """The ontology and the code lists, indexed by subject, and the types of known entities."""

    def __init__(self, ontology: Path = ONTOLOGY, data: Path = DATA) -> None:
        self._about: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._always: list[Triple] = []
        for path in turtle_files(ontology):
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                if quad.predicate in _KEPT and isinstance(quad.subject, NamedNode):
                    self._about[quad.subject].append(quad.triple)
                elif quad.predicate == _SUBCLASS and isinstance(quad.object, NamedNode):
                    self._always.append(quad.triple)
        self._shipped = _entity_types(
            quad.triple
            for path in turtle_files(data)
            for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        )

    def about(self, node: NamedNode) -> list[Triple]:
        """What the ontology and the code lists say of a term or code, as far as rules need it."""
        return self._about.get(node, [])

    def entities(
        self, kinds: Iterable[NamedNode], snapshot: Store | None = None, replacing: NamedNode | None = None
    ) -> set[NamedNode]:
        """The known entities of some classes and the classes below them."""
        wanted = set(kinds)
        narrower = {
            t.subject for t in self._always if t.object in wanted and isinstance(t.subject, NamedNode)
        }
        wanted |= narrower
        if snapshot is None:
            return {node for node, types in self._shipped.items() if types & wanted}
        return {
            quad.subject
            for kind in wanted
            for quad in snapshot.quads_for_pattern(None, _TYPE, kind, None)
            if isinstance(quad.subject, NamedNode) and quad.graph_name != replacing
        }

    @staticmethod
    def is_vocabulary(triple: Triple) -> bool:
        """Whether a statement defines a term or a code of ours, or what the reference says of a code of others."""
        subject = triple.subject
        if not isinstance(subject, NamedNode):
            return False
        if any(subject.value in own for own in (INFRA, CODELIST, SHAPES)):
            return True
        return triple.predicate in _KEPT and any(subject.value in list_ for list_ in (NUTS, NACE))

    def beside(
        self, triples: Iterable[Triple], snapshot: Store | None = None, replacing: NamedNode | None = None
    ) -> Iterator[Triple]:
        """The reference triples that belong beside a contribution.

        Entities that it refers to are looked up in the snapshot of a running service, else in what ships. What stands
        only in the graph that the contribution replaces will be gone, so it does not count.
        """
        yield from self._always
        mentioned: set[NamedNode] = set()
        described: set[NamedNode] = set()
        for triple in triples:
            mentioned.add(triple.predicate)
            if isinstance(triple.subject, NamedNode):
                described.add(triple.subject)
            if isinstance(triple.object, NamedNode):
                mentioned.add(triple.object)
        pending = list(mentioned | described)
        seen: set[NamedNode] = set()
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            for triple in self._about.get(node, ()):
                yield triple
                if triple.predicate == GEO["hasGeometry"] and isinstance(triple.object, NamedNode):
                    pending.append(triple.object)
        for node in mentioned - described:
            if node.value in ID:
                for kind in self._types(node, snapshot, replacing):
                    yield Triple(node, _TYPE, kind)

    def _types(
        self, node: NamedNode, snapshot: Store | None, replacing: NamedNode | None
    ) -> Iterable[NamedNode]:
        if snapshot is None:
            return self._shipped.get(node, ())
        return {
            quad.object
            for quad in snapshot.quads_for_pattern(node, _TYPE, None, None)
            if isinstance(quad.object, NamedNode) and quad.graph_name != replacing
        }


def _entity_types(triples: Iterable[Triple]) -> Types:
    types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for triple in triples:
        if (
            triple.predicate == _TYPE
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, NamedNode)
        ):
            types[triple.subject].add(triple.object)
    return {node: frozenset(kinds) for node, kinds in types.items()}
