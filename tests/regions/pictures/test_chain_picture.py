"""The chain: steps in columns by kind, arrows that pass no box."""

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from graph.errors import InputError
from graph.regions.pictures.chain import Chain, Step
from graph.regions.pictures.drawing import Box, Drawing
from graph.regions.pictures.page import NARROW, WIDE

KINDS = ("Practice", "Action", "Plan", "Instrument", "Authority")


def _chain(kinds: str, *arrows: str, caption: str = "") -> Chain:
    """Steps a, b, c ... of the kinds given by digits; arrows such as ``ab``."""
    steps = tuple(
        Step(chr(97 + at), f"Step {chr(97 + at)} of a path with a name", int(kind), caption)
        for at, kind in enumerate(kinds)
    )
    heads = ("Kind", "Step", "leads to")
    return Chain(
        title="t",
        description="d",
        heads=heads,
        kinds=KINDS,
        steps=steps,
        arrows=tuple((a, b) for a, b in arrows),
    )


def _boxes(drawing: Drawing) -> list[Box]:
    found = []
    for one in drawing.body.iter("rect"):
        x, y, wide, high = (float(one.get(name, "")) for name in ("x", "y", "width", "height"))
        found.append(Box("", x, y, x + wide, y + high))
    return found


def _arrows(drawing: Drawing) -> list[ET.Element]:
    return [one for one in drawing.body.iter("path") if one.get("fill") == "none"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_boxes_keep_clear_of_each_other_and_hold_their_texts(width: float) -> None:
    drawing = _chain(
        "0001122334", "ad", "bd", "ce", "df", "eg", "fh", "gi", "hj", "ij", "ai", caption="2021"
    ).drawing(width)
    boxes = _boxes(drawing)
    assert len(boxes) == 10
    assert not [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]
    texts = [box for box in drawing.boxes if box.text.startswith("Step") or box.text == "2021"]
    assert len(texts) == 20
    for text in texts:
        assert [
            1
            for box in boxes
            if box.left < text.left
            and text.right < box.right
            and box.top < text.top < text.bottom < box.bottom
        ]


def test_columns_go_from_left_to_right_by_kind() -> None:
    drawing = _chain("40213", "be", "ea").drawing(WIDE)
    left = {box.text: box.left for box in drawing.boxes}
    assert [left[kind] for kind in KINDS] == sorted(left[kind] for kind in KINDS)
    assert (
        left["Step b of a path with a name"]
        < left["Step e of a path with a name"]
        < left["Step a of a path with a name"]
    )


def test_each_arrow_is_drawn_once_with_a_head() -> None:
    drawing = _chain("0123", "ab", "bc", "ab", "ad").drawing(WIDE)
    assert len(_arrows(drawing)) == 3
    heads = [one for one in drawing.body.iter("path") if one.get("d", "").endswith("l-8-4v8Z")]
    assert len(heads) == 3


def test_an_arrow_past_a_column_passes_no_box() -> None:
    drawing = _chain("01112", "ab", "ac", "ad", "be", "ce", "de", "ae").drawing(WIDE)
    passing = [one for one in _arrows(drawing) if "H" in one.get("d", "")]
    assert len(passing) == 1
    heights = [float(y) for y in re.findall(r"([\d.]+)H", passing[0].get("d", ""))]
    middle = [box for box in _boxes(drawing) if 150 < box.left < 500]
    assert len(heights) == 1
    assert not [box for box in middle if box.top - 2 < heights[0] < box.bottom + 2]


def test_columns_without_steps_take_no_room() -> None:
    drawing = _chain("04", "ab").drawing(WIDE)
    assert not {"Action", "Plan", "Instrument"} & {box.text for box in drawing.boxes}


def test_branches_do_not_cross_where_they_need_not() -> None:
    drawing = _chain("0011", "ad", "bc").drawing(WIDE)
    top = {box.text[5]: box.top for box in drawing.boxes if box.text.startswith("Step")}
    assert (top["a"] < top["b"]) == (top["d"] < top["c"])


def test_many_steps_of_one_kind_stand_below_each_other() -> None:
    steps = tuple(Step(str(at), f"Practice {at}", 0) for at in range(300))
    picture = Chain(title="t", description="d", heads=("k", "s", "l"), kinds=KINDS, steps=steps)
    boxes = _boxes(picture.drawing(WIDE))
    assert len(boxes) == 300
    assert len({box.left for box in boxes}) == 1


def test_the_table_says_what_leads_where() -> None:
    rows = _chain("012", "ab", "ac", caption="2021").table().rows
    assert rows[0] == (
        "Practice",
        "Step a of a path with a name (2021)",
        "Step b of a path with a name; Step c of a path with a name",
    )


@pytest.mark.parametrize(
    ("kinds", "arrow", "message"),
    [
        ("01", "ba", "does not lead to a later kind"),
        ("00", "ab", "later kind"),
        ("01", "az", "'z', which is not among"),
        ("09", "ab", "kind 9, which has no name"),
    ],
)
def test_what_is_no_chain_is_refused(kinds: str, arrow: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _chain(kinds, arrow)
