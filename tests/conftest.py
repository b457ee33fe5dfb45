"""What many tests read: the rules, the reference, the shipped graphs and data directories, each made once."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from pyoxigraph import RdfFormat, Store

from bench.served import prepare
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.resources import DATA, ONTOLOGY, ROOT, SHAPES, turtle_files
from graph.service import running
from graph.settings import Settings

# No example has a time limit: a busy machine, or the collector of garbage at work, would fail a test that is right.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def _store(paths: Iterable[Path]) -> Store:
    store = Store()
    for path in paths:
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rule catalogue of the shapes that ship."""
    return Rules(SHAPES)


@pytest.fixture(scope="session")
def reference() -> Reference:
    """The ontology, code lists and entities that contributions are checked against."""
    return Reference()


@pytest.fixture(scope="session")
def ontology_graph() -> Store:
    """The ontology and its alignments, without the code lists."""
    return _store(sorted(ONTOLOGY.glob("*.ttl")))


@pytest.fixture(scope="session")
def codelist_graph() -> Store:
    """All code lists, own and reference."""
    return _store(turtle_files(ONTOLOGY / "codelists"))


@pytest.fixture(scope="session")
def data_graph() -> Store:
    """All shipped contributions together."""
    return _store(turtle_files(DATA))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the researched facts and the sources of the reference lists, beside the project."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip(f"{path} is not here: facts and reference sources are not part of the repository")
    return path


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the shipped data, to be copied; loaded once for all processes of the test run."""

    def load(folder: Path) -> None:
        with running(Settings(data_dir=folder)):
            pass

    return _made_once(tmp_path_factory, "shipped", load)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory without contributions, to be copied; made once for all processes of the test run."""
    return _made_once(tmp_path_factory, "prepared", prepare)


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = base / name
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Copies a data directory, so that tests can work with it."""
    return lambda folder: Path(shutil.copytree(folder, tmp_path_factory.mktemp("copy") / "var"))
