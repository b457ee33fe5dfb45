"""Bundles cover what can be covered, with no more facilities than the bound of greedy set cover allows."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from graph.iris import CODELIST, ID
from graph.match.bundle import bundle
from graph.match.candidates import Ranked
from graph.match.criteria import Judgement, Part, Score, Wish
from graph.match.evaluation import Verdict

PARTS = [CODELIST[f"capability/c{number}"] for number in range(7)]
WISH = Wish(tuple(Part(str(n), part, 1.0, {}) for n, part in enumerate(PARTS)), {})


def ranked(number: int, met: frozenset[int]) -> Ranked:
    judgements = tuple(
        Judgement("capability", Verdict.MET if n in met else Verdict.NOT_MET, 1.0, 0.1, "", part=part)
        for n, part in enumerate(PARTS)
    )
    return Ranked(ID[f"facility/f{number}"], Score(1.0, 1.0, 1.0), judgements)


def smallest(sets: list[frozenset[int]], wanted: frozenset[int]) -> int:
    """The size of the smallest cover, by trying all."""
    return next(
        size
        for size in range(len(sets) + 1)
        for chosen in itertools.combinations(sets, size)
        if frozenset().union(*chosen) >= wanted
    )


@settings(max_examples=300)
@given(st.lists(st.frozensets(st.integers(0, 6)), max_size=8))
def test_a_bundle_is_complete_without_waste_and_within_the_bound(sets: list[frozenset[int]]) -> None:
    reachable = frozenset().union(*sets)
    chosen = bundle(WISH, [ranked(number, met) for number, met in enumerate(sets)])
    if any(met == reachable for met in sets) or not reachable:
        assert chosen == []
        return
    covered: list[NamedNode] = [part for one in chosen for part in one.covers]
    assert sorted(covered, key=str) == sorted((PARTS[n] for n in reachable), key=str)  # each part once
    assert all(one.covers for one in chosen)
    most = max(len(met) for met in sets)
    harmonic = sum(1 / n for n in range(1, most + 1))
    assert len(chosen) <= harmonic * smallest(sets, reachable) + 1e-9


def test_a_need_of_one_part_has_no_bundle() -> None:
    wish = Wish((Part("1", PARTS[0], 1.0, {}),), {})
    assert bundle(wish, [ranked(1, frozenset({0}))]) == []


def test_of_equal_facilities_the_better_one_is_taken() -> None:
    sets = [frozenset({0}), frozenset({0}), frozenset({1})]
    chosen = bundle(WISH, [ranked(number, met) for number, met in enumerate(sets)])
    assert [one.facility for one in chosen] == [ID["facility/f0"], ID["facility/f2"]]
