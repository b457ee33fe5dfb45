"""Words of the nine languages: which language a text is in, its tokens, their base forms, and its stop words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import stopwordsiso
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy, StreamDictionaryFactory

from graph.iris import LANGUAGES

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_SENTENCE_END = re.compile(r"[.!?;:\n]+\s")
_SURE: Final = 0.9
"""The probability from which the letters of a text alone decide on its language."""
_ENGLISH: Final = 0.3
"""What English gets beyond its probability, where dictionaries decide."""


@dataclass(frozen=True)
class Token:
    """A word of a text: as written, its base form, where it stands, and in which sentence."""

    text: str
    lemma: str
    start: int
    sentence: int
    is_stop: bool
    folded: str
    """As written, in lower case without diacritics."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def fold(text: str) -> str:
    """Lower case without diacritics: words typed without them are found too."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text as written; hyphens and apostrophes part words."""
    return _WORD.findall(text)


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text, folded."""
    return tuple(fold(word) for word in words(text))


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Of texts by language that in the reader's, else in English, else the first of any; empty where there is none."""
    return texts.get(language) or texts.get("en") or next((text for _, text in sorted(texts.items())), "")


class Languages:
    """Language detection and base forms, built once and shared: it holds dictionaries, no state of a need."""

    def __init__(self) -> None:
        self._detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._detector.set_languages(list(LANGUAGES))

        # The library's own factory keeps eight dictionaries: with nine languages it would read one anew at each turn.
        dictionaries = StreamDictionaryFactory(cache_max_size=len(LANGUAGES))
        lemmatizer = Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=dictionaries))
        lookup = DictionaryLookupStrategy(dictionaries)

        @lru_cache(maxsize=100_000)
        def lemma(word: str, language: str) -> str:
            return fold(lemmatizer.lemmatize(word, language)) if len(word) > 2 else fold(word)

        @lru_cache(maxsize=100_000)
        def is_word(word: str, language: str) -> bool:
            return lookup.get_lemma(unicodedata.normalize("NFC", word.lower()), language) is not None

        self._dictionary = lookup.get_lemma
        self.lemma = lemma
        self.is_word = is_word
        """Whether the dictionary of the language knows the word, so that it is no slip of another."""
        self._stop = {
            language: frozenset(fold(word) for word in stopwordsiso.stopwords(language))
            for language in LANGUAGES
        }

    def detect(self, text: str) -> tuple[str, float]:
        """The most likely of the nine languages with its probability by its letters, 0 to 1.

        Letters tell little of a word or two ("welding" looks Dutch): where they leave doubt, the language goes first
        whose dictionary knows most of the words, and of those alike English, in which many terms are the same.
        """
        ranked = [(str(language), float(share)) for language, share in self._detector.rank(text)]
        if ranked[0][1] >= _SURE:
            return ranked[0]
        found = words(text)

        def likely(candidate: tuple[str, float]) -> tuple[int, float]:
            language, share = candidate
            known = sum(self.is_word(word, language) for word in found)
            return known, share + _ENGLISH if language == "en" else share

        return max(ranked, key=likely)

    def tokens(self, text: str, language: str) -> list[Token]:
        """The words of a text in order; hyphens part words."""
        ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        found: list[Token] = []
        sentence = 0
        for match in _WORD.finditer(text):
            while sentence < len(ends) and match.start() >= ends[sentence]:
                sentence += 1
            word = match[0]
            folded = fold(word)
            is_stop = folded in self._stop[language] and not (word.isupper() and len(word) > 1)
            found.append(Token(word, self.lemma(word, language), match.start(), sentence, is_stop, folded))
        return found

    def is_everyday(self, word: str, language: str) -> bool:
        """Whether the dictionary of the language has the word as other than a name: its base form is in lower case."""
        lemma = self._dictionary(unicodedata.normalize("NFC", word.lower()), language)
        return lemma is not None and lemma[:1].islower()

    def is_stop(self, lemma: str, language: str) -> bool:
        return lemma in self._stop[language]

    def key(self, label: str, language: str) -> tuple[str, ...]:
        """A label as base forms without stop words; with them where fewer than two other words would remain.

        Of "over the air" no single word may stand for the whole.
        """
        words = [(self.lemma(word, language), fold(word)) for word in _WORD.findall(label)]
        content = [lemma for lemma, folded in words if folded not in self._stop[language]]
        if len(words) > 1 and len(content) < 2:
            content = [lemma for lemma, _ in words]
        return tuple(content)

    def warm(self, languages: Sequence[str] = LANGUAGES) -> None:
        """Load the dictionaries, which takes up to a second each."""
        for language in languages:
            self.lemma("laboratory", language)
