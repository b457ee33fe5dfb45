"""The tests of accepting contributions, on remote engines: versions, refusals, cut-offs, catching up, verifying."""

from pathlib import Path
from typing import Any

import pytest
from servers import Server
from suites import emptied, suite

from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.connection import connected

_ACCEPT = suite("contribute/test_accept.py")
_House = _ACCEPT.House

checked = _ACCEPT.checked
house = _ACCEPT.house


@pytest.fixture(autouse=True)
def _houses(remote: Server, tmp_path: Path, queries: QueryCatalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """All houses that the tests build have their engine in the server, which is empty when a test begins."""
    emptied(remote, tmp_path, queries).close()
    settings = Settings(data_dir=tmp_path, **remote.settings)

    class RemoteHouse(_House):  # type: ignore[misc, valid-type]
        def opened(self, folder: Path, queries: QueryCatalogue) -> Any:
            return connected(settings, queries, self.ledger.database)

    monkeypatch.setattr(_ACCEPT, "House", RemoteHouse)


class TestVersions(_ACCEPT.TestVersions):  # type: ignore[misc, name-defined]
    # Readers of a remote engine see no state before that is kept for them: see test_engines.py.
    test_readers_move_over_only_when_all_is_there = None


class TestRefusals(_ACCEPT.TestRefusals):  # type: ignore[misc, name-defined]
    test_names_are_slugs = None


class TestCutOff(_ACCEPT.TestCutOff):  # type: ignore[misc, name-defined]
    REMOTE = ("oxigraph",)  # two dozen tests, of what is ours and not the server's


class TestCatchingUp(_ACCEPT.TestCatchingUp):  # type: ignore[misc, name-defined]
    test_an_engine_that_is_gone_is_built_anew = None  # it wipes files

    def test_a_server_that_was_emptied_is_filled_again(self, house: Any, checked: Any) -> None:
        house.accept(checked)
        house.engine.start_anew()
        assert len(house.index.catch_up()) == 1
        assert house.index.verify() == []


class TestVerifying(_ACCEPT.TestVerifying):  # type: ignore[misc, name-defined]
    pass
