"""What a contribution may be about, and which of the entities that it refers to are known."""

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from graph.contribute.reference import Reference
from graph.contribute.report import Report
from graph.iris import BASE, CODELIST, DCT, DERIVED_GRAPH, GRAPH, ID, INFRA, PREFIXES, RDF, RDFS, SHAPES, SKOS

Check = Callable[..., Report]
TERM, SERVICE = "graph-vocabulary-foreign", "graph-system-subject"
INSTITUTE, OTHER = ID["organisation/example-institute"], ID["organisation/somebody-else"]
ABOUT = {
    BASE + "ontology#Facility": TERM,
    BASE + "ontology": TERM,
    BASE + "shapes#facility-region-required": TERM,
    BASE + "codelist/capability/microscopy": TERM,
    BASE.removesuffix("/"): SERVICE,
    BASE: SERVICE,
    BASE + "graph/art-er/facilities": SERVICE,
    BASE + "ontologyfoo": SERVICE,
    BASE + ".well-known/void": SERVICE,
    "http://data.europa.eu/ux2/nace2/28": SERVICE,
    "http://data.europa.eu/8mn/euroscivoc/00401515": SERVICE,
    "http://schema.org/Person": SERVICE,
    BASE + "id/facility/x": None,
    BASE + ".well-known/genid/12": None,
    "relative:///x": None,
    "https://w3id.org/infrashare-of-others/x": None,
    "https://example.org/x": None,
    "http://data.europa.eu/nuts/code/BE2": None,
    **{
        base + "x": SERVICE
        for name, base in PREFIXES.items()
        if name not in {"infra", "shapes", "cap", "nuts"}
    },
}


@pytest.mark.parametrize(("about", "rule"), ABOUT.items())
def test_a_statement_is_kept_out_by_what_it_is_about(about: str, rule: str | None) -> None:
    triple = Triple(NamedNode(about), DCT["title"], Literal("ours", language="en"))
    assert Reference.kept_out_by(triple) == rule
    assert Reference.is_vocabulary(triple) == (rule is not None)


def test_a_region_is_described_but_not_its_code() -> None:
    region = NamedNode("http://data.europa.eu/nuts/code/BE2")
    assert Reference.kept_out_by(Triple(region, SKOS["inScheme"], CODELIST["nuts"])) == TERM
    assert Reference.kept_out_by(Triple(region, INFRA["hasStakeholder"], INSTITUTE)) is None


def test_statements_that_are_kept_out_do_not_stand_in_for_the_ontology(check: Check) -> None:
    report = check(
        """@prefix infra: <https://w3id.org/infrashare/ontology#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        @prefix org: <http://www.w3.org/ns/org#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        foaf:Agent rdfs:subClassOf org:Organization .
        <https://w3id.org/infrashare/id/facility/x> a infra:Facility ; infra:operatedBy
          <https://w3id.org/infrashare/id/organisation/x> .
        <https://w3id.org/infrashare/id/organisation/x> a foaf:Agent ."""
    )
    assert report.by_code[SERVICE] == 1
    assert "facility-operator-known" in report.by_code


REFERRING = f"""@prefix org: <http://www.w3.org/ns/org#> .
<{INSTITUTE.value}> a org:Organization ; org:linkedTo <{OTHER.value}> ."""


@pytest.mark.parametrize(
    ("described", "known"),
    [
        ([(RDF["type"], NamedNode(PREFIXES["org"] + "Organization"), GRAPH["a/b"])], True),
        ([(RDFS["label"], Literal("without a class"), GRAPH["a/b"])], True),
        ([(RDFS["label"], Literal("replaced"), GRAPH["own/graph"])], False),
        ([(INFRA["withinRegion"], Literal("derived"), DERIVED_GRAPH)], False),
        ([], False),
    ],
    ids=["with a class", "without a class", "in the replaced graph alone", "derived alone", "nowhere"],
)
def test_an_entity_is_known_where_another_contribution_describes_it(
    described: list[tuple[NamedNode, NamedNode | Literal, NamedNode]], known: bool, check: Check
) -> None:
    snapshot = Store()
    snapshot.extend(Quad(OTHER, predicate, value, graph) for predicate, value, graph in described)
    report = check(REFERRING, snapshot=snapshot, replacing=GRAPH["own/graph"])
    assert ("graph-reference-unknown" not in report.by_code) == known


def test_a_reference_that_another_rule_names_is_told_of_once(check: Check) -> None:
    report = check(
        """@prefix infra: <https://w3id.org/infrashare/ontology#> .
        <https://w3id.org/infrashare/id/facility/x> a infra:Facility ;
          infra:operatedBy <https://w3id.org/infrashare/id/organisation/nobody> ."""
    )
    named = [f.code for f in report.findings if f.value == f"{ID.base}organisation/nobody"]
    assert named == ["facility-operator-known"]


def test_the_successor_of_a_retired_code_is_known(reference: Reference) -> None:
    retired = next(
        t.subject
        for t in _replaced(reference)
        if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)
    )
    beside = list(reference.beside([Triple(INSTITUTE, INFRA["capability"], retired)]))
    successors = {t.object for t in beside if t.predicate == DCT["isReplacedBy"]}
    assert successors
    assert successors <= {t.subject for t in beside}


def _replaced(reference: Reference) -> list[Triple]:
    return [
        triple
        for triples in reference._about.values()
        for triple in triples
        if triple.predicate == DCT["isReplacedBy"]
    ]


def test_shapes_of_ours_have_their_own_rule() -> None:
    assert Reference.kept_out_by(Triple(SHAPES["facility"], RDFS["comment"], Literal("no"))) == TERM
