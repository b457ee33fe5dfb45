"""Facets of lists over HTTP: their counts are those of SPARQL, and of the lists that their links lead to."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from graph.browse.facets import Facets
from graph.browse.listing import CLASSES, FILTERS, Selection, members
from graph.iris import CODELIST, INFRA, NUTS
from graph.resources import WEB
from graph.service import Service

HTML = {"Accept": "text/html"}
_CHOICE = re.compile(r'<li><a href="(\?[^"]+)"><span[^>]*>([^<]+)</span> <span class="count">([\d,]+)</span>')


def _choices(client: httpx.Client, path: str) -> list[tuple[str, int]]:
    page = client.get(path, headers=HTML)
    assert page.status_code == 200, page.text[:500]
    return [(unescape(href), int(count.replace(",", ""))) for href, _, count in _CHOICE.findall(page.text)]


@pytest.mark.parametrize(
    "path",
    [
        "/facilities",
        "/facilities?capability=testing&region=BE2",
        "/facilities?q=laser",
        "/practices",
        "/practices?q=voucher",
        "/policy-instruments",
        "/organisations",
        "/events",
    ],
)
def test_each_choice_leads_to_as_many_as_it_says(client: httpx.Client, path: str) -> None:
    choices = _choices(client, path)
    assert choices
    for href, count in choices[::5]:
        found = client.get(urlsplit(path).path, params=[*parse_qsl(href[1:]), ("limit", "1")])
        assert found.json()["total"] == count, href


@pytest.mark.parametrize("listing", [name for name in FILTERS if CLASSES[name]])
def test_counts_are_those_of_sparql(service: Service, listing: str) -> None:
    snapshot = service.snapshot
    held = Facets(service.catalogue).of(listing, snapshot)
    for tie in {tie for tie, _ in FILTERS[listing].values()}:
        values = held.entities[tie]
        assert values
        for value in sorted(values, key=lambda one: one.value)[::25]:
            selected = members(Selection(listing, ((tie, value),)), snapshot, service.catalogue)
            assert values[value] == frozenset(selected), (listing, value)


def test_a_chosen_capability_shows_what_is_narrower(service: Service) -> None:
    snapshot = service.snapshot
    held = service.facets.of("facilities", snapshot)
    ancestors = service.scheme(snapshot).ancestors
    testing = CODELIST["capability/testing"]
    chosen = [("capability", testing)]
    selected = members(
        Selection("facilities", ((INFRA["coversCapability"], testing),)), snapshot, service.catalogue
    )
    facet = next(
        one for one in held.facets("facilities", selected, chosen, ancestors) if one.name == "capability"
    )
    assert facet.choices
    assert all(testing in ancestors[one.value] for one in facet.choices)
    assert all(0 < one.count <= len(selected) for one in facet.choices)


def test_regions_that_partners_describe_come_first(service: Service) -> None:
    held = service.facets.of("facilities", service.snapshot)
    facets = held.facets("facilities", held.members, [], service.scheme(service.snapshot).ancestors)
    region = next(one for one in facets if one.name == "region")
    assert {one.value for one in region.choices[:8]} == held.described
    country = next(one for one in facets if one.name == "country")
    assert {len(one.value.value) for one in country.choices} == {len(NUTS.base) + 2}


def test_a_filter_may_be_given_by_its_name(client: httpx.Client) -> None:
    by_code = client.get("/facilities", params={"region": "BE2", "capability": "fatigue-testing"}).json()
    by_name = client.get(
        "/facilities", params={"region": "Vlaanderen", "capability": "Vermoeiingsproeven"}
    ).json()
    assert by_name == by_code
    assert client.get("/facilities", params={"region": "Atlantis"}).status_code == 400


def test_views_are_three_and_others_are_refused(client: httpx.Client) -> None:
    for view in ("table", "map", "cards"):
        assert client.get("/facilities", params={"view": view}, headers=HTML).status_code == 200
    assert client.get("/facilities", params={"view": "globe"}, headers=HTML).status_code == 400


def test_the_map_asks_for_the_same_selection(client: httpx.Client) -> None:
    page = client.get("/facilities?view=map&region=BE2&capability=testing", headers=HTML).text
    address = re.search(r'data-geojson="([^"]+)"', page)
    assert address
    points = client.get(unescape(address[1])).json()["features"]
    assert len(points) == client.get("/facilities?region=BE2&capability=testing").json()["total"]


def test_data_of_a_list_are_of_the_same_selection(client: httpx.Client) -> None:
    page = client.get("/facilities?view=cards&region=BE2&lang=nl", headers=HTML).text
    for suffix in ("csv", "geojson", "json"):
        assert f'href="/facilities.{suffix}?region=BE2&amp;lang=nl"' in page


def test_hostile_words_are_shown_as_words(client: httpx.Client) -> None:
    page = client.get("/facilities", params={"q": '"><script>alert(1)</script>'}, headers=HTML).text
    assert "<script>alert" not in page


def test_the_style_sheet_is_whole() -> None:
    style = (WEB / "static" / "style.css").read_text(encoding="utf-8")
    depth = 0
    for number, line in enumerate(style.splitlines(), 1):
        if line.startswith("/*"):
            assert depth == 0, f"style.css, line {number}: a rule above is not closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0
