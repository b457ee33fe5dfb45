"""Networks of regions: how alike they are, who has what another lacks, and which belong together.

Two kinds of link: *similarity*, the same both ways, from a threshold on (``graph.regions.similarity``); and
*complementarity*, directed from the region that lacks to the one that has (``graph.regions.complementarity``).
Centrality is the weighted degree in the network of similarity: the sum of the likenesses of a region's links.
Groups are the communities of that network by the Louvain method (V. D. Blondel, J.-L. Guillaume, R. Lambiotte,
E. Lefebvre, "Fast unfolding of communities in large networks", J. Stat. Mech. P10008, 2008) as networkx has it, with a
fixed seed and the regions in the order of their codes, so that the same data give the same groups. Modularity
(M. E. J. Newman, M. Girvan, Physical Review E 69, 026113, 2004) says how well they are told apart: near 0, not at all.

Regions of which one lies around the other are not linked: they share facilities.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Final

import networkx as nx
from pyoxigraph import NamedNode

from graph.match.view import View
from graph.regions.complementarity import Complement, Needs
from graph.regions.similarity import Coverage

SEED: Final = 1
"""The seed of the Louvain method."""
LEAST_SIMILARITY: Final = 0.15
"""How alike two regions are at least to be linked, where nobody says otherwise."""


@dataclass(frozen=True)
class Likeness:
    """Two regions that are alike at least as much as the threshold asks; the first has the lower code."""

    one: NamedNode
    other: NamedNode
    value: float


@dataclass(frozen=True)
class Supply:
    """A region that lacks something, and one that has it."""

    lacking: NamedNode
    having: NamedNode
    complement: Complement


@dataclass(frozen=True)
class Network:
    """Regions and the links between them."""

    regions: tuple[NamedNode, ...]
    coverage: Coverage
    needs: Needs
    likenesses: tuple[Likeness, ...]
    supplies: tuple[Supply, ...]

    @classmethod
    def read(
        cls,
        regions: Iterable[NamedNode],
        view: View,
        least: float = LEAST_SIMILARITY,
        least_filled: float = 0.0,
    ) -> "Network":
        """The network of regions of any level of NUTS: pairs alike at least so much, and gaps filled to at least such a
        share; where either is 0, what is known and above 0."""
        ordered = tuple(sorted(set(regions), key=_iri))
        coverage = Coverage.read(ordered, view)
        needs = Needs.read(ordered, coverage, view)
        none: frozenset[NamedNode] = frozenset()
        around = {region: view.scheme.ancestors.get(region, none) for region in ordered}
        apart = [
            (one, other)
            for one, other in permutations(ordered, 2)
            if one not in around[other] and other not in around[one]
        ]
        alike = [
            Likeness(one, other, coverage.similarity(one, other) or 0.0)
            for one, other in apart
            if one.value < other.value
        ]
        filled = [Supply(one, other, needs.complement(one, other)) for one, other in apart]
        return cls(
            ordered,
            coverage,
            needs,
            tuple(link for link in alike if link.value > 0 and link.value >= least),
            tuple(
                link for link in filled if (value := link.complement.value or 0) > 0 and value >= least_filled
            ),
        )

    @cached_property
    def graph(self) -> nx.Graph:
        """The network of similarity; regions of which no facility states a capability are not in it.

        Nodes are positions in ``regions``: the order of sets of whole numbers is the same in every process.
        """
        built = nx.Graph()
        built.add_nodes_from(i for i, region in enumerate(self.regions) if self.coverage.able.get(region))
        position = {region: i for i, region in enumerate(self.regions)}
        built.add_weighted_edges_from(
            (position[link.one], position[link.other], link.value) for link in self.likenesses
        )
        return built

    @cached_property
    def groups(self) -> tuple[tuple[NamedNode, ...], ...]:
        """Regions that belong together, the largest group first, then by code; a region without a link is alone."""
        found = nx.community.louvain_communities(self.graph, weight="weight", seed=SEED)
        named = [tuple(self.regions[i] for i in sorted(group)) for group in found]
        return tuple(sorted(named, key=lambda group: (-len(group), group[0].value)))

    @cached_property
    def modularity(self) -> float | None:
        """How well the groups are told apart; None where there is no link."""
        if not self.likenesses:
            return None
        position = {region: i for i, region in enumerate(self.regions)}
        parts = [{position[region] for region in group} for group in self.groups]
        return float(nx.community.modularity(self.graph, parts, weight="weight"))

    @cached_property
    def centrality(self) -> dict[NamedNode, float]:
        """The sum of the likenesses of each region's links; without those of which nothing is known."""
        return {self.regions[i]: float(degree) for i, degree in self.graph.degree(weight="weight")}

    @cached_property
    def neighbours(self) -> dict[NamedNode, int]:
        """The number of regions that each is linked with by similarity."""
        return {self.regions[i]: degree for i, degree in self.graph.degree()}


def _iri(node: NamedNode) -> str:
    return node.value
