"""The server of the tools, which speaks the Model Context Protocol on standard input and output."""

from importlib.metadata import version
from typing import Final

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

from api.tools.names import Names
from api.tools.needs import Needs
from api.tools.places import Places
from api.tools.questions import Questions
from api.tools.source import Source, source_of
from graph.service import Service

_INSTRUCTIONS: Final = """\
InfraShare is a knowledge graph of laboratories, pilot lines, clean rooms and test beds of European regions, with the
organisations, policy instruments and good practices around them. Say only what an answer states, and cite its IRIs and
its revision. What is not stated is unknown, which is not no. To find facilities for a firm, use match_need; for why
one is not among them, why_not; for codes, find_codes; for all about one thing, describe_entity; for a region
and its neighbours, region_profile, compare_regions and region_exchange; for other questions, list_queries and then
run_query."""


def server_of(source: Source) -> MCPServer:
    """The server with all tools; none of them changes anything."""
    needs, questions, names, places = Needs(source), Questions(source), Names(source), Places(source)
    server = MCPServer(
        "infrashare",
        title="InfraShare",
        instructions=_INSTRUCTIONS,
        version=version("infrashare"),
        log_level="WARNING",
    )
    for tool in (
        needs.match_need,
        needs.why_not,
        questions.list_queries,
        questions.run_query,
        names.describe_entity,
        names.find_codes,
        places.region_profile,
        places.compare_regions,
        places.region_exchange,
    ):
        server.add_tool(
            tool,
            annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
        )
    return server


async def speak(service: Service | None, server: str) -> None:
    """Answer on standard input and output until the input ends."""
    async with source_of(service, server) as source:
        await server_of(source).run_stdio_async()
