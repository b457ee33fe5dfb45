"""What the tests of the store share: the queries, and an engine in a fresh folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import EmbeddedEngine


@pytest.fixture(scope="session")
def queries() -> QueryCatalogue:
    return QueryCatalogue(QUERIES)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    built = EmbeddedEngine(tmp_path)
    yield built
    built.close()
