"""An SVG picture that grows: shapes, texts with the room they take, links, fills; and its title and description.

Colour comes from classes whose rules stand in ``web/static/style.css`` and through ``currentColor``; nothing carries
a ``style`` attribute, which the pages' content security policy forbids. SVG 2: https://www.w3.org/TR/SVG2/;
names and descriptions: https://www.w3.org/TR/svg-aam-1.0/.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from graph.regions.pictures.lettering import LINE, Lines, wrapped, written
from graph.regions.pictures.lettering import width as width_of

SIZE: Final = 14.0
SMALL: Final = 12.0
UNKNOWN: Final = -1
KINDS: Final = 8
"""Series, groups and kinds that hue, fill, line and shape tell apart; they repeat after these."""
_SHAPES: Final = (
    "M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z",
    "M-4.5-4.5H4.5V4.5H-4.5Z",
    "M0-6L5.5 4.5H-5.5Z",
    "M0-6.5L6 0L0 6.5L-6 0Z",
    "M0 6L5.5-4.5H-5.5Z",
    "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
    "M-3-5.5H3L6 0L3 5.5H-3L-6 0Z",
    "M0-7L2-2L7 0L2 2L0 7L-2 2L-7 0L-2-2Z",
)
DASHES: Final = ("", "7 4", "2 3", "10 3 2 3", "4 2", "12 5", "1 4", "8 2 2 2 2 2")
_LINES: Final = {
    UNKNOWN: "M-2 2L2-2M0 8L8 0M6 10L10 6",
    1: "M-2 2L2-2M0 8L8 0M6 10L10 6",
    3: "M0 4H8",
    4: "M0 4H8M4 0V8",
    5: "M4 0V8",
    6: "M-2 6L2 10M0 0L8 8M6-2L10 2",
}


@dataclass(frozen=True)
class Box:
    """The room that a text takes, at most: left, top, right and bottom."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share room."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def rounded(value: float) -> str:
    """A coordinate with one decimal at most."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0")
        if abs(value) < 0.05
        else f"{value:.1f}".removesuffix(".0")
    )


def linkable(href: str | None) -> str | None:
    """An address that a picture may link to: of http, https, or a path of this server; else none."""
    if not href or href != written(href) or any(letter in " \\" for letter in href):
        return None
    path = href.startswith("/") and not href.startswith("//")
    return href if path or href.lower().startswith(("http://", "https://")) else None


class Drawing:
    """A picture of a given width that is drawn from the top down."""

    def __init__(self, kind: str, title: str, description: str, width: float, data: object = "") -> None:
        self.kind, self.width, self.height = kind, width, 0.0
        self.title, self.description = written(title), written(description)
        self.boxes: list[Box] = []
        self.linked = False
        told = repr((kind, title, description, width, data)).encode("utf-8", "replace")
        self.key = f"pic-{hashlib.sha256(told).hexdigest()[:10]}"
        self.fills: dict[int, ET.Element] = {}
        self.body = ET.Element("g", {"font-size": rounded(SIZE), "fill": "currentColor"})

    def shape(self, tag: str, parent: ET.Element | None = None, **attributes: object) -> ET.Element:
        """An element; underscores in names of attributes stand for hyphens."""
        told = {
            name.rstrip("_").replace("_", "-"): rounded(value) if isinstance(value, float) else str(value)
            for name, value in attributes.items()
            if value is not None and value != ""
        }
        return ET.SubElement(self.body if parent is None else parent, tag, told)

    def link(self, href: str | None, parent: ET.Element | None = None) -> ET.Element:
        """What to draw into for a link; without an address that is allowed, a plain group."""
        address = linkable(href)
        if address is None:
            return self.shape("g", parent)
        self.linked = True
        return self.shape("a", parent, href=address, class_="pic-link")

    def text(
        self,
        x: float,
        top: float,
        lines: Lines | str,
        *,
        anchor: str = "start",
        size: float = SIZE,
        bold: bool = False,
        class_: str = "pic-ink",
        halo: bool = False,
        parent: ET.Element | None = None,
    ) -> Box:
        """A text below ``top``, each line for itself, so that no letter of one can move another."""
        if isinstance(lines, str):
            text = written(lines)
            lines = Lines((text,), text, width_of(text, size, bold=bold))
        group = self.shape("g", parent, class_=class_)
        if not lines.whole:
            self.shape("title", group).text = lines.text
        for at, line in enumerate(lines.lines):
            told = {
                "x": x,
                "y": top + size * (0.98 + LINE * at),
                "font_size": "" if size == SIZE else rounded(size),
                "font_weight": "600" if bold else "",
                "text_anchor": "" if anchor == "start" else anchor,
            }
            if halo:
                # A text of its own: many programs that open SVG files paint a stroke over its text.
                self.shape("text", group, class_="pic-halo", aria_hidden="true", **told).text = line
            self.shape("text", group, **told).text = line
        left = x - {"start": 0.0, "middle": lines.width / 2, "end": lines.width}[anchor]
        box = Box(
            lines.text, left, top, left + lines.width, top + size * (LINE * (len(lines.lines) - 1) + LINE)
        )
        self.boxes.append(box)
        return box

    def fill(self, kind: int) -> str:
        """The fill of a series: solid, lines, dots, grid or open, in the hue of its class; -1 for what is not known."""
        kind = kind if kind == UNKNOWN else kind % KINDS
        name = f"{self.key}-{kind}"
        if kind not in self.fills:
            pattern = ET.Element(
                "pattern",
                {
                    "id": name,
                    "width": "8",
                    "height": "8",
                    "patternUnits": "userSpaceOnUse",
                    "class": "pic-line" if kind == UNKNOWN else f"pic-s{kind + 1}",
                },
            )
            solid = {0: "0.85", 7: "0"}.get(kind, "0.25")
            self.shape("rect", pattern, width=8, height=8, fill="currentColor", fill_opacity=solid)
            if kind == 2:
                self.shape("circle", pattern, cx=4, cy=4, r=2, fill="currentColor")
            elif kind in _LINES:
                self.shape(
                    "path", pattern, d=_LINES[kind], stroke="currentColor", stroke_width=2, fill="none"
                )
            self.fills[kind] = pattern
        return f"url(#{name})"

    def mark(
        self, kind: int, x: float, y: float, *, scale: float = 1, parent: ET.Element | None = None
    ) -> ET.Element:
        """The shape of a series or group: circle, square, triangle, diamond and so on."""
        kind %= KINDS
        place = f"translate({rounded(x)} {rounded(y)})" + (f" scale({scale:g})" if scale != 1 else "")
        return self.shape(
            "path",
            parent,
            d=_SHAPES[kind],
            transform=place,
            class_=f"pic-s{kind + 1} pic-edge",
            fill="currentColor",
        )

    def tell(self, element: ET.Element, *lines: str) -> None:
        """Let an element say something where the pointer rests on it."""
        told = ET.Element("title")
        told.text = "\n".join(written(line) for line in lines)
        element.insert(0, told)

    def free(self, box: Box) -> bool:
        """Whether no text has any of this room yet."""
        return not any(box.overlaps(other) for other in self.boxes)

    def notes(self, texts: Iterable[str], top: float) -> None:
        """Lines below the picture, over its whole width; the picture ends below them."""
        for text in filter(None, texts):
            lines = wrapped(text, self.width, SMALL, most=40)
            top = self.text(0.0, top + 4, lines, size=SMALL, class_="pic-soft").bottom
        self.height = top + 4

    def root(self, *, top: float = 0.0, margin: float = 1.0) -> ET.Element:
        """The whole picture as an SVG element with its name and description."""
        width, height = self.width + 2 * margin, self.height + top + 2 * margin
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": f"pic pic-{self.kind}",
                # An image has no parts for assistive technology; one with links must keep them reachable.
                "role": "group" if self.linked else "img",
                "aria-labelledby": f"{self.key}-title {self.key}-desc",
                "width": rounded(width),
                "height": rounded(height),
                "viewBox": f"{rounded(-margin)} {rounded(-margin - top)} {rounded(width)} {rounded(height)}",
                "direction": "ltr",
            },
        )
        ET.SubElement(root, "title", {"id": f"{self.key}-title"}).text = self.title
        ET.SubElement(root, "desc", {"id": f"{self.key}-desc"}).text = self.description
        if self.fills:
            ET.SubElement(root, "defs").extend(self.fills[kind] for kind in sorted(self.fills))
        root.append(self.body)
        return root
