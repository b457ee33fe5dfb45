"""A map of Europe's countries with facilities as dots and regions as labelled marks.

Regions are marks at a point inside of them, not areas: polygons of NUTS are not among what this project may ship.
"""

import math
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from graph.geometry import Point
from graph.regions.pictures.basemap import Place, covers
from graph.regions.pictures.dots import Dot, dots
from graph.regions.pictures.drawing import SMALL, Box, Drawing
from graph.regions.pictures.figure import Table, number
from graph.regions.pictures.lettering import LINE, Lines, wrapped, written
from graph.regions.pictures.page import Picture
from graph.regions.pictures.projection import projected
from graph.regions.pictures.view import View, frame, land

_MARK, _HIGHLIGHT = 1, 7
_ONE_KEY: Final = {"dot": 5.0, "many": 8.5}
_STEPS: Final = tuple(10.0 * 1.25**step for step in range(14))
"""How far from its place a region's label may go, in units, with a line to the place."""


@dataclass(frozen=True)
class Site:
    """A facility, the name of its region, and where it is; ``None`` where that is not known."""

    name: str
    point: Point | None
    region: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Region:
    """A region by a point inside of it; a highlighted one has another shape and bold letters."""

    name: str
    point: Point | None
    highlighted: bool = False
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Map(Picture):
    """Facilities and regions; the view fits what is shown.

    ``heads`` head the table: facility, region. The keys say below the map what its signs stand for. ``missing`` says
    how many, ``{count}``, and which, ``{names}``, are not on the map: their place is unknown, or not in Europe.
    """

    heads: tuple[str, str]
    sites: tuple[Site, ...] = ()
    regions: tuple[Region, ...] = ()
    site_key: str = ""
    many_key: str = ""
    region_key: str = ""
    highlighted_key: str = ""
    missing: str = "{count}: {names}"

    def table(self) -> Table:
        """Facilities with their regions, then regions without any."""
        named = {site.region for site in self.sites}
        rows = [(site.name, site.region) for site in self.sites]
        rows += [("", region.name) for region in self.regions if region.name not in named]
        return Table(self.heads, tuple(rows))

    def drawing(self, width: float) -> Drawing:
        """Countries, dots over them, and the regions' marks where they cover no dot."""
        drawing = Drawing("map", self.title, self.description, width, self)
        sites = [(site, site.point) for site in self.sites if site.point and covers(site.point)]
        regions = [(region, region.point) for region in self.regions if region.point and covers(region.point)]
        if not sites and not regions:
            drawing.notes((self.nothing, *self._missing(), self.note), 0)
            return drawing
        view = View.of([projected(point) for _, point in (*sites, *regions)], width)
        land(drawing, view)
        below = drawing.shape("g")
        marks = dots((*view.at(point), site) for site, point in sites)
        taken = [
            Box("", dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)
            for dot in marks
        ]
        for dot in marks:
            _dot(drawing, dot)
        untold = []
        ordered = sorted(regions, key=lambda one: (not one[0].highlighted, one[0].name))
        for region, point in ordered:
            if not _region(drawing, below, region, view, view.at(point), taken):
                untold.append(region.name)
        frame(drawing, view)
        top = self._key(drawing, view, marks, [region for region, _ in regions])
        drawing.notes((" · ".join(untold), *self._missing(), self.note), top)
        return drawing

    def _missing(self) -> tuple[str, ...]:
        things: tuple[Site | Region, ...] = (*self.sites, *self.regions)
        names = [one.name for one in things if not (one.point and covers(one.point))]
        if not names:
            return ()
        text = self.missing.replace("{count}", number(len(names), self.language))
        return (text.replace("{names}", "; ".join(names)),)

    def _key(self, drawing: Drawing, view: View, marks: "list[Dot[Site]]", regions: "list[Region]") -> float:
        """The scale and what the signs stand for, below the map."""
        top = view.height + 8
        km = view.step()
        long = km * view.scale
        drawing.shape("path", d=f"M1 {top + 3:.1f}v6h{long:.1f}v-6", fill="none", stroke="currentColor")
        text = f"{number(km, self.language)} km"
        x = drawing.text(long + 8, top - 2, text, size=SMALL).right + 24
        shown = (
            (self.site_key, any(len(dot.members) == 1 for dot in marks), "dot"),
            (self.many_key, any(len(dot.members) > 1 for dot in marks), "many"),
            (self.region_key, any(not region.highlighted for region in regions), "region"),
            (self.highlighted_key, any(region.highlighted for region in regions), "highlighted"),
        )
        low = top + SMALL * LINE
        for words, used, sign in shown:
            if not words or not used:
                continue
            label = wrapped(words, drawing.width - 24, SMALL)
            if x + 22 + label.width > drawing.width:
                x, top = 0.0, low + 4
            middle = top + 6
            if sign in {"dot", "many"}:
                drawing.shape(
                    "circle", cx=x + 9, cy=middle, r=_ONE_KEY[sign], fill="currentColor", class_="pic-accent"
                )
                if sign == "many":
                    drawing.text(x + 9, middle - 8, "n", anchor="middle", size=SMALL, class_="pic-on")
            else:
                drawing.mark(_HIGHLIGHT if sign == "highlighted" else _MARK, x + 9, middle)
            box = drawing.text(x + 22, top - 2, label, size=SMALL)
            x, low = box.right + 20, max(low, box.bottom)
        return low + 4


