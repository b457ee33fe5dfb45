"""Action plans and their actions: which practice inspired an action, and which policy instrument it improves."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.match.view import View
from graph.regions.exchange.territory import Organisations
from graph.regions.exchange.ties import Ties


@dataclass(frozen=True)
class Plans:
    """All plans and actions, and the authorities of the policy instruments that they improve."""

    plans: Ties
    actions: Ties
    instruments: Ties
    organisations: Organisations

    @classmethod
    def read(cls, organisations: Organisations, view: View) -> "Plans":
        """Read them."""
        rows = view.rows("regions-exchange-plans")

        def of(kind: str) -> Ties:
            return Ties.of((row for row in rows if row["kind"] == Literal(kind)), "subject")

        return cls(of("plan"), of("action"), of("instrument"), organisations)

    def inspired(self, practice: NamedNode) -> tuple[NamedNode, ...]:
        """The actions that a practice inspired."""
        return self.actions.subjects("practice", practice)

    def actions_of(self, plan: NamedNode) -> tuple[NamedNode, ...]:
        """The actions of a plan."""
        return self.actions.subjects("plan", plan)

    def owners(self, plans: Iterable[NamedNode]) -> list[NamedNode]:
        """The owners of plans."""
        found = {owner for plan in plans for owner in self.plans.nodes(plan, "plan-owner")}
        return sorted(found, key=lambda node: node.value)

    def belongs(self, plan: NamedNode, region: NamedNode) -> bool:
        """Whether an owner of a plan belongs to a region, or to one within or around it."""
        return any(
            self.organisations.belongs(owner, region) for owner in self.plans.nodes(plan, "plan-owner")
        )
