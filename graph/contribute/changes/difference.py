"""What differs between two versions of a contribution: as triples, and by entity as values added, removed and changed.

Unnamed nodes have names that follow from their content (``graph.contribute.reading.blank_nodes``): a town that
changes gives its site another name. The parts are therefore compared by what they say, and the town is the only
change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from typing import Literal as Choice

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.changes.pairing import paired_parts, paired_values
from graph.contribute.changes.parts import Owners, Part, Path, Statement, Term, Version, below, name_of_node
from graph.iris import DCT, FOAF, GENID, RDF, RDFS, SCHEMA, SKOS

Kind = Choice["added", "removed", "changed"]

KINDS: Final[tuple[Kind, ...]] = ("added", "changed", "removed")
NAMING: Final = (DCT["title"], SKOS["prefLabel"], RDFS["label"], FOAF["name"], SCHEMA["name"])
"""Properties that name an entity, the most usual first."""

Told = Term | tuple[Statement, ...]
"""A value, or all that a part says."""


@dataclass(frozen=True)
class Setting:
    """The part that a change is in, where there are several like it: its path, and what it still says."""

    path: Path
    shared: tuple[Statement, ...]


@dataclass(frozen=True)
class Change:
    """One value, or one part as a whole, that was added, removed or changed."""

    path: Path
    kind: Kind
    old: Told | None
    new: Told | None
    setting: Setting | None = None


@dataclass(frozen=True)
class EntityChange:
    """An entity that differs. Its triples are those of ``Difference`` that belong to it or to its parts.

    ``changes`` is empty where only the names of its parts differ, not what they say.
    """

    entity: NamedNode
    kind: Kind
    old_labels: tuple[Literal, ...]
    new_labels: tuple[Literal, ...]
    types: tuple[NamedNode, ...]
    changes: tuple[Change, ...]
    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]

    @property
    def labels(self) -> tuple[Literal, ...]:
        """What it is called now, or was called where it is no more."""
        return self.new_labels or self.old_labels


@dataclass(frozen=True)
class Difference:
    """Triples of the new version that the old one lacks, those of the old that the new one lacks, and by entity."""

    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]
    entities: tuple[EntityChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def count(self, kind: Kind) -> int:
        """How many entities were added, removed or changed."""
        return sum(entity.kind == kind for entity in self.entities)

    def mentioned(self) -> frozenset[str]:
        """IRIs that a telling of the difference needs names for: entities, kinds, properties, and values."""
        found: set[str] = set()
        for entity in self.entities:
            found.add(entity.entity.value)
            found.update(kind.value for kind in entity.types)
            for change in entity.changes:
                found.update(_named(change.path, (change.old, change.new)))
                if change.setting:
                    found.update(_named(change.setting.path, (change.setting.shared,)))
        return frozenset(iri for iri in found if iri not in GENID)


def _named(path: Path, told: Iterable[Told | None]) -> Iterator[str]:
    yield from (step.value for step in path)
    for value in told:
        if isinstance(value, NamedNode):
            yield value.value
        elif isinstance(value, tuple):
            for statement in value:
                yield from _named(statement.path, (statement.value,))


def difference(old: Sequence[Triple], new: Sequence[Triple]) -> Difference:
    """What the new version of a contribution says that the old one does not, and the other way round.

    Unnamed nodes must have been given IRIs (``graph.contribute.reading.blank_nodes.skolemise``). The order
    is always the same.
    """
    olds, news = frozenset(old), frozenset(new)
    added = tuple(sorted(news - olds, key=str))
    removed = tuple(sorted(olds - news, key=str))
    if not (added or removed):
        return Difference((), (), ())
    owned_before, owned_after = Owners(old), Owners(new)
    gains: dict[str, list[Triple]] = defaultdict(list)
    losses: dict[str, list[Triple]] = defaultdict(list)
    for triple in added:
        gains[owned_after.of(name_of_node(triple.subject))].append(triple)
    for triple in removed:
        losses[owned_before.of(name_of_node(triple.subject))].append(triple)
    entities = {*gains, *losses}
    before, after = Version(old, owned_before, entities), Version(new, owned_after, entities)
    return Difference(
        added,
        removed,
        tuple(_entity(iri, before, after, tuple(gains[iri]), tuple(losses[iri])) for iri in sorted(entities)),
    )


def _entity(
    iri: str, before: Version, after: Version, added: tuple[Triple, ...], removed: tuple[Triple, ...]
) -> EntityChange:
    kind: Kind = "changed" if iri in before and iri in after else "added" if iri in after else "removed"
    current = before if kind == "removed" else after
    types = {t.object for t in current.about(iri) if t.predicate == RDF["type"]}
    return EntityChange(
        NamedNode(iri),
        kind,
        _labels(before, iri),
        _labels(after, iri),
        tuple(sorted((t for t in types if isinstance(t, NamedNode)), key=lambda t: t.value)),
        tuple(sorted(_changes(before.tree(iri), after.tree(iri), (), None), key=_order)),
        added,
        removed,
    )


def _labels(version: Version, iri: str) -> tuple[Literal, ...]:
    """The names of an entity by the first naming property that it has."""
    found: dict[NamedNode, list[Literal]] = defaultdict(list)
    for _, predicate, value in version.about(iri):
        if predicate in NAMING and isinstance(value, Literal):
            found[predicate].append(value)
    first = next((found[naming] for naming in NAMING if naming in found), [])
    return tuple(sorted(first, key=str))


def _changes(old: Part, new: Part, path: Path, setting: Setting | None) -> Iterator[Change]:
    old_parts, new_parts = _iris(old), _iris(new)
    for step in {*old.values, *new.values}:
        here = (*path, step)
        was = _without(old.values.get(step, frozenset()), new_parts)
        now = _without(new.values.get(step, frozenset()), old_parts)
        for gone, come in paired_values(was, now):
            yield Change(here, _kind(gone, come), gone, come, setting)
    for place in {*old.parts, *new.parts}:
        here = (*path, *below(place, ()))
        left, right = old.parts.get(place, ()), new.parts.get(place, ())
        several = len(left) > 1 or len(right) > 1
        for lost, found in paired_parts(left, right):
            if lost and found:
                if lost.said != found.said:
                    inner = Setting(here, _shared(lost, found)) if several and place else setting
                    yield from _changes(lost, found, here, inner)
            else:
                gone_part = lost.statements if lost else None
                new_part = found.statements if found else None
                yield Change(here, _kind(gone_part, new_part), gone_part, new_part, setting)


def _kind(old: Told | None, new: Told | None) -> Kind:
    return "added" if old is None else "removed" if new is None else "changed"


def _iris(part: Part) -> frozenset[str]:
    return frozenset(inner.iri for parts in part.parts.values() for inner in parts)


def _without(values: Iterable[Term], parts: frozenset[str]) -> list[Term]:
    """Values without mentions of what the other version tells as a part."""
    return [value for value in values if not (isinstance(value, NamedNode) and value.value in parts)]


def _shared(old: Part, new: Part) -> tuple[Statement, ...]:
    return tuple(statement for statement in old.statements if statement in new.said)


def _order(change: Change) -> tuple[bool, list[str], str, str]:
    """Names first, then by path and value."""
    is_name = bool(change.path) and change.path[0] in NAMING
    return not is_name, [step.value for step in change.path], _sortable(change.old), _sortable(change.new)


def _sortable(told: Told | None) -> str:
    if isinstance(told, tuple):
        return "\n".join(str(statement.value) for statement in told)
    return "" if told is None else str(told)
