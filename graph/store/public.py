"""Public queries: SPARQL text of others is screened first and then run in a worker on a read-only snapshot."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from graph.errors import InputError, LimitExceeded, Place, Refused, SyntaxProblem, TooLarge
from graph.iris import PREFIXES
from graph.settings import Settings
from graph.store.workers import WorkerPool, WorkerSpec

TABLE_FORMATS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_UPDATES: Final = frozenset("INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH".split())
_FORMS: Final = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*''')
  | (?P<string>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<name>\w*:[\w.:%\-\\]*)
  | (?P<word>@?[A-Za-z_]\w*)
  | (?P<open>[\[({])
  | (?P<close>[\])}])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WHERE = re.compile(r"at (?:line )?(\d+)(?::|, column )(\d+)")


def screen(query: str, max_bytes: int, max_nesting: int) -> str:
    """The query's form, if it may run at all.

    Raises ``TooLarge``; ``Refused`` for updates, ``LOAD`` and ``SERVICE``, told apart from the same words in
    strings, comments, IRIs and names; ``InputError`` for deep nesting, which can end a process while parsing.
    """
    if len(query.encode()) > max_bytes:
        raise TooLarge(f"the query has more than {max_bytes:,} bytes; shorten it or fetch a dump")
    depth = 0
    form = ""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            if depth > max_nesting:
                line = query.count("\n", 0, match.start()) + 1
                raise InputError(
                    f"line {line}: brackets nest more than {max_nesting} deep; write the query flatter",
                    (Place("nested too deep", "nesting", line),),
                )
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "word":
            word = match[0].upper()
            line = query.count("\n", 0, match.start()) + 1
            if word == "SERVICE":
                raise Refused(
                    f"line {line}: SERVICE is not allowed: this endpoint makes no requests to others",
                    (Place("SERVICE", "service-refused", line, value=match[0]),),
                )
            if not form and word in _UPDATES:
                raise Refused(
                    f"line {line}: {word} is an update; the public dataset changes only by contributions",
                    (Place(word, "update-refused", line, value=match[0]),),
                )
            if not form and word in _FORMS:
                form = word
    if not form:
        raise SyntaxProblem(
            "no query form was found; begin with SELECT, ASK, CONSTRUCT or DESCRIBE",
            (Place("no query form", "syntax", 1, 1),),
        )
    return form


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
            raise LimitExceeded(f"the result is larger than {self._limit:,} bytes; narrow the query or add LIMIT")
        return super().write(data)


class _Runner:
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._open: tuple[str, Store] | None = None

    def run(
        self,
        query: str,
        media_type: str,
        snapshot: str,
        default_graphs: tuple[str, ...],
        named_graphs: tuple[str, ...],
    ) -> PublicAnswer:
        if self._open is None or self._open[0] != snapshot:
            self._open = (snapshot, Store.read_only(snapshot))
        store = self._open[1]
        try:
            if default_graphs or named_graphs:
                answer = store.query(
                    query,
                    prefixes=PREFIXES,
                    default_graph=[NamedNode(iri) for iri in default_graphs],
                    named_graphs=[NamedNode(iri) for iri in named_graphs],
                )
            else:
                answer = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise _syntax_problem(error) from error
        except ValueError as error:
            raise InputError(f"the query or a graph IRI cannot be used: {error}") from error
        output = _Limited(self._max_bytes)
        try:
            if isinstance(answer, QueryTriples):
                kind = media_type if media_type in GRAPH_FORMATS else "text/turtle"
                answer.serialize(output, GRAPH_FORMATS[kind], prefixes=PREFIXES)
            elif isinstance(answer, QuerySolutions | QueryBoolean):
                kind = media_type if media_type in TABLE_FORMATS else "application/sparql-results+json"
                answer.serialize(output, TABLE_FORMATS[kind])
        except ValueError as error:
            raise InputError(f"the result cannot be written as {kind}: {error}; ask for another format") from error
        return PublicAnswer(output.getvalue(), kind)


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
            WorkerSpec("query", "graph.store.public:setup", (settings.max_result_bytes,), settings.query_memory),
            settings.query_workers,
            settings.worker_queue,
        )

    def screen(self, query: str) -> str:
        """The query's form; raises what ``screen`` raises."""
        return screen(query, self._settings.max_query_bytes, self._settings.max_query_nesting)

    def run(
        self,
        query: str,
        media_type: str,
        snapshot: Path,
        *,
        timeout: float | None = None,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] = (),
    ) -> PublicAnswer:
        """Run a screened query and return the whole answer.

        ``timeout`` in seconds may only shorten the limit. Raises ``SyntaxProblem``, ``LimitExceeded``, ``Busy``.
        """
        limit = self._settings.query_timeout
        answer: PublicAnswer = self._pool.run(
            "query",
            query,
            media_type,
            str(snapshot),
            default_graphs,
            named_graphs,
            timeout=min(limit, timeout) if timeout and timeout > 0 else limit,
        )
        return answer

    def warm(self) -> bool:
        return self._pool.warm()

    def close(self) -> None:
        self._pool.close()
