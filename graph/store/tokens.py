"""Access tokens: made on the command line, scoped to one partner, expiring, revocable, and kept only as hashes.

A token reads ``infrashare_{id}_{secret}``. The secret has 256 random bits, so a plain SHA-256 of it is as good as a
slow hash would be.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from graph.errors import InputError, NotFound, Unauthorised
from graph.iris import SLUG
from graph.store.content import content_hash
from graph.store.database import Database
from graph.store.tables import TOKENS

DEFAULT_DAYS: Final = 365
MOST_DAYS: Final = 3650
_FORM = re.compile(r"infrashare_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_REJECTED = "the token is not valid here; ask the operator for a new one (infrashare token create)"


@dataclass(frozen=True)
class Token:
    """An access token without its secret; times are ISO 8601 in UTC."""

    id: str
    partner: str
    label: str
    created_at: str
    expires_at: str
    revoked_at: str | None

    def state(self, now: datetime) -> str:
        """``valid``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if now < datetime.fromisoformat(self.expires_at) else "expired"


_COLUMNS = [column for column in TOKENS.c if column.name != "secret_sha256"]


class Tokens:
    """The tokens of a service, in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, partner: str, days: int = DEFAULT_DAYS, label: str = "") -> tuple[Token, str]:
        """A new token and its text, which is shown this once and never again.

        Raises ``InputError`` for a partner that is no name and for days outside of 1 to ``MOST_DAYS``.
        """
        if not SLUG.fullmatch(partner):
            raise InputError(f"partner {partner!r} is not a name; use lower-case words joined by hyphens")
        if not 1 <= days <= MOST_DAYS:
            raise InputError(f"days={days}: a token lasts from 1 to {MOST_DAYS} days")
        now = datetime.now(UTC).replace(microsecond=0)
        token = Token(
            id=secrets.token_hex(4),
            partner=partner,
            label=label,
            created_at=now.isoformat(),
            expires_at=(now + timedelta(days=days)).isoformat(),
            revoked_at=None,
        )
        secret = secrets.token_urlsafe(32)
        with self._database.writing("the token") as connection:
            row = {**vars(token), "secret_sha256": content_hash(secret.encode())}
            connection.execute(sa.insert(TOKENS).values(**row))
        return token, f"infrashare_{token.id}_{secret}"

    def all(self) -> list[Token]:
        """All tokens, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*_COLUMNS).order_by(TOKENS.c.created_at.desc(), TOKENS.c.id))
            return [Token(**row._mapping) for row in rows]

    def revoke(self, token_id: str) -> Token:
        """Make a token worthless from now on. Raises ``NotFound``; revoking again changes nothing."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.writing("the revocation") as connection:
            this = TOKENS.c.id == token_id
            connection.execute(
                sa.update(TOKENS).where(this, TOKENS.c.revoked_at.is_(None)).values(revoked_at=now)
            )
            row = connection.execute(sa.select(*_COLUMNS).where(this)).first()
        if row is None:
            raise NotFound(f"no token has the id {token_id!r}; 'infrashare token list' shows them")
        return Token(**row._mapping)

    def bearer(self, text: str) -> Token:
        """The token with this text. Raises ``Unauthorised`` where it is unknown, expired or revoked."""
        form = _FORM.fullmatch(text)
        row: Any = None
        if form:
            with self._database.reading() as connection:
                row = connection.execute(sa.select(TOKENS).where(TOKENS.c.id == form[1])).first()
        hashed = content_hash((form[2] if form else text).encode("utf-8", "surrogatepass"))
        known = row.secret_sha256 if row is not None else "0" * 64
        if not hmac.compare_digest(hashed, known) or row is None:
            raise Unauthorised(_REJECTED)
        token = Token(**{name: value for name, value in row._mapping.items() if name != "secret_sha256"})
        state = token.state(datetime.now(UTC))
        if state != "valid":
            raise Unauthorised(f"the token {token.id} is {state}; ask the operator for a new one")
        return token
