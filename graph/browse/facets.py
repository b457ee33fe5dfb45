"""Facets: by what a selection can be narrowed, with how many entities would remain."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.browse.entity import names_of
from graph.browse.listing import CLASSES, FILTERS, scheme
from graph.iris import INFRA, NUTS
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_KEPT: Final = 24
"""How many lists are kept; those of one revision are fewer."""
_CLOSED: Final = frozenset({INFRA["coversCapability"], INFRA["withinRegion"]})
"""Properties that hold for all that is broader, too: of these one level is shown at a time."""
_COUNTRY: Final = 2

Ancestors = Mapping[NamedNode, AbstractSet[NamedNode]]


@dataclass(frozen=True)
class Choice:
    """A value that a selection can be narrowed to, and how many entities would remain."""

    value: NamedNode
    count: int


@dataclass(frozen=True)
class Facet:
    """A filter of a list: its name, the code list of its values, and those that leave something, most first."""

    name: str
    codes: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Held:
    """For one list of one revision: the entities that each value of each filter has, and the names of all values."""

    entities: Mapping[NamedNode, Mapping[NamedNode, frozenset[NamedNode]]]
    names: Mapping[str, Mapping[str, str]]
    described: frozenset[NamedNode] = frozenset()
    """The regions that partners describe."""

    @property
    def members(self) -> frozenset[NamedNode]:
        """All entities that have a value of any filter."""
        return frozenset().union(*(having for values in self.entities.values() for having in values.values()))

    def by_scheme(self, listing: str) -> dict[NamedNode, Mapping[NamedNode, frozenset[NamedNode]]]:
        """For each code list that the list is filtered by, the entities that each concept has."""
        ties = {scheme(codes): tie for tie, codes in FILTERS.get(listing, {}).values()}
        return {codes: self.entities.get(tie, {}) for codes, tie in ties.items()}

    def meeting(self, filters: Iterable[tuple[NamedNode, NamedNode]]) -> frozenset[NamedNode] | None:
        """The entities that have all of the property and value pairs; nothing where there are none to meet."""
        sets = [self.entities.get(tie, {}).get(value, frozenset()) for tie, value in filters]
        return frozenset.intersection(*sets) if sets else None

    def facets(
        self,
        listing: str,
        selected: Collection[NamedNode],
        chosen: Sequence[tuple[str, NamedNode]],
        ancestors: Ancestors,
    ) -> list[Facet]:
        """The facets of a selection, those without a choice left out."""
        rest = frozenset(selected)
        facets = []
        for name, (tie, codes) in FILTERS.get(listing, {}).items():
            taken = {value for other, value in chosen if other == name}
            counts = {
                value: count
                for value, having in self.entities.get(tie, {}).items()
                if (count := len(rest & having)) and value not in taken and _fits(name, value)
            }
            if tie in _CLOSED:
                counts = _level(name, counts, taken, ancestors)
            ordered = sorted(
                counts.items(), key=lambda one: (one[0] not in self.described, -one[1], self._sorting(one[0]))
            )
            if ordered:
                facets.append(Facet(name, codes, tuple(Choice(value, count) for value, count in ordered)))
        return facets

    def name(self, value: NamedNode, language: str) -> tuple[str, str]:
        """What a value is called, in the language where it can be, and the language of that."""
        texts = self.names.get(value.value, {})
        for code in (language, "en", "", *sorted(texts)):
            if texts.get(code):
                return texts[code], code
        return value.value.rsplit("/", 1)[-1], ""

    def _sorting(self, value: NamedNode) -> str:
        return self.name(value, "en")[0].casefold()


def _fits(name: str, value: NamedNode) -> bool:
    """Whether a place is of the filter: countries have one of their own."""
    if name not in {"country", "region"} or not value.value.startswith(NUTS.base):
        return True
    is_country = len(value.value) == len(NUTS.base) + _COUNTRY
    return is_country if name == "country" else not is_country


def _level(
    name: str, counts: Mapping[NamedNode, int], taken: AbstractSet[NamedNode], ancestors: Ancestors
) -> dict[NamedNode, int]:
    """Of values that have narrower ones the topmost (of regions all), or those directly below what is chosen."""
    none: frozenset[NamedNode] = frozenset()
    above = {wide for value in taken for wide in ancestors.get(value, none)}
    inside = {
        value: count
        for value, count in counts.items()
        if value not in above and (not taken or taken & ancestors.get(value, none))
    }
    if name == "country" or (name == "region" and not taken):
        return inside
    return {
        value: count
        for value, count in inside.items()
        if not any(a in inside for a in ancestors.get(value, none))
    }


class Facets:
    """Reads what lists can be narrowed by, and keeps it for the revisions asked about last."""

    def __init__(self, queries: QueryCatalogue) -> None:
        self._queries = queries
        self._kept: OrderedDict[tuple[int, str], Held] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, listing: str, reader: Reader) -> Held:
        """What a list of a state holds by the values of its filters."""
        key = (reader.revision, listing)
        with self._lock:  # who comes first reads it, for all who wait
            held = self._kept.get(key)
            if held is None:
                held = self._kept[key] = self._read(listing, reader)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return held

    def _read(self, listing: str, reader: Reader) -> Held:
        ties = list(dict.fromkeys(tie for tie, _ in FILTERS.get(listing, {}).values()))
        found: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
        if ties and CLASSES[listing]:
            bound = self._queries["browse-held"].bind(**{"class": CLASSES[listing]}, property=ties)
            for tie, value, entity in reader.select(bound).rows:
                if (
                    isinstance(tie, NamedNode)
                    and isinstance(value, NamedNode)
                    and isinstance(entity, NamedNode)
                ):
                    found[tie][value].add(entity)
        values = {value.value for several in found.values() for value in several}
        regions = {row[0] for row in reader.select(self._queries["browse-regions"].text).rows}
        return Held(
            {
                tie: {value: frozenset(several) for value, several in values_.items()}
                for tie, values_ in found.items()
            },
            names_of(values, reader, self._queries),
            frozenset(one for one in regions if isinstance(one, NamedNode)),
        )
