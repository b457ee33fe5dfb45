"""How the base map is made: arcs read as TopoJSON says, borders simplified within bounds and alike for neighbours."""

import json

import pytest

from graph.resources import BASEMAP
from ontology.basemap import PACKAGE, arcs, area, countries, simplified

TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.25], "translate": [-10, 40]},
    "arcs": [
        [[10, 20], [10, 0], [0, 20]],
        [[20, 40], [-10, 0], [0, -20]],
        [[20, 40], [20, 0], [0, -20], [-20, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "056", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "040", "arcs": [[[2, ~0]]]},
                {"type": None, "id": "010"},
            ]
        }
    },
}
"""After the TopoJSON specification 1.0: delta-encoded arcs, ~ for an arc that is taken backwards."""


def test_arcs_are_steps_from_place_to_place() -> None:
    assert arcs(TOPOLOGY)[0] == [(-5.0, 45.0), (0.0, 45.0), (0.0, 50.0)]


def test_countries_are_rings_of_steps_in_hundredths_of_a_degree() -> None:
    austria, belgium = countries(TOPOLOGY)
    assert belgium == {"id": "056", "rings": [[-500, 4500, 500, 0, 0, 500, -500, 0]]}
    assert austria["id"] == "040"


def test_lines_keep_what_is_further_off_than_the_tolerance() -> None:
    line = [(0.0, 50.0), (1.0, 50.001), (2.0, 50.0), (3.0, 50.5), (4.0, 50.0)]
    assert simplified(line, 0.01) == [(0.0, 50.0), (2.0, 50.0), (3.0, 50.5), (4.0, 50.0)]
    assert simplified(line, 0.0001) == line


def test_a_closed_line_stays_a_ring() -> None:
    ring = [(0.0, 50.0), (1.0, 50.0), (1.0, 51.0), (0.0, 51.0), (0.0, 50.0)]
    assert simplified(ring, 0.01) == ring
    assert area(ring) == pytest.approx(1.0)


def test_the_file_names_its_source_and_each_country_once() -> None:
    data = json.loads(BASEMAP.read_text(encoding="utf-8"))
    assert PACKAGE in data["source"]
    ids = [country["id"] for country in data["countries"] if country["id"]]
    assert len(ids) == len(set(ids)) > 50
    assert {"056", "528", "380", "752", "276", "203", "233", "428"} <= set(ids)
