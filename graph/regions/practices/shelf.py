"""What is kept of the practices of one revision, so that records and searches share the reading of them."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from graph.regions.practices.duplicates import Likenesses
from graph.regions.practices.told import Told, read_told
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

Tie = tuple[NamedNode, NamedNode]
"""A facility and a concept that it has."""


@dataclass(frozen=True)
class Kept:
    """The practices of one revision: what they tell, how alike they are, what their facilities are."""

    revision: int
    told: Mapping[NamedNode, Told]
    facilities: Mapping[NamedNode, frozenset[Tie]]
    """By practice, what the facilities that take part are and can do."""

    @cached_property
    def likenesses(self) -> Likenesses:
        return Likenesses(self.told)


class Shelf:
    """Keeps what was read of the latest revision, and of one that is past."""

    def __init__(self, queries: QueryCatalogue) -> None:
        self._queries = queries
        self._latest: Kept | None = None
        self._past: Kept | None = None
        self._lock = threading.Lock()

    def of(self, reader: Reader) -> Kept:
        """The practices of the reader's revision; who comes first reads them, for all who wait."""
        with self._lock:
            for kept in (self._latest, self._past):
                if kept is not None and kept.revision == reader.revision:
                    return kept
            kept = self._read(reader)
            if self._latest is None or kept.revision > self._latest.revision:
                self._latest = kept
            else:
                self._past = kept
            return kept

    def _read(self, reader: Reader) -> Kept:
        ties: dict[NamedNode, set[Tie]] = defaultdict(set)
        for practice, facility, concept in reader.select(self._queries["practices-of-facilities"].text).rows:
            if (
                isinstance(practice, NamedNode)
                and isinstance(facility, NamedNode)
                and isinstance(concept, NamedNode)
            ):
                ties[practice].add((facility, concept))
        return Kept(
            reader.revision,
            read_told(reader, self._queries),
            {practice: frozenset(several) for practice, several in ties.items()},
        )
