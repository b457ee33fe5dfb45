"""The catalogue and the statistics: they conform to DCAT-AP, and every number and address in them is true."""

import hashlib
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from pyshacl import validate
from rdflib import Graph

from graph.iris import DCT, FOAF, INFRA, RDF, VOID
from graph.publish.catalog import describe
from graph.publish.data_cube import DATASET as DEMAND
from graph.publish.dataset import CATALOG, DATASET, DCAT
from graph.publish.publication import Publication
from graph.service import Service
from tests.api.conftest import Server, Writable

SPDX = "http://spdx.org/rdf/terms#"
SHAPES = ("shapes.ttl", "range.ttl")


def _triples(client: httpx.Client, path: str) -> list[Triple]:
    return [quad.triple for quad in parse(client.get(path).content, RdfFormat.TURTLE)]


def _objects(triples: list[Triple], predicate: NamedNode, subject: object = None) -> list[str]:
    return [
        t.object.value  # type: ignore[union-attr]
        for t in triples
        if t.predicate == predicate and (subject is None or t.subject == subject)
    ]


@pytest.mark.parametrize("name", SHAPES)
def test_the_catalogue_conforms_to_dcat_ap(client: httpx.Client, shared: Path, name: str) -> None:
    shapes = shared / "suites" / "dcat-ap-3.0.0" / name
    if not shapes.is_file():
        pytest.skip(f"{shapes} is not here: the shapes of DCAT-AP are not part of the repository")
    data = Graph().parse(data=client.get("/catalog.ttl").text, format="turtle")
    conforms, _, report = validate(data, shacl_graph=Graph().parse(shapes, format="turtle"))
    assert conforms, report


def test_a_broken_catalogue_would_be_found(client: httpx.Client, shared: Path) -> None:
    shapes = shared / "suites" / "dcat-ap-3.0.0" / "shapes.ttl"
    data = Graph().parse(
        data=client.get("/catalog.ttl").text.replace("dct:publisher", "dct:creator"), format="turtle"
    )
    conforms, _, _ = validate(data, shacl_graph=Graph().parse(shapes, format="turtle"))
    assert not conforms


def test_everything_in_the_catalogue_can_be_fetched(client: httpx.Client, server: Server) -> None:
    told = _triples(client, "/catalog.ttl")
    addresses = {
        address
        for name in ("accessURL", "downloadURL", "endpointURL", "endpointDescription", "landingPage")
        for address in _objects(told, DCAT[name])
    } | set(_objects(told, FOAF["homepage"]))
    assert len(addresses) > 40
    for address in addresses:
        assert address.startswith(server.url)
        assert client.get(address).status_code == 200, address


def test_checksums_and_sizes_are_those_of_the_files(client: httpx.Client) -> None:
    told = _triples(client, "/catalog.ttl")
    checked = 0
    for t in told:
        if t.predicate != DCAT["downloadURL"]:
            continue
        content = client.get(t.object.value).content  # type: ignore[union-attr]
        sizes = _objects(told, DCAT["byteSize"], t.subject)
        assert sizes in ([], [str(len(content))])
        (checksum,) = (
            x.object for x in told if x.subject == t.subject and x.predicate.value == f"{SPDX}checksum"
        )
        value = _objects(told, NamedNode(f"{SPDX}checksumValue"), checksum)
        assert value == [hashlib.sha256(content).hexdigest()]
        checked += 1
    assert checked > 30


def test_each_contribution_is_a_dataset_of_its_own(client: httpx.Client, service: Service) -> None:
    told = _triples(client, "/catalog.ttl")
    datasets = set(_objects(told, DCAT["dataset"], CATALOG))
    current = {version.graph for version in service.ledger.current() if version.partner != "infrashare"}
    assert datasets == current | {DATASET.value, DEMAND.value}


def test_what_partners_send_has_no_licence_that_nobody_stated(writable: Writable) -> None:
    before = _triples(writable.client, "/catalog.ttl")
    stream = _triples(writable.client, "/feed.nt")
    dump = writable.client.head("/dump.nq.gz")
    assert _objects(stream, DCT["license"])
    assert 'rel="license"' in dump.headers["link"]
    distributions = len(_objects(before, DCT["license"])) - 1
    assert distributions > 30
    text = """\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/infrashare/id/organisation/licence-institute> a org:Organization ;
  skos:prefLabel "Licence institute"@en ; dct:source <https://example.org/> ;
  org:classification <https://w3id.org/infrashare/codelist/organisation-kind/rto> .
"""
    writable.put("organisations", text).raise_for_status()
    after = _triples(writable.client, "/catalog.ttl")
    new = next(
        t.subject
        for t in after
        if t.object == Literal("example-institute/organisations, version 1", language="en")
    )
    assert _objects(after, DCT["license"], new) == []
    whole = NamedNode(f"{CATALOG.value}#dump-nq.gz")
    assert _objects(before, DCT["license"], whole)
    assert _objects(after, DCT["license"], whole) == []
    assert _objects(_triples(writable.client, "/feed.nt"), DCT["license"]) == []
    assert 'rel="license"' not in writable.client.head("/dump.nq.gz").headers["link"]


def test_the_operator_says_who_publishes(client: httpx.Client, service: Service) -> None:
    assert "InfraShare contributors" in _objects(_triples(client, "/catalog.ttl"), FOAF["name"])
    named = Publication(service.ledger, service.dumps, service.catalogue, "Province of Limburg")
    told = describe(named.state(service.snapshot, "https://infrashare.example/"))
    assert _objects(told, FOAF["name"]) == ["Province of Limburg"]


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_all_formats_say_the_same(client: httpx.Client, path: str, kind: str, form: RdfFormat) -> None:
    answer = client.get(path, headers={"Accept": kind})
    assert answer.headers["content-type"].startswith(kind)
    expected = parse(
        client.get(path, headers={"Accept": "application/n-triples"}).content, RdfFormat.N_TRIPLES
    )
    assert len(list(parse(answer.content, form))) == len(list(expected)) > 100


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_people_see_a_page_and_who_has_it_gets_304(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.text.startswith("<!doctype html>")
    again = client.get(path, headers={"Accept": "text/html", "If-None-Match": page.headers["etag"]})
    assert again.status_code == 304


def test_the_statistics_are_those_of_the_endpoint(client: httpx.Client, service: Service) -> None:
    told = _triples(client, "/.well-known/void?format=ttl")

    def asked(query: str) -> str:
        answer = client.get("/sparql", params={"query": query, "format": "csv"})
        return answer.text.splitlines()[1]

    assert _objects(told, VOID["triples"], DATASET) == [asked("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")]
    parts = [t.object for t in told if t.predicate == VOID["classPartition"]]
    assert len(parts) == int(asked("SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }"))
    facilities = next(
        t.subject for t in told if t.predicate == VOID["class"] and t.object == INFRA["Facility"]
    )
    assert _objects(told, VOID["entities"], facilities) == [
        asked("SELECT (COUNT(*) AS ?n) { ?s a infra:Facility }")
    ]
    assert _objects(told, VOID["propertyPartition"])
    title = next(t.subject for t in told if t.predicate == VOID["property"] and t.object == DCT["title"])
    assert _objects(told, VOID["triples"], title) == [asked("SELECT (COUNT(*) AS ?n) { ?s dct:title ?o }")]
    graphs = {str(graph) for graph in service.snapshot.store.named_graphs()}
    assert {f"<{iri}>" for iri in _objects(told, VOID["subset"], DATASET)} == graphs
    assert (DATASET, RDF["type"], VOID["Dataset"]) in {(t.subject, t.predicate, t.object) for t in told}
