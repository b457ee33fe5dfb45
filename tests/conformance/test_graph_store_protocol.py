"""SPARQL 1.1 Graph Store Protocol: what the W3C's manifests read, over HTTP; what they write is refused with 405."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse

from tests.conformance.conftest import Store, Told, needs_suites
from tests.conformance.manifest import Case, Exchange, cases

pytestmark = needs_suites

AUTHORITY = "http://www.example"
DEFAULT = f"{AUTHORITY}/stands-for-the-default-graph"
NEW = f"{AUTHORITY}/new"
CASES = cases("graph-store-protocol", "manifest-direct.ttl") + cases(
    "graph-store-protocol", "manifest-indirect.ttl"
)


def _graph(exchange: Exchange) -> str:
    """The graph that a request names: in its query, or by its own address."""
    parts = urlsplit(exchange.path)
    named = parse_qs(parts.query, keep_blank_values=True)
    if "graph" in named:
        return named["graph"][0].replace("$LOCATION$", NEW)
    if "default" in named:
        return DEFAULT
    return NEW if parts.path == "/gsp" else AUTHORITY + parts.path


def _triples(exchange: Exchange, graph: str) -> list[Triple]:
    body, kind = exchange.body, exchange.headers.get("content-type", "")
    texts = [body.decode()]
    if boundary := re.search(r"boundary=(\S+)", kind):
        parts = re.split(rb"\r?\n?--" + re.escape(boundary[1].encode()) + rb"(?:--)?", body)
        bodies = (re.split(rb"\r?\n\s*\r?\n", part.strip(), maxsplit=1)[-1] for part in parts if part.strip())
        texts = [text.decode() for text in bodies]
    return [triple for text in texts for triple in _triples_of(text, graph)]


def _canonical(triples: list[Triple]) -> set[str]:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def _asked(store: Store, exchange: Exchange, graph: str) -> httpx.Response:
    named = {"default": ""} if graph == DEFAULT else {"graph": graph}
    return store.client.request(
        exchange.method, "/graph-store", params=named, headers=exchange.headers, content=exchange.body
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_stored_is_read_and_writing_is_refused(store: Store, case: Case, tell: Told) -> None:
    stored: dict[str, list[Triple]] = {}
    for exchange in case.exchanges:
        graph = _graph(exchange)
        answer = _asked(store, exchange, graph)
        if exchange.is_read:
            assert answer.status_code in exchange.statuses
            if exchange.content:
                found = [quad.triple for quad in parse(answer.content, format=RdfFormat.TURTLE)]
                assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
                expected = _canonical(_triples_of(exchange.content, graph))
                assert expected <= _canonical(found) if graph == DEFAULT else expected == _canonical(found)
            continue
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
        if exchange.method == "DELETE":
            stored.pop(graph, None)
            store.drop(graph)
        else:
            before = stored.get(graph, []) if exchange.method == "POST" else []
            stored[graph] = before + _triples(exchange, graph)
            store.put(graph, stored[graph])
    for graph in stored:
        store.drop(graph)
    if all(exchange.is_read for exchange in case.exchanges):
        tell(case, "passed")
    else:
        tell(
            case,
            "inapplicable",
            "its reads pass; its writes are refused with 405: graphs change by contributions",
        )


def _triples_of(text: str, graph: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE, base_iri=graph)]
