"""``infrashare impact``: where it looks, what it prints, and the exit code that a release can be held up by."""

import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from graph.store.ledger import Ledger

Run = Callable[..., subprocess.CompletedProcess[str]]

DONE, NOTHING, USAGE = 0, 1, 2

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/infrashare/shapes#> .
@prefix infra: <https://w3id.org/infrashare/ontology#> .
shapes:facility a sh:NodeShape ; sh:targetClass infra:Facility ; sh:property shapes:facility-region-required .
shapes:facility-region-required a sh:PropertyShape ; sh:path infra:inRegion ; sh:minCount 1 ; sh:severity sh:%s .
"""
FACILITY = (
    b"<https://w3id.org/infrashare/id/facility/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    b"<https://w3id.org/infrashare/ontology#Facility> .\n"
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Shapes that warn, and shapes that refuse."""
    made = tmp_path / "mild", tmp_path / "strict"
    for folder, severity in zip(made, ("Warning", "Violation"), strict=True):
        folder.mkdir()
        (folder / "facility.ttl").write_text(SHAPES % severity)
    return made


def test_what_becomes_invalid_is_shown_and_is_1(run: Run, folders: tuple[Path, Path], tmp_path: Path) -> None:
    with closing(Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")) as ledger:
        ledger.append(
            graph="https://w3id.org/infrashare/graph/alpha/facilities",
            partner="alpha",
            dataset="facilities",
            ntriples=FACILITY,
            triples=1,
            agent="a",
            message="",
        )
    done = run("impact", *folders, "--data-dir", tmp_path)
    assert done.returncode == NOTHING
    assert "alpha/facilities" in done.stdout
    assert "facility-region-required (1)" in done.stdout
    assert "warning → violation" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 contributions: 1 become invalid")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.sqlite", "mild", "strict"]


def test_without_a_ledger_what_ships_is_checked(run: Run, folders: tuple[Path, Path], tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    done = run("impact", *folders, "--data-dir", nowhere, "--format", "markdown")
    assert done.returncode == DONE
    assert "holds no ledger: the shipped contributions are checked" in done.stderr
    assert done.stdout.startswith(f"## Impact of the shapes: {folders[0]} → {folders[1]}\n")
    assert ": 0 become invalid, " in done.stdout
    assert not nowhere.exists()


def test_shapes_that_are_not_there_are_2(run: Run, folders: tuple[Path, Path]) -> None:
    done = run("impact", "no-such-revision", folders[1])
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "'no-such-revision' is neither a folder nor a git revision" in done.stderr
