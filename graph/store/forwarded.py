"""Public queries of a remote engine: screened like all others, asked of the server, and read in a worker.

The server does the work, so nobody can end it from here: limits of time and memory are the server's own to hold. What
it answers is written in the format asked for by a worker, which has no network and is ended like any other.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Union

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, serialize

from graph.errors import Busy, InputError, NotFound
from graph.iris import PREFIXES
from graph.settings import Settings
from graph.store.evaluation import Dataset, PublicAnswer, syntax_problem
from graph.store.formats import DATASET_FORMATS, GRAPH_FORMATS, TABLE_FORMATS, write_graph
from graph.store.public import PublicQueries
from graph.store.received import Answer, Rejected, Scope, no_result, read_graph, read_results, require_whole
from graph.store.results import Limited, counted, refuse_long
from graph.store.screen import Screened
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

if TYPE_CHECKING:
    from graph.store.remote import RemoteReader

_ALL: Final = Dataset()
_PART: Final = re.compile(
    r"""
    \#[^\r\n]*
  | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
  | "(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'
  | \bPREFIX\s+(?P<prefix>[\w.-]*):\s*<(?P<base>[^<>\s]*)>
  | \bFROM\s+(?P<named>NAMED\s+)?(?:<(?P<iri>[^<>\s]*)>|(?P<label>[\w.-]*):(?P<local>[\w.%/-]*))
  | <[^<>"{}|^`\\\s]*>
  | [?$]\w+
  | \w+:[\w.%-]*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""What must be told apart to find the dataset clauses of a query."""
_SERVER: Final = "the SPARQL server"


def named_dataset(query: str) -> Dataset:
    """The graphs that a query names by ``FROM`` and ``FROM NAMED``; an IRI with an unknown prefix names none."""
    prefixes = dict(PREFIXES)
    default: list[str] = []
    named: list[str] = []
    for part in _PART.finditer(query):
        if part["base"] is not None:
            prefixes[part["prefix"]] = part["base"]
        iri = part["iri"]
        if part["label"] is not None and part["label"] in prefixes:
            iri = prefixes[part["label"]] + part["local"]
        if iri is not None:
            (named if part["named"] else default).append(iri)
    return Dataset(tuple(default), tuple(named))


def with_prefixes(query: str, base: str | None = None) -> str:
    """The query with the prefixes that are declared for everybody, as far as it uses them and does not declare them.

    What relative IRIs are meant against comes first.
    """
    declared = {part["prefix"] for part in _PART.finditer(query) if part["base"] is not None}
    used = [name for name in PREFIXES if name not in declared and re.search(rf"\b{name}:", query)]
    before = [f"BASE <{base}>"] if base else []
    return " ".join([*before, *(f"PREFIX {name}: <{PREFIXES[name]}>" for name in used), query])


class _Reader:
    """Reads what a server answered and writes it in the format asked for."""

    def __init__(self, max_bytes: int, max_rows: int) -> None:
        self._max_bytes = max_bytes
        self._max_rows = max_rows
        self._nothing = Store()

    def parse(self, query: str, base: str | None) -> None:
        """Raise ``SyntaxProblem`` with line and column where the query is no SPARQL."""
        try:
            self._nothing.query(query, base_iri=base, prefixes=PREFIXES)
        except SyntaxError as error:
            raise syntax_problem(error, query) from error

    def write(self, answer: Answer, form: str, media_type: str) -> PublicAnswer:
        """The answer in a format, whole. Raises ``StoreUnreachable`` where it is none, ``LimitExceeded``."""
        output = Limited(self._max_bytes)
        if form in {"CONSTRUCT", "DESCRIBE"}:
            kind = media_type if media_type in {*GRAPH_FORMATS, *DATASET_FORMATS} else "text/turtle"
            output.write(write_graph(counted(read_graph(answer, _SERVER), self._max_rows), kind))
        else:
            kind = media_type if media_type in TABLE_FORMATS else "application/sparql-results+json"
            output.write(_table(answer, kind))
            refuse_long(output.getvalue(), kind, self._max_rows)
        return PublicAnswer(output.getvalue(), kind)


def _table(answer: Answer, kind: str) -> bytes:
    results = read_results(answer, _SERVER)
    if isinstance(results, QuerySolutions) and answer.most_rows is not None:
        require_whole(answer, sum(1 for _ in results), _SERVER)
        results = read_results(answer, _SERVER)
    try:
        written = results.serialize(format=TABLE_FORMATS[kind])
    except SyntaxError as error:
        raise no_result(_SERVER, answer, error) from error
    except ValueError as error:
        raise InputError(
            f"the result cannot be written as {kind}: {error}; ask for another format"
        ) from error
    return written or b""


def _written(quads: Iterable[Quad], kind: str) -> bytes:
    if kind not in DATASET_FORMATS:
        return write_graph(list(dict.fromkeys(quad.triple for quad in quads)), kind)
    return serialize(quads, format=DATASET_FORMATS[kind]) or b""


def setup(max_bytes: int, max_rows: int) -> dict[str, Callable[..., Any]]:
    """Called once in the worker process."""
    reader = _Reader(max_bytes, max_rows)
    return {"parse": reader.parse, "write": reader.write}


class ForwardedQueries(PublicQueries):
    """Runs queries of others on a remote engine, and on past states here like any."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        spec = WorkerSpec(
            "forward",
            "graph.store.forwarded:setup",
            (settings.max_result_bytes, settings.max_result_rows),
            settings.query_memory,
        )
        self._readers = WorkerPool(spec, settings.query_workers, settings.worker_queue)
        self._places = threading.BoundedSemaphore(settings.query_workers)
        self._waiting = threading.BoundedSemaphore(settings.query_workers + settings.worker_queue)

    def run(
        self,
        query: Screened,
        media_type: str,
        snapshot: Union[Path, "RemoteReader"],
        *,
        timeout: float | None = None,
        dataset: Dataset = _ALL,
        client: str = "",
    ) -> PublicAnswer:
        """Run a screened query and return the whole answer.

        Raises what ``PublicQueries.run`` raises, ``StoreTimeout`` where the server takes too long, and
        ``StoreUnreachable`` where it gives no answer, or a part of one.
        """
        if isinstance(snapshot, Path):
            return super().run(query, media_type, snapshot, timeout=timeout, dataset=dataset, client=client)
        with self.shares.paying(client):
            return self._forwarded(query, media_type, snapshot, self._seconds(timeout), dataset)

    def _forwarded(
        self, query: Screened, media_type: str, state: "RemoteReader", patience: float, dataset: Dataset
    ) -> PublicAnswer:
        limit = self._settings.query_timeout
        self._readers.run("parse", query.text, query.base, timeout=limit)
        named = dataset if dataset != _ALL else named_dataset(query.text) if query.has_dataset else None
        scope = None if named is None else Scope(named.default, named.named)
        with self._place():
            try:
                answer = state.fetch(
                    with_prefixes(query.text, query.base),
                    query.form,
                    scope,
                    timeout=patience,
                    largest=self._settings.max_result_bytes,
                )
            except Rejected as error:
                raise InputError(
                    f"the query is SPARQL, but this engine does not take it: {error.detail}"
                ) from error
        written: PublicAnswer = self._readers.run("write", answer, query.form, media_type, timeout=limit)
        return written

    def graph(
        self, name: str | None, media_type: str, snapshot: Union[Path, "RemoteReader"], *, client: str = ""
    ) -> PublicAnswer:
        """A graph by its IRI, or with ``None`` the union of all. Raises what ``PublicQueries.graph`` raises."""
        if isinstance(snapshot, Path):
            return super().graph(name, media_type, snapshot, client=client)
        with self.shares.paying(client):
            found = snapshot.quads() if name is None else snapshot.quads_of(NamedNode(name))
            quads = list(counted(found, self._settings.max_result_rows))
        if name and not quads:
            raise NotFound(f"no graph is named <{name}>; /contributions lists those of partners")
        output = Limited(self._settings.max_result_bytes)
        output.write(_written(quads, media_type))
        return PublicAnswer(output.getvalue(), media_type)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places at the server: so many queries of others run there at the same time, others wait."""
        if not self._waiting.acquire(blocking=False):
            raise Busy("too many queries wait already; try again in a few seconds")
        try:
            if not self._places.acquire(timeout=self._settings.query_timeout):
                raise Busy("other queries take long; try again in a few seconds")
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._waiting.release()

    def warm(self) -> tuple[bool, bool]:
        """Start the workers; tell whether they are kept from the network, and from files."""
        return self._readers.warm()

    def close(self) -> None:
        self._readers.close()
        super().close()
