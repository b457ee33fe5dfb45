"""The guide to runs: its need is a need, its commands run against a service, and what it lists is all there is."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store

from graph.match.need import Need
from graph.resources import ROOT
from tests.api.conftest import Server
from tests.cli.guide import SHOWN

GUIDE = (ROOT / "docs" / "match-runs.md").read_text(encoding="utf-8")
(NEED,) = re.findall(r"```turtle\n(.*?)```", GUIDE, re.DOTALL)
(QUERY,) = re.findall(r"```sparql\n(.*?)```", GUIDE, re.DOTALL)
BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)


def test_the_query_says_of_the_answer_to_the_need_why_the_first_is_first(server: Server) -> None:
    headers = {"Content-Type": "text/turtle", "Accept": "text/turtle"}
    answer = httpx.post(f"{server.url}/match", content=NEED.encode(), headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    store = Store()
    store.load(answer.content, RdfFormat.TURTLE)
    rows = list(store.query(QUERY))
    assert rows
    assert all(row["reason"].language == "en" for row in rows)
    assert [row["property"] for row in rows if row["property"] is not None]


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="curl is not here: install it to run the commands of the guide"
)
@pytest.mark.parametrize("block", BLOCKS)
def test_the_commands_work(server: Server, tmp_path: Path, block: str) -> None:
    (tmp_path / "need.ttl").write_text(NEED, encoding="utf-8")
    commands = block.replace(SHOWN, server.url).replace("curl -s", "curl -fs")
    done = subprocess.run(
        ["bash", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_every_member_of_a_need_is_in_the_table() -> None:
    for member in set(Need.model_fields) - {"shareDemand"}:
        assert re.search(rf"^\|[^|]*`{member}`[^|]*\|", GUIDE, re.MULTILINE), member
