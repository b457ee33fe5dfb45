"""The guide to linked data: its Python and its commands run against a service, and do what the guide says."""

import contextlib
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from graph.resources import ROOT
from graph.service import Service
from tests.api.conftest import Server
from tests.cli.guide import SHOWN

GUIDE = (ROOT / "docs" / "linked-data.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


def test_the_mirror_in_python_has_the_whole_dataset(server: Server, service: Service) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(code.replace(SHOWN, server.url), "linked-data.md", "exec"), {})
    current = service.ledger.current()
    statements = sum(version.triples for version in current)
    assert told.getvalue() == f"{statements:,} statements in {len(current)} graphs\n"


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="curl is not here: install it to run the commands of the guide"
)
def test_the_commands_work(server: Server, tmp_path: Path) -> None:
    assert len(COMMANDS) > 8
    for command in COMMANDS:
        done = subprocess.run(
            [
                "bash",
                "-c",
                f"{command.replace(SHOWN, server.url).replace('curl -s', 'curl -fs')}",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout or "--output" in command or "-sO" in command, command
    assert {path.name for path in tmp_path.iterdir()} == {"dump.nq.gz", "dump.nq.gz.sha256", "dump-39.ttl.gz"}