def _dot(drawing: Drawing, dot: Dot[Site]) -> None:
    count = len(dot.members)
    group = drawing.link(dot.members[0].href if count == 1 else None)
    drawing.shape("title", group).text = written("; ".join(site.name for site in dot.members))
    drawing.shape(
        "circle", group, cx=dot.x, cy=dot.y, r=dot.radius, fill="currentColor", class_="pic-accent pic-edge"
    )
    if count > 1:
        top = dot.y - SMALL * LINE / 2
        drawing.text(
            dot.x, top, str(count), anchor="middle", size=SMALL, bold=True, class_="pic-on", parent=group
        )


def _region(
    drawing: Drawing, below: ET.Element, region: Region, view: View, place: Place, taken: list[Box]
) -> bool:
    """Draws a region's mark and name where there is room, the nearest first; says whether there was."""
    label = wrapped(region.name, max(90.0, view.width * 0.17), SMALL, most=6, bold=region.highlighted)
    for box, right, x, y in _rooms(label, place):
        inside = (
            box.left >= 2 and box.top >= 2 and box.right <= view.width - 2 and box.bottom <= view.height - 2
        )
        if not inside or not drawing.free(box) or any(box.overlaps(other) for other in taken):
            continue
        if (x, y) != place:
            drawing.shape(
                "path",
                below,
                d=f"M{place[0]:.1f} {place[1]:.1f}L{x:.1f} {y:.1f}",
                stroke="currentColor",
                class_="pic-ink",
            )
        link = drawing.link(region.href)
        drawing.mark(_HIGHLIGHT if region.highlighted else _MARK, x, y, parent=link)
        high = len(label.lines) * SMALL * LINE
        drawing.text(
            x + (11 if right else -11),
            y - high / 2,
            label,
            anchor="start" if right else "end",
            size=SMALL,
            bold=region.highlighted,
            halo=True,
            parent=link,
        )
        taken.append(box)
        return True
    drawing.mark(_HIGHLIGHT if region.highlighted else _MARK, *place)
    return False


def _rooms(label: Lines, place: Place) -> "list[tuple[Box, bool, float, float]]":
    """Where a mark and its label can go: at the place, then around it, further and further away."""
    high = max(len(label.lines) * SMALL * LINE / 2, 8.0)
    around = [place]
    for far in _STEPS:
        around += [
            (place[0] + far * math.cos(turn * math.pi / 6), place[1] + far * math.sin(turn * math.pi / 6))
            for turn in range(12)
        ]
    found = []
    for x, y in around:
        for right in (True, False):
            left = x - 9 if right else x - 13 - label.width
            found.append((Box("", left, y - high, left + label.width + 22, y + high), right, x, y))
    return found
