"""One version of a contribution as a tree for each entity: its values, and its parts with theirs.

A part is an unnamed node or ``…#fragment`` of an entity: a site, an access offer, a range. Unnamed nodes belong to the
first entity that leads to them; where none does, they stand for themselves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.entities import entity_of
from graph.iris import GENID

Term = NamedNode | BlankNode | Literal | Triple
Path = tuple[NamedNode, ...]
"""Properties from an entity through its parts to a value."""

MAX_DEPTH: Final = 12
"""Parts in parts; what lies deeper is told as a part of its own, so that no path grows without end."""


@dataclass(frozen=True)
class Statement:
    """A value and the path to it, from the part that says it."""

    path: Path
    value: Term


@dataclass(frozen=True)
class Part:
    """What is said of an entity or a part of it. Parts under the path ``None`` are mentioned nowhere."""

    iri: str
    values: Mapping[NamedNode, frozenset[Term]] = field(default_factory=dict)
    parts: Mapping[NamedNode | None, Sequence["Part"]] = field(default_factory=dict)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All values, also those of its parts, in a stable order."""
        found = [Statement((step,), value) for step, values in self.values.items() for value in values]
        for step, parts in self.parts.items():
            for part in parts:
                found.extend(Statement(below(step, s.path), s.value) for s in part.statements)
        return tuple(sorted(found, key=_order))

    @cached_property
    def said(self) -> frozenset[Statement]:
        return frozenset(self.statements)


def below(step: NamedNode | None, path: Path) -> Path:
    """The path that goes on from a step; parts that are mentioned nowhere have none."""
    return path if step is None else (step, *path)


def _order(statement: Statement) -> tuple[list[str], str]:
    return [step.value for step in statement.path], str(statement.value)


def name_of_node(node: Term) -> str:
    """The IRI of a node; of any other term, how it is written."""
    return node.value if isinstance(node, NamedNode) else str(node)


class _Walk:
    """The way through an entity: nodes come once, and those that lie too deep wait."""

    def __init__(self, entity: str) -> None:
        self.entity = entity
        self.seen = {entity}
        self.below_limit: list[str] = []


class Owners:
    """Which entity each node of a version belongs to."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        leads: dict[str, list[str]] = defaultdict(list)
        unnamed = GENID.base
        for triple in triples:
            value = triple.object
            if isinstance(value, NamedNode):
                iri = value.value
                if iri.startswith(unnamed):
                    leads[name_of_node(triple.subject)].append(iri)
        self._known = _owners(leads)

    def of(self, node: str) -> str:
        """The entity of a node; an unnamed one that nothing leads to is its own."""
        owner = self._known.get(node)
        if owner is None:
            owner = self._known[node] = node if node in GENID else entity_of(node)
        return owner


class Version:
    """What one version says of some entities."""

    def __init__(self, triples: Iterable[Triple], owners: Owners, entities: Collection[str]) -> None:
        self._owners = owners
        self._about: dict[str, list[Triple]] = defaultdict(list)
        for triple in triples:
            node = name_of_node(triple.subject)
            if owners.of(node) in entities:
                self._about[node].append(triple)
        self._nodes: dict[str, list[str]] = defaultdict(list)
        for node in self._about:
            self._nodes[owners.of(node)].append(node)

    def __contains__(self, entity: str) -> bool:
        return entity in self._nodes

    def about(self, entity: str) -> Iterator[Triple]:
        """What is said of the entity itself, not of its parts."""
        return iter(self._about.get(entity, ()))

    def tree(self, entity: str) -> Part:
        """The entity with its parts; empty where this version says nothing of it."""
        walk = _Walk(entity)
        whole = self._part(entity, walk, 0)
        loose = []
        for node in walk.below_limit:  # which grows on the way
            loose.append(self._part(node, walk, 1))
        for node in sorted(self._nodes.get(entity, ())):
            if node not in walk.seen:
                walk.seen.add(node)
                loose.append(self._part(node, walk, 1))
        return Part(entity, whole.values, {**whole.parts, None: loose}) if loose else whole

    def _part(self, node: str, walk: "_Walk", depth: int) -> Part:
        values: dict[NamedNode, set[Term]] = defaultdict(set)
        parts: dict[NamedNode | None, list[Part]] = defaultdict(list)
        for _, step, value in sorted(self._about.get(node, ()), key=str):
            iri = value.value if isinstance(value, NamedNode) else ""
            if iri in walk.seen or not self._belongs(iri, walk.entity):
                values[step].add(value)
                continue
            walk.seen.add(iri)
            if depth < MAX_DEPTH:
                parts[step].append(self._part(iri, walk, depth + 1))
            else:
                values[step].add(value)
                walk.below_limit.append(iri)
        return Part(node, {step: frozenset(found) for step, found in values.items()}, parts)

    def _belongs(self, iri: str, entity: str) -> bool:
        return bool(iri) and iri != entity and self._owners.of(iri) == entity


def _owners(leads: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The entity of each node that leads to unnamed ones, and of each that something leads to."""
    owners: dict[str, str] = {}
    led_to = {node for nodes in leads.values() for node in nodes}
    named = sorted((entity_of(node), node) for node in leads if node not in GENID)
    unnamed = sorted((node in led_to, node) for node in leads if node in GENID)
    for owner, start in (*named, *((node, node) for _, node in unnamed)):
        if start in owners:
            continue
        owners[start] = owner
        queue = [start]
        while queue:
            for node in leads.get(queue.pop(), ()):
                if node not in owners:
                    owners[node] = owner
                    queue.append(node)
    return owners
