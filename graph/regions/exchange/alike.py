"""What two regions have in common: what their facilities can do, what their priorities need, their instruments."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.match.directions.abilities import Abilities
from graph.match.view import Statement, View, node_of
from graph.regions.exchange.score import Finding, ratio
from graph.regions.exchange.territory import Instruments, Strategies
from graph.regions.similarity import Coverage

SHOWN: Final = 3
"""The capabilities that are named as what makes two regions alike: those that add most."""


@dataclass(frozen=True)
class Alike:
    """What a region has in common with others."""

    here: NamedNode
    coverage: Coverage
    strategies: Strategies
    instruments: Instruments
    view: View

    def findings(self, there: NamedNode) -> tuple[Finding, Finding, Finding]:
        """Structure, priorities and instruments of the two regions."""
        return self.structure(there), self.priorities(there), self.kinds(there)

    def structure(self, there: NamedNode) -> Finding:
        """How alike the facilities are, by ``graph.regions.similarity``. Its evidence is found by ``Examples``."""
        value = self.coverage.similarity(self.here, there)
        if value is None:
            bare = there if self.coverage.able.get(self.here) else self.here
            return Finding("structure", None, self._open("structure", bare))
        shared = self.shared(there)
        return Finding("structure", value, self._told("structure", there, shared))

    def shared(self, there: NamedNode) -> list[NamedNode]:
        """The capabilities that make the regions most alike."""
        return [trait.capability for trait in self.coverage.shared(self.here, there, SHOWN)]

    def priorities(self, there: NamedNode) -> Finding:
        """The share of capabilities that the priorities of both name among those that either's name (Jaccard)."""
        mine, theirs = self.strategies.of(self.here), self.strategies.of(there)
        for one in (mine, theirs):
            if not one.capabilities:
                return Finding("priorities", None, self._open("priorities", one.region))
        return self._common("priorities", there, mine.capabilities, theirs.capabilities)

    def kinds(self, there: NamedNode) -> Finding:
        """The share of kinds of policy instruments that both have among those that either has (Jaccard)."""
        mine, theirs = self.instruments.kinds(self.here), self.instruments.kinds(there)
        for region, kinds in ((self.here, mine), (there, theirs)):
            if not kinds:
                return Finding("instruments", None, self._open("instruments", region))
        return self._common("instruments", there, mine, theirs)

    def _common(
        self,
        part: str,
        there: NamedNode,
        mine: Mapping[NamedNode, Sequence[Statement]],
        theirs: Mapping[NamedNode, Sequence[Statement]],
    ) -> Finding:
        common = [one for one in mine if one in theirs]
        value = ratio(len(common), len(mine.keys() | theirs.keys()))
        statements = tuple(said for one in common for said in (*mine[one], *theirs[one]))
        return Finding(part, value, self._told(part, there, common), statements)

    def _told(self, part: str, there: NamedNode, common: Iterable[NamedNode]) -> str:
        say, name = self.view.say, self.view.name
        names = "; ".join(name(one) for one in common)
        if not names:
            return say(f"exchange-{part}-none", here=name(self.here), there=name(there))
        return say(f"exchange-{part}", here=name(self.here), there=name(there), common=names)

    def _open(self, part: str, region: NamedNode) -> str:
        return self.view.say(f"exchange-{part}-open", region=self.view.name(region))


@dataclass(frozen=True)
class Examples:
    """For capabilities that regions share, the statements of one facility of each."""

    _found: Mapping[tuple[NamedNode, NamedNode], tuple[Statement, ...]]

    @classmethod
    def read(cls, alike: Alike, others: Iterable[NamedNode]) -> "Examples":
        """Examples for what a region shares with others."""
        shared = {there: alike.shared(there) for there in others}
        first: dict[tuple[NamedNode, NamedNode], NamedNode] = {}
        capabilities = sorted({one for several in shared.values() for one in several}, key=str)
        for row in alike.view.rows(
            "regions-exchange-examples", region=[alike.here, *shared], capability=capabilities
        ):
            region, capability = node_of(row, "region", "capability")
            facility = row["first"]
            if isinstance(facility, Literal):
                first[region, capability] = NamedNode(facility.value)
        abilities = Abilities.read(sorted(set(first.values()), key=str), alike.view)
        found: dict[tuple[NamedNode, NamedNode], tuple[Statement, ...]] = {
            key: tuple(statements_of(abilities.evidence(facility, key[1]))) for key, facility in first.items()
        }
        return cls(defaultdict(tuple, found))

    def statements(self, alike: Alike, there: NamedNode) -> tuple[Statement, ...]:
        """The statements that show what the region and another share."""
        return tuple(
            said
            for capability in alike.shared(there)
            for region in (alike.here, there)
            for said in self._found[region, capability]
        )


def statements_of(evidence: Iterable[Mapping[str, str]]) -> list[Statement]:
    """The statements in evidence, each once."""
    found = [(NamedNode(one["s"]), NamedNode(one["p"]), NamedNode(one["o"])) for one in evidence]
    return list(dict.fromkeys(found))
