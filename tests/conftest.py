"""What many tests read: the rules, the reference, and the shipped graphs, each loaded once."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.resources import DATA, ONTOLOGY, ROOT, SHAPES, turtle_files


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
