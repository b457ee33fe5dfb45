"""Matching over HTTP: what a firm asks and what it gets."""

import gzip
import json
from typing import Any

import httpx
import pytest

from graph.iris import CODELIST, LANGUAGES

README_NEED = {
    "text": "We willen titanium onderdelen 3D-printen en testen op vermoeiing",
    "language": "nl",
    "region": "BE223",
    "lang": "nl",
}


def match(client: httpx.Client, **need: Any) -> dict[str, Any]:
    answer = client.post("/match", json=need)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def understood(answer: dict[str, Any]) -> set[str]:
    return {link["notation"] for link in answer["understood"]["capabilities"]}


def met(answer: dict[str, Any], part: str) -> set[str]:
    """The facilities that meet a part of the need."""
    return {
        result["facility"]
        for result in answer["results"]
        for criterion in result["criteria"]
        if criterion["criterion"] == "capability"
        and criterion["part"] == part
        and criterion["verdict"] == "met"
    }


def test_the_need_of_the_readme_gets_sensible_facilities(client: httpx.Client) -> None:
    answer = match(client, **README_NEED)
    assert "fatigue-testing" in understood(answer)
    assert any("additive" in notation for notation in understood(answer))
    assert "titanium" in {link["because"] for link in answer["understood"]["materials"]}
    best = answer["results"][:5]
    assert best
    for result in best:
        verdicts = {c["verdict"] for c in result["criteria"] if c["criterion"] == "capability"}
        assert "met" in verdicts
        assert result["distance_km"] is not None
        for criterion in result["criteria"]:
            assert criterion["reason"]
            if criterion["verdict"] == "met" and criterion["criterion"] == "capability":
                assert criterion["evidence"]
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert answer["run"]["language"] == "nl"
    assert {one["part"] for one in answer["coverage"]} <= {
        criterion["part"] for criterion in best[0]["criteria"] if "part" in criterion
    }


@pytest.mark.parametrize("text", ["neutronenverstrooiing", "synchrotronstraling", "elektronenmicroscopie"])
@pytest.mark.parametrize("place", [{"region": "SE224"}, {"countries": ["SE"]}])
def test_a_dutch_need_finds_swedish_laboratories(
    client: httpx.Client, text: str, place: dict[str, Any]
) -> None:
    answer = match(client, text=text, language="nl", **place)
    assert understood(answer)
    assert any(result["country"] in {"SE", "SWE"} for result in answer["results"][:5])


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("We need fatige testing of welds", "fatigue-testing"),
        ("elektronenmicroscoopie", "microscopy"),
        ("aditive manufacturing of parts", "additive-manufacturing"),
    ],
)
def test_a_need_with_a_slip_of_the_pen_is_understood(client: httpx.Client, text: str, notation: str) -> None:
    answer = match(client, text=text)
    assert any(notation in found for found in understood(answer))
    assert answer["results"]


