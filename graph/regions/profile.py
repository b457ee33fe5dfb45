"""The regional context profile: what partners have described in a region, with figures that can be run again.

Its parts follow what the project's partners map: key facts and priorities, infrastructure, services and access,
equipment, policy instruments, good practices, stakeholders; then strengths, gaps, completeness and changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.match.directions.gaps import facilities_abroad
from graph.match.view import View
from graph.regions import changes, facts, holdings, strengths
from graph.regions.holdings import Place
from graph.regions.indicators import Indicator, figure_json, item_json, read_all
from graph.store.ledger import Ledger

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "infrastructure": (
        "facilities",
        "facilities-per-million",
        "facilities-by-kind",
        "operators",
        "technologies",
        "sectors",
    ),
    "capabilities": (
        "capabilities",
        "capabilities-by-branch",
        "unique-capabilities",
        "diversity",
        "capability-quotient",
    ),
    "access": ("services", "access-modes", "cost-modes", "sme-access", "readiness-levels"),
    "equipment": ("equipment", "equipment-by-branch"),
    "policy": ("priorities-served", "policy-instruments"),
    "practices": ("practice-themes", "practice-evidence"),
    "quality": ("completeness", "age-of-fields", "confidence", "age"),
}
"""The indicators of each part of a profile, in the order in which they are shown."""

INDICATORS: Final = tuple(name for several in SECTIONS.values() for name in several)
_NEAREST: Final = 3
"""Facilities elsewhere that are named for each gap."""


@dataclass(frozen=True)
class Profile:
    """The profile of a region at a revision: its indicators, the places of its facilities, and the whole as data."""

    region: NamedNode
    indicators: Mapping[str, Indicator]
    places: tuple[Place, ...]
    data: Mapping[str, Any]

    def since(self, earlier: View, view: View) -> dict[str, Any]:
        """The figures that differ from those of an earlier state of the dataset."""
        before = indicators_of(self.region, earlier)
        return {
            "revision": earlier.reader.revision,
            "figures": differences(self.indicators, before, view),
        }


def profile(region: NamedNode, view: View, ledger: Ledger) -> Profile:
    """The profile of any region of NUTS; of one in which nothing is described it says so."""
    indicators = indicators_of(region, view)
    named, places = holdings.facilities(region, view)
    gaps = facilities_abroad(region, view, None, _NEAREST)
    data = {
        "region": facts.facts(region, view),
        "note": None if named.total else view.say("region-empty", region=view.name(region)),
        "priorities": facts.priorities(region, view),
        "indicators": [
            {"section": section, **indicators[name].as_json(view)}
            for section, several in SECTIONS.items()
            for name in several
        ],
        "strengths": [
            strengths.as_json(one, view)
            for one in strengths.strengths(indicators["capability-quotient"], view)
        ],
        "gaps": {"note": gaps["note"], "items": gaps["gaps"], "unknown": gaps["unknown"]},
        "facilities": named.as_json(),
        "operators": holdings.operators(region, view).as_json(),
        "stakeholders": holdings.stakeholders(region, view).as_json(),
        "policy_instruments": holdings.instruments(region, view).as_json(),
        "practices": holdings.practices(region, view).as_json(),
        "action_plans": holdings.plans(region, view).as_json(),
        "events": holdings.events(region, view).as_json(),
        "changes": [changes.as_json(one, view) for one in changes.changes(region, view, ledger)],
    }
    return Profile(region, indicators, places, data)


def indicators_of(region: NamedNode, view: View) -> dict[str, Indicator]:
    """All indicators of a region, by name; the names of what their figures are of are looked up at once."""
    indicators = {name: by[region] for name, by in read_all(INDICATORS, [region], view).items()}
    view.learn(
        figure.item
        for one in indicators.values()
        for figure in one.figures
        if isinstance(figure.item, NamedNode)
    )
    return indicators


def differences(
    now: Mapping[str, Indicator], before: Mapping[str, Indicator], view: View
) -> list[dict[str, Any]]:
    """The figures that are other than they were, that are new, or that are no more: ``None`` stands for none."""
    found = []
    for name, indicator in now.items():
        new = {one.item: one for one in indicator.figures}
        old = {one.item: one for one in before[name].figures}
        for item in dict.fromkeys((*new, *old)):
            one, was = new.get(item), old.get(item)
            if one is not None and was is not None and one.value == was.value:
                continue
            found.append(
                {
                    "indicator": name,
                    "title": indicator.query.title(view.language),
                    "unit": indicator.measure.unit,
                    "item": _item(item, view),
                    "before": None if was is None else figure_json(was, view)["value"],
                    "value": None if one is None else figure_json(one, view)["value"],
                }
            )
    return found


def _item(item: NamedNode | Literal | None, view: View) -> dict[str, str] | None:
    return None if item is None else item_json(item, view)
