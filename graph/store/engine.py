"""The embedded engine: an index of the ledger's current versions in pyoxigraph, in the data directory.

Writers work on the live store; everybody else reads a *snapshot*, a complete state with its revision. A
snapshot is a hard-linked copy, made in milliseconds, and opened read-only.
"""

import gc
import shutil
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Store, Triple

from graph.errors import StorageFull, StoreError
from graph.store.answers import Table, select
from graph.store.disk import EngineDamaged, engine_errors, is_corrupt, is_full
from graph.store.fault import fault
from graph.store.graphs import Graphs

_KEPT_SNAPSHOTS = 2
"""The latest published states that the engine itself holds; older ones live as long as their readers."""

SNAPSHOTS = "snapshots"
"""The folder of the published states, in the data directory."""
_MAKE_ROOM = "make room and try again"
_MARK = "engine-damaged"
"""A file in the data directory that says: build the engine anew. Who reads damage makes it, who builds removes it."""


def _cannot_open(path: Path, error: Exception) -> StoreError:
    words = str(error).lower()
    if "lock file" in words or "lock hold by" in words:
        return StoreError(
            f"another service works with {path}: stop it, or use another data directory; contributions can be sent "
            "to it with --server URL"
        )
    if isinstance(error, PermissionError) or "Permission denied" in str(error):
        return StoreError(f"the engine in {path} cannot be opened: {error}")
    if is_full(error):
        return StorageFull(
            f"the engine in {path} cannot be opened: there is no room on the disk; make room and try again ({error})"
        )
    return EngineDamaged(f"the engine's files in {path} are damaged: {error}. Run: infrashare rebuild")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Tell of damage that is met while a snapshot is read, and mark the engine as one to be built anew.

    A snapshot's files are the engine's own, by hard links.
    """
    try:
        with engine_errors("the dataset cannot be read", _MAKE_ROOM):
            yield
    except EngineDamaged:
        mark_damaged(path)
        raise


def mark_damaged(path: Path) -> None:
    """Take note that the engine has to be built anew, where a snapshot of it was found damaged."""
    if path.parent.name == SNAPSHOTS:
        _mark(path.parent.parent)


def _mark(folder: Path) -> None:
    with suppress(OSError):  # where there is no room even for this, the next one who reads marks it
        (folder / _MARK).touch()


class Snapshot:
    """A complete state of the dataset, read-only, with its revision and its folder.

    Hold it for as long as a worker reads the folder: who published it lets the folder go with its last reader.
    """

    def __init__(self, path: Path, store: Store, revision: int) -> None:
        self.path = path
        self.revision = revision
        self.store = store
        self.triples = len(store)

    def select(self, query: str) -> Table:
        with reading(self.path):
            return select(self.store, query)

    def graph(self, graph: NamedNode) -> list[Triple]:
        """All triples of a graph."""
        with reading(self.path):
            return [quad.triple for quad in self.store.quads_for_pattern(None, None, None, graph)]

    def mentions(self, node: NamedNode) -> bool:
        """Whether anything is said of a thing."""
        with reading(self.path):
            return next(iter(self.store.quads_for_pattern(node, None, None, None)), None) is not None

    def construct(self, query: str) -> list[Triple]:
        with reading(self.path):
            triples = self.store.query(query, use_default_graph_as_union=True)
            return list(triples)  # type: ignore[arg-type]


def let_go_with_last_reader(snapshot: Snapshot, folder: Path) -> None:
    """Remove the snapshot's own folder, which its maker made directly in ``folder``, when nobody holds it any more."""
    if snapshot.path.parent != folder or snapshot.path.name in {"", ".."}:
        raise ValueError(f"{snapshot.path} is not a folder in {folder}")
    weakref.finalize(snapshot, shutil.rmtree, snapshot.path, ignore_errors=True).atexit = False


