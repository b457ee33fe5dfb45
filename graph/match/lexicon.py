"""The lexicon: labels of concepts as sequences of base forms, by language, ready to be found in a text."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode
from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph.iris import LANGUAGES
from graph.match.language import Languages, Token, fold
from graph.match.scheme import SCHEMES
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_FUZZY_LEAST_LENGTH = 5
_FUZZY_LEAST = 0.8
_COMPOUND_LEAST_LENGTH = 8
_PART_LEAST_LENGTH = 4
_HEAD_LEAST_LENGTH = 6
_ABBREVIATION = 5
_KEYS_VERSION = "1"
"""Grows when the way in which labels become base forms changes."""
_LINKS = ("", "s", "es", "n", "en", "e", "er", "u", "o", "a")


@dataclass(frozen=True)
class Label:
    """A label of a concept: its words as base forms, and what kind of label it is.

    The kinds are ``preferred``, ``alternative``, ``problem`` (a phrase for a problem that the concept answers) and
    ``hidden`` (an everyday word that speaks for the concept, but is no name of it).
    """

    concept: NamedNode
    scheme: NamedNode
    kind: str
    text: str
    key: tuple[str, ...]

    @property
    def is_abbreviation(self) -> bool:
        """Whether it is a short word in capitals: it is found only where it is written so."""
        return len(self.text) <= _ABBREVIATION and self.text.isupper()


@dataclass(frozen=True)
class Known:
    """A word of a text recognised as a word of the lexicon, with how surely (0 to 1) and how."""

    word: str
    likeness: float
    how: str


class LanguageLexicon:
    """All labels of one language with an index from words to labels."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.by_word: dict[str, list[Label]] = defaultdict(list)
        for label in labels:
            for word in set(label.key):
                self.by_word[word].append(label)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in self.by_word:
            self._by_start[word[:1]].append(word)
        self._cache: dict[tuple[str, str, bool], tuple[Known, ...]] = {}

    def recognise(self, lemma: str, surface: str, is_word: bool) -> tuple[Known, ...]:
        """The words of the lexicon that a word of a text stands for: itself, parts of it, or a likely spelling.

        A word that the dictionary knows (``is_word``) is no slip of another.
        """
        key = (lemma, surface, is_word)
        if key not in self._cache:
            if len(self._cache) > 50_000:
                self._cache.clear()
            self._cache[key] = tuple(self._recognise(lemma, surface, is_word))
        return self._cache[key]

    def begun(self, start: str) -> list[str]:
        """The words of the lexicon that begin with some letters."""
        return [word for word in self._by_start.get(start[:1], ()) if word.startswith(start)]

    def _recognise(self, lemma: str, surface: str, is_word: bool) -> list[Known]:
        exact = [
            Known(word, 1.0, "exact") for word in dict.fromkeys((lemma, surface)) if word in self.by_word
        ]
        if exact:
            return exact
        spelled = [] if is_word else self._spelled(surface) or self._spelled(lemma)
        parts = self._parts(surface)
        if parts and (not spelled or len(parts) > 1):
            return parts
        return spelled or self._heads(lemma)

    def _spelled(self, word: str) -> list[Known]:
        """Words that differ by a slip or an ending."""
        if len(word) < _FUZZY_LEAST_LENGTH or any(c.isdigit() for c in word):
            return []
        near = process.extract(
            word,
            self._by_start.get(word[:1], ()),
            scorer=OSA.normalized_similarity,
            score_cutoff=_FUZZY_LEAST,
            limit=2,
        )
        return [
            Known(candidate, likeness, "spelling")
            for candidate, likeness, _ in near
            if len(candidate) >= _FUZZY_LEAST_LENGTH
        ]

    def _heads(self, word: str) -> list[Known]:
        """Compounds of the lexicon that begin with the word: ``vermoeiing`` stands for ``vermoeiingsproef``."""
        if len(word) < _HEAD_LEAST_LENGTH:
            return []
        longer = [c for c in self.begun(word) if len(c) > len(word) + 2]
        return [Known(candidate, 0.75, "head") for candidate in sorted(longer, key=len)[:2]]

    def _parts(self, word: str) -> list[Known]:
        """Words that a compound is built of: both halves where both are known, else a long known half."""
        if len(word) < _COMPOUND_LEAST_LENGTH:
            return []
        for cut in range(len(word) - _PART_LEAST_LENGTH, _PART_LEAST_LENGTH - 1, -1):
            tail = word[cut:]
            if tail not in self.by_word:
                continue
            for link in _LINKS:
                head = word[:cut].removesuffix(link) if word[:cut].endswith(link) else ""
                if len(head) >= _PART_LEAST_LENGTH and head in self.by_word:
                    return [Known(head, 0.9, "compound"), Known(tail, 0.9, "compound")]
        for length in range(len(word) - 3, 5, -1):
            for half in (word[:length], word[-length:]):
                if half in self.by_word:
                    return [Known(half, 0.65, "part")]
        return []


