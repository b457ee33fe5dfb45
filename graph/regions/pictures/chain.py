"""A chain: from practices by way of actions and plans to policy instruments and authorities, with its branches."""

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from graph.errors import InputError
from graph.regions.pictures.drawing import DASHES, SMALL, Drawing
from graph.regions.pictures.figure import Table
from graph.regions.pictures.layers import Layers
from graph.regions.pictures.lettering import LINE, Lines, wrapped
from graph.regions.pictures.page import Picture

_PAD: Final = 8.0
_APART: Final = 40.0
_BELOW: Final = 14.0
_LEAST: Final = 116.0
_LANE: Final = 9.0
_LANES: Final = 8


@dataclass(frozen=True)
class Step:
    """A practice, an action and so on: ``kind`` is its place among the kinds, ``caption`` a short line below."""

    key: str
    label: str
    kind: int
    caption: str = ""
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Chain(Picture):
    """Steps by kind, from left to right, and arrows from step to step by their keys, each to a later kind.

    ``heads`` head the table: kind, step, what it leads to.
    """

    heads: tuple[str, str, str]
    kinds: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    arrows: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        kind = {step.key: step.kind for step in self.steps}
        if len(kind) != len(self.steps):
            raise InputError("two steps of a chain have the same key: give each its own")
        for step in self.steps:
            if not 0 <= step.kind < len(self.kinds):
                raise InputError(f"the step {step.label[:100]!r} is of kind {step.kind}, which has no name")
        for source, target in self.arrows:
            for end in (source, target):
                if end not in kind:
                    raise InputError(f"an arrow names the step {end[:100]!r}, which is not among the steps")
            if kind[source] >= kind[target]:
                raise InputError(
                    f"the arrow from {source[:100]!r} to {target[:100]!r} does not lead to a later kind: turn it round"
                )

    def table(self) -> Table:
        """Steps by kind with what they lead to."""
        label = {step.key: step.label for step in self.steps}
        after = defaultdict(list)
        for source, target in dict.fromkeys(self.arrows):
            after[source].append(label[target])
        rows = tuple(
            (
                self.kinds[step.kind],
                f"{step.label} ({step.caption})" if step.caption else step.label,
                "; ".join(after[step.key]),
            )
            for step in sorted(self.steps, key=lambda step: step.kind)
        )
        return Table(self.heads, rows)

    def drawing(self, width: float) -> Drawing:
        """Columns from left to right; on a narrow picture the kinds below each other, with arrows beside them."""
        drawing = Drawing("chain", self.title, self.description, width, self)
        if not self.steps:
            drawing.notes((self.nothing, self.note), 0)
            return drawing
        bottom = self._down(drawing) if width < 500 else self._across(drawing)
        drawing.notes((self.note,), bottom + 4)
        return drawing

    def _across(self, drawing: Drawing) -> float:
        kinds = sorted({step.kind for step in self.steps})
        column = {step.key: kinds.index(step.kind) for step in self.steps}
        wide = max(_LEAST, min(260.0, (drawing.width - _APART * (len(kinds) - 1)) / len(kinds)))
        drawing.width = wide * len(kinds) + _APART * (len(kinds) - 1)
        head = 0.0
        for at, kind in enumerate(kinds):
            lines = wrapped(self.kinds[kind], wide, SMALL, bold=True)
            head = max(
                head,
                drawing.text(
                    at * (wide + _APART), 0.0, lines, size=SMALL, bold=True, class_="pic-soft"
                ).bottom,
            )
        texts = {step.key: _texts(step, wide - 2 * _PAD) for step in self.steps}
        heights = {key: _high(*text) for key, text in texts.items()}
        arrows = tuple(dict.fromkeys(self.arrows))
        layers = Layers(column, heights, arrows, _BELOW)
        place = {key: head + 8 + middle for key, middle in layers.middles.items()}
        for route in layers.routes:
            first = column[route[0]]
            path = f"M{first * (wide + _APART) + wide:.1f} {place[route[0]]:.1f}"
            x = y = 0.0
            for at, (one, other) in enumerate(itertools.pairwise(route), first + 1):
                x, y, half = at * (wide + _APART), place[other], _APART / 2
                end = x - 6 if other == route[-1] else x
                path += f"C{x - half:.1f} {place[one]:.1f} {x - half:.1f} {y:.1f} {end:.1f} {y:.1f}"
                path += "" if other == route[-1] else f"H{x + wide:.1f}"
            self._arrow(drawing, path, x, y, "")
        for step in self.steps:
            left, top = column[step.key] * (wide + _APART), place[step.key] - heights[step.key] / 2
            _box(drawing, step, texts[step.key], (left, top, wide, heights[step.key]))
        return max(place[step.key] + heights[step.key] / 2 for step in self.steps)

    def _down(self, drawing: Drawing) -> float:
        """Boxes below each other, each as wide as there is room; a lane beside them for each step that leads on."""
        ordered = sorted(self.steps, key=lambda step: step.kind)
        row = {step.key: at for at, step in enumerate(ordered)}
        after: dict[str, list[str]] = defaultdict(list)
        for source, target in dict.fromkeys(self.arrows):
            after[source].append(target)
        lane = _lanes([(row[key], max(row[one] for one in after[key]), key) for key in row if key in after])
        left = (max(lane.values()) + 2) * _LANE + 8 if lane else 0.0
        top, kind, middle = 0.0, -1, {}
        for step in ordered:
            if step.kind != kind:
                kind = step.kind
                head = wrapped(self.kinds[kind], drawing.width - left, SMALL, bold=True)
                top = drawing.text(left, top, head, size=SMALL, bold=True, class_="pic-soft").bottom + 3
            text = _texts(step, drawing.width - left - 2 * _PAD)
            high = _high(*text)
            _box(drawing, step, text, (left, top, drawing.width - left - 1, high))
            middle[step.key] = top + high / 2
            top += high + _BELOW
        for key, targets in after.items():
            x = left - 8 - (lane[key] + 1) * _LANE
            dash = DASHES[lane[key] % len(DASHES)]
            for target in targets:
                path = f"M{left:.1f} {middle[key] + 4:.1f}H{x:.1f}V{middle[target] - 4:.1f}H{left - 6:.1f}"
                self._arrow(drawing, path, left, middle[target] - 4, dash)
        return top - _BELOW

    def _arrow(self, drawing: Drawing, path: str, x: float, y: float, dash: str) -> None:
        drawing.shape(
            "path",
            d=path,
            fill="none",
            stroke="currentColor",
            stroke_width="1.5",
            stroke_dasharray=dash,
            class_="pic-soft",
        )
        drawing.shape("path", d=f"M{x:.1f} {y:.1f}l-8-4v8Z", fill="currentColor", class_="pic-soft")


