"""Derived triples: what follows from contributions and code lists, kept up to date where something changed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.geometry import Point
from graph.iris import (
    CODELIST,
    CODELISTS_GRAPH,
    DERIVED_GRAPH,
    ID,
    INFRA,
    NUTS,
    PREFIXES,
    SKOS,
    contribution_graph,
)
from graph.resources import CODELISTS, turtle_files
from graph.store.answers import as_stored
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import Derivation, transitive
from graph.store.engine import EmbeddedEngine
from graph.store.likeness import all_alike

HEAD = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items()) + (
    "@prefix f: <https://w3id.org/infrashare/id/facility/> .\n"
    "@prefix s: <https://w3id.org/infrashare/id/service/> .\n"
    "@prefix e: <https://w3id.org/infrashare/id/equipment/> .\n"
    "@prefix status: <https://w3id.org/infrashare/codelist/equipment-status/> .\n"
    "@prefix kind: <https://w3id.org/infrashare/codelist/service-kind/> .\n"
)
SCHEMES = """
cap:welding skos:broader cap:joining . cap:joining skos:broader cap:manufacturing .
cap:laser-welding skos:broader cap:welding , cap:lasers .
nuts:BE225 skos:broader nuts:BE22 . nuts:BE22 skos:broader nuts:BE2 . nuts:BE2 skos:broader nuts:BE .
nuts:OLD dct:isReplacedBy nuts:BE225 .
"""
ONE, TWO, THREE = (contribution_graph("a", name) for name in ("one", "two", "three"))


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE)]


class Graph:
    """An engine whose derived triples follow each change of a graph."""

    def __init__(self, engine: EmbeddedEngine, queries: QueryCatalogue) -> None:
        self.engine = engine
        self.derivation = Derivation(engine, queries)

    def put(self, graph: NamedNode, triples: list[Triple]) -> set[NamedNode]:
        """Replace a graph as ``Acceptance`` does; return the facilities that were looked at."""
        touched = self.derivation.touched_by(graph)
        self.engine.replace_graph(graph, triples)
        touched |= self.derivation.touched_by(graph)
        self.derivation.update(touched)
        return touched

    def of(self, facility: str, predicate: str) -> set[str]:
        found = self.engine.about([ID[f"facility/{facility}"]], DERIVED_GRAPH)
        values = [triple.object for triple in found if triple.predicate == INFRA[predicate]]
        return {str(value.value).rsplit("/", 1)[-1] for value in values}  # type: ignore[union-attr]

    def is_complete(self) -> bool:
        wanted = as_stored(self.derivation.all())
        return all_alike(self.engine.content(DERIVED_GRAPH)).keys() == all_alike(wanted).keys()


@pytest.fixture
def graph(engine: EmbeddedEngine, queries: QueryCatalogue) -> Graph:
    built = Graph(engine, queries)
    engine.replace_graph(CODELISTS_GRAPH, turtle(SCHEMES))
    built.derivation.recompute()
    return built


def test_a_facility_covers_what_is_broader(graph: Graph) -> None:
    graph.put(ONE, turtle("f:x a infra:Facility ; infra:capability cap:laser-welding ."))
    assert graph.of("x", "anyCapability") == {"laser-welding"}
    assert graph.of("x", "coversCapability") == {
        "laser-welding",
        "welding",
        "lasers",
        "joining",
        "manufacturing",
    }


def test_equipment_of_another_contribution_counts_for_its_host(graph: Graph) -> None:
    graph.put(ONE, turtle("f:x a infra:Facility ."))
    touched = graph.put(
        TWO, turtle("e:y a infra:Equipment ; sosa:isHostedBy f:x ; infra:capability cap:welding .")
    )
    assert touched == {ID["facility/x"]}
    assert graph.of("x", "anyCapability") == {"welding"}
    graph.put(TWO, [])
    assert graph.of("x", "anyCapability") == set()


def test_the_host_may_come_after_its_equipment(graph: Graph) -> None:
    graph.put(TWO, turtle("e:y a infra:Equipment ; sosa:isHostedBy f:x ; infra:capability cap:welding ."))
    assert graph.engine.content(DERIVED_GRAPH) == as_stored(graph.derivation.all())
    graph.put(ONE, turtle("f:x a infra:Facility ."))
    assert graph.of("x", "anyCapability") == {"welding"}
    graph.put(ONE, [])
    assert graph.of("x", "anyCapability") == set()


def test_equipment_that_another_partner_puts_into_a_facility_does_not_count(graph: Graph) -> None:
    graph.put(ONE, turtle("f:x a infra:Facility ; infra:capability cap:lasers ."))
    equipment = turtle("e:y a infra:Equipment ; sosa:isHostedBy f:x ; infra:capability cap:welding .")
    graph.put(contribution_graph("somebody-else", "one"), equipment)
    assert graph.of("x", "coversCapability") == {"lasers"}
    assert graph.is_complete()


def test_planned_equipment_does_not_count(graph: Graph) -> None:
    planned = "e:y a infra:Equipment ; sosa:isHostedBy f:x ; infra:capability cap:welding "
    graph.put(ONE, turtle(f"f:x a infra:Facility . {planned} ; infra:equipmentStatus status:planned ."))
    assert graph.of("x", "anyCapability") == set()
    graph.put(ONE, turtle(f"f:x a infra:Facility . {planned} ; infra:equipmentStatus status:operational ."))
    assert graph.of("x", "anyCapability") == {"welding"}


def test_services_of_another_contribution_count(graph: Graph) -> None:
    graph.put(ONE, turtle("f:x a infra:Facility ; infra:providesService s:t ."))
    graph.put(
        TWO, turtle("s:t a infra:Service ; infra:serviceKind kind:testing ; infra:capability cap:welding .")
    )
    assert graph.of("x", "anyServiceKind") == {"testing"}
    assert graph.of("x", "anyCapability") == {"welding"}


@pytest.mark.parametrize("region", ["BE225", "OLD"])
def test_regions_around_a_facility_also_from_a_retired_code(graph: Graph, region: str) -> None:
    graph.put(ONE, turtle(f"f:x a infra:Facility ; infra:inRegion nuts:{region} ."))
    assert graph.of("x", "withinRegion") == {region, "BE225", "BE22", "BE2", "BE"}


def test_a_place_is_one_point_on_the_unit_sphere(graph: Graph) -> None:
    point = '<http://g/{0}> geo:asWKT "POINT ({0} {1})"^^geo:wktLiteral .'
    site = f"<http://s/{{0}}> geo:hasGeometry <http://g/{{0}}> . {point}"
    sites = site.format(5.3, 51.2) + site.format(13.4, 52.5)
    graph.put(ONE, turtle(f"f:x a infra:Facility ; infra:hasSite <http://s/5.3> , <http://s/13.4> . {sites}"))
    found = {
        triple.predicate: float(triple.object.value)  # type: ignore[union-attr]
        for triple in graph.engine.about([ID["facility/x"]], DERIVED_GRAPH)
    }
    assert len(found) == 3
    expected = Point(13.4, 52.5).on_sphere()
    assert [found[INFRA[f"sphere{axis}"]] for axis in "XYZ"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("wkt", ["POINT (200 10)", "nonsense", "POLYGON ((0 0, 1 1, 1 0, 0 0))", ""])
def test_what_is_no_point_has_no_place(graph: Graph, wkt: str) -> None:
    site = f'<http://site> geo:hasGeometry <http://at> . <http://at> geo:asWKT "{wkt}" .'
    graph.put(ONE, turtle(f"f:x a infra:Facility ; infra:hasSite <http://site> . {site}"))
    assert graph.is_complete()
    assert not graph.engine.about([ID["facility/x"]], DERIVED_GRAPH)


def test_only_touched_facilities_are_looked_at(graph: Graph) -> None:
    graph.put(ONE, turtle("f:x a infra:Facility ; infra:capability cap:welding ."))
    assert graph.put(TWO, turtle("f:y a infra:Facility ; infra:capability cap:joining .")) == {
        ID["facility/y"]
    }
    assert graph.put(THREE, turtle("<http://o> a org:Organization .")) == set()


def test_new_schemes_change_what_is_covered(graph: Graph) -> None:
    graph.put(ONE, turtle("f:x a infra:Facility ; infra:capability cap:welding ."))
    before = graph.derivation.ancestors
    assert not graph.derivation.schemes_changed(before)
    graph.engine.replace_graph(CODELISTS_GRAPH, turtle("cap:welding skos:broader cap:heat ."))
    assert graph.derivation.schemes_changed(before)
    graph.derivation.recompute()
    assert graph.of("x", "coversCapability") == {"welding", "heat"}
    assert graph.is_complete()


NODES = ["f:x", "f:y", "e:m", "e:n", "s:t", "_:site", "_:offer"]
FACTS = [
    "a infra:Facility",
    "a infra:Equipment",
    "a infra:Service",
    "infra:capability cap:welding",
    "infra:capability cap:laser-welding",
    "infra:equipmentStatus status:planned",
    "sosa:isHostedBy f:x",
    "sosa:isHostedBy f:y",
    "infra:providesService s:t",
    "infra:serviceKind kind:testing",
    "infra:inRegion nuts:BE22",
    "infra:inRegion nuts:OLD",
    "infra:hasSite <https://w3id.org/infrashare/id/facility/x#site>",
    "infra:offersAccess <https://w3id.org/infrashare/id/facility/x#offer>",
]
PARTS = [
    "<https://w3id.org/infrashare/id/facility/x#site> geo:hasGeometry <https://w3id.org/infrashare/id/facility/x#at> .",
    '<https://w3id.org/infrashare/id/facility/x#at> geo:asWKT "POINT (5 51)" .',
    "<https://w3id.org/infrashare/id/facility/x#offer> infra:accessMode <http://mode> .",
]
STATEMENTS = st.one_of(
    st.builds(lambda node, fact: f"{node} {fact} .", st.sampled_from(NODES[:5]), st.sampled_from(FACTS)),
    st.sampled_from(PARTS),
)
CHANGES = st.lists(
    st.tuples(st.sampled_from([ONE, TWO, THREE]), st.lists(STATEMENTS, max_size=8)), min_size=1, max_size=6
)


@given(CHANGES)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_following_changes_gives_what_computing_all_gives(
    graph: Graph, changes: list[tuple[NamedNode, list[str]]]
) -> None:
    for name in (ONE, TWO, THREE):
        graph.engine.replace_graph(name, [])
    graph.derivation.recompute()
    for name, statements in changes:
        graph.put(name, turtle("\n".join(statements)))
        assert graph.is_complete()


class TestTransitive:
    def test_a_cycle_ends(self) -> None:
        a, b, c = (NamedNode(f"http://{name}") for name in "abc")
        assert transitive([(a, b), (b, a), (b, c)]) == {a: {b, c}, b: {a, c}}

    @given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=15))
    def test_it_is_what_can_be_reached(self, pairs: list[tuple[int, int]]) -> None:
        def node(number: int) -> NamedNode:
            return NamedNode(f"http://n/{number}")

        reached = {(a, b) for a, b in pairs}
        while True:
            more = {(a, d) for a, b in reached for c, d in reached if b == c} - reached
            if not more:
                break
            reached |= more
        closure = transitive((node(a), node(b)) for a, b in pairs)
        for start in {a for a, _ in pairs}:
            assert closure[node(start)] == {node(b) for a, b in reached if a == start and b != start}


def test_the_shipped_regions_and_capabilities_have_their_closure(
    tmp_path: Path, queries: QueryCatalogue
) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.replace_graph(
        CODELISTS_GRAPH,
        [
            quad.triple
            for path in turtle_files(CODELISTS)
            for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        ],
    )
    Derivation(engine, queries).recompute()
    broader = SKOS["broaderTransitive"]
    assert Triple(NUTS["BE225"], broader, NUTS["BE"]) in engine.content(DERIVED_GRAPH)
    assert any(
        t.subject == CODELIST["capability/laser-welding"] and t.predicate == broader
        for t in engine.content(DERIVED_GRAPH)
    )
    engine.close()
