"""The ledger: every accepted version of every contribution, content-addressed and durable.

It is the truth; the engine is an index that can be rebuilt from it. The ledger's counter, the *revision*,
numbers the states of the whole dataset.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pyoxigraph import NamedNode

from graph.errors import StoreError
from graph.store.content import content_hash

_METADATA = sa.MetaData()
_PATIENCE_MS = 30_000
"""How long a writer waits for another one, in milliseconds: a version of 64 MiB takes a few seconds."""

_CONTENTS = sa.Table(
    "contents",
    _METADATA,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("ntriples_gz", sa.LargeBinary, nullable=False),
)

_VERSIONS = sa.Table(
    "versions",
    _METADATA,
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("graph", sa.String, nullable=False),
    sa.Column("partner", sa.String, nullable=False),
    sa.Column("dataset", sa.String, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("contents.sha256"), nullable=False),
    sa.Column("source_sha256", sa.String(64), nullable=True),
    sa.Column("triples", sa.Integer, nullable=False),
    sa.Column("accepted_at", sa.String, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
    sa.Column("message", sa.String, nullable=False),
    sa.Column("quality_level", sa.String, nullable=True),
    sa.Column("quality_score", sa.Float, nullable=True),
    sa.UniqueConstraint("graph", "version"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Version:
    """One accepted version of one graph, without its content."""

    revision: int
    graph: str
    partner: str
    dataset: str
    version: int
    sha256: str
    source_sha256: str | None
    triples: int
    accepted_at: str
    agent: str
    message: str
    quality_level: str | None
    quality_score: float | None

    @property
    def graph_node(self) -> NamedNode:
        return NamedNode(self.graph)


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


class Ledger:
    """Accepted versions in a SQL database, SQLite by default. Several processes may write to one ledger."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = sa.create_engine(url)
            self._writer = self._engine.execution_options()
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", _durable_sqlite)
                sa.event.listen(self._writer, "begin", _begin_writing)
            else:
                self._writer = self._engine.execution_options(isolation_level="SERIALIZABLE")
            with self._writer.begin() as connection:
                _METADATA.create_all(connection)
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            raise StoreError(f"the ledger at {_shown(url)} cannot be opened: {error}") from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"the ledger cannot be read: {error}") from error

    def revision(self) -> int:
        """The number of the dataset's latest state; 0 where nothing was accepted yet."""
        with self._reading() as connection:
            return int(connection.scalar(sa.select(sa.func.max(_VERSIONS.c.revision))) or 0)

    def current(self) -> list[Version]:
        """The latest version of each graph, by graph."""
        latest = (
            sa.select(_VERSIONS.c.graph, sa.func.max(_VERSIONS.c.version).label("version"))
            .group_by(_VERSIONS.c.graph)
            .subquery()
        )
        statement = (
            sa.select(_VERSIONS)
            .join(
                latest,
                sa.and_(_VERSIONS.c.graph == latest.c.graph, _VERSIONS.c.version == latest.c.version),
            )
            .order_by(_VERSIONS.c.graph)
        )
        with self._reading() as connection:
            return [Version(**row._mapping) for row in connection.execute(statement)]

    def latest(self, graph: str) -> Version | None:
        """The latest version of one graph."""
        statement = (
            sa.select(_VERSIONS)
            .where(_VERSIONS.c.graph == graph)
            .order_by(_VERSIONS.c.version.desc())
            .limit(1)
        )
        with self._reading() as connection:
            row = connection.execute(statement).first()
            return None if row is None else Version(**row._mapping)

    def content(self, sha256: str) -> bytes:
        """The canonical N-Triples with this hash. Raises ``StoreError`` where they are missing or damaged."""
        with self._reading() as connection:
            packed = connection.scalar(sa.select(_CONTENTS.c.ntriples_gz).where(_CONTENTS.c.sha256 == sha256))
        if packed is None:
            raise StoreError(f"the ledger holds no content with hash {sha256}")
        try:
            ntriples = gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as error:
            raise StoreError(f"the content with hash {sha256} is damaged: {error}") from error
        if content_hash(ntriples) != sha256:
            raise StoreError(f"the content with hash {sha256} is damaged: its hash differs")
        return ntriples

    def append(
        self,
        *,
        graph: str,
        partner: str,
        dataset: str,
        ntriples: bytes,
        triples: int,
        agent: str,
        message: str,
        source_sha256: str | None = None,
        quality_level: str | None = None,
        quality_score: float | None = None,
    ) -> Version:
        """Record a new version in one durable transaction and return it."""
        sha256 = content_hash(ntriples)
        try:
            with self._writer.begin() as connection:
                known = connection.scalar(sa.select(_CONTENTS.c.sha256).where(_CONTENTS.c.sha256 == sha256))
                if known is None:
                    connection.execute(
                        sa.insert(_CONTENTS).values(
                            sha256=sha256, ntriples_gz=gzip.compress(ntriples, 6, mtime=0)
                        )
                    )
                last = connection.scalar(
                    sa.select(sa.func.max(_VERSIONS.c.version)).where(_VERSIONS.c.graph == graph)
                )
                row: dict[str, Any] = {
                    "graph": graph,
                    "partner": partner,
                    "dataset": dataset,
                    "version": (last or 0) + 1,
                    "sha256": sha256,
                    "source_sha256": source_sha256,
                    "triples": triples,
                    "accepted_at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "agent": agent,
                    "message": message,
                    "quality_level": quality_level,
                    "quality_score": quality_score,
                }
                result = connection.execute(sa.insert(_VERSIONS).values(**row))
                key = result.inserted_primary_key
                if key is None:
                    raise StoreError("the ledger gave no revision for the new version")
                return Version(revision=int(key[0]), **row)
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"the ledger did not take the new version of {graph}: {error}") from error

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return sa.make_url(url).render_as_string()
    except sa.exc.ArgumentError:
        return repr(url)
