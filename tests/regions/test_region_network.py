"""Networks of regions: links, groups, who links regions, central facilities; by hand and against networkx."""

import io
import json
import random
import subprocess
import sys
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite
from pyoxigraph import Literal, NamedNode, Quad
from small_dataset import view_of
from small_network import GRAPHS, Facilities, capability, facility, quads

from graph.errors import InputError, NotFound
from graph.iris import DCT, ID, INFRA, NUTS, RDF, SCHEMA, SKOS
from graph.match.view import View
from graph.regions.network.answer import network_answer
from graph.regions.network.bridges import Tie, bridges
from graph.regions.network.central import central_facilities
from graph.regions.network.files import cytoscape, graph_of, graphml
from graph.regions.network.network import Likeness, Network
from graph.regions.network.question import MOST_REGIONS, NetworkQuestion
from graph.store.answers import Table

AA, BB, CC, DD, EE = (NUTS[code] for code in ("AA1", "BB1", "CC1", "DD1", "EE1"))
REGIONS = (AA, BB, CC, DD, EE)
CODES = [region.value.rpartition("/")[2] for region in REGIONS]

# Two pairs that are alike, nothing between them; nothing is described in the fifth.
PAIRS: Facilities = {
    "a": ("AA1", "welding gluing"),
    "b": ("BB1", "welding"),
    "c": ("CC1", "optics testing"),
    "d": ("DD1", "optics"),
}
PRIORITIES = {"AA1": {"light": "optics"}, "CC1": {"none-stated": ""}}


def pairs_view(order: random.Random | None = None) -> View:
    statements = list(quads(PAIRS, PRIORITIES, CODES))
    if order:
        order.shuffle(statements)
    return view_of(statements)


def pairs(least: float = 0.0) -> Network:
    return Network.read(REGIONS, pairs_view(), least)


class TestNetwork:
    def test_links_are_those_from_the_threshold_on(self) -> None:
        network = pairs()
        assert [(link.one, link.other) for link in network.likenesses] == [(AA, BB), (CC, DD)]
        weaker, stronger = sorted(link.value for link in network.likenesses)
        assert weaker < stronger
        assert len(pairs(weaker).likenesses) == 2
        assert len(pairs(stronger).likenesses) == 1
        assert pairs(1.0).likenesses == ()

    def test_supply_leads_from_who_lacks_to_who_has(self) -> None:
        assert [(link.lacking, link.having) for link in pairs().supplies] == [(AA, CC), (AA, DD)]
        assert {link.complement.value for link in pairs().supplies} == {1.0}

    def test_groups_are_the_alike_and_the_undescribed_is_in_none(self) -> None:
        network = pairs()
        assert network.groups == ((AA, BB), (CC, DD))
        assert network.modularity is not None
        # Two parts of one link each: all weight inside, less the squares of the parts' shares of it.
        one, two = (link.value for link in network.likenesses)
        expected = 1 - (one**2 + two**2) / (one + two) ** 2
        assert network.modularity == pytest.approx(expected)

    def test_centrality_is_the_sum_of_the_likenesses(self) -> None:
        network = pairs()
        assert network.centrality[AA] == network.likenesses[0].value
        assert EE not in network.centrality
        assert network.neighbours == {AA: 1, BB: 1, CC: 1, DD: 1}

    def test_without_links_each_region_is_alone_and_modularity_is_open(self) -> None:
        network = pairs(1.0)
        assert network.groups == ((AA,), (BB,), (CC,), (DD,))
        assert network.modularity is None
        assert network.centrality == {AA: 0, BB: 0, CC: 0, DD: 0}

    def test_a_region_is_not_linked_with_one_around_it(self) -> None:
        around = NUTS["AA"]
        statements = list(quads(PAIRS, PRIORITIES, CODES))
        statements.append(Quad(AA, SKOS["broader"], around, GRAPHS[0]))
        network = Network.read([around, AA, BB], view_of(statements), 0)
        assert [(link.one, link.other) for link in network.likenesses] == [(around, BB), (AA, BB)]
        assert not {(link.lacking, link.having) for link in network.supplies} & {(AA, around), (around, AA)}

    def test_an_empty_dataset_and_no_regions_have_an_empty_network(self) -> None:
        view = view_of(quads({}, regions=CODES))
        for regions in ((), REGIONS):
            answer = network_answer(Network.read(regions, view), view, 5)
            assert len(answer["nodes"]) == len(regions)
            assert answer["links"] == answer["groups"] == answer["facilities"] == []
            assert all(node["centrality"] is None and node["group"] is None for node in answer["nodes"])

    def test_one_facility_alone_is_a_network_of_one(self) -> None:
        view = view_of(quads({"a": ("AA1", "welding")}))
        answer = network_answer(Network.read([AA], view), view, 5)
        assert answer["groups"] == [{"group": 1, "regions": ["AA1"], "capabilities": []}]
        assert answer["nodes"][0]["centrality"] == 0
        assert answer["nodes"][0]["gaps"] is None


