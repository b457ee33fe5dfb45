"""Criteria: what is judged about a facility, three-valued, with a score between 0 and 1.

``unknown`` means that the graph does not say; it is never a silent no. It lowers the confidence of an answer, not its
score.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point, chord_to_km, km_to_chord
from graph.match.evaluation import Verdict, judge_codes
from graph.match.ranges import Offered, Wanted, best
from graph.match.records import heard
from graph.match.scheme import MEETING, Grade, Relation, Scheme
from graph.match.vocabulary import Spoken

UNKNOWN_SCORE: Final = 0.5
NEARBY_KM: Final = 150.0
"""The distance at which nearness without a stated limit has fallen to 1/e."""

CAPABILITY: Final = "capability"
VOCABULARY: Final = "vocabulary"
TEXT: Final = "text"
CONTENT: Final = (CAPABILITY, VOCABULARY, TEXT)
"""The criteria on what a facility does; all others only count as far as these are met."""

_PLACED: Final = frozenset({"distance", "nearness"})
"""The criteria on where a facility is: of one without a point there is an estimate."""

_SPOKEN_FROM = 0.5
"""From so much of the best capability's vocabulary on, a text asks for a capability."""
_FURTHER = 0.3
"""How much of what words of the text add counts where they speak of further capabilities, beside the best."""

Weights = Mapping[str, float]
"""How much each criterion weighs; those that a need does not ask for fall away and the rest is scaled to 1."""

FACTS: Final = (
    "service", "access", "sector", "country", "language", "trl-min", "trl-max", "x", "y", "z",
    "middle", "range", "confidence", "quality", "modified",
)  # fmt: skip
"""Names of facts; each has a query ``match-fact-NAME``."""


@dataclass(frozen=True)
class Judgement:
    """One criterion judged for one facility."""

    criterion: str
    verdict: Verdict
    score: float
    weight: float
    code: str
    """Which sentence explains it."""
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[tuple[str, str], ...] = ()
    """Pairs of a fact's name and its value in the graph that the verdict rests on."""
    part: NamedNode | None = None
    is_essential: bool = False
    """Whether who asks called the part essential by its code: then it is a hard condition."""
    km: float | None = None
    """How far the facility is, where that was judged."""


Facts = Mapping[str, frozenset[NamedNode | Literal]]
"""What the graph says of one facility: values by the name of the fact."""


@dataclass(frozen=True)
class Part:
    """A part of a need: a capability asked for, how surely, and the capabilities that answer it."""

    key: str
    capability: NamedNode
    importance: float
    grades: Mapping[NamedNode, Grade]
    is_essential: bool = False
    confidence: float = 1.0
    """How surely it is asked for: 1 where a need gives its code."""


@dataclass(frozen=True)
class Wish:
    """A need as concepts and constraints, ready to be judged."""

    parts: tuple[Part, ...]
    weights: Weights
    spoken: Mapping[NamedNode, Spoken] = field(default_factory=dict)
    """The capabilities whose vocabulary the need's text speaks."""
    said: Mapping[str, float] = field(default_factory=dict)
    """How much of what the text says each of its words is: shares that make 1."""
    words: tuple[str, ...] = ()
    """The words of the text that name no concept: records may have them."""
    services: frozenset[NamedNode] = frozenset()
    access: frozenset[NamedNode] = frozenset()
    refused: frozenset[NamedNode] = frozenset()
    """Modes of access that the text says are not wished."""
    sectors: frozenset[NamedNode] = frozenset()
    countries: frozenset[NamedNode] = frozenset()
    languages: frozenset[NamedNode] = frozenset()
    place: Point | None = None
    max_km: float | None = None
    trl: tuple[int | None, int | None] | None = None
    quantities: tuple[Wanted, ...] = ()
    required: frozenset[str] = frozenset()

    @cached_property
    def heard(self) -> list[tuple[str, str]]:
        """The words that records may have, each with its folded form."""
        return heard(self.words)

    @cached_property
    def asked(self) -> frozenset[NamedNode]:
        """The capabilities that answer a part of the wish or are spoken of."""
        return frozenset([*(capability for part in self.parts for capability in part.grades), *self.spoken])

    @property
    def facts(self) -> list[str]:
        """The facts that the criteria of this wish look at."""
        asked = []
        for name, codes in WISHED.items():
            if getattr(self, codes) or (name == "access" and self.refused):
                asked.append(name)
        if self.trl:
            asked += ["trl-min", "trl-max"]
        if self.place:
            asked += ["x", "y", "z", "middle"]
        if self.quantities:
            asked.append("range")
        return asked


