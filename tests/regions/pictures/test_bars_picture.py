"""Bars: as long as their numbers are large, from one zero, with each number beside its bar."""

import itertools
from xml.etree import ElementTree as ET

import pytest

from graph.errors import InputError
from graph.regions.pictures.bars import Bar, Bars
from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.figure import Figure, Table, figures
from graph.regions.pictures.page import NARROW, WIDE


def _bars(*values: float | None, language: str = "en") -> Bars:
    bars = tuple(Bar(f"kind {at}", figures(value)) for at, value in enumerate(values))
    return Bars(title="t", description="d", item="Kind", series=("Facilities",), bars=bars, language=language)


def _rects(drawing: Drawing) -> list[ET.Element]:
    return [one for one in drawing.body.iter("rect") if one.get("fill", "").startswith("url(")]


def _number(element: ET.Element, name: str) -> float:
    return float(element.get(name, "nan"))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_bars_are_in_proportion_to_their_numbers(width: float) -> None:
    wide = [_number(one, "width") for one in _rects(_bars(12, 6, 3, 0).drawing(width))]
    assert wide[0] > 200
    assert wide == pytest.approx([wide[0], wide[0] / 2, wide[0] / 4, 0], abs=0.11)


def test_bars_of_many_regions_share_one_scale() -> None:
    bars = tuple(Bar(f"kind {at}", figures(at + 1, 10)) for at in range(3))
    picture = Bars(title="t", description="d", item="Kind", series=("Flanders", "Skåne"), bars=bars)
    rects = _rects(picture.drawing(WIDE))
    wide = [_number(one, "width") for one in rects]
    assert wide == pytest.approx([wide[1] * share for share in (0.1, 1, 0.2, 1, 0.3, 1)], abs=0.11)
    assert len({one.get("x") for one in rects}) == 1
    assert len({one.get("fill") for one in rects}) == 2


def test_negative_numbers_go_to_the_left_of_zero() -> None:
    rects = _rects(_bars(-5, 10).drawing(WIDE))
    low, high = rects
    assert _number(low, "x") + _number(low, "width") == pytest.approx(_number(high, "x"), abs=0.11)
    assert _number(high, "width") == pytest.approx(2 * _number(low, "width"), abs=0.11)


def test_what_is_not_known_has_no_bar_and_says_so() -> None:
    drawing = _bars(3, None).drawing(WIDE)
    assert len(_rects(drawing)) == 1
    assert [box.text for box in drawing.boxes] == ["kind 0", "3", "kind 1", "?"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_very_large_numbers_stay_in_the_picture(width: float) -> None:
    drawing = _bars(1e308, -1e308, 123_456_789_012, 5e-324).drawing(width)
    texts = [box.text for box in drawing.boxes]
    assert {"1E308", "-1E308", "123,456,789,012"} <= set(texts)
    for rect in _rects(drawing):
        assert 0 <= _number(rect, "x") <= _number(rect, "x") + _number(rect, "width") <= drawing.width


def test_a_thousand_bars_follow_each_other() -> None:
    tops = [_number(one, "y") for one in _rects(_bars(*range(1000)).drawing(WIDE))]
    assert len(tops) == 1000
    assert all(below - above >= 16 for above, below in itertools.pairwise(tops))


def test_numbers_take_the_form_of_the_language_unless_their_text_is_given() -> None:
    assert _bars(1234.5, language="de").table() == Table(("Kind", "Facilities"), (("kind 0", "1.234,5"),))
    assert "1.234,5" in [box.text for box in _bars(1234.5, language="de").drawing(WIDE).boxes]
    bar = Bar("Budget", (Figure(4e8, "EUR 400 million"),))
    picture = Bars(title="t", description="d", item="Fund", series=("Budget",), bars=(bar,))
    assert picture.table().rows == (("Budget", "EUR 400 million"),)


def test_an_item_without_a_number_for_each_series_is_refused() -> None:
    with pytest.raises(InputError, match="'Pilot line' has 1 numbers for 2 series"):
        Bars(
            title="t", description="d", item="Kind", series=("a", "b"), bars=(Bar("Pilot line", figures(1)),)
        )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        Figure(value)
