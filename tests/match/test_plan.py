"""The plan of a match: what it tells of each step, and that the answer stays the same."""

from typing import Any

import pytest
from pyoxigraph import NamedNode

from graph.match import candidates
from graph.match.candidates import FactReader
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.plan import UNSEEN, How, Plan, Step
from graph.service import Service
from graph.store.engine import Snapshot

NEED = Need.model_validate(
    {
        "capabilities": ["mechanical-testing"],
        "services": ["testing"],
        "region": "BE223",
        "maxDistanceKm": 400,
        "limit": 3,
    }
)


@pytest.fixture
def steps(matcher: Matcher, snapshot: Snapshot) -> list[Step]:
    plan = Plan()
    matcher.match(NEED, snapshot, plan)
    return plan.steps


def figures(plan: Plan, name: str) -> dict[str, int]:
    (step,) = [step for step in plan.steps if step.name == name]
    return dict(step.figures)


def facts(plan: Plan) -> dict[str | None, How | None]:
    return {step.fact: step.how for step in plan.steps if step.name == "fact"}


def test_the_steps_come_in_the_order_in_which_they_were_done(steps: list[Step]) -> None:
    assert [step.name for step in steps if step.name != "fact"] == [
        "code lists",
        "understand",
        "words of records",
        "candidates",
        "rank",
        "describe",
        "support",
        "practices",
        "relaxations",
        "bundle",
        "answer",
    ]
    assert [step.fact for step in steps if step.name == "fact"] == ["service", "x", "y", "z", "middle"]


def test_a_plan_changes_nothing_in_the_answer_and_counts_what_is_in_it(
    matcher: Matcher, snapshot: Snapshot
) -> None:
    plan = Plan()
    answer: dict[str, Any] = matcher.match(NEED, snapshot, plan)
    assert answer == matcher.match(NEED, snapshot)
    assert figures(plan, "rank")["results"] == answer["total"]
    assert figures(plan, "describe")["facilities"] == len(answer["results"]) == 3
    assert figures(plan, "relaxations")["offered"] == len(answer["relaxations"])
    assert figures(plan, "bundle")["facilities"] == len(answer["bundle"])
    found = figures(plan, "candidates")
    assert found["facilities"] == figures(plan, "rank")["facilities"] <= found["rows"]
    assert found["wanted"] > 1


def test_without_a_plan_nothing_is_kept(matcher: Matcher, snapshot: Snapshot) -> None:
    matcher.match(NEED, snapshot)
    assert UNSEEN.steps == []


def test_code_lists_are_read_once_for_a_revision(service: Service, snapshot: Snapshot) -> None:
    fresh = Matcher(service.catalogue, service.matcher._languages, service.matcher.reasons)
    ways = []
    for _ in range(2):
        plan = Plan()
        fresh.match(NEED, snapshot, plan)
        ways.append(plan.steps[0].how)
    assert ways == [How.READ, How.KEPT]


def found_by(matcher: Matcher, snapshot: Snapshot) -> list[NamedNode]:
    return list(matcher.candidates(matcher.ask(NEED, snapshot), snapshot).found)


def test_few_candidates_are_looked_up_in_batches(
    service: Service, snapshot: Snapshot, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = found_by(matcher, snapshot)
    monkeypatch.setattr(candidates, "SCAN_SHARE", 0.0)
    scanned = FactReader(snapshot, service.catalogue).facts(found[:15], ["x", "sector"])
    monkeypatch.setattr(candidates, "SCAN_SHARE", 1.0)
    monkeypatch.setattr(candidates, "_BATCH", 10)
    plan = Plan()
    known = FactReader(snapshot, service.catalogue).facts(found[:15], ["x", "sector"], plan)
    assert known == scanned
    assert facts(plan) == {"x": How.LOOKED_UP, "sector": How.LOOKED_UP}
    x, sectors = (dict(step.figures) for step in plan.steps)
    assert (x["queries"], x["facilities"]) == (2, 15)
    assert x["rows"] == x["known"] == sum("x" in facts for facts in known.values())
    assert sectors["rows"] == sum(len(facts.get("sector", ())) for facts in known.values())


def test_many_candidates_are_scanned_and_what_was_read_is_kept(
    service: Service, snapshot: Snapshot, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = found_by(matcher, snapshot)
    monkeypatch.setattr(candidates, "SCAN_SHARE", len(found) / 177)
    reader = FactReader(snapshot, service.catalogue)
    plan = Plan()
    known = reader.facts(found, ["x"], plan)
    assert reader.facts(found[:1], ["x"], plan) == {found[0]: known[found[0]]}
    scanned, kept = plan.steps
    assert (scanned.how, kept.how) == (How.SCANNED, How.KEPT)
    assert dict(scanned.figures)["queries"] == 1
    assert dict(scanned.figures)["rows"] > len(found)
    assert "queries" not in dict(kept.figures)


def test_a_fact_is_scanned_once_as_many_were_looked_up_as_a_scan_costs(
    service: Service, snapshot: Snapshot, matcher: Matcher
) -> None:
    found = found_by(matcher, snapshot)[:15]
    reader = FactReader(snapshot, service.catalogue)
    ways = []
    for _ in range(4):
        plan = Plan()
        reader.facts(found, ["x"], plan)
        ways.append(plan.steps[0].how)
    assert ways == [How.LOOKED_UP, How.LOOKED_UP, How.SCANNED, How.KEPT]
