"""A started service with the shipped data, shared by the tests of matching."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.match.knowledge import Knowledge
from graph.match.linking import Understood
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.service import Service, running
from graph.settings import Settings
from graph.store.engine import Snapshot

Understand = Callable[[str, str], Understood]
"""Understands a text in a language."""


@pytest.fixture(scope="session")
def service(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[Service]:
    """The eight-region graph in a data directory of its own."""
    with running(Settings(data_dir=copy_of(shipped))) as started:
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


@pytest.fixture(scope="session")
def understand(matcher: Matcher, snapshot: Snapshot) -> Understand:
    return lambda text, language: matcher.understand(
        Need.model_validate({"text": text, "language": language}), snapshot
    )
