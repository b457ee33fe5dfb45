"""How good the matching is on judged needs does not fall below a floor just under what was reached.

``judged.json`` has three needs in each language, written and graded by us with the records at hand: a guard against
getting worse, no measure of quality. ``facility_needs.json`` has a hundred, each written from the facts on one facility
drawn by lot, by writers who had seen neither code lists nor answers; that facility should be found. These and the needs
of others were translated into all nine languages (``translated_needs.json``), so that languages can be compared on the
same needs. ``regional_needs.json`` has 135, fifteen or more from each region, by writers who had seen nothing of the
graph and were asked for many that few places can meet; two readers graded each over all 177 records, independently
(within one grade of each other on every pair; quadratic weighted kappa 0.95). ``python -m bench matching_quality``
measures on all of them.
"""

from pathlib import Path
from statistics import mean, median

import pytest

from bench.baselines import Bm25, records
from bench.judged import Judged, means, read_needs, translated
from bench.matching_quality import BY_FACILITY, OWN, REGIONAL, TRANSLATED, gains, match, told_apart
from graph.iris import LANGUAGES
from graph.service import Service

FLOOR = 0.94
FLOOR_BY_FACILITY = 0.79
FLOOR_OF_OTHERS = 0.79
FLOOR_OF_A_LANGUAGE = 0.5
FLOOR_OF_TRANSLATED = 0.8
FURTHEST_BEHIND_ENGLISH = 0.05
FLOOR_OF_REGIONAL = 0.71
FLOOR_OF_TOLD_APART = 0.65
UNMET_OF_MET = 0.85
REGIONS = {"BE2", "NL41", "ITH5", "DED4", "SE224", "CZ064", "EE008", "LV008"}


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return read_needs(OWN, 20)


@pytest.fixture(scope="module")
def found(service: Service, judged: list[Judged]) -> dict[str, list[float]]:
    return gains(service, judged)


def test_the_judged_facilities_are_in_the_graph(service: Service, judged: list[Judged]) -> None:
    known = set(records(service.snapshot))
    assert {item for one in judged for item in one.grades} <= known
    assert {one.language for one in judged} == set(LANGUAGES)


def test_needs_in_nine_languages_find_what_they_should(found: dict[str, list[float]]) -> None:
    assert mean(value for values in found.values() for value in values) >= FLOOR
    poor = {
        language: mean(values) for language, values in found.items() if mean(values) < FLOOR_OF_A_LANGUAGE
    }
    assert poor == {}


def test_it_is_far_better_than_words_alone(
    service: Service, judged: list[Judged], found: dict[str, list[float]]
) -> None:
    plain = Bm25(records(service.snapshot))
    words = means([plain.rank(one.need).measures(one.grades) for one in judged])[0]
    ours = mean(value for values in found.values() for value in values)
    assert ours > 2 * words


def test_the_facility_that_a_need_was_written_for_is_found(service: Service) -> None:
    needs = read_needs(BY_FACILITY, 20)
    found = gains(service, needs)
    assert set(found) == set(LANGUAGES)
    assert mean(value for values in found.values() for value in values) >= FLOOR_BY_FACILITY
    poor = {
        language: mean(values) for language, values in found.items() if mean(values) < FLOOR_OF_A_LANGUAGE
    }
    assert poor == {}


def test_needs_judged_by_others_are_met_too(service: Service, shared: Path) -> None:
    needs = read_needs(shared / "matching" / "dev.json", 20)
    assert mean(value for values in gains(service, needs).values() for value in values) >= FLOOR_OF_OTHERS


def test_needs_from_the_regions_are_met_and_what_nothing_meets_scores_lower(service: Service) -> None:
    needs = read_needs(REGIONAL, 20)
    assert {need.need.region for need in needs} == REGIONS
    assert mean(value for values in gains(service, needs).values() for value in values) >= FLOOR_OF_REGIONAL
    tops = {
        is_met: [match(service, n.need).top for n in needs if n.is_met is is_met] for is_met in (True, False)
    }
    assert told_apart(tops[True], tops[False]) >= FLOOR_OF_TOLD_APART
    assert median(tops[False]) <= UNMET_OF_MET * median(tops[True])


def test_the_same_needs_are_met_in_every_language(service: Service) -> None:
    by_language = gains(service, translated(read_needs(BY_FACILITY, 20), TRANSLATED))
    assert {len(values) for values in by_language.values()} == {100}
    found = {language: mean(values) for language, values in by_language.items()}
    assert set(found) == set(LANGUAGES)
    assert mean(found.values()) >= FLOOR_OF_TRANSLATED
    behind = {language: found["en"] - value for language, value in found.items()}
    assert max(behind.values()) <= FURTHEST_BEHIND_ENGLISH, behind
