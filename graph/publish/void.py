"""VoID: what the dataset holds and how to get at it (https://www.w3.org/TR/void/)."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.iris import DCT, FOAF, FORMATS, ID, INFRA, PREFIXES, RDF, VOID
from graph.publish.dataset import (
    ABOUT,
    CATALOG,
    DATASET,
    LICENCE,
    TITLE,
    Said,
    State,
    text,
    time,
    triples,
    whole,
)

PATH: Final = ".well-known/void"
_FEATURES: Final = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_PLAIN: Final = ("rdf", "rdfs", "xsd", "owl", "shapes", "cap", "nuts", "nace")
"""Prefixes of no vocabulary in the sense of VoID, or of one that every dataset uses."""


def describe(state: State) -> list[Triple]:
    """The description, with a partition for each class and each property, and a subset for each graph."""
    return triples(
        [*_document(state), *_whole(state), *_classes(state), *_properties(state), *_graphs(state)]
    )


def _document(state: State) -> Iterator[Said]:
    node = state.at(PATH)
    yield node, RDF["type"], VOID["DatasetDescription"]
    yield node, DCT["title"], text(f"What InfraShare holds, revision {state.revision}")
    yield node, FOAF["primaryTopic"], DATASET
    yield node, FOAF["topic"], DATASET
    yield node, INFRA["revision"], whole(state.revision)


def _whole(state: State) -> Iterator[Said]:
    counted = state.statistics
    yield DATASET, RDF["type"], VOID["Dataset"]
    yield DATASET, DCT["title"], text(TITLE)
    yield DATASET, DCT["description"], text(ABOUT)
    yield DATASET, DCT["modified"], time(state.changed)
    yield DATASET, DCT["isPartOf"], CATALOG
    if state.is_all_licensed:
        yield DATASET, DCT["license"], LICENCE
    yield DATASET, FOAF["homepage"], state.at("")
    yield DATASET, VOID["sparqlEndpoint"], state.at("sparql")
    for form, _ in state.files:
        yield DATASET, VOID["dataDump"], state.at(f"dump.{form.ending}")
    for name in _FEATURES:
        yield DATASET, VOID["feature"], FORMATS[name]
    yield DATASET, VOID["uriSpace"], Literal(ID.base)
    yield DATASET, VOID["rootResource"], CATALOG
    for base in sorted(_vocabularies(state)):
        yield DATASET, VOID["vocabulary"], NamedNode(base)
    yield DATASET, VOID["triples"], whole(counted.triples)
    yield DATASET, VOID["entities"], whole(counted.entities)
    yield DATASET, VOID["distinctSubjects"], whole(counted.subjects)
    yield DATASET, VOID["distinctObjects"], whole(counted.values)
    yield DATASET, VOID["classes"], whole(len(counted.classes))
    yield DATASET, VOID["properties"], whole(len(counted.properties))


def _vocabularies(state: State) -> set[str]:
    used = [p.iri.value for p in state.statistics.properties] + [c.value for c, _ in state.statistics.classes]
    known = {base for prefix, base in PREFIXES.items() if prefix not in _PLAIN}
    return {base for base in known if any(iri.startswith(base) for iri in used)}


def _classes(state: State) -> Iterator[Said]:
    for at, (iri, number) in enumerate(state.statistics.classes):
        part = BlankNode(f"class{at}")
        yield DATASET, VOID["classPartition"], part
        yield part, VOID["class"], iri
        yield part, VOID["entities"], whole(number)


def _properties(state: State) -> Iterator[Said]:
    for at, counted in enumerate(state.statistics.properties):
        part = BlankNode(f"property{at}")
        yield DATASET, VOID["propertyPartition"], part
        yield part, VOID["property"], counted.iri
        yield part, VOID["triples"], whole(counted.triples)
        yield part, VOID["distinctSubjects"], whole(counted.subjects)
        yield part, VOID["distinctObjects"], whole(counted.values)


def _graphs(state: State) -> Iterator[Said]:
    for graph, number in state.statistics.graphs:
        yield DATASET, VOID["subset"], graph
        yield graph, RDF["type"], VOID["Dataset"]
        yield graph, VOID["triples"], whole(number)
    for version in state.contributions:
        where = f"contributions/{version.name}/versions/{version.version}.nt"
        yield version.graph_node, DCT["title"], text(version.name)
        yield version.graph_node, DCT["modified"], time(version.accepted_at)
        yield version.graph_node, VOID["dataDump"], state.at(where)
