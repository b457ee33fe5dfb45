"""The vocabulary of capabilities: how much a text speaks the language of those who ask for each of them.

Linking finds capabilities that a text names. Most firms do not name what they need: they tell of a product, a symptom,
a standard. So each capability has, in each language, a document of its labels, problem phrases and everyday words
(``skos:hiddenLabel``), and a text is scored against these by BM25 (S. Robertson et al., TREC-3, 1994). Words count by
their base forms and by their character 4-grams (P. McNamee and J. Mayfield, Information Retrieval 7, 2004), which finds
parts of compounds and inflected forms that no dictionary has.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from graph.match.cues import ASKING, Cues
from graph.match.language import Token
from graph.match.lexicon import Lexicon
from graph.match.scheme import CAPABILITY, Scheme

_K1 = 0.8
_B = 0.1
_KINDS = {"preferred": 2.0, "alternative": 2.0, "problem": 1.0, "hidden": 1.0}
"""How often a word of each kind of label counts as said."""
_GRAM = 4
_MARK = "~"
_GRAM_COUNT = 0.15
_GRAM_WEIGHT = 0.3
_SHARED_GRAMS, _LEAST_GRAMS = 0.5, 3
"""The share of the parts of a word, and how many, that a vocabulary must have to count: fewer are shared by chance."""
_LEAST = 0.3
"""Capabilities below this share of the best are not spoken of."""
_KIN = 0.8
"""What a capability gets, times its grade, of a capability that is spoken of and that it answers."""
_CHANCE, _SURE = 8.0, 16.0
"""A best score up to the first comes about by chance, one from the second on does not."""
_LEAST_GAIN = 0.05
"""A word that adds less than this share of the best score says nothing by itself."""
_SHOWN = 4
"""How many words of a text are given as the reason."""


@dataclass(frozen=True)
class Spoken:
    """A capability whose vocabulary a text speaks: how much, from 0 to 1, and the words that say most of it.

    The value is that beside the best one, times how surely the text speaks of any capability; ``gains`` is what each
    word of the text adds to it.
    """

    capability: NamedNode
    value: float
    words: tuple[str, ...]
    gains: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Speech:
    """What a text says: the capabilities whose vocabulary it speaks, best first, and how much each of its words tells.

    ``shares`` are the words' shares of the rarity of all of them (their inverse document frequency over the
    vocabularies); a word that no vocabulary has is the rarest.
    """

    spoken: tuple[Spoken, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)


class LanguageVocabulary:
    """The vocabularies of all capabilities in one language, ready to be scored."""

    def __init__(self, documents: Mapping[NamedNode, Mapping[str, float]]) -> None:
        lengths = {concept: sum(words.values()) for concept, words in documents.items()}
        mean = sum(lengths.values()) / len(lengths) if lengths else 1.0
        self._number = len(documents)
        self._frequency = frequency = Counter(word for words in documents.values() for word in words)
        self.words = frozenset(word for word in frequency if not word.startswith(_MARK))
        self._postings: dict[str, list[tuple[NamedNode, float]]] = defaultdict(list)
        for concept, words in documents.items():
            norm = _K1 * (1 - _B + _B * lengths[concept] / mean)
            for word, count in words.items():
                self._postings[word].append((concept, self.rarity(word) * count * (_K1 + 1) / (count + norm)))

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word, as BM25 has it."""
        often = self._frequency[word]
        return math.log(1 + (self._number - often + 0.5) / (often + 0.5))

    def scores(self, words: Iterable[str]) -> dict[NamedNode, dict[str, float]]:
        """For each capability what each word adds to its score, whole or by its parts."""
        found: dict[NamedNode, dict[str, float]] = defaultdict(dict)
        for word in dict.fromkeys(words):
            for concept, value in self._postings.get(word, ()):
                found[concept][word] = value
            grams = set(_grams(word))
            shared: dict[NamedNode, list[float]] = defaultdict(list)
            for gram in grams:
                for concept, value in self._postings.get(gram, ()):
                    shared[concept].append(value)
            for concept, values in shared.items():
                if len(values) >= max(_LEAST_GRAMS, _SHARED_GRAMS * len(grams)):
                    gains = found[concept]
                    gains[word] = gains.get(word, 0.0) + _GRAM_WEIGHT * sum(values)
        return found


