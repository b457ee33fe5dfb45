"""Comparison of regions: what they have in common, what only one has, and their figures side by side.

A region without records of a facet is left out of that facet and named: what is not described is not known, so it
neither lacks anything nor has it in common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.errors import InputError
from graph.match.scheme import CAPABILITY
from graph.match.view import View
from graph.regions.indicators import (
    Indicator,
    caveats_json,
    coverage_json,
    item_json,
    measure_of,
    read_all,
)

FEWEST: Final = 2
MOST: Final = 8
"""Regions that are compared at once."""

FACETS: Final = (
    "capabilities-by-branch",
    "facilities-by-kind",
    "technologies",
    "sectors",
    "operators",
    "services",
    "access-modes",
    "cost-modes",
    "policy-instruments",
    "practice-themes",
)
"""Indicators whose items are compared one by one."""

FIGURES: Final = (
    "facilities",
    "facilities-per-million",
    "capabilities",
    "unique-capabilities",
    "diversity",
    "sme-access",
    "equipment",
    "practice-evidence",
)
"""Indicators with one figure for each region."""

_QUOTIENT: Final = "capability-quotient"
Item = NamedNode | Literal


@dataclass(frozen=True)
class Comparison:
    """Regions compared: the indicators of each by name, and the whole as data."""

    regions: tuple[NamedNode, ...]
    indicators: Mapping[str, Mapping[NamedNode, Indicator]]
    data: Mapping[str, Any]

    def of(self, region: NamedNode) -> list[Indicator]:
        """The indicators of one region."""
        return [by[region] for by in self.indicators.values()]


@dataclass(frozen=True)
class Facet:
    """How the items of an indicator spread over regions: for each item how many records of each region have it.

    ``compared`` are the regions of which anything is known, ``silent`` the others.
    """

    name: str
    compared: tuple[NamedNode, ...]
    silent: tuple[NamedNode, ...]
    counts: Mapping[Item, Mapping[NamedNode, int]]

    @cached_property
    def common(self) -> list[Item]:
        """Items that all compared regions have; none where fewer than two are compared."""
        if len(self.compared) < FEWEST:
            return []
        return [item for item in self.items if len(self.counts[item]) == len(self.compared)]

    def specific(self, region: NamedNode) -> list[Item]:
        """Items that this region alone has; none where it is the only one compared."""
        if len(self.compared) < FEWEST:
            return []
        return [item for item in self.items if set(self.counts[item]) == {region}]

    @cached_property
    def items(self) -> list[Item]:
        """All items: those of most regions first, then those of most records."""
        return sorted(
            self.counts,
            key=lambda item: (-len(self.counts[item]), -sum(self.counts[item].values()), item.value),
        )


def facet(name: str, by: Mapping[NamedNode, Indicator]) -> Facet:
    """The spread of an indicator's items over the regions, in the order of their codes."""
    regions = sorted(by, key=lambda region: region.value)
    counts: dict[Item, dict[NamedNode, int]] = {}
    for region in regions:
        for figure in by[region].figures:
            if figure.item is not None and figure.rests_on:
                counts.setdefault(figure.item, {})[region] = int(figure.rests_on)
    silent = tuple(region for region in regions if not by[region].coverage.known)
    return Facet(name, tuple(region for region in regions if region not in silent), silent, counts)


def comparison(regions: Sequence[NamedNode], view: View) -> Comparison:
    """Two to eight regions compared. The order in which they are given changes only the order of columns.

    Raises ``InputError`` for fewer or more.
    """
    if not FEWEST <= len(regions) <= MOST:
        raise InputError(
            f"{len(regions)} different regions are given: compare {FEWEST} to {MOST}, "
            "as in /regions/compare?region=BE2&region=NL41"
        )
    read = read_all((*FACETS, *FIGURES, _QUOTIENT), regions, view)
    view.learn(
        [
            *regions,
            *(
                figure.item
                for by in read.values()
                for one in by.values()
                for figure in one.figures
                if isinstance(figure.item, NamedNode)
            ),
        ]
    )
    data = {
        "regions": [view.concept(region) for region in regions],
        "facets": [_facet_json(facet(name, read[name]), read[name], regions, view) for name in FACETS],
        "capabilities": _capabilities(facet(_QUOTIENT, read[_QUOTIENT]), regions, view),
        "figures": [_figures_json(read[name], regions, view) for name in FIGURES],
    }
    return Comparison(tuple(regions), read, data)


