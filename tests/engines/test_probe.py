"""The probe at the start: what a server lacks is named, with the setting that helps."""

from pathlib import Path

import pytest
from servers import Server, oxigraph, virtuoso

from graph.errors import StoreError
from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.connection import connected
from graph.store.database import Database
from graph.store.remote import RemoteEngine


def engine(server: Server, folder: Path, queries: QueryCatalogue, **settings: object) -> RemoteEngine:
    database = Database(f"sqlite:///{folder / 'ledger.sqlite'}")
    return connected(Settings(data_dir=folder, **{**server.settings, **settings}), queries, database)  # type: ignore[arg-type]


def test_a_server_that_can_do_it_all_is_left_as_it_was(
    an_oxigraph: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    probed = engine(an_oxigraph, tmp_path, queries)
    before = probed.graph_names()
    assert probed.require_able() == []
    assert probed.graph_names() == before


def test_what_a_server_rounds_is_a_note(a_virtuoso: Server, tmp_path: Path, queries: QueryCatalogue) -> None:
    (note,) = engine(a_virtuoso, tmp_path, queries).require_able()
    assert "doubles come back rounded" in note


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"store_update": None}, r"updates at .* \(see INFRASHARE_STORE_UPDATE\)"),
        (
            {"store_graphs": "http://127.0.0.1:9/store"},
            r"Graph Store endpoint \(see INFRASHARE_STORE_GRAPHS\)",
        ),
        ({"store_dataset": "union"}, "union of all graphs as its default graph"),
    ],
)
def test_what_a_server_lacks_is_named_with_its_setting(
    an_oxigraph: Server, tmp_path: Path, queries: QueryCatalogue, settings: dict[str, object], words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        engine(an_oxigraph, tmp_path, queries, **settings).require_able()


def test_wrong_credentials_are_told_with_their_settings(
    a_virtuoso: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    with pytest.raises(StoreError, match=r"does not let this service in .* INFRASHARE_STORE_USER"):
        engine(a_virtuoso, tmp_path, queries, store_password="wrong").require_able()


def test_the_default_graph_of_a_server_of_ones_own_may_be_the_union(
    tmp_path: Path, queries: QueryCatalogue
) -> None:
    with oxigraph(tmp_path, "--union-default-graph") as server:
        assert engine(server, tmp_path, queries, store_dataset="union").require_able() == []


def test_a_server_that_cuts_results_is_refused(tmp_path: Path, queries: QueryCatalogue) -> None:
    with (
        virtuoso(tmp_path, rows=10_000) as server,
        pytest.raises(StoreError, match="cuts results at 10,000 rows"),
    ):
        engine(server, tmp_path, queries).require_able()
