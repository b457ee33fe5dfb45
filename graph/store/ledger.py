"""The ledger: every version of every contribution, content-addressed and durable.

It is the truth; the engine is an index that can be rebuilt from it. The ledger's counter, the *revision*,
numbers the states of the whole dataset. A deletion is a version too: one without content.
"""

import gzip
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from pyoxigraph import NamedNode

from graph.errors import NotFound, StoreError
from graph.store.content import content_hash
from graph.store.database import Database
from graph.store.fault import fault
from graph.store.tables import CONTENTS, VERSIONS

ACCEPTED: Final = "accepted"
ROLLED_BACK: Final = "rolled back"
DELETED: Final = "deleted"

NOT_KEPT: Final = b""
"""In the place of a packed content that a dump did not hold: of past versions a dump tells all but their content."""


@dataclass(frozen=True)
class Version:
    """One version of one graph, without its content. ``change`` says how it came about."""

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
    change: str = ACCEPTED
    restores: int | None = None
    """The older version that a rollback restores."""

    @property
    def graph_node(self) -> NamedNode:
        return NamedNode(self.graph)

    @property
    def node(self) -> NamedNode:
        """The IRI of this version: ``…/graph/{partner}/{dataset}/{version}``."""
        return NamedNode(f"{self.graph}/{self.version}")

    @property
    def name(self) -> str:
        return f"{self.partner}/{self.dataset}"

    @property
    def is_deletion(self) -> bool:
        return self.change == DELETED


Also = Callable[[sa.Connection, Version], None]
"""What else is written in the transaction of a new version."""


class Ledger:
    """Versions in a SQL database. Several processes may write to one ledger."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def revision(self) -> int:
        """The number of the dataset's latest state; 0 where nothing was accepted yet."""
        with self.database.reading() as connection:
            return int(connection.scalar(sa.select(sa.func.max(VERSIONS.c.revision))) or 0)

    def current(self, at: int | None = None, *, deleted: bool = False) -> list[Version]:
        """The latest version of each graph, by graph; with ``at``, as it was at that revision.

        Graphs whose latest version is a deletion are left out unless ``deleted`` is true.
        """
        latest = sa.select(VERSIONS.c.graph, sa.func.max(VERSIONS.c.version).label("version"))
        if at is not None:
            latest = latest.where(VERSIONS.c.revision <= at)
        newest = latest.group_by(VERSIONS.c.graph).subquery()
        same = sa.and_(VERSIONS.c.graph == newest.c.graph, VERSIONS.c.version == newest.c.version)
        statement = sa.select(VERSIONS).join(newest, same)
        found = sorted(self._versions(statement), key=lambda version: version.graph)
        return found if deleted else [version for version in found if not version.is_deletion]

    def latest(self, graph: str) -> Version | None:
        """The latest version of one graph, a deletion too."""
        statement = (
            sa.select(VERSIONS).where(VERSIONS.c.graph == graph).order_by(VERSIONS.c.version.desc()).limit(1)
        )
        return next(iter(self._versions(statement)), None)

    def time_of(self, revision: int) -> str:
        """When the dataset came to a revision, in UTC; empty before the first."""
        until = sa.select(sa.func.max(VERSIONS.c.accepted_at)).where(VERSIONS.c.revision <= revision)
        with self.database.reading() as connection:
            return str(connection.scalar(until) or "")

    def history(self, graph: str) -> list[Version]:
        """All versions of one graph, the oldest first."""
        statement = sa.select(VERSIONS).where(VERSIONS.c.graph == graph)
        return self._versions(statement.order_by(VERSIONS.c.version))

    def all(self) -> list[Version]:
        """All versions of all graphs, by revision."""
        return self._versions(sa.select(VERSIONS).order_by(VERSIONS.c.revision))

    def _versions(self, statement: sa.Select[Any]) -> list[Version]:
        with self.database.reading() as connection:
            return [Version(**row._mapping) for row in connection.execute(statement)]

    def content(self, sha256: str) -> bytes:
        """The canonical N-Triples with this hash.

        Raises ``StoreError`` where they are missing or damaged, ``NotFound`` where a dump that the ledger was restored
        from did not hold them.
        """
        with self.database.reading() as connection:
            packed = connection.scalar(sa.select(CONTENTS.c.ntriples_gz).where(CONTENTS.c.sha256 == sha256))
        if packed is None:
            raise StoreError(f"the ledger holds no content with hash {sha256}")
        return unpacked(sha256, packed)

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
        change: str = ACCEPTED,
        restores: int | None = None,
        also: Collection[Also] = (),
    ) -> Version:
        """Record a new version in one durable transaction and return it.

        ``also`` is done in the same transaction; where it raises, nothing was recorded.
        """
        packed = gzip.compress(ntriples, 6, mtime=0)
        row: dict[str, Any] = {
            "graph": graph,
            "partner": partner,
            "dataset": dataset,
            "sha256": content_hash(ntriples),
            "source_sha256": source_sha256,
            "triples": triples,
            "accepted_at": now(),
            "agent": agent,
            "message": message,
            "quality_level": quality_level,
            "quality_score": quality_score,
            "change": change,
            "restores": restores,
        }
        with self.database.writing(f"the new version of {graph}") as connection:
            keep(connection, row["sha256"], packed)
            same = VERSIONS.c.graph == graph
            last = connection.scalar(sa.select(sa.func.max(VERSIONS.c.version)).where(same))
            row["version"] = (last or 0) + 1
            if connection.dialect.name != "sqlite":
                # A sequence leaves out the number of a transaction that was undone; only one writes at a time here.
                highest = connection.scalar(sa.select(sa.func.max(VERSIONS.c.revision)))
                row["revision"] = (highest or 0) + 1
            key = connection.execute(sa.insert(VERSIONS).values(**row)).inserted_primary_key
            if key is None:
                raise StoreError("the ledger gave no revision for the new version")
            version = Version(**{**row, "revision": int(key[0])})
            for step in also:
                step(connection, version)
            fault("ledger-written")
        fault("ledger-committed")
        return version

    def close(self) -> None:
        """Let go of the connections."""
        self.database.close()


def unpacked(sha256: str, packed: bytes) -> bytes:
    """The content that was packed and kept under its hash; raises what ``Ledger.content`` raises."""
    if packed == NOT_KEPT:
        raise NotFound(
            f"the content with hash {sha256} is not kept: this service was restored from a dump, which holds "
            "the versions that were current only; restore a backup to have the others too"
        )
    try:
        ntriples = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise StoreError(f"the content with hash {sha256} is damaged: {error}") from error
    if content_hash(ntriples) != sha256:
        raise StoreError(f"the content with hash {sha256} is damaged: its hash differs")
    return ntriples


def keep(connection: sa.Connection, sha256: str, packed: bytes) -> None:
    """Keep a packed content under its hash, once."""
    same = CONTENTS.c.sha256 == sha256
    size = connection.scalar(sa.select(sa.func.length(CONTENTS.c.ntriples_gz)).where(same))
    if size is None:
        connection.execute(sa.insert(CONTENTS).values(sha256=sha256, ntriples_gz=packed))
    elif size == len(NOT_KEPT):
        connection.execute(sa.update(CONTENTS).where(same).values(ntriples_gz=packed))


def now() -> str:
    """The time, in UTC, to the second, as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
