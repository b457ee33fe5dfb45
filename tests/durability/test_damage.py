"""Damaged files: the engine is built anew from the ledger or says what is wrong; a damaged ledger is left alone."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Quad

from bench.partner import turtle
from graph.contribute.checking import RELATIVE_BASE, Checked
from graph.contribute.reading.parse import canonical_ntriples, read
from graph.contribute.report import Quality, Report
from graph.errors import StoreError
from graph.resources import ROOT
from graph.restoration import verified
from graph.service import Service
from graph.settings import Settings
from graph.store.content import content_hash
from graph.store.disk import EngineDamaged
from tests.durability.conftest import PARTNER

TINY = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/infrashare/codelist/capability/welding> a skos:Concept ; skos:prefLabel "welding"@en .
"""
ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
KILLED = (
    "import pathlib, sys; from tests.durability.test_damage import write; write(pathlib.Path(sys.argv[1]))"
)
DAMAGES = ("deleted", "emptied", "cut", "garbage", "overwritten early", "overwritten", "overwritten late")


@pytest.fixture(autouse=True)
def tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ontology and code lists of one concept: an engine is then built in a fraction of a second."""
    small(tmp_path_factory.mktemp("tiny"), monkeypatch)


def small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "tiny.ttl").write_text(TINY)
    monkeypatch.setattr("graph.service.ONTOLOGY", folder)
    monkeypatch.setattr("graph.service.CODELISTS", folder)


def accept(service: Service, dataset: str, groups: list[int], *, publish: bool = True) -> None:
    """Accept a contribution that was checked before."""
    parsed = read(turtle(dataset, groups), "text/turtle", RELATIVE_BASE, 10_000_000)
    conforms = Report(
        len(parsed.triples), {"violation": 0, "warning": 0, "info": 0}, {}, (), Quality("gold", 1.0)
    )
    checked = Checked(conforms, canonical_ntriples(parsed.triples), content_hash(dataset.encode()))
    service.acceptance.accept(checked, PARTNER, dataset, agent="someone", message="a test", publish=publish)


def write(folder: Path) -> None:
    """Fill a data directory and end as by a power cut, with something in the engine's log only."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        (folder.parent / "tiny").mkdir()
        small(folder.parent / "tiny", monkeypatch)
        service = started(folder)
        accept(service, "one", [1])
        accept(service, "two", [2, 3])
        accept(service, "one", [4])
        service.acceptance.delete(PARTNER, "two", agent="someone", message="a test")
        accept(service, "three", [5, 6])
        accept(service, "one", [7], publish=False)
        os.kill(os.getpid(), signal.SIGKILL)


def started(folder: Path) -> Service:
    service = Service(Settings(data_dir=folder, empty=True))
    try:
        service.start()
    except BaseException:
        service.close()
        raise
    return service


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose service was killed."""
    folder = tmp_path_factory.mktemp("written") / "var"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    return folder


@pytest.fixture(scope="module")
def expected(written: Path, tmp_path_factory: pytest.TempPathFactory) -> set[Quad]:
    """What it holds where nothing is damaged."""
    folder = tmp_path_factory.mktemp("whole") / "var"
    shutil.copytree(written, folder)
    with pytest.MonkeyPatch.context() as monkeypatch:
        small(tmp_path_factory.mktemp("small"), monkeypatch)
        service = started(folder)
        assert service.index.verify() == []
        quads = set(service.snapshot.store)
        service.close()
    assert len(quads) > 500
    return quads


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "var"
    shutil.copytree(written, copy)
    return copy


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    rng = random.Random(len(data))
    middle = {"early": 0.05, "overwritten": 0.4, "late": 0.8}.get(how.rsplit(" ", maxsplit=1)[-1], 0.5)
    start = int(len(data) * middle)
    if how == "deleted":
        path.unlink()
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(data[: len(data) * 6 // 10])
    elif how == "garbage":
        path.write_bytes(rng.randbytes(len(data)))
    else:
        path.write_bytes((data[:start] + rng.randbytes(200) + data[start + 200 :])[: len(data)])


def by_every_index(service: Service, quads: set[Quad]) -> Iterator[set[Quad]]:
    """All quads, as each of the engine's six orders of subject, predicate, object and graph gives them."""
    store = service.snapshot.store
    patterns = (
        {(None, None, None, None)},
        {(None, None, None, quad.graph_name) for quad in quads},
        {(quad.subject, None, None, None) for quad in quads},
        {(None, quad.predicate, None, None) for quad in quads},
        {(None, None, quad.object, None) for quad in quads},
        {(None, quad.predicate, None, quad.graph_name) for quad in quads},
        {(None, None, quad.object, quad.graph_name) for quad in quads},
    )
    for several in patterns:
        yield {quad for pattern in several for quad in store.quads_for_pattern(*pattern)}