class EmbeddedEngine(Graphs):
    """The live pyoxigraph store of one service. One writer at a time: hold ``writing`` while changing it."""

    kind: Final = "embedded"
    unfinished: Final = False
    """Whether a writer left off in the middle: here its commits tell, by the revision that comes last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._live_path = folder / "engine"
        self._snapshots = folder / SNAPSHOTS
        self.writing = threading.RLock()
        self.failed = False
        """Whether a write failed in the middle: ``reopen`` before the next one."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder {folder} cannot be made: {error}") from error
        super().__init__(self._opened())
        shutil.rmtree(self._snapshots, ignore_errors=True)
        self._snapshots.mkdir()
        self._serial = 0
        self._published: list[Snapshot] = []

    def require_able(self) -> list[str]:
        """Nothing is to be known of this engine."""
        return []

    def _opened(self) -> Store:
        try:
            return Store(str(self._live_path))
        except (OSError, RuntimeError) as error:
            raise _cannot_open(self._live_path, error) from error

    def reopen(self) -> None:
        """Open the live store again, which after a full disk takes no writes any more.

        Raises ``StoreError``; there is no store then until another attempt succeeds.
        """
        self._leave()
        self.store = self._opened()
        self.failed = False

    def start_anew(self) -> None:
        """Open an empty store in the place of the damaged one. Published snapshots stay as they are."""
        self._leave()
        shutil.rmtree(self._live_path, ignore_errors=True)
        self.store = self._opened()
        (self.folder / _MARK).unlink(missing_ok=True)
        self.failed = False

    def _leave(self) -> None:
        """Let go of the live store; frames of errors may hold it in a circle, and with it the lock.

        A server froze what it had loaded (``api.app``), and such a circle may be among it.
        """
        self.__dict__.pop("store", None)
        gc.unfreeze()
        gc.collect()

    @property
    def damaged(self) -> bool:
        """Whether somebody met damage in the files, so that they have to be built anew."""
        return (self.folder / _MARK).exists()

    def failed_by(self, error: Exception) -> None:
        """Take note of a write that failed in the middle."""
        self.failed = True
        if isinstance(error, EngineDamaged) or is_corrupt(error):
            _mark(self.folder)

    @property
    def shown(self) -> int | None:
        """The revision that readers see; ``None`` before anything was published."""
        return self._published[-1].revision if self._published else None

    @staticmethod
    def require_free(folder: Path) -> None:
        """Raise ``StoreError`` where a service works with the engine's files, damaged or not."""
        if (folder / "engine").is_dir():
            try:
                Store(str(folder / "engine"))
            except (OSError, RuntimeError) as error:
                cause = _cannot_open(folder / "engine", error)
                if not isinstance(cause, EngineDamaged):
                    raise cause from error

    @staticmethod
    def wipe(folder: Path) -> None:
        """Delete the engine's files, damaged or not; the ledger can rebuild them.

        Raises ``StoreError`` where a service works with them.
        """
        EmbeddedEngine.require_free(folder)
        shutil.rmtree(folder / "engine", ignore_errors=True)
        shutil.rmtree(folder / SNAPSHOTS, ignore_errors=True)
        (folder / _MARK).unlink(missing_ok=True)

    def publish(self) -> Snapshot:
        """Make the live state durable and the state that readers see.

        Raises ``StoreError``; readers then go on seeing the state before.
        """
        with self.writing:
            with engine_errors("the engine could not be made durable", _MAKE_ROOM):
                self.store.flush()
                fault("flushed")
                revision = self.revision
            self._serial += 1
            path = self._snapshots / f"{revision}-{self._serial}"
            with engine_errors(f"no snapshot of revision {revision} could be made", _MAKE_ROOM):
                try:
                    self.store.backup(str(path))
                    fault("snapshot-made")
                    snapshot = Snapshot(path, Store.read_only(str(path)), revision)
                except (OSError, RuntimeError):
                    shutil.rmtree(path, ignore_errors=True)
                    raise
            let_go_with_last_reader(snapshot, self._snapshots)
            self._published.append(snapshot)
            fault("published")
            del self._published[:-_KEPT_SNAPSHOTS]
            return snapshot

    def reader(self) -> Snapshot:
        """The latest published state. Raises ``StoreError`` once the engine is closed."""
        if not self._published:
            if "store" not in self.__dict__:
                raise StoreError("the engine is closed: open the data directory again to read from it")
            return self.publish()
        return self._published[-1]

    def close(self) -> None:
        """Let go of the files: the engine keeps its lock until nothing refers to the store."""
        self._published.clear()
        self.__dict__.pop("store", None)
