"""The formats of results, and the service description: the W3C's cases, over HTTP."""

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from rdflib import RDF, Graph, URIRef

from tests.conformance.conftest import Store, Told, needs_suites
from tests.conformance.manifest import Case, cases

pytestmark = needs_suites

GRAPH = "http://www.example/results"
SD = "http://www.w3.org/ns/sparql-service-description#"
CASES = cases("json-res", "manifest.ttl") + cases("csv-tsv-res", "manifest.ttl")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_NUMERIC = ("nteger>", "decimal>", "double>", "float>")
KINDS = {
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}


def _rows(content: bytes, suffix: str) -> Any:
    """A result that can be compared: the order of rows and the names of unnamed nodes do not count."""
    if suffix == ".csv":
        header, *rows = csv.reader(io.StringIO(content.decode()))
        return sorted(_named(header, row) for row in rows)
    if suffix == ".srj" and "boolean" in json.loads(content):
        return json.loads(content)["boolean"]
    kind = QueryResultsFormat.JSON if suffix == ".srj" else QueryResultsFormat.TSV
    found = parse_query_results(content, format=kind)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return sorted(_named(names, [str(term) for term in row]) for row in found)


def _named(names: list[str], row: list[str]) -> list[tuple[str, str]]:
    """A row by name: SELECT * leaves the order of columns open."""
    return sorted(zip(names, (_plain(term) for term in row), strict=True))


def _plain(term: str) -> str:
    """A term without the name of an unnamed node, and a number by its value: the engine writes it in its own form."""
    if term.startswith("_:"):
        return "_:"
    text, caret, datatype = term.partition("^^")
    number = _NUMBER.fullmatch(text.strip('"'))
    if number is None or (caret and not datatype.endswith(_NUMERIC)):
        return term
    return str(Decimal(number[0]).normalize())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_results_are_as_the_suite_has_them(store: Store, case: Case, tell: Told) -> None:
    assert case.query
    assert case.data
    assert case.result
    store.put_file(GRAPH, case.data)
    suffix = case.result.suffix
    answer = store.client.post(
        "/sparql",
        params={"default-graph-uri": GRAPH},
        content=case.query.read_bytes(),
        headers={"Content-Type": "application/sparql-query", "Accept": KINDS[suffix]},
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == KINDS[suffix]
    assert _rows(answer.content, suffix) == _rows(case.result.read_bytes(), suffix)
    why = "numbers come in their canonical form" if case.id in {"csv03", "tsv03"} else ""
    tell(case, "passed", why)


@pytest.mark.parametrize("case", cases("service-description", "manifest.ttl"), ids=lambda case: case.id)
def test_the_service_is_described(store: Store, case: Case, tell: Told) -> None:
    answer = store.client.get("/sparql", headers={"Accept": "text/turtle"})
    described = Graph().parse(answer.content, format="turtle")
    services = set(described.subjects(RDF.type, URIRef(SD + "Service")))
    assert services
    if case.id == "has-endpoint-triple":
        endpoint = URIRef(f"{store.client.base_url}/sparql".replace("//sparql", "/sparql"))
        assert (None, URIRef(SD + "endpoint"), endpoint) in described
    if case.id == "conforms-to-schema":
        for service in services:
            assert len(set(described.objects(service, URIRef(SD + "endpoint")))) == 1
        for dataset in described.objects(None, URIRef(SD + "defaultDataset")):
            assert (dataset, RDF.type, URIRef(SD + "Dataset")) in described
            assert (dataset, URIRef(SD + "defaultGraph"), None) in described
    assert len(described) < 100
    tell(case, "passed")