WISHED: Final = {
    "service": "services",
    "access": "access",
    "sector": "sectors",
    "country": "countries",
    "language": "languages",
}
"""The field of a wish that holds the codes of a criterion."""


def judge_capability(part: Part, stated: Sequence[NamedNode], weight: float) -> Judgement:
    """Judge one part of the need by the best of the capabilities that a facility states.

    ``weight`` is that of all parts together. Exact and narrower capabilities meet it. Where only a broader one is
    stated, whether the facility does the narrower thing is unknown. Related and similar ones do not meet it, and
    score by their likeness.
    """
    weight *= part.importance
    best = max((part.grades[c] for c in stated if c in part.grades), key=lambda g: g.value, default=None)
    if best is None:
        return Judgement(
            CAPABILITY,
            Verdict.NOT_MET,
            0.0,
            weight,
            "capability-absent",
            part=part.capability,
            is_essential=part.is_essential,
        )
    if best.relation in MEETING:
        verdict = Verdict.MET
    else:
        verdict = Verdict.UNKNOWN if best.relation is Relation.BROADER else Verdict.NOT_MET
    return Judgement(
        CAPABILITY,
        verdict,
        best.value,
        weight,
        f"capability-{best.relation.value}",
        {"stated": best.capability.value},
        ((CAPABILITY, best.capability.value),),
        part.capability,
        part.is_essential,
    )


def judge_vocabulary(
    spoken: Mapping[NamedNode, Spoken], stated: Sequence[NamedNode], weight: float
) -> Judgement:
    """Judge by the capabilities a facility states whose vocabulary the text speaks: the best, and a little for others.

    The others count for what words of the text say more for them than for the best; each word counts once.
    """
    mine = sorted((spoken[c] for c in stated if c in spoken), key=lambda s: (-s.value, s.capability.value))
    if not mine:
        return Judgement(VOCABULARY, Verdict.NOT_MET, 0.0, weight, "vocabulary-absent")
    best = mine[0]
    most: dict[str, Spoken] = {}
    for one in mine:
        for word, gain in one.gains.items():
            if word not in most or gain > most[word].gains[word]:
                most[word] = one
    cited = dict.fromkeys([best.capability, *(one.capability for one in most.values())])
    return replace(
        heard_vocabulary(best.value, [one.gains[word] for word, one in most.items()], weight),
        values={"stated": best.capability.value, "words": ", ".join(best.words)},
        evidence=tuple((CAPABILITY, capability.value) for capability in cited),
    )


def heard_vocabulary(best: float, gains: Sequence[float], weight: float) -> Judgement:
    """The judgement on the vocabulary from the value of the best that a facility states, and the most each word adds.

    The score is best + 0.3 · (sum of the words' gains - best), where that is more: a facility that also does what other
    words of the text speak of goes before one that answers only some of them. It may pass 1; where it is shown, it is 1
    at most.
    """
    is_met = best >= _SPOKEN_FROM
    return Judgement(
        VOCABULARY,
        Verdict.MET if is_met else Verdict.UNKNOWN,
        best + _FURTHER * max(0.0, sum(sorted(gains)) - best),
        weight,
        "vocabulary-met" if is_met else "vocabulary-unknown",
    )


def judge_text(value: float, weight: float, words: Sequence[str] = ()) -> Judgement:
    """Judge by how many of the need's other words, weighed by their rarity, the record has."""
    evidence = ((TEXT, ""),)
    if not value:
        return Judgement(TEXT, Verdict.UNKNOWN, 0.0, weight, "text-unknown", evidence=evidence)
    return Judgement(TEXT, Verdict.MET, value, weight, "text-met", {"words": ", ".join(words)}, evidence)


def _judge_codes(criterion: str, wish: "Wish", facts: Facts, scheme: Scheme) -> Judgement:
    """Judge a criterion whose values are codes: one of those wanted, or one below it, must be stated."""
    wanted: frozenset[NamedNode] = getattr(wish, WISHED[criterion])
    weight = wish.weights[criterion]
    stated = [value for value in facts.get(criterion, ()) if isinstance(value, NamedNode)]
    supported = judge_codes(wanted, stated, scheme.ancestors, broader_too=criterion == "sector")
    evidence = tuple((criterion, value.value) for value in supported.values)
    if supported.verdict is Verdict.UNKNOWN:
        return Judgement(
            criterion, Verdict.UNKNOWN, UNKNOWN_SCORE, weight, f"{criterion}-unknown", {}, evidence
        )
    if supported.verdict is Verdict.MET:
        score = 0.6 + 0.4 * max(supported.covered, 1) / len(wanted)
        value = {"value": supported.values[0].value}
        return Judgement(criterion, Verdict.MET, score, weight, f"{criterion}-met", value, evidence)
    evidence = tuple((criterion, value.value) for value in sorted(stated, key=str))
    return Judgement(criterion, Verdict.NOT_MET, 0.0, weight, f"{criterion}-absent", {}, evidence)


