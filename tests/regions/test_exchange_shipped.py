"""What regions can learn on the shipped data: every region has an answer, and every reason its statements."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from graph.iris import LANGUAGES, NUTS
from graph.regions.exchange.answer import exchange
from graph.service import Service, running
from graph.settings import Settings

REGIONS = ("BE2", "CZ064", "DED4", "EE008", "ITH5", "LV008", "NL41", "SE224")
ALL = 200


@pytest.fixture(scope="module")
def service(shipped: Path, copy_of: Any) -> Iterator[Service]:
    with running(Settings(data_dir=copy_of(shipped))) as started:
        yield started


_KEPT: dict[tuple[int, str, str, int], dict[str, Any]] = {}


def learned(service: Service, code: str, language: str = "en", limit: int = ALL) -> dict[str, Any]:
    """The answer for a region, asked once by all tests here."""
    key = (id(service), code, language, limit)
    if key not in _KEPT:
        _KEPT[key] = anew(service, code, language, limit)
    return _KEPT[key]


def anew(service: Service, code: str, language: str = "en", limit: int = ALL) -> dict[str, Any]:
    return exchange(NUTS[code], service.view(service.snapshot, language), limit)


def evidence(told: Any) -> Iterator[dict[str, str]]:
    """All evidence of an answer, wherever it stands."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from value if key == "evidence" else evidence(value)
    elif isinstance(told, list):
        for one in told:
            yield from evidence(one)


@pytest.mark.parametrize("code", REGIONS)
def test_each_region_has_an_answer_whose_statements_the_graph_holds(service: Service, code: str) -> None:
    answer = learned(service, code)
    assert len(answer["practices"]) == answer["total"]
    assert answer["total"] + answer["own_total"] == 62
    assert answer["partners_total"] == len(REGIONS) - 1
    assert answer["practices"][0]["safe"]
    for one in answer["practices"]:
        for part in one["parts"]:
            assert part["reason"]
            assert (part["verdict"] == "unknown") == (part["value"] is None)
            assert part["evidence"] or not part["value"], (one["label"], part["part"])
    store = service.snapshot.store
    said = {(e["s"], e["p"], e["o"], e["graph"]) for e in evidence(answer)}
    assert len(said) > 100
    for statement in said:
        assert next(store.quads_for_pattern(*(NamedNode(node) for node in statement)), None) is not None


def test_scores_are_in_order_and_between_nothing_and_all(service: Service) -> None:
    for code in REGIONS:
        answer = learned(service, code)
        for several in (answer["practices"], answer["partners"]):
            for safe in (True, False):
                scores = [one["score"] for one in several if one["safe"] is safe and one["score"] is not None]
                assert scores == sorted(scores, reverse=True)
                assert all(0 <= score <= 1 for score in scores)
            assert [one["safe"] for one in several] == sorted((one["safe"] for one in several), reverse=True)


def test_similarity_of_partners_is_the_same_both_ways(service: Service) -> None:
    found: dict[tuple[str, str], float] = {}
    for code in REGIONS:
        for one in learned(service, code)["partners"]:
            (structure,) = (part for part in one["parts"] if part["part"] == "structure")
            found[code, one["notation"]] = structure["value"]
    assert all(found[there, here] == value for (here, there), value in found.items())
    assert len(found) == len(REGIONS) * (len(REGIONS) - 1)


def test_gaps_are_those_that_facilities_abroad_fill(service: Service) -> None:
    from graph.match.directions.gaps import facilities_abroad

    for code in REGIONS:
        gaps = facilities_abroad(NUTS[code], service.view(service.snapshot, "en"), None, 1)["gaps"]
        lacks = learned(service, code)["lacks"]["capabilities"]
        assert [one["concept"] for one in lacks] == [one["concept"] for one in gaps]


@pytest.mark.parametrize("code", REGIONS)
def test_it_agrees_with_the_question_which_practices_to_adopt(service: Service, code: str) -> None:
    query = service.catalogue["competency-q29-practices-to-adopt"]
    text = query.bind_strings({"region": [code], "least": ["0"], "lang": ["en"]})
    rows = service.snapshot.select(text).dicts()
    answer = learned(service, code)
    lacks = {one["label"] for one in answer["lacks"]["themes"]}
    known = {one["id"]: {theme["label"] for theme in one["themes"]} for one in answer["practices"]}
    beside = {one["id"] for one in answer["own"] if one["how_known"] not in {"here", "within"}}
    assert rows
    for row in rows:
        practice = row["practice"].value  # type: ignore[union-attr]
        themes = row.get("newThemes")
        new = set(themes.value.split("; ")) if themes is not None else set()  # type: ignore[union-attr]
        assert practice in known.keys() | beside
        if practice in known and not any("No practice of" in note for note in answer["lacks"]["notes"]):
            assert known[practice] & lacks == new - {""}


def test_it_agrees_with_the_question_which_practices_inspired_actions(service: Service) -> None:
    rows = service.snapshot.select(service.catalogue["competency-q32-actions-inspired"].text).dicts()
    links = {
        (link["from"].rpartition(" ")[2], link["to"].rpartition(" ")[2])
        for code in REGIONS
        for path in learned(service, code)["paths"]
        for link in path["links"]
        if link["link"] == "part-of" and link["stated"]
    }
    assert {(row["action"].value, row["plan"].value) for row in rows} == links  # type: ignore[union-attr]
    met = {row["action"].value for row in rows if "practice" in row}  # type: ignore[union-attr]
    inspired = {
        link["to"].rpartition(" ")[2]
        for path in learned(service, REGIONS[0])["paths"]
        for link in path["links"]
        if link["link"] == "inspired" and link["stated"]
    }
    assert met == inspired


def test_it_agrees_with_the_question_who_learned_from_whom(service: Service) -> None:
    rows = service.snapshot.select(service.catalogue["competency-q33-who-learned-from-whom"].text).dicts()
    known = {row["event"].value: row for row in rows}  # type: ignore[union-attr]
    told = {
        event["id"]: event
        for code in REGIONS
        for partner in learned(service, code)["partners"]
        for event in partner["events"]
    }
    assert told
    for iri, event in told.items():
        row = known[iri]
        for name, column in (("practices", "practices"), ("facilities", "facilities")):
            texts = row.get(column)
            expected = set(texts.value.split("; ")) - {""} if texts is not None else set()  # type: ignore[union-attr]
            assert {one["label"] for one in event[name]} == expected


def test_reasons_come_in_each_language(service: Service) -> None:
    said = {
        language: [part["reason"] for part in learned(service, "LV008", language, 1)["practices"][0]["parts"]]
        for language in LANGUAGES
    }
    for position in range(5):
        assert len({reasons[position] for reasons in said.values()}) == len(LANGUAGES)


def test_the_same_graph_gives_the_same_answer(service: Service) -> None:
    assert anew(service, "NL41") == learned(service, "NL41")


def test_a_region_at_any_level_has_an_answer(service: Service) -> None:
    for code in ("NL", "NL414", "LV00C", "PT", "DED21"):
        answer = learned(service, code, limit=3)
        assert answer["total"] + answer["own_total"] == 62
        assert answer["region"]["notation"] == code
    here, before = learned(service, "LV00C", limit=5), learned(service, "LV008", limit=5)
    for one, other in zip(here["practices"], before["practices"], strict=True):
        assert (one["id"], one["score"]) == (other["id"], other["score"]), "a new code is the same region"
