"""The query catalogue: every query runs, in all formats of its form, with parameters from the address."""

import httpx
import pytest

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
        ("/queries/browse-count?format=ttl", 406),
        ("/queries/browse-count.ttl", 406),
        ("/queries/none", 404),
        ("/queries/none.csv", 404),
    ],
)
def test_what_cannot_be_run_is_a_problem(client: httpx.Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
