"""Answers of a SPARQL server that are late, cut, wrong or none: each is told, and none is taken for a whole one."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from faults import FAULTS, Faulty, faulty
from pyoxigraph import Literal, NamedNode, Triple
from servers import Server, free_port, oxigraph
from suites import emptied

from api.app import create_app
from graph.errors import StoreError, StoreTimeout, StoreUnreachable
from graph.iris import GRAPH
from graph.service import Service
from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.connection import connected
from graph.store.database import Database
from graph.store.endpoint import Address, Endpoint
from graph.store.remote import RemoteEngine

REMOTE = ("oxigraph",)
ALL = "SELECT ?s ?p ?o WHERE { VALUES ?s { 1 2 3 } VALUES ?p { 4 5 6 } VALUES ?o { 7 8 9 } }"
LATE = {"slow", "drip", "anytime"}


@pytest.fixture
def faults(remote: Server) -> Iterator[Faulty]:
    with faulty(remote.settings["store"].removesuffix("/query")) as server:
        yield server


@pytest.fixture
def endpoint(faults: Faulty) -> Endpoint:
    return Endpoint(Address(f"{faults.address}/query", f"{faults.address}/update", timeout=0.5))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_answer_is_an_error_and_never_a_table(faults: Faulty, endpoint: Endpoint, fault: str) -> None:
    assert len(endpoint.select(ALL).rows) == 27
    faults.answer_with(fault)
    with pytest.raises(StoreTimeout if fault in LATE else StoreUnreachable) as caught:
        endpoint.select(ALL)
    assert isinstance(caught.value, StoreTimeout) == (fault in LATE)
    assert faults.address in caught.value.detail or fault == "true"
    faults.answer_with("")
    assert len(endpoint.select(ALL).rows) == 27


@pytest.mark.parametrize("fault", ["html", "half", "cut-chunks", "error-503", "reset", "slow", "drip"])
def test_so_is_a_wrong_graph(faults: Faulty, endpoint: Endpoint, fault: str) -> None:
    made = f"CONSTRUCT {{ <http://s> <http://p> ?o }} WHERE {{ {{ {ALL} }} }}"
    assert len(endpoint.construct(made)) == 3
    faults.answer_with(fault)
    with pytest.raises(StoreTimeout if fault in LATE else StoreUnreachable):
        endpoint.construct(made)


def test_a_server_that_is_not_there_is_told_with_the_setting() -> None:
    with pytest.raises(StoreUnreachable, match=r"cannot be reached .* INFRASHARE_STORE names"):
        Endpoint(Address(address := f"http://user:secret@127.0.0.1:{free_port()}/q", address)).select(ALL)


def test_a_password_in_an_address_is_not_told() -> None:
    address = f"http://user:secret@127.0.0.1:{free_port()}/q"
    with pytest.raises(StoreUnreachable) as caught:
        Endpoint(Address(address, address)).select(ALL)
    assert "secret" not in caught.value.detail


class TestWriting:
    """An update that goes wrong leaves the engine one that is known to be behind, and a later one mends it."""

    @pytest.fixture
    def behind(self, faults: Faulty, tmp_path: Path, queries: QueryCatalogue) -> RemoteEngine:
        server = Server(
            "faulty",
            {
                "store": f"{faults.address}/query",
                "store_update": f"{faults.address}/update",
                "store_timeout": 0.5,
            },
        )
        return emptied(server, tmp_path, queries)

    @pytest.mark.parametrize("fault", ["slow", "reset", "error-503", "error-500"])
    def test_what_was_done_is_not_known_until_it_is_looked_at(
        self, behind: RemoteEngine, faults: Faulty, fault: str
    ) -> None:
        engine = behind
        graph = GRAPH["a/one"]
        triples = [Triple(NamedNode("http://s"), NamedNode("http://p"), Literal(str(n))) for n in range(5)]
        faults.answer_with(fault)
        with suppress(StoreError), engine.writing:
            engine.replace_graph(graph, triples)
        engine.failed_by(StoreUnreachable("it failed"))
        faults.answer_with("")
        with engine.writing:
            engine.replace_graph(graph, triples[:3])
        assert engine.content(graph) == set(triples[:3])
        assert not engine.unfinished

    def test_an_update_that_is_said_to_be_done_and_is_not_is_found_out(
        self, remote: Server, tmp_path: Path, queries: QueryCatalogue
    ) -> None:
        server = Server(
            "deaf", {**remote.settings, "store_update": remote.settings["store"] + "?query=ASK{}"}
        )
        database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
        engine = connected(Settings(data_dir=tmp_path, **server.settings), queries, database)
        with pytest.raises(StoreUnreachable, match="did nothing"), engine.writing:
            engine.replace_graph(GRAPH["a/one"], [Triple(*[NamedNode("http://x")] * 3)])


@pytest.fixture(scope="class")
def front(
    few_code_lists: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Faulty]]:
    folder = tmp_path_factory.mktemp("front")
    with oxigraph(folder) as server, faulty(server.settings["store"].removesuffix("/query")) as before:
        settings = Settings(
            data_dir=folder / "data",
            empty=True,
            warm_up=False,
            query_workers=1,
            check_workers=1,
            store=f"{before.address}/query",
            store_update=f"{before.address}/update",
            store_graphs=server.settings["store_graphs"],
            store_timeout=5,
        )
        service = Service(settings)
        service.start()
        try:
            with TestClient(create_app(settings, service)) as client:
                yield client, before
        finally:
            service.close()


class TestOverHttp:
    """What clients of the service get."""

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_query_of_others_gets_the_whole_answer_or_a_problem(
        self, front: tuple[TestClient, Faulty], fault: str
    ) -> None:
        client, before = front
        asked: dict[str, Any] = {"query": f"{ALL} # marked", "timeout": "1"}
        before.answer_with("")
        assert len(client.get("/sparql", params=asked).json()["results"]["bindings"]) == 27
        before.answer_with(fault, only="# marked")
        answer = client.get("/sparql", params=asked)
        if fault == "true":  # as good an answer as any, if the query had been another one
            assert answer.json()["boolean"] is True
            return
        if fault == "error-500":
            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-input")
            return
        late = fault in LATE
        assert answer.status_code == (504 if late else 502)
        assert answer.json()["type"] == f"/problems/store-{'timeout' if late else 'unreachable'}"
        page = client.get(answer.json()["type"], headers={"Accept": "text/html"})
        assert page.status_code == 200

    @pytest.mark.parametrize(("fault", "status"), [("html", 502), ("reset", 502), ("cut-json", 502)])
    def test_so_does_every_page(self, front: tuple[TestClient, Faulty], fault: str, status: int) -> None:
        client, before = front
        before.answer_with(fault)
        try:
            for path in ("/facilities", "/health/ready", "/ontology"):
                answer = client.get(path, headers={"Accept": "application/json, text/turtle;q=0.5"})
                assert answer.status_code == status, path
        finally:
            before.answer_with("")
        assert client.get("/health/ready").json()["store"] == "remote"
