"""SPARQL 1.1 Protocol: the exchanges of the W3C's manifest, over HTTP."""

import httpx
import pytest

from tests.conformance.conftest import Store, Told, needs_suites
from tests.conformance.manifest import Case, Exchange, cases

pytestmark = needs_suites

_TABLES = ("application/sparql-results+json", "application/sparql-results+xml")
_FORMATS = {
    "boolean": _TABLES,
    "tabular": (*_TABLES, "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}
ALL = cases("protocol", "manifest.ttl")
UPDATES = [case for case in ALL if case.id.startswith("update_")]
OTHERS = [case for case in ALL if not case.id.startswith("update_")]


def _sent(store: Store, exchange: Exchange) -> httpx.Response:
    path = exchange.path.replace("/sparql/", "/sparql", 1)
    return store.client.request(
        exchange.method, path, headers=exchange.headers, content=exchange.body or None
    )


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case.id)
def test_queries_and_bad_requests(store: Store, case: Case, tell: Told) -> None:
    for graph, path in case.graphs:
        store.put_file(graph, path)
    for exchange in case.exchanges:
        answer = _sent(store, exchange)
        assert answer.status_code in exchange.statuses, answer.text
        if exchange.form:
            kind = answer.headers["content-type"].split(";")[0]
            assert kind in _FORMATS[exchange.form]
        if exchange.boolean is not None:
            assert answer.json()["boolean"] is exchange.boolean
    tell(case, "passed")


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.id)
def test_updates_are_refused_as_documented(store: Store, case: Case, tell: Told) -> None:
    update = case.exchanges[0]
    revision = store.client.get("/health/ready").json()
    answer = _sent(store, update)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "changes only by contributions" in answer.json()["detail"]
    assert store.client.get("/health/ready").json() == revision
    tell(case, "inapplicable", "updates are refused with 403: the dataset changes by contributions")
