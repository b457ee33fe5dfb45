"""The graphs of a dataset in a SPARQL server: asked, changed by one writer at a time, and read back.

A writer notes its name in the server before its first change and removes it after the last. Each of its updates does
nothing once another writer has begun, so that what arrives late changes nothing.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from graph.errors import StoreError, StoreUnreachable
from graph.iris import DERIVED_GRAPH, ENGINE_GRAPH, PROVENANCE_GRAPH
from graph.store.answers import Table
from graph.store.catalogue import QueryCatalogue
from graph.store.endpoint import Endpoint
from graph.store.formats import ntriples
from graph.store.graphs import Index
from graph.store.likeness import all_alike
from graph.store.received import SERVERS_OWN, Rejected, Scope
from graph.store.turns import Turns
from graph.store.updates import Updates

_Item = TypeVar("_Item")

_SUBJECTS: Final = 200
"""Subjects that are looked up in one query."""
_READ_ALL: Final = 5_000
"""From so many statements on, all of a graph is read back rather than what is said of each subject."""
_LOADED: Final = 20_000
"""Statements that are loaded with one request: Virtuoso 7 takes 300,000 in 5 s so, and in one request never ends."""


@dataclass(frozen=True)
class Shown:
    """The revision that a server was last brought to, and who is writing to it."""

    revision: int
    writer: str | None = None


class RemoteGraphs(Index):
    """The graphs of one dataset in a SPARQL server. Hold ``writing`` while changing them."""

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
        self.writing = Turns(pen, self._end_own)
        self._updates = updates
        self._listed = listed
        self._batch = batch
        self._writer: Literal | None = None
        self._touched: set[str] = set()
        self._known: tuple[str, ...] = ()

    def scope(self, names: Sequence[str]) -> Scope:
        """How the server is told to look at these graphs, and at them as one."""
        return Scope(tuple(names), tuple(names)) if self._listed else SERVERS_OWN

    def state(self) -> Shown:
        """What the server shows now."""
        revision, writer = 0, None
        for row in self.endpoint.select(self.queries["store-state"].text).dicts():
            if isinstance(number := row.get("revision"), Literal):
                revision = int(number.value)
            if isinstance(who := row.get("writer"), Literal):
                writer = who.value
        return Shown(revision, writer)

    def current(self) -> tuple[str, ...]:
        """The names of the graphs that the dataset has, by what its provenance says."""
        current = _iris(self.endpoint.select(self.queries["store-current"].text))
        return tuple(sorted({*current, DERIVED_GRAPH.value, PROVENANCE_GRAPH.value}))

    @property
    def revision(self) -> int:
        return self.state().revision

    @property
    def unfinished(self) -> bool:
        """Whether somebody who writes no more left off in the middle."""
        return self._writer is None and self.state().writer is not None

    def select(self, query: str) -> Table:
        # While a writer, or what one left, is between graph and provenance, provenance does not name all graphs.
        names = {*self._known, *self._touched} if self._writer else {*self.current(), *self.leftovers()}
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
        for number, some in enumerate(_parts(triples, _LOADED)):
            self.endpoint.load(staged, ntriples(some), more=number > 0)
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
            self._known = self.current()
            self._touched = self.leftovers()
            self.endpoint.update(self._updates.bound("begin", writer=writer))
            if self.state().writer != writer.value:
                raise StoreUnreachable(
                    f"{self.endpoint.address.update} took an update and did nothing; see INFRASHARE_STORE_UPDATE"
                )
            self._writer = writer
        if graph.value not in self._touched:
            self._update("touch", graph=graph)
            self._touched.add(graph.value)

    def end(self) -> None:
        """Say that the writing is done, by this writer or one that left off before."""
        if self._writer is None:
            if self.state().writer is None:
                return
            self._touch(PROVENANCE_GRAPH)
        self._update("end")
        self._writer = None
        if self.state().writer is not None:
            raise StoreUnreachable("the SPARQL server took an update and did nothing")

    def _end_own(self) -> None:
        if self._writer is not None:
            self.end()

    def give_up(self) -> None:
        """Write no more under this name: whatever of it still arrives is to do nothing."""
        self._writer = None


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
