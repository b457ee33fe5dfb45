"""Why a facility is no result, or not a better one: each criterion's verdict, and what would have to change."""

from typing import Any

import pytest

from graph.errors import NotFound
from graph.iris import ID, LANGUAGES
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.store.engine import Snapshot


@pytest.fixture
def why_not(matcher: Matcher, snapshot: Snapshot) -> Any:
    def ask(slug: str, **members: Any) -> dict[str, Any]:
        return matcher.why_not(Need.model_validate(members), ID[f"facility/{slug}"], snapshot)

    return ask


def test_the_verdicts_are_those_of_the_match(why_not: Any, matcher: Matcher, snapshot: Snapshot) -> None:
    need: dict[str, Any] = {
        "text": "We want to 3D print titanium parts and test them for fatigue.",
        "language": "en",
        "region": "BE223",
        "services": ["testing"],
    }
    answer = matcher.match(Need.model_validate(need), snapshot)
    for place, result in enumerate(answer["results"][:4], 1):
        told = why_not(result["facility"].rsplit("/", 1)[-1], **need)
        assert told["is_result"]
        assert (told["rank"], told["total"]) == (place, answer["total"])
        assert told["result"]["score"] == result["score"]
        assert told["result"]["criteria"] == result["criteria"]


def test_a_hard_condition_that_fails_is_named_with_the_change_that_lets_it_in(
    why_not: Any, matcher: Matcher, snapshot: Snapshot
) -> None:
    need: dict[str, Any] = {
        "capabilities": ["fatigue-testing"],
        "region": "BE223",
        "maxDistanceKm": 100,
        "required": ["maxDistanceKm"],
    }
    told = why_not("cz-brno-ipm", **need)
    assert not told["is_result"]
    assert told["failed"] == ["maxDistanceKm"]
    change = next(one for one in told["changes"] if one["kind"] == "need")["change"]
    need["maxDistanceKm"] = change["maxDistanceKm"][1]
    assert why_not("cz-brno-ipm", **need)["is_result"]
    need["maxDistanceKm"] -= 10
    assert not why_not("cz-brno-ipm", **need)["is_result"]


def test_what_is_unknown_is_to_be_asked_and_what_is_not_met_is_the_facilitys(why_not: Any) -> None:
    told = why_not("cz-brno-ipm", capabilities=["fatigue-testing", "fermentation"], languages=["lv"])
    kinds = {(one["criterion"], one.get("part")): one["kind"] for one in told["changes"]}
    assert kinds["capability", "fermentation"] == "facility"
    assert ("capability", "fatigue-testing") not in kinds
    verdict = next(c["verdict"] for c in told["result"]["criteria"] if c["criterion"] == "language")
    assert kinds["language", None] == ("record" if verdict == "unknown" else "facility")


def test_a_facility_of_another_field_shares_too_little(why_not: Any) -> None:
    told = why_not("leonardo-cineca-bologna", capabilities=["fermentation"])
    assert not told["is_result"]
    assert told["rank"] is None
    assert told["failed"] == []
    assert "too little in common" in told["because"]


def test_the_words_are_in_the_language_asked_for(why_not: Any) -> None:
    told = {lang: why_not("cz-brno-ipm", capabilities=["fermentation"], lang=lang) for lang in LANGUAGES}
    for part in (
        {answer["because"] for answer in told.values()},
        {answer["changes"][0]["text"] for answer in told.values()},
    ):
        assert len(part) == len(LANGUAGES)


@pytest.mark.parametrize("slug", ["nowhere", "../organisation/kmi"])
def test_what_is_no_facility_is_said_to_be_none(why_not: Any, slug: str) -> None:
    with pytest.raises(NotFound, match="no facility"):
        why_not(slug, capabilities=["fermentation"])
