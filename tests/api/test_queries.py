"""The query catalogue: every query runs, in all formats of its form, with parameters from the address."""

import csv
import io
import re

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from api.queries import OWN
from graph.iris import LANGUAGES, RDF, RDFS, SCHEMA, SH
from graph.publish.queries import CATALOGUE as IN_RDF
from graph.publish.queries import QUERY
from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue

CATALOGUE = QueryCatalogue(QUERIES)
TABLE = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xml": "application/sparql-results+xml",
    "html": "text/html; charset=utf-8",
}


def test_the_list_tells_title_parameters_and_text(client: httpx.Client) -> None:
    listed = client.get("/queries").json()["queries"]
    assert [query["name"] for query in listed] == [query.name for query in CATALOGUE.all()]
    for query in listed:
        assert query["title"]
        assert query["description"]
        assert query["sparql"]
        for parameter in query["parameters"]:
            assert parameter["example"] or parameter["type"] == "table"
    dutch = client.get("/queries?lang=nl").json()["queries"]
    assert any(query["title"] != other["title"] for query, other in zip(listed, dutch, strict=True))


@pytest.mark.parametrize("name", [query.name for query in CATALOGUE.all()])
def test_every_query_runs_with_its_example_values(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/queries/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"]
    page = client.get(f"/queries/{name}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["content-type"] == TABLE["html"]


@pytest.mark.parametrize(("suffix", "media_type"), TABLE.items())
def test_a_result_comes_in_all_formats(client: httpx.Client, suffix: str, media_type: str) -> None:
    by_suffix = client.get(f"/queries/browse-count.{suffix}")
    by_name = client.get(f"/queries/browse-count?format={suffix}")
    assert by_suffix.headers["content-type"] == by_name.headers["content-type"] == media_type
    if suffix != "html":
        assert by_suffix.content == by_name.content


def test_parameters_come_from_the_address(client: httpx.Client) -> None:
    infra = "https://w3id.org/infrashare/ontology#"
    answer = client.get("/queries/browse-count", params={"class": [infra + "Facility", infra + "Equipment"]})
    found = {
        row["class"]["value"]: int(row["entities"]["value"]) for row in answer.json()["results"]["bindings"]
    }
    assert found == {
        infra + "Facility": client.get("/facilities").json()["total"],
        infra + "Equipment": client.get("/equipment").json()["total"],
    }


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/queries/browse-count?nonsense=1", 400),
        ("/queries/browse-count?class=no%20iri", 400),
        ("/queries/browse-members?filter=x", 400),
        ("/queries/browse-count?format=geojson", 406),
        ("/queries/browse-count.geojson", 406),
        ("/queries/competency-q40-sme-access?limit=0", 400),
        ("/queries/competency-q40-sme-access?limit=2&limit=3", 400),
        ("/queries/competency-q40-sme-access?limit=x", 400),
        ("/queries/competency-q40-sme-access?offset=3", 400),
        ("/queries/browse-count?limit=3", 400),
        ("/queries/competency-q40-sme-access?revision=x", 400),
        ("/queries/competency-q40-sme-access?revision=100000", 404),
        ("/queries/none", 404),
        ("/queries/none.csv", 404),
    ],
)
def test_what_cannot_be_run_is_a_problem(client: httpx.Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


SME = "/queries/competency-q40-sme-access"


def links(answer: httpx.Response) -> dict[str, str]:
    """The targets of the Link header by relation."""
    return {rel: target for target, rel in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])}


def test_no_parameter_hides_what_every_address_means() -> None:
    for query in CATALOGUE.all():
        assert not {parameter.name for parameter in query.parameters} & (OWN - {"lang"}), query.name


