"""The database that the ledger is kept in: SQLite in the data directory by default, any other by its SQLAlchemy URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from graph.errors import StorageFull, StoreError
from graph.store.disk import is_full
from graph.store.tables import complete

_PATIENCE_MS = 30_000
"""How long a writer waits for another one, in milliseconds: a version of 64 MiB takes a few seconds."""

_DAMAGED = ("malformed", "not a database")
"""What SQLite says of a file that it cannot make sense of."""
_DAMAGED_WORDS = "its file is damaged; nothing was changed. Put a backup in its place: infrashare restore"
_SQLITE = b"SQLite format 3\0"


def _durable_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_writing says, not at the first change
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_writing(connection: sa.Connection) -> None:
    """Take SQLite's write lock first: a version number that was read stays the last one until it is counted up."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Database:
    """Durable transactions. Several processes may use one database."""

    def __init__(self, url: str) -> None:
        """Open the database and make the tables that it lacks. Raises ``StoreError``."""
        _require_sqlite(url)
        try:
            self.engine = sa.create_engine(url)
            self._writer = self.engine.execution_options()
            if self.engine.dialect.name == "sqlite":
                sa.event.listen(self.engine, "connect", _durable_sqlite)
                sa.event.listen(self._writer, "begin", _begin_writing)
            else:
                self._writer = self.engine.execution_options(isolation_level="SERIALIZABLE")
            with self._writer.begin() as connection:
                complete(connection)
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            raise _told(f"the ledger at {_shown(url)} cannot be opened", error) from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with. Raises ``StoreError``."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise _told("the ledger cannot be read", error) from error

    @contextmanager
    def writing(self, what: str) -> Iterator[sa.Connection]:
        """A transaction, durable when the block ends and undone where it raises.

        Raises ``StorageFull`` where the disk is full, ``StoreError`` for other faults.
        """
        try:
            with self._writer.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise _told(f"the ledger did not take {what}", error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()


def _require_sqlite(url: str) -> None:
    """Refuse a file that is no SQLite database, before SQLite opens it and deletes the log beside it as useless."""
    try:
        address = sa.make_url(url)
        if address.get_backend_name() != "sqlite" or not address.database:
            return
        with Path(address.database).open("rb") as file:
            begin = file.read(len(_SQLITE))
    except (OSError, sa.exc.ArgumentError):
        return  # opening it says what is wrong
    if begin not in {b"", _SQLITE}:
        raise StoreError(f"the ledger at {_shown(url)} cannot be opened: {_DAMAGED_WORDS}")


def _told(what: str, error: Exception) -> StoreError:
    """The error in the database's own words, with what to do where these say it."""
    words = str(getattr(error, "orig", None) or error)
    if is_full(error):
        return StorageFull(f"{what}: there is no room on the disk; make room and try again ({words})")
    if any(sign in words for sign in _DAMAGED):
        return StoreError(f"{what}: {_DAMAGED_WORDS} ({words})")
    return StoreError(f"{what}: {words}")


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return sa.make_url(url).render_as_string()
    except sa.exc.ArgumentError:
        return repr(url)
