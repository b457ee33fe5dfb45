"""The walk through needs in nine languages shows what the service answers, and each need what it is there to show."""

import json
import re
from typing import Any

import pytest

from docs.needs import PAGE, filled
from graph.iris import LANGUAGES
from graph.match.need import Need
from graph.service import Service

TEXT = PAGE.read_text(encoding="utf-8")
NEEDS = {
    need["language"]: need for need in map(json.loads, re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
}


@pytest.fixture(scope="module")
def answers(service: Service) -> dict[str, dict[str, Any]]:
    return {
        language: service.matcher.match(Need.model_validate(need), service.snapshot)
        for language, need in NEEDS.items()
    }


def test_there_is_a_need_in_each_language() -> None:
    assert set(NEEDS) == set(LANGUAGES)


def test_the_answers_on_the_page_are_those_of_the_service(service: Service) -> None:
    assert filled(TEXT, service) == TEXT, "run make docs"


def _notations(answer: dict[str, Any], kind: str = "capabilities") -> dict[str, str]:
    return {link["notation"]: link["importance"] for link in answer["understood"][kind]}


def test_a_symptom_leads_to_a_place_that_finds_the_cause(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["en"]
    assert "fatigue-testing" in _notations(answer)
    assert answer["results"][0]["facility"].endswith("/cz-brno-ipm")


def test_a_need_of_several_parts_is_covered_by_several_places(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["nl"]
    assert {"additive-manufacturing", "fatigue-testing"} <= set(_notations(answer))
    assert "lightweight-metals" in _notations(answer, "materials")
    assert {part for one in answer["bundle"] for part in one["covers"]} >= {
        "additive-manufacturing",
        "fatigue-testing",
    }


def test_quantities_and_emphasis_are_read(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["de"]
    assert _notations(answer)["climatic-testing"] == "essential"
    assert _notations(answer)["vibration-and-shock-testing"] == "nice-to-have"
    chamber = next(r for r in answer["results"] if r["facility"].endswith("/owi-lab-climate-chamber"))
    assert [c["verdict"] for c in chamber["criteria"] if c["criterion"] == "quantity"] == ["met", "met"]


def test_what_is_refused_is_no_part(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["it"]
    assert _notations(answer) == {"laser-cutting": "wished", "welding": "nice-to-have"}
    assert [link["notation"] for link in answer["understood"]["excluded"]] == ["membership"]


def test_only_makes_countries_a_hard_condition(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["sv"]
    assert {result["country"] for result in answer["results"]} <= {"SE", "DK"}
    assert any("countries" in relaxation["change"] for relaxation in answer["relaxations"])


def test_a_distance_from_a_city_and_a_denial_are_read(answers: dict[str, dict[str, Any]]) -> None:
    understood = answers["cs"]["understood"]
    assert understood["distance"]["km"] == 150
    assert [place["label"] for place in understood["places"]] == ["Brno"]
    assert [link["notation"] for link in understood["excluded"]] == ["welding"]


def test_a_slip_and_a_case_are_read(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["et"]
    assert {"shelf-life-testing", "packaging-technology"} <= set(_notations(answer))
    assert [place["label"] for place in answer["understood"]["places"]] == ["Tartu"]


def test_what_nobody_meets_is_relaxed(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["lv"]
    assert answer["results"] == []
    assert "maxDistanceKm" in answer["relaxations"][0]["change"]


def test_open_conditions_of_support_are_asked(answers: dict[str, dict[str, Any]]) -> None:
    support = answers["fr"]["results"][0]["support"]
    assert any("question" in condition for scheme in support for condition in scheme["conditions"])
