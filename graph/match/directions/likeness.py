"""Which facilities are alike: by what they can do.

The likeness of two facilities is the best-match average of their capabilities (C. Pesquita et al., "Semantic Similarity
in Biomedical Ontologies", PLoS Computational Biology 5(7), 2009): for each capability of either the Lin similarity of
the nearest one of the other, averaged over each facility's own, and then over both.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import XSD
from graph.match.scheme import CAPABILITY, Scheme
from graph.match.view import View, node_of

LEAST: Final = 0.3
"""The likeness from which on facilities count as alike; docs/directions.md tells how it was chosen."""
MOST: Final = 30
"""How many like facilities count at most: the most alike."""
_NEAR: Final = 0.35
"""Similarity of capabilities below which they do not count as near each other."""
_COMPARED: Final = 300
"""Facilities that are compared in both ways: those that do most of what the facility does."""


@dataclass(frozen=True)
class Like:
    """A facility that is like another one, from 0 to 1."""

    facility: NamedNode
    likeness: float


def like_facilities(facility: NamedNode, view: View) -> list[Like]:
    """The facilities that are like this one, the most alike first; none where it states no capability."""
    own = _abilities([facility], view)[facility]
    scheme = view.scheme
    near = [
        (one, other, Literal(f"{similarity:.6f}", datatype=XSD["decimal"]))
        for one in own
        for other in sorted(scheme.in_scheme[CAPABILITY], key=lambda node: node.value)
        if (similarity := scheme.similarity(one, other)) >= _NEAR
    ]
    sums: dict[NamedNode, float] = defaultdict(float)
    for row in view.rows("directions-alike", alike=near):
        best = row["best"]
        other = row["facility"]
        if isinstance(other, NamedNode) and isinstance(best, Literal) and other != facility:
            sums[other] += float(best.value)
    compared = sorted(sums, key=lambda other: (-sums[other], other.value))[:_COMPARED]
    abilities = _abilities(compared, view)
    likes = [Like(other, likeness(own, abilities[other], scheme)) for other in compared]
    likes = [like for like in likes if like.likeness >= LEAST]
    return sorted(likes, key=lambda like: (-like.likeness, like.facility.value))[:MOST]


def likeness(some: Iterable[NamedNode], others: Iterable[NamedNode], scheme: Scheme) -> float:
    """The best-match average of two sets of capabilities, 0 to 1; 0 where one of them is empty."""
    mine, theirs = list(some), list(others)
    if not mine or not theirs:
        return 0.0
    near = [[scheme.similarity(one, other) for other in theirs] for one in mine]
    forth = sum(max(row) for row in near) / len(mine)
    back = sum(max(column) for column in zip(*near, strict=True)) / len(theirs)
    average: float = (forth + back) / 2
    return average


def _abilities(facilities: Iterable[NamedNode], view: View) -> dict[NamedNode, list[NamedNode]]:
    """What facilities can do, without what something narrower says already."""
    stated: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for row in view.rows_of("directions-able", "facility", facilities):
        facility, capability = node_of(row, "facility", "capability")
        stated[facility].add(view.scheme.replaced.get(capability, capability))
    kept = {
        facility: sorted(view.scheme.without_implied(several), key=lambda node: node.value)
        for facility, several in stated.items()
    }
    return defaultdict(list, kept)
