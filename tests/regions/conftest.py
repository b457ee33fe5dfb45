"""A started service with the shipped data, shared by the tests of regions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.service import Service, running
from graph.settings import Settings


@pytest.fixture(scope="session")
def service(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[Service]:
    """The eight-region graph in a data directory of its own."""
    with running(Settings(data_dir=copy_of(shipped))) as started:
        yield started
