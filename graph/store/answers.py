"""What a query answers: tables of terms, and how the library is asked for one."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

Term = NamedNode | Literal | BlankNode | Triple
Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Table:
    """The complete answer of a SELECT query: variable names and rows of terms (``None`` where unbound)."""

    variables: tuple[str, ...]
    rows: list[Row]

    def dicts(self) -> list[dict[str, Term]]:
        """Rows as dictionaries that hold bound variables only."""
        return [
            {name: term for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]


def table(solutions: QuerySolutions) -> Table:
    """The whole answer. The solutions never leave the thread that made them: else the library aborts the process."""
    names = tuple(variable.value for variable in solutions.variables)
    width = range(len(names))
    return Table(names, [tuple(solution[i] for i in width) for solution in solutions])


def select(store: Store, query: str) -> Table:
    """Evaluate a SELECT query of ours over all graphs and fetch the whole answer."""
    solutions = store.query(query, use_default_graph_as_union=True)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("not a SELECT query")
    return table(solutions)


def as_stored(triples: Iterable[Triple]) -> set[Triple]:
    """The triples as the engine gives them back: it writes numbers in their canonical form (``-60.0`` as ``-60``)."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return {quad.triple for quad in store}
