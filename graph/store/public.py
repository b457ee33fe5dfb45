"""Public queries: SPARQL text of others is screened first and then run in a worker on a read-only snapshot."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Union

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from graph.errors import Busy, InputError, LimitExceeded, Place, SyntaxProblem
from graph.iris import PREFIXES
from graph.settings import Settings
from graph.store.engine import reading
from graph.store.formats import GRAPH_FORMATS, TABLE_FORMATS, write_graph
from graph.store.screen import Screened, screen
from graph.store.workers import WorkerPool, WorkerSpec

if TYPE_CHECKING:
    from graph.store.remote import RemoteReader

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


class _Limited(io.BytesIO):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._limit:
            raise LimitExceeded(
                f"the result is larger than {self._limit:,} bytes; narrow the query or add LIMIT"
            )
        return super().write(data)


class _Runner:
    """Evaluates and serialises in one thread: the engine's results must not leave the thread that made them."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._open: tuple[str, Store] | None = None

    def run(self, query: Screened, media_type: str, snapshot: str, dataset: Dataset) -> PublicAnswer:
        with reading(Path(snapshot)):
            return self._answer(query, media_type, self._opened(snapshot), dataset)

    def _answer(self, query: Screened, media_type: str, store: Store, dataset: Dataset) -> PublicAnswer:
        answer = self._evaluated(store, query, dataset)
        output = _Limited(self._max_bytes)
        kind = media_type
        try:
            if isinstance(answer, QueryTriples):
                kind = media_type if media_type in GRAPH_FORMATS else "text/turtle"
                output.write(write_graph(answer, kind))
            else:
                kind = media_type if media_type in TABLE_FORMATS else "application/sparql-results+json"
                answer.serialize(output, TABLE_FORMATS[kind])
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
                    prefixes=PREFIXES,
                    default_graph=[NamedNode(iri) for iri in dataset.default],
                    named_graphs=[NamedNode(iri) for iri in dataset.named],
                )
            return store.query(
                query.text, prefixes=PREFIXES, use_default_graph_as_union=not query.has_dataset
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


def setup(max_bytes: int) -> dict[str, Callable[..., Any]]:
    """Called once in the worker process."""
    return {"query": _Runner(max_bytes).run}


class PublicQueries:
    """Runs queries of others in warm workers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = WorkerPool(
            WorkerSpec(
                "query", "graph.store.public:setup", (settings.max_result_bytes,), settings.query_memory
            ),
            settings.query_workers,
            settings.worker_queue,
        )

    def screen(self, query: str) -> Screened:
        """The query as one that may run; raises what ``screen`` raises."""
        return screen(query, self._settings.max_query_bytes, self._settings.max_query_nesting)

    def run(
        self,
        query: Screened,
        media_type: str,
        snapshot: Union[Path, "RemoteReader"],
        *,
        timeout: float | None = None,
        dataset: Dataset = _ALL,
    ) -> PublicAnswer:
        """Run a screened query and return the whole answer. Hold the snapshot of the folder until then.

        ``timeout`` in seconds may only shorten the limit. Raises ``SyntaxProblem``, ``LimitExceeded``, ``Busy``.
        States of a remote engine are for ``ForwardedQueries``.
        """
        limit = self._settings.query_timeout
        answer: PublicAnswer = self._pool.run(
            "query",
            query,
            media_type,
            str(snapshot),
            dataset,
            timeout=min(limit, timeout) if timeout and timeout > 0 else limit,
        )
        return answer

    def warm(self) -> bool:
        return self._pool.warm()

    def close(self) -> None:
        self._pool.close()
