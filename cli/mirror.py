"""Following the change feed of another service."""

import argparse
import sys

import httpx

from cli.arguments import DONE
from cli.opening import progress_bar, settings_of
from graph.errors import InputError, NotFound, StoreError
from graph.publish.mirror import follow
from graph.store.engine import EmbeddedEngine
from graph.store.ledger import Ledger

_PATIENCE = httpx.Timeout(60.0, read=600.0)
_MOST_BYTES = 1024**3


def mirror(options: argparse.Namespace) -> int:
    """Bring the ledger of the data directory to the state of a service."""
    settings = settings_of(options)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    EmbeddedEngine.require_free(settings.data_dir)
    ledger = Ledger(settings.ledger_url)
    try:
        with httpx.Client(timeout=_PATIENCE) as client, progress_bar() as progress:
            address = f"{options.url.rstrip('/')}/feed"
            followed = follow(ledger, address, lambda page: _fetched(client, page), settings, progress)
    finally:
        ledger.close()
    print(f"{settings.data_dir}: revision {followed.revision}, {followed.versions:,} new versions")
    print(f"{followed.pages} pages were read", file=sys.stderr)
    return DONE


def _fetched(client: httpx.Client, address: str) -> bytes:
    """What stands at an address, as N-Quads, read to its end."""
    parts = bytearray()
    try:
        with client.stream("GET", address, headers={"Accept": "application/n-quads"}) as answer:
            if answer.status_code != 200:
                raise NotFound(f"{address} answers {answer.status_code}; is it a service with a change feed?")
            kind = answer.headers.get("content-type", "").partition(";")[0]
            if kind != "application/n-quads":
                raise InputError(f"{address} answers with {kind or 'no media type'} and not with N-Quads")
            for part in answer.iter_bytes():
                parts += part
                if len(parts) > _MOST_BYTES:
                    raise InputError(f"{address} is larger than {_MOST_BYTES:,} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StoreError(f"{address} does not answer: {error or type(error).__name__}") from error
    return bytes(parts)
