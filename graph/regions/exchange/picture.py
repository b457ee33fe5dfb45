"""The picture of the paths: from practice to action, plan, policy instrument and authority; what is open stays open."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph.browse.entity import address
from graph.iris import INFRA
from graph.match.view import View
from graph.regions.pictures.chain import Chain, Step

_KINDS: Final = ("practice", "action", "plan", "instrument", "authority")
_SHOWN: Final = 3
"""Plans that are drawn: those of the region, or else the first of others."""


def paths_picture(told: Mapping[str, Any], view: View) -> Chain:
    """The paths of an answer of ``exchange`` as one picture."""
    own = [path for path in told["paths"] if path["own"]]
    paths: Sequence[Mapping[str, Any]] = (own or told["paths"])[:_SHOWN]
    steps: dict[str, Step] = {}
    arrows: dict[tuple[str, str], None] = {}
    for path in paths:
        owners = ", ".join(one["label"] for one in path["owners"])
        keys = {node["key"]: _key(node, path) for node in path["nodes"]}
        for node in path["nodes"]:
            if node["kind"] in _KINDS:
                steps.setdefault(keys[node["key"]], _step(node, keys[node["key"]], owners, view))
        for link in path["links"]:
            source, target = keys[link["from"]], keys[link["to"]]
            if source in steps and target in steps:
                arrows[source, target] = None
    return Chain(
        title=view.say("exchange-heading-paths"),
        description=view.say("exchange-lead"),
        language=view.language,
        nothing=view.say("region-nothing"),
        heads=(
            view.say("region-kind-word"),
            view.say("exchange-step"),
            view.say("exchange-leads-to"),
        ),
        kinds=(
            view.name(INFRA["GoodPractice"]),
            view.name(INFRA["Action"]),
            view.name(INFRA["ActionPlan"]),
            view.name(INFRA["PolicyInstrument"]),
            view.say("exchange-kind-authority"),
        ),
        steps=tuple(steps.values()),
        arrows=tuple(arrows),
    )


def _key(node: Mapping[str, Any], path: Mapping[str, Any]) -> str:
    """What a node is called by: what is not stated of one plan is one step, however many links lead to it."""
    return str(node["key"]) if node["id"] else f"{node['kind']} of {path['plan']['id']}"


def _step(node: Mapping[str, Any], key: str, owners: str, view: View) -> Step:
    kind = _KINDS.index(node["kind"])
    if not node["id"]:
        return Step(key, view.say("exchange-label-not-stated"), kind, node["note"] or "")
    return Step(key, node["label"], kind, owners if node["kind"] == "plan" else "", address(node["id"]))
