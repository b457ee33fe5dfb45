"""Relaxations are the smallest changes that gain results, and gain as many as they say: as trying all of them shows."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from graph.geometry import Point
from graph.iris import CODELIST, ID, NUTS, XSD
from graph.match.candidates import Ranked, rank
from graph.match.criteria import Facts, Part, Wish, is_out
from graph.match.knowledge import Knowledge
from graph.match.linking import Understood
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.question import Candidates, Question, answers
from graph.match.relaxation import STEP_KM, relaxations
from graph.match.scheme import Grade, Relation
from graph.store.engine import Snapshot

WANTED = CODELIST["capability/fatigue-testing"]
COUNTRIES = [NUTS[code] for code in ("BE", "NL", "DE", "CZ")]
ACCESS = [CODELIST[f"access-mode/{name}"] for name in ("fee-for-service", "open-access", "membership")]
HOME = Point(5.0, 51.0)

level = st.integers(1, 9)
facility = st.fixed_dictionaries(
    {
        "grade": st.sampled_from([0.1, 0.5, 1.0]),
        "country": st.sampled_from(COUNTRIES),
        "access": st.sets(st.sampled_from(ACCESS), max_size=2),
        "trl": st.tuples(level, level).map(sorted),
        "lon": st.floats(5, 12),
    }
)
needs = st.fixed_dictionaries(
    {
        "max_km": st.integers(1, 30).map(lambda tens: 10.0 * tens),
        "trl": st.tuples(level, level).map(sorted).map(tuple),
        "country": st.sampled_from(COUNTRIES),
        "access": st.sampled_from(ACCESS),
        "required": st.sets(
            st.sampled_from(["maxDistanceKm", "trl", "countries", "accessModes"]), min_size=1
        ),
    }
)


def facts_of(one: Mapping[str, Any]) -> Facts:
    x, y, z = Point(one["lon"], 50.0).on_sphere()
    numbers = {"x": x, "y": y, "z": z, "trl-min": one["trl"][0], "trl-max": one["trl"][1]}
    return {
        "country": frozenset({one["country"]}),
        "access": frozenset(one["access"]),
        **{
            name: frozenset({Literal(str(value), datatype=XSD["decimal"])}) for name, value in numbers.items()
        },
    }


def asked(need: Mapping[str, Any], knowledge: Knowledge) -> Question:
    grades = {
        CODELIST[f"capability/{name}"]: Grade(CODELIST[f"capability/{name}"], Relation.EXACT, value)
        for name, value in (("fatigue-testing", 1.0), ("mechanical-testing", 0.5), ("testing", 0.1))
    }
    wish = Wish(
        (Part("1", WANTED, 1.0, grades),),
        knowledge.criteria.weights,
        access=frozenset({need["access"]}),
        countries=frozenset({need["country"]}),
        place=HOME,
        max_km=need["max_km"],
        trl=need["trl"],
        required=frozenset(need["required"]),
    )
    return Question(
        Need(capabilities=["fatigue-testing"]), Understood("en", (), ()), wish, (), "en", knowledge
    )


def results(wish: Wish, candidates: Candidates, knowledge: Knowledge) -> list[Ranked]:
    return answers(rank(wish, candidates.found, candidates.facts, knowledge.scheme))


def single_changes(wish: Wish, member: str) -> list[tuple[float, Wish]]:
    """Every other value of one member, with how far it is from the one given."""
    if member == "maxDistanceKm":
        assert wish.max_km is not None
        return [(km, replace(wish, max_km=float(km))) for km in range(int(wish.max_km), 600, STEP_KM)]
    if member == "trl":
        assert wish.trl is not None
        now, target = wish.trl
        assert now is not None
        assert target is not None
        return [
            (abs(a - now) + abs(b - target), replace(wish, trl=(a, b)))
            for a, b in itertools.product(range(1, 10), repeat=2)
            if a <= b
        ]
    if member == "countries":
        return [(0, replace(wish, countries=wish.countries | {code})) for code in COUNTRIES]
    return [(0, replace(wish, access=wish.access | {code})) for code in ACCESS]


def best_by_trying(
    wish: Wish, members: Sequence[str], candidates: Candidates, knowledge: Knowledge
) -> tuple[tuple[float, ...], int] | None:
    """The least cost with which changes of these members gain anything, and the most that they gain with it."""
    before = len(results(wish, candidates, knowledge))
    best: tuple[tuple[float, ...], int] | None = None
    one_each = [single_changes(wish, member) for member in members]
    for changes in itertools.product(*one_each):
        changed = wish
        for member, (_, other) in zip(members, changes, strict=True):
            field = {"maxDistanceKm": "max_km", "accessModes": "access"}.get(member, member)
            changed = replace(changed, **{field: getattr(other, field)})
        gains = len(results(changed, candidates, knowledge)) - before
        cost = tuple(cost for cost, _ in changes)
        if gains > 0 and (best is None or (cost, -gains) < (best[0], -best[1])):
            best = cost, gains
    return best


@settings(max_examples=60)
@given(need=needs, facilities=st.lists(facility, max_size=5))
def test_they_agree_with_trying_all_changes(
    knowledge: Knowledge, need: dict[str, Any], facilities: list[dict[str, Any]]
) -> None:
    nodes = [ID[f"facility/f{number}"] for number in range(len(facilities))]
    candidates = Candidates(
        {node: {"1": one["grade"]} for node, one in zip(nodes, facilities, strict=True)},
        {node: facts_of(one) for node, one in zip(nodes, facilities, strict=True)},
    )
    question = asked(need, knowledge)
    offered = {frozenset(one.change): one for one in relaxations(question, candidates)}
    soft = results(replace(question.wish, required=frozenset()), candidates, knowledge)
    failing = {
        frozenset(m for m in question.wish.required if is_out(one.judgements, frozenset({m}))) for one in soft
    } - {frozenset()}
    fewest = min((len(failed) for failed in failing), default=0)
    nearest = {failed for failed in failing if len(failed) == fewest}
    assert set(offered) <= nearest
    for failed in nearest:
        if fewest > 2 or (fewest > 1 and {"maxDistanceKm", "trl"} <= failed):
            continue  # which of two distances along two scales is smaller is a matter of taste
        members = sorted(failed)
        tried = best_by_trying(question.wish, members, candidates, knowledge)
        if tried is None:
            assert failed not in offered
            continue
        cost, gains = tried
        one = offered[failed]
        assert one.gains == gains
        if "maxDistanceKm" in failed:
            assert one.change["maxDistanceKm"][1] == cost[members.index("maxDistanceKm")]


@pytest.mark.parametrize(
    "need",
    [
        {"capabilities": ["robotics"], "region": "LV008", "maxDistanceKm": 100, "required": ["maxDistanceKm"]},
        {"capabilities": ["robotics"], "countries": ["LV"], "required": ["countries"]},
        {"capabilities": ["photonic-integrated-circuits"], "trl": {"now": 4, "target": 9}, "required": ["trl"]},
        {"capabilities": ["clean-room"], "accessModes": ["open-access"], "required": ["accessModes"]},
        {
            "capabilities": ["additive-manufacturing", "fatigue-testing"],
            "countries": ["EE"],
            "required": ["capabilities", "countries"],
        },
    ],
)  # fmt: skip
def test_a_need_changed_as_offered_gains_what_was_said(
    matcher: Matcher, snapshot: Snapshot, need: dict[str, Any]
) -> None:
    answer = matcher.match(Need.model_validate(need), snapshot)
    assert answer["relaxations"]
    for one in answer["relaxations"]:
        changed = {**need, **{member: values[1] for member, values in one["change"].items()}}
        wider = matcher.match(Need.model_validate(changed), snapshot)
        assert wider["total"] == answer["total"] + one["gains"]
        assert one["gains"] > 0
        assert str(one["gains"]) in one["text"]


def test_without_hard_conditions_there_is_nothing_to_relax(matcher: Matcher, snapshot: Snapshot) -> None:
    need = Need(capabilities=["additive-manufacturing"], region="LV008", maxDistanceKm=1)
    assert matcher.match(need, snapshot)["relaxations"] == []


def test_codes_are_offered_as_a_need_takes_them(matcher: Matcher, snapshot: Snapshot) -> None:
    need = Need(capabilities=["robotics"], countries=["LV"], required=["countries"])
    (one,) = matcher.match(need, snapshot)["relaxations"]
    assert one["change"]["countries"][0] == ["LV"]
    assert all(len(code) == 2 for code in one["change"]["countries"][1])