@given(seed=st.randoms(use_true_random=False))
def test_the_answer_is_the_same_in_any_order(seed: random.Random) -> None:
    regions = list(REGIONS)
    seed.shuffle(regions)
    view = pairs_view(seed)
    again = network_answer(Network.read(regions, view, 0), view, 5)
    assert again == network_answer(pairs(), pairs_view(), 5)


def test_groups_are_the_same_in_processes_that_hash_otherwise() -> None:
    code = (
        "import test_region_network as t, random\n"
        "r = random.Random(5)\n"
        "f = {f'f{i}': (f'A{r.choice(\"BCDEFGHJKL\")}1', ' '.join(r.sample('abcdefghij', 3))) for i in range(25)}\n"
        "v = t.view_of(t.quads(f))\n"
        "print([[x.value for x in g] for g in "
        "t.Network.read({t.NUTS[c] for c, _ in f.values()}, v, 0.05).groups])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert len(json.loads(told.pop().replace("'", '"'))) > 1


WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.05, 1),
    max_size=10,
)


@given(weights=WEIGHTS)
def test_degree_and_groups_are_those_of_networkx(weights: dict[tuple[int, int], float]) -> None:
    links = tuple(Likeness(REGIONS[i], REGIONS[j], value) for (i, j), value in sorted(weights.items()))
    view = view_of(quads({code.lower(): (code, "welding") for code in CODES}))
    read = Network.read(REGIONS, view, 0)
    network = Network(REGIONS, read.coverage, read.needs, links, ())
    plain = nx.Graph()
    plain.add_nodes_from(REGIONS)
    plain.add_weighted_edges_from((link.one, link.other, link.value) for link in links)
    assert network.centrality == pytest.approx(dict(plain.degree(weight="weight")))
    assert sorted(region for group in network.groups for region in group) == sorted(REGIONS)
    parts = [set(group) for group in network.groups]
    assert nx.community.is_partition(plain, parts)
    if links:
        assert network.modularity == pytest.approx(nx.community.modularity(plain, parts, weight="weight"))
        # No region gains by moving into the group of another: what the Louvain method stops at is no worse than alone.
        alone = nx.community.modularity(plain, [{region} for region in REGIONS], weight="weight")
        assert network.modularity >= alone - 1e-9


