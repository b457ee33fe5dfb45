"""Templates and tables over HTTP: on the wire as a partner's program sees them."""

import csv
import gzip
import io

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.iris import KINDS, LANGUAGES
from graph.resources import ROOT

SPREADSHEET = ROOT / "tests" / "contribute" / "facilities-nl.csv"
CSV = {"Content-Type": "text/csv"}
PROJECT = b"id;titel;bronnen\neen-project;Een project;https://example.org/\n"


def _triples(turtle: bytes) -> set[object]:
    return {quad.triple for quad in parse(turtle, RdfFormat.TURTLE)}


def test_the_list_names_every_class_with_its_columns(client: httpx.Client) -> None:
    templates = client.get("/templates", params={"lang": "nl"}).json()["templates"]
    assert [template["name"] for template in templates] == list(KINDS)
    facility = templates[0]
    assert (facility["label"], facility["csv"]) == ("faciliteit", "/templates/facility.csv")
    columns = {column["name"]: column for column in facility["columns"]}
    assert columns["latitude"]["title"] == "breedtegraad"
    assert columns["title"]["per_language"]
    assert columns["capabilities"]["separator"] == ";"
    assert columns["kind"]["code_list"] == "facility-kind"


def test_the_list_is_a_page_for_browsers(client: httpx.Client) -> None:
    page = client.get("/templates", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    for kind in KINDS:
        assert f'href="/templates/{kind}.csv"' in page.text
        assert f'href="/templates/{kind}.ttl"' in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_in_both_forms_says_the_same(client: httpx.Client, kind: str) -> None:
    turtle = client.get(f"/templates/{kind}.ttl")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    table = client.get(f"/templates/{kind}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    converted = client.post("/convert", content=table.content, headers=CSV)
    assert converted.headers["infrashare-class"] == kind
    assert _triples(converted.content) == _triples(turtle.content)


def test_the_accept_header_chooses_the_form(client: httpx.Client) -> None:
    answer = client.get("/templates/service", headers={"Accept": "text/csv"})
    assert answer.text.startswith("id,title@en,title@nl,")
    assert client.get("/templates/service", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_of_a_table_is_in_the_language_asked_for(client: httpx.Client, language: str) -> None:
    table = client.get("/templates/project.csv", params={"lang": language}).text
    header = next(csv.reader(io.StringIO(table)))
    assert len(header) == len(set(header))
    assert client.post("/convert", content=table.encode(), headers=CSV).status_code == 200


def test_the_metadata_of_a_table_is_where_the_standard_looks_for_it(client: httpx.Client) -> None:
    """https://www.w3.org/TR/tabular-data-model/#locating-metadata: a link, and ``{+url}-metadata.json``."""
    link = client.get("/templates/event.csv").headers["link"]
    assert link == '</templates/event.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    metadata = client.get("/templates/event.csv-metadata.json")
    assert metadata.headers["content-type"] == "application/csvm+json"
    assert metadata.json()["tableSchema"]["aboutUrl"] == "https://w3id.org/infrashare/id/event/{id}"


@pytest.mark.parametrize(
    "path", ["/templates/laboratory", "/templates/x.csv-metadata.json", "/templates/a.ttl"]
)
def test_an_unknown_class_is_not_found(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "there are facility, " in answer.json()["detail"]


def test_a_spreadsheet_becomes_turtle_that_the_check_takes(client: httpx.Client) -> None:
    turtle = client.post("/convert", content=SPREADSHEET.read_bytes(), headers=CSV)
    assert turtle.status_code == 200
    assert turtle.headers["infrashare-entries"] == "5"
    headers = {"Content-Type": "text/turtle"}
    report = client.post("/contributions/check", content=turtle.content, headers=headers).json()
    assert report["counts"]["violation"] == 0


def test_all_faults_are_told_with_line_and_column(client: httpx.Client) -> None:
    text = "id;titel@nl;soort dienst\nproeven;Proeven;testne\nProeven 2;Proeven;testen\n"
    answer = client.post("/convert", content=text.encode(), headers=CSV)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    errors = answer.json()["errors"]
    assert [(error["code"], error["line"], error["column"], error["value"]) for error in errors] == [
        ("cell-code", 2, 3, "testne"),
        ("cell-format", 3, 1, "Proeven 2"),
    ]
    assert "near: testing" in errors[0]["help"]
    assert errors[0]["message"].startswith('row 2, column C "soort dienst": ')


def test_the_class_and_the_language_can_be_said(client: httpx.Client) -> None:
    several = client.post("/convert", content=PROJECT, headers=CSV)
    assert several.json()["errors"][0]["code"] == "class"
    answer = client.post("/convert", content=PROJECT, headers=CSV, params={"class": "project", "lang": "nl"})
    assert '"Een project"@nl' in answer.text
    assert client.post("/convert", content=PROJECT, headers=CSV, params={"class": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"id;title@en\n", {"Content-Type": "application/json"}, 415),
        (b"id;title@en\n", {"Content-Type": ""}, 415),
        (b"id;title@en\n", CSV | {"Content-Encoding": "br"}, 415),
        (gzip.compress(b" " * 5_000_000), CSV | {"Content-Encoding": "gzip"}, 413),
        (b"id;title@en;kind\na;b;testing\n", CSV | {"Accept": "image/png"}, 406),
        ("id;title@en\na;Malmö\n".encode("cp1252"), CSV, 400),
        (b"", CSV, 400),
    ],
)
def test_what_cannot_be_taken_is_a_problem(
    client: httpx.Client, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/convert", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert answer.json()["errors"]
