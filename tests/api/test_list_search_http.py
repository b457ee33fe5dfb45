"""Search in lists by what words mean, over HTTP: each language, filters, pages, and what words leave alone."""

import csv
import html
import io
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from graph.browse.listing import Selection, members
from graph.service import Service
from graph.settings import Settings

SCHEMAS = create_app(Settings()).openapi()["components"]
HTML = {"Accept": "text/html"}


def found(client: httpx.Client, listing: str, **asked: Any) -> dict[str, Any]:
    answer = client.get(f"/{listing}", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    Draft202012Validator({"$ref": "#/components/schemas/Listing", "components": SCHEMAS}).validate(told)
    return told


def ids(told: dict[str, Any]) -> list[str]:
    return [one["id"] for one in told["items"]]


def concepts(told: dict[str, Any]) -> set[str]:
    return {f"{one['scheme']}/{one['notation']}" for one in told["understood"]["concepts"]}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "additive manufacturing"),
        ("nl", "3D-printen"),
        ("de", "additive Fertigung"),
        ("it", "manifattura additiva"),
        ("sv", "additiv tillverkning"),
        ("cs", "aditivní výroba"),
        ("et", "kihtlisandustootmine"),
        ("lv", "aditīvā ražošana"),
        ("fr", "fabrication additive"),
    ],
)
@pytest.mark.parametrize("listing", ["facilities", "equipment"])
def test_each_language_finds_what_carries_the_concept_or_a_narrower_one(
    client: httpx.Client, language: str, text: str, listing: str
) -> None:
    told = found(client, listing, q=text, lang=language, limit=200)
    carrying = found(client, listing, capability="additive-manufacturing", limit=200)
    assert concepts(told) == {"capability/additive-manufacturing"}
    assert set(ids(told)) >= set(ids(carrying))
    (one,) = told["understood"]["concepts"]
    assert one["count"] >= carrying["total"] > 0
    page = client.get(f"/{listing}", params={"q": text, "lang": language}, headers=HTML)
    assert one["sentence"] in html.unescape(page.text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("vermoeiing", "capability/fatigue-testing"),
        ("Ermüdungsprüfungen", "capability/fatigue-testing"),
        ("utmattning", "capability/fatigue-testing"),
        ("aditivní výroby", "capability/additive-manufacturing"),
        ("kihtlisandustootmise", "capability/additive-manufacturing"),
        ("3D printing of metal", "capability/metal-additive-manufacturing"),
        ("fatige testing", "capability/fatigue-testing"),
        ("koolitust", "service-kind/training"),
    ],
)
def test_words_are_read_in_any_language_inflected_or_begun_or_with_a_slip(
    client: httpx.Client, text: str, concept: str
) -> None:
    told = found(client, "facilities", q=text, lang="en")
    assert concepts(told) == {concept}
    assert told["total"] > 0


@pytest.mark.parametrize(
    ("listing", "text", "concept", "filters"),
    [
        ("services", "koolitus", "service-kind/training", {"kind": "training"}),
        ("equipment", "Fräsen", "capability/cnc-milling", {"capability": "cnc-milling"}),
        (
            "policy-instruments",
            "vaučeriem",
            "policy-instrument-kind/innovation-voucher",
            {"kind": "innovation-voucher"},
        ),
        ("organisations", "ülikool", "organisation-kind/university", {"kind": "university"}),
        ("organisations", "Vlaanderen", "nuts/BE2", {}),
        ("events", "Igaunija", "nuts/EE", {}),
    ],
)
def test_every_list_with_concepts_among_its_filters_is_searched(
    client: httpx.Client, listing: str, text: str, concept: str, filters: dict[str, str]
) -> None:
    told = found(client, listing, q=text, limit=200)
    assert concept in concepts(told)
    assert told["total"] > 0
    if filters:
        assert set(ids(told)) >= set(ids(found(client, listing, **filters, limit=200)))


