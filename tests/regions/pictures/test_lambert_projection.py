"""Lambert's azimuthal equal-area projection against Snyder's example and what the projection promises."""

import math

import pytest

from graph.geometry import EARTH_RADIUS_KM, Point
from graph.regions.pictures.projection import CENTRE, projected


def test_snyders_example_on_the_sphere() -> None:
    """Snyder (1987), appendix A, Lambert azimuthal equal-area on the sphere, page 332."""
    east, north = projected(Point(100, -20), Point(-100, 40), radius=3)
    assert east == pytest.approx(-4.2339303, abs=5e-8)
    assert north == pytest.approx(4.0257775, abs=5e-8)


def test_the_centre_is_at_zero() -> None:
    assert projected(CENTRE) == pytest.approx((0, 0))


def test_epsgs_example_of_europe_is_near() -> None:
    """IOGP Guidance Note 7-2, Lambert azimuthal equal area: ETRS89 / LAEA Europe at 5 E, 50 N, on the ellipsoid.

    E 3962799.45 and N 2999718.85 with false origin 4321000, 3210000; the sphere is off by 0.3 % of the distance.
    """
    east, north = projected(Point(5, 50))
    assert east == pytest.approx((3962799.45 - 4321000) / 1000, rel=0.004)
    assert north == pytest.approx((2999718.85 - 3210000) / 1000, rel=0.004)


@pytest.mark.parametrize(("lon", "lat"), [(-9.0, 39.0), (10.0, 52.0), (25.0, 60.0), (30.0, 35.0)])
def test_areas_are_kept(lon: float, lat: float) -> None:
    step = 0.01
    corners = [
        projected(Point(lon + dx, lat + dy)) for dx, dy in ((0, 0), (step, 0), (step, step), (0, step))
    ]
    area = abs(
        sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True))
        / 2
    )
    band = math.sin(math.radians(lat + step)) - math.sin(math.radians(lat))
    assert area == pytest.approx(EARTH_RADIUS_KM**2 * math.radians(step) * band, rel=1e-3)


def test_the_place_opposite_the_centre_has_no_place() -> None:
    with pytest.raises(ValueError, match="opposite"):
        projected(Point(-170, -52))
