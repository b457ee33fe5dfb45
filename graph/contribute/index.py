"""The engine as the index of the ledger: brought to each version, compared with it, and mended where it is behind."""

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from graph.contribute.provenance import provenance
from graph.contribute.reading.parse import from_ntriples
from graph.errors import StoreError
from graph.iris import CODELISTS_GRAPH, DERIVED_GRAPH, ONTOLOGY_GRAPH, PROVENANCE_GRAPH
from graph.progress import Progress
from graph.store.answers import as_stored
from graph.store.derived import Derivation
from graph.store.disk import EngineDamaged, engine_errors
from graph.store.fault import fault
from graph.store.ledger import Ledger, Version
from graph.store.likeness import all_alike
from graph.store.protocol import Engine

_COMPUTED: Final = {DERIVED_GRAPH.value, PROVENANCE_GRAPH.value}


class IndexBehind(StoreError):  # noqa: N818 - named like its siblings in graph.errors
    """The ledger took the version and keeps it, but the engine could not be brought to it yet."""

    problem = "index-behind"


class Index:
    """The engine of a ledger. Who writes holds ``engine.writing``."""

    def __init__(self, ledger: Ledger, engine: Engine, derivation: Derivation) -> None:
        self._ledger = ledger
        self._engine = engine
        self._derivation = derivation

    def show(self, version: Version, triples: Sequence[Triple], publish: bool) -> None:
        """Bring the engine, and with ``publish`` the readers, to a version that the ledger has taken."""
        try:
            self.put(version, triples)
            if publish:
                self._engine.publish()
        except (OSError, RuntimeError, StoreError) as error:
            self._engine.failed_by(error)
            raise IndexBehind(
                f"{version.name} version {version.version} is kept in the ledger as revision {version.revision}, "
                f"but readers do not see it yet: {error}. Nothing is lost: it is shown with the next contribution "
                "or start for which there is room"
            ) from error

    def put(self, version: Version, triples: Sequence[Triple]) -> None:
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