def test_those_that_hold_the_text_come_first_and_both_are_shown(
    client: httpx.Client, service: Service
) -> None:
    text = "additive manufacturing"
    holding = [
        one.value for one in members(Selection("facilities", q=text), service.snapshot, service.catalogue)
    ]
    shown = ids(found(client, "facilities", q=text, limit=200))
    assert shown[: len(holding)] == holding
    behind = shown[len(holding) :]
    assert behind == sorted(behind)
    carrying = ids(found(client, "facilities", capability="additive-manufacturing", limit=200))
    assert set(behind) == set(carrying) - set(holding) != set()


@pytest.mark.parametrize("limit", [1, 4, 5])
def test_pages_lead_through_text_and_meaning_without_gap_or_repetition(
    client: httpx.Client, limit: int
) -> None:
    whole = found(client, "facilities", q="additive manufacturing", limit=200)
    path, seen = f"/facilities?q=additive+manufacturing&limit={limit}", []
    for _ in range(whole["total"]):
        answer = client.get(path)
        assert answer.json()["total"] == whole["total"]
        seen += ids(answer.json())
        if "next" not in answer.links:
            break
        path = answer.links["next"]["url"]
    assert seen == ids(whole)


def test_filters_hold_for_what_is_found_by_meaning(client: httpx.Client) -> None:
    whole = set(ids(found(client, "facilities", q="apmācība", limit=200)))
    told = found(client, "facilities", q="apmācība", region="EE", limit=200)
    held = found(client, "facilities", region="EE", limit=200)
    assert set(ids(told)) == whole & set(ids(held)) != set()


def test_facets_count_what_was_found(client: httpx.Client) -> None:
    page = client.get("/facilities?q=vermoeiing", headers=HTML).text
    assert '<h2 class="total">1 match' in page
    counts = page.partition('class="choices"')[2].partition("</ul>")[0]
    assert '<span class="count">1</span>' in counts


def test_words_of_different_kinds_must_all_be_there(client: httpx.Client) -> None:
    told = found(client, "facilities", q="cleanroom in Flanders")
    assert told["understood"]["all"] is True
    assert told["understood"]["note"] is None
    assert [iri.rsplit("/", 1)[-1] for iri in ids(told)] == ["imec-cleanroom-leuven"]


@pytest.mark.parametrize(
    ("language", "text", "note"),
    [
        (
            "en",
            "fatigue testing in Latvia",
            "No entry has all of this; those that have some of it are shown.",
        ),
        ("fr", "essais de fatigue en Lettonie", "Aucune entrée n'a tout cela"),
    ],
)
def test_where_none_has_all_it_is_said(client: httpx.Client, language: str, text: str, note: str) -> None:
    told = found(client, "facilities", q=text, lang=language, limit=200)
    assert told["understood"]["all"] is False
    assert told["understood"]["note"].startswith(note)
    assert {one["country"] for one in told["items"]} == {"CZ", "LV"}
    page = client.get("/facilities", params={"q": text, "lang": language}, headers=HTML)
    assert note in html.unescape(page.text)


@pytest.mark.parametrize("text", ["innovation", "research", "society", "wasser", "materjal", "market"])
def test_a_word_that_is_vaguely_like_labels_means_nothing(client: httpx.Client, text: str) -> None:
    assert found(client, "facilities", q=text)["understood"]["concepts"] == []


def test_a_word_that_many_hold_adds_only_those_that_carry_what_it_means(
    client: httpx.Client, service: Service
) -> None:
    told = found(client, "facilities", q="test", limit=200)
    assert concepts(told) == {"service-kind/testing"}
    holding = members(Selection("facilities", q="test"), service.snapshot, service.catalogue)
    behind = set(ids(told)) - {one.value for one in holding}
    assert behind < set(ids(found(client, "facilities", service="testing", limit=200)))
    assert len(behind) < 5


@pytest.mark.parametrize(
    "text", ["xyzzy", "'; DROP TABLE x --", '"} UNION {', "\u202e", "%s {0} {words}", "a" * 200, "🙂", "\x00"]
)
@pytest.mark.parametrize("listing", ["facilities", "services"])
def test_nonsense_finds_nothing_and_does_no_harm(client: httpx.Client, text: str, listing: str) -> None:
    told = found(client, listing, q=text)
    assert told["items"] == []
    assert told["understood"]["concepts"] == []
    assert client.get(f"/{listing}", params={"q": text}, headers=HTML).status_code == 200


