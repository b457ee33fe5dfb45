"""Names of blank nodes depend on what the nodes say, and on nothing else."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.contribute.blank_nodes import skolemise
from graph.errors import SyntaxProblem
from graph.iris import GENID

IRIS = [NamedNode(f"http://example.org/{name}") for name in "abc"]
PROPERTIES = [NamedNode(f"http://example.org/{name}") for name in "pq"]
FORMATS = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.JSON_LD, RdfFormat.RDF_XML)


def graphs(nodes: st.SearchStrategy[object]) -> st.SearchStrategy[list[Triple]]:
    """Small graphs in which blank nodes are shared, alike, and lead round in circles."""
    values = st.one_of(
        nodes, st.sampled_from(IRIS), st.sampled_from([Literal("1"), Literal("x", language="en")])
    )
    subjects = st.one_of(nodes, st.sampled_from(IRIS))
    triples = st.builds(Triple, subjects, st.sampled_from(PROPERTIES), values)  # type: ignore[arg-type]
    return st.lists(triples, max_size=12)


TANGLED = graphs(st.integers(0, 4).map(lambda number: BlankNode(f"n{number}")))


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> list[Triple]:
    """Graphs as people write them: each blank node is a part of one thing."""
    found: list[Triple] = []

    def grow(subject: object, left: int) -> None:
        for _ in range(draw(st.integers(0, 3))):
            predicate = draw(st.sampled_from(PROPERTIES))
            if left and draw(st.booleans()):
                part = BlankNode()
                found.append(Triple(subject, predicate, part))  # type: ignore[arg-type]
                grow(part, left - 1)
            else:
                value = draw(st.sampled_from([*IRIS, Literal("1")]))
                found.append(Triple(subject, predicate, value))  # type: ignore[arg-type]

    grow(IRIS[0], depth)
    grow(BlankNode(), depth)
    return found


def relabelled(triples: list[Triple], rng: random.Random) -> list[Triple]:
    """The same graph in another order with other labels."""
    turned = list(triples)
    rng.shuffle(turned)
    labels: dict[BlankNode, BlankNode] = {}

    def named(term: object) -> object:
        return labels.setdefault(term, BlankNode(f"x{len(labels)}")) if isinstance(term, BlankNode) else term

    return [Triple(named(t.subject), t.predicate, named(t.object)) for t in turned]  # type: ignore[arg-type]


@given(st.one_of(TANGLED, trees()), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_order_and_labels_do_not_matter(triples: list[Triple], rng: random.Random) -> None:
    assert set(skolemise(relabelled(triples, rng))) == set(skolemise(triples))


@given(st.one_of(TANGLED, trees()))
@settings(max_examples=200, deadline=None)
def test_no_statement_and_no_node_is_lost(triples: list[Triple]) -> None:
    named = skolemise(triples)
    assert len(named) == len(triples)
    before = {term for t in triples for term in (t.subject, t.object) if isinstance(term, BlankNode)}
    after = {
        term
        for t in named
        for term in (t.subject, t.object)
        if isinstance(term, NamedNode) and term.value in GENID
    }
    assert len(after) == len(before)
    assert len(set(named)) == len(set(triples))


@given(trees())
@settings(max_examples=100, deadline=None)
def test_the_format_does_not_matter(triples: list[Triple]) -> None:
    expected = set(skolemise(triples))
    for form in FORMATS if triples else ():
        written = serialize(triples, format=form)
        assert written is not None
        assert set(skolemise([quad.triple for quad in parse(written, form)])) == expected, form


def test_a_change_elsewhere_leaves_the_names_alone() -> None:
    one = "<http://a> <http://p> [ <http://q> 1 ; <http://r> [ <http://q> 2 ] ] ."
    two = one + " <http://b> <http://p> [ <http://q> [ <http://q> [ <http://q> ( 1 2 ) ] ] ] ."

    def named(text: str) -> set[Triple]:
        return set(skolemise([quad.triple for quad in parse(text, RdfFormat.TURTLE)]))

    assert named(one) < named(two)


def test_equal_parts_stay_two_parts() -> None:
    text = "<http://a> <http://p> [ <http://q> [ <http://r> 1 ] ] , [ <http://q> [ <http://r> 1 ] ] ."
    named = skolemise([quad.triple for quad in parse(text, RdfFormat.TURTLE)])
    assert len(set(named)) == 6


def test_nothing_without_blank_nodes_changes() -> None:
    triples = [Triple(IRIS[0], PROPERTIES[0], Literal("1"))]
    assert skolemise(triples) == triples


def test_a_list_of_thousands_takes_one_pass() -> None:
    text = f"<http://a> <http://p> ( {'1 ' * 20_000} ) ."
    named = skolemise([quad.triple for quad in parse(text, RdfFormat.TURTLE)])
    assert len(set(named)) == 40_001


def test_a_tangle_that_cannot_be_told_apart_is_refused() -> None:
    size = 1_000
    circle = [Triple(BlankNode(f"n{n}"), PROPERTIES[0], BlankNode(f"n{(n + 1) % size}")) for n in range(size)]
    with pytest.raises(SyntaxProblem, match="give them IRIs") as caught:
        skolemise(circle)
    assert caught.value.places[0].code == "blank-nodes"
