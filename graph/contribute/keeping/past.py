"""The past: the dataset as it was at a revision, put together again from the ledger.

A past state never changes, so it is built once, as a snapshot in a folder of its own, and the states asked for last
are kept. It holds quad by quad what the engine held at that revision.
"""

import errno
import re
import shutil
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, Store

from graph.contribute.provenance import provenance
from graph.errors import Busy, GraphError, InputError, NotFound, StorageFull, StoreError
from graph.iris import DERIVED_GRAPH, PROVENANCE_GRAPH
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import Derivation
from graph.store.engine import Snapshot, let_go_with_last_reader
from graph.store.graphs import Graphs
from graph.store.ledger import Ledger, Version
from graph.store.protocol import State

_AT_ONCE: Final = 2
"""States that are built at the same time."""
_WAITING: Final = 8
"""Callers that may wait for a state beside those who build one."""
_PATIENCE: Final = 30.0
"""Seconds that a caller waits for a state that another one builds."""
_CHUNK: Final = 64 * 1024 * 1024
"""Bytes that are loaded in one go."""


_OURS: Final = re.compile(r"\d+-\d+")
"""The names of the folders that are made here: revision and number."""


class Past:
    """Past states of the dataset of a ledger, in a folder that is theirs alone. Safe to use from many threads."""

    def __init__(self, folder: Path, ledger: Ledger, queries: QueryCatalogue, kept: int) -> None:
        self._folder = folder
        self._ledger = ledger
        self._queries = queries
        self._kept = kept
        self._states: OrderedDict[int, Future[Snapshot]] = OrderedDict()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._builders = threading.BoundedSemaphore(_AT_ONCE)
        self._serial = count(1)
        for left in folder.glob("*-*"):
            if _OURS.fullmatch(left.name):
                shutil.rmtree(left, ignore_errors=True)

    def moment(self, revision: int | None, current: State) -> "Moment":
        """The moment of a revision, ``None`` for now.

        Raises ``InputError`` for a number that no revision has, ``NotFound`` for one that is yet to come.
        """
        if revision is None:
            return Moment(current.revision, current, self)
        if revision < 1:
            raise InputError(f"revision {revision}: revisions are numbered from 1 to {current.revision}")
        if revision > current.revision:
            raise NotFound(
                f"there is no revision {revision} yet: the dataset is at revision {current.revision}"
            )
        return Moment(revision, current, self)

    def at(self, revision: int) -> Snapshot:
        """The dataset as it was at a revision that the ledger has passed.

        Raises ``Busy`` where too many wait or it takes long, ``NotFound`` where the ledger does not hold the content
        of that time, ``StorageFull`` where the disk has no room for it, ``StoreError`` for other faults.
        """
        with self._lock:
            state = self._states.get(revision)
            if state is not None:
                self._states.move_to_end(revision)
                if state.done():
                    return state.result()
        if not self._places.acquire(blocking=False):
            raise Busy("too many requests wait for past revisions; try again in a few seconds")
        try:
            return self._awaited(revision)
        finally:
            self._places.release()

    def _awaited(self, revision: int) -> Snapshot:
        with self._lock:
            state = self._states.get(revision)
            if state is None:
                mine = self._states[revision] = Future()
            else:
                mine = None
        if mine is not None:
            self._make(revision, mine)
            return mine.result()
        assert state is not None  # noqa: S101 - for the type checker: it is one or the other
        try:
            return state.result(_PATIENCE)
        except TimeoutError as error:
            raise Busy(
                f"revision {revision} is still being put together; try again in a few seconds"
            ) from error

    def _make(self, revision: int, state: Future[Snapshot]) -> None:
        try:
            with self._builders:
                snapshot = self._built(revision)
        except BaseException as error:  # also Ctrl-C: those who wait must not wait for ever
            with self._lock:
                del self._states[revision]
            state.set_exception(
                error if isinstance(error, GraphError) else StoreError(f"revision {revision}: {error}")
            )
            raise
        state.set_result(snapshot)
        with self._lock:
            done = [number for number, other in self._states.items() if other.done()]
            for number in done[: -self._kept]:
                del self._states[number]

    def _built(self, revision: int) -> Snapshot:
        path = self._folder / f"{revision}-{next(self._serial)}"
        try:
            path.mkdir(parents=True)
            graphs = Graphs(Store(str(path)))
            self._fill(graphs, self._histories(revision))
            graphs.set_revision(revision)
            graphs.store.flush()
            del graphs
            snapshot = Snapshot(path, Store.read_only(str(path)), revision)
            let_go_with_last_reader(snapshot, self._folder)
            return snapshot
        except BaseException as error:
            shutil.rmtree(path, ignore_errors=True)
            if isinstance(error, OSError | RuntimeError):
                raise _not_made(revision, path, error) from error
            if isinstance(error, NotFound):
                raise NotFound(f"revision {revision} cannot be read: {error.detail}") from error
            raise

    def _histories(self, revision: int) -> list[list[Version]]:
        """The versions of each graph up to a revision, the oldest first."""
        histories: dict[str, list[Version]] = defaultdict(list)
        for version in self._ledger.all():
            if version.revision <= revision:
                histories[version.graph].append(version)
        return list(histories.values())

    def _fill(self, graphs: Graphs, histories: Sequence[Sequence[Version]]) -> None:
        """Load what the histories end with, then what is told of them and what follows."""
        store = graphs.store
        for chunk in self._chunks([history[-1] for history in histories]):
            store.bulk_load(chunk, RdfFormat.N_QUADS)
        derived = list(Derivation(graphs, self._queries).all())
        told = [triple for history in histories for triple in provenance(history)]
        store.bulk_extend(
            Quad(t.subject, t.predicate, t.object, graph)
            for graph, triples in ((DERIVED_GRAPH, derived), (PROVENANCE_GRAPH, told))
            for t in triples
        )

    def _chunks(self, versions: Sequence[Version]) -> Iterator[bytes]:
        """The contents as N-Quads, many small ones at once: beginning a load takes longer than a small content."""
        parts: list[bytes] = []
        size = 0
        for version in versions:
            if version.is_deletion:
                continue
            ntriples = self._ledger.content(version.sha256)
            parts.append(ntriples.replace(b" .\n", f" <{version.graph}> .\n".encode()))
            size += len(parts[-1])
            if size >= _CHUNK:
                yield b"".join(parts)
                parts, size = [], 0
        yield b"".join(parts)

    def close(self) -> None:
        """Let go of all states; their folders go with their last readers."""
        with self._lock:
            self._states.clear()


@dataclass(frozen=True)
class Moment:
    """A revision that is asked for, beside what is current."""

    revision: int
    current: State
    past: Past

    @property
    def is_past(self) -> bool:
        return self.revision != self.current.revision

    def snapshot(self) -> State:
        """The dataset at this moment; raises what ``Past.at`` raises."""
        return self.past.at(self.revision) if self.is_past else self.current


def _not_made(revision: int, path: Path, error: Exception) -> StoreError:
    full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or "no space" in str(error).lower()
    if full:
        return StorageFull(
            f"there is no room on the disk to put revision {revision} together in {path.parent}; what is current "
            "can be read"
        )
    return StoreError(f"revision {revision} could not be put together in {path}: {error}")
