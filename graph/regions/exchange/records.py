"""A good practice as the exchange shows it: what it is, how it fared, what was hard, and who took it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from graph.match.view import Statement, View
from graph.regions.exchange.applied import OPEN, standing, warning
from graph.regions.exchange.practices import Practices
from graph.regions.exchange.score import cited
from graph.regions.exchange.ties import stated
from graph.regions.exchange.words import Words

_TEXTS = ("need", "how", "resources", "staff", "success", "difficulties", "transfer")


@dataclass(frozen=True)
class Records:
    """The records of practices."""

    practices: Practices
    words: Words
    evidence: Mapping[Statement, list[dict[str, str]]]
    view: View

    def told(self, practice: NamedNode) -> dict[str, Any]:
        """The record of a practice."""
        ties, view = self.practices.ties, self.view
        how = standing(self.practices.applied.get(practice, ()))
        texts = {about: self.words.of(practice, about) for about in _TEXTS}
        return {
            **view.entity(practice),
            "standing": how,
            "warning": warning(how, view),
            "owners": [view.entity(one) for one in ties.nodes(practice, "owner")],
            "regions": [view.concept(one) for one in ties.nodes(practice, "region")],
            "themes": [theme(one, view) for one in ties.nodes(practice, "theme")],
            "capabilities": [view.concept(one) for one in ties.nodes(practice, "capability")],
            "facilities": [view.entity(one) for one in ties.nodes(practice, "facility")],
            **texts,
            "open": self._open(how, texts),
            "implementations": [
                {**one.told(view), "evidence": cited(one.statements(), self.evidence)}
                for one in self.practices.applied.get(practice, ())
            ],
            "adapted": self._adapted(practice),
            "instruments": [
                {
                    **view.entity(one),
                    "evidence": cited([stated(practice, "instrument", one)], self.evidence),
                }
                for one in ties.nodes(practice, "instrument")
            ],
            "instrument_notes": self.words.of(practice, "instrumentNote"),
            "pages": self.words.pages(practice),
        }

    def statements(self, practice: NamedNode) -> list[Statement]:
        """The statements that the record of a practice cites."""
        applied = self.practices.applied.get(practice, ())
        found = [said for one in applied for said in one.statements()]
        ties = self.practices.ties
        found += [stated(practice, "instrument", one) for one in ties.nodes(practice, "instrument")]
        found += [
            said
            for action in self.practices.plans.inspired(practice)
            for said in self._taken(action, practice)
        ]
        return found

    def names(self, practice: NamedNode) -> set[NamedNode]:
        """The things whose names the record of a practice needs."""
        ties, plans = self.practices.ties, self.practices.plans
        tied = ("owner", "region", "theme", "capability", "facility", "instrument")
        found = {practice, *(value for tie in tied for value in ties.nodes(practice, tie))}
        for one in self.practices.applied.get(practice, ()):
            found |= set(one.regions)
        for action in plans.inspired(practice):
            of = plans.actions.nodes(action, "plan")
            found |= {action, *of, *plans.owners(of), *plans.organisations.regions(plans.owners(of))}
        return found

    def _open(self, how: str, texts: Mapping[str, list[dict[str, str]]]) -> list[str]:
        """What is not stated and worth asking the owner."""
        say = self.view.say
        found = [say("exchange-outcome-open")] if how == OPEN else []
        asked = ("resources", "success", "difficulties", "transfer")
        return found + [say(f"exchange-{about}-open") for about in asked if not texts[about]]

    def _adapted(self, practice: NamedNode) -> list[dict[str, Any]]:
        """Who took the practice up: implementations elsewhere, and actions that it inspired."""
        view, plans = self.view, self.practices.plans
        found: list[dict[str, Any]] = [
            {
                "kind": "implementation",
                "id": one.node.value,
                "label": None,
                "regions": [view.concept(at) for at in one.regions],
                "owners": [],
                "outcomes": one.told(view)["outcomes"],
                "evidence": cited(one.statements(), self.evidence),
            }
            for one in self.practices.adapted(practice)
        ]
        for action in plans.inspired(practice):
            owners = plans.owners(plans.actions.nodes(action, "plan"))
            found.append(
                {
                    "kind": "action",
                    **view.entity(action),
                    "regions": [view.concept(one) for one in plans.organisations.regions(owners)],
                    "owners": [view.entity(one) for one in owners],
                    "outcomes": [],
                    "evidence": cited(self._taken(action, practice), self.evidence),
                }
            )
        return found

    def _taken(self, action: NamedNode, practice: NamedNode) -> list[Statement]:
        plans = self.practices.plans
        found = [stated(action, "practice", practice)]
        for plan in plans.actions.nodes(action, "plan"):
            found.append(stated(action, "plan", plan))
            found += [stated(plan, "plan-owner", one) for one in plans.plans.nodes(plan, "plan-owner")]
        return found


def theme(node: NamedNode, view: View) -> dict[str, str]:
    """A theme as answers give it: IRI, notation, name."""
    return {"concept": node.value, "notation": node.value.rpartition("/")[2], "label": view.name(node)}
