"""Search in the list of practices over HTTP: text first, then what the words mean, page by page."""

import html
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from graph.settings import Settings

SCHEMAS = create_app(Settings()).openapi()["components"]
HTML = {"Accept": "text/html"}
VOUCHERS = {
    "jic-innovation-vouchers",
    "centrope-voucher",
    "cross-innovation-voucher-fort",
    "voucher-sme-pilot-demo-nwe",
}


def found(client: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = client.get("/practices", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def slugs(listing: dict[str, Any]) -> list[str]:
    return [one["id"].rsplit("/", 1)[-1] for one in listing["items"]]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "innovation vouchers"),
        ("nl", "innovatievouchers"),
        ("de", "Innovationsgutscheine"),
        ("it", "voucher per l'innovazione"),
        ("sv", "innovationscheckar"),
        ("cs", "inovační vouchery"),
        ("et", "innovatsiooniosakud"),
        ("lv", "inovāciju vaučeri"),
        ("fr", "chèques innovation"),
    ],
)
def test_a_word_of_each_language_finds_practices_in_english(
    client: httpx.Client, language: str, text: str
) -> None:
    told = found(client, q=text, lang=language)
    Draft202012Validator({"$ref": "#/components/schemas/Listing", "components": SCHEMAS}).validate(told)
    assert set(slugs(told)) >= VOUCHERS
    assert told["total"] < 15
    (one,) = told["understood"]["concepts"]
    assert one["notation"] == "voucher"
    assert one["label"] in one["sentence"]
    page = client.get("/practices", params={"q": text, "lang": language}, headers=HTML)
    assert one["sentence"] in html.unescape(page.text)


def test_those_that_hold_the_text_come_first(client: httpx.Client) -> None:
    told = found(client, q="cluster", limit=200)
    texts = [f"{one['label']} {one.get('description', '')}".lower() for one in told["items"]]
    holding = ["cluster" in text for text in texts]
    assert any(holding)
    assert not all(holding)
    first = holding.index(False)
    assert not any(holding[first:])
    for part in (told["items"][:first], told["items"][first:]):
        names = [one["id"] for one in part]
        assert names == sorted(names)


@pytest.mark.parametrize("limit", [1, 4, 7])
def test_pages_follow_each_other_without_gap_or_repetition(client: httpx.Client, limit: int) -> None:
    whole = found(client, q="cluster", limit=200)
    seen: list[str] = []
    after: str | None = None
    for _ in range(70):
        part = found(client, q="cluster", limit=limit, **({"after": after} if after else {}))
        assert part["total"] == whole["total"]
        seen += slugs(part)
        after = part["next"]
        if after is None:
            break
    assert seen == slugs(whole)


def test_the_link_to_the_next_page_leads_on(client: httpx.Client) -> None:
    first = client.get("/practices", params={"q": "clusters", "limit": 3})
    path = first.links["next"]["url"]
    second = client.get(path)
    assert second.status_code == 200
    assert not set(slugs(first.json())) & set(slugs(second.json()))


def test_filters_hold_for_what_is_found_by_meaning(client: httpx.Client) -> None:
    told = found(client, q="vaučeri", region="HU22", lang="lv")
    assert told["items"]
    assert {one["region"] for one in told["items"]} == {"HU22"}


def test_places_are_understood_and_where_none_has_all_it_is_said(client: httpx.Client) -> None:
    told = found(client, q="vouchers in Norway")
    assert told["understood"]["all"] is False
    assert told["understood"]["note"]
    assert {"norwegian-catapult", "jic-innovation-vouchers"} <= set(slugs(told))


def test_only_words_are_understood(client: httpx.Client) -> None:
    assert "understood" not in found(client)
    assert "understood" not in found(client, q="  ")


def test_practices_are_counted_by_how_they_carry_a_concept(client: httpx.Client) -> None:
    for one in found(client, q="Reinraum", lang="de")["understood"]["concepts"]:
        assert one["count"] == one["practices"] + one["through_facilities"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE x --",
        '"} UNION {',
        "\u202e",
        "%s {0} {words}",
        "a" * 200,
        "🙂",
    ],
)
def test_hostile_words_find_nothing_and_do_no_harm(client: httpx.Client, text: str) -> None:
    told = found(client, q=text)
    assert told["items"] == []
    assert told["understood"]["concepts"] == []
    page = client.get("/practices", params={"q": text}, headers=HTML)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_hostile_words_beside_understood_ones_are_escaped(client: httpx.Client) -> None:
    page = client.get("/practices", params={"q": "vouchers <script>alert(1)</script>"}, headers=HTML)
    assert page.status_code == 200
    assert "Understood" in page.text
    assert "<script>alert" not in page.text
