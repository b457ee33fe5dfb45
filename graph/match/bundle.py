"""Bundles: a small set of facilities that together do what no single one does.

Greedy set cover: take the facility that adds most of the parts still open, again and again. It takes at most
H(n) = 1 + 1/2 + ... + 1/n times as many facilities as the smallest set, with n the most parts that one facility covers
(V. Chvátal, "A Greedy Heuristic for the Set-Covering Problem", Mathematics of Operations Research 4, 1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.match.candidates import Ranked
from graph.match.criteria import Wish
from graph.match.evaluation import Verdict


@dataclass(frozen=True)
class Bundled:
    """A facility of a bundle and the parts that it adds."""

    facility: NamedNode
    covers: tuple[NamedNode, ...]


def bundle(wish: Wish, ranked: Sequence[Ranked]) -> list[Bundled]:
    """The facilities that cover all parts that can be covered; none where a single one does.

    ``ranked`` is best first, so that of facilities that add as many parts the better one is taken.
    """
    if len(wish.parts) < 2:
        return []
    covers = [(one.facility, met_parts(one)) for one in ranked]
    still_open: frozenset[NamedNode] = frozenset().union(*(parts for _, parts in covers))
    if any(parts == still_open for _, parts in covers):
        return []
    chosen = []
    while still_open:
        facility, parts = max(covers, key=lambda one: len(one[1] & still_open))
        chosen.append(Bundled(facility, tuple(sorted(parts & still_open, key=lambda node: node.value))))
        still_open -= parts
    return chosen


def met_parts(one: Ranked) -> frozenset[NamedNode]:
    """The parts of a need that a facility meets."""
    return frozenset(j.part for j in one.judgements if j.part is not None and j.verdict is Verdict.MET)
