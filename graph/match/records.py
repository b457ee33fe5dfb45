"""The words of the records: which facilities say a word of a need in their own titles, descriptions and keywords.

They matter for what no concept covers: names, trade names, the one word that a partner chose. The index is SQLite's
full-text search (FTS5) in memory, with English stems (M. Porter, Program 14, 1980) and without diacritics.
"""

import math
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from graph.match.language import folded_words
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_COMMON_SHARE = 0.05
_COMMON_COUNT = 50
"""Words that more records have than this share, and than this count, tell nothing."""
_ENDING, _STEM = 3, 4
"""Endings of up to three letters after a stem of four at least may differ."""
_MOST_FOUND = 200
"""So many facilities at most are found by their words alone."""


class Records:
    """A word index over the records of one revision, made when first asked."""

    def __init__(self, reader: Reader, queries: QueryCatalogue) -> None:
        self._reader = reader
        self._queries = queries
        self._lock = threading.Lock()
        self._index: sqlite3.Connection | None = None
        self._facilities: list[NamedNode] = []

    def found(self, words: Sequence[str]) -> dict[NamedNode, float]:
        """The facilities whose records have most of the words, with the share of the words' rarity, 0 to 1."""
        sums: dict[int, float] = defaultdict(float)
        whole = 0.0
        with self._lock:
            index = self._made()
            number = len(self._facilities)
            most = max(_COMMON_COUNT, _COMMON_SHARE * number)
            for word in dict.fromkeys(words):
                phrase = " ".join(folded_words(word))
                if not phrase:
                    continue
                rows = index.execute(
                    "SELECT rowid FROM record WHERE record MATCH ?", (f'"{phrase}"',)
                ).fetchall()
                if not rows or len(rows) > most:
                    continue
                rarity = math.log(1 + (number - len(rows) + 0.5) / (len(rows) + 0.5))
                whole += rarity
                for (row,) in rows:
                    sums[row] += rarity
        best = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FOUND]
        return {self._facilities[row]: value / whole for row, value in best}

    def _made(self) -> sqlite3.Connection:
        if self._index is None:
            texts: Mapping[NamedNode, list[str]] = defaultdict(list)
            for facility, text in self._reader.select(self._queries["match-record"].text).rows:
                if isinstance(facility, NamedNode) and isinstance(text, Literal):
                    texts[facility].append(text.value)
            self._facilities = sorted(texts, key=lambda node: node.value)
            index = sqlite3.connect(":memory:", check_same_thread=False)
            index.execute(
                "CREATE VIRTUAL TABLE record USING fts5"
                "(words, content='', tokenize='porter unicode61 remove_diacritics 2')"
            )
            index.executemany(
                "INSERT INTO record(rowid, words) VALUES (?, ?)",
                ((row, "\n".join(texts[facility])) for row, facility in enumerate(self._facilities)),
            )
            self._index = index
        return self._index


class Spoken:
    """The words of a text, among which those of a need are looked for."""

    def __init__(self, text: str) -> None:
        self._by_start: dict[str, set[str]] = defaultdict(set)
        for folded in folded_words(text):
            self._by_start[folded[:_STEM]].add(folded)

    def among(self, words: Sequence[tuple[str, str]]) -> list[str]:
        """Those of the words, each with its folded form, that the text has, at most with another ending."""
        by_start = self._by_start
        return [
            word
            for word, folded in words
            if folded[:_STEM] in by_start and any(_alike(own, folded) for own in by_start[folded[:_STEM]])
        ]


def heard(words: Sequence[str]) -> list[tuple[str, str]]:
    """Words of a need with their folded forms, as ``Spoken.among`` takes them."""
    return [(word, folded) for word in dict.fromkeys(words) for folded in folded_words(word)]


def _alike(one: str, other: str) -> bool:
    """Whether two words are the same, or differ in endings of up to three letters after a stem of four at least."""
    if abs(len(one) - len(other)) > _ENDING:
        return False
    stem = min(len(one), len(other)) - _ENDING + 1
    return one == other or (stem >= _STEM and one[:stem] == other[:stem])
