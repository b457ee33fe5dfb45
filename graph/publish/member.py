"""A member of the change feed: one version of one graph, as statements and read back from them.

What the member says stands in the default graph; what the version holds, in the graph of the member's own name.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.keeping.recollection import graph_named
from graph.contribute.provenance import SOFTWARE
from graph.errors import InputError
from graph.iris import (
    CODELIST,
    DCT,
    ID,
    INFRA,
    PROV,
    RDF,
    VOID,
    XSD,
    Namespace,
)
from graph.store.content import content_hash
from graph.store.ledger import ACCEPTED, DELETED, ROLLED_BACK, Version

AS: Final = Namespace("https://www.w3.org/ns/activitystreams#")
CREATE: Final = AS["Create"]
UPDATE: Final = AS["Update"]
DELETE: Final = AS["Delete"]
UNTOLD: Final = "not told by the feed"
"""The agent of a version that did not come with the software: a feed does not name persons."""
_LEVEL: Final = CODELIST["quality-level/"].value

Facts = Mapping[NamedNode, list[Any]]


def statements(version: Version) -> Iterator[Triple]:
    """What the feed says of a version."""
    node = version.node

    def say(predicate: NamedNode, value: NamedNode | Literal) -> Triple:
        return Triple(node, predicate, value)

    yield say(RDF["type"], DELETE if version.is_deletion else CREATE if version.version == 1 else UPDATE)
    yield say(DCT["isVersionOf"], version.graph_node)
    yield say(DCT["identifier"], Literal(version.name))
    yield say(DCT["description"], Literal(version.message))
    yield say(PROV["generatedAtTime"], Literal(version.accepted_at, datatype=XSD["dateTime"]))
    yield say(PROV["wasAttributedTo"], ID[f"organisation/{version.partner}"])
    yield say(INFRA["revision"], _number(version.revision))
    yield say(INFRA["version"], _number(version.version))
    if version.agent == SOFTWARE:
        yield say(PROV["wasAttributedTo"], ID[f"organisation/{SOFTWARE}"])
    if not version.is_deletion:
        yield say(INFRA["contentHash"], Literal(version.sha256))
        yield say(VOID["triples"], _number(version.triples))
    if version.quality_level:
        yield say(INFRA["qualityLevel"], NamedNode(_LEVEL + version.quality_level))
    if version.restores is not None:
        yield say(PROV["wasDerivedFrom"], NamedNode(f"{version.graph}/{version.restores}"))


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD["integer"])


def version_of(node: NamedNode, facts: Facts) -> Version:
    """The version that a member stands for. Raises ``InputError`` where the member does not say what one must."""
    name = _text(node, facts, DCT["identifier"])
    partner, _, dataset = name.partition("/")
    graph = _one(node, facts, DCT["isVersionOf"])
    number = _integer(node, facts, INFRA["version"])
    if graph != graph_named(partner, dataset) or node.value != f"{graph.value}/{number}":
        raise InputError(f"{node} does not fit the graph {graph} of {name!r}")
    deleted = DELETE in facts.get(RDF["type"], ())
    restores = _restored(node, facts, graph.value)
    attributed = facts.get(PROV["wasAttributedTo"], ())
    levels = facts.get(INFRA["qualityLevel"], ())
    return Version(
        revision=_integer(node, facts, INFRA["revision"]),
        graph=graph.value,
        partner=partner,
        dataset=dataset,
        version=number,
        sha256=content_hash(b"") if deleted else _text(node, facts, INFRA["contentHash"]),
        source_sha256=None,
        triples=0 if deleted else _integer(node, facts, VOID["triples"]),
        accepted_at=_text(node, facts, PROV["generatedAtTime"]),
        agent=SOFTWARE if ID[f"organisation/{SOFTWARE}"] in attributed else UNTOLD,
        message=_text(node, facts, DCT["description"]),
        quality_level=str(levels[0].value).removeprefix(_LEVEL) if levels else None,
        quality_score=None,
        change=DELETED if deleted else ACCEPTED if restores is None else ROLLED_BACK,
        restores=restores,
    )


def _restored(node: NamedNode, facts: Facts, graph: str) -> int | None:
    if PROV["wasDerivedFrom"] not in facts:
        return None
    number = _one(node, facts, PROV["wasDerivedFrom"]).value.removeprefix(f"{graph}/")
    if not number.isdecimal():
        raise InputError(f"{node} restores what is no version of <{graph}>")
    return int(number)


def _one(node: NamedNode, facts: Facts, predicate: NamedNode) -> Any:
    values = facts.get(predicate, [])
    if len(values) != 1:
        raise InputError(f"{node} has {len(values)} values of {predicate}; a member has one")
    return values[0]


def _text(node: NamedNode, facts: Facts, predicate: NamedNode) -> str:
    value = _one(node, facts, predicate)
    if not isinstance(value, Literal):
        raise InputError(f"{node} {predicate} {value} is no text")
    return value.value


def _integer(node: NamedNode, facts: Facts, predicate: NamedNode) -> int:
    text = _text(node, facts, predicate)
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise InputError(f"{node} {predicate} {text[:40]!r} is no number")
    return int(text)
