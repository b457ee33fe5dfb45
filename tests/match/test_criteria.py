"""Criteria are judged met, not met or unknown; the formula of docs/matching.md holds."""

import math

import pytest
from pyoxigraph import Literal, NamedNode

from graph.geometry import Point
from graph.iris import CODELIST, INFRA, NUTS, XSD
from graph.match.criteria import (
    NEARBY_KM,
    UNKNOWN_SCORE,
    Judgement,
    Part,
    Wish,
    is_out,
    judge,
    judge_capability,
    judge_text,
    judge_vocabulary,
    score_of,
)
from graph.match.evaluation import Verdict
from graph.match.knowledge import Knowledge
from graph.match.scheme import Grade, Relation
from graph.match.vocabulary import Spoken

TESTING = CODELIST["service-kind/testing"]
WANTED = CODELIST["capability/fatigue-testing"]
WEIGHTS = {
    "capability": 0.6,
    "vocabulary": 0.7,
    "text": 0.1,
    "service": 0.12,
    "country": 0.4,
    "distance": 0.6,
    "nearness": 0.6,
    "trl": 0.08,
}


def part(*grades: Grade) -> Part:
    return Part("1", WANTED, 1.0, {grade.capability: grade for grade in grades})


def judgement(criterion: str, verdict: Verdict, score: float) -> Judgement:
    return Judgement(criterion, verdict, score, WEIGHTS[criterion], "")


@pytest.mark.parametrize(
    ("relation", "value", "verdict"),
    [
        (Relation.EXACT, 1.0, Verdict.MET),
        (Relation.NARROWER, 0.9, Verdict.MET),
        (Relation.BROADER, 0.5, Verdict.UNKNOWN),
        (Relation.RELATED, 0.5, Verdict.NOT_MET),
        (Relation.SIMILAR, 0.4, Verdict.NOT_MET),
    ],
)
def test_a_stated_capability_is_judged_by_its_relation(
    relation: Relation, value: float, verdict: Verdict
) -> None:
    judged = judge_capability(part(Grade(WANTED, relation, value)), [WANTED], 0.6)
    assert (judged.verdict, judged.score) == (verdict, value)


def test_nothing_near_is_not_met() -> None:
    assert judge_capability(part(), [WANTED], 0.6).verdict is Verdict.NOT_MET


def test_services_are_three_valued(knowledge: Knowledge) -> None:
    wish = Wish((), WEIGHTS, services=frozenset({TESTING}))
    cases = {
        Verdict.MET: {"service": frozenset({TESTING})},
        Verdict.NOT_MET: {"service": frozenset({CODELIST["service-kind/training"]})},
        Verdict.UNKNOWN: {},
    }
    for verdict, facts in cases.items():
        (judged,) = judge(wish, [], facts, knowledge.scheme)  # type: ignore[arg-type]
        assert judged.verdict is verdict
        assert (judged.score == UNKNOWN_SCORE) == (verdict is Verdict.UNKNOWN)


def sphere(point: Point) -> dict[str, frozenset[NamedNode | Literal]]:
    return {
        axis: frozenset({Literal(repr(value), datatype=XSD["double"])})
        for axis, value in zip("xyz", point.on_sphere(), strict=True)
    }


def test_distance_follows_the_great_circle(knowledge: Knowledge) -> None:
    brno, lommel = Point(16.608, 49.195), Point(5.313, 51.231)
    km = brno.distance_km(lommel)
    for limit, verdict in ((km + 1, Verdict.MET), (km - 1, Verdict.NOT_MET)):
        wish = Wish((), WEIGHTS, place=brno, max_km=limit)
        (judged,) = judge(wish, [], sphere(lommel), knowledge.scheme)
        assert judged.verdict is verdict
    (unplaced,) = judge(Wish((), WEIGHTS, place=brno, max_km=100), [], {}, knowledge.scheme)
    assert unplaced.verdict is Verdict.UNKNOWN


def test_nearness_without_a_limit_decays(knowledge: Knowledge) -> None:
    place = Point(5.0, 51.0)
    (judged,) = judge(Wish((), WEIGHTS, place=place), [], sphere(Point(5.0, 51.0)), knowledge.scheme)
    assert judged.score == pytest.approx(1.0)
    far = Point(16.608, 49.195)
    (judged,) = judge(Wish((), WEIGHTS, place=place), [], sphere(far), knowledge.scheme)
    assert judged.score == pytest.approx(math.exp(-place.distance_km(far) / NEARBY_KM), rel=1e-6)


def test_a_facility_without_a_point_counts_as_in_the_middle_of_its_region(knowledge: Knowledge) -> None:
    place = Point(5.0, 51.0)
    for limit in (None, 50.0):
        wish = Wish((), WEIGHTS, place=place, max_km=limit)
        for middle in (Point(5.0, 51.0), Point(5.5, 51.0), Point(9.0, 51.0)):
            facts = {"middle": frozenset({Literal(f"POINT ({middle.lon} {middle.lat})")})}
            (unplaced,) = judge(wish, [], facts, knowledge.scheme)
            (placed,) = judge(wish, [], sphere(middle), knowledge.scheme)
            assert unplaced.verdict is Verdict.UNKNOWN
            assert unplaced.score == pytest.approx(placed.score)


