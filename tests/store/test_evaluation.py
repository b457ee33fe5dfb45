"""Reading graphs in a worker: one by its name, or all as one."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from graph.errors import NotFound, SyntaxProblem
from graph.store.evaluation import Dataset, setup
from graph.store.screen import Screened

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


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT ?s WHERE { ?s a <x:y>", 1, 29, "the query ends too early; the parser looked for , . ; { }"),
        (
            "SELECT ?x {\n ?x foo:bar 1 }",
            2,
            12,
            "the prefix of foo:bar is not declared; begin with PREFIX foo: <…>",
        ),
        ("SELECT ?s\nWHERE { ?s ?p ?o } LIMIT x", 2, 26, "'x' does not fit here"),
    ],
)
def test_a_syntax_error_is_told_in_words_with_its_place(
    snapshot: str, query: str, line: int, column: int, words: str
) -> None:
    run = setup(1_000_000, 100)["query"]
    with pytest.raises(SyntaxProblem) as caught:
        run(Screened(query, "SELECT", False), "text/csv", snapshot, Dataset())
    assert words in caught.value.detail
    (place,) = caught.value.places
    assert (place.line, place.column) == (line, column)
    assert "[" not in caught.value.detail
