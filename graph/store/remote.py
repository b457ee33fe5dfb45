"""The remote engine: the index of the ledger's current versions in any SPARQL 1.1 server.

What readers see changes in the server itself. A reader that meets a writer, or whose revision went on while it read,
gets no answer rather than a mixed one.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from graph.errors import Busy
from graph.iris import ENGINE_GRAPH
from graph.store.answers import Table
from graph.store.catalogue import QueryCatalogue
from graph.store.endpoint import Endpoint
from graph.store.probe import Probe, require_able
from graph.store.received import Answer, Scope
from graph.store.remote_graphs import RemoteGraphs, Shown
from graph.store.updates import Updates

_LOOK_AGAIN: Final = 0.1
_KEPT: Final = 4
"""Revisions of which the names of the graphs are kept."""


class Unfinished(Busy):
    """Somebody is writing to the engine, or left off in the middle."""


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

    def quads(self) -> Iterator[Quad]:
        """All statements of all graphs, one graph after the other."""
        for name in self._names:
            yield from self.quads_of(NamedNode(name))

    def quads_of(self, graph: NamedNode) -> Iterator[Quad]:
        """All statements of a graph."""
        for triple in self.graph(graph):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def mentions(self, node: NamedNode) -> bool:
        """Whether anything is said of a thing."""
        return bool(self.select(self._engine.queries["store-mentions"].bind(subject=[node])).rows)


class RemoteEngine(RemoteGraphs):
    """A dataset in a SPARQL server, for readers and writers of many processes."""

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
        super().__init__(endpoint, queries, updates, pen, listed=listed, batch=batch)
        self.failed = False
        self.patience = 5.0
        """Seconds that a reader waits for a writer."""
        self._names: dict[int, tuple[str, ...]] = {}
        self._sizes: dict[int, int] = {}

    def require_able(self) -> list[str]:
        """What is to be known of the server, in words. Raises ``StoreError`` that names what it lacks."""
        probe = Probe(self.endpoint, self.queries, self._updates, listed=self._listed)
        return require_able(probe, self.endpoint.name)

    def reader(self) -> RemoteReader:
        """The state that is shown now, or in a moment. Raises ``Unfinished`` where somebody writes for long."""
        end = time.monotonic() + self.patience
        while (shown := self.state()).writer is not None:
            if time.monotonic() > end:
                raise Unfinished("the dataset is being changed; try again in a few seconds")
            time.sleep(_LOOK_AGAIN)
        names = self._names.get(shown.revision)
        if names is None:
            names = self.current()
            self.require(shown.revision)
            self._names = dict([*self._names.items(), (shown.revision, names)][-_KEPT:])
        return RemoteReader(self, shown.revision, names)

    def require(self, revision: int) -> None:
        """Raise ``Busy`` where the engine does not show this revision any more."""
        if self.state() != Shown(revision):
            raise Busy("the dataset moved on while it was read; try again")

    def size(self, revision: int, names: Sequence[str]) -> int:
        """The number of statements in all graphs of a revision that is shown."""
        if revision not in self._sizes:
            size = self._size([NamedNode(name) for name in names])
            self.require(revision)
            self._sizes = {revision: size}
        return self._sizes[revision]

    def publish(self) -> RemoteReader:
        """Show readers what was written. Raises ``StoreError``."""
        self.end()
        return self.reader()

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

    def failed_by(self, error: Exception) -> None:
        """Take note of a write that failed in the middle."""
        self.failed = True
        self.give_up()