class TestPages:
    @pytest.mark.parametrize("suffix", ["csv", "tsv"])
    def test_pages_together_are_the_whole_answer(self, client: httpx.Client, suffix: str) -> None:
        whole = client.get(f"{SME}?format={suffix}").text.splitlines()
        address, rows, pages = f"{SME}.{suffix}?limit=3", [], 0
        while address:
            answer = client.get(address)
            assert answer.status_code == 200
            head, *part = answer.text.splitlines()
            assert head == whole[0]
            assert 1 <= len(part) <= 3
            rows += part
            pages += 1
            address = links(answer).get("next", "")
        assert (rows, pages) == (whole[1:], 3)

    def test_without_a_limit_the_answer_is_whole(self, client: httpx.Client) -> None:
        answer = client.get("/queries/competency-q16-without-identifier")
        assert len(answer.json()["results"]["bindings"]) > 300
        assert "next" not in links(answer)

    def test_a_last_page_that_is_full_leads_nowhere(self, client: httpx.Client) -> None:
        answer = client.get(f"{SME}?limit=4&offset=4")
        assert len(answer.json()["results"]["bindings"]) == 4
        assert "next" not in links(answer)

    def test_the_next_page_is_of_the_same_revision_values_and_language(self, client: httpx.Client) -> None:
        answer = client.get(f"{SME}?limit=1&region=BE2&region=NL41", headers={"Accept-Language": "nl"})
        address = links(answer)["next"]
        revision = answer.headers["dataset-revision"]
        query = httpx.URL(address).params
        assert query.get_list("region") == ["BE2", "NL41"]
        assert (query["limit"], query["offset"], query["lang"], query["revision"]) == (
            "1",
            "1",
            "nl",
            revision,
        )
        assert client.get(address).json()["results"]["bindings"][0]["region"]["value"].endswith("NL41")

    def test_a_page_for_people_leads_on_and_back(self, client: httpx.Client) -> None:
        html = {"Accept": "text/html"}
        page = client.get("/queries/competency-q16-without-identifier?lang=de", headers=html).text
        assert "Zeilen 1 bis 100 von 309" in page
        forth = re.findall(r'rel="next" href="([^"]*)"', page)[0].replace("&amp;", "&")
        after = client.get(forth, headers=html).text
        assert "Zeilen 101 bis 200 von 309" in after
        back = re.findall(r'rel="prev" href="([^"]*)"', after)[0].replace("&amp;", "&")
        assert "Zeilen 1 bis 100 von 309" in client.get(back, headers=html).text


class TestPermalink:
    def test_it_is_this_answer_for_good(self, client: httpx.Client) -> None:
        answer = client.get(f"{SME}.csv?region=EE", headers={"Accept-Language": "et"})
        address = links(answer)["bookmark"]
        again = client.get(address)
        assert again.content == answer.content
        assert again.headers["dataset-revision"] == answer.headers["dataset-revision"]
        assert httpx.URL(address).params["lang"] == "et"

    def test_a_past_revision_is_answered_as_it_was(self, client: httpx.Client) -> None:
        counted = "/queries/browse-count.csv?class=infra:Facility"
        past, now = client.get(f"{counted}&revision=5"), client.get(counted)
        assert past.headers["dataset-revision"] == "5"
        assert "immutable" in past.headers["cache-control"]
        assert past.content != now.content
        page = client.get(f"{counted}&revision=5&format=html".replace(".csv", "")).text
        assert 'href="/queries/browse-count?class=infra%3AFacility&amp;format=html&amp;revision=5"' in page


class TestLanguages:
    @pytest.mark.parametrize("tongue", LANGUAGES)
    def test_names_titles_and_forms_are_in_the_readers_language(
        self, client: httpx.Client, tongue: str
    ) -> None:
        query = CATALOGUE["competency-q20-readiness-levels"]
        page = client.get(
            f"/queries/{query.name}", headers={"Accept": "text/html", "Accept-Language": tongue}
        )
        text = page.text.replace("&#39;", "'")
        assert f"<h1>{query.title(tongue)}</h1>" in text
        for code in ("run", "result", "parameter-start", "firm", "may-be-empty"):
            assert CATALOGUE.say(code, tongue) in text
        listed = client.get("/queries", headers={"Accept": "text/html", "Accept-Language": tongue}).text
        assert CATALOGUE.say("policy", tongue) in listed.replace("&#39;", "'")

    def test_rows_have_names_in_the_language_of_the_request(self, client: httpx.Client) -> None:
        address = "/queries/competency-q03-facilities-per-branch.csv"
        asked = {
            "header": client.get(address, headers={"Accept-Language": "cs"}).text,
            "parameter": client.get(f"{address}?lang=cs").text,
        }
        assert asked["header"] == asked["parameter"] != client.get(address).text

    def test_words_are_in_nine_languages(self) -> None:
        for code, texts in CATALOGUE._words.items():
            assert set(texts) == set(LANGUAGES), code
            assert all(texts.values()), code
            assert len({frozenset(re.findall(r"\{\w+\}", text)) for text in texts.values()}) == 1, code
        for query in CATALOGUE.all():
            assert CATALOGUE.say(query.group) != query.group.capitalize()
            if query.audience:
                assert all(f"parameter-{p.name}" in CATALOGUE._words for p in query.parameters)