@pytest.mark.parametrize("text", ["blorf quxxel zzyzx", "frobnicate the wibbly dingus"])
def test_nonsense_gets_nothing_and_is_told_what_was_not_understood(client: httpx.Client, text: str) -> None:
    answer = match(client, text=text, language="en")
    assert answer["results"] == []
    assert answer["total"] == 0
    assert answer["understood"]["not_understood"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_need_in_any_of_nine_languages_finds_the_same_places(client: httpx.Client, language: str) -> None:
    concept = f"{CODELIST.base}capability/fatigue-testing"
    query = f"SELECT ?label {{ <{concept}> skos:prefLabel ?label FILTER(LANG(?label) = '{language}') }}"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    answer = match(client, text=rows[0]["label"]["value"], language=language, limit=200)
    assert answer["run"]["language"] == language
    assert "fatigue-testing" in understood(answer)
    english = match(client, capabilities=["fatigue-testing"], limit=200)
    assert met(answer, "fatigue-testing") == met(english, "fatigue-testing") != set()


@pytest.mark.parametrize("capability", ["fatigue-testing", "microscopy", "additive-manufacturing"])
def test_matching_and_sparql_agree_on_who_can(client: httpx.Client, capability: str) -> None:
    answer = match(client, capabilities=[capability], limit=200)
    concept = f"<{CODELIST.base}capability/{capability}>"
    query = f"SELECT DISTINCT ?f {{ ?f a infra:Facility ; infra:coversCapability {concept} }}"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    by_sparql = {row["f"]["value"] for row in rows}
    assert by_sparql
    assert met(answer, capability) == by_sparql
    listed = client.get("/facilities", params={"capability": capability, "limit": 200}).json()["items"]
    assert {item["id"] for item in listed} == by_sparql


def test_cited_evidence_is_in_the_graph(client: httpx.Client) -> None:
    answer = match(client, capabilities=["fatigue-testing"], region="BE223", services=["testing"], limit=5)
    cited = [e for result in answer["results"] for c in result["criteria"] for e in c["evidence"]]
    assert cited
    for one in cited[:20]:
        value = f"<{one['o']}>" if one["o"].startswith("http") else "?o"
        ask = f"ASK {{ GRAPH <{one['graph']}> {{ <{one['s']}> <{one['p']}> {value} }} }}"
        assert client.get("/sparql", params={"query": ask}).json()["boolean"] is True


def test_what_is_required_excludes_and_says_what_would_help(client: httpx.Client) -> None:
    near = match(
        client,
        capabilities=["additive-manufacturing"],
        region="BE223",
        maxDistanceKm=10,
        required=["maxDistanceKm"],
    )
    for result in near["results"]:
        assert result["distance_km"] is None or result["distance_km"] <= 10
    assert near["relaxations"]
    change = near["relaxations"][0]["change"]["maxDistanceKm"]
    wider = match(
        client,
        capabilities=["additive-manufacturing"],
        region="BE223",
        maxDistanceKm=change[1],
        required=["maxDistanceKm"],
    )
    assert wider["total"] == near["total"] + near["relaxations"][0]["gains"]


def test_the_address_asks_the_same_as_the_body(client: httpx.Client) -> None:
    by_body = match(client, text="fatigue testing", region="BE223", maxDistanceKm=300, limit=3, lang="nl")
    parameters = {
        "text": "fatigue testing",
        "region": "BE223",
        "maxDistanceKm": "300",
        "limit": "3",
        "lang": "nl",
    }
    by_address = client.get("/match", params={**parameters, "capability": "", "sector": ""})
    assert by_address.json()["results"] == by_body["results"]
    assert len(by_body["results"]) <= 3


def test_empty_fields_of_the_form_count_as_not_given(client: httpx.Client) -> None:
    address = "/match?text=welding&region=&maxDistanceKm=&lang=&limit="
    assert client.get(address).json()["results"] == match(client, text="welding")["results"]
    assert client.get(address, headers={"Accept": "text/html"}).status_code == 200


def test_the_empty_form_is_a_page_and_no_answer(client: httpx.Client) -> None:
    page = client.get("/match", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<form" in page.text
    assert client.get("/match").status_code == 400


def test_the_language_of_the_reader_counts(client: httpx.Client) -> None:
    need = {"capabilities": ["fatigue-testing"]}
    by_header = client.post("/match", json=need, headers={"Accept-Language": "sv"}).json()
    by_address = client.post("/match?lang=sv", json=need).json()
    assert by_header["run"]["language"] == by_address["run"]["language"] == "sv"
    assert match(client, **need, lang="de")["run"]["language"] == "de"
    english = client.post("/match?lang=en", json={"text": "vermoeiing", "language": "nl"}).json()
    assert english["run"]["language"] == "en"


def test_the_same_need_has_the_same_tag(client: httpx.Client) -> None:
    first = client.get("/match?text=welding")
    again = client.get("/match?text=welding", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    posted = client.post("/match", json={"text": "welding"}, headers={"If-None-Match": "*"})
    assert posted.status_code == 200


def test_a_packed_need_is_unpacked(client: httpx.Client) -> None:
    packed = gzip.compress(json.dumps({"text": "welding"}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post("/match", content=packed, headers=headers).json()["results"]
    broken = client.post("/match", content=packed[:-9], headers=headers)
    assert broken.status_code == 400
    bomb = client.post("/match", content=gzip.compress(b" " * 10_000_000), headers=headers)
    assert bomb.status_code == 413


@pytest.mark.parametrize(
    ("need", "path"),
    [
        ({}, None),
        ({"text": ""}, None),
        ({"text": "   "}, None),
        ({"text": 5}, "text"),
        ({"text": "x" * 4_001}, "text"),
        ({"text": "welding", "limit": 0}, "limit"),
        ({"text": "welding", "limit": "many"}, "limit"),
        ({"text": "welding", "location": {"lat": 91, "lon": 0}}, "location.lat"),
        ({"text": "welding", "location": {"lat": 0, "lon": 200}}, "location.lon"),
        ({"text": "welding", "location": {"lat": "north"}}, "location.lat"),
        ({"text": "welding", "location": [50, 4]}, "location"),
        ({"text": "welding", "maxDistanceKm": -1, "region": "BE223"}, "maxDistanceKm"),
        ({"text": "welding", "maxDistanceKm": 100}, None),
        ({"text": "welding", "region": "XX999"}, None),
        ({"text": "welding", "region": "> } #"}, None),
        ({"text": "welding", "countries": ["Belgium"]}, "countries.0"),
        ({"text": "welding", "trl": {"now": 0}}, "trl.now"),
        ({"text": "welding", "trl": {"now": 6, "target": 4}}, "trl"),
        ({"text": "welding", "required": ["price"]}, None),
        ({"text": "welding", "lang": "xx"}, "lang"),
        ({"text": "welding", "unknown": 1}, "unknown"),
        ({"capabilities": ["no-such-capability"]}, None),
        ({"capabilities": ["a b <c> { } \\"]}, None),
        ({"capabilities": "fatigue-testing"}, "capabilities"),
        ({"capabilities": ["fatigue-testing"], "services": ["nothing"]}, None),
        ({"capabilities": ["fatigue-testing"], "sectors": ["[x"]}, None),
        ({"capabilities": ["fatigue-testing"], "languages": ["zz"]}, None),
        ([], None),
        ("text", None),
        (None, None),
    ],
    ids=str,
)
def test_a_need_that_cannot_be_used_is_told_why(client: httpx.Client, need: Any, path: str | None) -> None:
    answer = client.post("/match", json=need)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "/problems/invalid-input"
    assert body["errors"][0]["message"]
    if path is not None:
        assert body["errors"][0]["path"] == path


def test_a_near_code_is_told(client: httpx.Client) -> None:
    answer = client.post("/match", json={"capabilities": ["fatigue-test"]})
    assert "fatigue-testing" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b" " * 100_001, "application/json", 413),
        (b"text=welding", "application/x-www-form-urlencoded", 415),
        (b"<html></html>", "text/html", 415),
    ],
)
def test_a_body_that_is_no_need_is_a_problem(
    client: httpx.Client, content: bytes, kind: str, status: int
) -> None:
    answer = client.post("/match", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["errors"]


def test_hostile_text_is_only_text(client: httpx.Client) -> None:
    hostile = "<script>alert(1)</script> welding \x00 {{7*7}} \u202e ') OR 1=1 -- " + "é" * 500
    page = client.get("/match", params={"text": hostile}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<script>" not in page.text
