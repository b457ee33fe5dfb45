"""The map: each facility in a dot at its place, dots clear of each other, regions by name, nothing left unsaid."""

import re
from itertools import combinations
from random import Random

import pytest

from graph.geometry import Point
from graph.regions.pictures.basemap import rings, within
from graph.regions.pictures.dots import dots
from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.map import Map, Region, Site
from graph.regions.pictures.page import NARROW, WIDE
from graph.regions.pictures.projection import projected
from graph.resources import BASEMAP

GHENT, LEUVEN, BRNO, TARTU = Point(3.72, 51.05), Point(4.70, 50.88), Point(16.61, 49.20), Point(26.72, 58.38)


def _map(*sites: Site, regions: tuple[Region, ...] = (), missing: str = "{count} not shown: {names}") -> Map:
    return Map(
        title="t",
        description="d",
        heads=("Facility", "Region"),
        sites=sites,
        regions=regions,
        missing=missing,
    )


def _circles(drawing: Drawing) -> list[tuple[float, float, float]]:
    circles = drawing.body.iter("circle")
    return [(float(c.get("cx", "")), float(c.get("cy", "")), float(c.get("r", ""))) for c in circles]


def test_places_are_where_the_projection_puts_them() -> None:
    drawing = _map(*(Site("s", at) for at in (GHENT, BRNO, TARTU))).drawing(WIDE)
    found = sorted((x, -y) for x, y, _ in _circles(drawing))
    meant = sorted(projected(at) for at in (GHENT, BRNO, TARTU))
    scale = (found[2][0] - found[0][0]) / (meant[2][0] - meant[0][0])
    for (x, y), (east, north) in zip(found, meant, strict=True):
        assert x - found[0][0] == pytest.approx(scale * (east - meant[0][0]), abs=0.2)
        assert y - found[0][1] == pytest.approx(scale * (north - meant[0][1]), abs=0.2)


def test_the_view_fits_what_is_shown_with_a_margin() -> None:
    for sites in ((GHENT,), (GHENT, LEUVEN), (GHENT, TARTU), (Point(-9, 38), Point(33, 35))):
        drawing = _map(*(Site("s", at) for at in sites)).drawing(WIDE)
        frame = next(one for one in drawing.body.iter("rect") if one.get("fill") == "none")
        for x, y, _ in _circles(drawing):
            assert 0.05 * WIDE < x < 0.95 * WIDE
            assert 0.03 * WIDE < y < float(frame.get("height", "")) - 0.03 * WIDE


def test_many_at_one_place_are_one_dot_with_their_number_and_names() -> None:
    drawing = _map(*(Site(f"laboratory {at}", GHENT) for at in range(12)), Site("other", TARTU)).drawing(WIDE)
    assert len(_circles(drawing)) == 2
    assert "12" in [box.text for box in drawing.boxes]
    titles = [one.text or "" for one in drawing.body.iter("title")]
    assert sum(title.count("laboratory") for title in titles) == 12


def test_dots_keep_clear_of_each_other_and_hold_all_places() -> None:
    random = Random(6)
    places = [(random.gauss(200, 60), random.gauss(200, 60), at) for at in range(3000)]
    found = dots(places)
    assert sorted(member for dot in found for member in dot.members) == list(range(3000))
    assert not [1 for one, other in combinations(found, 2) if one.meets(other)]
    assert len(found) > 10
    assert dots(reversed(places)) != []


def test_the_number_has_room_in_its_dot() -> None:
    for many in (2, 99, 1234, 100_000):
        (dot,) = dots([(0.0, 0.0, at) for at in range(many)])
        assert dot.radius * 2 > 8 * len(str(many))


def test_a_highlighted_region_has_another_shape() -> None:
    regions = (Region("Flanders", GHENT, highlighted=True), Region("South Moravia", BRNO))
    drawing = _map(regions=regions).drawing(WIDE)
    marks = {one.get("d") for one in drawing.body.iter("path") if "pic-edge" in one.get("class", "")}
    assert len(marks) == 2


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_names_of_regions_at_one_place_all_find_room(width: float) -> None:
    regions = tuple(Region(f"Region number {at}", Point(4 + at / 100, 51), at == 3) for at in range(8))
    drawing = _map(*(Site(str(at), Point(4, 51)) for at in range(30)), regions=regions).drawing(width)
    named = [box.text for box in drawing.boxes if box.text.startswith("Region")]
    assert sorted(named) == [region.name for region in regions]


def test_names_without_room_are_told_below() -> None:
    regions = tuple(Region(f"A region with a rather long name {at}", Point(4, 51)) for at in range(80))
    drawing = _map(regions=regions).drawing(NARROW)
    told = " ".join(box.text for box in drawing.boxes)
    assert all(region.name in told for region in regions)


def test_what_is_not_on_the_map_is_said() -> None:
    drawing = _map(
        Site("here", GHENT), Site("nowhere", None), Site("Saint-Denis", Point(55.5, -20.9))
    ).drawing(WIDE)
    assert len(_circles(drawing)) == 1
    assert "2 not shown: nowhere; Saint-Denis" in [box.text for box in drawing.boxes]
    assert "1 not shown: nowhere" in [box.text for box in _map(Site("nowhere", None)).drawing(WIDE).boxes]


def test_regions_without_facilities_are_in_the_table() -> None:
    picture = _map(
        Site("lab", GHENT, "Flanders"), regions=(Region("Flanders", GHENT), Region("Tartu", TARTU))
    )
    assert picture.table().rows == (("lab", "Flanders"), ("", "Tartu"))


def test_land_is_drawn_within_the_frame_only() -> None:
    drawing = _map(Site("a", GHENT), Site("b", LEUVEN)).drawing(WIDE)
    land = next(one for one in drawing.body.iter("path") if one.get("class") == "pic-land")
    for part in re.findall(r"M([^z]+)z", land.get("d", "")):
        x = y = 0
        numbers = list(map(int, re.findall(r"-?\d+", part)))
        for east, north in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + east, y + north
            assert -1 <= x <= WIDE * 10 + 1
            assert -1 <= y <= WIDE * 11.6


def test_the_base_map_is_small_and_says_its_licence() -> None:
    assert BASEMAP.stat().st_size < 150_000
    assert "Natural Earth: public domain" in BASEMAP.read_text(encoding="utf-8")
    assert sum(1 for _ in rings()) > 150


@pytest.mark.parametrize(
    ("point", "land"), [(LEUVEN, True), (BRNO, True), (Point(3.0, 54.0), False), (Point(18.5, 58.0), False)]
)
def test_the_base_map_tells_land_from_sea(point: Point, land: bool) -> None:
    x, y = projected(point)
    crossed = 0
    for ring in rings():
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossed += 1
    assert crossed % 2 == (1 if land else 0)


def test_an_outline_is_cut_at_the_frame() -> None:
    square = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]
    assert sorted(within(square, 0, 0, 10, 10)) == [(0, 0), (0, 5), (5, 0), (5, 5)]
    assert within(square, 6, 6, 10, 10) == []
    assert within(square, -9, -9, 9, 9) == square
