"""Central facilities: those that share most capabilities with most others.

Facilities and the capabilities that they state make a bipartite graph. In its projection onto the facilities two are
linked where they share a capability, with the number of shared ones as weight (S. P. Borgatti and M. G. Everett,
"Network analysis of 2-mode data", Social Networks 19, 1997). The weighted degree of a facility there, the sum over its
links, is the sum over its capabilities of the number of other facilities that state each: it is computed so, without
the projection, which has as many links as there are pairs.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.match.view import View, node_of, number_of
from graph.store.catalogue import page


@dataclass(frozen=True)
class Central:
    """A facility and its place in the network of shared capabilities."""

    facility: NamedNode
    weight: int
    """Its weighted degree: capabilities shared, summed over the other facilities within the regions."""
    home: tuple[NamedNode, ...]
    """The regions that it is in."""
    reached: tuple[NamedNode, ...]
    """The other regions in which a facility states one of its capabilities."""


def central_facilities(regions: Sequence[NamedNode], view: View, limit: int) -> list[Central]:
    """The most central facilities within regions, by weight and then by IRI; those that share nothing are left out."""
    if not regions or limit < 1:
        return []
    among = sorted(set(regions), key=_iri)
    text = page(view.queries["regions-central"].bind(region=among), limit, 0)
    weights: dict[NamedNode, int] = {}
    for row in view.reader.select(text).dicts():
        (facility,) = node_of(row, "facility")
        weights[facility] = number_of(row, "weight")
    home: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    reached: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for row in view.rows("regions-reach", facility=list(weights), region=among):
        if "home" in row:
            facility, region = node_of(row, "facility", "home")
            home[facility].add(region)
        else:
            facility, region = node_of(row, "facility", "reached")
            reached[facility].add(region)

    def narrowest(several: set[NamedNode]) -> tuple[NamedNode, ...]:
        return tuple(view.scheme.without_implied(sorted(several, key=_iri)))

    return [
        Central(facility, weight, narrowest(home[facility]), narrowest(reached[facility] - home[facility]))
        for facility, weight in weights.items()
    ]


def _iri(node: NamedNode) -> str:
    return node.value
