"""Events at which people of two regions met: who hosted, who came, what they saw and learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from graph.browse.listing import CLASSES
from graph.match.view import Statement, View
from graph.regions.exchange.lacking import Involved
from graph.regions.exchange.score import cited
from graph.regions.exchange.territory import Organisations, Territory
from graph.regions.exchange.ties import Ties, stated


@dataclass(frozen=True)
class Meeting:
    """An event of two regions: who hosted whom, and the statements that say so."""

    event: NamedNode
    how: str
    """``there``: the other region hosted; ``here``: the region itself did; ``together``: both hosted, or both came."""
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Meetings:
    """All events."""

    ties: Ties
    kinds: Mapping[NamedNode, tuple[NamedNode, ...]]
    visited: Involved
    organisations: Organisations
    territory: Territory
    view: View

    @classmethod
    def read(cls, organisations: Organisations, territory: Territory, view: View) -> "Meetings":
        """Read them."""
        rows = view.rows("regions-exchange-events", kind=list(CLASSES["events"]))
        ties = Ties.of(rows, "event")
        kinds: dict[NamedNode, set[NamedNode]] = {one: set() for one in ties}
        for row in rows:
            event, kind = row["event"], row["kind"]
            if isinstance(event, NamedNode) and isinstance(kind, NamedNode):
                kinds[event].add(kind)
        visited = Involved.read((f for one in ties for f in ties.nodes(one, "visited")), view)
        ordered = {one: tuple(sorted(several, key=str)) for one, several in kinds.items()}
        return cls(ties, ordered, visited, organisations, territory, view)

    def between(self, here: NamedNode, there: NamedNode) -> list[Meeting]:
        """The events of two regions, the latest first."""
        found = [one for event in self.ties if (one := self._meeting(event, here, there))]
        found.sort(key=lambda one: one.event.value)
        return sorted(found, key=lambda one: self.start(one.event) or "", reverse=True)

    def start(self, event: NamedNode) -> str | None:
        """When an event began, as far as it is stated."""
        return min(self.ties.texts(event, "start"), default=None)

    def seen(self, region: NamedNode) -> dict[NamedNode, list[NamedNode]]:
        """The facilities in a region that were visited, with the events."""
        found: dict[NamedNode, list[NamedNode]] = {}
        for event in self.ties:
            for facility in self.ties.nodes(event, "visited"):
                if self._is_in(facility, region):
                    found.setdefault(facility, []).append(event)
        return found

    def told(
        self,
        meeting: Meeting,
        here: NamedNode,
        there: NamedNode,
        evidence: Mapping[Statement, list[dict[str, str]]],
    ) -> dict[str, Any]:
        """A meeting as answers give it."""
        name, event = self.view.name, meeting.event
        return {
            **self.view.entity(event),
            "kinds": [{"id": kind.value, "label": name(kind)} for kind in self.kinds[event]],
            "start": self.start(event),
            "how": meeting.how,
            "reason": self.view.say(f"exchange-event-{meeting.how}", here=name(here), there=name(there)),
            "facilities": [self.view.entity(one) for one in self.ties.nodes(event, "visited")],
            "practices": [self.view.entity(one) for one in self.ties.nodes(event, "learned")],
            "evidence": cited(meeting.statements, evidence),
        }

    def names(self, event: NamedNode) -> set[NamedNode]:
        """The things whose names an event needs."""
        tied = (*self.ties.nodes(event, "visited"), *self.ties.nodes(event, "learned"))
        return {event, *self.kinds[event], *tied}

    def _meeting(self, event: NamedNode, here: NamedNode, there: NamedNode) -> Meeting | None:
        hosts, guests = self._hosting(event, here), self._visiting(event, here)
        their_hosts, their_guests = self._hosting(event, there), self._visiting(event, there)
        if their_hosts and guests:
            how, statements = "there", [*their_hosts, *guests]
        elif hosts and their_guests:
            how, statements = "here", [*hosts, *their_guests]
        elif hosts and their_hosts:
            how, statements = "together", [*hosts, *their_hosts]
        elif guests and their_guests:
            how, statements = "together", [*guests, *their_guests]
        else:
            return None
        return Meeting(event, how, tuple(dict.fromkeys(statements)))

    def _hosting(self, event: NamedNode, region: NamedNode) -> list[Statement]:
        """The statements by which an event was held by or in a region."""
        found = self._of(event, "host", region)
        found += [
            stated(event, "region", at)
            for at in self.ties.nodes(event, "region")
            if self.territory.inside(at, region)
        ]
        found += [
            stated(event, "visited", one)
            for one in self.ties.nodes(event, "visited")
            if self._is_in(one, region)
        ]
        return found

    def _visiting(self, event: NamedNode, region: NamedNode) -> list[Statement]:
        """The statements by which people of a region came to an event."""
        return self._of(event, "guest", region)

    def _of(self, event: NamedNode, tie: str, region: NamedNode) -> list[Statement]:
        found: list[Statement] = []
        for organisation in self.ties.nodes(event, tie):
            if belonging := self.organisations.ties(organisation, region):
                found += [stated(event, tie, organisation), *belonging]
        return found

    def _is_in(self, facility: NamedNode, region: NamedNode) -> bool:
        return any(self.territory.inside(at, region) for at in self.visited.regions.get(facility, ()))
