"""One entity: every statement about it and its parts, with names for people and what points to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graph.browse.inverse import Inverse, read_inverse
from graph.iris import BASE, CODELIST, CODELISTS_GRAPH, GENID, ID, KINDS, RDF, SYSTEM_GRAPHS, compact
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_HIDDEN = {graph for graph in SYSTEM_GRAPHS if graph != CODELISTS_GRAPH}
"""Graphs that say nothing of entities that partners or code lists do not say."""

PAGES: Final[Mapping[str, str]] = {**KINDS, "s3-priority": "s3-priorities"}
"""Kinds of entity that have pages, with the first part of their address; priorities are listed with their regions."""


@dataclass(frozen=True)
class Entity:
    """An entity with its statements in their graphs, names of what they mention, and what points to it."""

    iri: NamedNode
    quads: tuple[Quad, ...]
    names: Mapping[str, Mapping[str, str]]
    inverse: Inverse
    naming: tuple[Triple, ...]

    def triples(self) -> list[Triple]:
        """What contributions say of it, what points to it, and what the things in these are called."""
        said = (*(quad.triple for quad in self.quads), *self.inverse.triples(self.iri), *self.naming)
        return list(dict.fromkeys(said))

    def name(self, iri: str, language: str) -> str:
        """The name of a thing in a language, in English, in any, or its shortened IRI."""
        texts = self.names.get(iri, {})
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "") or compact(iri)

    def objects(self, prop: NamedNode, subject: NamedNode | None = None) -> list[NamedNode | Literal]:
        """The values of a property of the entity, or of one of its parts; each once."""
        of = subject or self.iri
        values = [q.object for q in self.quads if q.predicate == prop and q.subject == of]
        return list(dict.fromkeys(v for v in values if isinstance(v, NamedNode | Literal)))

    def as_json(self, language: str) -> dict[str, Any]:
        """The entity as plain JSON: values by property, parts nested."""
        about: dict[str, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            about[_value(quad.subject)].append(quad)

        def node(iri: str, depth: int) -> dict[str, Any]:
            properties: dict[str, list[Any]] = defaultdict(list)
            for quad in about[iri]:
                key = compact(quad.predicate.value)
                value = quad.object
                if isinstance(value, NamedNode):
                    is_part = value.value in about and value != self.iri and depth < 4
                    entry: Any = (
                        node(value.value, depth + 1)
                        if is_part
                        else {"id": value.value, "label": self.name(value.value, language)}
                    )
                elif isinstance(value, Literal) and value.language:
                    entry = {"value": value.value, "language": value.language}
                else:
                    entry = {"value": _value(value), "datatype": compact(value.datatype.value)}  # type: ignore[union-attr]
                if entry not in properties[key]:
                    properties[key].append(entry)
            return {"id": iri, **properties} if iri not in GENID else dict(properties)

        return {
            "label": self.name(self.iri.value, language),
            "graphs": sorted({_value(q.graph_name) for q in self.quads}),
            **node(self.iri.value, 0),
            "inverse": [
                {"subject": subject, "property": compact(p), "label": self.name(subject, language)}
                for subject, p in self.inverse.pairs
            ],
            "inverse_total": self.inverse.total,
            "next": self.inverse.after,
        }


def read_entity(iri: NamedNode, reader: Reader, queries: QueryCatalogue, after: str = "") -> Entity | None:
    """The entity with this IRI, or ``None`` where nothing mentions it.

    Of what points to it there is one page, that begins after a key. Of an entity that is mentioned only, all statements
    that mention it are shown, those about contributions too.
    """
    quads = []
    for row in reader.select(queries["browse-entity"].bind(entity=[iri])).rows:
        subject, predicate, value, graph = row
        if isinstance(graph, NamedNode) and graph not in _HIDDEN:
            quads.append(Quad(subject, predicate, value, graph))  # type: ignore[arg-type]
    quads.sort(key=lambda q: (q.predicate != RDF["type"], str(q.subject), str(q.predicate), str(q.object)))
    inverse = read_inverse(iri, reader, queries, after, ID.base if quads else BASE)
    if not quads and not inverse.total:
        return None
    mentioned = {
        _value(t) for q in quads for t in (q.subject, q.predicate, q.object) if isinstance(t, NamedNode)
    }
    mentioned |= {iri for pair in inverse.pairs for iri in pair}
    names = names_of(mentioned, reader, queries)
    return Entity(iri, tuple(quads), names, inverse, tuple(_naming(quads, inverse, reader, queries)))


def _naming(quads: Iterable[Quad], inverse: Inverse, reader: Reader, queries: QueryCatalogue) -> list[Triple]:
    """The statements that name the values of an entity and what points to it."""
    stated = {quad.subject for quad in quads}
    wanted = {q.object for q in quads if isinstance(q.object, NamedNode) and q.predicate != RDF["type"]}
    wanted |= {NamedNode(subject) for subject, _ in inverse.pairs}
    known = [node for node in sorted(wanted - stated, key=str) if isinstance(node, NamedNode)]
    return sorted(reader.construct(queries["browse-names"].bind(entity=known)), key=str) if known else []


def names_of(iris: Iterable[str], reader: Reader, queries: QueryCatalogue) -> dict[str, dict[str, str]]:
    """Names of things by IRI and language."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    wanted = [NamedNode(iri) for iri in sorted(iris) if iri not in GENID]
    if wanted:
        for entity, label in reader.select(queries["browse-label"].bind(entity=wanted)).rows:
            if isinstance(entity, NamedNode) and isinstance(label, Literal):
                names[entity.value].setdefault(label.language or "", label.value)
    return names


def address(iri: str) -> str | None:
    """The page of an entity of ours: ``…/id/facility/x`` is at ``/facilities/x``; so are those of concepts."""
    if iri in CODELIST:
        scheme, _, notation = iri.removeprefix(CODELIST.base).partition("/")
        return f"/codelists/{scheme}/{notation}" if notation and "/" not in notation else None
    if iri not in ID:
        return None
    kind, _, slug = iri.removeprefix(ID.base).partition("/")
    return f"/{PAGES[kind]}/{slug}" if kind in PAGES and slug else None


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
