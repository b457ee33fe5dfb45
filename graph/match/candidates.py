"""Candidates: the facilities that could meet a part of a need, and the facts that the criteria ask about."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.match.criteria import (
    TEXT,
    VOCABULARY,
    Facts,
    Judgement,
    Part,
    Score,
    Wish,
    heard_vocabulary,
    is_out,
    judge,
    judge_capability,
    judge_text,
    judge_vocabulary,
    score_of,
)
from graph.match.plan import UNSEEN, How, Plan, Tally
from graph.match.scheme import MEETING, Scheme
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

SCAN_SHARE: Final = 0.25
"""Reading a fact of all facilities takes about as long as looking it up for this share of them.

Measured once on generated facilities, beside other work, for seven facts: a scan of a graph of 1,000 takes as long as
looking up 120 to 650 of them (the coordinate x: 300), of one of 10,000 as long as looking up 1,300 to 6,500 (x: 2,700).
"""

_BATCH = 1_000
_WORD: Final = f"{VOCABULARY} "
"""What the keys of words of the vocabulary begin with, beside those of parts, which have no blank."""

_MET: Final = "met "
"""What the keys of parts begin with that are met, not only answered."""
_ANSWERED_LEAST = 0.5
"""What is left of the scores where no place answers anything of what a text says."""

Best = dict[NamedNode, Mapping[str, float]]
"""For each facility the best grade for each part, for the vocabulary and each word of it, and for its record's text."""

