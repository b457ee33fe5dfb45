"""Robots and sitemap: every page that is listed is there, and its time is that of its last change."""

import xml.etree.ElementTree as ET

import httpx
import pytest

from graph.publish.sitemap import Entry, index, parts, urlset
from graph.service import Service
from tests.api.conftest import Server, Writable

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _listed(text: str) -> dict[str, str]:
    return {
        str(child.findtext(f"{NAMESPACE}loc")): str(child.findtext(f"{NAMESPACE}lastmod"))
        for child in ET.fromstring(text)
    }


def test_robots_lead_to_the_sitemap(client: httpx.Client, server: Server) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {server.url}/sitemap.xml" in answer.text.splitlines()
    assert "Disallow: /sparql" in answer.text.splitlines()


def test_the_sitemap_holds_all_entities_and_its_pages_are_there(client: httpx.Client, server: Server) -> None:
    listed = _listed(client.get("/sitemap.xml").text)
    assert f"{server.url}/facilities/holst-centre" in listed
    total = sum(client.get(f"/{name}").json()["total"] for name in ("facilities", "organisations", "events"))
    assert len(listed) > total
    for address in list(listed)[:: len(listed) // 25]:
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 200, address


def test_its_times_are_those_of_the_contributions(writable: Writable, service: Service) -> None:
    text = """\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/infrashare/id/organisation/listed-institute> a org:Organization ;
  skos:prefLabel "Listed institute"@en ; dct:source <https://example.org/> ;
  org:classification <https://w3id.org/infrashare/codelist/organisation-kind/rto> .
"""
    before = _listed(writable.client.get("/sitemap.xml").text)
    writable.put("listed", text).raise_for_status()
    after = _listed(writable.client.get("/sitemap.xml").text)
    new = {address.rpartition("/")[2]: time for address, time in after.items() if address not in before}
    last = writable.service.ledger.all()[-1]
    assert new == {"listed-institute": last.accepted_at}
    site = str(writable.client.base_url)
    same = f"{site}/facilities/holst-centre"
    assert after[same] == before[same]
    assert after[f"{site}/"] == last.accepted_at


def test_many_pages_need_an_index() -> None:
    pages = [Entry(f"/facilities/f-{n}", f"2026-11-{1 + n % 27:02}T00:00:00+00:00") for n in range(50_001)]
    sitemaps = parts(pages)
    assert [len(part) for part in sitemaps] == [50_000, 1]
    assert list(_listed(index(sitemaps, "https://x.example/"))) == [
        "https://x.example/sitemap-1.xml",
        "https://x.example/sitemap-2.xml",
    ]
    assert list(_listed(urlset(sitemaps[1], "https://x.example/"))) == [
        "https://x.example/facilities/f-50000"
    ]


@pytest.mark.parametrize("path", ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-x.xml"])
def test_parts_that_are_not_there_are_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == {"/sitemap-1.xml": 200, "/sitemap-2.xml": 404}.get(path, 400)
