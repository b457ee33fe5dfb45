"""A network of regions: nodes by group on a ring, links as wide as they weigh.

A node's place depends on its place among the nodes only, so the same nodes always stand in the same places. Nodes
stand on both sides of the ring at even heights with their labels outward: no two labels can meet.
"""

import math
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from graph.errors import InputError
from graph.regions.pictures.drawing import DASHES, SIZE, SMALL, Box, Drawing
from graph.regions.pictures.figure import Figure, Table
from graph.regions.pictures.lettering import LINE, Lines, wrapped
from graph.regions.pictures.lettering import width as width_of
from graph.regions.pictures.page import Picture

_SMALL_NETWORK: Final = 12
"""Up to so many nodes the strongest links carry their weight."""
_TOLD: Final = 8
_WIDEST: Final = 7.0


@dataclass(frozen=True)
class Node:
    """A region: ``key`` is what links name it by, ``group`` the place of its group among the groups."""

    key: str
    label: str
    group: int = 0
    href: str | None = None


@dataclass(frozen=True)
class Link:
    """Two nodes, by their keys, and how strongly they are linked: 0 or more."""

    source: str
    target: str
    weight: Figure


@dataclass(frozen=True, kw_only=True)
class Network(Picture):
    """Nodes in groups; ``groups`` name these, ``heads`` head the table: one node, another, weight, their groups."""

    heads: tuple[str, str, str, str]
    groups: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        keys = {node.key for node in self.nodes}
        if len(keys) != len(self.nodes):
            raise InputError("two nodes of a network have the same key: give each its own")
        for link in self.links:
            for end in (link.source, link.target):
                if end not in keys:
                    raise InputError(f"a link names the node {end[:100]!r}, which is not among the nodes")
            if link.source == link.target:
                raise InputError(f"a link joins the node {link.source[:100]!r} with itself: leave it out")
            if link.weight.value is not None and link.weight.value < 0:
                raise InputError(f"a link weighs {link.weight.value}: give 0 or more")
        for node in self.nodes:
            if node.group < 0 or (self.groups and node.group >= len(self.groups)):
                raise InputError(f"the node {node.key[:100]!r} is in group {node.group}, which has no name")

    def table(self) -> Table:
        """Links, the strongest first, then nodes that have none."""
        node = {one.key: one for one in self.nodes}
        linked = {end for link in self.links for end in (link.source, link.target)}
        rows = [
            (
                node[link.source].label,
                node[link.target].label,
                link.weight.written(self.language, self.unknown),
                " – ".join(
                    dict.fromkeys(
                        filter(None, (self._group(node[link.source]), self._group(node[link.target])))
                    )
                ),
            )
            for link in self._strongest()
        ]
        rows += [(one.label, "", "", self._group(one)) for one in self.nodes if one.key not in linked]
        return Table(self.heads, tuple(rows))

    def drawing(self, width: float) -> Drawing:
        """The ring, then what shapes stand for."""
        drawing = Drawing("network", self.title, self.description, width, self)
        if not self.nodes:
            drawing.notes((self.nothing, self.note), 0)
            return drawing
        ordered = sorted(self.nodes, key=lambda node: (node.group, node.key))
        size = SIZE if width >= 500 else SMALL
        room = min(
            max(width_of(node.label, size) for node in ordered), width * (0.26 if width >= 500 else 0.3)
        )
        labels = {
            node.key: wrapped(node.label, room, size, most=6 if len(ordered) <= _SMALL_NETWORK else 3)
            for node in ordered
        }
        places, bottom = _places(ordered, labels, width, room)
        middle = (width / 2, bottom / 2)
        below = drawing.shape("g")
        for node in ordered:
            x, y, right = places[node.key]
            link = drawing.link(node.href)
            drawing.mark(node.group, x, y, scale=1.6, parent=link)
            high = len(labels[node.key].lines) * size * LINE
            side = 14 if right else -14
            drawing.text(
                x + side,
                y - high / 2,
                labels[node.key],
                anchor="start" if right else "end",
                size=size,
                halo=True,
                parent=link,
            )
        told = _TOLD if len(ordered) <= _SMALL_NETWORK else 0
        marks = [Box("", x - 11, y - 11, x + 11, y + 11) for x, y, _ in places.values()]
        most = max((one.weight.value or 0.0 for one in self.links), default=0.0)
        for at, one in enumerate(self._strongest()):
            start, end = places[one.source][:2], places[one.target][:2]
            self._link(drawing, below, one, most, (start, _bend(start, end, middle), end))
            if at < told:
                self._weight(drawing, one, (start, _bend(start, end, middle), end), marks)
        drawing.notes((self.note,), self._key(drawing, bottom + 8))
        return drawing

    def _link(self, drawing: Drawing, below: ET.Element, link: Link, most: float, curve: "_Curve") -> None:
        (ax, ay), (bx, by), (cx, cy) = curve
        value = link.weight.value
        share = (value or 0.0) / most if most else 0.0
        line = drawing.shape(
            "path",
            below,
            d=f"M{ax:.1f} {ay:.1f}Q{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f}",
            fill="none",
            stroke="currentColor",
            stroke_width=0.8 + (_WIDEST - 0.8) * share,
            stroke_opacity=f"{0.25 + 0.3 * share:.2f}",
            stroke_dasharray=DASHES[2] if value is None else "",
            stroke_linecap="round",
            class_="pic-accent",
        )
        names = {node.key: node.label for node in self.nodes if node.key in (link.source, link.target)}
        weight = link.weight.written(self.language, self.unknown)
        drawing.tell(line, f"{names[link.source]} – {names[link.target]}: {weight}")

    def _weight(self, drawing: Drawing, link: Link, curve: "_Curve", marks: list[Box]) -> None:
        """Prints a weight on its link, at the first of nine places that is free; where none is, the table tells it."""
        text = link.weight.written(self.language, self.unknown)
        wide = width_of(text, SMALL) / 2 + 2
        for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8):
            x, y = _on(curve, share)
            box = Box(text, x - wide, y - 9, x + wide, y + 9)
            if drawing.free(box) and not any(box.overlaps(mark) for mark in marks):
                drawing.text(x, y - 8, text, anchor="middle", size=SMALL, halo=True)
                return

    def _key(self, drawing: Drawing, top: float) -> float:
        used = sorted({node.group for node in self.nodes})
        for group in used if self.groups else ():
            label = wrapped(self.groups[group], drawing.width - 24, SIZE)
            drawing.mark(group, 8, top + 9)
            top = drawing.text(22.0, top, label).bottom + 2
        return top

    def _strongest(self) -> list[Link]:
        return sorted(self.links, key=lambda link: (-(link.weight.value or 0.0), link.source, link.target))

    def _group(self, node: Node) -> str:
        return self.groups[node.group] if self.groups else ""


