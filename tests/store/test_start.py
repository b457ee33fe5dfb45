"""Starting a service: what ships is loaded, what was cut off is completed, what is damaged is rebuilt."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.iris import CODELISTS_GRAPH, ONTOLOGY_GRAPH
from graph.resources import DATA, turtle_files
from graph.service import Service, rebuild, running
from graph.settings import Settings


@pytest.fixture(scope="module")
def loaded(shipped: Path, copy_of: Callable[[Path], Path]) -> Path:
    """A data directory in which the shipped graph was loaded, of this module's own."""
    return copy_of(shipped)


def test_everything_that_ships_is_loaded(loaded: Path) -> None:
    with running(Settings(data_dir=loaded)) as service:
        assert service.index.verify() == []
        graphs = {f"{v.partner}/{v.dataset}" for v in service.ledger.current()}
        assert {f"{path.parent.name}/{path.stem}" for path in turtle_files(DATA)} <= graphs
        assert {ONTOLOGY_GRAPH.value, CODELISTS_GRAPH.value} <= service.engine.graph_names()
        assert service.snapshot.revision == service.ledger.revision()


def test_a_second_start_changes_nothing(loaded: Path) -> None:
    with running(Settings(data_dir=loaded)) as service:
        assert service.started == []
        assert {v.version for v in service.ledger.current()} == {1}


def test_the_engine_is_rebuilt_from_the_ledger(loaded: Path) -> None:
    with running(Settings(data_dir=loaded)) as service:
        before = set(service.engine.store)
    assert len(rebuild(Settings(data_dir=loaded))) == len(turtle_files(DATA)) + 2
    with running(Settings(data_dir=loaded)) as service:
        assert set(service.engine.store) == before
        assert service.index.verify() == []


def test_damaged_engine_files_are_rebuilt_at_start(loaded: Path) -> None:
    with running(Settings(data_dir=loaded)) as service:
        before = set(service.engine.store)
    for path in (loaded / "engine").glob("MANIFEST-*"):
        path.write_bytes(b"garbage")
    with running(Settings(data_dir=loaded)) as service:
        assert len(service.started) == len(turtle_files(DATA)) + 2
        assert set(service.engine.store) == before


def test_a_second_service_on_the_same_folder_is_refused_and_harms_nothing(loaded: Path) -> None:
    with running(Settings(data_dir=loaded)) as service:
        for attempt in (
            lambda: Service(Settings(data_dir=loaded)),
            lambda: rebuild(Settings(data_dir=loaded)),
        ):
            with pytest.raises(StoreError, match="another service works with"):
                attempt()
        assert service.engine.publish().triples > 100_000


def test_an_empty_service_has_the_vocabulary_only(tmp_path: Path) -> None:
    with running(Settings(data_dir=tmp_path, empty=True)) as service:
        assert len(service.ledger.current()) == 2
        assert "checking" not in vars(service)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Service(Settings(data_dir=tmp_path / "file" / "var"))


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [DATA / "tartu-city" / "region.ttl", DATA / "tartu-city" / "organisations.ttl"]
    monkeypatch.setattr(
        "graph.service.turtle_files", lambda folder: few if folder == DATA else turtle_files(folder)
    )
    told: list[tuple[str, int, int]] = []
    with running(Settings(data_dir=tmp_path), lambda *step: told.append(step)):
        pass
    assert told == [
        ("check and load tartu-city/region", 0, 2),
        ("check and load tartu-city/organisations", 1, 2),
        ("loaded", 2, 2),
    ]


STARTER = """
import sys, pathlib
import graph.service
from graph.service import running
from graph.settings import Settings
all_files = graph.service.turtle_files
graph.service.turtle_files = lambda folder: all_files(folder)[:8] if folder == graph.service.DATA else all_files(folder)
print("go", flush=True)
with running(Settings(data_dir=pathlib.Path(sys.argv[1])), lambda *step: print(step, flush=True)):
    print("ready", flush=True)
"""


def test_a_start_that_is_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    """``kill -9`` at several points of a first start: afterwards the engine is what the ledger says."""
    rng = random.Random(20_261_123)
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(rng.randrange(1, 9)):
            if process.stdout.readline() in {"", "ready\n"}:
                break
        time.sleep(rng.random() * 0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        process.stdout.close()
        with running(Settings(data_dir=tmp_path, empty=True)) as service:
            assert service.index.verify() == []
            assert service.engine.revision == service.ledger.revision()
    subprocess.run([sys.executable, "-c", STARTER, str(tmp_path)], check=True, capture_output=True)
    with running(Settings(data_dir=tmp_path, empty=True)) as service:
        assert service.index.verify() == []
        assert len(service.ledger.current()) == 8 + 2
        assert {v.version for v in service.ledger.current()} == {1}
