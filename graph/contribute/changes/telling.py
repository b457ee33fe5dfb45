"""A difference told: as JSON with words and triples, and as lines for a terminal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.contribute.changes.difference import KINDS, Change, Difference, EntityChange, Kind, Told
from graph.contribute.changes.parts import name_of_node
from graph.contribute.changes.wording import Names, Wording
from graph.iris import RDFS, SKOS
from graph.resources import ONTOLOGY, turtle_files
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

MARKS: Final[dict[Kind, str]] = {"added": "+", "removed": "-", "changed": "~"}
"""How a line for a terminal begins."""


class Telling:
    """A difference with the names of what it mentions, ready for any of the nine languages.

    Names come from a snapshot where there is one, else from the ontology and the code lists that ship. What the
    contribution itself calls an entity counts before both.
    """

    def __init__(
        self,
        changes: Difference,
        snapshot: Reader | None = None,
        catalogue: QueryCatalogue | None = None,
        names: Names | None = None,
    ) -> None:
        self._changes = changes
        self._snapshot = snapshot
        self._catalogue = catalogue
        self._given = names

    @cached_property
    def _names(self) -> Names:
        if self._given is not None:
            return self._given
        mentioned = self._changes.mentioned()
        if self._snapshot is None or self._catalogue is None:
            return _shipped_names(mentioned)
        return _stored_names(mentioned, self._snapshot, self._catalogue)

    def as_json(self, language: str) -> dict[str, Any]:
        """Summary, added and removed triples as N-Triples, and for each entity its changes in words and values."""
        changes = self._changes
        wording = Wording(changes, language, self._names)
        return {
            "summary": wording.summary(),
            "counts": {
                "entities": {kind: changes.count(kind) for kind in KINDS},
                "triples": {"added": len(changes.added), "removed": len(changes.removed)},
            },
            "added": [f"{triple} ." for triple in changes.added],
            "removed": [f"{triple} ." for triple in changes.removed],
            "entities": [_entity(entity, wording) for entity in changes.entities],
        }


def as_text(told: Mapping[str, Any]) -> str:
    """What ``Telling.as_json`` tells for a terminal: the summary, then a line for each change, with its mark."""
    return "".join(f"{line}\n" for line in _lines(told))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield told["summary"]
    for entity in told["entities"]:
        if entity["kind"] == "changed" and entity["changes"]:
            for change in entity["changes"]:
                yield f"{MARKS[change['kind']]} {change['text']}"
        else:
            yield f"{MARKS[entity['kind']]} {entity['text']}"


def _entity(entity: EntityChange, wording: Wording) -> dict[str, Any]:
    return {
        "entity": entity.entity.value,
        "label": wording.name(entity.entity.value),
        "kind": entity.kind,
        "types": [{"id": kind.value, "label": wording.name(kind.value)} for kind in entity.types],
        "statements": {"added": len(entity.added), "removed": len(entity.removed)},
        "changes": [_change(entity, change, wording) for change in entity.changes],
        "text": wording.entity(entity),
    }


def _change(entity: EntityChange, change: Change, wording: Wording) -> dict[str, Any]:
    return {
        "path": [step.value for step in change.path],
        "label": wording.property(change),
        "kind": change.kind,
        "old": _told(change.old, wording),
        "new": _told(change.new, wording),
        "text": wording.change(entity, change),
    }


def _told(told: Told | None, wording: Wording) -> dict[str, Any] | None:
    if told is None:
        return None
    if isinstance(told, tuple):
        return {
            "statements": [
                {
                    "path": [step.value for step in statement.path],
                    "label": wording.name(statement.path[-1].value),
                    "value": _told(statement.value, wording),
                }
                for statement in told
            ]
        }
    if isinstance(told, Literal):
        if told.language:
            return {"value": told.value, "language": told.language}
        return {"value": told.value, "datatype": told.datatype.value}
    iri = name_of_node(told)
    return {"id": iri, "label": wording.name(iri)}


def _stored_names(iris: Iterable[str], snapshot: Reader, catalogue: QueryCatalogue) -> Names:
    wanted = [NamedNode(iri) for iri in sorted(iris)]
    rows = snapshot.select(catalogue["browse-label"].bind(entity=wanted)).rows if wanted else []
    return _by_thing((thing, label) for thing, label in rows)


def _shipped_names(iris: frozenset[str]) -> Names:
    return _by_thing(
        (quad.subject, quad.object)
        for path in (turtle_files(ONTOLOGY) if iris else ())
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.predicate in _LABELS and isinstance(quad.subject, NamedNode) and quad.subject.value in iris
    )


_LABELS = (RDFS["label"], SKOS["prefLabel"])


def _by_thing(pairs: Iterable[tuple[object, object]]) -> Names:
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for thing, label in pairs:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            names[thing.value].setdefault(label.language or "", label.value)
    return names