_Place = tuple[float, float]
_Curve = tuple[_Place, _Place, _Place]


def _places(
    nodes: list[Node], labels: dict[str, Lines], width: float, room: float
) -> tuple[dict[str, tuple[float, float, bool]], float]:
    """Where nodes stand, whether on the right, and how high the ring is: clockwise from the top, as high as labels."""
    half = (len(nodes) + 1) // 2
    right, left = nodes[:half], nodes[half:][::-1]
    heights = {key: max(len(label.lines) * SIZE * LINE, 20.0) + 6 for key, label in labels.items()}
    least = max(sum(heights[node.key] for node in side) for side in (right, left))
    across = width / 2 - room - 22 if len(nodes) > 1 else 0.0
    high = max(least, min(2 * across, least * 2), 60.0)
    found = {}
    for is_right, side in ((True, right), (False, left)):
        spare = (high - sum(heights[node.key] for node in side)) / max(1, len(side))
        top = 0.0
        for node in side:
            y = top + (heights[node.key] + spare) / 2
            top += heights[node.key] + spare
            x = across * math.sqrt(max(0.0, 1 - (2 * y / high - 1) ** 2))
            found[node.key] = (width / 2 + (x if is_right else -x), y, is_right)
    return found, high


def _bend(start: _Place, end: _Place, middle: _Place) -> _Place:
    """The point that a link bends towards: well inward between sides, and hardly up or down."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return x * 0.35 + middle[0] * 0.65, y * 0.85 + middle[1] * 0.15


def _on(curve: _Curve, share: float) -> _Place:
    """A point on a quadratic Bézier curve."""
    rest = 1 - share
    (ax, ay), (bx, by), (cx, cy) = curve
    return (
        rest * rest * ax + 2 * rest * share * bx + share * share * cx,
        rest * rest * ay + 2 * rest * share * by + share * share * cy,
    )
