"""Where statements come from: the contribution that holds them, its version, who sent it, and when it was accepted."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.iris import GRAPH
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader


@dataclass(frozen=True)
class Stated:
    """The version of a contribution that is current at a moment.

    A version that came with the software was put together from public sources; its partner has not confirmed it yet.
    """

    graph: str
    partner: str
    version: int
    revision: int
    accepted: str
    by_software: bool

    @property
    def name(self) -> str:
        """``partner/dataset``."""
        return self.graph.removeprefix(GRAPH.base)


def read_stated(graphs: Iterable[str], reader: Reader, queries: QueryCatalogue) -> dict[str, Stated]:
    """The contributions of graphs, by graph; those that the dataset tells nothing of are left out."""
    wanted = [NamedNode(graph) for graph in sorted(graphs)]
    if not wanted:
        return {}
    found = {}
    for row in reader.select(queries["browse-stated"].bind(graph=wanted)).dicts():
        graph = _text(row.get("graph"))
        found[graph] = Stated(
            graph,
            _text(row.get("partner")),
            int(_text(row.get("version"))),
            int(_text(row.get("revision"))),
            _text(row.get("accepted")),
            row.get("software") is not None,
        )
    return found


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
