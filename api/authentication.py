"""Who sends a contribution: bearer tokens after RFC 6750, with failed attempts counted and slowed."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from fastapi import Request

from api.state import service
from graph.errors import GraphError, Place, Refused, Unauthorised
from graph.store.tokens import Token

_FREE_ATTEMPTS = 5
"""Failed attempts of an address before it has to wait."""
_LONGEST_WAIT = 300.0
_FORGOTTEN_AFTER = 900.0
_MOST_ADDRESSES = 10_000


class TooManyAttempts(GraphError):  # noqa: N818 - a state, not a fault
    """An address has sent wrong tokens too often; ``seconds`` says how long it has to wait."""

    problem = "too-many-attempts"

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        super().__init__(f"too many wrong tokens came from this address; try again in {self.seconds} seconds")


@dataclass
class _Failures:
    number: int = 0
    at: float = 0.0
    blocked_until: float = 0.0


class Attempts:
    """Counts wrong tokens by address. After five, each further one doubles the time that the address has to wait.

    A right token, or a quarter of an hour without a wrong one, clears the count. Safe to use from many threads.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, address: str) -> None:
        """Raise ``TooManyAttempts`` where the address has to wait."""
        with self._lock:
            failures = self._failures.get(address)
            now = time.monotonic()
            if failures is None:
                return
            if failures.blocked_until > now:
                raise TooManyAttempts(failures.blocked_until - now)
            if now - failures.at > _FORGOTTEN_AFTER:
                del self._failures[address]

    def failed(self, address: str) -> None:
        """Count a wrong token."""
        with self._lock:
            failures = self._failures.setdefault(address, _Failures())
            self._failures.move_to_end(address)
            failures.number += 1
            failures.at = time.monotonic()
            further = failures.number - _FREE_ATTEMPTS
            if further >= 0:
                failures.blocked_until = failures.at + min(2.0**further, _LONGEST_WAIT)
            while len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Clear the count."""
        with self._lock:
            self._failures.pop(address, None)


def contributor(request: Request, partner: str) -> Token:
    """The token that the request bears, which must be of this partner.

    Raises ``Unauthorised`` for no or a wrong token, ``TooManyAttempts``, and ``Refused`` for another partner's.
    """
    header = request.headers.get("authorization", "")
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Unauthorised(
            "this needs the partner's token: send 'Authorization: Bearer infrashare_…' "
            "(the operator makes one with infrashare token create)"
        )
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    attempts.admit(address)
    try:
        token = service(request).tokens.bearer(text.strip())
    except Unauthorised:
        attempts.failed(address)
        raise
    attempts.succeeded(address)
    if token.partner != partner:
        message = f"the token is of {token.partner} and cannot write for {partner}"
        raise Refused(message, (Place(message, "partner-foreign", value=partner[:200]),))
    return token
