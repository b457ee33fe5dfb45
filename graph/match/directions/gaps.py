"""From a region: what its priorities need that nobody there offers, and who offers it elsewhere."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point, chord_to_km
from graph.match.directions.abilities import Abilities
from graph.match.label_points import label_point
from graph.match.view import Statement, View, needing, node_of, number_of
from graph.store.answers import Term

_COUNTRY: Final = 2
"""Letters of a NUTS code that name the country."""


@dataclass(frozen=True)
class Provider:
    """A facility that covers a capability, its region, and how far it is in km where that is known."""

    facility: NamedNode
    region: NamedNode | None
    km: float | None


def facilities_abroad(region: NamedNode, view: View, furthest: float | None, limit: int) -> dict[str, Any]:
    """The gaps of a region and the facilities outside that fill each, the nearest first.

    A region's priorities are its own, those of its parts and those of the regions around it.

    With ``furthest`` in km those further from the region's label point are left out; those whose place is not known
    stay, marked. ``limit`` is for each gap; ``total`` says how many there are.
    """
    needed: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    stating: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    served: set[NamedNode] = set()
    open_: set[NamedNode] = set()
    priorities: set[NamedNode] = set()
    for row in view.rows("directions-priorities", region=[region]):
        of, priority = node_of(row, "place", "priority")
        priorities.add(priority)
        stating[priority].add(of)
        capability = row.get("capability")
        if not isinstance(capability, NamedNode):
            open_.add(priority)
        elif number_of(row, "supply"):
            served.add(capability)
        else:
            needed[capability].add(priority)
    place = label_point(region, view.reader, view.queries)
    providers = _providers(list(needed), place, view)
    kept = {
        capability: [one for one in providers[capability] if _is_near(one, furthest)] for capability in needed
    }
    shown = {one.facility for several in kept.values() for one in several[:limit]}
    view.learn({region, *needed, *priorities, *shown})
    evidence = view.evidence(
        one for capability, several in needed.items() for one in _needing(several, capability, stating)
    )
    abilities = Abilities.read(shown, view)
    towns = _towns(shown, view)

    def gap(capability: NamedNode) -> dict[str, Any]:
        wanting = sorted(needed[capability], key=lambda node: node.value)
        return {
            **view.concept(capability),
            "priorities": [view.entity(priority) for priority in wanting],
            "reason": view.say(
                "direction-gap",
                region=view.name(region),
                capability=view.name(capability),
                priorities="; ".join(view.name(priority) for priority in wanting),
            ),
            "evidence": [one for said in _needing(wanting, capability, stating) for one in evidence[said]],
            "total": len(kept[capability]),
            "facilities": [
                _provided(one, capability, region, towns, abilities, view) for one in kept[capability][:limit]
            ],
        }

    return {
        "region": {
            **view.concept(region),
            "location": None if place is None else {"lat": place.lat, "lon": place.lon},
        },
        "maxDistanceKm": furthest,
        "priorities": len(priorities),
        "covered": len(served),
        "gaps": [gap(capability) for capability in sorted(needed, key=lambda node: node.value)],
        "unknown": [
            {
                **view.entity(priority),
                "reason": view.say("direction-priority-open", priority=view.name(priority)),
            }
            for priority in sorted(open_, key=lambda node: node.value)
        ],
        "note": None if priorities else view.say("direction-region-open", region=view.name(region)),
    }


def _needing(
    priorities: Iterable[NamedNode], capability: NamedNode, stating: Mapping[NamedNode, Iterable[NamedNode]]
) -> list[Statement]:
    """The statements by which priorities, each of the regions that state it, need a capability; each once."""
    return list(
        dict.fromkeys(
            one
            for priority in priorities
            for region in sorted(stating[priority], key=lambda node: node.value)
            for one in needing(region, priority, capability)
        )
    )


def _providers(
    capabilities: Sequence[NamedNode], place: Point | None, view: View
) -> dict[NamedNode, list[Provider]]:
    """Who covers each capability, the nearest first; those whose place is not known last."""
    found: dict[NamedNode, dict[NamedNode, Provider]] = defaultdict(dict)
    for row in view.rows_of("directions-covering", "capability", capabilities):
        capability, facility = node_of(row, "capability", "facility")
        region = row.get("region")
        one = Provider(facility, region if isinstance(region, NamedNode) else None, _km(row, place))
        known = found[capability].get(facility)
        if known is None or str(one.region) < str(known.region):
            found[capability][facility] = one
    return defaultdict(
        list,
        {
            capability: sorted(
                several.values(),
                key=lambda one: (math.inf if one.km is None else round(one.km, 1), one.facility.value),
            )
            for capability, several in found.items()
        },
    )


def _km(row: dict[str, Term], place: Point | None) -> float | None:
    at = [float(value.value) for name in "xyz" if isinstance(value := row.get(name), Literal)]
    if place is None or len(at) < len("xyz"):
        return None
    return chord_to_km(sum((a - b) ** 2 for a, b in zip(at, place.on_sphere(), strict=True)))


def _is_near(one: Provider, furthest: float | None) -> bool:
    return furthest is None or one.km is None or one.km <= furthest


def _towns(facilities: set[NamedNode], view: View) -> dict[NamedNode, str]:
    towns: dict[NamedNode, str] = {}
    for row in view.rows_of("directions-place", "facility", sorted(facilities, key=lambda node: node.value)):
        (facility,) = node_of(row, "facility")
        town = row.get("town")
        if isinstance(town, Literal):
            towns[facility] = min(town.value, towns.get(facility, town.value))
    return towns


def _provided(
    one: Provider,
    capability: NamedNode,
    region: NamedNode,
    towns: dict[NamedNode, str],
    abilities: Abilities,
    view: View,
) -> dict[str, Any]:
    words = {"capability": view.name(capability), "region": view.name(region)}
    code = view.scheme.notations.get(one.region, "") if one.region else ""
    home = view.scheme.notations.get(region, "")[:_COUNTRY]
    return {
        **view.entity(one.facility),
        "region": code or None,
        "city": towns.get(one.facility),
        "country": code[:_COUNTRY] or None,
        "abroad": code[:_COUNTRY] != home if code else None,
        "distance_km": None if one.km is None else round(one.km, 1),
        "verdict": "unknown" if one.km is None else "met",
        "reason": view.say("direction-abroad-unplaced", **words)
        if one.km is None
        else view.say("direction-abroad", **words, km=f"{one.km:.0f}"),
        "evidence": abilities.evidence(one.facility, capability),
    }
