"""Public queries: SPARQL text of others is screened first and then run in a worker on a read-only snapshot."""

import re
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from graph.errors import Busy, InputError, LimitExceeded, Place, SyntaxProblem, TooManyRequests
from graph.iris import PREFIXES
from graph.resources import ONTOLOGY
from graph.settings import Settings
from graph.store.disk import EngineDamaged
from graph.store.engine import SNAPSHOTS, mark_damaged, reading
from graph.store.formats import DATASET_FORMATS, GRAPH_FORMATS, TABLE_FORMATS, write_graph
from graph.store.lanes import LongLane
from graph.store.offenders import Offenders
from graph.store.results import Limited, counted, refuse_long
from graph.store.screen import Screened, screen
from graph.store.shares import Shares
from graph.store.workers import WorkerPool, WorkerSpec

_WHERE = re.compile(r"at (?:line )?(\d+)(?::|, column )(\d+)")


@dataclass(frozen=True)
class Dataset:
    """The graphs that a request names (``default-graph-uri``, ``named-graph-uri``); none means all."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


_ALL: Final = Dataset()


@dataclass(frozen=True)
class PublicAnswer:
    """A complete answer, serialised."""

    content: bytes
    media_type: str


class _Runner:
    """Evaluates and serialises in one thread: the engine's results must not leave the thread that made them."""

    def __init__(self, max_bytes: int, max_rows: int) -> None:
        self._max_bytes = max_bytes
        self._max_rows = max_rows
        self._open: tuple[str, Store] | None = None

    def run(self, query: Screened, media_type: str, snapshot: str, dataset: Dataset) -> PublicAnswer:
        with reading(Path(snapshot)):
            return self._answer(query, media_type, self._opened(snapshot), dataset)

    def _answer(self, query: Screened, media_type: str, store: Store, dataset: Dataset) -> PublicAnswer:
        answer = self._evaluated(store, query, dataset)
        output = Limited(self._max_bytes)
        kind = media_type
        try:
            if isinstance(answer, QueryTriples):
                kind = media_type if media_type in {*GRAPH_FORMATS, *DATASET_FORMATS} else "text/turtle"
                output.write(write_graph(counted(answer, self._max_rows), kind))
            else:
                kind = media_type if media_type in TABLE_FORMATS else "application/sparql-results+json"
                answer.serialize(output, TABLE_FORMATS[kind])
                refuse_long(output.getvalue(), kind, self._max_rows)
        except ValueError as error:
            raise InputError(
                f"the result cannot be written as {kind}: {error}; ask for another format"
            ) from error
        return PublicAnswer(output.getvalue(), kind)

    def _opened(self, snapshot: str) -> Store:
        if self._open is None or self._open[0] != snapshot:
            self._open = None  # two open stores need twice the memory
            try:
                self._open = (snapshot, Store.read_only(snapshot))
            except OSError as error:
                raise Busy("the dataset moved on while the query waited; try again") from error
        return self._open[1]

    @staticmethod
    def _evaluated(
        store: Store, query: Screened, dataset: Dataset
    ) -> QueryTriples | QuerySolutions | QueryBoolean:
        """Over the dataset of the protocol, else over that of the query, else over the union of all graphs."""
        try:
            if dataset.default or dataset.named:
                return store.query(
                    query.text,
                    base_iri=query.base,
                    prefixes=PREFIXES,
                    default_graph=[NamedNode(iri) for iri in dataset.default],
                    named_graphs=[NamedNode(iri) for iri in dataset.named],
                )
            return store.query(
                query.text,
                base_iri=query.base,
                prefixes=PREFIXES,
                use_default_graph_as_union=not query.has_dataset,
            )
        except SyntaxError as error:
            raise _syntax_problem(error) from error
        except ValueError as error:
            raise InputError(f"the query or a graph IRI cannot be used: {error}") from error


def _syntax_problem(error: SyntaxError) -> SyntaxProblem:
    message = str(error.msg or error).strip()
    place = _WHERE.search(message)
    line = error.lineno or (int(place[1]) if place else None)
    column = error.offset or (int(place[2]) if place else None)
    where = f"line {line}, column {column}: " if line else ""
    return SyntaxProblem(f"{where}{message}", (Place(message, "syntax", line, column),))


