"""Graphs one by one: the Graph Store Protocol, reading."""

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.iris import ONTOLOGY_GRAPH
from graph.service import Service

ONTOLOGY = {"graph": ONTOLOGY_GRAPH.value}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("rdf", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        ("trig", RdfFormat.TRIG),
        ("nq", RdfFormat.N_QUADS),
    ],
)
def test_a_graph_comes_whole_in_every_format(
    client: httpx.Client, service: Service, name: str, kind: RdfFormat
) -> None:
    plain = {"Accept-Encoding": "identity"}
    answer = client.get("/graph-store", params={**ONTOLOGY, "format": name}, headers=plain)
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    found = list(parse(answer.content, format=kind))
    expected = list(service.snapshot.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH))
    assert len(found) == len(expected)
    if name in {"trig", "nq"}:
        assert {quad.graph_name for quad in found} == {ONTOLOGY_GRAPH}


def test_a_graph_past_the_limit_is_an_error_and_never_cut(client: httpx.Client) -> None:
    answer = client.get("/graph-store?default", headers={"Accept": "application/n-quads"})
    assert answer.status_code == 422
    assert "fetch the dump" in answer.json()["detail"]


def test_who_has_it_already_gets_304(client: httpx.Client) -> None:
    first = client.get("/graph-store", params=ONTOLOGY)
    again = client.get("/graph-store", params=ONTOLOGY, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/graph-store", params={**ONTOLOGY, "format": "nt"})
    assert other.headers["etag"] != first.headers["etag"]
    assert client.head("/graph-store", params=ONTOLOGY).headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/graph-store?default&graph=http://x/", 400, "name one graph"),
        ("/graph-store?graph=http://x/&graph=http://y/", 400, "name one graph"),
        ("/graph-store?graph=relative", 400, "no absolute IRI"),
        ("/graph-store?graph=http://example.org/none", 404, "no graph is named <http://example.org/none>"),
        ("/graph-store?default&revision=9999999", 404, "revision"),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    client: httpx.Client, address: str, status: int, words: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_without_a_name_the_list_of_graphs_is_shown_the_way_to(client: httpx.Client) -> None:
    answer = client.get("/graph-store")
    assert (answer.status_code, answer.headers["location"]) == (303, "/.well-known/void")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graphs_are_not_written_here(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/graph-store", params=ONTOLOGY, content=b"<urn:a> <urn:b> <urn:c> .")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
