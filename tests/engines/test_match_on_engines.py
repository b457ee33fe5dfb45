"""The tests of matching on a remote engine, and the same answers from each engine to the same needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from servers import Server, oxigraph
from suites import suite

from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.resources import CODELISTS, DATA
from graph.service import Service
from graph.settings import Settings
from graph.store.remote import RemoteReader

_MATCHER = suite("match/test_matcher.py")
_ELSEWHERE = {
    "test_a_need_that_cannot_be_used_is_refused_with_the_place",  # it needs no engine
    "test_removing_a_cited_triple_changes_only_what_cites_it",  # three revisions, of each of which all words are read
}


@contextmanager
def started(folder: Path, **settings: Any) -> Iterator[Service]:
    more = {"check_workers": 1, "query_workers": 1, "warm_up": False, "store_timeout": 300, **settings}
    service = Service(Settings(data_dir=folder, **more))
    try:
        if service.settings.store:
            service.engine.start_anew()
        service.start()
        yield service
    finally:
        service.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The shipped graph in ``oxigraph serve`` whose default graph is the union of all."""
    with (
        pytest.MonkeyPatch.context() as patched,
        oxigraph(tmp_path_factory.mktemp("union"), "--union-default-graph") as server,
    ):
        patched.setattr("graph.service.CODELISTS", CODELISTS)  # all of them, whoever took a few before
        with started(tmp_path_factory.mktemp("match"), store_dataset="union", **server.settings) as service:
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
globals().update(
    {
        name: test
        for name, test in vars(_MATCHER).items()
        if name.startswith("test_") and name not in _ELSEWHERE
    }
)


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
def answers(few_code_lists: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the embedded engine answers on a small graph."""
    with started(tmp_path_factory.mktemp("embedded"), empty=True) as service:
        return asked(service)


def asked(service: Service) -> list[dict[str, Any]]:
    data = (DATA / "tu-chemnitz/facilities.ttl").read_bytes()
    checked = service.checking.check(data, "text/turtle")
    service.acceptance.accept(checked, "tu-chemnitz", "facilities", agent="someone", message="a test")
    return [service.matcher.match(Need.model_validate(need), service.snapshot) for need in NEEDS]


def test_every_engine_gives_the_same_answers(
    remote: Server, answers: list[dict[str, Any]], few_code_lists: Path, tmp_path: Path
) -> None:
    with started(tmp_path, empty=True, **remote.settings) as service:
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