def setup(max_bytes: int, max_rows: int) -> dict[str, Callable[..., Any]]:
    """Called once in the worker process."""
    return {"query": _Runner(max_bytes, max_rows).run}


class PublicQueries:
    """Runs queries of others in warm workers: each within its limits, and each client within its share.

    Equal queries that are under way at the same time are evaluated once.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.shares = Shares(settings.query_budget, settings.query_window)
        self._offenders = Offenders(settings.query_penalty)
        self._lane = LongLane(settings.long_query, settings.long_queries)
        self._pool = self._pool_of(settings.query_workers, has_network=False)
        self._calling = self._pool_of(1, has_network=True) if settings.service_allowed else None
        self._under_way: dict[Hashable, Future[PublicAnswer]] = {}
        self._lock = threading.Lock()

    def _pool_of(self, size: int, *, has_network: bool) -> WorkerPool:
        settings = self._settings
        settings.past_dir.mkdir(parents=True, exist_ok=True)  # what is there can be allowed
        readable = (settings.data_dir / SNAPSHOTS, settings.past_dir, ONTOLOGY)
        spec = WorkerSpec(
            "query",
            "graph.store.public:setup",
            (settings.max_result_bytes, settings.max_result_rows),
            settings.query_memory,
            has_network=has_network,
            readable=None if has_network else tuple(str(folder.absolute()) for folder in readable),
        )
        return WorkerPool(spec, size, settings.worker_queue, self._lane)

    def screen(self, query: str, base: str | None = None) -> Screened:
        """The query as one that may run, with relative IRIs meant against ``base``; raises what ``screen`` raises."""
        settings = self._settings
        screened = screen(
            query, settings.max_query_bytes, settings.max_query_nesting, frozenset(settings.service_allowed)
        )
        return replace(screened, base=base)

    def run(
        self,
        query: Screened,
        media_type: str,
        snapshot: Path,
        *,
        timeout: float | None = None,
        dataset: Dataset = _ALL,
        client: str = "",
    ) -> PublicAnswer:
        """Run a screened query and return the whole answer. Hold the snapshot of the folder until then.

        ``timeout`` in seconds may only shorten the limit; ``client`` is who asks, and pays with its share. Raises
        ``SyntaxProblem``, ``LimitExceeded``, ``Busy`` and ``TooManyRequests``.
        """
        limit = self._settings.query_timeout
        seconds = min(limit, timeout) if timeout and timeout > 0 else limit
        question = (query, str(snapshot), dataset)
        self._offenders.refuse(question, seconds)
        with self._lock:
            asked = (*question, media_type, seconds)
            known = self._under_way.get(asked)
            mine: Future[PublicAnswer] = known or self._under_way.setdefault(asked, Future())
        if known:
            return known.result()
        try:
            answer = self._answered(query, media_type, str(snapshot), dataset, seconds, client)
            mine.set_result(answer)
        except BaseException as error:
            if isinstance(error, LimitExceeded):
                self._offenders.add(question, seconds, error)
            # Those who asked the same must not pay for this client's share: they are told that it is busy.
            other = Busy("an equal query was refused; try again") if _is_share(error) else error
            mine.set_exception(other)
            raise
        finally:
            with self._lock:
                self._under_way.pop(asked, None)
        return answer

    def _answered(
        self, query: Screened, media_type: str, snapshot: str, dataset: Dataset, seconds: float, client: str
    ) -> PublicAnswer:
        self.shares.admit(client)
        pool = self._calling if query.calls and self._calling else self._pool
        before = time.monotonic()
        try:
            answer: PublicAnswer = pool.run(
                "query", query, media_type, snapshot, dataset, timeout=seconds, client=client
            )
        except EngineDamaged:
            mark_damaged(Path(snapshot))  # the worker itself cannot write
            raise
        finally:
            self.shares.pay(client, time.monotonic() - before)
        return answer

    def warm(self) -> tuple[bool, bool]:
        """Start the workers; tell whether they are kept from the network, and from files but for the dataset."""
        return self._pool.warm()

    def close(self) -> None:
        """End the workers."""
        for pool in (self._pool, self._calling):
            if pool:
                pool.close()


def _is_share(error: BaseException) -> bool:
    return isinstance(error, TooManyRequests)
