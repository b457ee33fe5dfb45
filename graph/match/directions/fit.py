"""From a facility: the sectors and the regions that are likely to want it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.iris import INFRA
from graph.match.directions.abilities import Abilities
from graph.match.directions.likeness import Like, like_facilities
from graph.match.view import View, needing, node_of, number_of, statement

LEAST_NAMING: Final = 2
"""Like facilities that must name a sector before it counts as likely: one may be an exception."""
LEAST_SHARE: Final = 0.3
"""The share of them, of those that name any sector."""
LITTLE: Final = 2
"""Other facilities of a region up to which it has little of a capability."""
_SECTOR: Final = INFRA["sector"]

_Named = Mapping[NamedNode, Mapping[NamedNode, list[dict[str, str]]]]


def fit(facility: NamedNode, view: View) -> dict[str, Any]:
    """Sectors that the facility names, those that like facilities name, and regions that lack what it can do."""
    likes = like_facilities(facility, view)
    named = _named_sectors([facility, *(like.facility for like in likes)], view)
    naming = [like for like in likes if named[like.facility]]
    view.learn([facility, *(like.facility for like in likes), *named[facility]])
    return {
        "facility": view.entity(facility),
        "sectors": {
            "named": [
                {
                    **view.concept(sector),
                    "reason": view.say("direction-sector-named", sector=view.name(sector)),
                    "evidence": named[facility][sector],
                }
                for sector in sorted(named[facility], key=lambda node: node.value)
            ],
            "likely": _likely(facility, naming, named, view),
        },
        "like": [
            {
                **view.entity(like.facility),
                "likeness": round(like.likeness, 4),
                "names_sectors": like in naming,
            }
            for like in likes
        ],
        "regions": _regions(facility, view),
    }


def _named_sectors(facilities: Sequence[NamedNode], view: View) -> _Named:
    """The sectors that facilities name, with the statements that say so."""
    found: dict[NamedNode, dict[NamedNode, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in view.rows_of("directions-sector", "facility", facilities):
        facility, sector, graph = node_of(row, "facility", "sector", "graph")
        found[facility][sector].append(statement(facility, _SECTOR, sector, graph))
    return found


def _likely(facility: NamedNode, naming: Sequence[Like], named: _Named, view: View) -> list[dict[str, Any]]:
    """The divisions of NACE that several like facilities name and this one does not, the most named first."""
    by: dict[NamedNode, dict[NamedNode, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for like in naming:
        for sector, statements in named[like.facility].items():
            division = view.scheme.division(sector)
            if division is not None:
                by[division][like.facility] += statements
    own = {view.scheme.division(sector) for sector in named[facility]}
    own_sections = set(named[facility])
    likely = [
        division
        for division, who in by.items()
        if division not in own
        and not view.scheme.ancestors.get(division, frozenset()) & own_sections
        and len(who) >= LEAST_NAMING
        and len(who) / len(naming) >= LEAST_SHARE
    ]
    likely.sort(key=lambda division: (-len(by[division]), division.value))
    view.learn(likely)
    return [
        {
            **view.concept(division),
            "count": len(by[division]),
            "of": len(naming),
            "share": round(len(by[division]) / len(naming), 4),
            "reason": view.say(
                "direction-sector-likely",
                sector=view.name(division),
                count=str(len(by[division])),
                of=str(len(naming)),
            ),
            "facilities": [view.entity(like.facility) for like in naming if like.facility in by[division]],
            "evidence": [one for who in sorted(by[division], key=str) for one in by[division][who]],
        }
        for division in likely
    ]


def _regions(facility: NamedNode, view: View) -> list[dict[str, Any]]:
    """Regions with a priority that needs what the facility can do and with little or none of it, the emptiest first."""
    wanted: dict[NamedNode, list[tuple[NamedNode, NamedNode, int]]] = defaultdict(list)
    for row in view.rows("directions-sought", facility=[facility]):
        region, priority, capability = node_of(row, "region", "priority", "capability")
        supply = number_of(row, "supply")
        if supply <= LITTLE:
            wanted[region].append((priority, capability, supply))
    if not wanted:
        return []
    view.learn({node for region, all_ in wanted.items() for p, c, _ in all_ for node in (region, p, c)})
    around = _around(facility, view)
    evidence = view.evidence(
        one for region, all_ in wanted.items() for p, c, _ in all_ for one in needing(region, p, c)
    )
    abilities = Abilities.read([facility], view)
    ordered = sorted(
        wanted,
        key=lambda region: (
            -sum(supply == 0 for _, _, supply in wanted[region]),
            -len(wanted[region]),
            region.value,
        ),
    )
    return [
        {
            **view.concept(region),
            "home": region in around,
            "needs": [
                {
                    "priority": view.entity(priority),
                    "capability": view.concept(capability),
                    "supply": supply,
                    "reason": view.say(
                        "direction-region-little" if supply else "direction-region-none",
                        region=view.name(region),
                        priority=view.name(priority),
                        capability=view.name(capability),
                        **({"count": str(supply)} if supply else {}),
                    ),
                    "evidence": [
                        *(e for said in needing(region, priority, capability) for e in evidence[said]),
                        *abilities.evidence(facility, capability),
                    ],
                }
                for priority, capability, supply in sorted(
                    wanted[region], key=lambda need: (need[2], need[0].value, need[1].value)
                )
            ],
        }
        for region in ordered
    ]


def _around(facility: NamedNode, view: View) -> set[NamedNode]:
    """The regions that the facility is in, the smallest and all around it."""
    found: set[NamedNode] = set()
    for row in view.rows("directions-place", facility=[facility]):
        region = row.get("region")
        if isinstance(region, NamedNode):
            found |= {region, *view.scheme.ancestors.get(region, ())}
    return found
