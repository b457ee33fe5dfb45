"""Answers kept for requests with an ``Idempotency-Key``, so that a request sent again gets the same answer.

After the header field of that name (draft-ietf-httpapi-idempotency-key-header): a key belongs to a partner and to one
request; the same key with another request is an error. The answer is written in the transaction of the version that
it tells of.
"""

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from graph.errors import Conflict, InputError
from graph.store.database import Database
from graph.store.tables import REPLIES

KEPT_DAYS: Final = 30
MAX_KEY: Final = 200


class KeyReused(InputError):  # noqa: N818 - named like its siblings in graph.errors
    """An ``Idempotency-Key`` came with another request than before."""

    problem = "key-reused"


@dataclass(frozen=True)
class Request:
    """A request that may be repeated: whose, its key, and the hash of what it asks for."""

    partner: str
    key: str
    sha256: str


@dataclass(frozen=True)
class Reply:
    """Status and body of an answer."""

    status: int
    body: bytes


class Replies:
    """The answers kept in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, request: Request) -> Reply | None:
        """The answer that the request got before. Raises ``KeyReused`` where the key was for another request."""
        same = sa.and_(REPLIES.c.partner == request.partner, REPLIES.c.key == request.key)
        with self._database.reading() as connection:
            row = connection.execute(sa.select(REPLIES).where(same)).first()
        if row is None:
            return None
        if row.request_sha256 != request.sha256:
            raise KeyReused(
                f"the Idempotency-Key {request.key!r} was used for another request; use a new key for each"
            )
        return Reply(row.status, gzip.decompress(row.body_gz))

    def keep(self, connection: sa.Connection, request: Request, reply: Reply) -> None:
        """Keep an answer in the transaction of a write; answers older than ``KEPT_DAYS`` days go."""
        now = datetime.now(UTC)
        oldest = (now - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        connection.execute(sa.delete(REPLIES).where(REPLIES.c.made_at < oldest))
        try:
            connection.execute(
                sa.insert(REPLIES).values(
                    partner=request.partner,
                    key=request.key,
                    request_sha256=request.sha256,
                    status=reply.status,
                    body_gz=gzip.compress(reply.body, 6, mtime=0),
                    made_at=now.isoformat(timespec="seconds"),
                )
            )
        except sa.exc.IntegrityError as error:
            raise Conflict(
                f"a request with the Idempotency-Key {request.key!r} was answered meanwhile; send it again"
            ) from error
