"""Measures of rankings on cases small enough to work out by hand."""

import math
from collections.abc import Callable
from itertools import islice

import pytest

from bench.matching_speed import NEEDS, varied
from bench.measurement import Runs
from bench.metrics import discounted_gain, good, ndcg, recall, reciprocal_rank

GRADES = {"a": 3.0, "b": 2.0, "c": 1.0, "d": 0.5}


def test_gain_is_exponential_and_discounted_by_the_logarithm_of_the_rank() -> None:
    assert discounted_gain([3, 0, 2], 10) == pytest.approx(7 / 1 + 0 + 3 / 2)
    assert discounted_gain([1, 1], 10) == pytest.approx(1 + 1 / math.log2(3))


def test_gain_stops_at_the_depth() -> None:
    assert discounted_gain([3, 3, 3], 1) == 7


def test_half_grades_have_gains_between() -> None:
    assert discounted_gain([2.5], 10) == pytest.approx(2**2.5 - 1)


def test_the_best_ranking_has_ndcg_1() -> None:
    assert ndcg(["a", "b", "c", "d", "x"], GRADES) == pytest.approx(1.0)


def test_an_item_without_grade_in_front_costs_what_the_discount_says() -> None:
    assert ndcg(["x", "a"], {"a": 3.0}) == pytest.approx(1 / math.log2(3))


def test_two_items_the_wrong_way_round() -> None:
    best = 7 + 3 / math.log2(3)
    assert ndcg(["b", "a"], {"a": 3.0, "b": 2.0}) == pytest.approx((3 + 7 / math.log2(3)) / best)


def test_what_stands_below_the_depth_does_not_count() -> None:
    fillers = [f"x{number}" for number in range(10)]
    assert ndcg([*fillers, "a"], GRADES) == 0.0
    assert recall([*fillers, "a"], GRADES) == 0.0
    assert reciprocal_rank([*fillers, "a"], GRADES) == pytest.approx(1 / 11)


def test_more_good_items_than_the_depth_still_reach_ndcg_1() -> None:
    grades = {f"f{number:02}": 2.0 for number in range(12)}
    assert ndcg(sorted(grades), grades) == pytest.approx(1.0)
    assert recall(sorted(grades), grades) == pytest.approx(10 / 12)


def test_recall_and_reciprocal_rank_look_at_grade_2_and_better() -> None:
    assert good(GRADES) == {"a", "b"}
    assert recall(["c", "d", "b"], GRADES) == pytest.approx(1 / 2)
    assert reciprocal_rank(["c", "d", "b"], GRADES) == pytest.approx(1 / 3)


def test_the_grade_that_counts_as_good_can_be_another() -> None:
    assert recall(["c"], GRADES, least=1.0) == pytest.approx(1 / 3)
    assert reciprocal_rank(["c"], GRADES, least=1.0) == 1.0


@pytest.mark.parametrize("measure", [ndcg, recall, reciprocal_rank])
def test_an_empty_ranking_and_empty_grades_give_0(measure: Callable[..., float]) -> None:
    assert measure([], GRADES) == 0.0
    assert measure(["a"], {}) == 0.0


def test_the_95th_percentile_is_a_time_that_was_measured() -> None:
    runs = Runs(tuple(float(number) for number in range(100, 0, -1)))
    assert runs.median == 50.5
    assert runs.p95 == 95.0
    assert Runs((2.0,)).p95 == 2.0


@pytest.mark.parametrize("asked", NEEDS.values(), ids=NEEDS.keys())
def test_each_timed_need_is_new_and_asks_for_the_same(asked: dict[str, object]) -> None:
    needs = list(islice(varied(asked), 50))
    distances = {need.pop("maxDistanceKm") for need in needs}
    assert len(distances) == 50
    assert asked["maxDistanceKm"] not in distances
    assert all(need == {key: asked[key] for key in asked if key != "maxDistanceKm"} for need in needs)
