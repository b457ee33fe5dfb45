"""Organisations and projects that link regions: those tied to two or more of them, with the ties in each.

A region and one that lies around it are one place here: who is tied to Flanders is tied to Belgium too, and links
nothing by it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode

from graph.match.view import View, node_of, number_of

Kind = Literal["organisation", "project"]

TIES: Final = {
    "organisation": ("operator", "partner", "stakeholder", "practice-owner", "event-host", "event-guest"),
    "project": ("member", "practice", "facility", "event", "plan"),
}
"""The kinds of tie, as ``queries/regions/organisation-ties.rq`` and ``project-ties.rq`` name them."""


@dataclass(frozen=True)
class Tie:
    """A tie of an organisation or a project to a region, and the number of things that it rests on."""

    region: NamedNode
    kind: str
    number: int


@dataclass(frozen=True)
class Bridge:
    """An organisation or a project that links regions."""

    entity: NamedNode
    regions: tuple[NamedNode, ...]
    """The regions that it links, by code; none of them lies around another."""
    ties: tuple[Tie, ...]
    """Its ties to these, by region and then by kind."""


def bridges(kind: Kind, regions: Sequence[NamedNode], view: View) -> list[Bridge]:
    """Those that link regions, who links most and has most ties first; the queries ``regions-…-ties``."""
    ties: dict[NamedNode, list[Tie]] = defaultdict(list)
    for row in view.rows(f"regions-{kind}-ties", region=sorted(set(regions), key=_iri)):
        tie = row.get("tie")
        if isinstance(tie, Text) and kind in row:
            entity, region = node_of(row, kind, "region")
            ties[entity].append(Tie(region, tie.value, number_of(row, "number")))
    found = []
    for entity, several in ties.items():
        linked = view.scheme.without_implied(sorted({tie.region for tie in several}, key=_iri))
        if len(linked) > 1:
            kept = [tie for tie in several if tie.region in linked]
            order = TIES[kind]
            kept.sort(key=lambda tie: (tie.region.value, order.index(tie.kind)))
            found.append(Bridge(entity, tuple(linked), tuple(kept)))
    return sorted(found, key=lambda one: (-len(one.regions), -len(one.ties), one.entity.value))


def _iri(node: NamedNode) -> str:
    return node.value
