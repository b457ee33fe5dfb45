"""The compiled shapes find what plain pySHACL finds with the shapes as they are written, on rdflib's own store."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from pyshacl.errors import ShapeLoadError
from rdflib import SH, BNode, Graph

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.shacl import Shapes
from graph.contribute.shacl.data import Data, Terms
from graph.resources import DATA, SHAPES, turtle_files

FIXTURES = Path(__file__).parents[1] / "shapes"

_LARGE = 20_000
"""Bytes of Turtle."""

Key = tuple[str | None, ...]


def triples_of(paths: Iterable[Path]) -> list[Triple]:
    found: list[Triple] = []
    for path in paths:
        quads = parse(path=str(path), format=RdfFormat.TURTLE, base_iri=RELATIVE_BASE)
        found += skolemise([quad.triple for quad in quads])
    return found


def graphs() -> Iterator[Any]:
    for folder in sorted(
        path for path in FIXTURES.iterdir() if path.is_dir() and any(path.rglob("fail*.ttl"))
    ):
        yield pytest.param(sorted(folder.rglob("fail*.ttl")), id=f"fail-{folder.name}")
    smallest: dict[str, Path] = {}  # of each kind of dataset: plain pySHACL takes minutes for the large ones
    for path in sorted(turtle_files(DATA), key=lambda path: path.stat().st_size):
        smallest.setdefault(path.stem, path)
    for stem, path in sorted(smallest.items()):
        if path.stat().st_size < _LARGE:
            yield pytest.param([path], id=f"{path.parent.name}-{stem}")


@pytest.fixture(scope="module")
def as_written() -> Graph:
    """The shapes as they are written, without the messages that would stand in for the engine's."""
    graph = rdflib_graph(
        quad.triple
        for path in turtle_files(SHAPES)
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
    )
    for triple in list(graph.triples((None, SH.message, None))):
        graph.remove(triple)
    return graph


def rdflib_graph(triples: Iterable[Triple]) -> Graph:
    terms, graph = Terms(), Graph()
    for triple in triples:
        graph.add((terms[triple.subject], terms[triple.predicate], terms[triple.object]))
    return graph


def shown(node: Any) -> str | None:
    return None if node is None or isinstance(node, BNode) else node.n3()


def plain(triples: Iterable[Triple], shapes: Graph) -> Counter[Key]:
    """Shape, focus node, path and value of each result."""
    _, report, _ = pyshacl.validate(rdflib_graph(triples), shacl_graph=shapes, inplace=True, inference="none")
    assert isinstance(report, Graph)
    parts = (SH.sourceShape, SH.focusNode, SH.resultPath, SH.value)
    return Counter(
        tuple(shown(report.value(result, part)) for part in parts)
        for result in report.objects(None, SH.result)
    )


def compiled(triples: Iterable[Triple], shapes: Shapes) -> Counter[Key]:
    return Counter(
        (
            f"<{result.shape}>",
            shown(result.outcome.focus),
            shown(result.outcome.path),
            shown(result.outcome.value),
        )
        for result in shapes.validate(triples)
    )


@pytest.mark.parametrize("paths", list(graphs()))
def test_the_same_results_as_plain_pyshacl(
    paths: list[Path], as_written: Graph, rules: Rules, reference: Reference
) -> None:
    contribution = triples_of(paths)
    triples = list(dict.fromkeys([*contribution, *reference.beside(contribution)]))
    expected = plain(triples, as_written)
    assert expected
    assert set(compiled(triples, rules.shapes)) == set(expected)


def test_the_same_shapes_serve_one_contribution_after_the_other(rules: Rules) -> None:
    one, two = (triples_of([path]) for path in turtle_files(DATA)[:2])
    alone = compiled(two, rules.shapes)
    compiled(one, rules.shapes)
    assert compiled(two, rules.shapes) == alone


