"""Saving the data while a server works with them, losing them, and getting them back: by the commands alone."""

import gzip
import hashlib
import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.iris import DERIVED_GRAPH
from graph.store.ledger import Ledger

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]

DONE, USAGE, FAILED = 0, 2, 3


@pytest.fixture(scope="module")
def server(start: Start, data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A server that works with the shipped data."""
    with start("serve", "--empty", "--port", "0", "--data-dir", data_dir) as process:
        try:
            assert process.stderr is not None
            assert any("InfraShare serves revision" in line for line in process.stderr)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


@pytest.mark.usefixtures("server")
class TestWhileServing:
    def test_a_dump_and_a_backup_are_made(self, run: Run, data_dir: Path, tmp_path: Path) -> None:
        dumped = run("dump", tmp_path / "all.nq.gz", "--data-dir", data_dir)
        assert (dumped.returncode, dumped.stdout) == (DONE, ""), dumped.stderr
        stated, name = (tmp_path / "all.nq.gz.sha256").read_text().split()
        assert name == "all.nq.gz"
        assert stated == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        written = [
            quad.graph_name
            for quad in parse(gzip.decompress((tmp_path / name).read_bytes()), RdfFormat.N_QUADS)
        ]
        assert f"{len(written):,} quads in {len(set(written))} graphs of revision " in dumped.stderr
        assert DERIVED_GRAPH not in written
        saved = run("backup", tmp_path / "backup", "--data-dir", data_dir, "--json")
        assert saved.returncode == DONE, saved.stderr
        manifest = json.loads(saved.stdout)
        assert manifest == json.loads((tmp_path / "backup" / "manifest.json").read_text())
        assert f"of revision {manifest['revision']}" in dumped.stderr

    def test_the_data_of_a_server_are_not_restored_over(
        self, run: Run, data_dir: Path, tmp_path: Path
    ) -> None:
        run("backup", tmp_path / "backup", "--data-dir", data_dir)
        refused = run("restore", tmp_path / "backup", "--data-dir", data_dir)
        assert refused.returncode == USAGE
        assert "add --force" in refused.stderr
        forced = run("restore", tmp_path / "backup", "--data-dir", data_dir, "--force")
        assert forced.returncode == FAILED
        assert "another service works with" in forced.stderr
        assert not list(data_dir.glob("*restor*"))

    def test_a_dump_goes_to_stdout_too(self, run: Run, data_dir: Path, tmp_path: Path) -> None:
        (tmp_path / "all.nq.gz").touch()
        piped = run("dump", "-", "--data-dir", data_dir, "--revision", "1")
        assert piped.returncode == DONE
        graphs = {quad.graph_name for quad in parse(piped.stdout.encode(), RdfFormat.N_QUADS)}
        assert {graph.value.rsplit("/", 1)[-1] for graph in graphs if isinstance(graph, NamedNode)} == {
            "ontology",
            "provenance",
        }
        assert "of revision 1" in piped.stderr
        assert run("dump", "-", "--data-dir", data_dir, "--revision", "99999").returncode == USAGE


def test_the_restore_drill_with_all_that_ships(run: Run, copy: Path, tmp_path: Path) -> None:
    """From a dump alone: the same revision, nothing to find, and a second dump of the same bytes."""
    assert run("dump", tmp_path / "first.nq.gz", "--data-dir", copy).returncode == DONE
    new = tmp_path / "new"
    done = run("restore", tmp_path / "first.nq.gz", "--data-dir", new)
    assert done.returncode == DONE, done.stdout + done.stderr
    assert "verified: 0 problems" in done.stdout
    assert "tokens" in done.stdout  # what is not in a dump is said
    assert run("dump", tmp_path / "second.nq.gz", "--data-dir", new).returncode == DONE
    assert (tmp_path / "second.nq.gz").read_bytes() == (tmp_path / "first.nq.gz").read_bytes()
    with closing(Ledger(f"sqlite:///{copy / 'ledger.sqlite'}")) as old:
        assert f"revision {old.revision()}," in done.stdout
        with closing(Ledger(f"sqlite:///{new / 'ledger.sqlite'}")) as restored:
            # What came with the software is known as such, so the next start loads nothing again.
            assert {v.graph: v.source_sha256 for v in restored.all()} == {
                v.graph: v.source_sha256 for v in old.all()
            }
            assert [v.agent for v in restored.all()] == [v.agent for v in old.all()]


def test_a_damaged_content_is_found_by_verify(run: Run, copy: Path) -> None:
    with closing(Ledger(f"sqlite:///{copy / 'ledger.sqlite'}")) as ledger:
        version = ledger.all()[-1]
        with ledger.database.writing("damage") as connection:
            connection.exec_driver_sql(
                "UPDATE contents SET ntriples_gz = ? WHERE sha256 = ?",
                (gzip.compress(b"else\n"), version.sha256),
            )
            connection.exec_driver_sql("DELETE FROM owners WHERE entity LIKE '%/facility/holst-centre'")
    done = run("verify", "--data-dir", copy)
    assert done.returncode == FAILED
    lines = done.stdout.splitlines()
    assert any(line.startswith(f"{version.graph} version 1: ") and "hash differs" in line for line in lines)
    assert any("nobody owns" in line and "holst-centre" in line for line in lines)
    assert f"{version.revision} versions, hashes of {version.revision} contents compared" in done.stdout
    assert lines[-1].startswith("2 faults; ")


@pytest.mark.parametrize("command", [("dump", "all.nq"), ("backup", "backup")])
def test_without_a_ledger_nothing_is_made(run: Run, tmp_path: Path, command: tuple[str, str]) -> None:
    done = run(command[0], tmp_path / command[1], "--data-dir", tmp_path / "nowhere")
    assert done.returncode == USAGE
    assert "holds no ledger; name the data directory" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_what_cannot_be_restored_is_2_and_makes_nothing(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    done = run("restore", tmp_path / name, "--data-dir", tmp_path / "var")
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert name in done.stderr
    assert not (tmp_path / "var").exists()
