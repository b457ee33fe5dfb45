"""The evaluator is three-valued, for codes and for bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.iris import CODELIST
from graph.match.evaluation import Bounds, Verdict, all_of, judge_codes

TOP, MIDDLE, LOW, OTHER = (CODELIST[f"capability/{name}"] for name in ("top", "middle", "low", "other"))
ANCESTORS = {LOW: frozenset({MIDDLE, TOP}), MIDDLE: frozenset({TOP})}


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ([], Verdict.UNKNOWN),
        ([MIDDLE], Verdict.MET),
        ([LOW], Verdict.MET),
        ([TOP], Verdict.UNKNOWN),
        ([OTHER], Verdict.NOT_MET),
        ([OTHER, TOP], Verdict.UNKNOWN),
        ([OTHER, LOW], Verdict.MET),
    ],
)
def test_codes_are_met_by_the_same_or_a_narrower_one(known: list[object], verdict: Verdict) -> None:
    assert judge_codes(frozenset({MIDDLE}), known, ANCESTORS).verdict is verdict  # type: ignore[arg-type]


def test_a_broader_code_counts_where_that_is_asked() -> None:
    assert judge_codes(frozenset({MIDDLE}), [TOP], ANCESTORS, broader_too=True).verdict is Verdict.MET


def test_it_says_how_many_accepted_codes_are_covered() -> None:
    supported = judge_codes(frozenset({MIDDLE, OTHER}), [LOW, OTHER], ANCESTORS)
    assert (supported.values, supported.covered) == ((LOW, OTHER), 2)


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Bounds(10, 49), Verdict.MET),
        (Bounds(0, 9), Verdict.UNKNOWN),
        (Bounds(101, None), Verdict.NOT_MET),
        (Bounds(0, 1), Verdict.NOT_MET),
        (Bounds(), Verdict.UNKNOWN),
        (Bounds(5, 5), Verdict.MET),
    ],
)
def test_bounds_may_lie_within_or_outside_or_neither(known: Bounds, verdict: Verdict) -> None:
    assert known.within(Bounds(2, 100)) is verdict


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 1))
def test_a_verdict_on_bounds_holds_for_every_value_between(
    a: float, b: float, c: float, d: float, share: float
) -> None:
    known, accepted = Bounds(min(a, b), max(a, b)), Bounds(min(c, d), max(c, d))
    value = min(max(min(a, b) + share * abs(b - a), min(a, b)), max(a, b))
    inside = min(c, d) <= value <= max(c, d)
    verdict = known.within(accepted)
    assert verdict is not Verdict.MET or inside
    assert verdict is not Verdict.NOT_MET or not inside


@given(st.lists(st.sampled_from(Verdict)))
def test_all_of_is_the_weakest_of_several(verdicts: list[Verdict]) -> None:
    order = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}
    expected = min(verdicts, key=lambda v: order[v]) if verdicts else Verdict.UNKNOWN
    assert all_of(verdicts) is expected
