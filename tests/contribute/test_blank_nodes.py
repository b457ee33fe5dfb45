"""Names of blank nodes depend on what the nodes say, and on nothing else."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.parse import canonical_ntriples, read
from graph.errors import SyntaxProblem
from graph.iris import GENID
from graph.resources import DATA
from graph.settings import MIB
from graph.store.formats import GRAPH_FORMATS, write_graph

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
@settings(max_examples=300)
def test_order_and_labels_do_not_matter(triples: list[Triple], rng: random.Random) -> None:
    assert set(skolemise(relabelled(triples, rng))) == set(skolemise(triples))


@given(st.one_of(TANGLED, trees()))
@settings(max_examples=200)
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
@settings(max_examples=100)
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


@given(st.one_of(TANGLED, trees()))
@settings(max_examples=200)
def test_names_that_come_back_stay_the_same(triples: list[Triple]) -> None:
    named = skolemise(triples)
    assert set(skolemise(named)) == set(named)


@given(trees())
@settings(max_examples=25)
def test_a_version_that_was_downloaded_comes_back_the_same_in_each_format(triples: list[Triple]) -> None:
    named = skolemise(triples)
    for media_type in GRAPH_FORMATS if triples else ():
        back = read(write_graph(named, media_type), media_type, RELATIVE_BASE, MIB)
        assert canonical_ntriples(back.triples) == canonical_ntriples(named), media_type


@pytest.mark.parametrize("path", sorted(DATA.glob("*/facilities.ttl"))[:2], ids=lambda path: path.parent.name)
@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_shipped_data_comes_back_the_same(path: Path, media_type: str) -> None:
    first = read(path.read_bytes(), "text/turtle", RELATIVE_BASE, 10 * MIB)
    assert any(t.subject.value in GENID for t in first.triples if isinstance(t.subject, NamedNode))
    again = read(write_graph(first.triples, media_type), media_type, RELATIVE_BASE, 10 * MIB)
    assert canonical_ntriples(again.triples) == canonical_ntriples(first.triples)


def _part(triples: list[Triple]) -> NamedNode:
    return next(t.object for t in triples if isinstance(t.object, NamedNode) and t.object.value in GENID)


def test_an_edited_part_gets_a_new_name() -> None:
    first = skolemise(_turtle('<http://a> <http://p> [ <http://q> "old" ] .'))
    edited = canonical_ntriples(first).replace(b"old", b"new").decode()
    expected = skolemise(_turtle('<http://a> <http://p> [ <http://q> "new" ] .'))
    assert set(skolemise(_turtle(edited))) == set(expected)
    assert _part(first) != _part(expected)


def test_nobody_speaks_about_a_part_of_somebody_else() -> None:
    part = _part(skolemise(_turtle('<http://a> <http://p> [ <http://q> "x" ] .')))
    foreign = skolemise(_turtle(f'{part} <http://q> "mine" . <http://b> <http://p> {part} .'))
    assert part not in {term for t in foreign for term in (t.subject, t.object)}
    assert len(foreign) == 2
    assert foreign[0].subject == foreign[1].object


def test_texts_datatypes_and_properties_keep_what_looks_like_a_name() -> None:
    name = f"{GENID.base}x"
    triples = _turtle(f'<http://a> <http://p> "{name}" , "1"^^<{name}> ; <{name}> 1 .')
    assert skolemise(triples) == triples


def _turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]
