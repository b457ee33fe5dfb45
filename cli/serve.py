"""Serving over HTTP until a signal ends it."""

import argparse
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cli.arguments import DONE
from graph.errors import StoreError
from graph.store.workers import start_ahead

_LAST_ANSWERS = 5
"""Seconds that answers under way get when the service is told to end."""
_BACKLOG = 2048


def serve(options: argparse.Namespace) -> int:
    """Serve over HTTP until interrupted."""
    start_ahead()  # before the rest is loaded, which takes as long
    import uvicorn

    from api.app import create_app
    from cli.opening import opened, settings_of

    settings = settings_of(options, empty=options.empty or None, store=options.store, ledger=options.ledger)
    with _listening(options.host, options.port) as sock, opened(settings) as service:
        for line in service.started:
            print(line, file=sys.stderr)
        offline, confined = service.public.warm()
        for is_kept, what in ((offline, "from the network"), (confined, "from files but the dataset's")):
            if not is_kept:
                print(f"note: query workers cannot be cut off {what} on this system", file=sys.stderr)
        sock.listen(_BACKLOG)
        host, port = sock.getsockname()[:2]
        print(
            f"InfraShare serves revision {service.snapshot.revision} with {service.snapshot.triples:,} triples "
            f"on http://{f'[{host}]' if ':' in host else host}:{port}",
            file=sys.stderr,
            flush=True,
        )
        config = uvicorn.Config(
            create_app(settings, service),
            http="httptools",
            log_level="warning",
            access_log=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=_LAST_ANSWERS,
            server_header=False,
        )
        for sign in (signal.SIGINT, signal.SIGTERM):
            # uvicorn ends on a signal and raises it again afterwards: by then there is a service to close.
            signal.signal(sign, lambda *_: None)
        uvicorn.Server(config).run(sockets=[sock])
    return DONE


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """The socket to listen on, taken before anything is loaded. Raises ``StoreError`` where it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        raise StoreError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
        ) from error
    with sock:
        yield sock
