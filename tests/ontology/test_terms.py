"""The ontology: each term is complete, and each term in use is defined."""

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from graph.iris import DCT, INFRA, LANGUAGES, OWL, RDF, RDFS, SH, SKOS
from graph.resources import DATA, ONTOLOGY, QUERIES, ROOT, SHAPES, turtle_files

OWN = NamedNode("https://w3id.org/infrashare/ontology")
KINDS = {OWL["Class"], OWL["ObjectProperty"], OWL["DatatypeProperty"]}
CLASSES_OF_THE_MODEL = (
    "Facility",
    "Equipment",
    "Service",
    "AccessOffer",
    "Region",
    "PolicyInstrument",
    "SupportScheme",
    "FundingProgramme",
    "Strategy",
    "Regulation",
    "GoodPractice",
    "PracticeImplementation",
    "PracticeFigure",
    "ActionPlan",
    "Action",
    "StudyVisit",
    "PeerReview",
    "Conference",
    "SteeringMeeting",
    "Need",
    "SmeProfile",
    "MatchRun",
    "MatchResult",
    "CriterionVerdict",
    "Contribution",
    "RegionIndicator",
)
SUBSUMING = {RDFS["subClassOf"], RDFS["subPropertyOf"]}
ALIGNING = SUBSUMING | {SKOS["closeMatch"], SKOS["exactMatch"], SKOS["broadMatch"]}


def quads(path: Path) -> list[Quad]:
    return list(parse(path=str(path), format=RdfFormat.TURTLE))


def own_terms() -> list[str]:
    found = {
        quad.subject.value
        for quad in quads(ONTOLOGY / "infrashare.ttl")
        if isinstance(quad.subject, NamedNode) and quad.subject.value in INFRA
    }
    return sorted(iri.removeprefix(INFRA.base) for iri in found)


def objects(store: Store, subject: NamedNode, predicate: NamedNode) -> list[object]:
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None)]


def test_there_is_one_ontology(ontology_graph: Store) -> None:
    ontologies = [q.subject for q in ontology_graph.quads_for_pattern(None, RDF["type"], OWL["Ontology"])]
    assert ontologies == [OWN]


def test_the_ontology_states_licence_version_and_prefixes(ontology_graph: Store) -> None:
    licence = NamedNode("https://creativecommons.org/licenses/by/4.0/")
    assert objects(ontology_graph, OWN, DCT["license"]) == [licence]
    assert objects(ontology_graph, OWN, OWL["versionIRI"]) == [NamedNode(f"{OWN.value}/1.0.0")]
    assert objects(ontology_graph, OWN, SH["declare"])


@pytest.mark.parametrize("name", own_terms())
def test_a_term_has_kind_labels_definition_and_home(name: str, ontology_graph: Store) -> None:
    term = INFRA[name]
    labels = [label for label in objects(ontology_graph, term, RDFS["label"]) if isinstance(label, Literal)]
    definitions = [d for d in objects(ontology_graph, term, SKOS["definition"]) if isinstance(d, Literal)]
    assert len(KINDS.intersection(objects(ontology_graph, term, RDF["type"]))) == 1
    assert Counter(label.language for label in labels) == dict.fromkeys(LANGUAGES, 1)
    assert all(label.value.strip() for label in labels)
    assert [definition.language for definition in definitions] == ["en"]
    assert objects(ontology_graph, term, RDFS["isDefinedBy"]) == [OWN]


@pytest.mark.parametrize("name", CLASSES_OF_THE_MODEL)
def test_a_class_of_the_model_exists(name: str, ontology_graph: Store) -> None:
    assert Quad(INFRA[name], RDF["type"], OWL["Class"]) in ontology_graph


def test_classes_are_upper_case_and_properties_lower_case(ontology_graph: Store) -> None:
    for quad in ontology_graph.quads_for_pattern(None, RDF["type"], None):
        if quad.object in KINDS and isinstance(quad.subject, NamedNode):
            first = quad.subject.value.removeprefix(INFRA.base)[0]
            assert first.isupper() == (quad.object == OWL["Class"]), quad.subject


def test_subjects_of_the_ontology_file_are_its_own() -> None:
    named = {
        quad.subject for quad in quads(ONTOLOGY / "infrashare.ttl") if isinstance(quad.subject, NamedNode)
    }
    assert [term for term in named if term.value not in INFRA and term != OWN] == []


def test_no_term_states_a_domain(ontology_graph: Store) -> None:
    assert list(ontology_graph.quads_for_pattern(None, RDFS["domain"], None)) == []


def test_ranges_are_only_datatypes(ontology_graph: Store) -> None:
    for quad in ontology_graph.quads_for_pattern(None, RDFS["range"], None):
        assert "XMLSchema#" in str(quad.object), quad


def test_alignments_speak_of_own_terms_and_point_outside() -> None:
    terms = set(own_terms())
    for quad in quads(ONTOLOGY / "alignments.ttl"):
        assert isinstance(quad.subject, NamedNode)
        assert quad.subject.value.removeprefix(INFRA.base) in terms
        assert quad.predicate in ALIGNING
        assert isinstance(quad.object, NamedNode)
        assert quad.object.value not in INFRA


def test_the_ontology_file_builds_on_own_terms_only() -> None:
    for quad in quads(ONTOLOGY / "infrashare.ttl"):
        if quad.predicate in SUBSUMING:
            assert isinstance(quad.object, NamedNode)
            assert quad.object.value in INFRA, quad


def used_in_turtle() -> dict[str, str]:
    """Own terms in data, shapes and code lists, each with a file that uses it."""
    used: dict[str, str] = {}
    for path in [*turtle_files(DATA), *turtle_files(SHAPES), *turtle_files(ONTOLOGY / "codelists")]:
        for quad in quads(path):
            for term in (quad.subject, quad.predicate, quad.object):
                if isinstance(term, NamedNode) and term.value in INFRA:
                    used[term.value.removeprefix(INFRA.base)] = path.name
                elif isinstance(term, Literal) and "infra:" in term.value:
                    used |= dict.fromkeys(re.findall(r"\binfra:(\w+)", term.value), path.name)
    return used


def used_in_text() -> dict[str, str]:
    """Own terms in queries and code, each with a file that uses it."""
    used: dict[str, str] = {}
    for path in QUERIES.rglob("*.rq"):
        used |= dict.fromkeys(re.findall(r"\binfra:(\w+)", path.read_text(encoding="utf-8")), path.name)
    for room in ("graph", "api", "cli"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            used |= dict.fromkeys(re.findall(r"""INFRA\[\s*["'](\w+)["']\s*\]""", text), path.name)
    return used


def test_each_own_term_in_data_shapes_and_codelists_is_defined() -> None:
    terms = set(own_terms())
    assert {name: file for name, file in used_in_turtle().items() if name not in terms} == {}


def test_each_own_term_in_queries_and_code_is_defined() -> None:
    terms = set(own_terms())
    assert {name: file for name, file in used_in_text().items() if name not in terms} == {}
