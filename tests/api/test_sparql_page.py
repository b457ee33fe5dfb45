"""The pages to ask from: the editor's, the catalogue's with their forms, and those of the model."""

import re

import httpx
import pytest

from graph.resources import QUERIES
from graph.store.catalogue import AUDIENCES, QueryCatalogue

CATALOGUE = QueryCatalogue(QUERIES)
HTML = {"Accept": "text/html"}


def page(client: httpx.Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={**HTML, "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.text.replace("&#39;", "'")


class TestEditor:
    def test_examples_are_what_people_ask_in_the_readers_language(self, client: httpx.Client) -> None:
        text = page(client, "/sparql", "lv")
        for query in CATALOGUE.all():
            assert (f'data-example="{query.name}"' in text) == (query.audience in AUDIENCES)
        assert CATALOGUE["competency-q03-facilities-per-branch"].title("lv") in text
        assert CATALOGUE.say("firm", "lv") in text

    def test_an_example_comes_with_its_values_in_the_readers_language(self, client: httpx.Client) -> None:
        text = page(client, "/sparql?example=competency-q03-facilities-per-branch", "cs")
        assert "VALUES ?lang { &#34;cs&#34; }" in text
        assert "SELECT ?facility ?facilityName ?place" in page(client, "/sparql?example=none")

    def test_the_query_on_the_page_runs_as_it_stands(self, client: httpx.Client) -> None:
        found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page(client, "/sparql"), re.DOTALL)
        assert found
        query = found[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
        rows = client.post("/sparql", data={"query": query}).json()["results"]["bindings"]
        assert len(rows) > 100
        assert rows[0]["place"]["value"].startswith("POINT")

    def test_the_form_works_without_scripts(self, client: httpx.Client) -> None:
        text = page(client, "/sparql")
        assert '<form class="card" id="sparql" method="get" action="/sparql"' in text
        assert 'name="format"' in text


class TestCatalogue:
    def test_what_pages_ask_themselves_is_folded_away(self, client: httpx.Client) -> None:
        text = page(client, "/queries")
        first, _, behind = text.partition('id="behind"')
        for query in CATALOGUE.all():
            assert f'href="/queries/{query.name}"' in (first if query.audience else behind)
        assert "<details open" not in behind

    def test_fields_fit_the_types_of_the_parameters(self, client: httpx.Client) -> None:
        text = page(client, "/queries/competency-q22-support-schemes", "nl")
        assert re.search(r'<input type="number" name="year" value="\d+" step="1"', text)
        assert 'data-suggest="/suggestions?kind=place&amp;lang=nl"' in text
        size = text[text.index('<select name="size"') :].partition("</select>")[0]
        assert 'value="small" selected' in size
        assert "kleine onderneming" in size

    def test_values_are_codes_with_their_names(self, client: httpx.Client) -> None:
        text = page(client, "/queries/competency-q01-facilities-near?capability=cap:fatigue-testing&lang=en")
        assert 'name="capability" value="cap:fatigue-testing"' in text
        assert ">fatigue testing</span>" in text
        assert 'name="capability" value="additive-manufacturing"' in page(
            client, "/queries/competency-q01-facilities-near"
        )

    def test_fields_that_stay_empty_beside_others_do_not_count(self, client: httpx.Client) -> None:
        one = client.get("/queries/competency-q40-sme-access.csv?region=NL41&lang=en").text
        assert client.get("/queries/competency-q40-sme-access.csv?region=NL41&region=&lang=en").text == one


class TestSuggestions:
    def test_terms_have_names_in_the_readers_language(self, client: httpx.Client) -> None:
        names = {
            tongue: {
                row["term"]["value"]: row["name"]["value"]
                for row in client.get(f"/queries/browse-terms.json?lang={tongue}").json()["results"][
                    "bindings"
                ]
            }
            for tongue in ("en", "lv")
        }
        assert len(names["en"]) == len(names["lv"]) > 100
        facility = "https://w3id.org/infrashare/ontology#Facility"
        assert names["en"][facility] != names["lv"][facility]

    def test_entries_of_code_lists_are_found_in_any_language(self, client: httpx.Client) -> None:
        rows = client.get("/queries/browse-concepts.json?q=vermoeii&lang=cs").json()["results"]["bindings"]
        found = {row["concept"]["value"].rsplit("/", 1)[-1]: row for row in rows}
        assert "fatigue-testing" in found
        assert found["fatigue-testing"]["name"]["xml:lang"] == "cs"
        assert found["fatigue-testing"]["found"]["xml:lang"] == "nl"


class TestModel:
    def test_terms_say_their_place(self, client: httpx.Client) -> None:
        text = page(client, "/ontology")
        facility = text[text.index('id="Facility"') :].partition("</div>")[0]
        assert "Narrower than" in facility
        assert text.index('id="class-list"') < text.index('id="Facility"') < text.index('id="property-list"')

    def test_a_version_is_the_ontology_or_not_found(self, client: httpx.Client) -> None:
        assert page(client, "/ontology/1.0.0").count('class="term"') == page(client, "/ontology").count(
            'class="term"'
        )
        for _ in range(2):
            assert client.get("/ontology/9.9.9", headers=HTML).status_code == 404

    @pytest.mark.parametrize("asked", ["class=service", "severity=info", "class=facility&severity=warning"])
    def test_rules_can_be_chosen(self, client: httpx.Client, asked: str) -> None:
        wanted = dict(httpx.QueryParams(asked))
        rules = [
            rule["code"]
            for rule in client.get("/shapes.json").json()["rules"]
            if all(rule[key] == value for key, value in wanted.items())
        ]
        shown = re.findall(r'<tr id="([^"]+)"', page(client, f"/shapes?{asked}"))
        assert sorted(shown) == sorted(rules) != []

    def test_the_reference_of_the_interface_is_kept(self, client: httpx.Client) -> None:
        answer = client.get("/docs")
        assert client.get("/docs", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
