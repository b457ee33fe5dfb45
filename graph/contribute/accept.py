"""Accepting a contribution: the ledger first, then the engine, the derived triples, and a new snapshot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from pyoxigraph import NamedNode

from graph.contribute.checking import Checked
from graph.contribute.entities import described
from graph.contribute.index import Index
from graph.contribute.keeping.shipped import shipped_triples, source_hash
from graph.contribute.reading.parse import canonical_ntriples, from_ntriples
from graph.contribute.report import Report
from graph.errors import Conflict, InputError, NotFound
from graph.iris import (
    SLUG,
    SYSTEM_GRAPHS,
    contribution_graph,
)
from graph.store.content import content_hash
from graph.store.ledger import ACCEPTED, DELETED, Ledger, Version
from graph.store.owners import Owners
from graph.store.protocol import Engine

SYSTEM_PARTNER = "infrashare"
"""The partner under whose name the ontology and the code lists are versioned in the ledger."""

MAX_NAME = 100
"""Longest name of a partner or a dataset in characters."""

Precondition = Callable[[Version | None], None]
"""Called with the graph's latest version before anything is written; raises where that is not the expected one."""


@dataclass(frozen=True)
class Accepted:
    """What came of a contribution: its version, whether anything changed, and the triples added and removed."""

    version: Version
    unchanged: bool
    added: int
    removed: int


Record = Callable[[sa.Connection, Accepted], None]
"""What else is written in the transaction of a new version, such as the answer to the request."""


class NotConforming(InputError):  # noqa: N818 - named like its siblings in graph.errors
    """The contribution does not conform; ``report`` says why."""

    problem = "does-not-conform"

    def __init__(self, report: Report) -> None:
        number = report.counts["violation"]
        super().__init__(f"the contribution does not conform: {number} violation{'s' * (number != 1)}")
        self.report = report

    def __reduce__(self) -> tuple[type["NotConforming"], tuple[Report]]:  # type: ignore[override]
        return type(self), (self.report,)


class Overtaken(Conflict):
    """What the contribution refers to was there when it was checked, and is not any more."""