def _texts(step: Step, room: float) -> tuple[Lines, Lines | None]:
    caption = wrapped(step.caption, room, SMALL, most=4) if step.caption else None
    return wrapped(step.label, room, SMALL + 1, most=8), caption


def _high(label: Lines, caption: Lines | None) -> float:
    below = len(caption.lines) * SMALL * LINE if caption else 0.0
    return len(label.lines) * (SMALL + 1) * LINE + below + 2 * _PAD - 2


def _box(
    drawing: Drawing, step: Step, texts: tuple[Lines, Lines | None], place: tuple[float, float, float, float]
) -> None:
    x, y, wide, high = place
    link = drawing.link(step.href)
    drawing.shape(
        "rect",
        link,
        x=x,
        y=y,
        width=wide,
        height=high,
        rx=5,
        fill="none",
        stroke="currentColor",
        class_=f"pic-surface pic-s{step.kind % 8 + 1}",
    )
    label, caption = texts
    bottom = drawing.text(x + _PAD, y + _PAD - 1, label, size=SMALL + 1, parent=link).bottom
    if caption:
        drawing.text(x + _PAD, bottom, caption, size=SMALL, class_="pic-soft", parent=link)


def _lanes(spans: list[tuple[int, int, str]]) -> dict[str, int]:
    """A lane for each span of rows: the nearest that no other span uses there, or the last where all are in use."""
    ends: list[int] = []
    lane = {}
    for first, last, key in sorted(spans):
        at = next((one for one, end in enumerate(ends) if end < first), len(ends))
        at = min(at, _LANES - 1)
        if at == len(ends):
            ends.append(last)
        ends[at] = max(ends[at], last)
        lane[key] = at
    return lane
