"""Who asks: the address of a client, and what it has left of its share (draft-ietf-httpapi-ratelimit-headers)."""

import ipaddress
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from graph.store.shares import Shares

_SITE: Final = 64
"""Bits of an IPv6 address that name a site: its hosts change the others at will (RFC 8981)."""


def client_of(request: Request) -> str:
    """The address that a request comes from; for IPv6 that of its site.

    Behind a proxy it is what the proxy says in ``X-Forwarded-For``, where the server trusts that proxy.
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, _SITE), strict=False))


def tell_share(answer: Response, shares: Shares, client: str) -> None:
    """Say in the headers what the client may ask for, and what is left of it, in seconds of evaluation."""
    share = shares.of(client)
    answer.headers["RateLimit-Policy"] = f'"evaluation";q={share.budget};w={share.window}'
    answer.headers["RateLimit"] = f'"evaluation";r={share.left};t={share.reset}'
