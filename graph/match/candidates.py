"""Candidates: the facilities that could meet a part of a need, and the facts that the criteria ask about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from graph.iris import XSD
from graph.match.criteria import (
    Facts,
    Judgement,
    Part,
    Wish,
    is_out,
    judge,
    judge_capability,
    total_score,
)
from graph.match.scheme import Scheme
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

SCAN_FROM = 2_000
"""From so many candidates on, a fact is read for all facilities at once and kept for the revision."""

_BATCH = 1_000

Best = dict[NamedNode, dict[str, float]]
"""For each facility the best grade for each part."""

Values = dict[NamedNode, frozenset[NamedNode | Literal]]
"""The values of one fact by facility."""


def find(reader: Reader, queries: QueryCatalogue, parts: Iterable[Part]) -> Best:
    """The facilities that state a capability that answers a part, with the best grade for each part."""
    rows = [
        (Literal(part.key), grade.capability, _decimal(grade.value))
        for part in parts
        for grade in part.grades.values()
    ]
    found: Best = defaultdict(dict)
    for facility, part, best in reader.select(queries["match-candidates"].bind(wanted=rows)).rows:
        if isinstance(facility, NamedNode) and isinstance(part, Literal) and isinstance(best, Literal):
            found[facility][part.value] = float(best.value)
    return found


class FactReader:
    """Facts of one revision: looked up for few facilities, read for all and kept where many are asked for."""

    def __init__(self, reader: Reader, queries: QueryCatalogue) -> None:
        self._reader = reader
        self._queries = queries
        self._kept: dict[str, Values] = {}

    def facts(self, facilities: Sequence[NamedNode], asked: Sequence[str]) -> dict[NamedNode, Facts]:
        """The facts asked for of the facilities; facilities of which nothing is known are left out."""
        collected: dict[NamedNode, dict[str, frozenset[NamedNode | Literal]]] = defaultdict(dict)
        for name in asked:
            values = self._values(name, facilities)
            for facility in facilities:
                if facility in values:
                    collected[facility][name] = values[facility]
        return dict(collected)

    def _values(self, name: str, facilities: Sequence[NamedNode]) -> Values:
        if name in self._kept:
            return self._kept[name]
        query = self._queries[f"match-fact-{name}"]
        if len(facilities) >= SCAN_FROM:
            kept = self._kept[name] = self._read([query.bind(facility=[None])])
            return kept
        batches = [facilities[start : start + _BATCH] for start in range(0, len(facilities), _BATCH)]
        return self._read([query.bind(facility=batch) for batch in batches])

    def _read(self, texts: Iterable[str]) -> Values:
        values: dict[NamedNode, set[NamedNode | Literal]] = defaultdict(set)
        for text in texts:
            for facility, value in self._reader.select(text).rows:
                if isinstance(facility, NamedNode) and isinstance(value, NamedNode | Literal):
                    values[facility].add(value)
        return {facility: frozenset(several) for facility, several in values.items()}


def rank(
    wish: Wish, found: Best, known: dict[NamedNode, Facts], scheme: Scheme
) -> list[tuple[float, NamedNode, list[Judgement]]]:
    """All candidates that hard conditions do not put out, best first; ties by IRI, so that order is stable."""
    ranked = []
    absent = {part.key: judge_capability(part, ()) for part in wish.parts}
    graded = {part.key: _by_grade(part) for part in wish.parts}
    nothing: Facts = {}
    for facility, grades in found.items():
        best = {
            part.key: graded[part.key][_rounded(grades[part.key])] if part.key in grades else absent[part.key]
            for part in wish.parts
        }
        judgements = judge(wish, best, known.get(facility, nothing), scheme)
        if not is_out(judgements, wish.required):
            ranked.append((total_score(judgements), facility, judgements))
    ranked.sort(key=lambda item: (-item[0], item[1].value))
    return ranked


def _by_grade(part: Part) -> dict[Decimal, Judgement]:
    """The judgement for each grade that a part can get; which capability gave it is found for shown results."""
    judgements: dict[Decimal, Judgement] = {}
    for grade in part.grades.values():
        judgements.setdefault(_rounded(grade.value), judge_capability(part, (grade.capability,)))
    return judgements


def _rounded(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.000001"))


def _decimal(value: float) -> Literal:
    return Literal(f"{_rounded(value):f}", datatype=XSD["decimal"])
