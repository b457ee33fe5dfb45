"""Every IRI that the dataset mints leads, by its path on this host, to a description of just that thing."""

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from api.negotiation import without_suffix
from graph.browse.entity import address
from graph.iris import BASE, GENID, ID
from graph.publish.catalog import describe as describe_catalogue
from graph.publish.feed import STREAM
from graph.resources import ONTOLOGY, SHAPES, turtle_files
from graph.service import Service

_OF_A_KIND = 4
"""Entities and parts that are tried of each kind, evenly from all; terms, shapes, lists and graphs are all tried."""
_OF_CODES = 9
"""Each code that is so far from the one before is tried."""


def _kind(iri: str) -> str:
    rest = iri.removeprefix(BASE)
    if iri in GENID:
        return "part"
    if re.fullmatch(r"codelist/[^/]+/.+", rest):
        return "code"
    if iri in ID:
        return f"{rest.split('/')[1]}{'#' if '#' in rest else ''}"
    if re.fullmatch(r"graph/[^/]+/[^/]+/\d+(#change)?", rest):
        return "version#" if "#" in rest else "version"
    return ""


def _minted(service: Service) -> set[str]:
    """The IRIs of ours in any place of a statement, in the shapes, and in the descriptions of the dataset."""
    found: set[str] = set()
    for quad in service.snapshot.store:
        found.update(
            term.value
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
            if isinstance(term, NamedNode)
        )
    for path in turtle_files(SHAPES):
        quads = parse(path=str(path), format=RdfFormat.TURTLE)
        found.update(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
    state = service.publication.state(service.snapshot, "http://x/")
    found.update(str(t.subject).strip("<>") for t in describe_catalogue(state))
    found.add(STREAM.value)
    return {iri for iri in found if iri.startswith(BASE)}


def _tried(service: Service) -> Iterator[str]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(_minted(service)):
        kinds[_kind(iri)].append(iri)
    yield from kinds.pop("")
    yield from kinds.pop("code")[::_OF_CODES]
    for iris in kinds.values():
        yield from iris[:: max(1, len(iris) // _OF_A_KIND)]


class Follower:
    """Dereferences as a client does: without the fragment, along redirects; each document is fetched once."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._known: dict[tuple[str, str], httpx.Response] = {}

    def get(self, iri: str, kind: str) -> httpx.Response:
        path = "/" + iri.removeprefix(BASE).partition("#")[0]
        for _ in range(4):
            if (path, kind) not in self._known:
                self._known[path, kind] = self._client.get(path, headers={"Accept": kind})
            answer = self._known[path, kind]
            if answer.status_code != 303:
                return answer
            path = answer.headers["location"].partition("#")[0]
        pytest.fail(f"{iri} leads round and round")


def test_every_iri_leads_to_turtle_about_it(client: httpx.Client, service: Service) -> None:
    follower = Follower(client)
    said: dict[str, set[str]] = {}
    wrong = []
    for iri in _tried(service):
        answer = follower.get(iri, "text/turtle")
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/turtle"):
            wrong.append(f"{iri}: {answer.status_code} {answer.headers['content-type']}")
            continue
        where = str(answer.url)
        if where not in said:
            said[where] = {
                term.value
                for quad in parse(answer.content, RdfFormat.TURTLE)
                for term in (quad.subject, quad.object)
                if isinstance(term, NamedNode)
            }
        if iri not in said[where]:
            wrong.append(f"{iri}: {where} says nothing of it")
    assert wrong == []
    assert len(said) > 150


def test_every_iri_leads_to_a_page_about_it(client: httpx.Client, service: Service) -> None:
    follower = Follower(client)
    wrong = []
    for iri in _tried(service):
        answer = follower.get(iri, "text/html")
        _, _, fragment = iri.partition("#")
        text = answer.text
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            wrong.append(f"{iri}: {answer.status_code}")
        elif (
            fragment
            and iri.startswith((f"{BASE}ontology#", f"{BASE}shapes#"))
            and f'id="{fragment}"' not in text
        ):
            wrong.append(f"{iri}: {answer.url} has no such place")
        elif _kind(iri) and iri in ID and iri.partition("#")[0] not in text:
            wrong.append(f"{iri}: {answer.url} does not name it")
    assert wrong == []


def test_all_terms_and_shapes_are_tried(service: Service) -> None:
    tried = set(_tried(service))
    own = {
        quad.subject.value
        for path in (*sorted(ONTOLOGY.glob("*.ttl")), *turtle_files(SHAPES))
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
    }
    assert len(own) > 500
    assert own <= tried


def test_every_code_has_a_document(service: Service) -> None:
    """Its last part is what its document is looked up by."""
    codes = [iri for iri in _minted(service) if _kind(iri) == "code"]
    assert len(codes) > 550
    for iri in codes:
        scheme, notation = iri.removeprefix(f"{BASE}codelist/").split("/")
        assert address(iri) == f"/codelists/{scheme}/{notation}"
        assert without_suffix(notation) == (notation, None)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "codelist/capability/microscopy",
        "codelist/trl/4",
        "id/s3-priority/be2-smart-manufacturing",
        "id/organisation/infrashare",
        "graph/derived",
        "graph/ontology",
        "graph/flanders-make/facilities",
        "graph/flanders-make/facilities/1",
        "graph/codelists/1",
        "ontology/1.0.0",
    ],
)
def test_all_formats_are_there(client: httpx.Client, path: str, kind: str, form: RdfFormat) -> None:
    answer = Follower(client).get(BASE + path, kind)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    mentioned = {
        term.value
        for quad in parse(answer.content, form)
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode)
    }
    assert BASE + path in mentioned


@pytest.mark.parametrize("notation", ["BE2", "BE223"])
def test_codes_of_the_eu_have_documents_in_their_lists(client: httpx.Client, notation: str) -> None:
    answer = client.get(f"/codelists/nuts/{notation}.ttl")
    assert f"nuts:{notation} " in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/codelists/capability/no-such-code",
        "/codelists/no-such-list/x",
        "/codelists/capability/%3Cx%3E",
        "/codelists/capability/%22%20x",
        "/graph/no-such-graph",
        "/graph/flanders-make/no-such-dataset",
        "/graph/flanders-make/facilities/99",
        "/graph/ontology/99",
        "/ontology/0.0.1",
        "/.well-known/genid/0000",
        "/.well-known/genid/%3Cx%3E",
        "/id/no-such-kind/x",
        "/id/s3-priority/no-such-priority",
    ],
)
def test_what_there_is_none_of_is_not_found(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_names_in_addresses_cannot_lead_elsewhere(client: httpx.Client) -> None:
    for name in ("%2F%2Fevil.example", "x%0d%0aSet-Cookie:a", quote("https://evil.example", safe="")):
        answer = client.get(f"/codelist/{name}")
        assert answer.status_code in {303, 404}
        assert answer.headers.get("location", "/codelists/").startswith("/codelists/")
        assert "set-cookie" not in answer.headers


def test_the_reference_of_the_ontology_is_served_under_the_policy_of_all_pages(client: httpx.Client) -> None:
    page = client.get("/ontology/reference", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "infrashare/ontology#Facility" in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert client.get("/static/ontology-reference.css").headers["content-type"].startswith("text/css")
    assert client.get("/ontology/reference", headers={"Accept": "text/turtle"}).status_code == 406
