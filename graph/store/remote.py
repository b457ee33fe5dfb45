"""The remote engine: the index of the ledger's current versions in any SPARQL 1.1 server.

What readers see changes in the server itself, so a writer says there when it begins and when it ends. A reader that
meets a writer, or whose revision went on while it read, gets no answer rather than a mixed one. A writer holds the
ledger's pen, and each of its updates does nothing once another writer has begun: what arrives late changes nothing.
What was written is read back.
"""

import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from graph.errors import Busy, StoreError, StoreUnreachable
from graph.iris import DERIVED_GRAPH, ENGINE_GRAPH, PROVENANCE_GRAPH
from graph.store.answers import Table
from graph.store.catalogue import QueryCatalogue
from graph.store.endpoint import Endpoint
from graph.store.graphs import Index
from graph.store.likeness import all_alike
from graph.store.probe import Probe, require_able
from graph.store.received import SERVERS_OWN, Answer, Rejected, Scope
from graph.store.updates import Updates, ntriples

_Item = TypeVar("_Item")

_PATIENCE: Final = 60.0
"""Seconds that a writer waits for another one of this process."""
_SUBJECTS: Final = 200
"""Subjects that are looked up in one query."""
_READ_ALL: Final = 5_000
"""From so many statements on, all of a graph is read back rather than what is said of each subject."""
_KEPT: Final = 4
"""Revisions of which the names of the graphs are kept."""


class Unfinished(Busy):
    """Somebody is writing to the engine, or left off in the middle."""


@dataclass(frozen=True)
class _Shown:
    revision: int
    writer: str | None


class RemoteReader:
    """One revision in a remote engine, for as long as the engine shows it."""

    def __init__(self, engine: "RemoteEngine", revision: int, names: tuple[str, ...]) -> None:
        self._engine = engine
        self._names = names
        self.revision = revision

    @property
    def path(self) -> "RemoteReader":
        """Where public queries find this state: here."""
        return self

    @property
    def triples(self) -> int:
        return self._engine.size(self.revision, self._names)

    def select(self, query: str) -> Table:
        """The whole answer at this revision.

        Raises ``Busy`` where the dataset moved on meanwhile, ``StoreUnreachable``, ``StoreTimeout``.
        """
        table = self._engine.endpoint.select(query, self._engine.scope(self._names))
        self._engine.require(self.revision)
        return table

    def construct(self, query: str) -> list[Triple]:
        triples = self._engine.endpoint.construct(query, self._engine.scope(self._names))
        self._engine.require(self.revision)
        return triples

    def fetch(self, query: str, form: str, wanted: Scope | None, *, timeout: float, largest: int) -> Answer:
        """The server's own answer to a query of others; raises what ``select`` raises.

        Graphs that are wanted but none of ours are left out: the server may hold what is not for everybody. A dataset
        of the protocol stands in the place of what ``FROM`` says in the query.
        """
        asked = self._engine.scope(self._names)
        if wanted is not None:
            ours, nothing = set(self._names), (ENGINE_GRAPH.value,)
            default, named = (tuple(g for g in gs if g in ours) for gs in (wanted.default, wanted.named))
            asked = Scope(default or nothing, named or nothing)
        answer = self._engine.endpoint.fetch(query, form, asked, timeout=timeout, largest=largest)
        self._engine.require(self.revision)
        return answer

    def graph(self, graph: NamedNode) -> list[Triple]:
        """All triples of a graph."""
        triples = list(self._engine.content(graph))
        self._engine.require(self.revision)
        return triples

    def mentions(self, node: NamedNode) -> bool:
        """Whether anything is said of a thing."""
        return bool(self.select(self._engine.queries["store-mentions"].bind(subject=[node])).rows)


