"""The radar chart: values at their distance from the middle, and a gap where one is not known."""

import math
import re

import pytest

from graph.errors import InputError
from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.figure import figures
from graph.regions.pictures.page import NARROW, WIDE
from graph.regions.pictures.radar import Radar, Series


def _radar(*series: tuple[float | None, ...], axes: int | None = None) -> Radar:
    named = tuple(Series(f"region {at}", figures(*values)) for at, values in enumerate(series))
    count = len(series[0]) if axes is None else axes
    return Radar(
        title="t",
        description="d",
        axis="Indicator",
        axes=tuple(f"axis {n}" for n in range(count)),
        series=named,
    )


def _lines(drawing: Drawing) -> list[str]:
    """The lines of the series, without those of the key."""
    return [
        one.get("d", "")
        for one in drawing.body.iter("path")
        if one.get("stroke-width") == "2" and re.match(r"M[\d.-]+ [\d.-]+(L|Z|$)", one.get("d", ""))
    ]


def _points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", line)]


def _rings(drawing: Drawing) -> tuple[float, float, float]:
    circles = [one for one in drawing.body.iter("circle") if one.get("fill") == "none"]
    outer = max(circles, key=lambda one: float(one.get("r", "0")))
    return float(outer.get("cx", "")), float(outer.get("cy", "")), float(outer.get("r", ""))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_values_are_at_their_distance_clockwise_from_the_top(width: float) -> None:
    values = (1.0, 0.5, 0.25, 0.0)
    drawing = _radar(values).drawing(width)
    x, y, radius = _rings(drawing)
    (line,) = _lines(drawing)
    assert line.endswith("Z")
    assert [math.dist((x, y), point) / radius for point in _points(line)] == pytest.approx(values, abs=0.01)
    top, right, *_ = _points(line)
    assert top == pytest.approx((x, y - radius), abs=0.11)
    assert right == pytest.approx((x + radius / 2, y), abs=0.11)


def test_an_axis_whose_value_is_not_known_is_left_open_and_never_zero() -> None:
    drawing = _radar((0.6, None, 0.4, 0.8, 0.9)).drawing(WIDE)
    x, y, _ = _rings(drawing)
    (line,) = _lines(drawing)
    assert not line.endswith("Z")
    assert len(_points(line)) == 4
    assert all(math.dist((x, y), point) > 50 for point in _points(line))
    crosses = [one for one in drawing.body.iter("path") if one.get("d") == "M-4-4L4 4M-4 4L4-4"]
    assert len(crosses) == 1
    assert "axis 1: ?" in [box.text for box in drawing.boxes]


def test_of_several_regions_it_says_whose_value_is_not_known() -> None:
    drawing = _radar((0.1, None, 0.3), (0.4, 0.5, None)).drawing(WIDE)
    texts = [box.text for box in drawing.boxes]
    assert "axis 1 (?: region 0)" in texts
    assert "axis 2 (?: region 1)" in texts


def test_a_region_of_which_nothing_is_known_has_no_line() -> None:
    assert _lines(_radar((None, None, None)).drawing(WIDE)) == []


def test_regions_differ_by_line_and_mark_too() -> None:
    drawing = _radar(*[(0.1 * n, 0.2, 0.3) for n in range(1, 9)]).drawing(WIDE)
    groups = [one for one in drawing.body if one.get("class", "").startswith("pic-s") and len(one) == 4]
    assert len(groups) == 8
    assert len({group[0].get("stroke-dasharray") for group in groups}) == 8
    assert len({group[1].get("d") for group in groups}) == 8


def test_labels_without_room_become_numbers_that_are_told_below() -> None:
    texts = [box.text for box in _radar(tuple(n / 12 for n in range(12))).drawing(NARROW).boxes]
    assert "12: 0.917" in texts
    assert "12: axis 11" in texts


@pytest.mark.parametrize("value", [-0.1, 1.01])
def test_a_value_off_the_scale_is_refused(value: float) -> None:
    with pytest.raises(
        InputError, match=f"value {value} of 'region 0' on the axis 'axis 1' is not between 0 and 1"
    ):
        _radar((0.5, value, 0.5))


def test_too_many_axes_are_refused() -> None:
    with pytest.raises(InputError, match="13 axes"):
        _radar((0.5,) * 13)


def test_a_series_without_a_value_for_each_axis_is_refused() -> None:
    with pytest.raises(InputError, match="'region 0' has 2 values for 3 axes"):
        _radar((0.5, 0.5), axes=3)
