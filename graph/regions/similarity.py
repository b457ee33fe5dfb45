"""How alike regions are by what their facilities can do.

The measure is a weighted Jaccard index over the whole capability tree. For a region r and a capability c, x_rc is the
share of the region's facilities that state c or a narrower one, among its facilities that state any capability. Each c
weighs as much as it tells: its information content -ln p(c), where p(c) is the share of all facilities that cover it
(P. Resnik, IJCAI 1995). Two regions a and b are then alike by

    sum over c of IC(c) * min(x_ac, x_bc)  /  sum over c of IC(c) * max(x_ac, x_bc)

from 0 (nothing in common) to 1 (the same). On sets this is simGIC: C. Pesquita, D. Faria, H. Bastos, A. Falcão,
F. Couto, "Evaluating GO-based semantic similarity measures", Bio-Ontologies SIG at ISMB/ECCB 2007; and C. Pesquita et
al., "Metrics for GO based protein semantic similarity: a systematic evaluation", BMC Bioinformatics 9 (Suppl 5), S4,
2008. The index on quantities instead of sets is M. Ružička's ("Anwendung mathematisch-statistischer Methoden in der
Geobotanik", Biológia, Bratislava 13, 1958).

A region of which no facility states a capability is like none and unlike none: nothing is known of it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import NamedNode

from graph.match.view import View, number_of

_Row = NDArray[np.float64]


@dataclass(frozen=True)
class Trait:
    """A capability by which two regions are alike, or differ."""

    capability: NamedNode
    content: float
    """Its information content, in nats."""
    one: float
    other: float
    """The share of the described facilities of either region that cover it."""
    part: float
    """What it adds to the likeness (or, of what sets them apart, takes from it): the parts of all add up to it."""


@dataclass(frozen=True)
class Coverage:
    """What the facilities of regions cover, counted once for many regions."""

    counts: Mapping[NamedNode, Mapping[NamedNode, int]]
    """Region to capability to the number of facilities within it that cover it."""
    able: Mapping[NamedNode, int]
    """Region to the number of its facilities that state any capability; without a number where there are none."""
    located: Mapping[NamedNode, int]
    """Region to the number of its facilities, whether or not they state a capability."""
    everywhere: Mapping[NamedNode, int]
    """Capability to the number of all facilities that cover it."""
    total: int
    """All facilities that state any capability."""
    _rows: dict[NamedNode, _Row] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, regions: Iterable[NamedNode], view: View) -> "Coverage":
        """Count for regions, of any level of NUTS, by the query ``regions-coverage``."""
        counts: dict[NamedNode, dict[NamedNode, int]] = defaultdict(dict)
        able: dict[NamedNode, int] = {}
        located: dict[NamedNode, int] = {}
        everywhere: dict[NamedNode, int] = {}
        total = 0
        for row in view.rows_of("regions-coverage", "region", sorted(set(regions), key=_code)):
            region, capability = row.get("region"), row.get("capability")
            if isinstance(region, NamedNode) and isinstance(capability, NamedNode):
                counts[region][capability] = number_of(row, "facilities")
            elif isinstance(region, NamedNode) and "able" in row:
                able[region] = number_of(row, "able")
            elif isinstance(region, NamedNode):
                located[region] = number_of(row, "located")
            elif isinstance(capability, NamedNode):
                everywhere[capability] = number_of(row, "facilities")
            else:
                total = number_of(row, "able")
        return cls(dict(counts), able, located, everywhere, total)

    @cached_property
    def content(self) -> Mapping[NamedNode, float]:
        """The information content of each capability that any facility covers, in nats."""
        return {c: math.log(self.total / number) for c, number in self.everywhere.items() if number}

    def count(self, region: NamedNode, capability: NamedNode) -> int:
        """The facilities of the region that cover a capability; none may also mean that none is described."""
        return self.counts.get(region, {}).get(capability, 0)

    def share(self, region: NamedNode, capability: NamedNode) -> float | None:
        """The share of the region's facilities that cover a capability; None where none states any capability."""
        return self.count(region, capability) / self.able[region] if self.able.get(region) else None

    def similarity(self, one: NamedNode, other: NamedNode) -> float | None:
        """How alike two regions are, 0 to 1, the same both ways; None where nothing is known of either."""
        if not self.able.get(one) or not self.able.get(other):
            return None
        row, others = self._row(one), self._row(other)
        either = float(np.maximum(row, others).sum())
        # All is 0 only where both cover just what every facility covers: then they are the same.
        return float(np.minimum(row, others).sum()) / either if either else 1.0

    def shared(self, one: NamedNode, other: NamedNode, limit: int | None = None) -> list[Trait]:
        """The capabilities that make two regions alike, those that add most first; the parts add up to the likeness."""
        if not self.able.get(one) or not self.able.get(other):
            return []
        return self._traits(one, other, np.minimum(self._row(one), self._row(other)), limit)

    def apart(self, one: NamedNode, other: NamedNode, limit: int | None = None) -> list[Trait]:
        """The capabilities that set two regions apart, the most telling first; the parts add up to 1 - likeness."""
        if not self.able.get(one) or not self.able.get(other):
            return []
        return self._traits(one, other, np.abs(self._row(one) - self._row(other)), limit)

    def common(self, regions: Sequence[NamedNode], limit: int | None = None) -> list[tuple[NamedNode, float]]:
        """What all of several regions cover, with the least share among them; what tells most first."""
        if not regions or not all(self.able.get(region) for region in regions):
            return []
        least = np.minimum.reduce([self._row(region) for region in regions])
        order = np.argsort(-least, kind="stable")[: np.count_nonzero(least)][:limit].tolist()
        return [
            (code, min(self.count(region, code) / self.able[region] for region in regions))
            for code in (self._capabilities[i] for i in order)
        ]

    def _traits(self, one: NamedNode, other: NamedNode, parts: _Row, limit: int | None) -> list[Trait]:
        """The capabilities with a part, the largest first; those with as much stay in the order of their codes."""
        either = float(np.maximum(self._row(one), self._row(other)).sum())
        order = np.argsort(-parts, kind="stable")[: np.count_nonzero(parts)][:limit].tolist()
        return [
            Trait(
                self._capabilities[i],
                self.content[self._capabilities[i]],
                self.count(one, self._capabilities[i]) / self.able[one],
                self.count(other, self._capabilities[i]) / self.able[other],
                float(parts[i]) / either,
            )
            for i in order
        ]

    @cached_property
    def _capabilities(self) -> list[NamedNode]:
        """What the columns of the rows stand for."""
        return sorted(self.everywhere, key=_code)

    @cached_property
    def _column(self) -> Mapping[NamedNode, int]:
        return {capability: i for i, capability in enumerate(self._capabilities)}

    def _row(self, region: NamedNode) -> _Row:
        """Share times information content of each capability in the region."""
        if region not in self._rows:
            row = np.zeros(len(self._column))
            for capability, number in self.counts[region].items():
                row[self._column[capability]] = self.content[capability] * (number / self.able[region])
            self._rows[region] = row
        return self._rows[region]


def _code(node: NamedNode) -> str:
    return node.value