PREFIXES = """
@prefix e: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
DATA_TEXT = """
e:a a e:T ; e:p 1 , "01"^^xsd:integer , "x" , "y"@en , e:b ; e:q 5 ; e:r 3 ; e:s e:b .
e:b a e:T ; e:q 2 ; e:r 7 ; e:p e:a .
e:c a e:U ; e:p "z" .
"""
SHAPE_TEXTS = {
    "in": 'e:s sh:targetClass e:T ; sh:property [ sh:path e:p ; sh:in ( 1 "x" "y"@en e:b ) ] .',
    "class": "e:s sh:targetClass e:T ; sh:property [ sh:path e:p ; sh:class e:T ] .",
    "sequence path": "e:s sh:targetClass e:T ; sh:property [ sh:path ( e:p e:q ) ; sh:maxCount 0 ] .",
    "inverse path": "e:s sh:targetNode e:b ; sh:property [ sh:path [ sh:inversePath e:p ] ; sh:maxCount 0 ] .",
    "alternative path": "e:s sh:targetClass e:T ; sh:property "
    "[ sh:path [ sh:alternativePath ( e:q e:r ) ] ; sh:maxInclusive 4 ] .",
    "repeated path": "e:s sh:targetClass e:T ; sh:property [ sh:path [ sh:oneOrMorePath e:p ] ; sh:nodeKind sh:IRI ] .",
    "less than": "e:s sh:targetClass e:T ; sh:property [ sh:path e:q ; sh:lessThan e:r ] .",
    "closed": "e:s sh:targetClass e:U ; sh:closed true ; sh:property [ sh:path e:q ] .",
    "qualified": "e:s sh:targetClass e:T ; sh:property [ sh:path e:p ; sh:qualifiedMinCount 2 ; "
    "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ] .",
    "or": "e:s sh:targetSubjectsOf e:p ; sh:or ( [ sh:class e:T ] [ sh:property [ sh:path e:q ; sh:minCount 1 ] ] ) .",
    "not": "e:s sh:targetObjectsOf e:p ; sh:not [ sh:class e:T ] .",
    "several targets": "e:s sh:targetClass e:U ; sh:targetNode e:a , e:nowhere ; "
    "sh:property [ sh:path e:r ; sh:minCount 1 ] .",
    "sparql": 'e:s sh:targetClass e:T ; sh:sparql [ sh:select "SELECT $this ?path ?value WHERE '
    '{ $this ?path ?value . FILTER (isLiteral(?value) && STR(?value) > \\"2\\") }" ] .',
    "sparql for each focus node": 'e:s sh:targetClass e:T ; sh:sparql [ sh:select "SELECT $this (MAX(?n) AS ?value) '
    'WHERE { $this <http://example.org/q> ?n } GROUP BY $this" ] .',
    "sparql with an optional part": 'e:s sh:targetClass e:T ; sh:sparql [ sh:select "SELECT $this ?value WHERE '
    '{ $this <http://example.org/p> ?value . OPTIONAL { ?value <http://example.org/q> ?x } FILTER (!BOUND(?x)) }" ] .',
    "deactivated": "e:s sh:targetClass e:T ; sh:deactivated true ; sh:nodeKind sh:Literal .",
}


@pytest.mark.parametrize("name", SHAPE_TEXTS)
def test_each_part_of_shacl_gives_the_same_results(name: str) -> None:
    def read(text: str) -> list[Triple]:
        return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]

    shapes = rdflib_graph(read(SHAPE_TEXTS[name]))
    # The engine of SPARQL writes numbers in their canonical form: that is no matter here.
    data = read(DATA_TEXT.replace(', "01"^^xsd:integer ', "") if "sparql" in name else DATA_TEXT)

    def without_shape(found: Counter[Key]) -> set[Key]:
        return {key[1:] for key in found}

    expected = plain(data, shapes)
    assert without_shape(compiled(data, Shapes(shapes))) == without_shape(expected)
    assert bool(expected) == (name != "deactivated")


def test_shapes_that_lead_back_to_themselves_are_refused() -> None:
    shapes = rdflib_graph(
        quad.triple
        for quad in parse(
            PREFIXES + "e:s sh:targetClass e:T ; sh:property [ sh:path e:p ; sh:node e:s ] .",
            RdfFormat.TURTLE,
        )
    )
    data = [quad.triple for quad in parse(PREFIXES + DATA_TEXT, RdfFormat.TURTLE)]
    with pytest.raises(ShapeLoadError, match="leads back to itself"):
        Shapes(shapes).validate(data)


class TestData:
    TRIPLES = tuple(quad.triple for quad in parse(PREFIXES + DATA_TEXT, RdfFormat.TURTLE))

    def test_it_answers_as_a_graph_does(self) -> None:
        data, graph = Data(self.TRIPLES), rdflib_graph(self.TRIPLES)
        nodes = {term for triple in graph for term in triple}
        predicates = set(graph.predicates())
        for node in nodes:
            assert set(data.predicate_objects(node)) == set(graph.predicate_objects(node))
            for predicate in predicates:
                assert sorted(data.objects(node, predicate)) == sorted(graph.objects(node, predicate))
                assert sorted(data.subjects(predicate, node)) == sorted(graph.subjects(predicate, node))
        for predicate in predicates:
            assert sorted(data.subject_objects(predicate)) == sorted(graph.subject_objects(predicate))
        assert all(triple in data for triple in graph)

    def test_terms_come_back_as_they_were_written(self) -> None:
        data = Data(self.TRIPLES)
        for triple in self.TRIPLES:
            for term in triple:
                assert data.original(data.term(term)) == term
        assert data.original(None) is None

    def test_a_number_keeps_its_digits(self) -> None:
        huge = Triple(
            NamedNode("http://a"),
            NamedNode("http://p"),
            Literal("1e999999999", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
        )
        data = Data([huge])
        assert (
            str(next(iter(data.objects(data.term(huge.subject), data.term(huge.predicate))))) == "1e999999999"
        )
