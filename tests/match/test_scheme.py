"""How alike capabilities are, and how they are graded."""

import pytest

from graph.errors import InputError
from graph.iris import CODELIST, NACE, NUTS
from graph.match.knowledge import Knowledge
from graph.match.scheme import CAPABILITY, REGION, SECTOR, Relation

FATIGUE = CODELIST["capability/fatigue-testing"]
MECHANICAL = CODELIST["capability/mechanical-testing"]
FERMENTATION = CODELIST["capability/fermentation"]


def test_similarity_is_symmetric_and_between_nought_and_one(knowledge: Knowledge) -> None:
    scheme = knowledge.scheme
    concepts = sorted(scheme.in_scheme[CAPABILITY], key=str)[::17]
    for one in concepts:
        assert scheme.similarity(one, one) == 1
        for other in concepts:
            value = scheme.similarity(one, other)
            assert 0 <= value <= 1
            assert value == pytest.approx(scheme.similarity(other, one))


def test_near_concepts_are_more_alike_than_far_ones(knowledge: Knowledge) -> None:
    scheme = knowledge.scheme
    assert scheme.similarity(FATIGUE, MECHANICAL) > scheme.similarity(FATIGUE, FERMENTATION) == 0


def test_rarer_concepts_say_more(knowledge: Knowledge) -> None:
    assert knowledge.scheme.content(FATIGUE) > knowledge.scheme.content(MECHANICAL)


def test_grades_name_how_a_capability_answers(knowledge: Knowledge) -> None:
    grades = {grade.capability: grade for grade in knowledge.scheme.graded(MECHANICAL)}
    assert grades[MECHANICAL].relation is Relation.EXACT
    assert grades[MECHANICAL].value == 1
    assert grades[FATIGUE].relation is Relation.NARROWER
    assert 0.9 <= grades[FATIGUE].value <= 1
    upward = {grade.capability: grade for grade in knowledge.scheme.graded(FATIGUE)}
    assert upward[MECHANICAL].relation is Relation.BROADER
    assert upward[MECHANICAL].value < 0.8


def test_a_part_that_another_implies_is_left_out(knowledge: Knowledge) -> None:
    assert knowledge.scheme.without_implied([MECHANICAL, FATIGUE]) == [FATIGUE]


@pytest.mark.parametrize("code", ["C30", "c30", "30", NACE["30"].value])
def test_sectors_are_taken_in_any_usual_spelling(knowledge: Knowledge, code: str) -> None:
    assert knowledge.scheme.resolve(code, SECTOR, "sector") == NACE["30"]


@pytest.mark.parametrize("code", ["BE223", "be223", NUTS["BE223"].value])
def test_regions_are_taken_by_code_and_iri(knowledge: Knowledge, code: str) -> None:
    assert knowledge.scheme.resolve(code, REGION, "region") == NUTS["BE223"]


def test_an_unknown_code_is_told_with_near_ones(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="did you mean fatigue-testing"):
        knowledge.scheme.resolve("fatige-testing", CAPABILITY, "capability")
    with pytest.raises(InputError, match="XX999"):
        knowledge.scheme.resolve("XX999", REGION, "region")


def test_a_retired_region_still_resolves(knowledge: Knowledge) -> None:
    assert knowledge.scheme.resolve("LV008", REGION, "region") == NUTS["LV008"]
    assert NUTS["LV00C"] in knowledge.scheme.replaced.values()
