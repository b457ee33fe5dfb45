"""What words of a search stand for: concepts of code lists and places, in nine languages, inflected or not.

Practices and lists are searched by it alike. The words are read in the reader's language and in the one that they seem
to be in; where they say nothing in these, in the one of the others in which they say it the most surely.

Only what is sure counts, so that a word that is vaguely like a label does not fill a list. A guess, which is a likely
slip of the pen or the beginning of a compound (``vermoeiing`` of ``vermoeiingsproef``), is made in a language only
where its dictionary knows the word, or none does: English ``society`` is no slip of ``société``. And the compounds
that begin so must lead to one concept: ``innovation`` begins the names of many. A slip beside a word that is in
the label as it is written is no mere guess: ``fatige testing``.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.iris import LANGUAGES
from graph.match.heard import Said
from graph.match.knowledge import Knowledge
from graph.match.language import Languages, fold, folded_words
from graph.match.language import words as words_of
from graph.match.lexicon import Label, Lexicon
from graph.match.linking import Link, Linker
from graph.match.scheme import CAPABILITY, REGION, SCHEMES
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import transitive
from graph.store.protocol import Reader

_SURE: Final = 0.6
"""From this confidence on, a link of words to a concept counts."""
_OF_NEEDS: Final = frozenset({*SCHEMES, REGION})
"""The schemes whose words matching knows."""
_LONGEST_ENDING: Final = 3
_LEAST_STEM: Final = 5
_NONE: Final[frozenset[NamedNode]] = frozenset()

Ancestors = Mapping[NamedNode, frozenset[NamedNode]]


@dataclass(frozen=True)
class _List:
    """Labels, hierarchy and successors of retired concepts of a code list that needs do not name."""

    lexicon: Lexicon
    ancestors: Ancestors
    replaced: Mapping[NamedNode, NamedNode]

    @classmethod
    def read(
        cls, scheme: NamedNode, reader: Reader, queries: QueryCatalogue, languages: Languages
    ) -> "_List":
        rows = reader.select(queries["match-concept"].bind(scheme=[scheme])).dicts()

        def pairs(name: str) -> set[tuple[NamedNode, NamedNode]]:
            return {
                (concept, other)
                for row in rows
                if isinstance(concept := row["concept"], NamedNode)
                and isinstance(other := row.get(name), NamedNode)
            }

        lexicon = Lexicon(reader, queries, languages, schemes=(scheme,))
        return cls(lexicon, transitive(pairs("broader")), dict(pairs("replacement")))


class Hearing:
    """Reads the words of searches; keeps code lists as long as the lexicon of needs, which is new where they change."""

    def __init__(
        self, knowledge: Callable[[Reader], Knowledge], languages: Languages, queries: QueryCatalogue
    ) -> None:
        self._knowledge = knowledge
        self._languages = languages
        self._queries = queries
        self._kept: tuple[Lexicon | None, dict[NamedNode, _List]] = (None, {})
        self._lock = threading.Lock()

    def said(self, text: str, language: str, reader: Reader, schemes: Collection[NamedNode]) -> list[Said]:
        """The concepts of some schemes that words of a text stand for, surest first, and the places that it names.

        Where there are none, the words without one to three letters of their ends are read, if not all of them are in
        dictionaries: loanwords such as ``vaučeriem`` are in none that would tell their base form.
        """
        if not folded_words(text):
            return []
        known = self._knowledge(reader)
        for cut in range(_LONGEST_ENDING + 1):
            whole = {_shortened(word, cut): word for word in words_of(text)}
            links = self._links(_shortened(text, cut), language, reader, schemes)
            named = []
            for link in links:
                written = [whole.get(word, word) for word in link.because.split()]
                if cut and all(self._is_known(word) for word in written):
                    continue
                _, replaced = self._ordered(link.scheme, reader)
                concept = replaced.get(link.concept, link.concept)
                named.append(Said(" ".join(written), concept, link.scheme))
            if not cut and REGION in schemes:
                named += self._places(text, language, known, capitals=bool(links))
            if named:
                return named
        return []

    def wider(self, scheme: NamedNode, reader: Reader) -> Callable[[NamedNode], frozenset[NamedNode]]:
        """Looks up all that a concept of a scheme stands below, with itself and, where it is retired, its successor."""
        above, replaced = self._ordered(scheme, reader)

        def around(concept: NamedNode) -> frozenset[NamedNode]:
            current = replaced.get(concept, concept)
            return above.get(current, _NONE) | {current, concept}

        return around

    def warm(self, reader: Reader, schemes: Collection[NamedNode]) -> None:
        """Read the words of some schemes in all languages, for which the first search would wait."""
        for scheme in set(schemes) - _OF_NEEDS:
            lexicon = self._list(scheme, reader).lexicon
            for language in LANGUAGES:
                lexicon.of(language)

    def _links(self, text: str, language: str, reader: Reader, schemes: Collection[NamedNode]) -> list[Link]:
        """The sure links in the first language that has any; of those that nothing speaks for, in the surest."""
        known = self._knowledge(reader)
        lexicons = [self._list(scheme, reader).lexicon for scheme in schemes if scheme not in _OF_NEEDS]
        if not _OF_NEEDS.isdisjoint(schemes):
            lexicons.append(known.lexicon)

        def sure(tongue: str) -> list[Link]:
            links = [
                link
                for lexicon in lexicons
                for link in Linker(lexicon, self._languages, known.conditions).link(text, tongue).links
                if link.scheme in schemes and self._is_sure(link, tongue, lexicons, known)
            ]
            return sorted(links, key=lambda link: (-link.confidence, link.concept.value))

        likely = list(dict.fromkeys((language, self._languages.detect(text)[0])))
        for tongue in likely:
            if links := sure(tongue):
                return links
        others = (sure(tongue) for tongue in LANGUAGES if tongue not in likely)
        return max(others, key=lambda links: links[0].confidence if links else 0.0)

    def _is_sure(self, link: Link, tongue: str, lexicons: Sequence[Lexicon], known: Knowledge) -> bool:
        if link.confidence < _SURE or link.label.kind == "problem":
            return False
        written = words_of(link.because)
        if any(self._stands_in(word, link.label, tongue) for word in written):
            return True
        return all(self._may_be(word, link.concept, tongue, lexicons, known) for word in written)

    def _stands_in(self, word: str, label: Label, tongue: str) -> bool:
        """Whether a word, its base form or a part of it is a word of the label."""
        forms = {fold(word), self._languages.lemma(word, tongue), self._languages.lemma(word, "en")}
        return not forms.isdisjoint(label.key) or any(part in fold(word) for part in label.key)

    def _may_be(
        self, word: str, concept: NamedNode, tongue: str, lexicons: Sequence[Lexicon], known: Knowledge
    ) -> bool:
        """Whether a word that is in no label may be taken for a concept whose label is like it.

        Capabilities that no facility has are not what a search means by a word that others have too.
        """
        if not self._languages.is_word(word, tongue) and self._is_known(word):
            return False
        begun = {
            label.concept
            for lexicon in lexicons
            for longer in lexicon.of(tongue).begun(fold(word))
            for label in lexicon.of(tongue).by_word[longer]
        }
        above, usage = known.scheme.ancestors, known.scheme.usage
        capabilities = known.scheme.in_scheme.get(CAPABILITY, _NONE)
        return all(
            one == concept or concept in above.get(one, _NONE) or (one in capabilities and one not in usage)
            for one in begun
        )

    def _is_known(self, word: str) -> bool:
        """Whether a dictionary of any of the languages has the word."""
        return any(self._languages.is_word(word, tongue) for tongue in LANGUAGES)

    def _places(self, text: str, language: str, known: Knowledge, *, capitals: bool) -> Iterator[Said]:
        """The countries and regions named; where nothing else was understood, in small letters too."""
        written = text if capitals else " ".join(word[:1].upper() + word[1:] for word in text.split())
        gazetteer, replaced = known.gazetteer, known.scheme.replaced
        for tongue in dict.fromkeys((language, self._languages.detect(text)[0])):
            tokens = self._languages.tokens(written, tongue)
            found = []
            for position, token in enumerate(tokens):
                hit = gazetteer.at(tokens, position, tongue)
                if hit and hit[0].kind != "city" and not gazetteer.is_everyday(token, tongue):
                    last = tokens[position + hit[1] - 1]
                    place = NamedNode(hit[0].iri)
                    found.append(Said(written[token.start : last.end], replaced.get(place, place), REGION))
            if found:
                yield from found
                return

    def _ordered(self, scheme: NamedNode, reader: Reader) -> tuple[Ancestors, Mapping[NamedNode, NamedNode]]:
        """What is broader than the concepts of a scheme, and what replaced the retired ones."""
        known = self._knowledge(reader).scheme if scheme in _OF_NEEDS else self._list(scheme, reader)
        return known.ancestors, known.replaced

    def _list(self, scheme: NamedNode, reader: Reader) -> _List:
        current = self._knowledge(reader).lexicon
        with self._lock:
            lexicon, kept = self._kept
            if lexicon is not current:
                kept = {}
                self._kept = (current, kept)
            if scheme not in kept:
                kept[scheme] = _List.read(scheme, reader, self._queries, self._languages)
            return kept[scheme]


def _shortened(text: str, cut: int) -> str:
    """The words without some letters at their ends; words that would be short stay whole."""
    if not cut:
        return text
    return " ".join(word[:-cut] if len(word) - cut >= _LEAST_STEM else word for word in text.split())
