"""Suggestions while somebody types, over HTTP on the shipped graph."""

from typing import Any

import httpx
import pytest


def _items(
    client: httpx.Client, q: str, kind: str | list[str] = "", lang: str = "en"
) -> list[dict[str, Any]]:
    answer = client.get("/suggestions", params={"q": q, "kind": kind, "lang": lang})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("typed", "lang", "value"),
    [
        ("vermoeiin", "nl", "fatigue-testing"),
        ("nogurum", "lv", "fatigue-testing"),
        ("spare part no lo", "en", "additive-manufacturing"),  # the beginning of a problem that it answers
        ("3D-Dru", "sv", "additive-manufacturing"),  # German, for a Swede
        ("fatgue testing", "en", "fatigue-testing"),
        ("testing fatigue", "en", "fatigue-testing"),
        ("Laermmessung", "de", "acoustics"),
    ],
)
def test_capabilities_are_found_by_what_people_type(
    client: httpx.Client, typed: str, lang: str, value: str
) -> None:
    assert value in [one["value"] for one in _items(client, typed, "capability", lang)[:3]]


def test_the_readers_language_comes_first(client: httpx.Client) -> None:
    labels = {lang: _items(client, "sim", "service", lang)[0] for lang in ("en", "it")}
    assert labels["en"]["language"] == "en"
    assert labels["it"]["label"] == "simulazione"


def test_what_was_found_is_told_where_the_label_does_not_show_it(client: httpx.Client) -> None:
    first = _items(client, "3D print", "capability")[0]
    assert first["value"] == "additive-manufacturing"
    assert first["because"] == "3D print"
    assert first["because_language"] == "en"
    assert first["url"] == "/codelists/capability/additive-manufacturing"


def test_places_are_regions_and_towns_with_the_code_of_the_region(client: httpx.Client) -> None:
    region = _items(client, "Vlaanderen", "place")[0]
    assert (region["value"], region["label"]) == ("BE2", "Flanders")
    town = _items(client, "Gent", "place", "nl")[0]
    assert (town["value"], town["within"], town["url"]) == ("BE234", "Arr. Gent", "/regions/BE234")
    assert 51 < town["lat"] < 51.2
    assert _items(client, "LV008", "place")[0]["value"] == "LV008"


def test_entities_are_found_by_name_and_lead_to_their_pages(client: httpx.Client) -> None:
    facility = _items(client, "holst", "facility")[0]
    assert (facility["value"], facility["url"]) == ("holst-centre", "/facilities/holst-centre")
    assert client.get(facility["url"]).status_code == 200
    assert {one["kind"] for one in _items(client, "Tartu", ["facility", "organisation"])} == {
        "facility",
        "organisation",
    }


def test_at_most_ten_of_all_kinds(client: httpx.Client) -> None:
    assert len(_items(client, "te")) == 10


def test_every_value_of_a_filter_is_taken_by_the_list(client: httpx.Client) -> None:
    for kind, name in (
        ("capability", "capability"),
        ("service", "service"),
        ("sector", "sector"),
        ("place", "region"),
    ):
        value = _items(client, "ma", kind)[0]["value"]
        assert client.get("/facilities", params={name: value}).status_code == 200, (kind, value)


@pytest.mark.parametrize("q", ["", " ", "…", "\x00", "\U0010ffff", "(*", "x" * 200])
def test_what_has_no_words_or_no_match_has_no_suggestions(client: httpx.Client, q: str) -> None:
    assert _items(client, q) == []


def test_a_kind_that_is_not_suggested_is_refused_with_those_that_are(client: httpx.Client) -> None:
    answer = client.get("/suggestions", params={"q": "a", "kind": "colour"})
    assert answer.status_code == 400
    assert "capability" in answer.json()["detail"]


def test_an_answer_is_kept_for_a_revision(client: httpx.Client) -> None:
    first = client.get("/suggestions", params={"q": "test"})
    again = client.get("/suggestions", params={"q": "test"}, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
