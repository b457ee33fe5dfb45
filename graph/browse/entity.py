"""One entity: every statement about it and its parts, with names for people and what points to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graph.iris import CODELISTS_GRAPH, GENID, ID, KINDS, RDF, SYSTEM_GRAPHS, compact
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import Reader

_HIDDEN = {graph for graph in SYSTEM_GRAPHS if graph != CODELISTS_GRAPH}
"""Graphs that say nothing of entities that partners or code lists do not say."""


@dataclass(frozen=True)
class Entity:
    """An entity with its statements in their graphs, names of what they mention, and what points to it."""

    iri: NamedNode
    quads: tuple[Quad, ...]
    names: Mapping[str, Mapping[str, str]]
    inverse: tuple[tuple[str, str], ...]

    def triples(self) -> list[Triple]:
        """What contributions say, without what is derived."""
        return list(dict.fromkeys(q.triple for q in self.quads))

    def name(self, iri: str, language: str) -> str:
        """The name of a thing in a language, in English, in any, or its shortened IRI."""
        texts = self.names.get(iri, {})
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "") or compact(iri)

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
                for subject, p in self.inverse
            ],
        }


def read_entity(iri: NamedNode, reader: Reader, queries: QueryCatalogue) -> Entity | None:
    """The entity with this IRI, or ``None`` where nothing is said of it."""
    quads = []
    for row in reader.select(queries["browse-entity"].bind(entity=[iri])).rows:
        subject, predicate, value, graph = row
        if isinstance(graph, NamedNode) and graph not in _HIDDEN:
            quads.append(Quad(subject, predicate, value, graph))  # type: ignore[arg-type]
    if not quads:
        return None
    quads.sort(key=lambda q: (q.predicate != RDF["type"], str(q.subject), str(q.predicate), str(q.object)))
    inverse = []
    for subject, predicate in reader.select(queries["browse-inverse"].bind(entity=[iri])).rows:
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and subject.value in ID:
            inverse.append((subject.value, predicate.value))
    mentioned = {
        _value(t) for q in quads for t in (q.subject, q.predicate, q.object) if isinstance(t, NamedNode)
    }
    mentioned |= {iri for pair in inverse for iri in pair}
    return Entity(iri, tuple(quads), names_of(mentioned, reader, queries), tuple(sorted(set(inverse))))


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
    """The page of an entity of ours: ``…/id/facility/x`` is at ``/facilities/x``."""
    if iri not in ID:
        return None
    kind, _, slug = iri.removeprefix(ID.base).partition("/")
    return f"/{KINDS[kind]}/{slug}" if kind in KINDS and slug else None


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
