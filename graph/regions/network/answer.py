"""What the network of regions is told as: nodes and links in the node-link form that networkx loads.

Regions go by their NUTS codes and capabilities by their notations; ``capabilities`` has the names of all that occur.
A link of similarity stands once, from the lower code to the higher; one of complementarity leads from the region that
lacks to the one that has. Shares are rounded to four digits, after everything is computed.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.match.view import View
from graph.regions.network.bridges import Bridge, bridges
from graph.regions.network.central import Central, central_facilities
from graph.regions.network.network import SEED, Likeness, Network, Supply

TELLING: Final = 5
"""Capabilities named for a link or a group: those that count most."""
QUERIES: Final = ("coverage", "needs", "organisation-ties", "project-ties", "central", "reach")
"""The queries in ``queries/regions/`` that the answer is computed from."""


def network_answer(network: Network, view: View, limit: int) -> dict[str, Any]:
    """The network with who links its regions; ``limit`` is for organisations, projects and facilities."""
    organisations = bridges("organisation", network.regions, view)
    projects = bridges("project", network.regions, view)
    central = central_facilities(network.regions, view, limit + 1)
    shown = [*organisations[:limit], *projects[:limit]]
    view.learn({*network.regions, *(one.entity for one in shown), *(one.facility for one in central[:limit])})
    group_of = {region: number for number, group in enumerate(network.groups, 1) for region in group}
    links = [
        *(_likeness(link, network, view) for link in network.likenesses),
        *(_supply(link, network, view) for link in network.supplies),
    ]
    groups = [_group(number, group, network, view) for number, group in enumerate(network.groups, 1)]
    return {
        "directed": True,
        "multigraph": True,
        "graph": {
            "similarity": "simGIC over shares of facilities (weighted Jaccard, Ruzicka)",
            "groups": f"Louvain, seed {SEED}",
            "modularity": None if network.modularity is None else _rounded(network.modularity),
        },
        "nodes": [_node(region, group_of.get(region), network, view) for region in network.regions],
        "links": links,
        "groups": groups,
        "capabilities": _names([*links, *groups], network, view),
        "organisations": [_bridge(one, view) for one in organisations[:limit]],
        "projects": [_bridge(one, view) for one in projects[:limit]],
        "facilities": [_central(one, view) for one in central[:limit]],
        "more": {
            "organisations": len(organisations) > limit,
            "projects": len(projects) > limit,
            "facilities": len(central) > limit,
        },
        "unknown": list(_unknown(network, view)),
        "queries": [f"/queries/regions-{name}" for name in QUERIES],
    }


def _node(region: NamedNode, group: int | None, network: Network, view: View) -> dict[str, Any]:
    coverage = network.coverage
    gaps = network.needs.gaps(region)
    known = region in network.centrality
    return {
        "id": _code(region, view),
        "region": region.value,
        "label": view.name(region),
        "facilities": coverage.located.get(region, 0),
        "described": coverage.able.get(region, 0),
        "capabilities": len(coverage.counts.get(region, ())),
        "gaps": None if gaps is None else len(gaps),
        "links": network.neighbours.get(region),
        "centrality": _rounded(network.centrality[region]) if known else None,
        "group": group,
    }


def _likeness(link: Likeness, network: Network, view: View) -> dict[str, Any]:
    one, other = _code(link.one, view), _code(link.other, view)
    return {
        "key": f"similarity:{one}:{other}",
        "kind": "similarity",
        "source": one,
        "target": other,
        "weight": _rounded(link.value),
        "capabilities": [
            {
                "code": view.scheme.notation(trait.capability),
                "source": _rounded(trait.one),
                "target": _rounded(trait.other),
            }
            for trait in network.coverage.shared(link.one, link.other, TELLING)
        ],
    }


def _supply(link: Supply, network: Network, view: View) -> dict[str, Any]:
    lacking, having = _code(link.lacking, view), _code(link.having, view)
    found = link.complement
    return {
        "key": f"complementarity:{lacking}:{having}",
        "kind": "complementarity",
        "source": lacking,
        "target": having,
        "weight": _rounded(found.value or 0.0),
        "gaps": len(found.filled) + len(found.open),
        "filled": len(found.filled),
        "capabilities": [
            {"code": view.scheme.notation(one.capability), "facilities": one.facilities}
            for one in found.filled[:TELLING]
        ],
    }


def _group(number: int, group: Sequence[NamedNode], network: Network, view: View) -> dict[str, Any]:
    common = network.coverage.common(group, TELLING) if len(group) > 1 else []
    return {
        "group": number,
        "regions": [_code(region, view) for region in group],
        "capabilities": [
            {"code": view.scheme.notation(code), "least": _rounded(share)} for code, share in common
        ],
    }


def _names(parts: Iterable[dict[str, Any]], network: Network, view: View) -> dict[str, dict[str, str]]:
    """Notation to concept and name, of all capabilities that the parts of the answer mention."""
    mentioned = {one["code"] for part in parts for one in part["capabilities"]}
    nodes = {view.scheme.notation(node): node for node in network.coverage.everywhere}
    view.learn(nodes[code] for code in mentioned)
    return {
        code: {"concept": nodes[code].value, "label": view.name(nodes[code])} for code in sorted(mentioned)
    }


def _bridge(one: Bridge, view: View) -> dict[str, Any]:
    return {
        **view.entity(one.entity),
        "regions": [
            {
                "region": _code(region, view),
                "ties": [
                    {"tie": tie.kind, "label": view.say(f"network-tie-{tie.kind}"), "number": tie.number}
                    for tie in one.ties
                    if tie.region == region
                ],
            }
            for region in one.regions
        ],
    }


def _central(one: Central, view: View) -> dict[str, Any]:
    return {
        **view.entity(one.facility),
        "weight": one.weight,
        "home": [_code(region, view) for region in one.home],
        "reached": [_code(region, view) for region in one.reached],
    }


def _unknown(network: Network, view: View) -> Iterable[dict[str, str]]:
    """What is not known of regions, in words."""
    for region in network.regions:
        for missing, code in (
            (not network.coverage.able.get(region), "network-unknown-capabilities"),
            (network.needs.gaps(region) is None, "network-unknown-priorities"),
        ):
            if missing:
                yield {"region": _code(region, view), "reason": view.say(code, region=view.name(region))}


def _code(region: NamedNode, view: View) -> str:
    return view.scheme.notation(region)


def _rounded(share: float) -> float:
    return round(share, 4) + 0.0  # a nought of less than half a digit has no sign
