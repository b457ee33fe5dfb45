"""The working copy: the current versions of the ledger in the data directory, for workers that check what comes in.

A worker has no network, so beside a remote engine it needs a copy of what contributions refer to. It is made when
something is first checked, follows the ledger graph by graph, and can be deleted while no service runs.
"""

import threading
from pathlib import Path

from pyoxigraph import NamedNode

from graph.contribute.provenance import provenance
from graph.contribute.reading.parse import from_ntriples
from graph.iris import PROVENANCE_GRAPH
from graph.store.disk import EngineDamaged, engine_errors
from graph.store.engine import EmbeddedEngine, Snapshot
from graph.store.ledger import Ledger, Version


class WorkingCopy:
    """A copy of what is current, in a folder that is its alone. Safe to use from many threads."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._folder = folder
        self._ledger = ledger
        self._lock = threading.Lock()
        self._engine: EmbeddedEngine | None = None
        self._followed: dict[str, Version] = {}

    def state(self) -> Snapshot:
        """The dataset as the ledger has it now. Raises ``StoreError``."""
        with self._lock:
            try:
                return self._current()
            except EngineDamaged:
                self._let_go()
                EmbeddedEngine.wipe(self._folder)
            return self._current()

    def _current(self) -> Snapshot:
        if self._engine is None:
            self._engine = EmbeddedEngine(self._folder)
        engine = self._engine
        latest = self._ledger.current(deleted=True)
        wanted = {version.graph: version for version in latest if not version.is_deletion}
        if wanted != self._followed:
            what = "what is checked against could not be brought up to date"
            with engine_errors(what, "make room and try again"):
                self._follow(engine, wanted, max(version.revision for version in latest))
                self._followed = wanted
                return engine.publish()
        return engine.reader()

    def _follow(self, engine: EmbeddedEngine, wanted: dict[str, Version], revision: int) -> None:
        """Bring each graph to its version, and say which and of what revision last."""
        indexed = engine.indexed_hashes()
        for graph in (set(indexed) | engine.graph_names() - {PROVENANCE_GRAPH.value}) - set(wanted):
            engine.drop_graph(NamedNode(graph))
        told = []
        for graph, version in wanted.items():
            if indexed.get(graph) != (version.sha256, version.revision):
                content = from_ntriples(self._ledger.content(version.sha256))
                engine.replace_graph(version.graph_node, content)
            told += provenance([version])
        engine.replace_graph(PROVENANCE_GRAPH, told)
        engine.set_revision(revision)

    def _let_go(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
            self._followed = {}

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._let_go()
