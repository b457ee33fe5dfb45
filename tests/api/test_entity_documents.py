"""The document of a thing: names of what it mentions, what points to it page by page, and what search engines read."""

import json
import re

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.iris import BASE, DCT, ID, INFRA, SKOS
from graph.publish.schema_org import script_safe
from tests.api.conftest import Server, Writable

ORGANISATIONS = 230


def _many() -> str:
    """An organisation that very many others are a part of."""
    parts = "".join(
        f"""
<{ID.base}organisation/part-{number:03}> a org:Organization ; skos:prefLabel "Part {number:03}"@en ;
  dct:source <https://example.org/> ; org:subOrganizationOf <{ID.base}organisation/whole> ;
  org:classification <{BASE}codelist/organisation-kind/rto> ."""
        for number in range(ORGANISATIONS)
    )
    return f"""\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{ID.base}organisation/whole> a org:Organization ; dct:source <https://example.org/> ;
  skos:prefLabel "</script><script>alert(1)</script> & <!-- whole"@en ;
  org:classification <{BASE}codelist/organisation-kind/rto> .{parts}
"""


@pytest.fixture(scope="module")
def many(writable: Writable) -> httpx.Client:
    writable.put("many", _many()).raise_for_status()
    return writable.client


def test_data_name_what_they_mention(client: httpx.Client) -> None:
    said = {
        quad.triple for quad in parse(client.get("/facilities/holst-centre.ttl").content, RdfFormat.TURTLE)
    }
    names = {(t.subject, t.predicate): t.object for t in said}
    assert names[ID["organisation/tno"], SKOS["prefLabel"]]
    photonics = NamedNode(f"{BASE}codelist/capability/photonics")
    assert {t.object.language for t in said if t.subject == photonics} >= {"en", "nl", "lv"}  # type: ignore[union-attr]
    service = ID["service/holst-centre-demonstration"]
    assert any(t.subject == service and t.predicate == DCT["title"] for t in said)


def test_data_hold_what_points_to_a_thing(client: httpx.Client) -> None:
    quads = parse(client.get("/organisations/holst-centre.ttl").content, RdfFormat.TURTLE)
    said = {(q.subject, q.predicate, q.object) for q in quads}
    facility, organisation = ID["facility/holst-centre"], ID["organisation/holst-centre"]
    assert (facility, INFRA["operatedBy"], organisation) in said
    assert any(s == facility and p == DCT["title"] and isinstance(o, Literal) for s, p, o in said)


@pytest.mark.parametrize("suffix", ["json", "ttl", "html"])
def test_pages_of_what_points_here_are_the_whole_once(many: httpx.Client, suffix: str) -> None:
    seen: list[str] = []
    address = f"/organisations/whole.{suffix}?lang=nl"
    rounds = 0
    while address:
        answer = many.get(address)
        assert answer.status_code == 200
        found = re.findall(r"organisations?/(part-\d{3})\b", answer.text)
        seen += sorted(set(found))
        address = answer.links.get("next", {}).get("url", "")
        rounds += 1
        if suffix == "json":
            assert answer.json()["inverse_total"] == ORGANISATIONS
            assert (answer.json()["next"] is None) == (address == "")
    assert rounds == 3
    assert seen == [f"part-{number:03}" for number in range(ORGANISATIONS)]


def test_a_page_says_how_much_points_here(many: httpx.Client) -> None:
    page = many.get("/organisations/whole", headers={"Accept": "text/html"}).text
    assert f"100 of {ORGANISATIONS} statements" in page
    assert 'rel="next">More of what points here' in page
    assert many.get(f"/organisations/whole?after={'x' * 6000}").status_code == 400
    assert many.get("/organisations/whole?after=zzz").json()["inverse"] == []


def _structured(client: httpx.Client, path: str) -> dict[str, object]:
    page = client.get(path, headers={"Accept": "text/html"}).text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told: dict[str, object] = json.loads(found)
    return told