def _judge_access(wish: Wish, facts: Facts, scheme: Scheme) -> Judgement:
    """Judge by the modes of access that are not refused; one that offers only refused ones does not meet it."""
    stated = facts.get("access", frozenset())
    usable = frozenset(
        mode
        for mode in stated
        if isinstance(mode, NamedNode) and not wish.refused & {mode, *scheme.ancestors.get(mode, ())}
    )
    evidence = tuple(("access", mode.value) for mode in sorted(stated, key=str))
    weight = wish.weights["access"]
    if stated and not usable:
        return Judgement("access", Verdict.NOT_MET, 0.0, weight, "access-refused", {}, evidence)
    if wish.access:
        return _judge_codes("access", wish, {**facts, "access": usable}, scheme)
    if not usable:
        return Judgement("access", Verdict.UNKNOWN, UNKNOWN_SCORE, weight, "access-unknown")
    value = {"value": min(mode.value for mode in usable)}
    return Judgement("access", Verdict.MET, 1.0, weight, "access-met", value, evidence)


def squared_chord(facts: Facts, place: tuple[float, float, float]) -> float | None:
    """Squared chord from a place on the unit sphere to a facility, where its point is known."""
    total = 0.0
    for axis, own in zip(("x", "y", "z"), place, strict=True):
        value = next(iter(facts.get(axis, ())), None)
        if not isinstance(value, Literal):
            return None
        total += (float(value.value) - own) ** 2
    return total


def _decay(km: float, limit: float | None) -> float:
    """What a distance scores: linear within a limit and exponential beyond it, or exponential where there is none."""
    if limit is None:
        return math.exp(-km / NEARBY_KM)
    return 1 - 0.5 * km / limit if km <= limit else 0.3 * math.exp(1 - km / limit)


def _score_of_middle(wish: Wish, facts: Facts) -> float:
    """What a facility without a point scores: as if it stood in the middle of its region, where that is known."""
    assert wish.place is not None  # noqa: S101 - called only where there is a place
    points = [Point.from_wkt(value.value) for value in facts.get("middle", ()) if isinstance(value, Literal)]
    scores = [_decay(wish.place.distance_km(point), wish.max_km) for point in points if point is not None]
    return min(scores, default=UNKNOWN_SCORE)


def _judge_distance(wish: Wish, facts: Facts) -> Judgement:
    criterion = "distance" if wish.max_km is not None else "nearness"
    weight = wish.weights[criterion]
    assert wish.place is not None  # noqa: S101 - called only where there is a place
    chord = squared_chord(facts, wish.place.on_sphere())
    if chord is None:
        score = _score_of_middle(wish, facts)
        return Judgement(criterion, Verdict.UNKNOWN, score, weight, "distance-unknown")
    km = chord_to_km(chord)
    values = {"km": f"{km:.0f}", "limit": f"{wish.max_km:g}" if wish.max_km else ""}
    evidence = (("point", ""),)
    score = _decay(km, wish.max_km)
    if wish.max_km is None:
        return Judgement(criterion, Verdict.MET, score, weight, "nearness", values, evidence, km=km)
    if chord <= km_to_chord(wish.max_km):
        return Judgement(criterion, Verdict.MET, score, weight, "distance-met", values, evidence, km=km)
    return Judgement(criterion, Verdict.NOT_MET, score, weight, "distance-absent", values, evidence, km=km)


def _judge_trl(wish: Wish, facts: Facts) -> Judgement:
    """Judge by the levels that a facility supports: from where the development is, or the next, to the target."""
    weight = wish.weights["trl"]
    if not (facts.get("trl-min") or facts.get("trl-max")):
        return Judgement("trl", Verdict.UNKNOWN, UNKNOWN_SCORE, weight, "trl-unknown")
    low, high = levels(facts)
    assert wish.trl is not None  # noqa: S101 - called only where levels are asked for
    now = wish.trl[0] or wish.trl[1] or 1
    target = wish.trl[1] or now
    values = {"low": str(low), "high": str(high)}
    evidence = (("trl-min", str(low)), ("trl-max", str(high)))
    if low <= now + 1 and target <= high:
        return Judgement("trl", Verdict.MET, 1.0, weight, "trl-met", values, evidence)
    return Judgement("trl", Verdict.NOT_MET, 0.0, weight, "trl-absent", values, evidence)


