"""A started service with the shipped data, shared by the tests of matching."""

from collections.abc import Iterator

import pytest

from graph.match.knowledge import Knowledge
from graph.match.matcher import Matcher
from graph.service import Service, running
from graph.settings import Settings
from graph.store.engine import Snapshot


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The eight-region graph in a fresh data directory."""
    with running(Settings(data_dir=tmp_path_factory.mktemp("match"))) as started:
        yield started


@pytest.fixture(scope="session")
def snapshot(service: Service) -> Snapshot:
    return service.snapshot


@pytest.fixture(scope="session")
def matcher(service: Service) -> Matcher:
    return service.matcher


@pytest.fixture(scope="session")
def knowledge(matcher: Matcher, snapshot: Snapshot) -> Knowledge:
    return matcher.knowledge(snapshot)