def test_a_region_is_found_by_the_name_that_a_retired_one_had_too(client: httpx.Client) -> None:
    told = found(client, "facilities", q="Vidzeme")
    assert concepts(told) == {"nuts/LV00C"}
    assert set(ids(found(client, "facilities", region="LV008"))) <= set(ids(told))


def test_lists_that_no_code_list_filters_hold_only_the_text(client: httpx.Client) -> None:
    assert "understood" not in found(client, "projects", q="training")
    assert "understood" not in found(client, "facilities")


def test_data_of_a_search_are_of_the_same_entities(client: httpx.Client) -> None:
    told = found(client, "facilities", q="Fräsen")
    table = client.get("/facilities.csv", params={"q": "Fräsen"}).text
    assert [row["id"] for row in csv.DictReader(io.StringIO(table))] == ids(told)
    points = client.get("/facilities.geojson", params={"q": "Fräsen"}).json()["features"]
    assert [one["id"] for one in points] == [one["id"] for one in told["items"] if "lon" in one]


class TestHosts:
    @pytest.mark.parametrize(
        ("listing", "slug", "facility"),
        [
            ("equipment", "cz-brno-fablab-cnc-mill", "cz-brno-fablab"),
            ("services", "automotive-campus-helmond-training", "automotive-campus-helmond"),
        ],
    )
    def test_equipment_and_services_name_their_facility(
        self, client: httpx.Client, listing: str, slug: str, facility: str
    ) -> None:
        told = found(client, listing, q="CNC mill" if listing == "equipment" else "training", limit=200)
        one = next(one for one in told["items"] if one["id"].endswith(f"/{slug}"))
        named = client.get(f"/facilities/{facility}", headers={"Accept": "application/json"}).json()
        assert one["facility"] == {
            "id": named["id"],
            "label": named["label"],
            "url": f"/facilities/{facility}",
        }
        table = client.get(f"/{listing}.csv", params={"q": one["label"], "limit": 200}).text
        row = next(row for row in csv.DictReader(io.StringIO(table)) if row["id"] == one["id"])
        assert (row["facility"], row["facility_label"]) == (named["id"], named["label"])

    @pytest.mark.parametrize("listing", ["equipment", "services"])
    @pytest.mark.parametrize("view", ["table", "cards"])
    def test_the_page_links_to_it(self, client: httpx.Client, listing: str, view: str) -> None:
        told = found(client, listing, limit=20)
        page = html.unescape(client.get(f"/{listing}?limit=20&view={view}", headers=HTML).text)
        for one in told["items"]:
            assert f'<a href="{one["facility"]["url"]}">' in page

    def test_services_tell_their_kind(self, client: httpx.Client) -> None:
        page = client.get("/services?q=koolitus&limit=20", headers=HTML).text
        assert page.count('<a href="?q=koolitus&amp;limit=20&amp;kind=training">training</a>') == 20

    def test_every_service_and_piece_of_equipment_has_one(self, client: httpx.Client) -> None:
        for listing in ("equipment", "services"):
            assert all("facility" in one for one in found(client, listing, limit=200)["items"])

    def test_facilities_have_none(self, client: httpx.Client) -> None:
        assert not any("facility" in one for one in found(client, "facilities")["items"])
        header = client.get("/facilities.csv?limit=1").text.splitlines()[0]
        assert header == "id,label,description,region,country,city,lat,lon"


@pytest.mark.parametrize(
    ("listing", "kinds"), [("services", ["service"]), ("equipment", ["capability"]), ("events", ["place"])]
)
def test_values_of_filters_are_suggested_whatever_the_filter_is_called(
    client: httpx.Client, listing: str, kinds: list[str]
) -> None:
    page = html.unescape(client.get(f"/{listing}", headers=HTML).text)
    asked = page.partition('data-suggest="/suggestions?')[2].partition('"')[0]
    assert [part.removeprefix("kind=") for part in asked.split("&") if part.startswith("kind=")] == kinds