def _facet_json(
    one: Facet, by: Mapping[NamedNode, Indicator], regions: Sequence[NamedNode], view: View
) -> dict[str, Any]:
    query = by[regions[0]].query
    return {
        "facet": one.name,
        "title": query.title(view.language),
        "caveats": caveats_json(measure_of(query), view),
        **_spread(one, one.items, regions, view),
        "coverage": [
            {"region": _code(region, view), "query": by[region].address, **coverage_json(by[region].coverage)}
            for region in regions
        ],
        "items": [
            {
                **item_json(item, view),
                "regions": len(one.counts[item]),
                "cells": [_cell(by[region], item, one, view) for region in regions],
            }
            for item in one.items
        ],
    }


def _cell(indicator: Indicator, item: Item, one: Facet, view: View) -> dict[str, Any]:
    """An item in a region: 0 where the region is known not to state it, unknown where nothing is known of it."""
    figure = indicator.figure(item)
    is_silent = indicator.region in one.silent
    return {
        "region": _code(indicator.region, view),
        "count": None if is_silent else one.counts[item].get(indicator.region, 0),
        "share": figure.value if figure else None if is_silent else 0,
        "safe": indicator.coverage.is_safe,
    }


def _capabilities(one: Facet, regions: Sequence[NamedNode], view: View) -> dict[str, Any]:
    """Single capabilities, by branch: those common to all and those of one region, each as narrow as can be.

    A capability that all have is left out where they also have a narrower one in common; one that only one region
    has where the next broader one is also only there.
    """
    ancestors = view.scheme.ancestors
    common = set(one.common)
    narrowest = [
        item for item in one.common if not any(item in ancestors.get(_node(other), ()) for other in common)
    ]
    kept = [*narrowest]
    for region in one.compared:
        own = set(one.specific(region))
        kept += [item for item in one.specific(region) if not own & set(ancestors.get(_node(item), ()))]
    told = _spread(one, kept, regions, view)
    for group in (told["common"], *(each["items"] for each in told["specific"])):
        for item in group:
            item["branch"] = _branch(NamedNode(item["id"]), view)
    return told


def _spread(one: Facet, items: Sequence[Item], regions: Sequence[NamedNode], view: View) -> dict[str, Any]:
    shown = set(items)
    return {
        "common": [item_json(item, view) for item in one.common if item in shown],
        "specific": [
            {
                "region": _code(region, view),
                "items": [item_json(item, view) for item in one.specific(region) if item in shown],
            }
            for region in regions
        ],
        "left_out": [_code(region, view) for region in one.silent],
    }


def _figures_json(
    by: Mapping[NamedNode, Indicator], regions: Sequence[NamedNode], view: View
) -> dict[str, Any]:
    query = by[regions[0]].query
    measure = measure_of(query)
    return {
        "indicator": by[regions[0]].name,
        "title": query.title(view.language),
        "unit": measure.unit,
        "caveats": caveats_json(measure, view),
        "values": [
            {
                "region": _code(region, view),
                "value": figure.value if (figure := by[region].figure()) else None,
                "numerator": figure.numerator if figure else None,
                "denominator": figure.denominator if figure else None,
                "query": by[region].address,
                **coverage_json(by[region].coverage),
            }
            for region in regions
        ],
    }


def _branch(capability: NamedNode, view: View) -> dict[str, str]:
    """The branch of the capability list that a capability stands in: the broadest above it, or itself."""
    above = view.scheme.ancestors.get(capability, frozenset()) & view.scheme.in_scheme[CAPABILITY]
    tops = [one for one in above if not view.scheme.ancestors.get(one)]
    return item_json(min(tops, key=lambda one: one.value, default=capability), view)


def _code(region: NamedNode, view: View) -> str:
    return view.scheme.notations.get(region, region.value)


def _node(item: Item) -> NamedNode:
    if not isinstance(item, NamedNode):
        raise TypeError(f"{item} is no concept")
    return item
