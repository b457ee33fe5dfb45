"""Profiles and comparisons over HTTP: data, pages, table, cube; the past; what changed; what is refused."""

import csv
import html
import io
import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import Literal, RdfFormat, parse

from api.app import create_app
from graph.iris import INFRA, LANGUAGES, RDF
from graph.settings import Settings
from tests.api.conftest import Writable

SCHEMAS = create_app(Settings()).openapi()["components"]
PROFILE = "/regions/SE224/profile"
COMPARE = "/regions/compare?region=BE2&region=NL41"
HTML = {"Accept": "text/html"}
FACILITY = """
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix id: <https://w3id.org/infrashare/id/> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .
id:organisation\\/new-lab a org:Organization ; skos:prefLabel "New Lab"@en ; dct:source <https://example.org/> .
id:facility\\/new-lab a infra:Facility ; dct:identifier "new-lab" ; dct:title "New Lab"@en ;
    dct:description "It welds ships."@en ;
    infra:inRegion nuts:SE224 ; infra:operatedBy id:organisation\\/new-lab ; infra:capability cap:welding ;
    infra:facilityKind <https://w3id.org/infrashare/codelist/facility-kind/laboratory> ;
    dct:source <https://example.org/> .
"""


def validate(answer: httpx.Response, form: str) -> Any:
    assert answer.status_code == 200, answer.text
    schema = {"$ref": f"#/components/schemas/{form}", "components": SCHEMAS}
    Draft202012Validator(schema).validate(answer.json())
    return answer.json()


class TestForms:
    @pytest.mark.parametrize(("path", "form"), [(PROFILE, "RegionProfile"), (COMPARE, "RegionComparison")])
    def test_data_have_the_declared_form_and_a_tag(self, client: httpx.Client, path: str, form: str) -> None:
        answer = client.get(path)
        told = validate(answer, form)
        assert told["run"]["revision"] == int(answer.headers["Dataset-Revision"])
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        bare, _, query = path.partition("?")
        assert client.get(f"{bare}.json?{query}").json() == told
        assert f'<{bare}.csv{"?" + query if query else ""}>; rel="alternate"' in answer.headers["Link"]

    @pytest.mark.parametrize("path", [PROFILE, COMPARE])
    def test_the_table_has_the_figures_of_the_data(self, client: httpx.Client, path: str) -> None:
        bare, _, query = path.partition("?")
        rows = list(csv.DictReader(io.StringIO(client.get(f"{bare}.csv?{query}").text)))
        assert rows
        told = client.get(path).json()
        if "indicators" in told:
            figures = [
                (one["indicator"], float(figure["value"]))
                for one in told["indicators"]
                for figure in one["figures"]
            ]
            assert [(row["indicator"], float(row["value"])) for row in rows] == figures
        else:
            assert {row["region"] for row in rows} == {"BE2", "NL41"}

    @pytest.mark.parametrize("path", [PROFILE, COMPARE])
    @pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
    def test_the_cube_is_rdf_in_each_format(self, client: httpx.Client, path: str, suffix: str) -> None:
        bare, _, query = path.partition("?")
        answer = client.get(f"{bare}.{suffix}?{query}")
        assert answer.status_code == 200
        media = answer.headers["content-type"].partition(";")[0]
        found = list(parse(answer.content, RdfFormat.from_media_type(media)))
        kind = INFRA["RegionIndicator"]
        assert sum((one.predicate, one.object) == (RDF["type"], kind) for one in found) > 100

    def test_each_figure_leads_to_its_query_which_answers_the_same(self, client: httpx.Client) -> None:
        for one in client.get(PROFILE).json()["indicators"]:
            answer = client.get(one["query"], headers={"Accept": "text/csv"})
            assert answer.status_code == 200, one["query"]
            rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["value"]]
            assert [float(row["value"]) for row in rows] == [figure["value"] for figure in one["figures"]]

    def test_a_page_says_it_in_each_language(self, client: httpx.Client) -> None:
        titles = set()
        for lang in LANGUAGES:
            page = client.get(PROFILE, headers=HTML, params={"lang": lang})
            assert page.status_code == 200
            assert f'<html lang="{lang}"' in page.text
            titles.update(re.findall(r"<h1>(.*?)</h1>", page.text))
        assert len(titles) == len(LANGUAGES)

    def test_the_page_of_a_region_leads_on_to_its_profile(self, client: httpx.Client) -> None:
        assert f'<a href="{PROFILE}"' in client.get("/regions/SE224", headers=HTML).text
        links = {one["href"] for one in client.get("/regions/SE224.json").json()["directions"]}
        assert PROFILE in links

    def test_comparison_without_regions_is_of_those_that_partners_describe(
        self, client: httpx.Client
    ) -> None:
        told = validate(client.get("/regions/compare"), "RegionComparison")
        assert len(told["regions"]) == 8

    def test_what_is_not_safe_is_marked_on_the_page(self, client: httpx.Client) -> None:
        told = client.get(PROFILE).json()
        unsafe = [one for one in told["indicators"] if one["figures"] and not one["coverage"]["safe"]]
        assert unsafe
        page = client.get(PROFILE, headers=HTML).text
        for one in unsafe:
            assert re.search(rf'<section class="indicator unsafe" id="{one["indicator"]}"', page)

    def test_a_region_without_data_has_a_page_that_says_so(self, client: httpx.Client) -> None:
        told = validate(client.get("/regions/PT17/profile"), "RegionProfile")
        assert "No facility is described" in told["note"]
        assert client.get("/regions/PT17/profile", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    "path",
    [PROFILE, COMPARE, "/regions/network", "/regions/network?minSimilarity=0.1", "/regions/LV008/exchange"],
)
def test_each_picture_that_a_page_offers_as_a_file_is_there(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=HTML)
    offered = {html.unescape(found) for found in re.findall(r'href="([^"]+)" download', page.text)}
    assert offered
    for address in offered:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "<svg" in answer.text


