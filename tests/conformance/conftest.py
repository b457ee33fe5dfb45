"""A real service on the wire that holds what the W3C's manifests say, and the report of what they find."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.service import Service, running
from graph.settings import Settings
from tests.api.conftest import serving
from tests.conformance.earl import Outcome, write
from tests.conformance.manifest import SUITES, Case

_OUTCOMES = pytest.StashKey[list[Outcome]]()

needs_suites = pytest.mark.skipif(
    not SUITES.is_dir(), reason="the W3C test suites are not beside this checkout (../shared/suites)"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--earl", type=Path, help="write the outcomes of the W3C tests as EARL to this file")


class Store:
    """An empty service, and the way around the public doors by which a test stores its graphs."""

    def __init__(self, service: Service, client: httpx.Client) -> None:
        self._service = service
        self.client = client

    def put(self, graph: str, triples: list[Triple]) -> None:
        self._service.engine.replace_graph(NamedNode(graph), triples)
        self._service.engine.publish()

    def put_file(self, graph: str, path: Path) -> None:
        kind = RdfFormat.from_extension(path.suffix[1:])
        self.put(graph, [quad.triple for quad in parse(path=str(path), format=kind, base_iri=graph)])

    def drop(self, graph: str) -> None:
        self._service.engine.drop_graph(NamedNode(graph))
        self._service.engine.publish()


@pytest.fixture(scope="module")
def store(prepared: Path, copy_of: Callable[[Path], Path]) -> Iterator[Store]:
    settings = Settings(data_dir=copy_of(prepared), empty=True, query_workers=1, warm_up=False)
    with (
        running(settings) as service,
        serving(settings, service) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        yield Store(service, client)


Told = Callable[[Case, str, str], None]


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Told:
    """Note how a case ended, for the report; without it, a failure is noted."""
    outcomes = request.config.stash.setdefault(_OUTCOMES, [])

    def told(case: Case, outcome: str, why: str = "") -> None:
        outcomes.append(Outcome(case.iri, case.name, outcome, why))

    return told


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    made = yield
    report = made.get_result()  # type: ignore[attr-defined]  # pluggy's result
    case = getattr(item, "callspec", None) and item.callspec.params.get("case")  # type: ignore[attr-defined]
    if isinstance(case, Case) and report.failed:
        outcomes = item.config.stash.setdefault(_OUTCOMES, [])
        outcomes.append(Outcome(case.iri, case.name, "failed", str(report.longrepr).splitlines()[-1]))


def pytest_sessionfinish(session: pytest.Session) -> None:
    path: Path | None = session.config.getoption("--earl", None)
    outcomes = session.config.stash.get(_OUTCOMES, [])
    if path and outcomes:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, outcomes)
        counts = Counter(outcome.outcome for outcome in outcomes)
        print(f"\n{path}: " + ", ".join(f"{number} {what}" for what, number in sorted(counts.items())))
