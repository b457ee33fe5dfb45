"""What stands around an entity: things tied to it, facilities like it, practices and policy instruments about it.

Every query begins at the entity or at a class with few members and ends at a limit, so that a page takes as long with a
hundred thousand facilities as with a hundred.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import Entity
from graph.browse.listing import CLASSES
from graph.iris import BASE, INFRA
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

COMMON: Final = 500
"""A capability of more facilities than these says little about how alike two are, and is not compared."""
ALIKE: Final = 6
TIED: Final = 200
"""Things that are looked up of those tied to one by a property."""
_ANY: Final = INFRA["anyCapability"]

Told = Mapping[tuple[str, str], Sequence[Term]]
"""Values by subject and property."""


@dataclass(frozen=True)
class Alike:
    """A facility like another one, and the capabilities that both state, the rarest first."""

    facility: NamedNode
    shared: tuple[NamedNode, ...]


@dataclass(frozen=True)
class Around:
    """Looks at one state of the dataset."""

    reader: Reader
    queries: QueryCatalogue

    def told(self, subjects: Iterable[NamedNode], properties: Sequence[NamedNode]) -> Told:
        """The values of properties of things."""
        found: dict[tuple[str, str], list[Term]] = defaultdict(list)
        wanted = sorted(set(subjects), key=lambda node: node.value)
        if wanted:
            query = self.queries["browse-told"].bind(subject=wanted, property=properties)
            for subject, prop, value in self.reader.select(query).rows:
                if isinstance(subject, NamedNode) and isinstance(prop, NamedNode) and value is not None:
                    found[subject.value, prop.value].append(value)
        for several in found.values():
            several.sort(key=str)
        return found

    def tied(self, entity: Entity, prop: NamedNode) -> list[NamedNode]:
        """The things that have the entity as the value of a property, at most two hundred."""
        if entity.inverse.is_whole:
            return [NamedNode(subject) for subject, p in entity.inverse.pairs if p == prop.value]
        return self.tied_to(entity.iri, prop)

    def tied_to(self, node: NamedNode, prop: NamedNode, space: str = BASE) -> list[NamedNode]:
        """The same of a node whose entity is not read; only things whose addresses begin with a text."""
        query = self.queries["browse-tied"].bind(property=[prop], entity=[node], space=[Literal(space)])
        return sorted(nodes(row[0] for row in self.reader.select(query).rows), key=lambda one: one.value)

    def capabilities(self, facility: NamedNode) -> list[NamedNode]:
        """What a facility can do, on its own or by its equipment and services."""
        return nodes(self.told([facility], [_ANY]).get((facility.value, _ANY.value), ()))

    def alike(self, facility: NamedNode, capabilities: Iterable[NamedNode]) -> list[Alike]:
        """The facilities that share most with one, each shared capability counting by its rarity."""
        shared: dict[NamedNode, list[tuple[float, NamedNode]]] = defaultdict(list)
        for capability in capabilities:
            rows = self.reader.select(self.queries["browse-capable"].bind(capability=[capability])).rows
            if len(rows) > COMMON:
                continue
            weight = 1 / math.log2(1 + len(rows)) if rows else 0.0
            for other in nodes(row[0] for row in rows):
                if other != facility:
                    shared[other].append((weight, capability))
        best = sorted(shared.items(), key=lambda item: (-sum(w for w, _ in item[1]), item[0].value))
        return [
            Alike(other, tuple(c for _, c in sorted(ties, key=lambda tie: (-tie[0], tie[1].value))))
            for other, ties in best[:ALIKE]
        ]

    def practices(self, capabilities: Sequence[NamedNode]) -> dict[NamedNode, list[NamedNode]]:
        """Practices that name capabilities, with those that each names; the one that names most comes first."""
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        if capabilities:
            query = self.queries["browse-practices-about"].bind(capability=capabilities)
            for practice, capability in self.reader.select(query).rows:
                if isinstance(practice, NamedNode) and isinstance(capability, NamedNode):
                    found[practice].append(capability)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0].value)))

    def instruments(self, regions: Sequence[NamedNode]) -> dict[NamedNode, str]:
        """Policy instruments that hold in regions, with the end of each; empty where it is not stated."""
        if not regions:
            return {}
        query = self.queries["browse-instruments-of"].bind(
            region=regions, **{"class": CLASSES["policy-instruments"]}
        )
        found: dict[NamedNode, str] = {}
        for instrument, _, end in self.reader.select(query).rows:
            if isinstance(instrument, NamedNode):
                found[instrument] = end.value if isinstance(end, Literal) else ""
        return dict(sorted(found.items(), key=lambda item: item[0].value))


def nodes(terms: Iterable[Term | None]) -> list[NamedNode]:
    """Those of the terms that are IRIs."""
    return [one for one in terms if isinstance(one, NamedNode)]
