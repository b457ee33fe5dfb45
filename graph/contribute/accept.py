"""Accepting a contribution: the ledger first, then the engine, the derived triples, and a new snapshot."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from pyoxigraph import NamedNode, Triple

from graph.contribute.checking import Checked
from graph.contribute.entities import described
from graph.contribute.keeping.shipped import shipped_triples, source_hash
from graph.contribute.provenance import provenance
from graph.contribute.reading.parse import canonical_ntriples, from_ntriples
from graph.contribute.report import Report
from graph.errors import Conflict, InputError, NotFound, StoreError
from graph.iris import (
    CODELISTS_GRAPH,
    DERIVED_GRAPH,
    ONTOLOGY_GRAPH,
    PROVENANCE_GRAPH,
    SLUG,
    SYSTEM_GRAPHS,
    contribution_graph,
)
from graph.progress import Progress
from graph.store.answers import as_stored
from graph.store.content import content_hash
from graph.store.derived import Derivation
from graph.store.disk import EngineDamaged, engine_errors
from graph.store.fault import fault
from graph.store.ledger import ACCEPTED, DELETED, Ledger, Version
from graph.store.likeness import all_alike
from graph.store.owners import Owners
from graph.store.protocol import Engine

SYSTEM_PARTNER = "infrashare"
"""The partner under whose name the ontology and the code lists are versioned in the ledger."""

MAX_NAME = 100
"""Longest name of a partner or a dataset in characters."""

_COMPUTED = {DERIVED_GRAPH.value, PROVENANCE_GRAPH.value}

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


class IndexBehind(StoreError):  # noqa: N818 - named like its siblings in graph.errors
    """The ledger took the version and keeps it, but the engine could not be brought to it yet."""

    problem = "index-behind"


class Acceptance:
    """Writes contributions: one at a time, ledger before engine."""

    def __init__(self, ledger: Ledger, engine: Engine, derivation: Derivation) -> None:
        self._ledger = ledger
        self._engine = engine
        self._derivation = derivation
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
            self._heal()
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
            self._show(version, triples, publish)
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
            self._heal()
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
            self._show(version, [], publish=True)
        return Accepted(version, False, 0, removed)

    def _require_references(self, checked: Checked) -> None:
        """Where the dataset has moved on since the check: raise ``Overtaken`` if something referred to has gone."""
        if checked.revision is None or checked.revision == self._engine.revision:
            return
        for iri in sorted(checked.refers_to):
            if not self._engine.has_type(NamedNode(iri)):
                raise Overtaken(f"{iri} was removed by another contribution meanwhile; check again")

    def _show(self, version: Version, triples: Sequence[Triple], publish: bool) -> None:
        """Bring the engine, and with ``publish`` the readers, to a version that the ledger has taken."""
        try:
            self._index(version, triples)
            if publish:
                self._engine.publish()
        except (OSError, RuntimeError, StoreError) as error:
            self._engine.failed_by(error)
            raise IndexBehind(
                f"{version.name} version {version.version} is kept in the ledger as revision {version.revision}, "
                f"but readers do not see it yet: {error}. Nothing is lost: it is shown with the next contribution "
                "or start for which there is room"
            ) from error

    def _index(self, version: Version, triples: Sequence[Triple]) -> None:
        """Bring the engine to a version: its graph, what is derived, its provenance, and the revision last.

        Whenever this is cut off, provenance and revision still tell that the engine is behind.
        """
        graph = version.graph_node
        if graph in {ONTOLOGY_GRAPH, CODELISTS_GRAPH}:
            before = self._derivation.ancestors
            self._engine.replace_graph(graph, triples)
            if self._derivation.schemes_changed(before):
                self._derivation.recompute()
        else:
            touched = self._derivation.touched_by(graph)
            self._engine.replace_graph(graph, triples)
            fault("graph-replaced")
            self._derivation.update(touched | self._derivation.touched_by(graph))
            fault("derived")
        self._engine.replace_subjects(PROVENANCE_GRAPH, provenance(self._ledger.history(graph.value)))
        fault("provenance-written")
        self._engine.set_revision(version.revision)
        fault("revision-set")

    def heal(self) -> None:
        """Bring engine and readers to what the ledger has taken, where an earlier write could not.

        Raises ``StoreError``.
        """
        with self._engine.writing:
            self._heal()

    def _heal(self) -> None:
        """Replay what an earlier write could not bring to the engine and the readers after the ledger had taken it."""
        engine = self._engine
        behind = "readers do not see yet what the ledger has taken before"
        try:
            with engine_errors(behind, "make room and send it again, nothing of this request was taken"):
                if engine.damaged:
                    engine.start_anew()
                if engine.failed:
                    self._reopen()
                left_off = engine.unfinished
                if left_off or engine.revision != self._ledger.revision():
                    self.catch_up()
                if left_off or engine.shown not in {None, engine.revision}:
                    engine.publish()
        except StoreError as error:
            engine.failed_by(error)
            raise

    def _reopen(self) -> None:
        try:
            self._engine.reopen()
        except EngineDamaged:
            self._engine.start_anew()

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
            self._heal()
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
            self._index(version, triples)
        return True

    def catch_up(self, progress: Progress | None = None) -> list[str]:
        """Compare the engine with the ledger and replay what it lacks; return what was done, in words."""
        done: list[str] = []
        with self._engine.writing:
            known = {version.graph: version for version in self._ledger.current(deleted=True)}
            current = {graph: version for graph, version in known.items() if not version.is_deletion}
            indexed = self._engine.indexed_hashes()
            before = self._engine.revision
            orphans = (set(indexed) | self._engine.leftovers() - _COMPUTED) - set(current)
            for graph in sorted(orphans):
                self._engine.drop_graph(NamedNode(graph))
                why = "was deleted" if graph in known else "the ledger does not hold"
                done.append(f"removed {graph}, which {why}")
            behind = [v for graph, v in current.items() if indexed.get(graph) != (v.sha256, v.revision)]
            behind.sort(key=lambda version: version.revision)
            for number, version in enumerate(behind):
                if progress:
                    progress(f"index {version.name}", number, len(behind))
                self._engine.replace_graph(
                    version.graph_node, from_ntriples(self._ledger.content(version.sha256))
                )
                done.append(f"indexed {version.graph} version {version.version}")
            revision = self._ledger.revision()
            if done or before != revision:
                self._derivation.recompute()
                self._engine.replace_graph(PROVENANCE_GRAPH, self._all_provenance(known))
                self._engine.set_revision(revision)
        return done

    def _all_provenance(self, graphs: Iterable[str]) -> list[Triple]:
        return [triple for graph in graphs for triple in provenance(self._ledger.history(graph))]

    def register_owners(self) -> None:
        """Give each entity to the partner that described it first, where a ledger of earlier days names no owners."""
        if not self._owners.is_empty():
            return
        versions = [v for v in self._ledger.all() if v.partner != SYSTEM_PARTNER]
        with self._ledger.database.writing("the owners") as connection:
            for version in versions:
                entities = described(from_ntriples(self._ledger.content(version.sha256)))
                self._owners.inherit(connection, entities, version.partner, version.revision)

    def verify(self) -> list[str]:
        """Compare the engine with the ledger, triple by triple, and what is derived with what follows now.

        Returns the differences found, in words. Raises ``EngineDamaged`` where the engine cannot be read.
        """
        try:
            with engine_errors("the engine cannot be compared with the ledger", "make room and try again"):
                return self._differences()
        except EngineDamaged as error:
            self._engine.failed_by(error)
            raise

    def _differences(self) -> list[str]:
        problems: list[str] = []
        history = {version.graph: version for version in self._ledger.current(deleted=True)}
        current = {graph: version for graph, version in history.items() if not version.is_deletion}
        for graph, version in current.items():
            try:
                expected = from_ntriples(self._ledger.content(version.sha256))
            except StoreError as error:
                problems.append(f"{graph}: {error.detail}")
                continue
            if not _same(self._engine.content(version.graph_node), expected):
                problems.append(f"{graph}: the engine differs from version {version.version} of the ledger")
        for graph in sorted(self._engine.graph_names() - set(current) - _COMPUTED):
            problems.append(f"{graph}: in the engine, but not in the ledger")
        if not _same(self._engine.content(DERIVED_GRAPH), self._derivation.all()):
            problems.append(f"{DERIVED_GRAPH.value}: differs from what follows from the contributions")
        told = {t for t in self._engine.content(PROVENANCE_GRAPH) if t.subject != PROVENANCE_GRAPH}
        if not _same(told, self._all_provenance(history)):
            problems.append(f"{PROVENANCE_GRAPH.value}: differs from the ledger's history")
        return problems


def _same(stored: set[Triple], expected: Iterable[Triple]) -> bool:
    """Whether the engine holds what is expected, each term in the form that the engine gives it."""
    wanted = as_stored(expected)
    return stored == wanted or all_alike(stored).keys() == all_alike(wanted).keys()


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
