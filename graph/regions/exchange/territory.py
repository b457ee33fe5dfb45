"""How regions stand to each other in NUTS, and what is stated for a region or for what is around or within it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import INFRA
from graph.match.view import Statement, View, needing, node_of

HERE: Final = "here"
WITHIN: Final = "within"
AROUND: Final = "around"


@dataclass(frozen=True)
class Territory:
    """Regions as NUTS orders them; a code of an older NUTS stands for the one that replaced it."""

    _around: Mapping[NamedNode, frozenset[NamedNode]]
    _replaced: Mapping[NamedNode, NamedNode]

    @classmethod
    def of(cls, view: View) -> "Territory":
        """The regions of a state of the code lists."""
        return cls(view.scheme.ancestors, view.scheme.replaced)

    def around(self, region: NamedNode) -> list[NamedNode]:
        """The regions that a region is in, the nearest first."""
        found = self._around.get(self._now(region), frozenset())
        return sorted(found, key=lambda one: (-len(self._around.get(one, ())), one.value))

    def place(self, place: NamedNode, region: NamedNode) -> str | None:
        """How a place stands to a region: it is the region, within it, or around it; None where neither."""
        there, here = self._now(place), self._now(region)
        if there == here:
            return HERE
        if here in self._around.get(there, ()):
            return WITHIN
        return AROUND if there in self._around.get(here, ()) else None

    def inside(self, place: NamedNode, region: NamedNode) -> bool:
        """Whether a place is the region or within it."""
        return self.place(place, region) in {HERE, WITHIN}

    def _now(self, region: NamedNode) -> NamedNode:
        return self._replaced.get(region, region)


@dataclass(frozen=True)
class Strategy:
    """What the priorities of a region need: capabilities with the statements that say so."""

    region: NamedNode
    sources: tuple[NamedNode, ...]
    """The regions whose priorities these are: the region, else the nearest one around it, else those within it."""
    capabilities: Mapping[NamedNode, tuple[Statement, ...]]

    @property
    def priorities(self) -> Mapping[NamedNode, tuple[NamedNode, ...]]:
        """Each capability with the priorities that need it."""
        return {
            one: tuple(value for _, prop, value in statements if prop == INFRA["hasS3Priority"])
            for one, statements in self.capabilities.items()
        }


class Strategies:
    """The priorities of all regions, and what they need."""

    def __init__(self, view: View, territory: Territory) -> None:
        self._territory = territory
        self._stated: dict[NamedNode, dict[NamedNode, set[Statement]]] = defaultdict(lambda: defaultdict(set))
        for row in view.rows("regions-exchange-priorities"):
            region, priority = node_of(row, "region", "priority")
            capabilities = self._stated[region]
            capability = row.get("capability")
            if isinstance(capability, NamedNode):
                capabilities[capability].update(needing(region, priority, capability))
        self._known: dict[NamedNode, Strategy] = {}

    def of(self, region: NamedNode) -> Strategy:
        """What the priorities of a region need; where it states none, those of the nearest region around it that does,
        else those of the regions within it."""
        if region not in self._known:
            sources = self._sources(region)
            found: dict[NamedNode, set[Statement]] = defaultdict(set)
            for source in sources:
                for capability, statements in self._stated[source].items():
                    found[capability] |= statements
            self._known[region] = Strategy(
                region,
                sources,
                {
                    one: tuple(sorted(found[one], key=str))
                    for one in sorted(found, key=lambda node: node.value)
                },
            )
        return self._known[region]

    def _sources(self, region: NamedNode) -> tuple[NamedNode, ...]:
        stated = sorted(self._stated, key=lambda node: node.value)
        for one in (region, *self._territory.around(region)):
            if here := [at for at in stated if self._territory.place(at, one) == HERE]:
                return tuple(here)
        return tuple(at for at in stated if self._territory.inside(at, region))


class Instruments:
    """The kinds of policy instruments that hold in regions: those stated for it, for regions within or around it."""

    def __init__(self, view: View, territory: Territory) -> None:
        self._territory = territory
        self._stated: dict[NamedNode, set[tuple[NamedNode, NamedNode]]] = defaultdict(set)
        for row in view.rows("regions-exchange-instruments"):
            instrument, region, kind = node_of(row, "instrument", "region", "kind")
            self._stated[region].add((kind, instrument))
        self._kinds: dict[NamedNode, dict[NamedNode, tuple[Statement, ...]]] = {}

    def kinds(self, region: NamedNode) -> Mapping[NamedNode, tuple[Statement, ...]]:
        """Each kind with the statements by which an instrument of it holds in the region."""
        if region not in self._kinds:
            found: dict[NamedNode, set[Statement]] = defaultdict(set)
            for stated, several in self._stated.items():
                if self._territory.place(stated, region):
                    for kind, instrument in several:
                        found[kind].add((instrument, INFRA["policyInstrumentKind"], kind))
                        found[kind].add((instrument, INFRA["inRegion"], stated))
            self._kinds[region] = {
                kind: tuple(sorted(found[kind], key=str))
                for kind in sorted(found, key=lambda node: node.value)
            }
        return self._kinds[region]


class Organisations:
    """Which organisations belong to a region: its stakeholders, and those stated to be there."""

    def __init__(self, view: View, territory: Territory) -> None:
        self._territory = territory
        self._regions: dict[NamedNode, set[tuple[NamedNode, Statement]]] = defaultdict(set)
        for row in view.rows("regions-exchange-organisations"):
            organisation, region = node_of(row, "organisation", "region")
            how = row.get("how")
            is_stakeholder = isinstance(how, Literal) and how.value == "stakeholder"
            statement = (
                (region, INFRA["hasStakeholder"], organisation)
                if is_stakeholder
                else (organisation, INFRA["inRegion"], region)
            )
            self._regions[organisation].add((region, statement))

    def regions(self, organisations: Iterable[NamedNode]) -> list[NamedNode]:
        """The regions of organisations, by code."""
        found = {region for one in organisations for region, _ in self._regions.get(one, ())}
        return sorted(found, key=lambda node: node.value)

    def ties(self, organisation: NamedNode, region: NamedNode) -> list[Statement]:
        """The statements by which an organisation belongs to a region, or to one within or around it."""
        found = self._regions.get(organisation, ())
        return sorted((said for at, said in found if self._territory.place(at, region)), key=str)

    def belongs(self, organisation: NamedNode, region: NamedNode) -> bool:
        """Whether an organisation belongs to a region, or to one within or around it."""
        return bool(self.ties(organisation, region))
