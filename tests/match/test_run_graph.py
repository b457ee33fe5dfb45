"""The answer as RDF: whole, the same for every reader, and enough to say why a facility was put first."""

import json
from typing import Any

import pytest
import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, Variable, parse

from graph.errors import Busy
from graph.iris import CODELIST, DCT, GEO, GRAPH, INFRA, PROV, RDF
from graph.match.matcher import Matcher
from graph.match.need import Need
from graph.match.run_graph import RUNS, triples
from graph.resources import ROOT
from graph.service import Service
from graph.store.engine import Snapshot
from graph.store.formats import GRAPH_FORMATS, write_graph

NEED = Need.model_validate(
    {
        "text": "We willen titanium onderdelen 3D-printen en testen op vermoeiing, binnen 300 km",
        "language": "nl",
        "region": "BE223",
        "services": ["testing"],
        "limit": 4,
        "lang": "de",
    }
)
QUERY = (ROOT / "docs" / "match-runs.md").read_text(encoding="utf-8").split("```sparql\n")[1].split("```")[0]


@pytest.fixture(scope="module")
def answer(matcher: Matcher, snapshot: Snapshot) -> dict[str, Any]:
    return matcher.match(NEED, snapshot)


@pytest.fixture(scope="module")
def run(answer: dict[str, Any], matcher: Matcher, snapshot: Snapshot, service: Service) -> list[Triple]:
    return triples(answer, NEED, matcher.knowledge(snapshot).scheme, snapshot, service.catalogue)


@pytest.fixture(scope="module")
def store(run: list[Triple]) -> Store:
    made = Store()
    made.extend(Quad(t.subject, t.predicate, t.object) for t in run)
    return made


def subjects(store: Store, kind: str) -> set[NamedNode | BlankNode | Triple]:
    return {quad.subject for quad in store.quads_for_pattern(None, RDF["type"], INFRA[kind])}


def value(store: Store, subject: object, predicate: NamedNode) -> str:
    (quad,) = store.quads_for_pattern(subject, predicate, None)  # type: ignore[arg-type]
    return str(quad.object.value)  # type: ignore[union-attr]


def test_all_results_and_verdicts_of_the_answer_are_in_it(store: Store, answer: dict[str, Any]) -> None:
    by_rank = {int(value(store, node, INFRA["rank"])): node for node in subjects(store, "MatchResult")}
    assert sorted(by_rank) == list(range(1, len(answer["results"]) + 1))
    for rank, result in enumerate(answer["results"], 1):
        node = by_rank[rank]
        assert value(store, node, INFRA["matchedFacility"]) == result["facility"]
        assert float(value(store, node, INFRA["score"])) == result["score"]
        told = sorted(
            (
                value(store, quad.object, INFRA["criterion"]),
                value(store, quad.object, INFRA["verdict"]),
                float(value(store, quad.object, INFRA["score"])),
                float(value(store, quad.object, INFRA["weight"])),
                value(store, quad.object, INFRA["reason"]),
            )
            for quad in store.quads_for_pattern(node, INFRA["hasVerdict"], None)  # type: ignore[arg-type]
        )
        assert told == sorted(
            (
                one["criterion"],
                f"{CODELIST.base}verdict/{one['verdict']}",
                one["score"],
                one["weight"],
                one["reason"],
            )
            for one in result["criteria"]
        )


def test_reasons_are_tagged_with_the_language_of_the_answer(store: Store) -> None:
    reasons = [quad.object for quad in store.quads_for_pattern(None, INFRA["reason"], None)]
    assert {reason.language for reason in reasons} == {"de"}  # type: ignore[union-attr]


def test_the_run_used_the_need_and_the_revision(store: Store, answer: dict[str, Any]) -> None:
    run = NamedNode(RUNS + answer["run"]["id"])
    used = {quad.object for quad in store.quads_for_pattern(run, PROV["used"], None)}
    (need,) = subjects(store, "Need")
    assert need in used
    (revision,) = used - {need}
    assert value(store, revision, INFRA["revision"]) == str(answer["run"]["revision"])
    (text,) = store.quads_for_pattern(need, DCT["description"], None)  # type: ignore[arg-type]
    assert (text.object.value, text.object.language) == (NEED.text, "nl")  # type: ignore[union-attr]


