"""Practices near another in what they are about: their themes and their capabilities.

Themes are compared by the weighted Jaccard index, each theme with the logarithm of its rarity as weight; capabilities
by the best-match average of Lin similarities, as facilities are. Where both practices name capabilities the two count
alike, else themes count alone.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.match.directions.likeness import likeness
from graph.match.scheme import Scheme
from graph.match.view import View
from graph.regions.practices.told import CAPABILITY, THEME, Told

LEAST: Final = 0.4
_MOST: Final = 6


@dataclass(frozen=True)
class Related:
    """A practice near another one, how near from 0 to 1, and what both are about."""

    practice: NamedNode
    nearness: float
    themes: tuple[NamedNode, ...]
    capabilities: tuple[NamedNode, ...]

    def told(self, view: View) -> dict[str, Any]:
        """As records give it."""
        return {
            **view.entity(self.practice),
            "nearness": self.nearness,
            "themes": [view.entity(node) for node in self.themes],
            "capabilities": [view.entity(node) for node in self.capabilities],
        }


def related(practice: NamedNode, told: Mapping[NamedNode, Told], scheme: Scheme) -> list[Related]:
    """The practices nearest to one, the nearest first."""
    weights = _weights(told)
    own = told[practice]
    found = []
    for other, its in told.items():
        if other == practice:
            continue
        shared = own.linked(THEME) & its.linked(THEME)
        either = own.linked(THEME) | its.linked(THEME)
        near = _sum(shared, weights) / (_sum(either, weights) or 1.0)
        mine, theirs = own.linked(CAPABILITY), its.linked(CAPABILITY)
        if mine and theirs:
            near = (near + likeness(_sorted(mine), _sorted(theirs), scheme)) / 2
        if near >= LEAST:
            found.append(Related(other, round(near, 3), _sorted(shared), _sorted(mine & theirs)))
    return sorted(found, key=lambda one: (-one.nearness, one.practice.value))[:_MOST]


def _weights(told: Mapping[NamedNode, Told]) -> dict[NamedNode, float]:
    holding = Counter(theme for one in told.values() for theme in one.linked(THEME))
    return {theme: math.log((len(told) + 1) / (count + 1)) + 1 for theme, count in holding.items()}


def _sum(themes: frozenset[NamedNode], weights: Mapping[NamedNode, float]) -> float:
    return math.fsum(sorted(weights[theme] for theme in themes))


def _sorted(nodes: frozenset[NamedNode]) -> tuple[NamedNode, ...]:
    return tuple(sorted(nodes, key=lambda node: node.value))