class TestForm:
    def test_optional_values_may_stay_empty_and_codes_stand_for_iris(self, client: httpx.Client) -> None:
        name = "/queries/competency-q20-readiness-levels.csv"
        assert client.get(f"{name}?capability=").text == client.get(name).text
        some = client.get(f"{name}?capability=wood-technology").text
        assert some == client.get(f"{name}?capability=cap:wood-technology").text
        assert 1 < len(some.splitlines()) < len(client.get(name).text.splitlines())

    def test_links_of_entities_bear_their_names(self, client: httpx.Client) -> None:
        page = client.get(
            "/queries/competency-q20-readiness-levels?start=4&target=6", headers={"Accept": "text/html"}
        )
        assert '<a href="/id/facility/mist-er-bologna">MIST E-R</a>' in page.text

    def test_text_of_others_is_no_markup(self, client: httpx.Client) -> None:
        address = "/queries/competency-q06-operators-by-kind"
        hostile = "<script>alert(1)</script>"
        page = client.get(address, params={"lang": hostile}, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert hostile not in page.text


class TestInRdf:
    @pytest.mark.parametrize(
        ("suffix", "form"),
        [
            ("ttl", RdfFormat.TURTLE),
            ("nt", RdfFormat.N_TRIPLES),
            ("rdf", RdfFormat.RDF_XML),
            ("jsonld", RdfFormat.JSON_LD),
        ],
    )
    def test_the_catalogue_is_a_set_of_executables(
        self, client: httpx.Client, suffix: str, form: RdfFormat
    ) -> None:
        answer = client.get(f"/queries.{suffix}")
        triples = {(q.subject, q.predicate, q.object) for q in parse(answer.content, form)}
        for query in CATALOGUE.all():
            node = QUERY[query.name]
            assert (IN_RDF, SCHEMA["hasPart"], node) in triples
            assert (node, RDF["type"], SH["SPARQLExecutable"]) in triples
            form_of_it = query.form.capitalize()
            assert (node, RDF["type"], SH[f"SPARQL{form_of_it}Executable"]) in triples
            assert (node, SH[form_of_it.lower()], Literal(query.text)) in triples
            assert (node, SCHEMA["target"], NamedNode(f"{client.base_url}/sparql")) in triples
            for tongue, title in query.titles.items():
                assert (node, RDFS["label"], Literal(title, language=tongue)) in triples

    def test_one_query_is_described_and_its_text_runs_as_it_stands(self, client: httpx.Client) -> None:
        name = "competency-q40-sme-access"
        described = client.get(f"/queries/{name}", headers={"Accept": "text/turtle"})
        assert described.headers["content-type"].startswith("text/turtle")
        quads = list(parse(described.content, RdfFormat.TURTLE))
        [text] = [q.object.value for q in quads if q.predicate == SH["select"]]
        rows = client.post(
            "/sparql",
            content=text,
            headers={"Content-Type": "application/sparql-query", "Accept": "text/csv"},
        )
        assert rows.text == client.get(f"/queries/{name}.csv?lang=en").text
        assert len(list(csv.reader(io.StringIO(rows.text)))) == 9
        described_by = links(client.get(f"/queries/{name}"))["describedby"]
        assert client.get(described_by).content == described.content

    def test_parameters_have_a_type_a_meaning_and_where_it_is_one_a_default(
        self, client: httpx.Client
    ) -> None:
        name = "competency-q01-facilities-near"
        triples = {
            (q.subject, q.predicate, q.object)
            for q in parse(client.get(f"/queries/{name}.ttl").content, RdfFormat.TURTLE)
        }
        km = NamedNode(f"{QUERY.base}{name}#parameter-km")
        decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
        assert (QUERY[name], SH["parameter"], km) in triples
        assert (km, SH["datatype"], decimal) in triples
        assert (km, SH["defaultValue"], Literal("150", datatype=decimal)) in triples
        capability = NamedNode(f"{QUERY.base}{name}#parameter-capability")
        assert (capability, SH["nodeKind"], SH["IRI"]) in triples
