"""Lambert's azimuthal equal-area projection on a sphere, centred on Europe as EPSG:3035 is (10 E, 52 N).

John P. Snyder, Map Projections - A Working Manual, US Geological Survey Professional Paper 1395 (1987), chapter 24,
equations 24-2 and 22-4. EPSG:3035 projects the ellipsoid GRS 80; for a picture of Europe the sphere is near enough.
"""

import math
from typing import Final

from graph.geometry import EARTH_RADIUS_KM, Point

CENTRE: Final = Point(10.0, 52.0)


def projected(point: Point, centre: Point = CENTRE, radius: float = EARTH_RADIUS_KM) -> tuple[float, float]:
    """East and north of the centre, in units of the radius: km without one given.

    Raises ``ValueError`` for the place opposite the centre, which has no one place on the map.
    """
    lat, lat0 = math.radians(point.lat), math.radians(centre.lat)
    turn = math.radians(point.lon - centre.lon)
    facing = 1 + math.sin(lat0) * math.sin(lat) + math.cos(lat0) * math.cos(lat) * math.cos(turn)
    if facing < 1e-12:
        raise ValueError(f"{point} is opposite the centre of the map")
    scale = radius * math.sqrt(2 / facing)
    east = scale * math.cos(lat) * math.sin(turn)
    north = scale * (math.cos(lat0) * math.sin(lat) - math.sin(lat0) * math.cos(lat) * math.cos(turn))
    return east, north
