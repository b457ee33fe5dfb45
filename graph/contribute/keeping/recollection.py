"""Versions read back from the provenance graph that tells of them: the inverse of ``graph.contribute.provenance``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.provenance import SOFTWARE, provenance
from graph.errors import InputError
from graph.iris import (
    CODELIST,
    CODELISTS_GRAPH,
    DCT,
    GRAPH,
    ID,
    INFRA,
    ONTOLOGY_GRAPH,
    PROV,
    PROVENANCE_GRAPH,
    RDF,
    SLUG,
    VOID,
    contribution_graph,
)
from graph.store.content import content_hash
from graph.store.ledger import ACCEPTED, DELETED, ROLLED_BACK, Version

UNTOLD: Final = "not told by the dump"
"""The agent of a version that did not come with the software: a dump does not name persons."""
_LEVELS: Final = CODELIST["quality-level/"].value
_CHANGE: Final = "#change"

_Facts = dict[NamedNode, list[Any]]


def facts_of(statements: Iterable[Triple]) -> dict[NamedNode, _Facts]:
    """The values of each property of each named subject."""
    facts: dict[NamedNode, _Facts] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in statements:
        if isinstance(subject, NamedNode):
            facts[subject][predicate].append(value)
    return facts


def graph_named(partner: str, dataset: str) -> NamedNode | None:
    """The graph whose versions are told under these names, ``None`` where there can be none."""
    if partner == SOFTWARE:
        return next(
            (graph for graph in (ONTOLOGY_GRAPH, CODELISTS_GRAPH) if graph.value == GRAPH.base + dataset),
            None,
        )
    is_name = SLUG.fullmatch(partner) and SLUG.fullmatch(dataset)
    return contribution_graph(partner, dataset) if is_name else None


def recollect(told: Iterable[Triple]) -> list[Version]:
    """All versions, by revision, of which a provenance graph tells.

    A dump tells neither who sent a version nor with how many points of quality. Raises ``InputError`` where the graph
    says less or more than the versions would make it say.
    """
    statements = set(told)
    about = facts_of(statements)
    graphs = [node for node, facts in about.items() if INFRA["Contribution"] in facts.get(RDF["type"], ())]
    versions = [version for graph in sorted(graphs, key=str) for version in _versions(graph, about)]
    versions.sort(key=lambda version: version.revision)
    _require_whole(versions, statements)
    return versions


def _require_whole(versions: list[Version], statements: set[Triple]) -> None:
    if len({version.revision for version in versions}) != len(versions):
        raise InputError(f"{PROVENANCE_GRAPH}: two versions have the same revision")
    histories: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        histories[version.graph].append(version)
    for graph, history in histories.items():
        if [version.version for version in history] != list(range(1, len(history) + 1)):
            raise InputError(
                f"{PROVENANCE_GRAPH}: the versions of <{graph}> are not numbered from 1 on by revision"
            )
    expected = {triple for history in histories.values() for triple in provenance(history)}
    stated = {t for t in statements if t.subject != PROVENANCE_GRAPH}
    if stated != expected:
        odd = min(stated ^ expected, key=str)
        what = "is not said" if odd in expected else "does not fit the versions"
        raise InputError(f"{PROVENANCE_GRAPH}: {odd} . {what}")
    last = versions[-1].revision if versions else 0
    revision = _number(
        {p: [o] for s, p, o in statements if s == PROVENANCE_GRAPH}, INFRA["revision"], PROVENANCE_GRAPH
    )
    if revision != last:
        raise InputError(
            f"{PROVENANCE_GRAPH}: it is of revision {revision}, and the last version of revision {last}"
        )


def _versions(graph: NamedNode, about: dict[NamedNode, _Facts]) -> Iterator[Version]:
    """The versions of a graph, each from its own address, or from its activity where it is a deletion."""
    name = _text(about[graph], DCT["identifier"], graph)
    partner, _, dataset = name.partition("/")
    if graph != graph_named(partner, dataset):
        raise InputError(f"{PROVENANCE_GRAPH}: {graph} is not the graph of {name!r}")
    prefix = f"{graph.value}/"
    for activity, change in about.items():
        number = activity.value.removeprefix(prefix).removesuffix(_CHANGE)
        if activity.value != f"{prefix}{number}{_CHANGE}" or not number.isdecimal():
            continue
        node = NamedNode(prefix + number)
        facts = about.get(node, {})
        deleted = PROV["specializationOf"] not in facts
        restores = _restored(facts, prefix)
        source = change if deleted else facts
        yield Version(
            revision=_number(source, INFRA["revision"], activity if deleted else node),
            graph=graph.value,
            partner=partner,
            dataset=dataset,
            version=int(number),
            sha256=content_hash(b"") if deleted else _text(facts, INFRA["contentHash"], node),
            source_sha256=None,
            triples=0 if deleted else _number(facts, VOID["triples"], node),
            accepted_at=_text(change, PROV["endedAtTime"], activity),
            agent=SOFTWARE if _is_of_software(change) else UNTOLD,
            message=_text(source, DCT["description"], activity if deleted else node),
            quality_level=None if deleted else _level(facts),
            quality_score=None,
            change=DELETED if deleted else ROLLED_BACK if restores else ACCEPTED,
            restores=restores,
        )


def _is_of_software(change: _Facts) -> bool:
    return ID[f"organisation/{SOFTWARE}"] in change.get(PROV["wasAssociatedWith"], ())


def _restored(facts: _Facts, prefix: str) -> int | None:
    """The older version that a version restores, where it does."""
    for node in facts.get(PROV["wasDerivedFrom"], []):
        number = node.value.removeprefix(prefix)
        if number.isdecimal():
            return int(number)
    return None


def _level(facts: _Facts) -> str | None:
    levels = facts.get(INFRA["qualityLevel"], [])
    return levels[0].value.removeprefix(_LEVELS) if levels else None


def _text(facts: _Facts, predicate: NamedNode, about: NamedNode) -> str:
    values = facts.get(predicate, [])
    if len(values) != 1 or not isinstance(values[0], Literal):
        raise InputError(
            f"{PROVENANCE_GRAPH}: {about} has {len(values)} values of {predicate}; it must have one text"
        )
    return values[0].value


def _number(facts: _Facts, predicate: NamedNode, about: NamedNode) -> int:
    text = _text(facts, predicate, about)
    if not text.isdecimal():
        raise InputError(f"{PROVENANCE_GRAPH}: {about} {predicate} {text!r} is not a number")
    return int(text)
