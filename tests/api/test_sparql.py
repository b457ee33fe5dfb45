"""The public SPARQL endpoint on the wire: the protocol, its limits, and that it stays up."""

import csv
import gzip
import io
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.iris import ONTOLOGY_GRAPH
from graph.service import Service

RESULTS = "application/sparql-results+json"
QUERY = "application/sparql-query"
COUNT = "SELECT (COUNT(DISTINCT ?f) AS ?n) WHERE { ?f a infra:Facility }"
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return [
        {name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]
    ]


def test_all_ways_to_ask_give_the_same_answer(client: httpx.Client, service: Service) -> None:
    query = COUNT.encode()
    packed = {"Content-Type": QUERY, "Content-Encoding": "gzip"}
    answers = [
        client.get("/sparql", params={"query": COUNT}),
        client.post("/sparql", content=query, headers={"Content-Type": QUERY}),
        client.post("/sparql", content=query, headers={"Content-Type": f"{QUERY}; charset=utf-8"}),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", content=gzip.compress(query), headers=packed),
        client.request("QUERY", "/sparql", content=query, headers={"Content-Type": QUERY}),
        client.request("QUERY", "/sparql", data={"query": COUNT}),
    ]
    for answer in answers:
        assert answer.headers["content-type"] == RESULTS
        assert answer.headers["dataset-revision"] == str(service.snapshot.revision)
        assert answer.headers["etag"]
        assert rows(answer) == [{"n": str(client.get("/facilities").json()["total"])}]