@pytest.mark.parametrize("how", DAMAGES)
def test_with_any_file_of_the_engine_damaged_no_answer_is_wrong(
    written: Path, expected: set[Quad], tmp_path: Path, how: str
) -> None:
    """The start builds the engine anew, or what is read says that it is damaged: then the next start does."""
    for name in sorted(path.name for path in (written / "engine").iterdir()):
        folder = tmp_path / name
        shutil.copytree(written, folder)
        damage(folder / "engine" / name, how)
        service = started(folder)
        try:
            for answer in by_every_index(service, expected):
                assert answer == expected, f"{name} {how}"
        except RuntimeError as error:
            if "checksum mismatch" not in str(error):
                raise
            with pytest.raises(EngineDamaged, match="the next start builds them anew"):
                find_damage(service, expected)
            service.close()
            service = started(folder)
            for answer in by_every_index(service, expected):
                assert answer == expected, f"{name} {how}, started again"
        finally:
            service.close()
        shutil.rmtree(folder)


def find_damage(service: Service, quads: set[Quad]) -> None:
    """Ask until the damaged place is read."""
    service.snapshot.select(ALL)
    for quad in quads:
        for pattern in (f"{quad.subject} ?p ?o", f"?s {quad.predicate} ?o", f"?s ?p {quad.object}"):
            for where in (pattern, f"GRAPH {quad.graph_name} {{ {pattern} }}"):
                service.snapshot.select(f"SELECT * WHERE {{ {where} }}")


def test_damage_that_a_reader_meets_is_mended_by_the_next_contribution(
    folder: Path, expected: set[Quad]
) -> None:
    for path in sorted((folder / "engine").glob("*.sst")):
        if path.stat().st_size > 10_000:
            damage(path, "overwritten")
    service = started(folder)
    (folder / "engine-damaged").touch()
    accept(service, "four", [8])
    assert not service.engine.damaged
    assert service.index.verify() == []
    assert {quad for quad in expected if "/one" in str(quad.graph_name)} <= set(service.snapshot.store)
    service.close()


def test_a_deleted_engine_is_built_anew(folder: Path, expected: set[Quad]) -> None:
    shutil.rmtree(folder / "engine")
    service = started(folder)
    assert len(service.started) == 4
    assert set(service.snapshot.store) == expected
    service.close()


@pytest.mark.parametrize("how", ["garbage", "another file"])
def test_a_damaged_ledger_is_said_and_left_as_it_is(folder: Path, how: str) -> None:
    ledger = folder / "ledger.sqlite"
    if how == "garbage":
        damage(ledger, how)
    else:
        ledger.write_bytes(b"not a database, but long enough to be taken for one by its size" * 100)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match=r"its file is damaged.* infrashare restore"):
        Service(Settings(data_dir=folder, empty=True))
    for words in (["serve", "--empty", "--port", "0"], ["history", f"{PARTNER}/one"]):
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *words, "--data-dir", str(folder)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (3, ""), words
        assert "its file is damaged" in done.stderr
        assert "Traceback" not in done.stderr
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("place", [0.1, 0.25, 0.4, 0.55, 0.7, 0.85])
def test_a_damaged_page_of_the_ledger_is_never_a_wrong_answer(
    folder: Path, expected: set[Quad], place: float
) -> None:
    """It is said at the start or by ``infrashare verify``, and what readers see is right or nothing."""
    ledger = folder / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = ledger.read_bytes()
    start = int(len(data) * place) // 4096 * 4096
    ledger.write_bytes(data[:start] + random.Random(start).randbytes(4096) + data[start + 4096 :])
    try:
        service = started(folder)
    except StoreError as error:
        told = [error.detail]
    else:
        assert set(service.snapshot.store) == expected
        told = told_by_verify(service)
        service.close()
    assert any("damaged" in words for words in told), told


def told_by_verify(service: Service) -> list[str]:
    try:
        return [*verified(service).problems]
    except StoreError as error:
        return [error.detail]