class TestRefused:
    @pytest.mark.parametrize(
        ("path", "status", "word"),
        [
            ("/regions/SE223X/profile", 404, "SE22"),
            ("/regions/Skane/profile", 404, "/codelists/nuts"),
            ("/regions/compare?region=BE2", 400, "2 to 8"),
            ("/regions/compare?region=BE2&region=BE2", 400, "2 to 8"),
            ("/regions/compare?region=BE2&region=ZZ", 404, "ZZ"),
            ("/regions/SE224/profile?since=99999", 400, "before"),
            ("/regions/SE224/profile?since=soon", 400, "soon"),
            ("/regions/SE224/profile?revision=99999", 404, "99999"),
            ("/regions/SE224/profile.xls", 404, "suffix"),
        ],
    )
    def test_the_answer_names_value_and_remedy(
        self, client: httpx.Client, path: str, status: int, word: str
    ) -> None:
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert word in answer.json()["detail"]


class TestChanges:
    def test_a_change_tells_what_it_added_why_and_which_figures_differ(self, writable: Writable) -> None:
        client = writable.client
        before = client.get(PROFILE).json()
        first = before["run"]["revision"]
        receipt = writable.put("new-lab", FACILITY, params={"message": "our new laboratory"})
        assert receipt.status_code == 201, receipt.text
        now = validate(client.get(PROFILE, params={"since": first}), "RegionProfile")
        newest = now["changes"][0]
        assert newest["message"] == "our new laboratory"
        assert newest["revision"] == first + 1
        assert (newest["added"], newest["removed"]) == (receipt.json()["triples"]["added"], 0)
        assert "our new laboratory" in newest["reason"]
        differing = {
            (one["indicator"], one["item"]["notation"] if one["item"] else None): (
                one["before"],
                one["value"],
            )
            for one in now["since"]["figures"]
        }
        count = differing["facilities", None]
        assert count[1] == count[0] + 1
        assert any(indicator == "capability-quotient" for indicator, _ in differing)
        page = client.get(PROFILE, params={"since": first}, headers=HTML).text
        assert "our new laboratory" in page
        # The past stays as it was, and says so.
        past = client.get(PROFILE, params={"revision": first})
        assert past.json()["changes"] == before["changes"]
        assert past.json()["indicators"] == before["indicators"]
        assert "immutable" in past.headers["Cache-Control"]
        assert "As of revision" in client.get(PROFILE, params={"revision": first}, headers=HTML).text


def test_hostile_names_are_harmless_on_the_page(writable: Writable) -> None:
    title = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    data = FACILITY.replace('dct:title "New Lab"@en', f"dct:title {Literal(title, language='en')}").replace(
        "new-lab", "odd-lab"
    )
    assert writable.put("odd-lab", data).status_code == 201
    page = writable.client.get(PROFILE, headers=HTML).text
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
