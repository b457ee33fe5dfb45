"""From practice to action to policy instrument: the path of each plan, drawn as nodes and links.

A link that nobody states is left open: its end is a node without an IRI, named by the note that stands in for it where
there is one. Nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from graph.match.view import Statement, View
from graph.regions.exchange.plans import Plans
from graph.regions.exchange.score import cited
from graph.regions.exchange.ties import stated
from graph.regions.exchange.words import Words

LINKS: Mapping[tuple[str, str], str] = {
    ("practice", "action"): "inspired",
    ("action", "plan"): "part-of",
    ("action", "instrument"): "improves",
    ("plan", "instrument"): "improves",
    ("instrument", "authority"): "managed-by",
    ("owner", "plan"): "owns",
}
"""What a link says, by the kinds of its ends; each reads from left to right."""


@dataclass
class Drawing:
    """A path while it is drawn."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: list[tuple[str, str, Statement | None]] = field(default_factory=list)
    open: list[dict[str, Any]] = field(default_factory=list)

    def link(self, start: str, end: str, statement: Statement | None) -> None:
        """A link, each once."""
        if (start, end, statement) not in self.links:
            self.links.append((start, end, statement))


@dataclass(frozen=True)
class Paths:
    """The paths of plans as answers give them."""

    here: NamedNode
    plans: Plans
    words: Words
    view: View

    def names(self, plans: Iterable[NamedNode]) -> set[NamedNode]:
        """The things whose names the paths of plans need."""
        found: set[NamedNode] = set()
        for plan in plans:
            actions = self.plans.actions_of(plan)
            owners = self.plans.owners([plan])
            instruments = self._instruments(plan, actions)
            found |= {plan, *actions, *owners, *self.plans.organisations.regions(owners), *instruments}
            found |= {one for action in actions for one in self.plans.actions.nodes(action, "practice")}
            found |= {one for of in instruments for one in self.plans.instruments.nodes(of, "authority")}
        return found

    def told(self, plans: Sequence[NamedNode]) -> list[dict[str, Any]]:
        """The paths of plans; those of the region itself first."""
        drawings = {plan: self._drawn(plan) for plan in plans}
        evidence = self.view.evidence(
            said for one in drawings.values() for _, _, said in one.links if said is not None
        )
        ordered = sorted(plans, key=lambda plan: (not self.plans.belongs(plan, self.here), plan.value))
        return [self._told(plan, drawings[plan], evidence) for plan in ordered]

    def _told(
        self, plan: NamedNode, drawing: Drawing, evidence: Mapping[Statement, list[dict[str, str]]]
    ) -> dict[str, Any]:
        view = self.view
        owners = self.plans.owners([plan])
        kinds = {key: node["kind"] for key, node in drawing.nodes.items()}
        improved = self._instruments(plan, self.plans.actions_of(plan))
        progress = self.words.of(plan, "progress")
        return {
            "plan": view.entity(plan),
            "own": self.plans.belongs(plan, self.here),
            "owners": [view.entity(one) for one in owners],
            "regions": [view.concept(one) for one in self.plans.organisations.regions(owners)],
            "status": self.words.of(plan, "status"),
            "nodes": list(drawing.nodes.values()),
            "links": [
                {
                    "from": start,
                    "to": end,
                    "link": LINKS[kinds[start], kinds[end]],
                    "label": view.say(f"exchange-link-{LINKS[kinds[start], kinds[end]]}"),
                    "stated": said is not None,
                    "evidence": [] if said is None else cited([said], evidence),
                }
                for start, end, said in drawing.links
            ],
            "open": drawing.open,
            "improved": {
                "instruments": [view.entity(one) for one in improved],
                "progress": progress,
                "note": None if improved or progress else view.say("exchange-improved-open"),
            },
        }

    def _drawn(self, plan: NamedNode) -> Drawing:
        drawing = Drawing()
        actions = self.plans.actions_of(plan)
        start = self._node(drawing, "plan", plan)
        for action in actions:
            here = self._node(drawing, "action", action)
            drawing.link(here, start, stated(action, "plan", plan))
            practices = self.plans.actions.nodes(action, "practice")
            for practice in practices:
                drawing.link(
                    self._node(drawing, "practice", practice), here, stated(action, "practice", practice)
                )
            if not practices:
                drawing.link(self._left_open(drawing, "practice", action), here, None)
            for instrument in self.plans.actions.nodes(action, "improves"):
                self._improves(drawing, here, action, instrument, plan)
        if not actions:
            drawing.link(self._left_open(drawing, "action", plan), start, None)
        for instrument in self.plans.plans.nodes(plan, "improves"):
            self._improves(drawing, start, plan, instrument, plan)
        if not self._instruments(plan, actions):
            instead = self._left_open(drawing, "instrument", plan)
            drawing.link(start, instead, None)
            drawing.link(instead, self._left_open(drawing, "authority", plan), None)
        for owner in self.plans.owners([plan]):
            drawing.link(self._node(drawing, "owner", owner), start, stated(plan, "plan-owner", owner))
        return drawing

    def _improves(
        self, drawing: Drawing, start: str, subject: NamedNode, instrument: NamedNode, plan: NamedNode
    ) -> None:
        end = self._node(drawing, "instrument", instrument)
        drawing.link(start, end, stated(subject, "improves", instrument))
        authorities = self.plans.instruments.nodes(instrument, "authority")
        for authority in authorities:
            at = self._node(drawing, "authority", authority)
            drawing.link(end, at, stated(instrument, "authority", authority))
        if not authorities:
            drawing.link(end, self._left_open(drawing, "authority", plan, instrument), None)

    def _instruments(self, plan: NamedNode, actions: Sequence[NamedNode]) -> list[NamedNode]:
        """The policy instruments that a plan or an action of it improves."""
        found = {*self.plans.plans.nodes(plan, "improves")}
        found |= {one for action in actions for one in self.plans.actions.nodes(action, "improves")}
        return sorted(found, key=lambda node: node.value)

    def _node(self, drawing: Drawing, kind: str, node: NamedNode) -> str:
        key = f"{kind} {node.value}"
        told = {"key": key, "kind": kind, "id": node.value, "label": self.view.name(node), "note": None}
        drawing.nodes.setdefault(key, told)
        return key

    def _left_open(self, drawing: Drawing, kind: str, plan: NamedNode, of: NamedNode | None = None) -> str:
        """A node for what is not stated, with the note that stands in."""
        key = f"{kind} ? {(of or plan).value}"
        if key not in drawing.nodes:
            notes = self.words.of(plan, f"{kind}Note") if kind in {"instrument", "authority"} else []
            note = " ".join(one["text"] for one in notes) or None
            reason = self.view.say(f"exchange-path-{kind}-open", action=self.view.name(plan))
            drawing.nodes[key] = {"key": key, "kind": kind, "id": None, "label": reason, "note": note}
            drawing.open.append({"key": key, "kind": kind, "reason": reason, "notes": notes})
        return key
