"""What a contribution describes and what it refers to."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Triple

from graph.iris import GENID, ID


def entity_of(iri: str) -> str:
    """The entity that an IRI belongs to: ``…/id/facility/x#site`` is a part of ``…/id/facility/x``."""
    return iri.partition("#")[0] if iri in ID else iri


def described(triples: Iterable[Triple]) -> frozenset[str]:
    """The entities that the triples make statements about; unnamed parts belong to who mentions them."""
    subjects = {triple.subject for triple in triples}
    return frozenset(
        entity_of(subject.value)
        for subject in subjects
        if isinstance(subject, NamedNode) and subject.value not in GENID
    )


def references(triples: Iterable[Triple]) -> frozenset[str]:
    """The entities of ours that the triples refer to."""
    values = {triple.object for triple in triples}
    return frozenset(
        entity_of(value.value) for value in values if isinstance(value, NamedNode) and value.value in ID
    )
