"""Reading graphs in a worker: one by its name, or all as one."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from graph.errors import NotFound
from graph.store.evaluation import setup

A, B = NamedNode("urn:graph:a"), NamedNode("urn:graph:b")
SAME = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("in both"))
ONLY = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("in b"))
QUADS = {Quad(*SAME, A), Quad(*SAME, B), Quad(*ONLY, B)}


@pytest.fixture
def snapshot(tmp_path: Path) -> str:
    store = Store(str(tmp_path / "live"))
    store.extend(QUADS)
    store.flush()
    store.backup(str(tmp_path / "snapshot"))
    return str(tmp_path / "snapshot")


@pytest.mark.parametrize(
    ("kind", "form"), [("application/n-quads", RdfFormat.N_QUADS), ("application/trig", RdfFormat.TRIG)]
)
def test_in_a_format_of_datasets_each_graph_has_its_name(snapshot: str, kind: str, form: RdfFormat) -> None:
    graph = setup(1_000_000, 100)["graph"]
    assert set(parse(graph(None, kind, snapshot).content, form)) == QUADS
    assert set(parse(graph(A.value, kind, snapshot).content, form)) == {Quad(*SAME, A)}


def test_the_union_has_each_triple_once(snapshot: str) -> None:
    answer = setup(1_000_000, 100)["graph"](None, "application/n-triples", snapshot)
    assert sorted(answer.content.decode().splitlines()) == sorted([f"{SAME} .", f"{ONLY} ."])


def test_a_graph_that_is_not_there_is_not_found(snapshot: str) -> None:
    for kind in ("text/turtle", "application/n-quads"):
        with pytest.raises(NotFound, match="urn:graph:c"):
            setup(1_000_000, 100)["graph"]("urn:graph:c", kind, snapshot)
