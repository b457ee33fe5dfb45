"""Linking: the words of a need become concepts, each with the words it came from and a confidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from graph.match import emphasis, negation
from graph.match.conditions import ConditionReader, Conditions
from graph.match.cues import ASKING
from graph.match.emphasis import Emphasis, Importance
from graph.match.language import Languages, Token, fold
from graph.match.lexicon import Known, Label, Lexicon
from graph.match.scheme import CAPABILITY

_KIND = {"preferred": 0.95, "alternative": 0.9, "problem": 0.7}
_WINDOW = 5
"""How many words may stand between the words of a label that are found apart."""
_LEAST = 0.5
_SHARE = {"preferred": 0.66, "alternative": 0.66, "problem": 0.6}
"""The share of the words of a label that must be found, at least two, in one sentence."""


@dataclass(frozen=True)
class Link:
    """A concept that words of the text stand for, with confidence 0 to 1."""

    concept: NamedNode
    scheme: NamedNode
    because: str
    confidence: float
    label: Label
    importance: Importance = Importance.WISHED


@dataclass(frozen=True)
class Understood:
    """What was understood of a text, and the content words that were not."""

    language: str
    links: tuple[Link, ...]
    not_understood: tuple[str, ...]
    excluded: tuple[Link, ...] = ()
    """Concepts that the text says are not wished."""
    conditions: Conditions = field(default_factory=Conditions)
    tokens: tuple[Token, ...] = ()
    """The words of the text that are wished: neither excluded nor those of places, distances and quantities."""
    refused: tuple[str, ...] = ()
    """Phrases that the text says are not wished, where no concept covers them."""

    def of(self, scheme: NamedNode) -> list[Link]:
        return [link for link in self.links if link.scheme == scheme]

    def without(self, concepts: Collection[NamedNode]) -> "Understood":
        """As if the text had not wished some concepts."""
        links = tuple(link for link in self.links if link.concept not in concepts)
        gone = tuple(link for link in self.links if link.concept in concepts)
        return replace(self, links=links, excluded=(*self.excluded, *gone))


@dataclass(frozen=True)
class _Hit:
    label: Label
    positions: tuple[int, ...]
    confidence: float
    complete: bool

    @property
    def strength(self) -> tuple[bool, bool, float, float]:
        solid = self.label.kind != "problem"
        return solid, self.complete, len(self.positions) + 0.1 * len(self.label.key), self.confidence


class Linker:
    """Finds labels of the lexicon in texts, the longest first."""

    def __init__(self, lexicon: Lexicon, languages: Languages, conditions: ConditionReader) -> None:
        self._lexicon = lexicon
        self._languages = languages
        self._conditions = conditions

    def link(self, text: str, language: str) -> Understood:
        """Link a text in one of the nine languages. Labels in English count too: technical words travel."""
        tokens = self._languages.tokens(text, language)
        hits = self._hits(tokens, language, 1.0)
        if language != "en":
            hits += self._hits(tokens, "en", 0.9)
        conditions = self._conditions.read(text, tokens, language)
        taken = conditions.positions
        negations = conditions.negations
        stressed = emphasis.find(text, tokens, language, self._conditions.cues)
        whole = (
            hit
            for hit in hits
            if not taken.issuperset(hit.positions)
            and (not negation.parts(negations, hit.positions) or self._is_denied(hit, language))
            and (hit.label.kind == "problem" or not emphasis.parts(stressed, hit.positions))
            and not self._is_thing(hit, tokens, language)
        )
        wished: list[tuple[_Hit, Sequence[int]]] = []
        excluded: list[tuple[_Hit, Sequence[int]]] = []
        for hit in self._choose(whole):
            scope = negation.of(negations, hit.positions)
            if scope is None or self._is_denied(hit, language):
                wished.append((hit, sorted(set(hit.positions))))
            else:
                excluded.append((hit, sorted({*scope.opener, *hit.positions})))
        links = _links(wished, tokens, stressed)
        unwished = [
            link for link in _links(excluded, tokens) if link.concept not in {x.concept for x in links}
        ]
        meant = {p for _, positions in wished for p in positions}
        denied = {p for _, positions in excluded for p in positions} | taken
        alone = [n for n in negations if meant.isdisjoint(n.reach) and denied.isdisjoint(n.reach)]
        refused = tuple(text[tokens[n.opener[0]].start : tokens[n.reach[-1]].end] for n in alone)
        denied |= {p for n in alone for p in (*n.opener, *n.reach)}
        used = meant | denied | {p for one in stressed for p in one.cue}
        left = tuple(_left_over(tokens, used, self._conditions.cues.words(ASKING, language)))
        heard = tuple(token for position, token in enumerate(tokens) if position not in denied)
        return Understood(language, tuple(links), left, tuple(unwished), conditions, heard, refused)

    def _is_thing(self, hit: _Hit, tokens: Sequence[Token], language: str) -> bool:
        """Whether an English noun was taken for the verb of a label in -ing: "the machine" is no machining."""
        first = hit.positions[0]
        token = tokens[first]
        if len(hit.positions) > 1 or not hit.label.text.endswith("ing") or token.folded.endswith("ing"):
            return False
        if language != "en" or token.lemma not in hit.label.key:
            return False
        is_plural = token.folded.endswith("s") and not token.lemma.endswith("s")
        return is_plural or bool(self._conditions.cues.before("determiner", "en", tokens, first))

    def _is_denied(self, hit: _Hit, language: str) -> bool:
        """Whether the label itself says what is missing or not so: then its "no" is the point, and wished."""
        if hit.label.kind == "problem":
            return True
        tokens = self._languages.tokens(hit.label.text, language)
        groups, positions = ("without", "not", "unwanted"), range(len(tokens))
        return any(self._conditions.cues.within(group, language, tokens, positions) for group in groups)

    def _hits(self, tokens: Sequence[Token], language: str, trust: float) -> list[_Hit]:
        lexicon = self._lexicon.of(language)
        found: dict[str, list[tuple[int, Known]]] = defaultdict(list)
        labels: dict[Label, None] = {}
        for position, token in enumerate(tokens):
            foreign = trust < 1
            if foreign and not token.text.isascii():
                continue  # "höst" is no English "host"
            lemma = self._languages.lemma(token.text, "en") if foreign else token.lemma
            exact_only = token.is_stop or foreign
            for known in lexicon.recognise(
                lemma, fold(token.text), exact_only or self._languages.is_word(token.text, language)
            ):
                if exact_only and known.how != "exact":
                    continue
                words = [known.word]
                if (
                    known.how == "spelling"
                ):  # the slip may be of an inflected form: "tseting" of "testing" of "test"
                    words.append(self._languages.lemma(known.word, language))
                for word in dict.fromkeys(words):
                    if word in lexicon.by_word:
                        found[word].append((position, known))
                        labels.update(dict.fromkeys(lexicon.by_word[word]))
        hits = []
        for label in labels:
            hit = _find(label, found, tokens, trust)
            if hit is not None:
                hits.append(hit)
        return hits

    def _choose(self, hits: Iterable[_Hit]) -> list[_Hit]:
        """The strongest hits that do not share words; phrases for problems may share words with others."""
        taken: dict[int, _Hit] = {}
        chosen: list[_Hit] = []
        for hit in sorted(hits, key=lambda h: h.strength, reverse=True):
            if hit.confidence < _LEAST:
                continue
            if hit.label.kind == "problem":
                chosen.append(hit)
                continue
            holders = [taken[p] for p in hit.positions if p in taken]
            if any(_covers(holder, hit) for holder in holders):
                continue
            if holders and (len(holders) == len(hit.positions) or not hit.complete):
                continue
            chosen.append(hit)
            for position in hit.positions:
                taken.setdefault(position, hit)
        return chosen


def _covers(holder: _Hit, hit: _Hit) -> bool:
    """A longer or equally long label of the same scheme has these words already."""
    if holder.label.concept == hit.label.concept:
        return False
    if set(hit.positions) <= set(holder.positions):
        same_place = set(hit.positions) == set(holder.positions)
        return not (same_place and holder.label.scheme != hit.label.scheme)
    return False


def _find(
    label: Label, found: dict[str, list[tuple[int, Known]]], tokens: Sequence[Token], trust: float
) -> _Hit | None:
    """Find the words of a label near each other in one sentence."""
    wanted = list(dict.fromkeys(label.key))
    present = [word for word in wanted if word in found]
    share = len(present) / len(wanted)
    if share < _SHARE[label.kind] or len(present) < min(2, len(wanted)):
        return None
    best: _Hit | None = None
    for anchor, known in found[present[0]]:
        positions, likeness = [anchor], [known.likeness]
        for word in present[1:]:
            near = [
                (abs(position - anchor), position, other.likeness)
                for position, other in found[word]
                if tokens[position].sentence == tokens[anchor].sentence
            ]
            if not near:
                break
            _, position, value = min(near)
            positions.append(position)
            likeness.append(value)
        else:
            spread = max(positions) - min(positions) - (len(set(positions)) - 1)
            if label.kind != "problem" and spread > _WINDOW:
                continue
            confidence = _KIND[label.kind] * trust * share * (sum(likeness) / len(likeness))
            confidence *= 1 - 0.03 * min(max(spread, 0), 10)
            if positions != sorted(positions) and len(positions) > 1:
                confidence *= 0.95
            solid = sum(not tokens[position].is_stop for position in positions)
            if solid == 0 or (share < 1 and solid < min(2, len(wanted))):
                continue
            if label.is_abbreviation and not tokens[anchor].text.isupper():
                continue
            hit = _Hit(label, tuple(positions), confidence, share == 1)
            if best is None or hit.confidence > best.confidence:
                best = hit
    return best


def _links(
    hits: Iterable[tuple[_Hit, Sequence[int]]], tokens: Sequence[Token], stressed: Sequence[Emphasis] = ()
) -> list[Link]:
    """The concepts of hits, surest first; one named several times is surer, and matters as much as the most of them."""
    links: dict[NamedNode, Link] = {}
    for hit, positions in hits:
        words = " ".join(tokens[p].text for p in positions)
        old = links.get(hit.label.concept)
        confidence = hit.confidence if old is None else 1 - (1 - old.confidence) * (1 - hit.confidence / 2)
        because = words if old is None or words in old.because else f"{old.because}; {words}"
        importance = emphasis.of(stressed, positions)
        if old is not None:
            importance = min(importance, old.importance, key=list(Importance).index)
        links[hit.label.concept] = Link(
            hit.label.concept,
            hit.label.scheme,
            because,
            round(min(confidence, 0.99), 3),
            hit.label,
            importance,
        )
    return sorted(links.values(), key=lambda link: -link.confidence)


def _left_over(tokens: Sequence[Token], used: set[int], asking: frozenset[str]) -> Iterable[str]:
    seen: set[str] = set()
    for position, token in enumerate(tokens):
        tells = not (token.is_stop or token.lemma in asking or token.text.isdigit())
        plain = tells and len(token.text) > 2
        if plain and position not in used and token.lemma not in seen:
            seen.add(token.lemma)
            yield token.text


def capabilities(understood: Understood) -> list[Link]:
    """The links to capabilities, surest first."""
    return understood.of(CAPABILITY)