def levels(facts: Facts) -> tuple[int, int]:
    """The lowest and highest readiness level that a facility supports; an end that is not stated is open."""
    low = [int(value.value) for value in facts.get("trl-min", ()) if isinstance(value, Literal)]
    high = [int(value.value) for value in facts.get("trl-max", ()) if isinstance(value, Literal)]
    return min(low, default=1), max(high, default=9)


def _judge_quantity(wish: Wish, wanted: Wanted, offered: Sequence[Offered]) -> Judgement:
    """Judge by the ranges of equipment that can do what is asked; those of other equipment say nothing."""
    weight = wish.weights["quantity"] / len(wish.quantities)
    verdict, one = best(offered, wanted)
    if one is None:
        values = {"asked": wanted.written}
        return Judgement("quantity", verdict, UNKNOWN_SCORE, weight, "quantity-unstated", values)
    score = {Verdict.MET: 1.0, Verdict.UNKNOWN: UNKNOWN_SCORE, Verdict.NOT_MET: 0.0}[verdict]
    code = f"quantity-{'absent' if verdict is Verdict.NOT_MET else verdict.value}"
    values = {"asked": wanted.written, "range": one.written}
    return Judgement("quantity", verdict, score, weight, code, values, (("range", one.node),))


def _offered(wish: Wish, facts: Facts) -> list[Offered]:
    """The ranges of equipment that states a capability asked for, or none."""
    ranges = (Offered.read(value) for value in facts.get("range", ()) if isinstance(value, Literal))
    return [
        one
        for one in ranges
        if one and (one.capability is None or not wish.asked or one.capability in wish.asked)
    ]


def judge(wish: Wish, content: Sequence[Judgement], facts: Facts, scheme: Scheme) -> list[Judgement]:
    """All judgements on one facility; those on what it does come ready made."""
    judgements = list(content)
    for criterion in WISHED:
        if criterion == "access" and wish.refused:
            judgements.append(_judge_access(wish, facts, scheme))
        elif getattr(wish, WISHED[criterion]):
            judgements.append(_judge_codes(criterion, wish, facts, scheme))
    if wish.place is not None:
        judgements.append(_judge_distance(wish, facts))
    if wish.trl is not None:
        judgements.append(_judge_trl(wish, facts))
    if wish.quantities:
        offered = _offered(wish, facts)
        judgements += [_judge_quantity(wish, wanted, offered) for wanted in wish.quantities]
    return judgements


@dataclass(frozen=True)
class Score:
    """How well a facility answers a need: all in all, by what it does, and how much of it is known."""

    total: float
    content: float
    confidence: float


def score_of(judgements: Sequence[Judgement], weights: Weights) -> Score:
    """The score from the judgements: content · ((1 - s) + s · rest), with s the share of the other criteria.

    ``content`` is the weighted mean of the criteria on what the facility does, ``rest`` that of all others. The
    others cannot lift a facility that does not do the thing asked for: they count in proportion to the content. What is
    unknown of them counts for nothing, but a place: there its estimate counts. ``confidence`` is the share of the
    weights whose verdict is known.
    """
    weight = content = rest_weight = rest = known = unknown = 0.0
    for judgement in judgements:
        if judgement.verdict is not Verdict.UNKNOWN:
            known += judgement.weight
        if judgement.criterion in CONTENT:
            weight += judgement.weight
            content += judgement.weight * judgement.score
        elif judgement.verdict is Verdict.UNKNOWN and judgement.criterion not in _PLACED:
            unknown += judgement.weight
        else:
            rest_weight += judgement.weight
            rest += judgement.weight * judgement.score
    content = content / weight if weight else 0.0
    share = rest_weight / (rest_weight + weights[CAPABILITY]) if rest_weight else 0.0
    factor = (1 - share) + share * rest / rest_weight if rest_weight else 1.0
    whole = weight + rest_weight + unknown
    return Score(content * factor, content, known / whole if whole else 0.0)


REQUIREMENT = {
    "capabilities": "capability",
    "services": "service",
    "sectors": "sector",
    "accessModes": "access",
    "maxDistanceKm": "distance",
    "countries": "country",
    "languages": "language",
    "trl": "trl",
    "quantities": "quantity",
}
"""Which criterion each member of a need stands for."""


ESSENTIAL: Final = "essential"
"""The member of a need that names parts which are hard conditions each."""


def is_out(judgements: Sequence[Judgement], required: frozenset[str]) -> bool:
    """Whether a hard condition is not met. Unknown does not put a facility out."""
    hard = {REQUIREMENT[name] for name in required if name != ESSENTIAL}
    parts = ESSENTIAL in required
    return any(
        j.verdict is Verdict.NOT_MET and (j.criterion in hard or (parts and j.is_essential))
        for j in judgements
    )
