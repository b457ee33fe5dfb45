"""A picture for a page, for wide and narrow screens, and as a file of its own."""

import copy
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from graph.regions.pictures.drawing import Drawing
from graph.regions.pictures.figure import Table
from graph.regions.pictures.lettering import wrapped
from graph.resources import WEB

WIDE: Final = 800.0
NARROW: Final = 340.0
"""Widths in units that pictures are laid out for; a unit is a pixel of CSS where there is room."""
_RULES: Final = re.compile(r"/\* Pictures.*?\*/(?P<rules>.*?)/\* Pictures end \*/", re.DOTALL)
_NAMES: Final = re.compile(r"(--[a-z-]+):\s*(#[0-9a-f]{3,6});")
_FONT: Final = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'


@dataclass(frozen=True, kw_only=True)
class Picture(ABC):
    """What all pictures have: finished texts in the reader's language.

    ``nothing`` is shown where there are no items, ``unknown`` for a number that is not known, ``note`` below the
    picture; ``language`` is a code such as ``nl`` and gives numbers their form.
    """

    title: str
    description: str
    language: str = "en"
    nothing: str = "–"
    unknown: str = "?"
    note: str = ""

    @abstractmethod
    def table(self) -> Table:
        """The data of the picture as a table."""

    @abstractmethod
    def drawing(self, width: float) -> Drawing:
        """The picture laid out for a width in units; where its texts have no room there, it is wider."""


def inline(picture: Picture, *, linked: bool = True) -> str:
    """A picture for a page: laid out for wide and for narrow screens; the page's style shows one of them.

    Without ``linked`` links that are paths are left out: a page outside of the service has nowhere to lead to.
    """
    roots = [picture.drawing(one).root() for one in (WIDE, NARROW)]
    if not linked:
        for root in roots:
            _settle_links(root, "")
    wide, narrow = (ET.tostring(root, "unicode") for root in roots)
    return f'<div class="pic-frame pic-wide">{wide}</div>\n<div class="pic-frame pic-narrow">{narrow}</div>'


def _settle_links(root: ET.Element, base: str) -> None:
    """Put an address before links that are paths; without one leave the links out."""
    for link in list(root.iter("a")):
        if link.get("href", "").startswith("/"):
            if base:
                link.set("href", base.rstrip("/") + link.get("href", ""))
            else:
                link.tag = "g"
                del link.attrib["href"], link.attrib["class"]


def standalone(picture: Picture, *, width: float = WIDE, base: str = "") -> str:
    """A picture as an SVG file of its own: its title on top, light colours, all rules inside.

    ``base`` is the address of the server, put before links that are paths; without it these are left out.
    """
    drawing = picture.drawing(width)
    head = wrapped(picture.title, drawing.width, 18, most=20, bold=True)
    room = 18 * 1.3 * len(head.lines) + 10
    root = copy.deepcopy(drawing.root(top=room, margin=16))
    body = root[-1]
    _settle_links(root, base)
    left, top, *size = root.get("viewBox", "").split()
    ground = ET.Element(
        "rect", {"x": left, "y": top, "width": size[0], "height": size[1], "class": "pic-surface"}
    )
    style = ET.Element("style")
    style.text = rules()
    at = list(root).index(body)
    root.insert(at, ground)
    root.insert(at, style)
    drawing.text(0.0, -room, head, size=18, bold=True, parent=body)
    body.set("font-family", _FONT)
    if root.get("role") == "group" and not any(True for _ in root.iter("a")):
        root.set("role", "img")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def rules() -> str:
    """The rules for pictures of the pages' style, with the light colours in place of their names.

    Many programs that open SVG files know nothing of custom properties.
    """
    style = (WEB / "static" / "style.css").read_text(encoding="utf-8")
    colours = dict(_NAMES.findall(style.partition("}")[0]))
    own = "".join(found["rules"] for found in _RULES.finditer(style))
    return re.sub(r"var\((--[a-z-]+)\)", lambda name: colours[name[1]], own).strip()