class TestCentralFacilities:
    def test_weight_is_the_shared_capabilities_summed_and_reach_the_other_regions(self) -> None:
        view = view_of(quads({**PAIRS, "e": ("AA1", "welding optics")}))
        found = central_facilities(REGIONS, view, 10)
        # e shares welding with a and b, optics with c and d; a and b welding with each other and e; c and d optics.
        assert [(one.facility, one.weight) for one in found] == [
            (facility("e"), 4),
            *((facility(slug), 2) for slug in "abcd"),
        ]
        assert (found[0].home, found[0].reached) == ((AA,), (BB, CC, DD))
        assert found[1].reached == (BB,)

    def test_facilities_elsewhere_and_those_that_share_nothing_do_not_count(self) -> None:
        found = central_facilities([AA, CC], view_of(quads({**PAIRS, "e": ("AA1", "welding")})), 10)
        assert [(one.facility, one.weight) for one in found] == [(facility("a"), 1), (facility("e"), 1)]
        assert found[0].reached == ()

    def test_the_limit_keeps_the_first(self) -> None:
        view = view_of(quads(PAIRS))
        assert central_facilities(REGIONS, view, 2) == central_facilities(REGIONS, view, 9)[:2]
        assert central_facilities([], view, 2) == central_facilities(REGIONS, view, 0) == []

    @given(
        several=st.lists(
            st.tuples(st.sampled_from(["AA1", "AA2", "BB1"]), st.sets(st.sampled_from("pqrst"), max_size=4)),
            max_size=8,
        )
    )
    def test_weights_are_the_degrees_of_the_projection_by_networkx(
        self, several: list[tuple[str, set[str]]]
    ) -> None:
        facilities = {f"f{i}": (code, " ".join(sorted(stated))) for i, (code, stated) in enumerate(several)}
        two_mode = nx.Graph()
        two_mode.add_node(capability("stated-by-none"))
        two_mode.add_nodes_from(map(facility, facilities))
        two_mode.add_edges_from(
            (facility(slug), capability(c))
            for slug, (_, stated) in facilities.items()
            for c in stated.split()
        )
        projected = bipartite.weighted_projected_graph(two_mode, list(map(facility, facilities)))
        expected = {node: degree for node, degree in projected.degree(weight="weight") if degree}
        # A region and a part of it: nothing counts twice.
        regions = [NUTS["AA"], NUTS["AA2"], BB]
        found = central_facilities(regions, view_of(quads(facilities, regions=["AA1", "AA2", "BB1"])), 99)
        assert {one.facility: one.weight for one in found} == expected
        for one in found:
            reached = {
                code
                for slug, (code, _) in facilities.items()
                if projected.has_edge(one.facility, facility(slug))
            }
            code = next(code for slug, (code, _) in facilities.items() if facility(slug) == one.facility)
            assert (BB in one.reached) == ("BB1" in reached and code != "BB1")


