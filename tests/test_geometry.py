"""Points on the earth: WKT, the unit sphere and distances."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.geometry import EARTH_RADIUS_KM, Point, chord_to_km, km_to_chord

POINTS = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))


@pytest.mark.parametrize(
    ("wkt", "point"),
    [
        ("POINT (5.30 51.20)", Point(5.3, 51.2)),
        (" point(5 51) ", Point(5, 51)),
        ("POINT(-180 -90)", Point(-180, -90)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (5 51)", Point(5, 51)),
    ],
)
def test_points_are_read(wkt: str, point: Point) -> None:
    assert Point.from_wkt(wkt) == point


@pytest.mark.parametrize(
    "wkt",
    [
        "",
        "POINT EMPTY",
        "POINT (5)",
        "POINT (5 51 7)",
        "POINT (181 0)",
        "POINT (0 90.1)",
        "POINT (1e1 5)",
        "POINT (nan 5)",
        "POINT (٥ ٥)",
        "LINESTRING (0 0, 1 1)",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (51 5)",
        "POINT (" + "9" * 100_000 + " 0)",
    ],
)
def test_what_is_no_point_of_ours_is_none(wkt: str) -> None:
    assert Point.from_wkt(wkt) is None


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Point(5.3378, 50.9307), Point(5.4697, 51.4416), 57.5),  # Hasselt, Eindhoven
        (Point(-73.7781, 40.6413), Point(-0.4543, 51.4700), 5_540),  # New York, London
        (Point(0, 0), Point(180, 0), math.pi * EARTH_RADIUS_KM),
        (Point(0, 90), Point(77, 90), 0),
    ],
)
def test_known_distances(one: Point, other: Point, km: float) -> None:
    assert one.distance_km(other) == pytest.approx(km, rel=0.006, abs=1e-6)


@given(POINTS, POINTS)
def test_distance_is_the_same_both_ways_and_no_longer_than_half_round(one: Point, other: Point) -> None:
    assert one.distance_km(other) == pytest.approx(other.distance_km(one), abs=1e-6)
    assert 0 <= one.distance_km(other) <= math.pi * EARTH_RADIUS_KM + 1e-6
    assert one.distance_km(one) == 0


@given(POINTS)
def test_points_lie_on_the_unit_sphere(point: Point) -> None:
    assert sum(part**2 for part in point.on_sphere()) == pytest.approx(1)


@given(st.floats(0, 20_000))
def test_chords_and_distances_convert_both_ways(km: float) -> None:
    assert chord_to_km(km_to_chord(km)) == pytest.approx(km, rel=1e-6, abs=1e-4)


@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_chords_order_as_distances_do(one: float, other: float) -> None:
    assert (km_to_chord(one) <= km_to_chord(other)) or one > other
