"""Candidates: the facilities that could meet a part of a need, and the facts that the criteria ask about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from graph.iris import XSD
from graph.match.criteria import (
    FACTS,
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
from graph.store.engine import Reader

SCAN_FROM = 4_000
"""From so many candidates on one scan of a fact over all facilities is cheaper than a look-up for each."""

_BATCH = 1_000

Best = dict[NamedNode, dict[str, float]]
"""For each facility the best grade for each part."""


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


def facts(
    reader: Reader, queries: QueryCatalogue, facilities: Sequence[NamedNode], asked: Sequence[str]
) -> dict[NamedNode, Facts]:
    """The facts asked for of the facilities: by look-up for few, by scan for many. Both give the same."""
    collected: dict[NamedNode, dict[str, set[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(set))
    if not asked:
        return {}
    columns = [(Literal(name), FACTS[name]) for name in asked]
    if len(facilities) >= SCAN_FROM:
        wanted = set(facilities)
        texts = [queries["match-fact-scan"].bind(asked=[column]) for column in columns]
    else:
        wanted = None
        batches = [facilities[start : start + _BATCH] for start in range(0, len(facilities), _BATCH)]
        texts = [queries["match-facts"].bind(facility=batch, asked=columns) for batch in batches]
    for text in texts:
        for facility, fact, value in reader.select(text).rows:
            if wanted is not None and facility not in wanted:
                continue
            if isinstance(fact, Literal) and isinstance(value, NamedNode | Literal):
                collected[facility][fact.value].add(value)  # type: ignore[index]
    return {
        facility: {name: frozenset(values) for name, values in named.items()}
        for facility, named in collected.items()
    }


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
