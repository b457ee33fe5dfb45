"""The facts and the shipped graph, for the tests of the data."""

from pathlib import Path

import pytest
from facts import Facts, Shipped
from pyoxigraph import Store


@pytest.fixture(scope="session")
def facts(shared: Path) -> Facts:
    return Facts(shared / "facts")


@pytest.fixture(scope="session")
def shipped(data_graph: Store) -> Shipped:
    return Shipped(data_graph)