class Vocabulary:
    """The vocabularies of capabilities in nine languages; a language is prepared when first asked for."""

    def __init__(self, lexicon: Lexicon, scheme: Scheme, cues: Cues) -> None:
        self._lexicon = lexicon
        self._scheme = scheme
        self._cues = cues
        self._prepared: dict[str, LanguageVocabulary] = {}

    def of(self, language: str) -> LanguageVocabulary:
        """The vocabulary of one language."""
        if language not in self._prepared:
            documents: dict[NamedNode, dict[str, float]] = defaultdict(lambda: defaultdict(float))
            asking = self._cues.words(ASKING, language)
            for entry in self._lexicon.entries(language):
                if entry.scheme == CAPABILITY:
                    document, count = documents[entry.concept], _KINDS[entry.kind]
                    for word in (word for word in entry.key if word not in asking):
                        document[word] += count
                        for gram in _grams(word):
                            document[gram] += count * _GRAM_COUNT
            self._prepared[language] = LanguageVocabulary(documents)
        return self._prepared[language]

    def speech(self, tokens: Sequence[Token], language: str, *, names_one: bool) -> Speech:
        """The capabilities whose vocabulary the text speaks, and those that answer them, best first.

        Of a text that surely names a capability it is not asked whether it speaks of any.
        """
        if not tokens:
            return Speech()
        vocabulary, asking = self.of(language), self._cues.words(ASKING, language)
        written: dict[str, str] = {}
        for token in tokens:
            if not (token.is_stop or token.lemma in asking or token.text.isdigit()) and len(token.lemma) > 1:
                word = token.lemma if token.lemma in vocabulary.words else self._meant(token, language)
                written.setdefault(word, token.text)
        gains = vocabulary.scores(written)
        totals = {concept: sum(words.values()) for concept, words in gains.items()}
        rarities = {text: vocabulary.rarity(word) for word, text in written.items()}
        shares = {text: rarity / sum(rarities.values()) for text, rarity in rarities.items()}
        if not totals:
            return Speech(shares=shares)
        leading = max(totals, key=lambda concept: (totals[concept], concept.value))
        best = totals[leading]
        sure = 1.0 if names_one else _sureness(best, len(gains[leading]), len(written))
        spoken: dict[NamedNode, Spoken] = {}
        for concept, total in sorted(totals.items(), key=lambda item: (-item[1], item[0].value)):
            if total < _LEAST * best:
                break
            added = {written[word]: gain * sure / best for word, gain in gains[concept].items()}
            shown = tuple(sorted(added, key=lambda word: -added[word])[:_SHOWN])
            for grade in self._scheme.graded(concept):
                share = 1.0 if grade.capability == concept else _KIN * grade.value
                if share * total < _LEAST * best:
                    continue
                own = Spoken(grade.capability, sure * share * total / best, shown)
                if own.value:
                    known = spoken.setdefault(grade.capability, own)
                    spoken[grade.capability] = _also(known, own, added, share)
        return Speech(tuple(sorted(spoken.values(), key=lambda s: (-s.value, s.capability.value))), shares)

    def _meant(self, token: Token, language: str) -> str:
        """What a word that the vocabulary lacks is a likely slip of; else its base form."""
        known = self._lexicon.recognise(token, language)
        return next((one.word for one in known if one.how == "spelling"), token.lemma)


def _also(known: Spoken, own: Spoken, added: Mapping[str, float], share: float) -> Spoken:
    """The better of two sayings of one capability, with the most that each word adds in either."""
    gains = dict(known.gains)
    for word, value in added.items():
        gain = share * value
        if gain >= _LEAST_GAIN and gain > gains.get(word, 0.0):
            gains[word] = gain
    return replace(own if own.value > known.value else known, gains=gains)


def _sureness(best: float, heard: int, words: int) -> float:
    """Whether a text speaks of capabilities at all, from 0 to 1: by the best score, from so many of the text's words.

    It does if that score is high and comes from several words, or from most of them: a text on book-keeping has single
    words in common with this or that capability, by chance.
    """
    rise = (best - _CHANCE) / (_SURE - _CHANCE) if heard > 1 else 0.0
    return min(1.0, max(rise, float((heard / words) ** 3)))


def _grams(word: str) -> list[str]:
    """The character 4-grams of a word that is longer; marked, so that they are no words."""
    if len(word) <= _GRAM:
        return []
    return [f"{_MARK}{word[start : start + _GRAM]}" for start in range(len(word) - _GRAM + 1)]
