"""What holds for all pictures: well-formed, told in words, harmless, clear of overlaps, the same each time."""

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pytest

from graph.geometry import Point
from graph.regions.pictures.bars import Bar, Bars
from graph.regions.pictures.chain import Chain, Step
from graph.regions.pictures.circles import Circle, Circles
from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.figure import Figure
from graph.regions.pictures.map import Map, Region, Site
from graph.regions.pictures.matrix import Column, Matrix, Row
from graph.regions.pictures.network import Link, Network, Node
from graph.regions.pictures.page import NARROW, WIDE, Picture, inline, rules, standalone
from graph.regions.pictures.radar import Radar, Series
from graph.resources import WEB

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = (
    "Flanders",
    "Emilia-Romagna",
    "Noord-Brabant (Brainport Eindhoven)",
    "Skåne",
    "Vidzeme",
    "Tartu",
    "Chemnitz",
    "Brno",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "\"' onload='alert(1)' x=\"",
    "]]> <!-- & &amp; --> <![CDATA[",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4,
    "אזור המחקר של חיפה \u202e آزمایشگاه",
    "nul\x00 and \x1b[31m and \ud800",
    "word " * 300,
    "研究施設の名前はとても長いので折り返す必要があります" * 3,
)
FACT = {"title": "Eight regions", "description": "What the picture shows."}


def _value(at: int) -> Figure:
    return Figure(None if at % 5 == 4 else float(at % 7))


def bars(labels: tuple[str, ...]) -> Picture:
    """One number for each label."""
    items = tuple(Bar(label, (_value(at),), "/kinds/1") for at, label in enumerate(labels))
    return Bars(**FACT, item="Kind", series=("Facilities",), bars=items)


def grouped(labels: tuple[str, ...]) -> Picture:
    """Each label as an item and as a region."""
    items = tuple(Bar(label, tuple(_value(at + n) for n in range(8))) for at, label in enumerate(labels))
    return Bars(**FACT, item="Kind", series=(labels * 8)[:8] if labels else (), bars=items)


def matrix(labels: tuple[str, ...]) -> Picture:
    """Each label as an item and as a region."""
    columns = tuple(Column(label, f"BE{at}", "/regions/BE2") for at, label in enumerate(labels))
    rows = tuple(
        Row(label, tuple(_value(at + n) for n in range(len(labels))), "/x") for at, label in enumerate(labels)
    )
    return Matrix(**FACT, item="Kind", columns=columns, rows=rows)


def radar(labels: tuple[str, ...]) -> Picture:
    """Each label as an axis and as a region."""
    series = tuple(
        Series(
            label, tuple(Figure(None if (at + n) % 5 == 4 else (at + n) % 7 / 6) for n in range(len(labels)))
        )
        for at, label in enumerate(labels)
    )
    return Radar(**FACT, axis="Indicator", axes=labels, series=series)


def map_(labels: tuple[str, ...]) -> Picture:
    """Each label as a region and as three of its facilities, one without a place."""
    sites = tuple(
        Site(f"{label} {n}", Point(at * 3 + n * 0.3, 50 + at % 3) if n < 2 else None, label, "/f/1")
        for at, label in enumerate(labels)
        for n in range(3)
    )
    regions = tuple(
        Region(label, Point(at * 3, 50 + at % 3), at == 1, "/r") for at, label in enumerate(labels)
    )
    return Map(
        **FACT, heads=("Facility", "Region"), sites=sites, regions=regions, site_key="one", many_key="several"
    )


def network(labels: tuple[str, ...]) -> Picture:
    """Each label linked to all others."""
    nodes = tuple(Node(str(at), label, at % 3, "/regions/BE2") for at, label in enumerate(labels))
    links = tuple(Link(str(at), str(n), _value(at + n)) for at in range(len(labels)) for n in range(at))
    heads = ("Region", "Region", "Likeness", "Groups")
    return Network(**FACT, heads=heads, groups=("a", "b", "c"), nodes=nodes, links=links)


def chain(labels: tuple[str, ...]) -> Picture:
    """Labels over four kinds, each leading to the next two of a later kind."""
    steps = tuple(Step(str(at), label, at % 4, label[:20], "/practices/1") for at, label in enumerate(labels))
    arrows = tuple(
        (str(at), str(n))
        for at in range(len(labels))
        for n in (at + 1, at + 2)
        if n < len(labels) and at % 4 < n % 4
    )
    heads = ("Kind", "Step", "leads to")
    return Chain(
        **FACT, heads=heads, kinds=("Practice", "Action", "Plan", "Authority"), steps=steps, arrows=arrows
    )


def circles(labels: tuple[str, ...]) -> Picture:
    """Each label as a region and as its country, some at one place, one without a place."""
    told = tuple(
        Circle(label, label, Point(at * 3 % 12, 50 + at % 3) if at != 6 else None, _value(at), (label,), "/r")
        for at, label in enumerate(labels)
    )
    return Circles(**FACT, heads=("Region", "Country", "Facilities"), circles=told)


KINDS: tuple[Callable[[tuple[str, ...]], Picture], ...] = (
    bars,
    grouped,
    matrix,
    radar,
    map_,
    circles,
    network,
    chain,
)
LABELS = {"plain": PLAIN, "hostile": HOSTILE, "one": PLAIN[:1], "none": ()}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__.strip("_"))
def kind(request: pytest.FixtureRequest) -> Callable[[tuple[str, ...]], Picture]:
    made: Callable[[tuple[str, ...]], Picture] = request.param
    return made


