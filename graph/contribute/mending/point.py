"""A point as it was meant: one form, longitude first, in the region that is stated."""

import re
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.contribute.reference import Reference
from graph.geometry import Point
from graph.iris import GEO, INFRA

_NUMBER = r"([+-]?\d{1,3}(?:[.,]\d{1,15})?)\d*"
_POINT = re.compile(
    rf"(?:<(?P<crs>[^>]*)>|SRID\s*=\s*4326\s*;)?\s*(?P<word>POINT)?\s*\(?\s*{_NUMBER}(?:\s*[,;]\s*|\s+){_NUMBER}\s*\)?",
    re.IGNORECASE,
)
_LATITUDE_FIRST = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/0/4326")
_LONGITUDE_FIRST = re.compile(r"https?://www\.opengis\.net/def/crs/OGC/1\.3/CRS84")
_NEAR: Final = {0: (10.0, 6.0), 1: (6.0, 4.0), 2: (4.0, 2.5), 3: (2.5, 1.5)}
"""How many degrees of longitude and latitude a place may lie from its region's label point, by NUTS level.

These are the bounds of the rule ``facility-point-in-region``.
"""


def point_in_place(
    value: Literal, region: NamedNode | None, reference: Reference
) -> tuple[Literal | None, bool]:
    """The point that a text means, and whether its numbers were swapped; ``None`` where that is not certain."""
    match = _POINT.fullmatch(" ".join(value.value.split()))
    if match is None:
        return None, False
    crs = match["crs"]
    if crs and not (_LATITUDE_FIRST.match(crs) or _LONGITUDE_FIRST.match(crs)):
        return None, False
    first, second = (number.replace(",", ".").removeprefix("+") for number in match.groups()[-2:])
    stated, other = (first, second), (second, first)
    if crs and _LATITUDE_FIRST.match(crs):
        stated, other = other, stated
    near = {order: _is_near(order, region, reference) for order in (stated, other)}
    if near[stated] is False and near[other]:
        chosen = other
    elif (match["word"] and near[stated] is not None) or (near[stated] and not near[other]):
        chosen = stated
    elif match["word"] and _on_earth(stated) != _on_earth(other):
        chosen = stated if _on_earth(stated) else other
    elif match["word"] and _on_earth(stated):
        chosen = stated
    else:
        return None, False
    written = Literal(f"POINT ({chosen[0]} {chosen[1]})", datatype=GEO["wktLiteral"])
    return written, chosen != (first, second)


def _on_earth(order: tuple[str, str]) -> bool:
    return abs(float(order[0])) <= 180 and abs(float(order[1])) <= 90


def _is_near(order: tuple[str, str], region: NamedNode | None, reference: Reference) -> bool | None:
    """Whether the point lies near its region; ``None`` where the region is not known."""
    said = {t.predicate: t.object for t in reference.about(region)} if region else {}
    level, geometry = said.get(INFRA["nutsLevel"]), said.get(GEO["hasGeometry"])
    if not isinstance(level, Literal) or not isinstance(geometry, NamedNode):
        return None
    wkt = next((t.object for t in reference.about(geometry) if t.predicate == GEO["asWKT"]), None)
    middle = Point.from_wkt(wkt.value) if isinstance(wkt, Literal) else None
    bounds = _NEAR.get(int(level.value))
    if middle is None or bounds is None:
        return None
    east, north = abs(float(order[0]) - middle.lon), abs(float(order[1]) - middle.lat)
    return _on_earth(order) and east <= bounds[0] and north <= bounds[1]
