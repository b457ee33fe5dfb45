"""Regions worth a study visit: what is alike, what they have that this region lacks, and which facilities to see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.match.directions.abilities import Abilities
from graph.match.view import Statement, View, node_of
from graph.regions.complementarity import Needs
from graph.regions.exchange.alike import Alike, Examples, statements_of
from graph.regions.exchange.lacking import Lacking
from graph.regions.exchange.meetings import Meeting, Meetings
from graph.regions.exchange.practices import Practices
from graph.regions.exchange.score import Finding, Score, cited, parts
from graph.regions.exchange.territory import Territory
from graph.regions.exchange.ties import stated
from graph.regions.exchange.weights import Weight

SEEN: Final = 5
"""The facilities to see in a region that are shown: those with most reasons. ``total`` says how many there are."""


@dataclass(frozen=True)
class Partner:
    """A region to visit, with what is known of each part."""

    region: NamedNode
    score: Score
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Sight:
    """A facility to see: the gaps it covers, the practices it takes part in, the events at which it was visited."""

    facility: NamedNode
    gaps: tuple[NamedNode, ...]
    practices: tuple[NamedNode, ...]
    events: tuple[NamedNode, ...]

    @property
    def order(self) -> tuple[int, int, int, str]:
        """To sort by: most gaps first, then practices, then visits."""
        return (-len(self.gaps), -len(self.practices), -len(self.events), self.facility.value)

    def statements(self, abilities: Abilities) -> list[Statement]:
        """What says so."""
        found = [one for gap in self.gaps for one in statements_of(abilities.evidence(self.facility, gap))]
        found += [stated(practice, "facility", self.facility) for practice in self.practices]
        found += [stated(event, "visited", self.facility) for event in self.events]
        return found


@dataclass(frozen=True)
class Visits:
    """The regions that others describe, as a region that looks for a visit sees them."""

    here: NamedNode
    alike: Alike
    lacking: Lacking
    practices: Practices
    meetings: Meetings
    territory: Territory
    view: View

    def partners(
        self, others: Iterable[NamedNode], weights: Mapping[str, Weight], sure: float
    ) -> list[Partner]:
        """The regions that are neither this one nor around or within it, the most worth a visit first."""
        strategy = self.lacking.strategy
        needed = {self.here: strategy.priorities} if strategy.capabilities else {}
        needs = Needs(self.alike.coverage, needed)

        def partner(there: NamedNode) -> Partner:
            structure, priorities, _ = self.alike.findings(there)
            findings = (structure, priorities, self._complement(there, needs))
            return Partner(there, Score.of(findings, weights), findings)

        found = [partner(one) for one in others if not self.territory.place(one, self.here)]
        return sorted(found, key=lambda one: (*one.score.order(sure), one.region.value))

    def told(
        self, shown: Sequence[Partner], weights: Mapping[str, Weight], sure: float
    ) -> list[dict[str, Any]]:
        """Partners as answers give them."""
        view, here = self.view, self.here
        sights = self._sights([one.region for one in shown])
        meetings = {one.region: self.meetings.between(here, one.region) for one in shown}
        seen = [sight for one in shown for sight in sights[one.region][:SEEN]]
        abilities = Abilities.read([one.facility for one in seen], view)
        known = [one.region for one in shown if one.findings[0].value is not None]
        examples = Examples.read(self.alike, known)
        findings = {
            one.region: tuple(self._proved(finding, one.region, examples) for finding in one.findings)
            for one in shown
        }
        named = {f for sight in seen for f in (sight.facility, *sight.gaps, *sight.practices, *sight.events)}
        met = [meeting for several in meetings.values() for meeting in several]
        named |= {node for meeting in met for node in self.meetings.names(meeting.event)}
        view.learn(named)
        evidence = view.evidence(
            said
            for several in (
                *(finding.statements for one in findings.values() for finding in one),
                *(sight.statements(abilities) for sight in seen),
                *(meeting.statements for meeting in met),
            )
            for said in several
        )

        def told(one: Partner) -> dict[str, Any]:
            there = one.region
            return {
                **view.concept(there),
                **one.score.told(sure),
                "parts": parts(findings[there], weights, evidence, view),
                "gaps": [view.concept(gap) for gap in self._filled(there)],
                "total": len(sights[there]),
                "facilities": [self._sight(sight, abilities, evidence) for sight in sights[there][:SEEN]],
                "practices": [view.entity(practice) for practice in self._practices(there)],
                "events": self._met(meetings[there], there, evidence),
            }

        return [told(one) for one in shown]

    def _complement(self, there: NamedNode, needs: Needs) -> Finding:
        """What the other region has that this one needs and lacks, by ``graph.regions.complementarity``."""
        found = needs.complement(self.here, there)
        words = {"here": self.view.name(self.here), "there": self.view.name(there)}
        if found.value is None:
            return Finding(
                "complementarity", None, self.view.say(f"exchange-complementarity-{found.state}", **words)
            )
        if not found.filled:
            return Finding(
                "complementarity", found.value, self.view.say("exchange-complementarity-none", **words)
            )
        names = "; ".join(self.view.name(one.capability) for one in found.filled)
        statements = tuple(
            said for one in found.filled for said in self.lacking.strategy.capabilities[one.capability]
        )
        reason = self.view.say("exchange-complementarity", **words, capabilities=names)
        return Finding("complementarity", found.value, reason, statements)

    def _proved(self, finding: Finding, there: NamedNode, examples: Examples) -> Finding:
        if finding.part == "structure" and finding.value is not None:
            return Finding(
                finding.part, finding.value, finding.reason, examples.statements(self.alike, there)
            )
        return finding

    def _filled(self, there: NamedNode) -> list[NamedNode]:
        return [gap for gap in self.lacking.gaps if self.alike.coverage.count(there, gap)]

    def _practices(self, there: NamedNode) -> list[NamedNode]:
        """The practices that lie in the other region."""
        ties = self.practices.ties
        return [
            one for one in ties if any(self.territory.inside(at, there) for at in ties.nodes(one, "region"))
        ]

    def _sights(self, regions: Sequence[NamedNode]) -> dict[NamedNode, list[Sight]]:
        """The facilities to see in each region, those with most reasons first."""
        gaps: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = {one: {} for one in regions}
        for row in self.view.rows(
            "regions-exchange-facilities", region=list(regions), capability=list(self.lacking.gaps)
        ):
            region, facility, capability = node_of(row, "region", "facility", "capability")
            gaps[region].setdefault(facility, set()).add(capability)
        return {
            region: sorted(self._of(region, covered), key=lambda one: one.order)
            for region, covered in gaps.items()
        }

    def _of(self, region: NamedNode, covered: Mapping[NamedNode, set[NamedNode]]) -> list[Sight]:
        ties, involved = self.practices.ties, self.practices.involved
        taking: dict[NamedNode, list[NamedNode]] = {}
        for practice in ties:
            for facility in ties.nodes(practice, "facility"):
                if any(self.territory.inside(at, region) for at in involved.regions.get(facility, ())):
                    taking.setdefault(facility, []).append(practice)
        seen = self.meetings.seen(region)
        return [
            Sight(
                one,
                tuple(sorted(covered.get(one, ()), key=str)),
                tuple(taking.get(one, ())),
                tuple(seen.get(one, ())),
            )
            for one in sorted({*covered, *taking, *seen}, key=str)
        ]

    def _sight(
        self, one: Sight, abilities: Abilities, evidence: Mapping[Statement, list[dict[str, str]]]
    ) -> dict[str, Any]:
        view = self.view
        reasons = []
        if one.gaps:
            names = "; ".join(view.name(gap) for gap in one.gaps)
            reasons.append(view.say("exchange-facility-gaps", here=view.name(self.here), capabilities=names))
        reasons += [view.say("exchange-facility-practice", practice=view.name(p)) for p in one.practices]
        reasons += [view.say("exchange-facility-visited", event=view.name(e)) for e in one.events]
        return {
            **view.entity(one.facility),
            "reasons": reasons,
            "gaps": [view.concept(gap) for gap in one.gaps],
            "practices": [view.entity(practice) for practice in one.practices],
            "events": [view.entity(event) for event in one.events],
            "evidence": cited(one.statements(abilities), evidence),
        }

    def _met(
        self,
        meetings: Sequence[Meeting],
        there: NamedNode,
        evidence: Mapping[Statement, list[dict[str, str]]],
    ) -> list[dict[str, Any]]:
        return [self.meetings.told(one, self.here, there, evidence) for one in meetings]
