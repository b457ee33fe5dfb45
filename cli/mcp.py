"""A server of the Model Context Protocol, for assistants and editors that use tools."""

import argparse
import asyncio

from api.tools.server import speak
from cli.arguments import DONE
from cli.opening import service_of


def mcp(options: argparse.Namespace) -> int:
    """Speak the protocol on standard input and output until the input ends."""
    if options.server:
        asyncio.run(speak(None, options.server))
        return DONE
    with service_of(options) as service:
        asyncio.run(speak(service, ""))
    return DONE
