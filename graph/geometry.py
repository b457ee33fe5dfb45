"""Points on the earth: WKT, the unit sphere and great-circle distance.

Distances are in kilometres on a sphere of mean earth radius 6371.0088 km (IUGG), which is within 0.6 % of the
ellipsoid. On the unit sphere the squared chord between two points grows with their great-circle distance, so
plain SPARQL 1.1, which has no trigonometry, can order and filter by it.
"""

import math
import re
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088
_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?"
_CRS84 = r"<https?://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>"
_POINT = re.compile(rf"(?:{_CRS84}\s*)?POINT\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """A point by longitude and latitude in degrees (CRS84)."""

    lon: float
    lat: float

    @classmethod
    def from_wkt(cls, wkt: str) -> "Point | None":
        """The point of a WKT literal, or ``None`` where it is not a point on the earth.

        Only CRS84 is read, the default of GeoSPARQL: others, such as EPSG:4326, put the latitude first.
        """
        match = _POINT.fullmatch(wkt.strip())
        if match is None:
            return None
        lon, lat = float(match[1]), float(match[2])
        return cls(lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None

    @classmethod
    def from_sphere(cls, x: float, y: float, z: float) -> "Point":
        """The point with these coordinates on the unit sphere, to four digits: some ten metres."""
        lat = math.degrees(math.atan2(z, math.hypot(x, y)))
        return cls(round(math.degrees(math.atan2(y, x)), 4), round(lat, 4))

    def on_sphere(self) -> tuple[float, float, float]:
        """Coordinates x, y, z on the unit sphere."""
        lon, lat = math.radians(self.lon), math.radians(self.lat)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    def distance_km(self, other: "Point") -> float:
        """Great-circle distance in kilometres."""
        squared = sum((a - b) ** 2 for a, b in zip(self.on_sphere(), other.on_sphere(), strict=True))
        return chord_to_km(squared)


def chord_to_km(squared_chord: float) -> float:
    """Great-circle distance in kilometres for a squared chord length on the unit sphere."""
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(max(0.0, squared_chord)) / 2))


def km_to_chord(km: float) -> float:
    """Squared chord length on the unit sphere for a great-circle distance in kilometres."""
    return (2 * math.sin(min(km / (2 * EARTH_RADIUS_KM), math.pi / 2))) ** 2
