"""Two services on one ledger and one remote engine: neither keeps a state of its own; each sees the other's writes."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import RdfFormat, parse
from servers import Server, postgresql

from api.app import create_app
from graph.iris import GRAPH
from graph.service import Service
from graph.settings import Settings

REMOTE = ("oxigraph",)
GOOD = Path(__file__).parents[1] / "shapes/facility/facility-point-range/pass.ttl"
ADDRESS = "/contributions/example-institute/facilities"
ENTITY = "/facilities/example-chamber"
JSON = {"Accept": "application/json"}


class Replicas:
    """Two services with their clients, and a token of a partner."""

    def __init__(self, services: list[Service], clients: list[TestClient]) -> None:
        self.services = services
        self.clients = clients
        _, text = services[0].tokens.create("example-institute")
        self.headers = {"Authorization": f"Bearer {text}", "Content-Type": "text/turtle"}

    def put(self, replica: int, data: bytes, **params: Any) -> Any:
        return self.clients[replica].put(ADDRESS, content=data, headers=self.headers, params=params)

    def get(self, replica: int, path: str, **params: Any) -> Any:
        return self.clients[replica].get(path, params=params, headers=JSON)


@pytest.fixture(scope="module")
def replicas(
    remote: Server, few_code_lists: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicas]:
    with ExitStack() as stack:
        ledger = stack.enter_context(postgresql())
        services, clients = [], []
        for name in ("one", "two"):
            settings = Settings(
                data_dir=tmp_path_factory.mktemp(name),
                empty=True,
                warm_up=False,
                check_workers=1,
                query_workers=1,
                ledger=ledger,
                **remote.settings,
            )
            service = Service(settings)
            stack.callback(service.close)
            if not services:
                service.engine.start_anew()  # other tests may have left graphs in the server
            service.start()
            services.append(service)
            clients.append(stack.enter_context(TestClient(create_app(settings, service))))
        yield Replicas(services, clients)


@pytest.fixture(scope="module")
def first(replicas: Replicas) -> int:
    """The revision of a contribution that was sent to the first service."""
    answer = replicas.put(0, GOOD.read_bytes())
    assert answer.status_code == 201, answer.text
    return int(answer.json()["revision"])


def test_what_one_accepts_the_other_shows(replicas: Replicas, first: int) -> None:
    for replica in (0, 1):
        answer = replicas.get(replica, ENTITY)
        assert answer.status_code == 200
        assert answer.headers["Dataset-Revision"] == str(first)
        ready = replicas.get(replica, "/health/ready").json()
        assert (ready["revision"], ready["store"]) == (first, "remote")
    sizes = {replicas.get(replica, "/health/ready").json()["triples"] for replica in (0, 1)}
    assert len(sizes) == 1


def test_a_query_of_others_is_asked_of_the_engine(replicas: Replicas, first: int) -> None:
    query = "SELECT ?g WHERE { GRAPH ?g { ?f a infra:Facility } }"
    for replica in (0, 1):
        rows = replicas.get(replica, "/sparql", query=query).json()["results"]["bindings"]
        assert [row["g"]["value"] for row in rows] == [GRAPH["example-institute/facilities"].value]
    csv = replicas.clients[1].get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert csv.text.splitlines() == ["g", GRAPH["example-institute/facilities"].value]
    made = "CONSTRUCT { ?f a infra:Facility } WHERE { ?f a infra:Facility }"
    turtle = replicas.clients[1].get("/sparql", params={"query": made}, headers={"Accept": "text/turtle"})
    assert b"infra:Facility" in turtle.content
    assert replicas.get(1, "/sparql", query="ASK { ?f a infra:Facility }").json()["boolean"] is True


def test_all_graphs_are_read_as_one_or_each_by_its_name(replicas: Replicas, first: int) -> None:
    size = replicas.get(1, "/health/ready").json()["triples"]
    named = replicas.clients[1].get("/graph-store?default", headers={"Accept": "application/n-quads"})
    quads = list(parse(named.content, format=RdfFormat.N_QUADS))
    assert (named.status_code, len(quads)) == (200, size)
    assert GRAPH["example-institute/facilities"] in {quad.graph_name for quad in quads}
    union = replicas.clients[1].get("/graph-store?default", headers={"Accept": "application/n-triples"})
    triples = {quad.triple for quad in parse(union.content, format=RdfFormat.N_TRIPLES)}
    assert triples == {quad.triple for quad in quads}


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [
        ("SELECT ?s WHERE { ?s ?p }", 400, "syntax-error"),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", 403, "refused"),
        ("SELECT * { SERVICE <http://elsewhere/> { ?s ?p ?o } }", 403, "refused"),
    ],
)
def test_the_gate_is_the_same(replicas: Replicas, first: int, query: str, status: int, problem: str) -> None:
    answer = replicas.get(1, "/sparql", query=query)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


def test_graphs_are_named_in_a_query_or_beside_it(replicas: Replicas, first: int) -> None:
    mine = GRAPH["example-institute/facilities"].value
    ask = "ASK { ?f a infra:Facility }"
    for scope, found in (
        ([mine], True),
        ([GRAPH["derived"].value], False),
        (["http://example.org/x"], False),
    ):
        answer = replicas.clients[0].get(
            "/sparql", params={"query": ask, "default-graph-uri": scope}, headers=JSON
        )
        assert answer.json()["boolean"] is found, scope
        within = ask.replace("ASK", f"ASK FROM <{scope[0]}>")
        assert replicas.get(1, "/sparql", query=within).json()["boolean"] is found, within


def test_what_else_the_server_holds_is_not_public(replicas: Replicas, first: int) -> None:
    engine = replicas.services[0].engine
    foreign = "http://example.org/private"
    engine.endpoint.update(f"INSERT DATA {{ GRAPH <{foreign}> {{ <http://a> <http://b> 'secret' }} }}")  # type: ignore[attr-defined]
    try:
        for query in (
            "ASK { ?s <http://b> ?o }",
            "ASK { GRAPH ?g { ?s <http://b> ?o } }",
            f"ASK {{ GRAPH <{foreign}> {{ ?s ?p ?o }} }}",
            f"ASK FROM <{foreign}> {{ ?s ?p ?o }}",
            "PREFIX x: <http://example.org/> ASK FROM NAMED x:private { GRAPH ?g { ?s ?p ?o } }",
            f"ASK FROM\n#FROM <x>\n<{foreign}> {{ ?s ?p ?o }}",
        ):
            answer = replicas.get(0, "/sparql", query=query)
            assert answer.json()["boolean"] is False, query
    finally:
        engine.endpoint.update(f"DELETE WHERE {{ GRAPH <{foreign}> {{ ?s ?p ?o }} }}")  # type: ignore[attr-defined]


def test_a_new_version_through_the_other_and_the_past_through_the_first(
    replicas: Replicas, first: int
) -> None:
    title = b'<http://purl.org/dc/terms/title> "Klimatkammare"@sv .'
    title = b"<https://w3id.org/infrashare/id/facility/example-chamber> " + title
    answer = replicas.put(1, GOOD.read_bytes() + b"\n" + title)
    assert answer.status_code == 200, answer.text
    assert answer.json()["revision"] == first + 1
    assert answer.json()["triples"]["added"] == 1
    now = replicas.get(0, ENTITY)
    assert "Klimatkammare" in now.text
    assert now.headers["Dataset-Revision"] == str(first + 1)
    assert "Klimatkammare" not in replicas.get(0, ENTITY, revision=first).text
    count = 'SELECT ?t { ?f dct:title ?t FILTER(LANG(?t) = "sv") }'
    assert len(replicas.get(0, "/sparql", query=count).json()["results"]["bindings"]) == 1
    assert len(replicas.get(0, "/sparql", query=count, revision=first).json()["results"]["bindings"]) == 0


def test_both_may_write_at_the_same_time(replicas: Replicas, first: int) -> None:
    before = replicas.services[0].ledger.revision()
    statuses: list[int] = []

    def write(replica: int) -> None:
        for number in range(3):
            title = (
                "<https://w3id.org/infrashare/id/facility/example-chamber> <http://purl.org/dc/terms/alternative> "
                f'"{replica}-{number}" .'
            )
            statuses.append(replicas.put(replica, GOOD.read_bytes() + title.encode()).status_code)

    threads = [threading.Thread(target=write, args=(replica,)) for replica in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert statuses == [200] * 6
    assert replicas.services[1].ledger.revision() == before + 6
    for service in replicas.services:
        assert service.snapshot.revision == before + 6
        assert service.index.verify() == []


def test_what_a_writer_left_half_done_the_other_completes(replicas: Replicas, first: int) -> None:
    engine = replicas.services[0].engine
    engine.add(GRAPH["example-institute/facilities"], [])
    engine._touch(GRAPH["example-institute/facilities"])  # type: ignore[attr-defined]  # begins, and never ends
    engine.failed_by(RuntimeError("its process is gone"))
    answer = replicas.get(1, ENTITY)
    assert answer.status_code == 200
    assert not engine.unfinished
