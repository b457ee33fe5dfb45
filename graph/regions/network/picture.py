"""The picture of a network: its regions by group, linked as strongly as they are alike."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from graph.match.view import View
from graph.regions.pictures.figure import Figure
from graph.regions.pictures.network import Link, Network, Node


def network_picture(told: Mapping[str, Any], view: View) -> Network:
    """The picture of an answer of ``network_answer``; regions in no group stand in one of their own, the last."""
    groups = [f"{view.say('network-group')} {one['group']}" for one in told["groups"]]
    ungrouped = any(node["group"] is None for node in told["nodes"])
    if ungrouped:
        groups.append(view.say("network-unknown"))
    return Network(
        title=view.say("network-title"),
        description=view.say("network-similarity-lead"),
        language=view.language,
        nothing=view.say("network-none"),
        unknown=view.say("network-unknown"),
        note=view.say("network-caveat"),
        heads=(
            view.say("network-region"),
            view.say("network-other"),
            view.say("network-similarity"),
            view.say("network-group"),
        ),
        groups=tuple(groups),
        nodes=tuple(
            Node(
                node["id"],
                node["label"],
                len(groups) - 1 if node["group"] is None else node["group"] - 1,
                f"/regions/{node['id']}/profile",
            )
            for node in told["nodes"]
        ),
        links=tuple(
            Link(
                link["source"],
                link["target"],
                Figure(link["weight"], format_decimal(link["weight"], format="0.00", locale=view.language)),
            )
            for link in told["links"]
            if link["kind"] == "similarity"
        ),
    )
