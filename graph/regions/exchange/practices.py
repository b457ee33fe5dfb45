"""Good practices that a region can adopt, each with a score and reasons; apart those that it has or adapted already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from graph.match.directions.abilities import Abilities
from graph.match.view import Statement, View
from graph.regions.exchange.alike import Alike, Examples
from graph.regions.exchange.applied import Implementation, implementations
from graph.regions.exchange.lacking import Involved, Lacking
from graph.regions.exchange.plans import Plans
from graph.regions.exchange.score import Finding, Score, parts
from graph.regions.exchange.territory import HERE, WITHIN, Territory
from graph.regions.exchange.ties import Ties, stated
from graph.regions.exchange.weights import Weight
from graph.store.answers import Term


@dataclass(frozen=True)
class Known:
    """A practice that a region has or adapted already: how, why, and by which statements."""

    practice: NamedNode
    how: str
    reason: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Judged:
    """A practice that a region may adopt, with what is known of each part."""

    practice: NamedNode
    score: Score
    findings: tuple[Finding, ...]
    region: NamedNode | None
    """The region of the practice that is most alike; None where none is stated."""


@dataclass(frozen=True)
class Practices:
    """All good practices as a region looks at them."""

    here: NamedNode
    ties: Ties
    applied: Mapping[NamedNode, Sequence[Implementation]]
    involved: Involved
    plans: Plans
    territory: Territory
    view: View

    @classmethod
    def read(cls, here: NamedNode, plans: Plans, territory: Territory, view: View) -> "Practices":
        """Read them all."""
        rows: list[dict[str, Term]] = view.rows("regions-exchange-practices")
        ties = Ties.of(rows, "practice")
        involved = Involved.read((f for one in ties for f in ties.nodes(one, "facility")), view)
        view.learn(ties)
        return cls(here, ties, implementations(view), involved, plans, territory, view)

    @cached_property
    def home(self) -> list[NamedNode]:
        """The practices that lie in the region or in a part of it."""
        return [
            one
            for one in self.ties
            if any(self.territory.inside(at, self.here) for at in self.ties.nodes(one, "region"))
        ]

    @cached_property
    def known(self) -> dict[NamedNode, Known]:
        """The practices that the region has, that hold around it, or that it adapted."""
        found = {one: self._known(one) for one in self.ties}
        return {one: known for one, known in found.items() if known is not None}

    def on(self, themes: Iterable[NamedNode]) -> list[NamedNode]:
        """The practices on one of the themes; all where none is asked for."""
        wanted = set(themes)
        return [one for one in self.ties if not wanted or wanted & set(self.ties.nodes(one, "theme"))]

    def judged(
        self, alike: Alike, lacking: Lacking, weights: Mapping[str, Weight], sure: float
    ) -> list[Judged]:
        """The practices that the region has not, the most worth adopting first."""
        regions: dict[NamedNode, tuple[Finding, ...]] = {}

        def judge(practice: NamedNode) -> Judged:
            for one in self.ties.nodes(practice, "region"):
                if one not in regions:
                    regions[one] = alike.findings(one)
            there = _most_alike(self.ties.nodes(practice, "region"), regions, weights, sure)
            findings = (
                *(self._nowhere() if there is None else regions[there]),
                lacking.gaps_of(practice, self.ties, self.involved),
                lacking.themes_of(practice, self.ties),
            )
            return Judged(practice, Score.of(findings, weights), findings, there)

        judged = [judge(one) for one in self.ties if one not in self.known]
        return sorted(judged, key=lambda one: (*one.score.order(sure), one.practice.value))

    def adapted(self, practice: NamedNode) -> list[Implementation]:
        """Where the practice was put to work outside of its own regions."""
        own = self.ties.nodes(practice, "region")
        return [
            one
            for one in self.applied.get(practice, ())
            if one.regions and not any(self.territory.place(at, home) for at in one.regions for home in own)
        ]

    def _known(self, practice: NamedNode) -> Known | None:
        name = self.view.name
        for at in self.ties.nodes(practice, "region"):
            if place := self.territory.place(at, self.here):
                how = place if place in {HERE, WITHIN} else "around"
                reason = self.view.say(f"exchange-own-{how}", here=name(self.here), region=name(at))
                return Known(practice, how, reason, (stated(practice, "region", at),))
        for one in self.applied.get(practice, ()):
            for at in one.regions:
                if self.territory.place(at, self.here):
                    reason = self.view.say("exchange-own-implemented", here=name(self.here), region=name(at))
                    return Known(practice, "implemented", reason, tuple(one.statements()))
        for action in self.plans.inspired(practice):
            for plan in self.plans.actions.nodes(action, "plan"):
                for owner in self.plans.plans.nodes(plan, "plan-owner"):
                    if self.plans.organisations.belongs(owner, self.here):
                        reason = self.view.say(
                            "exchange-own-inspired", action=name(action), owner=name(owner)
                        )
                        statements = (
                            stated(action, "practice", practice),
                            stated(action, "plan", plan),
                            stated(plan, "plan-owner", owner),
                        )
                        return Known(practice, "inspired", reason, statements)
        return None

    def _nowhere(self) -> tuple[Finding, ...]:
        reason = self.view.say("exchange-region-open")
        return tuple(Finding(part, None, reason) for part in ("structure", "priorities", "instruments"))


def _most_alike(
    regions: Sequence[NamedNode],
    findings: Mapping[NamedNode, tuple[Finding, ...]],
    weights: Mapping[str, Weight],
    sure: float,
) -> NamedNode | None:
    """The region that is most alike; of equal ones the one that is known best, then the first by code."""
    return min(
        regions, key=lambda one: (*Score.of(findings[one], weights).order(sure), one.value), default=None
    )


def proven(
    shown: Sequence[Judged], alike: Alike, lacking: Lacking, practices: Practices, view: View
) -> dict[NamedNode, tuple[Finding, ...]]:
    """The findings of practices with the statements behind each: only for those that are shown."""
    examples = Examples.read(alike, {one.region for one in shown if one.region is not None and _known(one)})
    facilities = {f for one in shown for f in practices.ties.nodes(one.practice, "facility")}
    abilities = Abilities.read(sorted(facilities, key=str), view)

    def proved(one: Judged, finding: Finding) -> Finding:
        if finding.value is None:
            return finding
        if finding.part == "structure" and one.region is not None:
            statements = examples.statements(alike, one.region)
        elif finding.part == "gaps":
            statements = lacking.proofs(one.practice, practices.ties, practices.involved, abilities)
        else:
            return finding
        return Finding(finding.part, finding.value, finding.reason, statements)

    return {one.practice: tuple(proved(one, finding) for finding in one.findings) for one in shown}


def _known(one: Judged) -> bool:
    return any(finding.part == "structure" and finding.value is not None for finding in one.findings)


def judgement(
    one: Judged,
    findings: Sequence[Finding],
    weights: Mapping[str, Weight],
    sure: float,
    evidence: Mapping[Statement, list[dict[str, str]]],
    view: View,
) -> dict[str, Any]:
    """A practice's score with its parts, as answers give it."""
    return {
        **one.score.told(sure),
        "like": None if one.region is None else view.concept(one.region),
        "parts": parts(findings, weights, evidence, view),
    }
