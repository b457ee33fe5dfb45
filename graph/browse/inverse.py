"""What points to an entity, page by page: there may be a hundred thousand statements."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

PAGE: Final = 100
"""Statements of a page; the query asks for one more, to know whether another page follows."""


@dataclass(frozen=True)
class Inverse:
    """Subjects and properties, how many there are in all, and the key after which the next page begins."""

    pairs: tuple[tuple[str, str], ...]
    total: int
    after: str | None
    is_first: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether this one page holds everything."""
        return self.is_first and self.after is None

    def triples(self, entity: NamedNode) -> list[Triple]:
        """The statements."""
        return [Triple(NamedNode(subject), NamedNode(prop), entity) for subject, prop in self.pairs]


def read_inverse(
    entity: NamedNode, reader: Reader, queries: QueryCatalogue, after: str, space: str
) -> Inverse:
    """A page of what points to the entity, of subjects whose addresses begin with ``space``."""
    within = [Literal(space)]
    query = queries["browse-inverse"].bind(entity=[entity], space=within, after=[Literal(after)])
    rows = reader.select(query).rows
    pairs = [(s.value, p.value) for s, p, _ in rows if isinstance(s, NamedNode) and isinstance(p, NamedNode)]
    is_more = len(rows) > PAGE
    total = len(pairs)
    if is_more or after:
        ((number,),) = reader.select(queries["browse-inverse-count"].bind(entity=[entity], space=within)).rows
        total = int(number.value) if isinstance(number, Literal) else 0
    return Inverse(tuple(pairs[:PAGE]), total, " ".join(pairs[PAGE - 1]) if is_more else None, not after)