def test_each_statement_is_in_the_graph_that_it_names(store: Store, snapshot: Snapshot) -> None:
    """With its value as it stands there: a point keeps its datatype."""
    statements = subjects(store, "EvidenceStatement")
    assert statements
    datatypes = set()
    for node in statements:
        (stated,) = store.query(
            "SELECT ?n ?s ?p ?o ?g { ?n rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; infra:inGraph ?g }",
            prefixes={"rdf": RDF.base, "infra": INFRA.base},
            substitutions={Variable("n"): node},
        )
        _, s, p, o, g = stated
        assert list(snapshot.store.quads_for_pattern(s, p, o, g)), stated
        assert g.value in GRAPH
        datatypes.add(getattr(o, "datatype", None))
    assert GEO["wktLiteral"] in datatypes


@pytest.mark.parametrize("media_type", [*GRAPH_FORMATS])
def test_every_format_reads_back_as_the_same_triples(run: list[Triple], media_type: str) -> None:
    written = write_graph(run, media_type)
    read = {quad.triple for quad in parse(written, GRAPH_FORMATS[media_type])}
    assert read == set(run)


def test_json_ld_uses_the_terms_of_the_own_context_and_reads_back_by_it(run: list[Triple]) -> None:
    document = json.loads(write_graph(run, "application/ld+json"))
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    kinds = {kind for node in document["@graph"] for kind in node.get("@type", [])}
    assert {"MatchRun", "MatchResult", "CriterionVerdict", "EvidenceStatement", "Need"} <= kinds
    whole = json.dumps({"@context": context, "@graph": document["@graph"]}).encode()
    assert {quad.triple for quad in parse(whole, RdfFormat.JSON_LD)} == set(run)


def first_by_rdflib(run: list[Triple]) -> set[tuple[str, str, str]]:
    graph = rdflib.Graph().parse(data=write_graph(run, "text/turtle"), format="turtle")
    return {
        (str(row["criterion"]), str(row["reason"]), str(row["value"]))
        for row in graph.query(QUERY).bindings
        if "value" in row
    }


def first_by_pyoxigraph(store: Store) -> set[tuple[str, str, str]]:
    return {
        (row["criterion"].value, row["reason"].value, row["value"].value)
        for row in store.query(QUERY)  # type: ignore[union-attr]
        if row["value"] is not None
    }


def test_the_query_of_the_guide_says_why_the_first_was_put_first(
    run: list[Triple], store: Store, answer: dict[str, Any]
) -> None:
    expected = {
        (one["criterion"], one["reason"], statement["o"])
        for one in answer["results"][0]["criteria"]
        if one["verdict"] == "met"
        for statement in one["evidence"]
    }
    assert expected
    assert first_by_rdflib(run) == expected
    assert first_by_pyoxigraph(store) == expected


def test_the_same_run_gives_the_same_bytes(
    run: list[Triple], answer: dict[str, Any], matcher: Matcher, snapshot: Snapshot, service: Service
) -> None:
    scheme = matcher.knowledge(snapshot).scheme
    again = triples(matcher.match(NEED, snapshot), NEED, scheme, snapshot, service.catalogue)
    assert write_graph(again, "text/turtle") == write_graph(run, "text/turtle")


def test_every_term_of_the_answer_is_in_the_ontology(run: list[Triple], ontology_graph: Store) -> None:
    own = {t.predicate for t in run if t.predicate.value in INFRA}
    own |= {t.object for t in run if t.predicate == RDF["type"] and str(t.object.value) in INFRA}  # type: ignore[union-attr,misc]
    for term in own:
        assert list(ontology_graph.quads_for_pattern(term, RDF["type"], None)), term


def test_an_answer_without_results_is_a_run_too(
    matcher: Matcher, snapshot: Snapshot, service: Service
) -> None:
    need = Need.model_validate({"text": "zzzz", "language": "nl"})
    empty = matcher.match(need, snapshot)
    told = triples(empty, need, matcher.knowledge(snapshot).scheme, snapshot, service.catalogue)
    assert not empty["results"]
    assert {t.object for t in told if t.predicate == RDF["type"]} == {
        INFRA["MatchRun"],
        INFRA["Need"],
        PROV["Entity"],
    }


def test_an_answer_of_another_state_is_not_written_as_if_it_were_of_this_one(
    answer: dict[str, Any], matcher: Matcher, snapshot: Snapshot, service: Service
) -> None:
    earlier = service.snapshot_at(2)
    with pytest.raises(Busy):
        triples(answer, NEED, matcher.knowledge(snapshot).scheme, earlier, service.catalogue)
