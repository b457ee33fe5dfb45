"""A served dataset for the guides whose examples ask one, a new one for each guide."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.service import Service, running
from graph.settings import Settings
from tests.api.conftest import Server, serving


@pytest.fixture(scope="module")
def service(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[Service]:
    with running(Settings(data_dir=copy_of(shipped), warm_up=False)) as started:
        yield started


@pytest.fixture(scope="module")
def server(service: Service) -> Iterator[Server]:
    with serving(service.settings, service) as started:
        yield started
