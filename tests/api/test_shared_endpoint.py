"""The SPARQL endpoint is shared: budgets, refused killers, services that an operator allows, other origins."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.service import running
from graph.settings import Settings
from tests.api.conftest import serving

KILLER = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != <urn:{0}>) }}"
ROWS = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"from afar"}}]}}'


class _Afar(BaseHTTPRequestHandler):
    """Another endpoint: it answers each query with one row."""

    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(ROWS)))
        self.end_headers()
        self.wfile.write(ROWS)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module")
def afar() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Afar) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
        server.shutdown()


@pytest.fixture(scope="module")
def shared(prepared: Path, copy_of: Callable[[Path], Path], afar: str) -> Iterator[httpx.Client]:
    settings = Settings(
        data_dir=copy_of(prepared),
        empty=True,
        warm_up=False,
        query_workers=1,
        query_timeout=4,
        query_budget=14,
        query_window=3600,
        max_result_rows=1_000,
        service_allowed=(afar,),
    )
    with (
        running(settings) as service,
        serving(settings, service) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        yield client


def _ask(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_a_service_that_is_allowed_is_called_and_no_other(shared: httpx.Client, afar: str) -> None:
    answer = _ask(shared, f"SELECT ?n {{ SERVICE <{afar}> {{ ?s ?p ?n }} }}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == "from afar"
    asked = _Afar.asked
    for query in (
        f"SELECT ?n {{ SERVICE <{afar}/x> {{ ?s ?p ?n }} }}",
        f"SELECT ?n {{ BIND(<{afar}> AS ?x) SERVICE ?x {{ ?s ?p ?n }} }}",
        f"PREFIX x: <{afar}> SELECT ?n {{ SERVICE x: {{ ?s ?p ?n }} }}",
        f"BASE <{afar}> SELECT ?n {{ SERVICE <> {{ ?s ?p ?n }} }}",
        f"SELECT ?n {{ SERVICE <{afar}> {{ ?s ?p ?n }} SERVICE <http://example.org/> {{ ?s ?p ?n }} }}",
    ):
        refused = _ask(shared, query)
        assert refused.status_code == 403, query
        assert afar in refused.json()["detail"]
    assert _Afar.asked == asked
    described = shared.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "BasicFederatedQuery" in described


def test_too_many_rows_are_an_error_that_names_the_limit(shared: httpx.Client) -> None:
    table = _ask(shared, "SELECT * { ?s ?p ?o } LIMIT 3000", Accept="text/csv")
    assert (table.status_code, "1,000 rows" in table.json()["detail"]) == (422, True)
    graph = _ask(shared, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", Accept="text/turtle")
    assert (graph.status_code, "1,000 triples" in graph.json()["detail"]) == (422, True)


def test_equal_queries_at_the_same_time_are_evaluated_once(shared: httpx.Client) -> None:
    left = _left(_ask(shared, "ASK {}"))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: _ask(shared, KILLER.format("same")), range(4)))
    assert [answer.status_code for answer in answers] == [422] * 4
    assert left - _left(_ask(shared, "ASK {}")) <= 6


def test_a_killer_asked_again_is_refused_at_once_and_costs_nothing(shared: httpx.Client) -> None:
    left = _left(_ask(shared, "ASK {}"))
    again = _ask(shared, KILLER.format("same"))
    assert again.status_code == 422
    assert "not tried again" in again.json()["detail"]
    assert _left(_ask(shared, "ASK {}")) >= left - 1  # one second is rounding


def test_who_has_used_its_share_is_told_when_to_come_again(shared: httpx.Client) -> None:
    for number in range(5):
        answer = _ask(shared, KILLER.format(number))
        if answer.status_code == 429:
            break
        assert answer.status_code == 422
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["ratelimit-policy"] == '"evaluation";q=14;w=3600'
    assert answer.headers["ratelimit"].startswith('"evaluation";r=0;t=')
    assert shared.get("/facilities").status_code == 200


def _left(answer: httpx.Response) -> int:
    """Seconds of evaluation that the client has left."""
    return int(answer.headers["ratelimit"].split(";")[1].removeprefix("r="))


def test_scripts_of_other_origins_may_use_the_query_method(client: httpx.Client) -> None:
    preflight = client.options(
        "/sparql",
        headers={"Origin": "https://yasgui.example", "Access-Control-Request-Method": "QUERY"},
    )
    assert preflight.status_code == 200
    assert "QUERY" in preflight.headers["access-control-allow-methods"]
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"Origin": "https://yasgui.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "RateLimit" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("accept", "kind"), [("application/trig", RdfFormat.TRIG), ("application/n-quads", RdfFormat.N_QUADS)]
)
def test_graphs_come_in_formats_of_datasets_too(client: httpx.Client, accept: str, kind: RdfFormat) -> None:
    query = "CONSTRUCT { ?f a infra:Facility } WHERE { ?f a infra:Facility }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.headers["content-type"] == accept
    assert len(list(parse(answer.content, format=kind))) > 100


def test_relative_iris_are_meant_against_the_endpoint(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (<x> AS ?iri) {}"})
    assert answer.json()["results"]["bindings"][0]["iri"]["value"] == f"{client.base_url}/x".replace(
        "//x", "/x"
    )


def test_a_worker_reads_past_revisions_although_it_is_confined(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "ASK { ?s ?p ?o }", "revision": "3"})
    assert answer.json()["boolean"] is True
