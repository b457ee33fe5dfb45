"""What a SPARQL server is asked over and what it answered: read as a whole, or an error that says why it is none."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
)
from pyoxigraph import parse_query_results as parse_results

from graph.errors import StoreUnreachable
from graph.iris import GEO
from graph.store.answers import Table, Term, table

_GEOMETRY: Final = NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")
"""What Virtuoso makes of points and shapes in well-known text (``geo:wktLiteral``)."""


class Rejected(StoreUnreachable):
    """The server does not take the request: it says that the query or update is wrong, or fails over it."""


@dataclass(frozen=True)
class Scope:
    """The graphs that a query is asked over (``default-graph-uri``, ``named-graph-uri``); none: the server's own."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


SERVERS_OWN: Final = Scope()


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer that is as long as it says, and the rows from which on the server cuts."""

    content: bytes
    most_rows: int | None = None


def read_table(answer: Answer, name: str) -> Table:
    """The table that an answer holds. Raises ``StoreUnreachable`` where it is none, or one that was cut."""
    fault: SyntaxError | None = None
    results: QuerySolutions | QueryBoolean | None = read_results(answer, name)
    if not isinstance(results, QuerySolutions):
        raise StoreUnreachable(f"{name} answered true or false in the place of a table")
    try:
        whole = table(results)
    except SyntaxError as error:
        fault = error.with_traceback(None)
    finally:
        results = (
            None  # an error's frames must not carry solutions into another thread: the library forbids it
        )
    if fault is not None:
        raise no_result(name, answer, fault) from fault
    require_whole(answer, len(whole.rows), name)
    return Table(whole.variables, [tuple(map(_standard, row)) for row in whole.rows])


def read_results(answer: Answer, name: str) -> QuerySolutions | QueryBoolean:
    """The solutions, or true or false; who goes through solutions may still meet a ``SyntaxError``."""
    try:
        return parse_results(answer.content, format=QueryResultsFormat.JSON)
    except SyntaxError as error:
        raise no_result(name, answer, error) from error


def require_whole(answer: Answer, rows: int, name: str) -> None:
    """Raise ``StoreUnreachable`` where the server says that it cuts results at as many rows as came."""
    if answer.most_rows is not None and rows >= answer.most_rows:
        raise StoreUnreachable(
            f"{name} cuts results at {answer.most_rows:,} rows, so that this one may be a part; raise that limit "
            "(Virtuoso: ResultSetMaxRows), or narrow the query"
        )


def read_graph(answer: Answer, name: str) -> list[Triple]:
    """The triples that an answer holds. Raises ``StoreUnreachable`` where it is no Turtle."""
    try:
        triples = [quad.triple for quad in parse(answer.content, RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise no_result(name, answer, error) from error
    return [Triple(t.subject, t.predicate, _standard(t.object)) for t in triples]  # type: ignore[arg-type]


def _standard(term: Term | None) -> Term | None:
    """The term with the datatype's own name, where the server has another name for it."""
    if isinstance(term, Literal) and term.datatype == _GEOMETRY:
        return Literal(term.value, datatype=GEO["wktLiteral"])
    return term


def no_result(name: str, answer: Answer, error: Exception) -> StoreUnreachable:
    """The error for an answer that cannot be read."""
    return StoreUnreachable(
        f"{name} gave an answer of {len(answer.content):,} bytes that is no whole result: {error}; "
        "try again in a few seconds"
    )
