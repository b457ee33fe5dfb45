"""What a graph is: whose, in which versions, how large, and where its statements can be fetched."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple

from graph.contribute.provenance import SOFTWARE, provenance
from graph.iris import (
    CODELISTS_GRAPH,
    DCT,
    DERIVED_GRAPH,
    FOAF,
    ONTOLOGY_GRAPH,
    PROVENANCE_GRAPH,
    RDF,
    SD,
    VOID,
)
from graph.publish.dataset import DATASET, Said, text, triples
from graph.store.ledger import Version

SYSTEM: Final = {
    ONTOLOGY_GRAPH: "The ontology and its alignments with other vocabularies.",
    CODELISTS_GRAPH: "The code lists, own ones and those of the EU.",
    DERIVED_GRAPH: "What follows from the other graphs: broader terms, regions within regions, coordinates. "
    "It is computed, never sent.",
    PROVENANCE_GRAPH: "Who contributed what when: the versions of all graphs, and the changes that made them.",
}
"""The graphs that no partner sends, and what each holds."""


def describe(graph: NamedNode, history: Sequence[Version], site: str) -> list[Triple]:
    """The description of a graph; ``site`` is the address of the service, with a slash at its end."""
    said: list[Said] = [
        (graph, RDF["type"], VOID["Dataset"]),
        (graph, RDF["type"], SD["Graph"]),
        (graph, DCT["isPartOf"], DATASET),
        (graph, VOID["dataDump"], NamedNode(f"{site}graph-store?graph={quote(graph.value, safe='')}")),
    ]
    if graph in SYSTEM:
        said.append((graph, DCT["title"], text(graph.value.rpartition("/")[2].capitalize())))
        said.append((graph, DCT["description"], text(SYSTEM[graph])))
    elif history:
        said.append((graph, DCT["title"], text(history[-1].name)))
        said.append((graph, FOAF["page"], NamedNode(f"{site}contributions/{history[-1].name}")))
    return [*triples(said), *provenance(history)]


def describe_version(version: Version, history: Sequence[Version], site: str) -> list[Triple]:
    """The description of a version of a graph, and of the change that made it."""
    about = {version.node, NamedNode(f"{version.node.value}#change")}
    said: list[Said] = [(version.node, DCT["isVersionOf"], version.graph_node)]
    if version.partner != SOFTWARE:
        where = f"{site}contributions/{version.name}/versions/{version.version}"
        said.append((version.node, FOAF["page"], NamedNode(where)))
        if not version.is_deletion:
            said.append((version.node, VOID["dataDump"], NamedNode(f"{where}.nt")))
    return [*triples(said), *(t for t in provenance(history) if t.subject in about)]
