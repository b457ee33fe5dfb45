"""Search of practices by what words mean: a Latvian word finds practices whose texts are in English.

The words of a search are linked to capabilities, service kinds, practice themes, facility kinds and regions by their
labels in nine languages, inflected or not, as the text of a need is. A practice is found that carries such a concept or
a narrower one: capability, theme and region by itself, capability, service and kind also through the facilities that
take part in it. Concepts of the same words are alternatives; concepts of different words must all be there, and where
no practice has all, those that have any are found, which the answer says.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import NamedNode

from graph.iris import CODELIST, LANGUAGES
from graph.match.gazetteer import Gazetteer
from graph.match.knowledge import Knowledge
from graph.match.language import Languages, folded_words
from graph.match.language import words as words_of
from graph.match.lexicon import Lexicon
from graph.match.linking import Link, Linker
from graph.match.matcher import Matcher
from graph.match.scheme import CAPABILITY, REGION, SERVICE
from graph.match.view import View
from graph.regions.practices.shelf import Kept, Shelf
from graph.regions.practices.told import CAPABILITY as HAS_CAPABILITY
from graph.regions.practices.told import REGION as IN_REGION
from graph.regions.practices.told import THEME as HAS_THEME
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import transitive
from graph.store.protocol import Reader

THEMES: Final = CODELIST["practice-theme"]
KINDS: Final = CODELIST["facility-kind"]
_OF_MATCHING: Final = frozenset({CAPABILITY, SERVICE})
_SURE: Final = 0.6
"""From this confidence on, a link of words to a concept counts."""
_LONGEST_ENDING: Final = 3
_LEAST_STEM: Final = 5
_NONE: Final[frozenset[NamedNode]] = frozenset()


@dataclass(frozen=True)
class Meaning:
    """A concept that words of a search stand for, and the practices that carry it."""

    words: str
    concept: NamedNode
    scheme: NamedNode
    itself: frozenset[NamedNode]
    """Practices that carry it, or a narrower one, themselves."""
    through: frozenset[NamedNode]
    """Practices that carry it only through facilities that take part in them."""

    @property
    def practices(self) -> frozenset[NamedNode]:
        return self.itself | self.through

    def told(self, view: View) -> dict[str, Any]:
        """As answers give it."""
        label = view.name(self.concept)
        return {
            "words": self.words,
            "concept": self.concept.value,
            "notation": self.concept.value.rsplit("/", 1)[-1],
            "label": label,
            "scheme": self.scheme.value.removeprefix(CODELIST.base),
            "practices": len(self.itself),
            "through_facilities": len(self.through),
            "sentence": view.say("practice-understood", words=self.words, concept=label),
        }


@dataclass(frozen=True)
class Heard:
    """What a search was understood as, and the practices found by it."""

    meanings: tuple[Meaning, ...] = ()
    practices: frozenset[NamedNode] = _NONE
    has_all: bool = True
    """Whether the practices found carry something of all that was understood; else they carry something of it."""


@dataclass(frozen=True)
class _Words:
    """The words of one revision beside those of matching: themes, kinds of facility, places."""

    revision: int
    lexicon: Lexicon
    gazetteer: Gazetteer
    ancestors: dict[NamedNode, frozenset[NamedNode]] = field(default_factory=dict)


class PracticeSearch:
    """Understands searches for practices; keeps the words of the latest revision asked for."""

    def __init__(self, shelf: Shelf, matcher: Matcher, languages: Languages, queries: QueryCatalogue) -> None:
        self._shelf = shelf
        self._matcher = matcher
        self._languages = languages
        self._queries = queries
        self._words: _Words | None = None
        self._lock = threading.Lock()

    def heard(self, text: str, language: str, reader: Reader) -> Heard:
        """What a text means, read in the reader's language, in the one it seems to be in, and by its themes in any."""
        if not folded_words(text):
            return Heard()
        known, words, kept = self._matcher.knowledge(reader), self._read(reader), self._shelf.of(reader)
        named = self._understood(text, language, known, words)
        return _found([self._meaning(*one, known, words, kept) for one in named])

    def _links(self, text: str, language: str, known: Knowledge, words: _Words) -> list[Link]:
        tried: list[str] = []
        for tongue in (language, self._languages.detect(text)[0], *LANGUAGES):
            if tongue in tried:
                continue
            tried.append(tongue)
            found = [*Linker(words.lexicon, self._languages, known.conditions).link(text, tongue).links]
            if len(tried) <= 2:
                heard = Linker(known.lexicon, self._languages, known.conditions).link(text, tongue)
                found += [link for link in heard.links if link.scheme in _OF_MATCHING]
            sure = [link for link in found if link.confidence >= _SURE and link.label.kind != "problem"]
            if sure:
                return sorted(sure, key=lambda link: (-link.confidence, link.concept.value))
        return []

    def _understood(
        self, text: str, language: str, known: Knowledge, words: _Words
    ) -> list[tuple[str, NamedNode, NamedNode]]:
        """Words with the concept that they stand for and its scheme: concepts and places.

        Where there are none, those of the words without one to three letters of their ends: loanwords such as
        ``vaučeriem`` are in no dictionary that would tell their base form.
        """
        for cut in range(_LONGEST_ENDING + 1):
            whole = {_shortened(word, cut): word for word in words_of(text)} if cut else {}
            links = self._links(_shortened(text, cut), language, known, words)
            named = [
                (" ".join(whole.get(word, word) for word in link.because.split()), link.concept, link.scheme)
                for link in links
            ]
            if not cut:
                places = self._places(text, language, words, capitals=bool(links))
                named += [(written, place, REGION) for written, place in places]
            if named:
                return named
        return []

    def _places(
        self, text: str, language: str, words: _Words, *, capitals: bool
    ) -> Iterator[tuple[str, NamedNode]]:
        """The countries and regions named; where nothing else was understood, in small letters too."""
        written = text if capitals else " ".join(word[:1].upper() + word[1:] for word in text.split())
        for tongue in dict.fromkeys((language, self._languages.detect(text)[0])):
            tokens = self._languages.tokens(written, tongue)
            found = []
            for position, token in enumerate(tokens):
                hit = words.gazetteer.at(tokens, position, tongue)
                if hit and hit[0].kind != "city" and not words.gazetteer.is_everyday(token, tongue):
                    last = tokens[position + hit[1] - 1]
                    found.append((written[token.start : last.end], NamedNode(hit[0].iri)))
            if found:
                yield from found
                return

    def _meaning(
        self,
        written: str,
        concept: NamedNode,
        scheme: NamedNode,
        known: Knowledge,
        words: _Words,
        kept: Kept,
    ) -> Meaning:
        above = words.ancestors if scheme in {THEMES, KINDS} else known.scheme.ancestors

        def carries(several: Iterator[NamedNode] | Sequence[NamedNode] | frozenset[NamedNode]) -> bool:
            return any(one == concept or concept in above.get(one, _NONE) for one in several)

        prop = {CAPABILITY: HAS_CAPABILITY, THEMES: HAS_THEME, REGION: IN_REGION}.get(scheme)
        itself = {
            practice
            for practice, told in kept.told.items()
            if prop is not None and carries(told.linked(prop))
        }
        through = {
            practice
            for practice, ties in kept.facilities.items()
            if scheme in {CAPABILITY, SERVICE, KINDS} and carries(one for _, one in ties)
        }
        return Meaning(written, concept, scheme, frozenset(itself), frozenset(through - itself))

    def _read(self, reader: Reader) -> _Words:
        with self._lock:
            if self._words is None or self._words.revision != reader.revision:
                self._words = self._made(reader)
            return self._words

    def _made(self, reader: Reader) -> _Words:
        pairs = set()
        for row in reader.select(self._queries["match-concept"].bind(scheme=[THEMES, KINDS])).dicts():
            concept, broader = row["concept"], row.get("broader")
            if isinstance(concept, NamedNode) and isinstance(broader, NamedNode):
                pairs.add((concept, broader))
        lexicon = Lexicon(reader, self._queries, self._languages, schemes=(THEMES, KINDS))
        gazetteer = Gazetteer(reader, self._queries, self._languages)
        return _Words(reader.revision, lexicon, gazetteer, dict(transitive(pairs)))


def _shortened(text: str, cut: int) -> str:
    """The words without some letters at their ends; words that would be short stay whole."""
    if not cut:
        return text
    return " ".join(word[:-cut] if len(word) - cut >= _LEAST_STEM else word for word in text.split())


def _found(meanings: Sequence[Meaning]) -> Heard:
    """The practices that carry something of each group of words, else those that carry anything."""
    if not meanings:
        return Heard()
    groups: list[set[NamedNode]] = []
    for said in _grouped(meanings):
        groups.append({practice for one in said for practice in one.practices})
    every = set.intersection(*groups)
    return Heard(tuple(meanings), frozenset(every or set.union(*groups)), bool(every) or len(groups) == 1)


def _grouped(meanings: Sequence[Meaning]) -> list[list[Meaning]]:
    """Meanings that share words are of one group."""
    groups: list[tuple[set[str], list[Meaning]]] = []
    for one in meanings:
        words = set(folded_words(one.words))
        joined, members = set(words), [one]
        apart = []
        for others, several in groups:
            if others & words:
                joined |= others
                members = [*several, *members]
            else:
                apart.append((others, several))
        groups = [*apart, (joined, members)]
    return [several for _, several in groups]
