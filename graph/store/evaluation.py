"""What a worker for public queries does: evaluate a query on a snapshot, or read a graph of it; write the answer."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

from graph.errors import Busy, GraphError, InputError, NotFound, Place, SyntaxProblem
from graph.iris import PREFIXES
from graph.store.engine import reading
from graph.store.formats import DATASET_FORMATS, GRAPH_FORMATS, TABLE_FORMATS, write_graph
from graph.store.results import Limited, counted, refuse_long
from graph.store.screen import Screened

_EXPECTED = re.compile(r"expected (?:one of )?(.+)", re.DOTALL)
_SIGN = re.compile(r'"([^"]+)"|([A-Z][A-Za-z]*)')
_CLASS = re.compile(r"\[[^\]]*\]")
_NOT_HERE = frozenset({"LATERAL", "SERVICE", "{|", "~"})
"""What the engine's grammar takes beyond SPARQL 1.1, or this endpoint refuses."""
_NO_PREFIX = "Prefix not found"
_SHOWN_SIGNS = 12
_WHERE = re.compile(r"at (?:line )?(\d+)(?::|, column )(\d+)")


@dataclass(frozen=True)
class Dataset:
    """The graphs that a request names (``default-graph-uri``, ``named-graph-uri``); none means all."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicAnswer:
    """A complete answer, serialised."""

    content: bytes
    media_type: str


class _Evaluator:
    """Evaluates and serialises in one thread: the engine's results must not leave the thread that made them."""

    def __init__(self, max_bytes: int, max_rows: int) -> None:
        self._max_bytes = max_bytes
        self._max_rows = max_rows
        self._open: tuple[str, Store] | None = None

    def run(self, query: Screened, media_type: str, snapshot: str, dataset: Dataset) -> PublicAnswer:
        with reading(Path(snapshot)):
            return self._answer(query, media_type, self.open(snapshot), dataset)

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

    def graph(self, name: str | None, media_type: str, snapshot: str) -> PublicAnswer:
        """A graph, or the union of all; in a format of datasets with its name, or all graphs with theirs.

        Raises ``NotFound`` for a graph that holds nothing: the store does not know empty graphs.
        """
        with reading(Path(snapshot)):
            store = self.open(snapshot)
            quads = store.quads_for_pattern(None, None, None, NamedNode(name) if name else None)
            if media_type in DATASET_FORMATS:
                content = serialize(counted(quads, self._max_rows), format=DATASET_FORMATS[media_type])
                found = content or b""
            else:
                triples = list(counted((quad.triple for quad in quads), self._max_rows))
                found = write_graph(triples, media_type) if triples else b""
        if name and not found:
            raise NotFound(f"no graph is named <{name}>; /contributions lists those of partners")
        output = Limited(self._max_bytes)
        output.write(found)
        return PublicAnswer(output.getvalue(), media_type)

    def open(self, snapshot: str) -> Store:
        """The store of a snapshot; it stays open for the next query."""
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
            raise syntax_problem(error, query.text) from error
        except ValueError as error:
            raise InputError(f"the query or a graph IRI cannot be used: {error}") from error


def syntax_problem(error: SyntaxError, query: str) -> SyntaxProblem:
    """The engine's error with its place; what it expected without the classes of characters of its grammar."""
    message = str(error.msg or error).strip()
    place = _WHERE.search(message)
    line = error.lineno or (int(place[1]) if place else None)
    column = error.offset or (int(place[2]) if place else None)
    if expected := _EXPECTED.search(message):
        before, after = _around(query, line, column)
        if _NO_PREFIX in expected[1]:
            name = before.split()[-1] if before.split() else before
            message = (
                f"the prefix of {name[:60]} is not declared; begin with PREFIX {name.split(':')[0]}: <…>"
            )
        else:
            found = (
                f"{after.split()[0][:40]!r} does not fit here"
                if after.strip()
                else "the query ends too early"
            )
            message = f"{found}; the parser looked for {_listed(expected[1])}"
    where = f"line {line}, column {column}: " if line else ""
    return SyntaxProblem(f"{where}{message}", (Place(message, "syntax", line, column),))


def _around(query: str, line: int | None, column: int | None) -> tuple[str, str]:
    """The line of the query before a place, and all that follows it."""
    lines = query.splitlines(keepends=True)
    if not line or line > len(lines):
        return "", ""
    at = (column or 1) - 1
    return lines[line - 1][:at], lines[line - 1][at:] + "".join(lines[line:])


def _listed(expected: str) -> str:
    """The words and signs of a list of expectations; the rest of it are letters that names and numbers begin with."""
    signs = dict.fromkeys(sign or word for sign, word in _SIGN.findall(_CLASS.sub("", expected)))
    shown = [sign for sign in signs if sign.strip() and sign not in _NOT_HERE][:_SHOWN_SIGNS]
    if _CLASS.search(expected):
        shown.append("a name or value")
    return f"{' '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown) or "a term"


def setup(max_bytes: int, max_rows: int, snapshots: Path | None = None) -> dict[str, Callable[..., Any]]:
    """Called once in the worker process; the newest of the ``snapshots`` is opened before anybody waits for it."""
    evaluator = _Evaluator(max_bytes, max_rows)
    if snapshots:
        with suppress(OSError, ValueError, GraphError):
            evaluator.open(str(max(snapshots.iterdir(), key=lambda path: path.stat().st_mtime_ns)))
    return {"query": evaluator.run, "graph": evaluator.graph}