@pytest.fixture(params=LABELS)
def picture(request: pytest.FixtureRequest, kind: Callable[[tuple[str, ...]], Picture]) -> Picture:
    return kind(LABELS[request.param])


def _parts(picture: Picture) -> Iterator[ET.Element]:
    yield from ET.fromstring(f"<main>{inline(picture)}</main>").iter(f"{SVG}svg")
    yield ET.fromstring(standalone(picture).encode())


def _seen(root: ET.Element) -> str:
    """All text without white space, which is where lines break."""
    shown = (element.text or "" for element in root.iter() if element.get("aria-hidden") != "true")
    return re.sub(r"\s|…", "", " ".join(shown))


def test_it_is_well_formed_with_name_and_description(picture: Picture) -> None:
    for root in _parts(picture):
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert (title.text, description.text) == ("Eight regions", "What the picture shows.")
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert root.get("role") == ("group" if any(True for _ in root.iter(f"{SVG}a")) else "img")
        assert len(root.get("viewBox", "").split()) == 4


def test_names_of_parts_are_unique_on_a_page(picture: Picture) -> None:
    names = re.findall(r' id="([^"]+)"', inline(picture))
    assert len(names) == len(set(names)) >= 4
    used = set(re.findall(r"url\(#([^)]+)\)", inline(picture)))
    assert used <= set(names)


def test_nothing_can_run_or_restyle_the_page(picture: Picture) -> None:
    for root in _parts(picture):
        for element in root.iter():
            assert element.tag.removeprefix(SVG) in {
                "svg", "title", "desc", "defs", "pattern", "g", "a", "rect", "circle", "path", "text", "style",
            }  # fmt: skip
            assert "style" not in element.attrib
            assert not [name for name in element.attrib if name.startswith("on")]
            assert element.get("href", "/").startswith(("/", "https://", "http://"))
    assert "<style" not in inline(picture)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_two_texts_share_room_and_none_leaves_the_picture(picture: Picture, width: float) -> None:
    drawing = picture.drawing(width)
    for at, box in enumerate(drawing.boxes):
        assert not [other.text for other in drawing.boxes[:at] if box.overlaps(other)], box.text[:60]
        assert box.left > -0.5, box.text[:60]
        assert box.right < drawing.width + 0.5, box.text[:60]
        assert -0.5 < box.top < box.bottom < drawing.height + 0.5, box.text[:60]


@pytest.mark.parametrize("labels", ["plain", "hostile", "one"])
def test_all_that_the_table_tells_is_in_the_picture(
    kind: Callable[[tuple[str, ...]], Picture], labels: str
) -> None:
    picture = kind(LABELS[labels])
    table = picture.table()
    assert {len(row) for row in table.rows} == {len(table.header)}
    for root in _parts(picture):
        seen = _seen(root)
        for row in table.rows:
            # Numbers of a radar with several regions and of weak links are drawn, and written in the table only.
            for cell in row[:2] if kind in (network, chain) else row[:1] if kind is radar else row:
                for part in re.split(r"; | \(", cell):
                    wanted = re.sub(r"\s", "", part.replace("\x00", "\ufffd").replace("\x1b", "\ufffd"))
                    assert wanted.replace("\ud800", "\ufffd").rstrip(")") in seen


def test_the_same_data_give_the_same_bytes(kind: Callable[[tuple[str, ...]], Picture]) -> None:
    assert inline(kind(PLAIN)) == inline(kind(PLAIN))
    assert standalone(kind(PLAIN)) == standalone(kind(PLAIN))


def test_it_says_so_where_there_is_nothing(kind: Callable[[tuple[str, ...]], Picture]) -> None:
    picture = kind(())
    assert picture.table().rows == ()
    assert [box.text for box in picture.drawing(WIDE).boxes] == ["–"]


def test_a_file_links_to_the_server_or_nowhere() -> None:
    picture = bars(PLAIN)
    assert not any(True for _ in ET.fromstring(standalone(picture)).iter(f"{SVG}a"))
    links = ET.fromstring(standalone(picture, base="https://example.org/")).iter(f"{SVG}a")
    assert {link.get("href") for link in links} == {"https://example.org/kinds/1"}


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "//evil.example",
        "data:text/html,x",
        "/\\evil.example",
        "java\nscript:x",
        "",
        "x",
    ],
)
def test_an_address_that_is_not_allowed_becomes_no_link(href: str) -> None:
    drawing = Drawing("bars", "t", "d", 100)
    assert drawing.link(href).tag == "g"
    assert drawing.root().get("role") == "img"


def test_a_file_has_rules_for_all_classes_and_no_custom_properties() -> None:
    defined = set(re.findall(r"\.(pic[a-z0-9-]*)", rules()))
    used = {
        name
        for kind in KINDS
        for element in ET.fromstring(standalone(kind(PLAIN))).iter()
        for name in element.get("class", "").split()
    }
    places = {"pic-bars", "pic-matrix", "pic-radar", "pic-map", "pic-circles", "pic-network", "pic-chain"}
    assert used - places <= defined
    assert "var(" not in rules()
    assert "@" not in rules()


def test_rules_in_the_pages_style_touch_pictures_only() -> None:
    style = (WEB / "static" / "style.css").read_text(encoding="utf-8").partition("/* Pictures:")[2]
    style = style.partition("/* Pictures end */")[0]
    selectors = re.findall(r"([^{}/]+)\{", re.sub(r"/\*.*?\*/|^.*?\*/", "", style, flags=re.DOTALL))
    assert len(selectors) >= 20
    for selector in selectors:
        assert all(one.strip().startswith((".pic", "@media")) for one in selector.split(",")), selector
