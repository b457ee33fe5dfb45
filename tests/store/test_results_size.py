"""The size of results: rows are counted in what the engine wrote, whatever stands in the cells."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from graph.errors import LimitExceeded
from graph.store.formats import TABLE_FORMATS
from graph.store.results import Limited, counted, refuse_long, rows

_TEXT = st.text(
    st.sampled_from('a"\\{}[],:\n\r\t<>result é') | st.characters(exclude_categories=("Cs", "Cc"))
)


def result(values: list[str], query: str, kind: str) -> bytes:
    store = Store()
    for number, value in enumerate(values):
        store.add(Quad(NamedNode(f"urn:{number}"), NamedNode("urn:p"), Literal(value)))
    solutions: Any = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    written = solutions.serialize(format=TABLE_FORMATS[kind])
    assert written is not None
    return written


@pytest.mark.parametrize("kind", TABLE_FORMATS)
@pytest.mark.parametrize(
    "query",
    ["SELECT ?o { ?s ?p ?o }", "SELECT * { ?s ?p ?o OPTIONAL { ?o ?x ?y } }", "SELECT ?y { ?s ?p ?o }"],
)
@given(values=st.lists(_TEXT, max_size=4))
@settings(max_examples=40)
def test_rows_are_counted_in_every_format(kind: str, query: str, values: list[str]) -> None:
    assert rows(result(values, query, kind), kind) == len(values)


@pytest.mark.parametrize("kind", TABLE_FORMATS)
def test_one_row_too_many_is_an_error(kind: str) -> None:
    written = result(["a", "b", "c"], "SELECT ?o { ?s ?p ?o }", kind)
    refuse_long(written, kind, 3)
    with pytest.raises(LimitExceeded, match="more than 2 rows"):
        refuse_long(written, kind, 2)


def test_triples_are_counted_as_they_come() -> None:
    quads = [Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), Literal("x")) for n in range(3)]
    assert len(list(counted(quads, 3))) == 3
    with pytest.raises(LimitExceeded, match="more than 2 triples"):
        list(counted(quads, 2))


def test_bytes_are_limited_while_they_are_written() -> None:
    buffer = Limited(10)
    buffer.write(b"x" * 10)
    with pytest.raises(LimitExceeded, match="larger than 10 bytes"):
        buffer.write(b"x")
