"""An index of phrases that finds what somebody is typing: by beginnings of words, parts of them, and slips."""

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph.match.language import fold, folded_words, in_language, words

_ENOUGH: Final = 4
"""With fewer hits than this, parts of words and slips are looked for too."""
_PART, _SLIP = 4, 4
"""Letters that a word must have to be looked for inside of others, and as a slip of another."""
_LIKE: Final = 0.72
_KINDS: Final = {"preferred": 8.0, "alternative": 5.0, "problem": 0.0}
_OWN, _COMMON = 18.0, 5.0
"""What a phrase in the reader's language gets, and one in English or in no language."""
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True)
class Thing:
    """Something to suggest: what a form takes for it, its names by language, and how often it is in use."""

    kind: str
    value: str
    names: Mapping[str, str]
    often: int = 0
    more: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Phrase:
    """Words that stand for a thing, in a language, and what kind of label they are."""

    thing: int
    kind: str
    language: str
    text: str


@dataclass(frozen=True)
class Suggestion:
    """A thing, its name for the reader with its language, and the words that were found where the name has them not."""

    thing: Thing
    label: str
    language: str
    because: str
    because_language: str
    score: float


class SuggestionIndex:
    """Things with all their phrases, ready to be searched; it never changes."""

    def __init__(self, things: Sequence[Thing], phrases: Iterable[Phrase]) -> None:
        self._things = things
        self._phrases: list[Phrase] = []
        self._words: list[tuple[str, ...]] = []
        self._whole: list[str] = []
        folded: dict[str, str] = {}
        starts: list[tuple[str, int]] = []
        holding: dict[str, array[int]] = defaultdict(lambda: array("i"))
        for phrase in phrases:
            said = tuple(
                folded.get(word) or folded.setdefault(word, fold(word)) for word in words(phrase.text)
            )
            number = len(self._phrases)
            self._phrases.append(phrase)
            self._words.append(said)
            self._whole.append(" ".join(said))
            starts += [(" ".join(said[at:]), number) for at in range(len(said))]
            for word in set(said):
                holding[word].append(number)
        starts.sort()
        self._starts = [text for text, _ in starts]
        self._numbers = array("i", (number for _, number in starts))
        self._holding = dict(holding)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in self._holding:
            self._by_letter[word[0]].append(word)

    def find(self, text: str, language: str, limit: int) -> list[Suggestion]:
        """The best things for a text, best first."""
        asked = folded_words(text)
        if not asked:
            return []
        found = self._beginning(asked, language)
        if len(asked) > 1 and len(found) < limit:
            _better(found, self._anywhere(asked, language))
        if len(found) < (_ENOUGH if len(asked) == 1 else 1):
            _better(found, self._likely(asked, language))
        best = sorted(found.items(), key=lambda one: (-one[1][0], self._things[one[0]].value))[:limit]
        return [self._suggestion(thing, score, phrase, language) for thing, (score, phrase) in best]

    def _beginning(self, asked: Sequence[str], language: str) -> dict[int, tuple[float, int]]:
        """Phrases in which the text stands as it is, the last word perhaps unfinished."""
        text = " ".join(asked)
        first = bisect_left(self._starts, text)
        last = bisect_left(self._starts, text + _LAST, lo=first)
        found: dict[int, tuple[float, int]] = {}
        for at in range(first, last):
            number = self._numbers[at]
            whole = self._whole[number]
            if whole == text:
                base = 100.0
            elif whole.startswith(text):
                base = 80.0 if whole[len(text)] == " " else 74.0
            else:
                base = 60.0 if self._starts[at] == text or self._starts[at][len(text)] == " " else 55.0
            self._put(found, number, base, language)
        return found

    def _anywhere(self, asked: Sequence[str], language: str) -> dict[int, tuple[float, int]]:
        """Phrases that have words that begin with each of those asked for, in any order."""
        longest = max(asked, key=len)
        first = bisect_left(self._starts, longest)
        last = bisect_left(self._starts, longest + _LAST, lo=first)
        found: dict[int, tuple[float, int]] = {}
        for number in set(self._numbers[first:last]):
            if all(any(word.startswith(one) for word in self._words[number]) for one in asked):
                self._put(found, number, 48.0, language)
        return found

    def _likely(self, asked: Sequence[str], language: str) -> dict[int, tuple[float, int]]:
        """Phrases that hold each word asked for as a part of a longer one, or misspelt."""
        likely: dict[int, float] | None = None
        for one in asked:
            here: dict[int, float] = {}
            for word, likeness in self._near(one).items():
                for number in self._holding[word]:
                    here[number] = max(likeness, here.get(number, 0.0))
            likely = (
                here
                if likely is None
                else {
                    number: min(likeness, here[number])
                    for number, likeness in likely.items()
                    if number in here
                }
            )
        found: dict[int, tuple[float, int]] = {}
        for number, likeness in (likely or {}).items():
            self._put(found, number, 40.0 * likeness, language)
        return found

    def _near(self, asked: str) -> dict[str, float]:
        """Words that begin with a word, hold it, or are like it, with how likely they are meant."""
        near: dict[str, float] = {}
        same = self._by_letter.get(asked[0], [])
        if len(asked) >= _SLIP:
            begun = [word[: len(asked) + 1] for word in same]
            hits = process.extract(
                asked, begun, scorer=OSA.normalized_similarity, score_cutoff=_LIKE, limit=20
            )
            near.update((same[at], likeness) for _, likeness, at in hits)
        near.update((word, 1.0) for word in same if word.startswith(asked))
        if len(asked) >= _PART:
            near.update((word, 0.95) for word in self._holding if asked in word and word not in near)
        return near

    def _put(self, found: dict[int, tuple[float, int]], number: int, base: float, language: str) -> None:
        phrase = self._phrases[number]
        score = base + _KINDS[phrase.kind] - len(phrase.text) / 20
        if phrase.language == language:
            score += _OWN
        elif phrase.language in {"en", ""}:
            score += _COMMON
        score += 3 * math.log1p(self._things[phrase.thing].often)
        if phrase.thing not in found or found[phrase.thing][0] < score:
            found[phrase.thing] = (score, number)

    def _suggestion(self, number: int, score: float, found: int, language: str) -> Suggestion:
        thing, phrase = self._things[number], self._phrases[found]
        label = in_language(thing.names, language)
        told = next(
            (code for code in (language, "en", *sorted(thing.names)) if thing.names.get(code) == label), ""
        )
        shown = folded_words(phrase.text) == folded_words(label)
        return Suggestion(
            thing, label, told, "" if shown else phrase.text, "" if shown else phrase.language, score
        )


def _better(found: dict[int, tuple[float, int]], more: Mapping[int, tuple[float, int]]) -> None:
    """Add what is not found yet."""
    for thing, hit in more.items():
        found.setdefault(thing, hit)
