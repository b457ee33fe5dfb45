"""Queries that look at terms one by one are told from others, and a graph with the same terms answers them the same."""

from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, Triple, parse
from rdflib import RDF, URIRef, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph.contribute.rules import Rules
from graph.contribute.shacl.scan import is_scan, same_places
from graph.iris import RDF as OUR_RDF
from graph.iris import SH
from graph.resources import DATA, turtle_files

VALUE = Variable("value")
STARTS = 'FILTER (STRSTARTS(STR(?value), "http://"))'
SCANS = {
    "objects": "{ ?s ?p ?value . %s }",
    "subjects": "{ ?value ?p ?o %s }",
    "all places": "{ { ?s ?p ?value } UNION { ?value ?p ?o } UNION { ?s ?value ?o } %s }",
    "classes": "{ { ?s ?value ?o } UNION { ?s a ?value } %s }",
    "nested": "{ { { ?s ?value ?o } UNION { ?s a ?value } %s } UNION { ?value ?p ?o FILTER (isIRI(?value)) } }",
    "a name for an outcome": "{ ?s ?p ?value . BIND (DATATYPE(?value) AS ?type) FILTER (?type = <http://a>) %s }",
    "braces in a text": '{ ?s ?p ?value FILTER (REGEX(STR(?value), "^[{}]{4}( EXISTS )?x")) %s }',
}
OTHERS = {
    "a condition on another term": "{ ?s ?p ?value FILTER (?p != <http://a>) %s }",
    "statements wanted": "{ ?s ?p ?value FILTER EXISTS { ?value ?q ?x } %s }",
    "statements not wanted": "{ ?s ?p ?value FILTER (isIRI(?value) && NOT EXISTS { ?value ?q ?x }) %s }",
    "a property": "{ ?s <http://a> ?value %s }",
    "two patterns": "{ ?s ?p ?value . ?value ?q ?x %s }",
    "two groups": "{ { ?s ?p ?value } { ?value ?q ?x } %s }",
    "one variable twice": "{ ?s ?s ?value %s }",
    "the value twice": "{ ?value ?p ?value %s }",
    "the focus node": "{ $this ?p ?value %s }",
    "the focus node written otherwise": "{ ?this ?p ?value %s }",
    "more of the same subject": "{ ?s ?p ?value ; ?q ?x %s }",
    "more objects": "{ ?s ?p ?x , ?value %s }",
    "a path": "{ ?s (<http://a>|<http://b>) ?value %s }",
    "an option": "{ ?s ?p ?value OPTIONAL { ?value ?q ?x } %s }",
    "another graph": "{ GRAPH ?g { ?s ?p ?value } %s }",
    "a query within": "{ { SELECT ?value { ?s ?p ?value } LIMIT 1 } %s }",
    "a name from another term": "{ ?s ?p ?value BIND (STR(?s) AS ?text) FILTER (?text = STR(?value)) %s }",
    "no source": "{ %s }",
}
DATA_TEXT = """
@prefix e: <http://example.org/> .
e:a a e:T ; e:p e:b , "x"@en , 5 ; e:q e:T .
e:b a e:T , e:U . e:c e:p e:T ; e:r "x" .
"""


def query(body: str) -> str:
    return "SELECT DISTINCT $this ?value WHERE " + body.replace("%s", STARTS)


@pytest.mark.parametrize("body", SCANS.values(), ids=SCANS)
def test_a_query_that_looks_at_terms_one_by_one_is_a_scan(body: str) -> None:
    assert is_scan(query(body))
    assert depends_on_places(query(body))


@pytest.mark.parametrize("body", OTHERS.values(), ids=OTHERS)
def test_other_queries_are_no_scans(body: str) -> None:
    assert not is_scan(query(body))


def test_a_query_that_counts_or_ends_in_a_limit_is_no_scan() -> None:
    assert not is_scan("SELECT $this (COUNT(*) AS ?value) WHERE { ?s ?p ?value }")
    assert not is_scan(query("{ ?s ?p ?value }") + " LIMIT 1")


