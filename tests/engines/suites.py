"""Tests of other rooms made ready to run here, and engines that are empty when they begin."""

import importlib.util
from pathlib import Path
from types import ModuleType

from servers import Server

from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.connection import connected
from graph.store.database import Database
from graph.store.remote import RemoteEngine


def emptied(server: Server, folder: Path, queries: QueryCatalogue) -> RemoteEngine:
    """A remote engine that holds nothing yet."""
    database = Database(f"sqlite:///{folder / 'ledger.sqlite'}")
    settings = Settings(data_dir=folder, **server.settings)
    built = connected(settings, queries, database)
    built.start_anew()
    database.close()  # it is opened again where it is needed
    return built


def suite(path: str) -> ModuleType:
    """A module of tests of another room, loaded once more, so that its tests can run on other engines here."""
    file = Path(__file__).parents[1] / path
    spec = importlib.util.spec_from_file_location(f"engines_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
