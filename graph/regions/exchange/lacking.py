"""What a region lacks that a practice is about: themes on which it has none, capabilities that nobody there covers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.match.directions.abilities import Abilities
from graph.match.view import Statement, View
from graph.regions.exchange.alike import statements_of
from graph.regions.exchange.score import Finding, ratio
from graph.regions.exchange.territory import Strategy
from graph.regions.exchange.ties import Ties, stated
from graph.regions.similarity import Coverage


@dataclass(frozen=True)
class Involved:
    """What the facilities that take part in practices cover, and where they are."""

    covered: Mapping[NamedNode, frozenset[NamedNode]]
    regions: Mapping[NamedNode, frozenset[NamedNode]]

    @classmethod
    def read(cls, facilities: Iterable[NamedNode], view: View) -> "Involved":
        """Look facilities up."""
        covered: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        regions: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for row in view.rows_of("regions-exchange-involved", "facility", sorted(set(facilities), key=str)):
            facility, capability, region = row["facility"], row.get("capability"), row.get("region")
            if isinstance(facility, NamedNode) and isinstance(capability, NamedNode):
                covered[facility].add(capability)
            if isinstance(facility, NamedNode) and isinstance(region, NamedNode):
                regions[facility].add(region)
        return cls(
            {one: frozenset(several) for one, several in covered.items()},
            {one: frozenset(several) for one, several in regions.items()},
        )


@dataclass(frozen=True)
class Lacking:
    """What a region lacks, as far as it is described."""

    here: NamedNode
    themes: Mapping[NamedNode, tuple[Statement, ...]]
    """The themes of the practices that lie in the region, with the statements that say so."""
    has_practices: bool
    strategy: Strategy
    gaps: tuple[NamedNode, ...]
    """What the priorities need and no facility described in the region covers."""
    view: View

    @classmethod
    def of(
        cls,
        here: NamedNode,
        own: Sequence[NamedNode],
        practices: Ties,
        strategy: Strategy,
        coverage: Coverage,
        view: View,
    ) -> "Lacking":
        """What a region lacks that has these practices of its own."""
        themes: dict[NamedNode, list[Statement]] = defaultdict(list)
        for practice in own:
            for theme in practices.nodes(practice, "theme"):
                themes[theme].append(stated(practice, "theme", theme))
        gaps = tuple(one for one in strategy.capabilities if not coverage.count(here, one))
        return cls(here, {one: tuple(said) for one, said in themes.items()}, bool(own), strategy, gaps, view)

    def themes_of(self, practice: NamedNode, practices: Ties) -> Finding:
        """The share of the practice's themes on which no practice lies in the region."""
        themes = practices.nodes(practice, "theme")
        say, here = self.view.say, self.view.name(self.here)
        if not themes:
            return Finding("themes", None, say("exchange-themes-open"))
        if not self.has_practices:
            return Finding("themes", None, say("exchange-themes-unknown", here=here))
        new = [one for one in themes if one not in self.themes]
        names = "; ".join(self.view.name(one) for one in new)
        reason = (
            say("exchange-themes", here=here, themes=names) if new else say("exchange-themes-none", here=here)
        )
        statements = [stated(practice, "theme", one) for one in themes]
        statements += [said for one in themes for said in self.themes.get(one, ())]
        return Finding("themes", ratio(len(new), len(themes)), reason, tuple(statements))

    def addressed(self, practice: NamedNode, practices: Ties, involved: Involved) -> list[NamedNode]:
        """The gaps that the practice is about, or that a facility that takes part covers."""
        about = self._about(practice, practices)
        for facility in practices.nodes(practice, "facility"):
            about |= involved.covered.get(facility, frozenset())
        return [one for one in self.gaps if one in about]

    def gaps_of(self, practice: NamedNode, practices: Ties, involved: Involved) -> Finding:
        """n / (n + 1) where the practice addresses n gaps: the first counts most. Evidence: ``Proofs``."""
        say, here = self.view.say, self.view.name(self.here)
        facilities = practices.nodes(practice, "facility")
        if not self.strategy.capabilities:
            return Finding("gaps", None, say("exchange-gaps-unknown", here=here))
        if not self.gaps:
            return Finding("gaps", None, say("exchange-gaps-nothing", here=here))
        if not practices.nodes(practice, "capability") and not any(
            involved.covered.get(one) for one in facilities
        ):
            return Finding("gaps", None, say("exchange-gaps-open"))
        addressed = self.addressed(practice, practices, involved)
        names = "; ".join(self.view.name(one) for one in addressed)
        reason = (
            say("exchange-gaps", here=here, capabilities=names)
            if addressed
            else say("exchange-gaps-none", here=here)
        )
        return Finding("gaps", ratio(len(addressed), len(addressed) + 1), reason)

    def proofs(
        self, practice: NamedNode, practices: Ties, involved: Involved, abilities: Abilities
    ) -> tuple[Statement, ...]:
        """The statements by which a practice addresses gaps: who needs each, and who or what covers it."""
        found: list[Statement] = []
        ancestors = self.view.scheme.ancestors
        for gap in self.addressed(practice, practices, involved):
            found += self.strategy.capabilities[gap]
            for one in practices.nodes(practice, "capability"):
                if one == gap or gap in ancestors.get(one, frozenset()):
                    found.append(stated(practice, "capability", one))
            for facility in practices.nodes(practice, "facility"):
                if gap in involved.covered.get(facility, frozenset()):
                    found.append(stated(practice, "facility", facility))
                    found += statements_of(abilities.evidence(facility, gap))
        return tuple(dict.fromkeys(found))

    def _about(self, practice: NamedNode, practices: Ties) -> set[NamedNode]:
        ancestors = self.view.scheme.ancestors
        own = practices.nodes(practice, "capability")
        return {around for one in own for around in (one, *ancestors.get(one, frozenset()))}