class Lexicon:
    """The labels of schemes, by language: those that a need can name, or others.

    A language is prepared when first asked for.
    """

    def __init__(
        self,
        reader: Reader,
        queries: QueryCatalogue,
        languages: Languages,
        cache: Path | None = None,
        schemes: Sequence[NamedNode] = SCHEMES,
    ) -> None:
        self._languages = languages
        self._cache = cache
        self._raw: dict[str, list[tuple[NamedNode, NamedNode, str, str]]] = defaultdict(list)
        self.preferred: dict[tuple[NamedNode, str], str] = {}
        for concept, scheme, kind, label in reader.select(queries["match-label"].bind(scheme=schemes)).rows:
            if (
                isinstance(concept, NamedNode)
                and isinstance(scheme, NamedNode)
                and isinstance(kind, Literal)
                and isinstance(label, Literal)
                and label.language in LANGUAGES
            ):
                self._raw[label.language].append((concept, scheme, kind.value, label.value))
                if kind.value == "preferred":
                    self.preferred[concept, label.language] = label.value
        self._prepared: dict[str, LanguageLexicon] = {}

    def label(self, concept: NamedNode, language: str) -> str:
        """The preferred label in the language, else in English, else the end of the IRI."""
        return (
            self.preferred.get((concept, language))
            or self.preferred.get((concept, "en"))
            or concept.value.rsplit("/", 1)[-1]
        )

    def labels(self, scheme: NamedNode) -> Iterator[tuple[NamedNode, str, str, str]]:
        """All labels of a scheme's concepts in all languages: concept, kind, language and text."""
        for language, labels in self._raw.items():
            for concept, where, kind, text in labels:
                if where == scheme:
                    yield concept, kind, language, text

    def entries(self, language: str) -> list[Label]:
        """All labels of one language, of every kind."""
        keys = self._keys(language)
        return [Label(*raw, key) for raw, key in zip(self._raw[language], keys, strict=True)]

    def of(self, language: str) -> LanguageLexicon:
        """The labels of one language that a text can name: all but the hidden ones."""
        if language not in self._prepared:
            labels = []
            for label in self.entries(language):
                if label.kind == "hidden":
                    continue
                surface = tuple(fold(word) for word in label.text.replace("-", " ").split())
                if label.key and (label.kind != "problem" or len(label.key) > 1):
                    labels.append(label)
                if label.kind != "problem" and surface != label.key and len(surface) == 1:
                    labels.append(replace(label, key=surface))
            self._prepared[language] = LanguageLexicon(labels)
        return self._prepared[language]

    def recognise(self, token: Token, language: str) -> tuple[Known, ...]:
        """The words of labels that a word of a text stands for."""
        is_word = self._languages.is_word(token.text, language)
        return self.of(language).recognise(token.lemma, token.folded, is_word)

    def _keys(self, language: str) -> list[tuple[str, ...]]:
        """The labels as base forms; kept in a file between starts, because making them takes up to two seconds."""
        texts = [text for _, _, _, text in self._raw[language]]
        if self._cache is None:
            return [self._languages.key(text, language) for text in texts]
        recipe = [_KEYS_VERSION, version("simplemma"), version("stopwordsiso"), *texts]
        digest = hashlib.sha256("\n".join(recipe).encode()).hexdigest()[:16]
        path = self._cache / f"lexicon-{language}-{digest}.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if len(kept) == len(texts):
                return [tuple(key) for key in kept]
        except (OSError, ValueError):
            pass  # not there yet, or not readable: made anew
        keys = [self._languages.key(text, language) for text in texts]
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            for outdated in self._cache.glob(f"lexicon-{language}-*.json"):
                outdated.unlink()
            unfinished = path.with_suffix(".part")
            unfinished.write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(path)
        except OSError:
            pass  # a full or read-only disk costs time at the next start, nothing else
        return keys
