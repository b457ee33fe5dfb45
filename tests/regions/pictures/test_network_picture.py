"""The network: nodes with labels that never meet, links as wide as they weigh."""

import pytest

from graph.errors import InputError
from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.figure import Figure
from graph.regions.pictures.network import Link, Network, Node
from graph.regions.pictures.page import NARROW, WIDE

HEADS = ("Region", "Region", "Likeness", "Groups")


def _network(count: int, *links: tuple[int, int, float | None], groups: tuple[str, ...] = ()) -> Network:
    nodes = tuple(Node(f"n{at:02}", f"Region {at}", at % len(groups) if groups else 0) for at in range(count))
    joined = tuple(Link(f"n{a:02}", f"n{b:02}", Figure(weight)) for a, b, weight in links)
    return Network(title="t", description="d", heads=HEADS, groups=groups, nodes=nodes, links=joined)


def _strokes(drawing: Drawing) -> list[float]:
    return [
        float(one.get("stroke-width", "")) for one in drawing.body.iter("path") if "Q" in one.get("d", "")
    ]


def test_links_are_as_wide_as_they_weigh() -> None:
    widths = _strokes(_network(4, (0, 1, 1.0), (1, 2, 0.5), (2, 3, 0.0)).drawing(WIDE))
    assert widths[0] - widths[2] == pytest.approx(2 * (widths[1] - widths[2]), abs=0.11)
    assert widths[2] > 0


def test_the_strongest_links_carry_their_weight_in_a_small_network_only() -> None:
    few = _network(12, *((at, at + 1, at / 10) for at in range(11))).drawing(WIDE)
    assert {"1", "0.9", "0.8"} <= {box.text for box in few.boxes}
    many = _network(13, *((at, at + 1, 0.5) for at in range(12))).drawing(WIDE)
    assert "0.5" not in {box.text for box in many.boxes}


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("count", [1, 2, 3, 8, 12, 60])
def test_labels_keep_clear_of_each_other(count: int, width: float) -> None:
    links = tuple((a, b, (a * 7 + b) % 10 / 10) for a in range(count) for b in range(a))
    drawing = _network(count, *links, groups=("one", "two", "three")).drawing(width)
    labels = [box for box in drawing.boxes if box.text.startswith("Region")]
    assert len(labels) == count
    assert not [
        1 for at, one in enumerate(drawing.boxes) for other in drawing.boxes[:at] if one.overlaps(other)
    ]


def test_places_do_not_depend_on_the_order_of_input_or_on_links() -> None:
    one = _network(8, (0, 1, 1.0), groups=("a", "b"))
    turned = Network(
        title="t",
        description="d",
        heads=HEADS,
        groups=("a", "b"),
        nodes=one.nodes[::-1],
        links=(Link("n03", "n05", Figure(2)),),
    )
    places = [
        {
            box.text: (box.left, box.top)
            for box in picture.drawing(WIDE).boxes
            if box.text.startswith("Region")
        }
        for picture in (one, turned)
    ]
    assert places[0] == places[1]


def test_groups_differ_by_shape_and_are_named() -> None:
    drawing = _network(6, groups=("Likes machines", "Likes food")).drawing(WIDE)
    assert {"Likes machines", "Likes food"} <= {box.text for box in drawing.boxes}
    assert len({one.get("d") for one in drawing.body.iter("path") if "pic-edge" in one.get("class", "")}) == 2


def test_the_table_has_the_strongest_links_first_and_nodes_without_any() -> None:
    rows = _network(4, (0, 1, 0.2), (1, 2, None), (0, 2, 0.7), groups=("a", "b")).table().rows
    assert rows == (
        ("Region 0", "Region 2", "0.7", "a"),
        ("Region 0", "Region 1", "0.2", "a – b"),
        ("Region 1", "Region 2", "?", "b – a"),
        ("Region 3", "", "", "b"),
    )


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (((0, 9, 1.0),), "'n09', which is not among"),
        (((1, 1, 1.0),), "with itself"),
        (((0, 1, -1.0),), "weighs -1.0"),
    ],
)
def test_links_that_cannot_be_are_refused(links: tuple[tuple[int, int, float], ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _network(3, *links)


def test_nodes_with_one_key_or_in_no_group_are_refused() -> None:
    with pytest.raises(InputError, match="same key"):
        Network(title="t", description="d", heads=HEADS, nodes=(Node("a", "A"), Node("a", "B")))
    with pytest.raises(InputError, match="in group 2"):
        Network(title="t", description="d", heads=HEADS, groups=("x", "y"), nodes=(Node("a", "A", 2),))
