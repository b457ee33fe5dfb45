"""What a contribution is checked against beside itself: code lists, regions, terms, and entities of others.

Only what the contribution mentions is put beside it, so that checking stays as fast as the contribution is small.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from graph.iris import (
    BASE,
    CODELIST,
    DCT,
    DERIVED_GRAPH,
    GENID,
    GEO,
    ID,
    INFRA,
    NUTS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SHAPES,
    SKOS,
    VOID,
)
from graph.resources import DATA, ONTOLOGY, turtle_files

VOCABULARY_FOREIGN: Final = "graph-vocabulary-foreign"
SYSTEM_SUBJECT: Final = "graph-system-subject"

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
_SCHEME = SKOS["ConceptScheme"]
_RESOURCE = RDFS["Resource"]
_LED_TO = {GEO["hasGeometry"], DCT["isReplacedBy"]}
_BASE = BASE.removesuffix("/")
_OPEN = (ID.base, GENID.base)
"""Addresses of ours that a contribution describes: entities and their parts."""
_DEFINED = tuple(own.base[:-1] for own in (INFRA, SHAPES, CODELIST))
_STANDARD = (
    *(base for base in PREFIXES.values() if not base.startswith((BASE, NUTS.base))),
    VOID.base,
    "http://data.europa.eu/8mn/euroscivoc/",
    "http://publications.europa.eu/resource/authority/",
    "http://qudt.org/vocab/",
    "http://purl.org/dc/",
    "http://purl.org/linked-data/cube#",
    "http://schema.org/",
    "http://www.opengis.net/ont/",
    "http://www.w3.org/ns/ssn/",
    "http://xmlns.com/foaf/",
)
"""Vocabularies and code lists that all share."""

Types = Mapping[NamedNode, frozenset[NamedNode]]


class Reference:
    """The ontology and the code lists, indexed by subject, and the types of known entities."""

    def __init__(self, ontology: Path = ONTOLOGY, data: Path = DATA) -> None:
        self._about: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._always: list[Triple] = []
        for path in turtle_files(ontology):
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                if isinstance(quad.subject, NamedNode) and (
                    quad.predicate in _KEPT or quad.object == _SCHEME
                ):
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
    def kept_out_by(triple: Triple) -> str | None:
        """The rule that a statement breaks by what it is about; ``None`` where it is about something of the partner's.

        Terms and codes belong to the ontology and the code lists, other addresses of ours to the service, and the
        terms of standard vocabularies to those. What the reference says of a NUTS code is left to the code list.
        """
        subject = triple.subject
        if not isinstance(subject, NamedNode) or subject.value.startswith(_OPEN):
            return None
        if subject.value in NUTS:
            return VOCABULARY_FOREIGN if triple.predicate in _KEPT else None
        if subject.value.startswith(_STANDARD):
            return SYSTEM_SUBJECT
        if _is_defined(subject.value):
            return VOCABULARY_FOREIGN
        ours = subject.value == _BASE or subject.value.startswith((_BASE + "/", _BASE + "#", _BASE + "?"))
        return SYSTEM_SUBJECT if ours else None

    @classmethod
    def is_vocabulary(cls, triple: Triple) -> bool:
        """Whether a statement is about something that no partner describes, so that it must not be taken for true."""
        return cls.kept_out_by(triple) is not None

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
                if triple.predicate in _LED_TO and isinstance(triple.object, NamedNode):
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
        types = {
            quad.object
            for quad in snapshot.quads_for_pattern(node, _TYPE, None, None)
            if isinstance(quad.object, NamedNode) and quad.graph_name != replacing
        }
        if types:
            return types
        elsewhere = snapshot.quads_for_pattern(node, None, None, None)
        described = any(quad.graph_name not in (replacing, DERIVED_GRAPH) for quad in elsewhere)
        # An entity may lack a class of its own. It is known all the same, and everything is a resource.
        return (_RESOURCE,) if described else ()


def _entity_types(triples: Iterable[Triple]) -> Types:
    types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            known = types[triple.subject]
            if triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
                known.add(triple.object)
    return {node: frozenset(kinds or {_RESOURCE}) for node, kinds in types.items()}


def _is_defined(iri: str) -> bool:
    """Whether an address of ours is that of a term, a rule or a code, or of what holds them."""
    return any(iri == base or iri.startswith((base + "#", base + "/")) for base in _DEFINED)
