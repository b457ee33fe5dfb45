"""``infrashare network``: tables for people, data and files for programs, the same network in each."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import networkx as nx
import pytest

from cli.arguments import DONE, NOTHING, USAGE

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(shipped: Path, copy_of: Callable[[Path], Path]) -> Path:
    return copy_of(shipped)


def test_tables_name_regions_links_groups_and_who_links_them(run: Run, folder: Path) -> None:
    done = run("network", "--lang", "nl", "--limit", "2", "--data-dir", folder)
    assert done.returncode == DONE, done.stderr
    for title in (
        "Regio's",
        "Gelijkenis",
        "Complementariteit",
        "Groepen",
        "Organisaties die regio's verbinden",
        "Projecten die regio's verbinden",
        "Centrale faciliteiten",
    ):
        assert f"\n{title} " in f"\n{done.stdout}"
    assert "onbekend" in done.stdout


def test_json_graphml_and_cytoscape_hold_the_same_network(run: Run, folder: Path) -> None:
    asked = ("network", "BE2", "NL41", "LV008", "--min-similarity", "0", "--data-dir", folder)
    told = json.loads(run(*asked, "--json").stdout)
    keys = {link["key"] for link in told["links"]}
    assert "similarity:BE2:NL41" in keys
    graph = nx.read_graphml(
        io.BytesIO(run(*asked, "--format", "graphml").stdout.encode()), force_multigraph=True
    )
    assert {key for *_, key in graph.edges(keys=True)} == keys
    elements = json.loads(run(*asked, "--format", "cytoscape").stdout)["elements"]
    assert {one["data"]["id"] for one in elements["edges"]} == keys


def test_without_links_the_exit_code_says_so(run: Run, folder: Path) -> None:
    done = run("network", "FRK2", "ES51", "--data-dir", folder)
    assert done.returncode == NOTHING
    assert "no facility described there states a capability" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("LV00X",), "did you mean LV00"),
        (("--min-similarity", "much"), "from 0 to 1"),
        (("--limit", "0"), "from 1 to 200"),
        (("--revision", "999999"), "revision"),
    ],
)
def test_wrong_usage_is_told_with_a_remedy(
    run: Run, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run("network", *arguments, "--data-dir", folder)
    assert done.returncode == USAGE, done.stdout
    assert words in done.stderr
    assert done.stdout == ""