class RemoteEngine(Index):
    """The graphs of one dataset in a SPARQL server. Hold ``writing`` while changing them."""

    kind: Final = "remote"
    damaged: Final = False
    shown: Final = None

    def __init__(
        self,
        endpoint: Endpoint,
        queries: QueryCatalogue,
        updates: Updates,
        pen: Callable[[], AbstractContextManager[object]],
        *,
        listed: bool = True,
        batch: int = 1_000,
    ) -> None:
        self.endpoint = endpoint
        self.queries = queries
        self.failed = False
        self.writing = _Writing(pen, self._end_own)
        self._updates = updates
        self._listed = listed
        self._batch = batch
        self._writer: Literal | None = None
        self._touched: set[str] = set()
        self._known: tuple[str, ...] = ()
        self._names: dict[int, tuple[str, ...]] = {}
        self._sizes: dict[int, int] = {}

    def require_able(self) -> list[str]:
        """What is to be known of the server, in words. Raises ``StoreError`` that names what it lacks."""
        probe = Probe(self.endpoint, self.queries, self._updates, listed=self._listed)
        return require_able(probe, self.endpoint.name)

    # What readers see

    def reader(self) -> RemoteReader:
        """The state that is shown now. Raises ``Unfinished`` while somebody writes."""
        shown = self._shown()
        if shown.writer is not None:
            raise Unfinished("the dataset is being changed; try again in a few seconds")
        names = self._names.get(shown.revision)
        if names is None:
            names = self._current()
            self.require(shown.revision)
            self._names = dict([*self._names.items(), (shown.revision, names)][-_KEPT:])
        return RemoteReader(self, shown.revision, names)

    def require(self, revision: int) -> None:
        """Raise ``Busy`` where the engine does not show this revision any more."""
        if self._shown() != _Shown(revision, None):
            raise Busy("the dataset moved on while it was read; try again")

    def scope(self, names: Sequence[str]) -> Scope:
        """How the server is told to look at these graphs, and at them as one."""
        return Scope(tuple(names), tuple(names)) if self._listed else SERVERS_OWN

    def size(self, revision: int, names: Sequence[str]) -> int:
        """The number of statements in all graphs of a revision that is shown."""
        if revision not in self._sizes:
            size = self._size([NamedNode(name) for name in names])
            self.require(revision)
            self._sizes = {revision: size}
        return self._sizes[revision]

    def _shown(self) -> _Shown:
        revision, writer = 0, None
        for row in self.endpoint.select(self.queries["store-state"].text).dicts():
            if isinstance(number := row.get("revision"), Literal):
                revision = int(number.value)
            if isinstance(who := row.get("writer"), Literal):
                writer = who.value
        return _Shown(revision, writer)

    def _current(self) -> tuple[str, ...]:
        """The names of the graphs that the dataset has, by what its provenance says."""
        current = _iris(self.endpoint.select(self.queries["store-current"].text))
        return tuple(sorted({*current, DERIVED_GRAPH.value, PROVENANCE_GRAPH.value}))

    # What the ledger's versions are compared with

    @property
    def revision(self) -> int:
        return self._shown().revision

    @property
    def unfinished(self) -> bool:
        """Whether somebody who writes no more left off in the middle."""
        return self._writer is None and self._shown().writer is not None

    def select(self, query: str) -> Table:
        # While a writer, or what one left, is between graph and provenance, provenance does not name all graphs.
        names = {*self._known, *self._touched} if self._writer else {*self._current(), *self.leftovers()}
        return self.endpoint.select(query, self.scope(sorted(names)))

    def content(self, graph: NamedNode) -> set[Triple]:
        found = _triples(self.endpoint.select(self.queries["store-content"].bind(graph=[graph])))
        number = self._size([graph])
        if len(found) != number:
            raise StoreUnreachable(
                f"{graph.value}: {len(found):,} of {number:,} statements came from the SPARQL server; "
                "see whether it limits the rows of its results"
            )
        return found

    def about(self, subjects: Collection[NamedNode], graph: NamedNode) -> set[Triple]:
        query = self.queries["store-about"]
        found: set[Triple] = set()
        for some in _parts(sorted(set(subjects), key=str), _SUBJECTS):
            found |= _triples(self.endpoint.select(query.bind(graph=[graph], subject=some)))
        return found

    def has_type(self, node: NamedNode) -> bool:
        return bool(self.select(self.queries["store-types"].bind(subject=[node])).rows)

    def graph_names(self) -> set[str]:
        return _iris(self.endpoint.select(self.queries["store-graphs"].text)) - {ENGINE_GRAPH.value}

    def leftovers(self) -> set[str]:
        return _iris(self.endpoint.select(self.queries["store-touched"].text))

    def _size(self, graphs: Sequence[NamedNode]) -> int:
        table = self.endpoint.select(self.queries["store-size"].bind(graph=graphs))
        return sum(int(row[1].value) for row in table.rows if isinstance(row[1], Literal))

    # Changes

    def add(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Add triples to a graph and see that they are there. Raises ``StoreError``."""
        new = list(dict.fromkeys(triples))
        if not new:
            return
        self._touch(graph)
        can_load = self.endpoint.address.graphs is not None
        try:
            if can_load and len(new) > self._batch:
                self._load(graph, new)
            else:
                for some in _parts(new, self._batch):
                    self._update("add", graph=graph, triples=some)
        except Rejected:
            if not can_load:
                raise
            self._load(graph, new)  # some servers read in a file what they do not read in an update
        present = all_alike(self._read_back(graph, new))
        lost = [triple for alike, triple in all_alike(new).items() if alike not in present]
        if lost:
            raise StoreUnreachable(
                f"{graph.value}: {len(lost):,} of {len(new):,} statements are not in the SPARQL server as they were "
                f"sent, such as {lost[0]}"
            )

    def remove(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Remove triples from a graph and see that they are gone. Raises ``StoreError``."""
        old = list(dict.fromkeys(triples))
        if not old:
            return
        self._touch(graph)
        try:
            for some in _parts(old, self._batch):
                self._update("remove", graph=graph, triples=some)
            left = self._left(graph, old)
        except Rejected:
            left = old
        for subject, predicate in {(t.subject, t.predicate) for t in left}:
            self._clear(graph, subject, predicate, left)
        if left and (left := self._left(graph, left)):
            raise StoreUnreachable(
                f"{graph.value}: {len(left):,} of {len(old):,} statements were not removed from the SPARQL server, "
                f"such as {left[0]}"
            )

    def _left(self, graph: NamedNode, triples: Sequence[Triple]) -> list[Triple]:
        """Those of the triples that the graph holds, in whatever form."""
        present = all_alike(self._read_back(graph, triples))
        return [triple for like, triple in all_alike(triples).items() if like in present]

    def _clear(
        self, graph: NamedNode, subject: object, predicate: NamedNode, unwanted: Sequence[Triple]
    ) -> None:
        """Remove what the server gives back in a form that it does not know again, as Virtuoso does with doubles."""
        if isinstance(subject, NamedNode):
            gone = all_alike(unwanted)
            kept = [
                t
                for like, t in all_alike(self.about([subject], graph)).items()
                if t.predicate == predicate and like not in gone
            ]
            self._update("clear", graph=graph, subject=subject, property=predicate)
            self.add(graph, kept)

    def exchange(self, graph: NamedNode, old: set[Triple], new: set[Triple]) -> None:
        """Put new triples in the place of old ones; what the server only writes in another form stays."""
        before, after = all_alike(old), all_alike(new)
        self.remove(graph, [before[like] for like in before.keys() - after.keys()])
        self.add(graph, [after[like] for like in after.keys() - before.keys()])

    def drop_graph(self, graph: NamedNode) -> None:
        self._touch(graph)
        self._update("drop", graph=graph)
        if left := self._size([graph]):
            raise StoreUnreachable(f"{graph.value}: {left:,} statements are left in the SPARQL server")

    def _load(self, graph: NamedNode, triples: Sequence[Triple]) -> None:
        """Load the triples beside, in a graph that only this writer knows, and copy them into place in the server."""
        staged = NamedNode(f"{ENGINE_GRAPH.value}#{uuid.uuid4().hex}")
        self._touch(staged)
        self.endpoint.load(staged, ntriples(triples))
        self._update("move", graph=graph, staged=staged)
        self.drop_graph(staged)

    def _read_back(self, graph: NamedNode, triples: Sequence[Triple]) -> set[Triple]:
        if len(triples) > _READ_ALL:
            return self.content(graph)
        return self.about([t.subject for t in triples if isinstance(t.subject, NamedNode)], graph)

    def _update(self, name: str, *, triples: Iterable[Triple] | None = None, **terms: NamedNode) -> None:
        assert self._writer is not None  # noqa: S101 - for the type checker: whoever changes has begun
        self.endpoint.update(self._updates.bound(name, triples, writer=self._writer, **terms))

    def _touch(self, graph: NamedNode) -> None:
        """Begin to write, where nothing was written yet, and note which graph will be other than it was."""
        if self._writer is None:
            writer = Literal(uuid.uuid4().hex)
            self._known = self._current()
            self._touched = self.leftovers()
            self.endpoint.update(self._updates.bound("begin", writer=writer))
            if self._shown().writer != writer.value:
                raise StoreUnreachable(
                    f"{self.endpoint.address.update} took an update and did nothing; see INFRASHARE_STORE_UPDATE"
                )
            self._writer = writer
        if graph.value not in self._touched:
            self._update("touch", graph=graph)
            self._touched.add(graph.value)

    # Beginning and ending

    def end(self) -> None:
        """Say that the writing is done, by this writer or one that left off before."""
        if self._writer is None:
            if self._shown().writer is None:
                return
            self._touch(PROVENANCE_GRAPH)
        self._update("end")
        self._writer = None
        if self._shown().writer is not None:
            raise StoreUnreachable("the SPARQL server took an update and did nothing")

    def _end_own(self) -> None:
        if self._writer is not None:
            self.end()

    def publish(self) -> RemoteReader:
        """Show readers what was written. Raises ``StoreError``."""
        self.end()
        return self.reader()

    def failed_by(self, error: Exception) -> None:
        """Take note of a write that failed in the middle: whatever of it still arrives is to do nothing."""
        self.failed = True
        self._writer = None

    def reopen(self) -> None:
        """Get ready for the next write."""
        self.failed = False

    def start_anew(self) -> None:
        """Empty all graphs of ours."""
        with self.writing:
            for name in sorted(self.graph_names()):
                self.drop_graph(NamedNode(name))

    def close(self) -> None:
        """Nothing is held between two requests."""


class _Writing:
    """One writer at a time, in this process and, by the ledger's pen, in all that share the ledger."""

    def __init__(self, pen: Callable[[], AbstractContextManager[object]], finish: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._pen = pen
        self._finish = finish
        self._depth = 0
        self._held: AbstractContextManager[object] | None = None

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=_PATIENCE):
            raise Busy("another change of the dataset takes long; try again in a few seconds")
        if self._depth == 0:
            try:
                self._held = self._pen()
                self._held.__enter__()
            except BaseException:
                self._lock.release()
                raise
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._depth == 1 and kind is None:
                self._finish()
        finally:
            self._depth -= 1
            if self._depth == 0 and self._held is not None:
                self._held.__exit__(None, None, None)
                self._held = None
            self._lock.release()


def _parts(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part


def _iris(table: Table) -> set[str]:
    return {row[0].value for row in table.rows if isinstance(row[0], NamedNode)}


def _triples(table: Table) -> set[Triple]:
    found = set()
    for subject, predicate, value in table.rows:
        if not isinstance(predicate, NamedNode) or subject is None or value is None:
            raise StoreError("the SPARQL server gave a statement without its parts")
        found.add(Triple(subject, predicate, value))  # type: ignore[arg-type]  # a subject is no literal
    return found