def test_a_country_counts_through_the_regions_within_it(knowledge: Knowledge) -> None:
    wish = Wish((), WEIGHTS, countries=frozenset({NUTS["BE"]}))
    facts = {"country": frozenset({NUTS["BE225"], NUTS["BE22"], NUTS["BE2"], NUTS["BE"]})}
    (judged,) = judge(wish, [], facts, knowledge.scheme)  # type: ignore[arg-type]
    assert judged.verdict is Verdict.MET


@pytest.mark.parametrize(
    ("low", "high", "now", "target", "verdict"),
    [
        (4, 7, 4, 6, Verdict.MET),
        (4, 7, 4, 9, Verdict.NOT_MET),
        (7, 9, 2, 8, Verdict.NOT_MET),
        (None, None, 4, 6, Verdict.UNKNOWN),
    ],
)
def test_readiness_levels_must_include_those_asked_for(
    knowledge: Knowledge, low: int | None, high: int | None, now: int, target: int, verdict: Verdict
) -> None:
    facts: dict[str, frozenset[NamedNode | Literal]] = {}
    if low and high:
        facts = {"trl-min": frozenset({Literal(str(low))}), "trl-max": frozenset({Literal(str(high))})}
    (judged,) = judge(Wish((), WEIGHTS, trl=(now, target)), [], facts, knowledge.scheme)
    assert judged.verdict is verdict


def test_the_score_is_the_formula_of_the_documentation() -> None:
    worked = [judgement("capability", Verdict.UNKNOWN, 0.457), judgement("service", Verdict.MET, 1.0)]
    assert score_of(worked, WEIGHTS).total == pytest.approx(0.457, abs=1e-3)
    mixed = [judgement("capability", Verdict.MET, 1.0), judgement("service", Verdict.NOT_MET, 0.0)]
    share = WEIGHTS["service"] / (WEIGHTS["service"] + WEIGHTS["capability"])
    assert score_of(mixed, WEIGHTS).total == pytest.approx(1 - share)


def test_other_criteria_cannot_lift_what_does_not_do_it() -> None:
    judged = [judgement("capability", Verdict.NOT_MET, 0.0), judgement("service", Verdict.MET, 1.0)]
    assert score_of(judged, WEIGHTS).total == 0


def test_only_a_hard_condition_that_is_not_met_puts_a_facility_out() -> None:
    judged = [judgement("distance", Verdict.NOT_MET, 0.1), judgement("service", Verdict.UNKNOWN, 0.5)]
    assert is_out(judged, frozenset({"maxDistanceKm"}))
    assert not is_out(judged, frozenset({"services"}))
    assert not is_out(judged, frozenset())


def test_property_names_of_facts_are_in_the_ontology() -> None:
    assert INFRA["anyServiceKind"].value.endswith("#anyServiceKind")


def speaks(capability: NamedNode, value: float, **gains: float) -> Spoken:
    return Spoken(capability, value, tuple(gains), gains)


def test_vocabulary_is_met_where_the_text_speaks_mostly_of_what_is_stated() -> None:
    spoken = {WANTED: speaks(WANTED, 0.8, cracks=0.8), TESTING: speaks(TESTING, 0.4, test=0.4)}
    both = judge_vocabulary(spoken, [TESTING, WANTED], 0.7)
    assert (both.verdict, both.values["words"]) == (Verdict.MET, "cracks")
    assert both.score == pytest.approx(0.8 + 0.3 * 0.4)
    assert [value for _, value in both.evidence] == [WANTED.value, TESTING.value]
    assert judge_vocabulary(spoken, [TESTING], 0.7).verdict is Verdict.UNKNOWN
    assert judge_vocabulary(spoken, [], 0.7).verdict is Verdict.NOT_MET


def test_a_word_counts_once_by_the_capability_it_says_most_of() -> None:
    spoken = {WANTED: speaks(WANTED, 0.8, cracks=0.5, load=0.3), TESTING: speaks(TESTING, 0.6, cracks=0.6)}
    both = judge_vocabulary(spoken, [TESTING, WANTED], 0.7)
    assert both.score == pytest.approx(0.8 + 0.3 * 0.1)
    assert [value for _, value in both.evidence] == [WANTED.value, TESTING.value]


def test_a_capability_that_adds_no_word_is_not_cited() -> None:
    spoken = {WANTED: speaks(WANTED, 0.8, cracks=0.8), TESTING: speaks(TESTING, 0.4, cracks=0.4)}
    both = judge_vocabulary(spoken, [TESTING, WANTED], 0.7)
    assert both.score == 0.8
    assert both.evidence == (("capability", WANTED.value),)


def test_words_that_a_record_lacks_are_no_verdict_against_it() -> None:
    assert judge_text(0.0, 0.1).verdict is Verdict.UNKNOWN
    assert judge_text(0.4, 0.1, ["betulin"]).verdict is Verdict.MET


def test_confidence_is_the_share_of_weights_that_are_known() -> None:
    judged = [judgement("capability", Verdict.MET, 1.0), judgement("service", Verdict.UNKNOWN, 0.5)]
    assert score_of(judged, WEIGHTS).confidence == pytest.approx(0.6 / 0.72)
    assert score_of([], WEIGHTS).confidence == 0