def test_texts_of_partners_cannot_leave_the_script(many: httpx.Client) -> None:
    page = many.get("/organisations/whole", headers={"Accept": "text/html"}).text
    assert "<script>" not in page
    ours = re.findall(r'<script type="(?:module|application/ld\+json)"', page)
    assert page.count("</script>") == page.count("<script") == len(ours)
    assert (
        _structured(many, "/organisations/whole")["name"] == "</script><script>alert(1)</script> & <!-- whole"
    )
    assert script_safe({"a": "\u2028<>&"}) == '{"a":"\\u2028\\u003c\\u003e\\u0026"}'


def test_links_lead_to_twins_and_say_what_the_document_is_about(client: httpx.Client, server: Server) -> None:
    answer = client.get("/facilities/holst-centre?lang=nl", headers={"Accept": "text/html"})
    links = re.findall(r'<([^>]+)>; rel="([^"]+)"(?:; type="([^"]+)")?', answer.headers["link"])
    by_relation: dict[str, list[tuple[str, str]]] = {}
    for address, relation, kind in links:
        by_relation.setdefault(relation, []).append((address, kind))
    assert by_relation["canonical"] == [(f"{server.url}/facilities/holst-centre", "")]
    assert by_relation["describes"] == [(f"{ID.base}facility/holst-centre", "")]
    assert by_relation["describedby"] == [("/facilities/holst-centre.ttl", "text/turtle")]
    for address, kind in by_relation["alternate"]:
        assert client.get(address).headers["content-type"].startswith(kind)
    assert f'<link rel="canonical" href="{server.url}/facilities/holst-centre">' in answer.text


def test_search_engines_read_a_facility(client: httpx.Client, server: Server) -> None:
    told = _structured(client, "/facilities/holst-centre")
    assert told["@type"] == "ResearchOrganization"
    assert told["@id"] == f"{ID.base}facility/holst-centre"
    assert told["name"] == "Holst Centre"
    assert told["url"] == "https://holstcentre.com"
    assert told["mainEntityOfPage"] == f"{server.url}/facilities/holst-centre"
    place = told["location"]
    assert isinstance(place, dict)
    assert place["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Eindhoven",
        "addressCountry": "NL",
    }
    assert place["geo"] == {"@type": "GeoCoordinates", "latitude": 51.4099, "longitude": 5.4577}
    assert "photonics and optics" in told["knowsAbout"]  # type: ignore[operator]
    assert "email" not in told  # what is not stated is not told


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/organisations/flanders-make", "ResearchOrganization"),
        ("/services/holst-centre-demonstration", "Service"),
        ("/events/study-visit-nl-be-2017", "Event"),
        ("/", "Dataset"),
    ],
)
def test_search_engines_read_other_kinds(client: httpx.Client, path: str, kind: str) -> None:
    told = _structured(client, path)
    assert told["@type"] == kind
    assert told["name"]
    if kind == "Event":
        assert told["startDate"] == "2017-06-13"
    if kind == "Dataset":
        assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert all(client.head(one["contentUrl"]).status_code == 200 for one in told["distribution"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    [
        "/ontology",
        "/codelists/capability",
        "/codelists/trl/4",
        "/catalog",
        "/feed",
        "/feed/1",
        "/regions/BE2",
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "application/ld+json"])
def test_pages_lead_to_their_twins_by_link(client: httpx.Client, path: str, kind: str) -> None:
    answer = client.get(path, headers={"Accept": kind})
    assert answer.headers["content-type"].startswith(kind)
    twins = re.findall(r'<(/[^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["link"])
    assert len(twins) >= 3
    for address, media_type in twins:
        assert client.get(address).headers["content-type"].startswith(media_type)


def test_a_code_shows_what_uses_it(client: httpx.Client) -> None:
    told = client.get("/codelists/capability/photonics.json").json()
    assert {one["property"] for one in told["inverse"]} >= {"infra:capability"}
    assert f"{ID.base}facility/holst-centre" in {one["subject"] for one in told["inverse"]}
    page = client.get("/codelists/capability", headers={"Accept": "text/html"}).text
    assert 'href="/codelists/capability/photonics"' in page