class Acceptance:
    """Writes contributions: one at a time, ledger before engine."""

    def __init__(self, ledger: Ledger, engine: Engine, index: Index) -> None:
        self._ledger = ledger
        self._engine = engine
        self._index = index
        self._owners = Owners(ledger.database)

    def accept(
        self,
        checked: Checked,
        partner: str,
        dataset: str,
        *,
        agent: str,
        message: str,
        publish: bool = True,
        change: str = ACCEPTED,
        restores: int | None = None,
        precondition: Precondition | None = None,
        record: Record | None = None,
    ) -> Accepted:
        """Make a checked contribution the current version of its graph.

        Raises ``NotConforming`` where it has violations, ``InputError`` for names that are not slugs,
        ``OwnedByOthers`` where it describes entities of other partners, ``Overtaken`` where what it refers to has
        gone, and ``IndexBehind`` where the ledger has taken it and the engine could not. The same content again
        changes nothing.
        """
        if not checked.report.conforms:
            raise NotConforming(checked.report)
        graph = graph_of(partner, dataset)
        with self._engine.writing:
            self._index.heal()
            last = self._ledger.latest(graph.value)
            if precondition:
                precondition(last)
            if last is not None and last.sha256 == content_hash(checked.ntriples) and not last.is_deletion:
                accepted = Accepted(last, True, 0, 0)
                if record:
                    with self._ledger.database.writing("the answer") as connection:
                        record(connection, accepted)
                return accepted
            self._require_references(checked)
            triples = checked.triples()
            new = set(triples)
            old = set(from_ntriples(self._ledger.content(last.sha256))) if last else set()
            counts = len(new - old), len(old - new)

            def also(connection: sa.Connection, version: Version) -> None:
                self._owners.claim(connection, described(new), partner, version.revision)
                if record:
                    record(connection, Accepted(version, False, *counts))

            version = self._ledger.append(
                graph=graph.value,
                partner=partner,
                dataset=dataset,
                ntriples=checked.ntriples,
                triples=len(new),
                agent=agent,
                message=message,
                source_sha256=checked.source_sha256,
                quality_level=checked.report.quality.level,
                quality_score=checked.report.quality.score,
                change=change,
                restores=restores,
                also=[also],
            )
            self._index.show(version, triples, publish)
        return Accepted(version, False, *counts)

    def delete(
        self,
        partner: str,
        dataset: str,
        *,
        agent: str,
        message: str,
        precondition: Precondition | None = None,
        record: Record | None = None,
    ) -> Accepted:
        """Delete a contribution: a new version without content. Its history stays.

        Raises ``NotFound`` where there is nothing to delete, ``IndexBehind`` like ``accept``.
        """
        graph = graph_of(partner, dataset)
        with self._engine.writing:
            self._index.heal()
            last = self._ledger.latest(graph.value)
            if precondition:
                precondition(last)
            if last is None or last.is_deletion:
                raise NotFound(f"there is no contribution {partner}/{dataset}")
            removed = last.triples

            def also(connection: sa.Connection, version: Version) -> None:
                if record:
                    record(connection, Accepted(version, False, 0, removed))

            version = self._ledger.append(
                graph=graph.value,
                partner=partner,
                dataset=dataset,
                ntriples=b"",
                triples=0,
                agent=agent,
                message=message,
                change=DELETED,
                also=[also],
            )
            self._index.show(version, [], publish=True)
        return Accepted(version, False, 0, removed)

    def _require_references(self, checked: Checked) -> None:
        """Where the dataset has moved on since the check: raise ``Overtaken`` if something referred to has gone."""
        if checked.revision is None or checked.revision == self._engine.revision:
            return
        for iri in sorted(checked.refers_to):
            if not self._engine.has_type(NamedNode(iri)):
                raise Overtaken(f"{iri} was removed by another contribution meanwhile; check again")

    def put_system_graph(self, graph: NamedNode, files: Sequence[Path]) -> bool:
        """Version the ontology or the code lists in the ledger where their files changed; tell whether they did."""
        source = source_hash(files)

        def is_current() -> bool:
            last = self._ledger.latest(graph.value)
            return last is not None and last.source_sha256 == source

        if is_current():
            return False
        triples = shipped_triples(files)
        ntriples = canonical_ntriples(triples)
        with self._engine.writing:
            self._index.heal()
            if is_current():
                return False  # another service that starts beside this one was first
            version = self._ledger.append(
                graph=graph.value,
                partner=SYSTEM_PARTNER,
                dataset=graph.value.rsplit("/", 1)[-1],
                ntriples=ntriples,
                triples=len(triples),
                agent=SYSTEM_PARTNER,
                message="shipped with the software",
                source_sha256=source,
            )
            self._index.put(version, triples)
        return True

    def register_owners(self) -> None:
        """Give each entity to the partner that described it first, where a ledger of earlier days names no owners."""
        if not self._owners.is_empty():
            return
        versions = [v for v in self._ledger.all() if v.partner != SYSTEM_PARTNER]
        with self._ledger.database.writing("the owners") as connection:
            for version in versions:
                entities = described(from_ntriples(self._ledger.content(version.sha256)))
                self._owners.inherit(connection, entities, version.partner, version.revision)


def graph_of(partner: str, dataset: str) -> NamedNode:
    """The graph of a contribution. Raises ``InputError`` for names that are no slugs or that the system keeps."""
    for what, name in (("partner", partner), ("dataset", dataset)):
        if not SLUG.fullmatch(name):
            raise InputError(f"{what} {name[:100]!r} is not a name; use lower-case words joined by hyphens")
        if len(name) > MAX_NAME:
            raise InputError(f"{what} {name[:100]!r}… has {len(name):,} characters; the limit is {MAX_NAME}")
    graph = contribution_graph(partner, dataset)
    if graph in SYSTEM_GRAPHS or partner == SYSTEM_PARTNER:
        raise InputError(f"the name {partner}/{dataset} is kept for the system")
    return graph