class TestBridges:
    ORGANISATION = ID["organisation/linking"]
    PROJECT = ID["project/sharing"]

    def statements(self) -> list[Quad]:
        one = GRAPHS[0]
        practice, event, plan = ID["practice/p"], ID["event/e"], ID["action-plan/x"]
        return [
            *quads(PAIRS, PRIORITIES, CODES),
            Quad(facility("a"), INFRA["operatedBy"], self.ORGANISATION, one),
            Quad(facility("a"), INFRA["operatedBy"], self.ORGANISATION, GRAPHS[1]),
            Quad(facility("b"), INFRA["operatingPartner"], self.ORGANISATION, one),
            Quad(CC, INFRA["hasStakeholder"], self.ORGANISATION, one),
            Quad(practice, RDF["type"], INFRA["GoodPractice"], one),
            Quad(practice, INFRA["inRegion"], NUTS["CC12"], one),
            Quad(NUTS["CC12"], SKOS["broaderTransitive"], CC, one),
            Quad(practice, INFRA["practiceOwner"], self.ORGANISATION, one),
            Quad(event, RDF["type"], INFRA["StudyVisit"], one),
            Quad(event, INFRA["inRegion"], DD, one),
            Quad(event, SCHEMA["organizer"], self.ORGANISATION, one),
            Quad(event, SCHEMA["attendee"], ID["organisation/guest"], one),
            Quad(event, INFRA["visitedFacility"], facility("b"), one),
            Quad(self.PROJECT, RDF["type"], SCHEMA["ResearchProject"], one),
            Quad(self.PROJECT, DCT["title"], Literal("Sharing", language="en"), one),
            Quad(self.PROJECT, SCHEMA["member"], self.ORGANISATION, one),
            Quad(practice, DCT["isPartOf"], self.PROJECT, one),
            Quad(event, DCT["isPartOf"], self.PROJECT, one),
            Quad(plan, RDF["type"], INFRA["ActionPlan"], one),
            Quad(plan, DCT["isPartOf"], self.PROJECT, one),
            Quad(plan, INFRA["planOwner"], self.ORGANISATION, one),
        ]

    def test_an_organisation_links_regions_by_each_kind_of_tie(self) -> None:
        (found,) = bridges("organisation", REGIONS, view_of(self.statements()))
        assert (found.entity, found.regions) == (self.ORGANISATION, (AA, BB, CC, DD))
        assert found.ties == (
            Tie(AA, "operator", 1),
            Tie(BB, "partner", 1),
            Tie(CC, "stakeholder", 1),
            Tie(CC, "practice-owner", 1),
            Tie(DD, "event-host", 1),
        )

    def test_a_project_links_regions_by_each_kind_of_tie(self) -> None:
        (found,) = bridges("project", REGIONS, view_of(self.statements()))
        assert (found.entity, found.regions) == (self.PROJECT, (AA, BB, CC, DD))
        assert found.ties == (
            Tie(AA, "member", 1),
            Tie(BB, "member", 1),
            Tie(BB, "facility", 1),
            Tie(CC, "member", 1),
            Tie(CC, "practice", 1),
            Tie(CC, "plan", 1),
            Tie(DD, "event", 1),
        )

    def test_a_region_and_one_around_it_are_one_place(self) -> None:
        around = Quad(AA, SKOS["broader"], NUTS["AA"], GRAPHS[0])
        view = view_of([*self.statements(), around])
        assert bridges("organisation", [AA, NUTS["AA"]], view) == []
        (found,) = bridges("organisation", [AA, NUTS["AA"], BB], view)
        assert found.regions == (AA, BB)

    def test_without_regions_nothing_links_them(self) -> None:
        assert bridges("organisation", [], view_of(self.statements())) == []


def answer() -> dict[str, Any]:
    view = pairs_view()
    return network_answer(pairs(), view, 5)


class TestFiles:
    def test_graphml_read_back_is_what_was_written(self) -> None:
        written = graph_of(answer())
        text = graphml(answer())
        read = nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
        assert read.is_directed()
        assert dict(read.nodes(data=True)) == dict(written.nodes(data=True))
        assert sorted(read.edges(keys=True, data=True)) == sorted(written.edges(keys=True, data=True))
        assert graphml(answer()) == text

    def test_what_is_not_known_has_no_attribute(self) -> None:
        node = graph_of(answer()).nodes["EE1"]
        assert node == {
            "region": EE.value,
            "label": "Region EE1",
            "facilities": 0,
            "described": 0,
            "capabilities": 0,
        }

    def test_a_letter_that_xml_cannot_hold_is_replaced(self) -> None:
        told = answer()
        told["nodes"][0]["label"] = "a\x0bb & <c>"
        read = nx.read_graphml(io.BytesIO(graphml(told).encode()), force_multigraph=True)
        assert read.nodes["AA1"]["label"] == "a�b & <c>"

    def test_cytoscape_elements_read_back_are_the_same_nodes_and_links(self) -> None:
        told = json.loads(json.dumps(cytoscape(answer())))
        read = nx.cytoscape_graph(told)
        written = graph_of(answer())
        assert set(read.nodes) == set(written.nodes)
        assert set(read.edges(keys=True)) == set(written.edges(keys=True))
        for source, target, key, data in read.edges(keys=True, data=True):
            assert data["id"] == key
            assert data["weight"] == written.edges[source, target, key]["weight"]
        assert {data["name"] for _, data in read.nodes(data=True)} == {f"Region {code}" for code in CODES}

    def test_the_json_is_node_link_data(self) -> None:
        told = json.loads(json.dumps(answer()))
        read = nx.node_link_graph(told, edges="links")
        assert read.is_multigraph()
        assert read.is_directed()
        assert set(read.nodes) == set(CODES)
        assert set(read.edges(keys=True)) == set(graph_of(told).edges(keys=True))


