"""What the provenance graph says of a contribution: PROV for who did what when, PAV for versions.

https://www.w3.org/TR/prov-o/ and https://pav-ontology.github.io/pav/. The graph itself stands for the current
version; each version has an address of its own below it, and each change, a deletion too, is an activity.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import CODELIST, DCT, ID, INFRA, PAV, PROV, RDF, VOID, XSD
from graph.store.ledger import Version

Statements = Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]

SOFTWARE: Final = "infrashare"
"""The agent of versions that came with the software. Other agents are persons, and no matter of the public."""


def provenance(history: Sequence[Version]) -> list[Triple]:
    """The statements about a graph, its versions and the changes that made them. The oldest version comes first."""
    if not history:
        return []
    statements = [*_graph(history[-1])]
    previous: Version | None = None
    for version in history:
        statements.extend(_change(version, previous))
        if not version.is_deletion:
            statements.extend(_version(version, previous))
        previous = version
    return [Triple(*statement) for statement in statements]


def _graph(last: Version) -> Statements:
    graph = last.graph_node
    yield graph, RDF["type"], INFRA["Contribution"]
    yield graph, DCT["identifier"], _text(last.name)
    yield graph, PROV["wasAttributedTo"], _partner(last)
    yield graph, PAV["contributedBy"], _partner(last)
    if last.is_deletion:
        yield graph, PROV["invalidatedAtTime"], _text(last.accepted_at, "dateTime")
        yield graph, PROV["wasInvalidatedBy"], _activity(last)
        return
    yield graph, PAV["hasCurrentVersion"], last.node
    yield graph, PAV["version"], _text(last.version)
    yield graph, PROV["generatedAtTime"], _text(last.accepted_at, "dateTime")
    yield graph, DCT["description"], _text(last.message)
    yield from _content(graph, last)


def _version(version: Version, previous: Version | None) -> Statements:
    node = version.node
    yield node, RDF["type"], PROV["Entity"]
    yield node, PROV["specializationOf"], version.graph_node
    yield node, PAV["version"], _text(version.version)
    yield node, PROV["generatedAtTime"], _text(version.accepted_at, "dateTime")
    yield node, PROV["wasGeneratedBy"], _activity(version)
    yield node, PROV["wasAttributedTo"], _partner(version)
    yield node, DCT["description"], _text(version.message)
    yield from _content(node, version)
    if previous is not None and not previous.is_deletion:
        yield node, PROV["wasRevisionOf"], previous.node
        yield node, PAV["previousVersion"], previous.node
    if version.restores is not None:
        yield node, PROV["wasDerivedFrom"], NamedNode(f"{version.graph}/{version.restores}")


def _content(node: NamedNode, version: Version) -> Statements:
    yield node, INFRA["contentHash"], _text(version.sha256)
    yield node, INFRA["version"], _text(version.version, "integer")
    yield node, INFRA["revision"], _text(version.revision, "integer")
    yield node, VOID["triples"], _text(version.triples, "integer")
    if version.quality_level:
        yield node, INFRA["qualityLevel"], CODELIST[f"quality-level/{version.quality_level}"]


def _change(version: Version, previous: Version | None) -> Statements:
    activity = _activity(version)
    yield activity, RDF["type"], PROV["Activity"]
    yield activity, PROV["endedAtTime"], _text(version.accepted_at, "dateTime")
    yield activity, PROV["wasAssociatedWith"], _partner(version)
    if version.agent == SOFTWARE:
        yield activity, PROV["wasAssociatedWith"], ID[f"organisation/{SOFTWARE}"]
    if version.is_deletion:
        yield activity, DCT["description"], _text(version.message)
        yield activity, INFRA["revision"], _text(version.revision, "integer")
    if previous is not None and not previous.is_deletion:
        yield previous.node, PROV["invalidatedAtTime"], _text(version.accepted_at, "dateTime")
        yield previous.node, PROV["wasInvalidatedBy"], activity


def _activity(version: Version) -> NamedNode:
    return NamedNode(f"{version.graph}/{version.version}#change")


def _partner(version: Version) -> NamedNode:
    return ID[f"organisation/{version.partner}"]


def _text(value: object, datatype: str = "string") -> Literal:
    return Literal(str(value), datatype=XSD[datatype])
