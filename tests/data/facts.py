"""The researched facts beside what the shipped graph says of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from graph.iris import ID, RDF

Record = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """The JSON files of researched facts."""

    folder: Path

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    @property
    def facilities(self) -> list[Record]:
        return list(self._read("facilities"))

    @property
    def instruments(self) -> list[Record]:
        return list(self._read("policy-instruments"))

    @property
    def practices(self) -> list[Record]:
        return list(self._read("practices"))

    @property
    def regions(self) -> list[Record]:
        return list(self._read("regions"))

    @property
    def project(self) -> Record:
        return dict(self._read("project"))

    @property
    def events(self) -> list[Record]:
        return list(self.project["events"])

    @property
    def plans(self) -> list[Record]:
        return list(self.project["action_plans"])


@dataclass(frozen=True)
class Shipped:
    """The shipped graph, read by subject and property."""

    store: Store

    def of_type(self, *kinds: NamedNode) -> set[NamedNode]:
        found = {
            quad.subject for kind in kinds for quad in self.store.quads_for_pattern(None, RDF["type"], kind)
        }
        return {node for node in found if isinstance(node, NamedNode)}

    def objects(self, subject: Any, *path: NamedNode) -> list[Any]:
        """What a path of properties leads to."""
        nodes = [subject]
        for predicate in path:
            nodes = [q.object for n in nodes for q in self.store.quads_for_pattern(n, predicate, None)]
        return nodes

    def links(self, predicate: NamedNode, value: NamedNode | None = None) -> list[Quad]:
        """All statements with a property, and with a value if one is given."""
        return list(self.store.quads_for_pattern(None, predicate, value))

    def prose(self, subject: Any) -> list[str]:
        """All texts of an entity and of its unnamed parts that are tagged with a language."""
        found: list[str] = []
        for quad in self.store.quads_for_pattern(subject, None, None):
            if isinstance(quad.object, Literal) and quad.object.language:
                found.append(quad.object.value)
            elif isinstance(quad.object, BlankNode):
                found.extend(self.prose(quad.object))
        return found

    def texts(self, subject: Any, *path: NamedNode, language: str | None = None) -> list[str]:
        found = [node for node in self.objects(subject, *path) if isinstance(node, Literal)]
        return [text.value for text in found if language in (None, text.language)]

    def iris(self, subject: Any, *path: NamedNode) -> set[str]:
        return {node.value for node in self.objects(subject, *path) if isinstance(node, NamedNode)}

    def notation(self, subject: Any, *path: NamedNode) -> str | None:
        """The last part of the code list entry that a path leads to."""
        found = {iri.rsplit("/", 1)[-1] for iri in self.iris(subject, *path)}
        assert len(found) <= 1, (subject, found)
        return next(iter(found), None)


def entity(kind: str, slug: str) -> NamedNode:
    return ID[f"{kind}/{slug}"]


def slugs(nodes: set[NamedNode]) -> set[str]:
    return {node.value.rsplit("/", 1)[-1] for node in nodes}


def urls(record: Record) -> set[str]:
    """The addresses of a record's sources, without percent signs for other scripts."""
    return {unquote(source["url"]) for source in record["sources"]}
