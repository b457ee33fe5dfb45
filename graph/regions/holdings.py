"""What a region has, entity by entity: facilities, operators, policy instruments, practices, plans, events."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point
from graph.match.language import in_language
from graph.match.view import View, node_of, number_of
from graph.store.answers import Term

MOST: Final = 50
"""Entities of one kind that a profile names; the lists have all."""

Rows = list[dict[str, Term]]


@dataclass(frozen=True)
class Named:
    """Entities as answers give them, at most ``MOST``, and how many there are."""

    entities: tuple[dict[str, Any], ...]
    total: int

    def as_json(self) -> dict[str, Any]:
        return {"total": self.total, "items": list(self.entities)}


@dataclass(frozen=True)
class Place:
    """A facility at a point on the earth."""

    facility: NamedNode
    label: str
    point: Point


def facilities(region: NamedNode, view: View) -> tuple[Named, tuple[Place, ...]]:
    """The facilities of a region with kinds and towns, and those with a point by their places."""
    rows = view.rows("regions-facilities", region=[region])
    points = {node_of(row, "facility")[0]: point for row in rows if (point := _point(row)) is not None}
    named = _named(
        rows,
        "facility",
        view,
        lambda several: {
            "kinds": _names(several, "kind", view),
            "city": _text(several, "town", view),
        },
    )
    view.learn(points)
    return named, tuple(
        Place(facility, view.name(facility), points[facility])
        for facility in sorted(points, key=lambda node: node.value)
    )


def operators(region: NamedNode, view: View) -> Named:
    """Who operates the facilities, those with most first."""
    return _named(
        view.rows("regions-operators", region=[region]),
        "organisation",
        view,
        lambda several: {
            "kinds": _names(several, "kind", view),
            "facilities": number_of(several[0], "facilities"),
        },
    )


def stakeholders(region: NamedNode, view: View) -> Named:
    """Organisations that partners name as the region's stakeholders."""
    rows = view.rows("regions-stakeholders", region=[region])
    return _named(rows, "organisation", view, lambda several: {"kinds": _names(several, "kind", view)})


def instruments(region: NamedNode, view: View) -> Named:
    """Policy instruments in force there: with kind, what they fund, and for which region they are stated."""
    return _named(
        view.rows("regions-instruments", region=[region]),
        "instrument",
        view,
        lambda several: {
            "kinds": _names(several, "kind", view),
            "funds": _text(several, "funds", view),
            "stated_for": _codes(several, view),
            "start": _text(several, "start", view),
            "end": _text(several, "end", view),
        },
    )


def practices(region: NamedNode, view: View) -> Named:
    """Good practices with their themes."""
    return _named(
        view.rows("regions-practices", region=[region]),
        "practice",
        view,
        lambda several: {"themes": _names(several, "theme", view), "stated_for": _codes(several, view)},
    )


def plans(region: NamedNode, view: View) -> Named:
    """Action plans with their owners and status."""
    return _named(
        view.rows("regions-plans", region=[region]),
        "plan",
        view,
        lambda several: {"owners": _names(several, "owner", view), "status": _text(several, "status", view)},
    )


def events(region: NamedNode, view: View) -> Named:
    """Events held there, by date."""
    return _named(
        view.rows("regions-events", region=[region]),
        "event",
        view,
        lambda several: {"kinds": _names(several, "kind", view), "start": _text(several, "start", view)},
    )


def _named(rows: Rows, name: str, view: View, more: Callable[[Rows], Mapping[str, Any]]) -> Named:
    """The entities of a column, in the order of the rows, each with what its rows tell."""
    by: dict[NamedNode, Rows] = defaultdict(list)
    for row in rows:
        by[node_of(row, name)[0]].append(row)
    shown = list(by)[:MOST]
    view.learn(
        node for entity in shown for row in by[entity] for node in row.values() if isinstance(node, NamedNode)
    )
    return Named(tuple({**view.entity(entity), **more(by[entity])} for entity in shown), len(by))


def _names(rows: Rows, name: str, view: View) -> list[str]:
    nodes = dict.fromkeys(node for row in rows if isinstance(node := row.get(name), NamedNode))
    return [view.name(node) for node in nodes]


def _codes(rows: Rows, view: View) -> list[str]:
    nodes = dict.fromkeys(node for row in rows if isinstance(node := row.get("place"), NamedNode))
    return [view.scheme.notations.get(node, node.value) for node in nodes]


def _text(rows: Rows, name: str, view: View) -> str | None:
    """The text of a column in the reader's language, in English, or in any; ``None`` where there is none."""
    texts: dict[str, str] = {}
    for row in rows:
        value = row.get(name)
        if isinstance(value, Literal):
            texts.setdefault(value.language or "en", value.value)
    return in_language(texts, view.language) or None


def _point(row: Mapping[str, Term]) -> Point | None:
    x, y, z = (float(v.value) if isinstance(v := row.get(name), Literal) else None for name in "xyz")
    if x is None or y is None or z is None:
        return None
    return Point.from_sphere(x, y, z)
