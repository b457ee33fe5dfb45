"""The tests of matching on a remote engine, and the same answers from each engine to the same needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from servers import oxigraph, virtuoso
from suites import suite

from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.resources import CODELISTS
from graph.service import Service
from graph.settings import Settings
from graph.store.remote import RemoteReader

_MATCHER = suite("match/test_matcher.py")


@contextmanager
def started(folder: Path, **settings: Any) -> Iterator[Service]:
    more = {"query_workers": 1, "warm_up": False, "store_timeout": 300, **settings}
    service = Service(Settings(data_dir=folder, **more))
    try:
        if service.settings.store:
            service.engine.start_anew()
        service.start()
        yield service
    finally:
        service.close()


@pytest.fixture(scope="module", params=("oxigraph", "virtuoso"))
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The shipped graph in a server, whose default graph is the union of all."""
    folder = tmp_path_factory.mktemp("server")
    of_union = {"store_dataset": "union"} if request.param == "oxigraph" else {}
    opened = virtuoso(folder) if request.param == "virtuoso" else oxigraph(folder, "--union-default-graph")
    with pytest.MonkeyPatch.context() as patched, opened as server:
        patched.setattr("graph.service.CODELISTS", CODELISTS)  # all of them, whoever took a few before
        with started(tmp_path_factory.mktemp("match"), **of_union, **server.settings) as service:
            yield service


@pytest.fixture(scope="module")
def snapshot(service: Service) -> RemoteReader:
    state = service.snapshot
    assert isinstance(state, RemoteReader)
    return state


@pytest.fixture(scope="module")
def matcher(service: Service) -> Matcher:
    return service.matcher


match = _MATCHER.match
globals().update({name: test for name, test in vars(_MATCHER).items() if name.startswith("test_")})


NEEDS: tuple[dict[str, Any], ...] = (
    {"text": "additive Fertigung", "language": "de"},
    {"capabilities": ["additive-manufacturing", "robotics"], "services": ["testing"], "limit": 20},
    {
        "capabilities": ["additive-manufacturing"],
        "location": {"lat": 50.83, "lon": 12.92},
        "maxDistanceKm": 400,
        "required": ["maxDistanceKm"],
    },
)


@pytest.fixture(scope="module")
def answers(shipped: Path, copy_of: Callable[[Path], Path]) -> list[dict[str, Any]]:
    """What the embedded engine answers."""
    with started(copy_of(shipped)) as service:
        return asked(service)


def asked(service: Service) -> list[dict[str, Any]]:
    return [service.matcher.match(Need.model_validate(need), service.snapshot) for need in NEEDS]


def test_every_engine_gives_the_same_answers(service: Service, answers: list[dict[str, Any]]) -> None:
    found = asked(service)
    for expected, answer in zip(answers, found, strict=True):
        assert expected["total"] == answer["total"] > 0
        for one, other in zip(expected["results"], answer["results"], strict=True):
            assert one["facility"] == other["facility"]
            assert one["score"] == pytest.approx(other["score"], abs=1e-3)
            assert one["distance_km"] == pytest.approx(other["distance_km"], abs=0.2)
            for mine, theirs in zip(one["criteria"], other["criteria"], strict=True):
                assert (mine["criterion"], mine["verdict"]) == (theirs["criterion"], theirs["verdict"])
                assert len(mine["evidence"]) == len(theirs["evidence"])