Values = dict[NamedNode, frozenset[NamedNode | Literal]]
"""The values of one fact by facility."""


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score and the judgements behind it."""

    facility: NamedNode
    score: Score
    judgements: tuple[Judgement, ...]


def find(
    reader: Reader,
    queries: QueryCatalogue,
    wish: Wish,
    scheme: Scheme,
    worded: Mapping[NamedNode, float],
    plan: Plan = UNSEEN,
) -> Best:
    """The facilities that state what answers a part or is spoken of, or whose records have words of the need.

    For each facility the best grade for each part, for the vocabulary and for each word of it, and for the words of its
    record. Capabilities that no facility has are not asked for.
    """
    asked = [capability for capability in wish.asked if capability in scheme.usage]
    stated: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    with plan.step("candidates") as step:
        query = queries["match-candidates"]
        rows = reader.select(query.bind(capability=sorted(asked, key=str))).rows if asked else []
        for facility, capability in rows:
            if isinstance(facility, NamedNode) and isinstance(capability, NamedNode):
                stated[facility].add(capability)
        step.count(wanted=len(asked), rows=len(rows), facilities=len(stated))
    grades = _Grades(wish)
    found = {facility: grades.of(frozenset(capabilities)) for facility, capabilities in stated.items()}
    for facility, value in worded.items():
        found[facility] = {**found.get(facility, {}), TEXT: value}
    return found


def is_met(part: Part, grades: Mapping[str, float]) -> bool:
    """Whether what a facility states meets a part of a need, and does not only come near."""
    return f"{_MET}{part.key}" in grades


def answered(found: Best, wish: Wish) -> float:
    """How far the place that answers most of what a text says goes: 0.5 and the share of it, up to 1.

    A text that says things which no place answers tells that what it asks for is not here, however well the rest is
    met: all scores are lower by this factor. Without a text it is 1.
    """
    if not wish.said:
        return 1.0
    distinct = {id(grades): grades for grades in found.values()}
    shares = (
        sum(wish.said.get(key.removeprefix(_WORD), 0.0) for key in grades if key.startswith(_WORD))
        for grades in distinct.values()
    )
    return min(1.0, _ANSWERED_LEAST + max(shares, default=0.0))


class _Grades:
    """The grades that capabilities give, kept for each set of them: many facilities state the same ones."""

    def __init__(self, wish: Wish) -> None:
        self._by_capability: dict[NamedNode, dict[str, float]] = defaultdict(dict)
        self._kept: dict[frozenset[NamedNode], Mapping[str, float]] = {}
        for part in wish.parts:
            for grade in part.grades.values():
                grades = self._by_capability[grade.capability]
                grades[part.key] = grade.value
                if grade.relation in MEETING:
                    grades[f"{_MET}{part.key}"] = grade.value
        for spoken in wish.spoken.values():
            grades = self._by_capability[spoken.capability]
            grades[VOCABULARY] = spoken.value
            grades.update((f"{_WORD}{word}", gain) for word, gain in spoken.gains.items())

    def of(self, capabilities: frozenset[NamedNode]) -> Mapping[str, float]:
        """The best grade of the capabilities for each key."""
        if capabilities not in self._kept:
            best: dict[str, float] = {}
            for capability in capabilities:
                for key, value in self._by_capability[capability].items():
                    best[key] = max(value, best.get(key, 0.0))
            self._kept[capabilities] = best
        return self._kept[capabilities]


class FactReader:
    """Facts of one revision: looked up for the facilities of a need, or read for all and kept.

    A fact is read for all when so many facilities have been looked up that reading all would have taken no longer: then
    no order of needs takes more than twice the time of the best choice (A. R. Karlin et al., Algorithmica 3, 1988).
    """

    def __init__(self, reader: Reader, queries: QueryCatalogue) -> None:
        self._reader = reader
        self._queries = queries
        self._kept: dict[str, Values] = {}
        self._looked_up: Counter[str] = Counter()

    def facts(
        self, facilities: Sequence[NamedNode], asked: Sequence[str], plan: Plan = UNSEEN
    ) -> dict[NamedNode, Facts]:
        """The facts asked for of the facilities; facilities of which nothing is known are left out."""
        collected: dict[NamedNode, dict[str, frozenset[NamedNode | Literal]]] = defaultdict(dict)
        for name in asked:
            with plan.step("fact", name) as step:
                values = self._values(name, facilities, step)
                known = 0
                for facility in facilities:
                    if facility in values:
                        collected[facility][name] = values[facility]
                        known += 1
                step.count(facilities=len(facilities), known=known)
        return dict(collected)

    @cached_property
    def scan_from(self) -> float:
        """How many facilities are looked up in the time of a scan."""
        count = self._reader.select(self._queries["match-facility-count"].text).rows[0][0]
        return SCAN_SHARE * int(count.value) if isinstance(count, Literal) else 0.0

    def _values(self, name: str, facilities: Sequence[NamedNode], step: Tally) -> Values:
        if name in self._kept:
            step.how = How.KEPT
            return self._kept[name]
        query = self._queries[f"match-fact-{name}"]
        self._looked_up[name] += len(facilities)
        if self._looked_up[name] >= self.scan_from:
            step.how = How.SCANNED
            kept = self._kept[name] = self._read([query.bind(facility=[None])], step)
            return kept
        step.how = How.LOOKED_UP
        batches = [facilities[start : start + _BATCH] for start in range(0, len(facilities), _BATCH)]
        return self._read([query.bind(facility=batch) for batch in batches], step)

    def _read(self, texts: Sequence[str], step: Tally) -> Values:
        values: dict[NamedNode, set[NamedNode | Literal]] = defaultdict(set)
        read = 0
        for text in texts:
            rows = self._reader.select(text).rows
            read += len(rows)
            for facility, value in rows:
                if isinstance(facility, NamedNode) and isinstance(value, NamedNode | Literal):
                    values[facility].add(value)
        step.count(queries=len(texts), rows=read)
        return {facility: frozenset(several) for facility, several in values.items()}


def rank(wish: Wish, found: Best, known: Mapping[NamedNode, Facts], scheme: Scheme) -> list[Ranked]:
    """All candidates that hard conditions do not put out, best first; ties by IRI, so that order is stable."""
    ranked = []
    ready = _Ready(wish)
    nothing: Facts = {}
    for facility, grades in found.items():
        judgements = judge(wish, ready.judgements(grades), known.get(facility, nothing), scheme)
        if not is_out(judgements, wish.required):
            ranked.append(Ranked(facility, score_of(judgements, wish.weights), tuple(judgements)))
    ranked.sort(key=lambda one: (-one.score.total, one.facility.value))
    return ranked


class _Ready:
    """The judgements on content for every grade there can be; which capability gave it is found for what is shown."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        weight = wish.weights["capability"]
        self._parts = [
            (
                part.key,
                _by_grade(part, weight),
                judge_capability(part, (), weight),
            )
            for part in wish.parts
        ]
        self._unspoken = judge_vocabulary(wish.spoken, (), wish.weights[VOCABULARY])

    def judgements(self, grades: Mapping[str, float]) -> list[Judgement]:
        """The judgements on what a facility with these grades does."""
        judged = [by_grade[grades[key]] if key in grades else absent for key, by_grade, absent in self._parts]
        if self._wish.spoken:
            gains = [grade for key, grade in grades.items() if key.startswith(_WORD)]
            judged.append(
                heard_vocabulary(grades[VOCABULARY], gains, self._wish.weights[VOCABULARY])
                if VOCABULARY in grades
                else self._unspoken
            )
        if self._wish.words:
            judged.append(judge_text(grades.get(TEXT, 0.0), self._wish.weights[TEXT]))
        return judged


def _by_grade(part: Part, weight: float) -> dict[float, Judgement]:
    """The judgement for each grade that a part can get."""
    judgements: dict[float, Judgement] = {}
    for grade in part.grades.values():
        judgements.setdefault(grade.value, judge_capability(part, (grade.capability,), weight))
    return judgements