@pytest.mark.parametrize(
    ("name", "accept", "media_type"),
    [
        ("json", "application/json", "application/json"),
        ("xml", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("csv", "text/csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_tables_come_in_all_formats(client: httpx.Client, name: str, accept: str, media_type: str) -> None:
    query = "SELECT ?a ?b { VALUES (?a ?b) { (1 'x,\\n\"y\"'@en) (UNDEF <http://x/>) } }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    by_name = client.get("/sparql", params={"query": query, "format": name})
    if name != "json":
        assert by_name.content == answer.content
    if name == "csv":
        assert list(csv.reader(io.StringIO(answer.text)))[1:] == [["1", 'x,\n"y"'], ["", "http://x/"]]


@pytest.mark.parametrize("form", ["ASK { ?s a infra:Facility }", "ASK { ?s a infra:Castle }"])
def test_ask(client: httpx.Client, form: str) -> None:
    assert client.get("/sparql", params={"query": form}).json()["boolean"] is ("Facility" in form)


@pytest.mark.parametrize(
    ("accept", "media_type", "form"),
    [
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("text/html,*/*;q=0.1", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("text/html", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
    ],
)
def test_graphs_come_in_all_formats(
    client: httpx.Client, accept: str, media_type: str, form: RdfFormat
) -> None:
    query = "CONSTRUCT { ?f a infra:Facility ; dct:title ?t } WHERE { ?f a infra:Facility ; dct:title ?t } LIMIT 40"
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    triples = {quad.triple for quad in parse(answer.content, form)}
    assert len(triples) > 40
    if form is RdfFormat.TURTLE:
        prefixes = [line for line in answer.text.splitlines() if line.startswith("@prefix")]
        assert len(prefixes) <= 3
    describe = client.get("/sparql", params={"query": "DESCRIBE nuts:BE2"}, headers={"Accept": accept})
    assert describe.headers["content-type"] == media_type


def test_a_browser_gets_the_editor_and_a_program_the_description(client: httpx.Client) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert "<form" in page.text
    assert "browse-count" in client.get("/sparql?example=browse-count", headers={"Accept": "text/html"}).text
    for accept, form in (("*/*", RdfFormat.TURTLE), ("application/rdf+xml", RdfFormat.RDF_XML)):
        answer = client.get("/sparql", headers={"Accept": accept})
        triples = [quad.triple for quad in parse(answer.content, form)]
        said = {t.predicate.value.rpartition("#")[2]: t.object for t in triples}
        assert said["endpoint"].value == str(client.base_url.join("/sparql"))  # type: ignore[union-attr]
        assert len(answer.content) < 10_000


def test_the_dataset_of_the_query_and_of_the_protocol_count(client: httpx.Client) -> None:
    ontology = ONTOLOGY_GRAPH.value
    graph = "https://w3id.org/infrashare/graph/flanders-make/facilities"
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s a infra:Facility }}"

    def counted(query: str, **more: str) -> int:
        return int(rows(client.get("/sparql", params={"query": query, **more}))[0]["n"])

    everything = counted(count.format(""))
    part = counted(count.format(f"FROM <{graph}>"))
    assert 0 < part < everything
    assert counted(count.format(""), **{"default-graph-uri": graph}) == part
    assert counted(count.format(f"FROM <{graph}>"), **{"default-graph-uri": ontology}) == 0
    assert counted(count.format(f"FROM NAMED <{graph}>")) == 0
    named = "SELECT (COUNT(*) AS ?n) {} {{ GRAPH ?g {{ ?s a infra:Facility }} }}"
    assert counted(named.format("")) == everything
    assert counted(named.format(f"FROM NAMED <{graph}>")) == part
    assert counted(named.format(""), **{"named-graph-uri": graph}) == part
    assert counted(named.format(f"FROM <{graph}>")) == 0


def test_a_graph_that_is_no_iri_is_a_problem(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": COUNT, "default-graph-uri": "no iri"})
    assert answer.status_code == 400


def test_who_has_the_result_already_gets_304(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": COUNT})
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/sparql", params={"query": COUNT}, headers=known).status_code == 304
    assert client.head("/sparql", params={"query": COUNT}, headers=known).status_code == 304
    assert client.get("/sparql", params={"query": COUNT + " "}, headers=known).status_code == 200
    assert client.post("/sparql", data={"query": COUNT}, headers=known).status_code == 200


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("SELECT * WHERE {", 1),
        ("SELECT *\nWHERE { ?s ?p }", 2),
        ("SELECT ?x { ?s unknown:p ?x }", 1),
        ("", 1),
    ],
)
def test_a_query_that_cannot_be_parsed_is_told_its_line(client: httpx.Client, query: str, line: int) -> None:
    answer = client.post("/sparql", content=query.encode(), headers={"Content-Type": QUERY})
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/syntax-error"
    fault = answer.json()["errors"][0]
    assert fault["line"] == line
    assert fault["column"] >= 1


@pytest.mark.parametrize(
    ("method", "kind", "body", "status"),
    [
        ("POST", "application/sparql-update", "INSERT DATA { <a:a> <a:b> 1 }", 403),
        ("POST", "application/x-www-form-urlencoded", "update=CLEAR%20ALL", 403),
        ("POST", "application/x-www-form-urlencoded", "query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("POST", "application/x-www-form-urlencoded", "", 400),
        ("POST", "application/x-www-form-urlencoded", "query=%FF", 400),
        ("POST", "application/x-www-form-urlencoded", "a&" * 300, 400),
        ("POST", "application/x-www-form-urlencoded", "query=ASK%7B%7D&timeout=soon", 400),
        ("POST", "application/x-www-form-urlencoded", "query=ASK%7B%7D&timeout=-1", 400),
        ("POST", "application/x-www-form-urlencoded", "query=ASK%7B%7D&timeout=nan", 400),
        ("POST", "application/x-www-form-urlencoded", "query=ASK%7B%7D&format=ttl", 406),
        ("POST", QUERY, "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403),
        ("POST", QUERY, "LOAD <http://127.0.0.1/>", 403),
        ("POST", QUERY, "SELECT * { FILTER" + "(" * 500 + "1" + ")" * 500 + " }", 400),
        ("POST", QUERY, "SELECT * { ?s ?p '" + "x" * 100_001 + "' }", 413),
        ("POST", QUERY, "\xff", 400),
        ("POST", "text/turtle", "ASK {}", 415),
        ("POST", "", "ASK {}", 415),
        ("QUERY", "application/json", "{}", 415),
        ("GET", "", "", 200),
    ],
)
def test_what_is_refused_is_a_problem(
    client: httpx.Client, method: str, kind: str, body: str, status: int
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = client.request(method, "/sparql", content=body.encode("latin-1"), headers=headers)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"]


def test_an_update_in_the_address_is_refused(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"update": "CLEAR ALL"}).status_code == 403
    twice = [("query", "ASK {}"), ("query", "ASK {}")]
    assert client.get("/sparql", params=twice).status_code == 400


def test_values_keep_their_datatypes(client: httpx.Client) -> None:
    query = "SELECT * { VALUES ?v { 1.50 'a'@en '2020-01-01'^^xsd:date true 1e5 } }"
    terms = [row["v"] for row in client.get("/sparql", params={"query": query}).json()["results"]["bindings"]]
    assert {term.get("datatype", term.get("xml:lang", "")).rpartition("#")[2] for term in terms} == {
        "decimal",
        "en",
        "date",
        "boolean",
        "double",
    }


def test_a_killer_costs_its_sender_422_and_others_are_answered_meanwhile(client: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        killer = pool.submit(client.post, "/sparql", data={"query": KILLER, "timeout": "6"})
        assert rows(client.get("/sparql", params={"query": COUNT}))
        assert not killer.done()
        for _ in range(10):
            assert rows(client.get("/sparql", params={"query": COUNT}))
            assert client.get("/match?text=welding&limit=1").status_code == 200
        answer = killer.result()
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/limit-exceeded"
    assert "6 s" in answer.json()["detail"]
    assert rows(client.get("/sparql", params={"query": COUNT}))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        "SELECT * { " + " UNION ".join(["{?s?p?o}"] * 6000) + " }",
    ],
)
def test_a_query_that_needs_too_much_memory_ends_alone(client: httpx.Client, query: str) -> None:
    answer = client.post("/sparql", data={"query": query, "timeout": "3"})
    assert answer.status_code in {200, 422}
    assert rows(client.get("/sparql", params={"query": COUNT}))


def test_a_result_that_is_too_large_is_an_error_and_never_cut(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    assert answer.status_code == 422
    assert "16,777,216 bytes" in answer.json()["detail"]
    construct = "CONSTRUCT { ?s ?p ?o . ?s ?p ?s . ?s ?o ?p } WHERE { ?s ?p ?o }"
    graph = client.get("/sparql", params={"query": construct, "format": "nt"})
    assert graph.status_code == 422


@pytest.mark.parametrize("ending", ["1", "a/", "a:", "%20", "a#1x."])
def test_a_result_that_a_format_cannot_hold_is_a_problem(client: httpx.Client, ending: str) -> None:
    query = f"CONSTRUCT {{ ?s <http://x/{ending}> 1 }} WHERE {{ ?s a infra:Facility }}"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/rdf+xml"})
    if answer.status_code == 200:
        assert len(list(parse(answer.content, RdfFormat.RDF_XML))) > 100
    else:
        assert answer.status_code == 400
        assert "another format" in answer.json()["detail"]


def test_a_timeout_may_only_shorten(client: httpx.Client) -> None:
    for timeout in ("0.001", "1e9", "inf", ""):
        answer = client.get("/sparql", params={"query": "ASK {}", "timeout": timeout})
        assert answer.status_code in {200, 422}


def test_an_injection_stays_a_value(client: httpx.Client) -> None:
    hostile = 'x" } SELECT * { ?s ?p ?o } #\\'
    answer = client.get("/queries/browse-search", params={"q": hostile})
    assert rows(answer) == []
    assert client.get("/queries/browse-label", params={"entity": "http://x/> ?p ?o } #"}).status_code == 400