class TestQuestion:
    def test_codes_may_stand_in_one_text_and_empty_fields_are_not_given(self) -> None:
        asked = NetworkQuestion.of(["BE2 NL41", "LV008,EE008", ""], "", " ", 5)
        assert asked == NetworkQuestion(codes=("BE2", "NL41", "LV008", "EE008"), limit=5)

    @pytest.mark.parametrize("text", ["much", "-0.1", "1.1", "nan", "inf"])
    def test_a_threshold_that_is_no_share_is_refused(self, text: str) -> None:
        with pytest.raises(InputError, match="minSimilarity"):
            NetworkQuestion.of([], text, None, 5)
        with pytest.raises(InputError, match="minComplementarity"):
            NetworkQuestion.of([], None, text, 5)

    def test_without_codes_it_is_about_the_regions_that_partners_describe(self) -> None:
        assert NetworkQuestion().regions(pairs_view()) == [AA, CC]

    def test_an_unknown_code_is_told_with_near_ones(self) -> None:
        with pytest.raises(NotFound, match="AA1"):
            NetworkQuestion(codes=("AA1", "AA9")).regions(pairs_view())

    def test_too_many_regions_are_refused_before_anything_is_computed(self) -> None:
        codes = tuple(f"A{i:03}" for i in range(MOST_REGIONS + 1))
        view = view_of(quads({}, regions=codes))
        with pytest.raises(InputError, match="too many"):
            NetworkQuestion(codes=codes).regions(view)
        assert len(NetworkQuestion(codes=codes[1:]).regions(view)) == MOST_REGIONS


def test_what_is_not_known_is_said() -> None:
    reasons = {(one["region"], one["reason"]) for one in answer()["unknown"]}
    assert (
        "EE1",
        "Region EE1: no facility described there states a capability. What it is like is not known.",
    ) in reasons
    assert (
        "CC1",
        "Region CC1: no priority with capabilities is stated. What it lacks is not known.",
    ) in reasons
    assert not [one for one in reasons if one[0] == "AA1"]


class Elsewhere:
    """The same statements in another engine, in its default graph: what a query needs of ours would show here."""

    revision = 1

    def __init__(self, statements: list[Quad]) -> None:
        self._graph = rdflib.Graph()
        text = "\n".join(f"{one.triple} ." for one in statements)
        self._graph.parse(data=text, format="nt")

    def select(self, query: str) -> Table:
        found = self._graph.query(query)
        return Table(tuple(map(str, found.vars)), [tuple(self._term(term) for term in row) for row in found])

    @staticmethod
    def _term(term: Any) -> NamedNode | Literal | None:
        if term is None:
            return None
        if isinstance(term, rdflib.URIRef):
            return NamedNode(str(term))
        return Literal(str(term), language=term.language) if term.language else Literal(str(term))


def test_another_engine_gives_the_same_network() -> None:
    statements = TestBridges().statements()
    here = view_of(statements)
    there = replace(here, reader=Elsewhere(statements), _names={})
    told = network_answer(Network.read(REGIONS, here, 0), here, 5)
    assert network_answer(Network.read(REGIONS, there, 0), there, 5) == told
    assert told["organisations"]
    assert told["projects"]
    assert told["facilities"]


def nodes_of(told: dict[str, list[dict[str, str]]]) -> list[NamedNode]:
    return [NamedNode(node["region"]) for node in told["nodes"]]


def test_nodes_stand_in_the_order_of_their_codes() -> None:
    view = pairs_view()
    told = network_answer(Network.read(reversed(REGIONS), view, 0), view, 5)
    assert nodes_of(told) == list(REGIONS)
