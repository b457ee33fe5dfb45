"""Near-duplicates: practices that are likely records of one practice. They are shown to people, never merged.

The score of a pair, 0 to 1, is a weighted sum of three likenesses, each from 0 to 1:

- titles: the ratio of edits of the titles with their words sorted (``token_sort_ratio`` of rapidfuzz), of two titles in
  one language the best;
- texts: the cosine of TF-IDF vectors (G. Salton and C. Buckley, "Term-weighting approaches in automatic text
  retrieval", 1988: logarithmic term frequency, smoothed inverse document frequency) without stop words, where half
  counts as full, because two people word one thing in different ways;
- signs: of owner, involved facility, region and page, as far as both practices state them, the share that agrees.

The same record of a good-practice database as page of both is enough by itself. Among the 62 shipped practices no two
are one; the nearest pair, a campus and the building that started it, stays below the threshold.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import stopwordsiso
from pyoxigraph import NamedNode
from rapidfuzz import fuzz, utils

from graph.iris import LANGUAGES
from graph.match.language import fold, folded_words
from graph.regions.practices.told import FACILITY, OWNER, PAGE, PROSE, REGION, SOURCE, TITLE, Told

THRESHOLD: Final = 0.7
"""From this score on two practices may be the same. The nearest two of the shipped ones, which are two, reach 0.62."""

_TITLE, _TEXT, _SIGNS = 0.4, 0.35, 0.25
_FULL_TEXT: Final = 0.5
_SAME_RECORD: Final = 0.99
_RECORD = re.compile(
    r"^https?://(?:www\.|projects2014-2020\.)?interregeurope\.eu/.*good-practices/item/(\d+)\b"
)
_SIGN_OF: Final = {"owner": OWNER, "facility": FACILITY, "region": REGION}
_STOP = frozenset(fold(word) for language in LANGUAGES for word in stopwordsiso.stopwords(language))


@dataclass(frozen=True)
class Likeness:
    """Two practices that may be one: the score with its parts, and the signs that agree."""

    one: NamedNode
    other: NamedNode
    score: float
    title: float
    text: float
    signs: tuple[str, ...]
    """Which of ``record``, ``page``, ``owner``, ``facility`` and ``region`` agree."""

    def of(self, practice: NamedNode) -> NamedNode:
        """The other one of the pair."""
        return self.other if practice == self.one else self.one


class Likenesses:
    """How alike the practices of a state of the dataset are."""

    def __init__(self, told: Mapping[NamedNode, Told]) -> None:
        self._told = told

    def near(self, practice: NamedNode, least: float = THRESHOLD) -> list[Likeness]:
        """The practices that may be the same as one, the likeliest first."""
        if practice not in self._told:
            return []
        pairs = (self.pair(practice, other) for other in self._told if other != practice)
        return sorted((p for p in pairs if p.score >= least), key=lambda p: (-p.score, p.of(practice).value))

    def all(self, least: float = THRESHOLD) -> list[Likeness]:
        """All pairs that may be one, the likeliest first."""
        nodes = sorted(self._told, key=lambda node: node.value)
        pairs = (self.pair(a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :])
        return sorted(
            (p for p in pairs if p.score >= least), key=lambda p: (-p.score, p.one.value, p.other.value)
        )

    def pair(self, one: NamedNode, other: NamedNode) -> Likeness:
        """How alike two practices are; the same whichever is named first."""
        first, second = sorted((one, other), key=lambda node: node.value)
        a, b = self._told[first], self._told[second]
        title = _titles(a, b)
        text = self._cosine(first, second)
        agreeing, stated = _signs(a, b)
        share = len(agreeing) / stated if stated else 0.0
        score = _TITLE * title + _TEXT * min(1.0, text / _FULL_TEXT) + _SIGNS * share
        if "record" in agreeing:
            score = max(score, _SAME_RECORD)
        return Likeness(first, second, round(score, 3), round(title, 3), round(text, 3), agreeing)

    @cached_property
    def _vectors(self) -> dict[NamedNode, dict[str, float]]:
        counts = {practice: Counter(_words(told)) for practice, told in self._told.items()}
        holding = Counter(word for words in counts.values() for word in words)
        total = len(counts)
        vectors = {}
        for practice, words in counts.items():
            vector = {
                word: (1 + math.log(count)) * (math.log((total + 1) / (holding[word] + 1)) + 1)
                for word, count in words.items()
            }
            length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
            vectors[practice] = {word: value / length for word, value in vector.items()}
        return vectors

    def _cosine(self, one: NamedNode, other: NamedNode) -> float:
        a, b = self._vectors[one], self._vectors[other]
        return math.fsum(value * b[word] for word, value in a.items() if word in b)


def recorded_twice(told: Told) -> tuple[str, ...]:
    """Where a good-practice database holds one practice more than once: the pages of its records, else nothing.

    Such a practice was described from all of them, as its sources say; the database itself has not merged them.
    """
    pages: dict[str, str] = {}
    for node in sorted(told.linked(SOURCE, PAGE), key=lambda node: node.value):
        record = _RECORD.match(node.value)
        if record:
            pages.setdefault(record[1], node.value)
    return tuple(pages.values()) if len(pages) > 1 else ()


def _titles(a: Told, b: Told) -> float:
    return max(_ratios(a, b), default=0.0)


def _ratios(a: Told, b: Told) -> Iterator[float]:
    theirs = b.said(TITLE)
    for language, titles in a.said(TITLE).items():
        for mine in titles:
            for other in theirs.get(language, ()):
                yield fuzz.token_sort_ratio(mine, other, processor=utils.default_process) / 100


def _words(told: Told) -> Iterator[str]:
    for prop in (TITLE, *PROSE):
        for text in told.texts.get(prop, ()):
            for word in folded_words(text.value):
                if len(word) > 1 and not word.isdigit() and word not in _STOP:
                    yield word


def _signs(a: Told, b: Told) -> tuple[tuple[str, ...], int]:
    """The signs that agree, and the number of those that both practices state."""
    agreeing, stated = [], 0
    records, others = _records(a), _records(b)
    if records & others:
        agreeing.append("record")
    pages, theirs = _pages(a), _pages(b)
    for name, mine, other in (
        ("page", pages, theirs),
        *((name, a.linked(prop), b.linked(prop)) for name, prop in _SIGN_OF.items()),
    ):
        if mine and other:
            stated += 1
            if mine & other:
                agreeing.append(name)
    return tuple(agreeing), max(stated, len(agreeing))


def _records(told: Told) -> set[str]:
    return {found[1] for node in told.linked(PAGE) if (found := _RECORD.match(node.value))}


def _pages(told: Told) -> set[str]:
    """The pages without what makes two addresses of one page differ."""
    return {re.sub(r"^https?://(www\.)?", "", node.value).rstrip("/").lower() for node in told.linked(PAGE)}
