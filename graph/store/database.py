"""The database that the ledger is kept in: SQLite in the data directory by default, or PostgreSQL by its address."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from graph.errors import Busy, StorageFull, StoreError
from graph.store.disk import is_full
from graph.store.tables import complete

_PATIENCE_MS = 30_000
"""How long a writer waits for another one, in milliseconds: a version of 64 MiB takes a few seconds."""

_TRANSACTION: Final = 7_310_001
_PEN: Final = 7_310_002
"""Keys of PostgreSQL's advisory locks: of one transaction that writes, and of one writer to a remote engine."""
_LOCKED: Final = "55P03"
"""PostgreSQL's code for a lock that was not to be had in time."""
_LOOK_AGAIN: Final = 0.05

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


def _begin_alone(connection: sa.Connection) -> None:
    """The same in PostgreSQL: by a lock that goes with the transaction."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_PATIENCE_MS}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TRANSACTION})")


class Database:
    """Durable transactions. Several processes may use one database."""

    def __init__(self, url: str) -> None:
        """Open the database and make the tables that it lacks. Raises ``StoreError``."""
        _require_sqlite(url)
        try:
            address = _driven(url)
            self.engine = sa.create_engine(address, pool_pre_ping=address.get_backend_name() != "sqlite")
            self._writer = self.engine.execution_options()
            if self.engine.dialect.name == "sqlite":
                sa.event.listen(self.engine, "connect", _durable_sqlite)
                sa.event.listen(self._writer, "begin", _begin_writing)
            else:
                sa.event.listen(self._writer, "begin", _begin_alone)
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

    @contextmanager
    def pen(self) -> Iterator[None]:
        """Be the only one, of all processes that share the database, who writes to what is kept beside it.

        Raises ``Busy`` where another one writes for longer than a writer waits, ``StoreError``.
        """
        if self.engine.dialect.name == "sqlite":
            with _only_holder(f"{self.engine.url.database}.pen"):
                yield
            return
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(f"SET lock_timeout = {_PATIENCE_MS}")
                connection.exec_driver_sql(f"SELECT pg_advisory_lock({_PEN})")
                connection.commit()  # the lock is the session's; no transaction stays open while it is held
                try:
                    yield
                finally:
                    connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_PEN})")
                    connection.commit()
        except sa.exc.SQLAlchemyError as error:
            raise _told("the ledger's pen could not be had", error) from error

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()


@contextmanager
def _only_holder(path: str) -> Iterator[None]:
    """Hold a file's lock; the system lets it go when the process ends."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        end = time.monotonic() + _PATIENCE_MS / 1000
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > end:
                    raise Busy("another service changes the dataset; try again in a few seconds") from error
                time.sleep(_LOOK_AGAIN)
        yield
    finally:
        os.close(descriptor)


def _driven(url: str) -> sa.URL:
    """The address with the driver that we use. Raises ``StoreError`` for a database that the ledger does not know."""
    address = sa.make_url(url)
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(
            f"the ledger at {_shown(url)} cannot be opened: {address.get_backend_name()} is not known here; use "
            "sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


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


def _told(what: str, error: Exception) -> StoreError | Busy:
    """The error in the database's own words, with what to do where these say it."""
    words = str(getattr(error, "orig", None) or error)
    if isinstance(error, ImportError):
        return StoreError(f"{what}: {words}; install it with: pip install 'infrashare[postgresql]'")
    if getattr(getattr(error, "orig", None), "sqlstate", None) == _LOCKED:
        return Busy(f"{what}: others write to the ledger; try again in a few seconds")
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
