"""Every query in ``queries/``: a header that a page can show, and an answer on the shipped graph."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from graph.resources import QUERIES, ROOT
from graph.service import Service, running
from graph.settings import Settings
from graph.store.catalogue import Query, QueryCatalogue
from graph.store.parameters import TYPES

CATALOGUE = QueryCatalogue(QUERIES)
SPARQL = re.compile(
    r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE|INSERT|DELETE)\b\s*(DISTINCT\s+|REDUCED\s+|DATA\s*|WHERE\s*)?[?*{$(]"
)


@pytest.fixture(scope="module")
def service(shipped: Path, copy_of: Callable[[Path], Path]) -> Iterator[Service]:
    with running(Settings(data_dir=copy_of(shipped))) as started:
        yield started


@pytest.mark.parametrize("query", CATALOGUE.all(), ids=lambda query: query.name)
class TestEach:
    def test_it_says_what_it_asks(self, query: Query) -> None:
        assert query.title()[0].isupper()
        assert query.description.endswith((".", "?"))
        assert len(query.description) > 20

    def test_its_parameters_have_types_examples_and_meaning(self, query: Query) -> None:
        for parameter in query.parameters:
            assert {kind for _, kind in parameter.columns} <= set(TYPES)
            assert query.defaults[parameter.name]
            assert len(parameter.description) > 3

    def test_it_changes_nothing_and_asks_nobody_else(self, query: Query) -> None:
        assert not re.search(r"\b(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|SERVICE)\b", query.text)

    def test_it_runs_on_the_shipped_graph(self, query: Query, service: Service) -> None:
        answer = service.snapshot.store.query(query.bind(), use_default_graph_as_union=True)
        if isinstance(answer, QuerySolutions):
            assert len({variable.value for variable in answer.variables}) == len(answer.variables)
            for _ in answer:
                break
        else:
            assert isinstance(answer, QueryTriples | QueryBoolean)


@pytest.mark.parametrize("room", ["graph", "api", "cli"])
def test_queries_are_files(room: str) -> None:
    """No SPARQL text in Python: it belongs to ``queries/``. Examples in the interface's description are not run."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SPARQL.search(line) and not line.startswith("_EXAMPLE = ")
    ]
    assert found == []


def test_all_files_are_in_the_catalogue() -> None:
    assert {query.path for query in CATALOGUE.all()} == set(Path(QUERIES).rglob("*.rq"))
