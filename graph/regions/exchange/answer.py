"""What a region can learn from others, as one answer."""

from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.errors import InputError
from graph.iris import CODELIST
from graph.match.view import View
from graph.regions.exchange.alike import Alike
from graph.regions.exchange.lacking import Lacking
from graph.regions.exchange.meetings import Meetings
from graph.regions.exchange.paths import Paths
from graph.regions.exchange.plans import Plans
from graph.regions.exchange.practices import Practices, judgement, proven
from graph.regions.exchange.records import Records, theme
from graph.regions.exchange.score import cited
from graph.regions.exchange.territory import HERE, Instruments, Organisations, Strategies, Strategy, Territory
from graph.regions.exchange.visits import Visits
from graph.regions.exchange.weights import Weights
from graph.regions.exchange.words import Words
from graph.regions.region import described
from graph.regions.similarity import Coverage

_THEMES: Final = CODELIST["practice-theme/"]


def exchange(
    here: NamedNode, view: View, limit: int, themes: Sequence[NamedNode] = (), weights: Weights | None = None
) -> dict[str, Any]:
    """Practices worth adopting and regions worth a visit, for a region of any level of NUTS.

    ``limit`` is for each list; ``total`` says how many there are. With ``themes`` only practices on one of them are
    listed; what they are judged by stays the same.
    """
    weights = weights or Weights.read()
    territory = Territory.of(view)
    organisations = Organisations(view, territory)
    plans = Plans.read(organisations, view)
    practices = Practices.read(here, plans, territory, view)
    others = described(view)
    strategies = Strategies(view, territory)
    at = {one for practice in practices.ties for one in practices.ties.nodes(practice, "region")}
    coverage = Coverage.read([here, *others, *at], view)
    strategy = strategies.of(here)
    instruments = Instruments(view, territory)
    alike = Alike(here, coverage, strategies, instruments, view)
    lacking = Lacking.of(here, practices.home, practices.ties, strategy, coverage, view)
    view.learn({here, *others, *at, *strategy.sources, *strategy.capabilities, *instruments.kinds(here)})
    view.learn(one for practice in practices.ties for one in practices.ties.nodes(practice, "theme"))
    meetings = Meetings.read(organisations, territory, view)
    visits = Visits(here, alike, lacking, practices, meetings, territory, view)

    wanted = set(practices.on(themes))
    judged = [
        one
        for one in practices.judged(alike, lacking, weights.practice, weights.sure)
        if one.practice in wanted
    ]
    known = [one for one in practices.known if one in wanted]
    partners = visits.partners(others, weights.partner, weights.sure)
    shown, own, near = judged[:limit], known[:limit], partners[:limit]

    listed = [*(one.practice for one in shown), *own]
    findings = proven(shown, alike, lacking, practices, view)
    regions = [here, *(one.region for one in near)]
    ways = [
        plan
        for plan in plans.plans
        if any(plans.belongs(plan, region) for region in regions)
        or any(plan in plans.actions.nodes(a, "plan") for one in listed for a in plans.inspired(one))
    ]
    words = Words.read([*listed, *ways], view)
    paths = Paths(here, plans, words, view)
    bare = Records(practices, words, {}, view)
    view.learn({name for one in listed for name in bare.names(one)} | paths.names(ways))
    evidence = view.evidence(
        said
        for several in (
            *(finding.statements for one in findings.values() for finding in one),
            *(practices.known[one].statements for one in own),
            *(bare.statements(one) for one in listed),
        )
        for said in several
    )
    records = Records(practices, words, evidence, view)
    return {
        "region": view.concept(here),
        "themes": [theme(one, view) for one in themes],
        "lacks": {
            "capabilities": [view.concept(one) for one in lacking.gaps],
            "themes": _new_themes(practices, lacking, view),
            "priorities_of": [view.concept(one) for one in strategy.sources],
            "notes": _notes(here, strategy, lacking, coverage, territory, view),
        },
        "total": len(judged),
        "practices": [
            {
                **records.told(one.practice),
                **judgement(one, findings[one.practice], weights.practice, weights.sure, evidence, view),
            }
            for one in shown
        ],
        "own_total": len(known),
        "own": [
            {
                **records.told(one),
                "how_known": practices.known[one].how,
                "reason": practices.known[one].reason,
                "evidence": cited(practices.known[one].statements, evidence),
            }
            for one in own
        ],
        "partners_total": len(partners),
        "partners": visits.told(near, weights.partner, weights.sure),
        "paths": paths.told(ways),
        "note": None if judged else view.say("exchange-no-practices"),
    }


def themes(view: View) -> set[NamedNode]:
    """All themes of practices that the code list has."""
    return {
        row["subject"]
        for row in view.rows("browse-codelist", scheme=[CODELIST["practice-theme"]])
        if isinstance(row["subject"], NamedNode) and row["subject"].value.startswith(_THEMES.value)
    }


def themes_of(codes: Sequence[str], view: View) -> list[NamedNode]:
    """The themes of practices with these codes or IRIs, each once. Raises ``InputError`` where one is none."""
    listed = themes(view)
    found: list[NamedNode] = []
    for code in codes:
        bare = code.strip().removeprefix(_THEMES.value)
        node = next((one for one in listed if one.value == _THEMES.value + bare), None)
        if node is None:
            raise InputError(
                f"theme={code[:60]!r} is no theme of practices; /codelists/practice-theme lists all"
            )
        found.append(node)
    return list(dict.fromkeys(found))


def _new_themes(practices: Practices, lacking: Lacking, view: View) -> list[dict[str, str]]:
    """The themes that practices elsewhere are on and none in the region; none where nothing is known of it."""
    if not lacking.has_practices:
        return []
    found = {one for practice in practices.ties for one in practices.ties.nodes(practice, "theme")}
    return [theme(one, view) for one in sorted(found - set(lacking.themes), key=lambda node: node.value)]


def _notes(
    here: NamedNode,
    strategy: Strategy,
    lacking: Lacking,
    coverage: Coverage,
    territory: Territory,
    view: View,
) -> list[str]:
    """What is not known of the region, and whose priorities stand in for its own."""
    name = view.name(here)
    found = []
    if not coverage.able.get(here):
        found.append(view.say("exchange-structure-open", region=name))
    if strategy.sources and not any(territory.place(one, here) == HERE for one in strategy.sources):
        sources = "; ".join(view.name(one) for one in strategy.sources)
        found.append(view.say("exchange-priorities-borrowed", here=name, regions=sources))
    if not strategy.capabilities:
        found.append(view.say("exchange-gaps-unknown", here=name))
    if not lacking.has_practices:
        found.append(view.say("exchange-themes-unknown", here=name))
    return found
