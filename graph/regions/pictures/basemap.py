"""The countries of Europe behind the map, from Natural Earth; ``python -m ontology.basemap`` writes the file.

It holds countries only: polygons of NUTS regions are not available to this project under a licence that allows them.
"""

import json
from collections.abc import Iterator, Sequence

from graph.geometry import Point
from graph.regions.pictures.projection import projected
from graph.resources import BASEMAP

Place = tuple[float, float]

WEST, SOUTH, EAST, NORTH = -32.0, 29.0, 52.0, 74.0
"""What the base map covers, in degrees."""


def covers(point: Point) -> bool:
    """Whether a place is on the base map."""
    return WEST < point.lon < EAST and SOUTH < point.lat < NORTH


def rings() -> Iterator[list[Place]]:
    """The outlines of countries, projected: km east and north of the centre of Europe."""
    for country in json.loads(BASEMAP.read_text(encoding="utf-8"))["countries"]:
        for steps in country["rings"]:
            lon = lat = 0
            ring = []
            for east, north in zip(steps[::2], steps[1::2], strict=True):
                lon, lat = lon + east, lat + north
                ring.append(projected(Point(lon / 100, lat / 100)))
            yield ring


def within(ring: Sequence[Place], left: float, top: float, right: float, bottom: float) -> list[Place]:
    """The part of an outline inside of a frame (Sutherland and Hodgman, 1974)."""
    inside = list(ring)
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        before, inside = inside, []
        for at, place in enumerate(before):
            last = before[at - 1]
            gap, last_gap = sign * (place[axis] - limit), sign * (last[axis] - limit)
            if (gap < 0) != (last_gap < 0):
                share = last_gap / (last_gap - gap)
                inside.append(
                    (last[0] + share * (place[0] - last[0]), last[1] + share * (place[1] - last[1]))
                )
            if gap >= 0:
                inside.append(place)
    return inside
