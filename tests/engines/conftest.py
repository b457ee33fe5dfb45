"""Engines for the tests that run on each of them, emptied before each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse, serialize
from servers import Server, oxigraph, postgresql, virtuoso
from suites import emptied

from graph.resources import CODELISTS, QUERIES, turtle_files
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import EmbeddedEngine
from graph.store.remote import RemoteEngine

ENGINES = ("embedded", "oxigraph", "virtuoso")


@pytest.fixture(scope="session")
def queries() -> QueryCatalogue:
    return QueryCatalogue(QUERIES)


@pytest.fixture(scope="session")
def an_oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server


@pytest.fixture(scope="session")
def a_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture(scope="session")
def a_postgresql() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session")
def remote(request: pytest.FixtureRequest) -> Server:
    """A server that a test runs on; a module or class that is for some servers only names them in ``REMOTE``."""
    server: Server = request.getfixturevalue(f"a{'n' if request.param[0] in 'aeiou' else ''}_{request.param}")
    return server


@pytest.fixture
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, queries: QueryCatalogue
) -> Iterator[EmbeddedEngine | RemoteEngine]:
    """An empty engine, of each kind."""
    kind = request.param
    if kind == "embedded":
        built: EmbeddedEngine | RemoteEngine = EmbeddedEngine(tmp_path)
    else:
        server = request.getfixturevalue(f"a{'n' if kind[0] in 'aeiou' else ''}_{kind}")
        built = emptied(server, tmp_path, queries)
    yield built
    built.close()


def _is_kept(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and quad.object.language in {"en", "nl"}


@pytest.fixture(scope="module")
def few_code_lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The code lists that ship but for the three large ones, so that a service starts fast on a slow server.

    Of the everyday words those in two languages are there.
    """
    folder = tmp_path_factory.mktemp("codelists")
    for path in turtle_files(CODELISTS):
        if path.stem == "capability-words":
            kept = filter(_is_kept, parse(path=str(path), format=RdfFormat.TURTLE))
            serialize((quad.triple for quad in kept), str(folder / path.name), RdfFormat.TURTLE)
        elif path.stem not in {"nuts", "nace", "nace-labels", "euroscivoc"}:
            shutil.copy(path, folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("graph.service.CODELISTS", folder)
        yield folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What asks for an engine runs on all of them."""
    remote = getattr(metafunc.cls, "REMOTE", getattr(metafunc.module, "REMOTE", ENGINES[1:]))
    for fixture, kinds in (("engine", (ENGINES[0], *remote)), ("remote", remote)):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, kinds, indirect=True)
