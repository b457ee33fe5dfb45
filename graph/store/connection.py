"""The connection to a remote engine as the settings describe it."""

from graph.resources import QUERIES
from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.database import Database
from graph.store.endpoint import Address, Endpoint
from graph.store.remote import RemoteEngine
from graph.store.updates import Updates


def connected(settings: Settings, queries: QueryCatalogue, database: Database) -> RemoteEngine:
    """The remote engine of the settings, whose writers hold the pen of the ledger's database."""
    return RemoteEngine(
        Endpoint(Address.of(settings)),
        queries,
        Updates(QUERIES / "store"),
        database.pen,
        listed=settings.store_dataset == "listed",
        batch=settings.store_batch,
    )
