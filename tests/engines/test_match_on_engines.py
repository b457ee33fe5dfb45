"""The tests of matching on a remote engine, and the same answers from each engine to the same needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from servers import Server
from suites import suite

from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.resources import DATA
from graph.service import Service
from graph.settings import Settings
from graph.store.remote import RemoteReader

_MATCHER = suite("match/test_matcher.py")
_ELSEWHERE = {"test_a_need_that_cannot_be_used_is_refused_with_the_place"}  # it needs no engine


@contextmanager
def started(folder: Path, **settings: Any) -> Iterator[Service]:
    service = Service(Settings(data_dir=folder, check_workers=1, query_workers=1, warm_up=False, **settings))
    try:
        if service.settings.store:
            service.engine.start_anew()
        service.start()
        yield service
    finally:
        service.close()


class TestShipped:
    """All tests of the matcher, on the shipped graph in ``oxigraph serve``."""

    REMOTE = ("oxigraph",)

    @pytest.fixture(scope="class")
    def service(self, remote: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
        with started(tmp_path_factory.mktemp("match"), **remote.settings) as service:
            yield service

    @pytest.fixture(scope="class")
    def snapshot(self, service: Service) -> RemoteReader:
        state = service.snapshot
        assert isinstance(state, RemoteReader)
        return state

    @pytest.fixture(scope="class")
    def matcher(self, service: Service) -> Matcher:
        return service.matcher

    @pytest.fixture
    def match(self, matcher: Matcher, service: Service) -> Any:
        return lambda **members: matcher.match(Need.model_validate(members), service.snapshot)

    for _name, _test in vars(_MATCHER).items():
        if _name.startswith("test_") and _name not in _ELSEWHERE:
            locals()[_name] = staticmethod(_test)


NEEDS: tuple[dict[str, Any], ...] = (
    {"text": "Wir wollen Titanteile additiv fertigen und auf Ermüdung prüfen"},
    {"capabilities": ["additive-manufacturing", "robotics"], "services": ["testing"], "limit": 20},
    {
        "capabilities": ["mechanical-testing"],
        "location": {"lat": 50.83, "lon": 12.92},
        "maxDistanceKm": 400,
        "required": ["maxDistanceKm"],
    },
)


class TestSame:
    """A small graph gives the same answers everywhere."""

    @pytest.fixture(scope="class")
    def answers(self, few_code_lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
        """What the embedded engine answers."""
        with started(tmp_path_factory.mktemp("embedded"), empty=True) as service:
            return self.asked(service)

    @staticmethod
    def asked(service: Service) -> list[dict[str, Any]]:
        for partner in ("art-er", "tu-chemnitz"):
            data = (DATA / partner / "facilities.ttl").read_bytes()
            checked = service.checking.check(data, "text/turtle")
            service.acceptance.accept(checked, partner, "facilities", agent="someone", message="a test")
        assert service.acceptance.verify() == []
        return [service.matcher.match(Need.model_validate(need), service.snapshot) for need in NEEDS]

    def test_every_engine_gives_the_same_answers(
        self, remote: Server, answers: Any, few_code_lists: Path, tmp_path: Path
    ) -> None:
        with started(tmp_path, empty=True, **remote.settings) as service:
            found = self.asked(service)
        for expected, answer in zip(answers, found, strict=True):
            assert expected["total"] == answer["total"] > 0
            for one, other in zip(expected["results"], answer["results"], strict=True):
                assert one["facility"] == other["facility"]
                assert one["score"] == pytest.approx(other["score"], abs=1e-3)
                assert one["distance_km"] == pytest.approx(other["distance_km"], abs=0.2)
                assert [(c["criterion"], c["verdict"]) for c in one["criteria"]] == [
                    (c["criterion"], c["verdict"]) for c in other["criteria"]
                ]
                assert [len(c["evidence"]) for c in one["criteria"]] == [
                    len(c["evidence"]) for c in other["criteria"]
                ]
