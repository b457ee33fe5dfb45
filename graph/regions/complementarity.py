"""My gap, your surplus: what a region's priorities need, no facility within it covers, and another region has.

A gap of a region is a capability that one of its smart-specialisation priorities needs (``infra:priorityCapability``)
and that no facility described within it covers. Another region fills it where a facility there covers it. The value is
directed, from the region that lacks to the one that has: the share of the gaps that the other fills, each gap weighed
by its rarity,

    -ln((n + 1) / (N + 2)),

where n of all N facilities that state any capability cover it. The two more are P. S. de Laplace's rule of succession:
a capability that nobody covers yet counts as the rarest of all, and one that all cover as a little more than nothing.

Who states no priority with capabilities has unknown gaps, and a region of which no facility states a capability may
have anything: both leave the value open, which is not 0.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pyoxigraph import NamedNode

from graph.match.view import View, node_of
from graph.regions.similarity import Coverage

State = Literal["known", "no-priorities", "no-gaps", "not-described"]
"""Whether there is a value; where there is none, why: the region that lacks states no priority with capabilities, it
lacks nothing, or no facility of the other one states a capability."""


@dataclass(frozen=True)
class Filled:
    """A gap that another region fills."""

    capability: NamedNode
    priorities: tuple[NamedNode, ...]
    """The priorities of the region that lacks it."""
    facilities: int
    """How many facilities of the other region cover it."""
    rarity: float


@dataclass(frozen=True)
class Complement:
    """What one region lacks and another has."""

    value: float | None
    """The rarity-weighted share of the gaps that are filled, 0 to 1; none where it is not known, see the state."""
    state: State
    filled: tuple[Filled, ...]
    """The gaps that the other region fills, the rarest first."""
    open: tuple[NamedNode, ...]
    """The gaps that the other region does not fill either."""


@dataclass(frozen=True)
class Needs:
    """What the priorities of regions need, and which of it is there."""

    coverage: Coverage
    needed: Mapping[NamedNode, Mapping[NamedNode, tuple[NamedNode, ...]]]
    """Region to capability to the priorities that need it."""
    _gaps: dict[NamedNode, tuple[NamedNode, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, regions: Iterable[NamedNode], coverage: Coverage, view: View) -> "Needs":
        """Read the priorities of regions that the coverage counts, by the query ``regions-needs``."""
        found: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
        for row in view.rows_of("regions-needs", "region", sorted(set(regions), key=_iri)):
            if "capability" in row:
                region, priority, capability = node_of(row, "region", "priority", "capability")
                found[region][capability].add(priority)
        return cls(
            coverage,
            {
                region: {
                    c: tuple(sorted(priorities, key=_iri))
                    for c, priorities in sorted(needs.items(), key=_key)
                }
                for region, needs in found.items()
            },
        )

    def gaps(self, region: NamedNode) -> tuple[NamedNode, ...] | None:
        """What the region's priorities need and no facility within it covers, by code; None where it is not known."""
        if region not in self.needed:
            return None
        if region not in self._gaps:
            needed = self.needed[region]
            self._gaps[region] = tuple(c for c in needed if not self.coverage.count(region, c))
        return self._gaps[region]

    def rarity(self, capability: NamedNode) -> float:
        """How much a gap weighs: more, the fewer facilities anywhere cover it; above 0."""
        covering = self.coverage.everywhere.get(capability, 0)
        return math.log((self.coverage.total + 2) / (covering + 1))

    def complement(self, lacking: NamedNode, having: NamedNode) -> Complement:
        """What the first region lacks and the second has."""
        gaps = self.gaps(lacking)
        if gaps is None:
            return Complement(None, "no-priorities", (), ())
        if not gaps:
            return Complement(None, "no-gaps", (), ())
        if not self.coverage.able.get(having):
            return Complement(None, "not-described", (), gaps)
        needed = self.needed[lacking]
        filled = [
            Filled(c, needed[c], count, self.rarity(c))
            for c in gaps
            if (count := self.coverage.count(having, c))
        ]
        value = math.fsum(one.rarity for one in filled) / math.fsum(self.rarity(c) for c in gaps)
        found = {one.capability for one in filled}
        return Complement(
            value,
            "known",
            tuple(sorted(filled, key=lambda one: -one.rarity)),
            tuple(c for c in gaps if c not in found),
        )

    def mutual(self, one: NamedNode, other: NamedNode) -> tuple[Complement, Complement]:
        """Both directions: what the first lacks and the second has, and what the second lacks and the first has."""
        return self.complement(one, other), self.complement(other, one)


def _iri(node: NamedNode) -> str:
    return node.value


def _key(pair: tuple[NamedNode, object]) -> str:
    return pair[0].value
