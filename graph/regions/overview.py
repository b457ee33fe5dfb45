"""All regions at a glance: those that partners describe with what they have in numbers, and others with facilities."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point
from graph.match.view import View, node_of, number_of
from graph.regions.region import described

COUNTED = ("facilities", "capabilities", "practices", "instruments")


@dataclass(frozen=True)
class Glance:
    """A region with its country, the point that stands for it, and how many of each thing are described there."""

    region: NamedNode
    country: NamedNode | None
    point: Point | None
    counts: dict[str, int]

    def as_json(self, view: View) -> dict[str, Any]:
        """The region with names, as a page takes it."""
        return {
            **view.concept(self.region),
            "country": None if self.country is None else view.concept(self.country),
            **self.counts,
        }


def overview(view: View) -> list[Glance]:
    """The regions that partners describe, by code."""
    regions = described(view)
    counts = {
        node_of(row, "region")[0]: {name: number_of(row, name) for name in COUNTED}
        for row in view.rows("regions-overview", region=regions)
    }
    points = {
        node_of(row, "region")[0]: Point.from_wkt(point.value)
        for row in view.rows("match-region-point", region=regions)
        if isinstance(point := row.get("point"), Literal)
    }
    countries = {region: country_of(region, view) for region in regions}
    view.learn([*regions, *filter(None, countries.values())])
    none = dict.fromkeys(COUNTED, 0)
    return [Glance(one, countries[one], points.get(one), counts.get(one, none)) for one in regions]


def elsewhere(view: View) -> list[dict[str, Any]]:
    """Other regions that facilities are in, those with most first."""
    rows = view.rows("regions-elsewhere", described=described(view))
    regions = [node_of(row, "region")[0] for row in rows]
    countries = {region: country_of(region, view) for region in regions}
    view.learn([*regions, *filter(None, countries.values())])
    return [
        {
            **view.concept(region),
            "country": None if (country := countries[region]) is None else view.concept(country),
            "facilities": number_of(row, "facilities"),
        }
        for region, row in zip(regions, rows, strict=True)
    ]


def country_of(region: NamedNode, view: View) -> NamedNode | None:
    """The country that a region is in: the widest around it; none of a country itself."""
    around = view.scheme.ancestors.get(region, frozenset()) - {region}
    return min(around, key=lambda node: (len(node.value), node.value), default=None)
