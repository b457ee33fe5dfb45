"""Facilities with equal scores: which comes first."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST, ID, XSD
from graph.match.candidates import FactReader, Ranked
from graph.match.criteria import Facts, Score
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.ties import settled
from graph.store.engine import Snapshot

A, B, C = (ID[f"facility/{name}"] for name in "abc")


class Stated:
    """Facts as a reader gives them, with what was asked for."""

    def __init__(self, facts: Mapping[NamedNode, Facts]) -> None:
        self._facts = facts
        self.asked: list[NamedNode] = []

    def facts(self, facilities: Sequence[NamedNode], names: Sequence[str]) -> dict[NamedNode, Facts]:
        self.asked += facilities
        return {facility: self._facts[facility] for facility in facilities if facility in self._facts}


def ranked(*scores: tuple[NamedNode, float, float]) -> list[Ranked]:
    return [Ranked(facility, Score(total, total, known), ()) for facility, total, known in scores]


def order(given: list[Ranked], first: int, facts: Mapping[NamedNode, Facts] | None = None) -> list[NamedNode]:
    reader = cast("FactReader", Stated(facts or {}))
    return [one.facility for one in settled(given, first, reader)]


def code(name: str) -> frozenset[NamedNode | Literal]:
    return frozenset({CODELIST[name]})


def day(text: str) -> frozenset[NamedNode | Literal]:
    return frozenset({Literal(text, datatype=XSD["date"])})


def test_the_one_of_which_more_is_known_comes_first() -> None:
    assert order(ranked((A, 0.5, 0.2), (B, 0.5, 0.9)), 2) == [B, A]


@pytest.mark.parametrize(
    "facts",
    [
        {A: {"confidence": code("confidence/medium")}, B: {"confidence": code("confidence/high")}},
        {B: {"confidence": code("confidence/low")}},
        {A: {"quality": code("quality-level/silver")}, B: {"quality": code("quality-level/platinum")}},
        {A: {"modified": day("2026-09-30")}, B: {"modified": day("2026-10-01")}},
        {B: {"modified": day("2020-01-01")}},
        {
            A: {"confidence": code("confidence/medium"), "quality": code("quality-level/platinum")},
            B: {"confidence": code("confidence/high"), "quality": code("quality-level/bronze")},
        },
    ],
)
def test_of_equals_the_better_record_comes_first(facts: Mapping[NamedNode, Facts]) -> None:
    assert order(ranked((A, 0.5, 0.5), (B, 0.5, 0.5)), 2, facts) == [B, A]


def test_full_equals_are_ordered_by_iri() -> None:
    assert order(ranked((B, 0.5, 0.5), (A, 0.5, 0.5)), 2) == [A, B]


def test_who_scores_more_stays_before() -> None:
    facts: dict[NamedNode, Facts] = {B: {"confidence": code("confidence/high")}}
    assert order(ranked((A, 0.6, 0.1), (B, 0.5, 0.9)), 2, facts) == [A, B]


def test_ties_that_reach_over_the_last_place_are_settled_and_those_behind_are_not_looked_at() -> None:
    facts: dict[NamedNode, Facts] = {B: {"quality": code("quality-level/gold")}}
    reader = Stated(facts)
    last = ID["facility/z"]
    given = ranked((A, 0.5, 0.5), (B, 0.5, 0.5), (C, 0.4, 0.5), (last, 0.4, 0.5))
    assert [one.facility for one in settled(given, 1, cast("FactReader", reader))] == [B, A, C, last]
    assert reader.asked == [A, B]


def test_scores_that_differ_by_rounding_are_equal() -> None:
    assert order(ranked((A, 0.1 + 0.2, 0.1), (B, 0.3, 0.9)), 2) == [B, A]


def test_a_match_and_its_reasons_tell_the_same_place(matcher: Matcher, snapshot: Snapshot) -> None:
    need = Need.model_validate({"capabilities": ["clean-room"], "limit": 8})
    results = matcher.match(need, snapshot)["results"]
    assert len({result["score"] for result in results}) < len(results)
    for place, result in enumerate(results, 1):
        told = matcher.why_not(need, NamedNode(result["facility"]), snapshot)
        assert told["rank"] == place