def test_of_the_rules_those_are_scans_that_the_algebra_shows_as_such(rules: Rules) -> None:
    queries = {str(text) for text in rules.shapes.graph.objects(None, URIRef(SH["select"].value))}
    scans = {text for text in queries if is_scan(text)}
    assert len(scans) >= 8
    assert [text for text in scans if not depends_on_places(text)] == []


@pytest.mark.parametrize("path", turtle_files(DATA)[:4], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_places_are_those_of_the_triples(path: Any) -> None:
    triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    fewer = list(same_places(triples))
    assert len(fewer) < len(triples)
    assert places(fewer) == places(triples)


@pytest.mark.parametrize(
    "text",
    [
        "<http://a> a <http://T> .",
        "<http://a> a <http://T> . <http://b> a <http://T> .",
        "<http://a> <http://p> 1 .",
        "<http://a> a <http://T> , <http://U> ; <http://p> <http://T> .",
    ],
)
def test_places_of_small_graphs(text: str) -> None:
    triples = [quad.triple for quad in parse(text, RdfFormat.TURTLE)]
    assert places(same_places(triples)) == places(triples)
    assert list(same_places([])) == []


@pytest.mark.parametrize("body", SCANS.values(), ids=SCANS)
def test_a_scan_finds_the_same_in_fewer_triples(body: str) -> None:
    triples = [quad.triple for quad in parse(DATA_TEXT, RdfFormat.TURTLE)]
    assert rows(query(body), same_places(triples)) == rows(query(body), triples)


def rows(text: str, triples: Any) -> set[str]:
    store = Store()
    store.bulk_load("\n".join(f"{triple} ." for triple in triples).encode(), RdfFormat.N_TRIPLES)
    return {str(solution["value"]) for solution in store.query(text)}  # type: ignore[union-attr, index]


def places(triples: Any) -> tuple[set[Any], ...]:
    known: list[Triple] = list(triples)
    classes = {triple.object for triple in known if triple.predicate == OUR_RDF["type"]}
    return (*({triple[place] for triple in known} for place in range(3)), classes)


def depends_on_places(text: str) -> bool:
    """The same question asked of rdflib's algebra, https://www.w3.org/TR/sparql11-query/#sparqlAlgebra."""
    return _known(translateQuery(parseQuery(text)).algebra) is not None


def _known(part: Any) -> set[Variable] | None:
    """The variables that depend on the value alone; ``None`` where more than places matters."""
    if part.name in {"SelectQuery", "Distinct", "Project"}:
        return _known(part.p)
    if part.name == "BGP":
        return {VALUE} if len(part.triples) == 1 and _takes_one(*part.triples[0]) else None
    if part.name == "Join":
        sides = [side for side in (part.p1, part.p2) if side.name != "BGP" or side.triples]
        return _known(sides[0]) if len(sides) == 1 else None
    if part.name == "Union":
        left, right = _known(part.p1), _known(part.p2)
        return left & right if left and right else None
    if part.name in {"Filter", "Extend"}:
        known = _known(part.p)
        if known is None or not _variables(part.expr) <= known:
            return None
        return known | {part.var} if part.name == "Extend" else known
    return None


def _takes_one(subject: Any, predicate: Any, value: Any) -> bool:
    free = [term for term in (subject, predicate, value) if isinstance(term, Variable)]
    if len(set(free)) != len(free) or VALUE not in free:
        return False
    return len(free) == 3 or (predicate == RDF.type and value == VALUE and len(free) == 2)


def _variables(expression: Any) -> set[Variable]:
    if isinstance(expression, Variable):
        return {expression}
    if isinstance(expression, CompValue):
        return set().union(*(_variables(part) for part in expression.values()), _statements(expression))
    if isinstance(expression, list | tuple | set):
        return set().union(*(_variables(part) for part in expression))
    return set()


def _statements(expression: CompValue) -> set[Variable]:
    return {Variable("statements")} if expression.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"} else set()
