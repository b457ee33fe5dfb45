"""The guide for apps: its commands and its program run against a service, and it names every tool."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.tools.server import server_of
from api.tools.source import source_of
from cli.arguments import parser
from graph.resources import ROOT
from tests.api.conftest import Server
from tests.cli.guide import SHOWN

GUIDE = (ROOT / "docs" / "apps.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
(PROGRAM,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
(CONFIGURATION,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="curl is not here: install it to run the commands of the guide"
)
def test_the_commands_and_the_program_work(server: Server, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for block in BLOCKS:
        commands = block.replace(SHOWN, server.url).replace("curl -s", "curl -fs")
        done = subprocess.run(
            ["bash", "-ec", commands],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=environment,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout
        if "batch" in block:
            first, second = map(json.loads, done.stdout.splitlines())
            assert first["answer"]["results"]
            assert second["problem"]["type"] == "/problems/invalid-input"
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace(SHOWN, server.url)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("https://w3id.org/infrashare/id/facility/") == 3


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_every_tool_is_named() -> None:
    async with source_of(None, SHOWN) as source:
        tools = await server_of(source).list_tools()
    named = set(re.findall(r"`(\w+_\w+)`", GUIDE.partition("| tool |")[2]))
    assert {tool.name for tool in tools} == named


def test_the_configuration_of_a_client_starts_the_command() -> None:
    (tools,) = json.loads(CONFIGURATION)["mcpServers"].values()
    assert tools["command"] == "infrashare"
    assert parser().parse_args(tools["args"]).command == "mcp"
