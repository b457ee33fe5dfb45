"""Criteria: what is judged about a facility, three-valued, with a score between 0 and 1.

``unknown`` means that the graph does not say; it is never a silent no. An unknown criterion scores half, and
the share of unknowns shows in the answer.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.geometry import Point, chord_to_km, km_to_chord
from graph.match.scheme import Grade, Relation, Scheme

UNKNOWN_SCORE: Final = 0.5
NEARBY_KM: Final = 400.0
"""The distance at which nearness without a stated limit has fallen to 1/e."""

WEIGHTS: Final[Mapping[str, float]] = {
    "capability": 0.60,
    "service": 0.12,
    "sector": 0.08,
    "access": 0.08,
    "distance": 0.10,
    "nearness": 0.06,
    "country": 0.08,
    "trl": 0.05,
    "language": 0.05,
}
"""How much each criterion weighs; those that a need does not ask for fall away and the rest is scaled to 1."""

FACTS: Final = (
    "service", "access", "sector", "country", "language", "trl-min", "trl-max", "x", "y", "z",
)  # fmt: skip
"""Names of facts; each has a query ``match-fact-NAME``."""


class Verdict(Enum):
    """The three values of a judgement."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


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


Facts = Mapping[str, frozenset[NamedNode | Literal]]
"""What the graph says of one facility: values by the name of the fact."""


@dataclass(frozen=True)
class Part:
    """A part of a need: a capability asked for, how surely, and the capabilities that answer it."""

    key: str
    capability: NamedNode
    importance: float
    grades: Mapping[NamedNode, Grade]


@dataclass(frozen=True)
class Wish:
    """A need as concepts and constraints, ready to be judged."""

    parts: tuple[Part, ...]
    services: frozenset[NamedNode] = frozenset()
    access: frozenset[NamedNode] = frozenset()
    sectors: frozenset[NamedNode] = frozenset()
    countries: frozenset[NamedNode] = frozenset()
    languages: frozenset[NamedNode] = frozenset()
    place: Point | None = None
    max_km: float | None = None
    trl: tuple[int | None, int | None] | None = None
    required: frozenset[str] = frozenset()

    @property
    def facts(self) -> list[str]:
        """The facts that the criteria of this wish look at."""
        asked = []
        for name in ("service", "access", "sector", "country", "language"):
            if getattr(self, _WISHED[name]):
                asked.append(name)
        if self.trl:
            asked += ["trl-min", "trl-max"]
        if self.place:
            asked += ["x", "y", "z"]
        return asked


_WISHED = {
    "service": "services",
    "access": "access",
    "sector": "sectors",
    "country": "countries",
    "language": "languages",
}


def judge_capability(part: Part, stated: Sequence[NamedNode]) -> Judgement:
    """Judge one part of the need by the best of the capabilities that a facility states.

    Exact and narrower capabilities meet it. Where only a broader one is stated, whether the facility does the
    narrower thing is unknown. Related and similar ones do not meet it, and score by their likeness.
    """
    weight = WEIGHTS["capability"] * part.importance
    best = max((part.grades[c] for c in stated if c in part.grades), key=lambda g: g.value, default=None)
    if best is None:
        return Judgement(
            "capability", Verdict.NOT_MET, 0.0, weight, "capability-absent", part=part.capability
        )
    verdict = {
        Relation.EXACT: Verdict.MET,
        Relation.NARROWER: Verdict.MET,
        Relation.BROADER: Verdict.UNKNOWN,
    }.get(best.relation, Verdict.NOT_MET)
    return Judgement(
        "capability",
        verdict,
        best.value,
        weight,
        f"capability-{best.relation.value}",
        {"stated": best.capability.value},
        (("capability", best.capability.value),),
        part.capability,
    )


def _judge_codes(criterion: str, wanted: frozenset[NamedNode], facts: Facts, scheme: Scheme) -> Judgement:
    """Judge a criterion whose values are codes: one of those wanted, or one below or above it, must be stated."""
    weight = WEIGHTS[criterion]
    stated = {value for value in facts.get(criterion, ()) if isinstance(value, NamedNode)}
    if not stated:
        return Judgement(criterion, Verdict.UNKNOWN, UNKNOWN_SCORE, weight, f"{criterion}-unknown")
    none: frozenset[NamedNode] = frozenset()
    met = sorted(
        (s for s in stated if s in wanted or wanted & scheme.ancestors.get(s, none)), key=lambda n: n.value
    )
    if criterion == "sector" and not met:
        met = sorted((s for s in stated if any(s in scheme.ancestors.get(w, none) for w in wanted)), key=str)
    if met:
        share = len({w for w in wanted if any(w == s or w in scheme.ancestors.get(s, none) for s in met)})
        score = 0.6 + 0.4 * max(share, 1) / len(wanted)
        evidence = tuple((criterion, value.value) for value in met)
        return Judgement(
            criterion, Verdict.MET, score, weight, f"{criterion}-met", {"value": met[0].value}, evidence
        )
    evidence = tuple((criterion, value.value) for value in sorted(stated, key=str))
    return Judgement(criterion, Verdict.NOT_MET, 0.0, weight, f"{criterion}-absent", {}, evidence)


def squared_chord(facts: Facts, place: tuple[float, float, float]) -> float | None:
    """Squared chord from a place on the unit sphere to a facility, where its point is known."""
    total = 0.0
    for axis, own in zip(("x", "y", "z"), place, strict=True):
        value = next(iter(facts.get(axis, ())), None)
        if not isinstance(value, Literal):
            return None
        total += (float(value.value) - own) ** 2
    return total


def _judge_distance(wish: Wish, facts: Facts) -> Judgement:
    criterion = "distance" if wish.max_km is not None else "nearness"
    weight = WEIGHTS[criterion]
    assert wish.place is not None  # noqa: S101 - called only where there is a place
    chord = squared_chord(facts, wish.place.on_sphere())
    if chord is None:
        return Judgement(criterion, Verdict.UNKNOWN, UNKNOWN_SCORE, weight, "distance-unknown")
    km = chord_to_km(chord)
    values = {"km": f"{km:.0f}", "limit": f"{wish.max_km:g}" if wish.max_km else ""}
    evidence = (("point", ""),)
    if wish.max_km is None:
        score = math.exp(-km / NEARBY_KM)
        return Judgement(criterion, Verdict.MET, score, weight, "nearness", values, evidence)
    if chord <= km_to_chord(wish.max_km):
        score = 1 - 0.5 * km / wish.max_km
        return Judgement(criterion, Verdict.MET, score, weight, "distance-met", values, evidence)
    score = 0.3 * math.exp(1 - km / wish.max_km)
    return Judgement(criterion, Verdict.NOT_MET, score, weight, "distance-absent", values, evidence)


def _judge_trl(wish: Wish, facts: Facts) -> Judgement:
    weight = WEIGHTS["trl"]
    low, high = _level(facts.get("trl-min")), _level(facts.get("trl-max"))
    if low is None and high is None:
        return Judgement("trl", Verdict.UNKNOWN, UNKNOWN_SCORE, weight, "trl-unknown")
    low, high = low or 1, high or 9
    assert wish.trl is not None  # noqa: S101 - called only where levels are asked for
    now = wish.trl[0] or wish.trl[1] or 1
    target = wish.trl[1] or now
    values = {"low": str(low), "high": str(high)}
    evidence = (("trl-min", str(low)), ("trl-max", str(high)))
    if low <= max(now, 1) + 1 and high >= target:
        return Judgement("trl", Verdict.MET, 1.0, weight, "trl-met", values, evidence)
    return Judgement("trl", Verdict.NOT_MET, 0.0, weight, "trl-absent", values, evidence)


def _level(values: frozenset[NamedNode | Literal] | None) -> int | None:
    levels = [int(value.value) for value in values or () if isinstance(value, Literal)]
    return max(levels) if levels else None


def judge(wish: Wish, best: Mapping[str, Judgement], facts: Facts, scheme: Scheme) -> list[Judgement]:
    """All judgements on one facility; those on capabilities, by part, come ready made."""
    judgements = list(best.values())
    for criterion in ("service", "access", "sector", "country", "language"):
        wanted: frozenset[NamedNode] = getattr(wish, _WISHED[criterion])
        if wanted:
            judgements.append(_judge_codes(criterion, wanted, facts, scheme))
    if wish.place is not None:
        judgements.append(_judge_distance(wish, facts))
    if wish.trl is not None:
        judgements.append(_judge_trl(wish, facts))
    return judgements


def total_score(judgements: Sequence[Judgement]) -> float:
    """The weighted mean of the scores, damped where no capability is met: Σ w·s / Σ w.

    The other criteria cannot lift a facility that does not do the thing asked for: they count in proportion to
    the capability score.
    """
    capability = [j for j in judgements if j.criterion == "capability"]
    weight = sum(j.weight for j in capability)
    core = sum(j.weight * j.score for j in capability) / weight if weight else 0.0
    others = [j for j in judgements if j.criterion != "capability"]
    rest_weight = sum(j.weight for j in others)
    rest = sum(j.weight * j.score for j in others) / rest_weight if rest_weight else 1.0
    share = rest_weight / (rest_weight + WEIGHTS["capability"])
    return core * ((1 - share) + share * rest)


REQUIREMENT = {
    "capabilities": "capability",
    "services": "service",
    "sectors": "sector",
    "accessModes": "access",
    "maxDistanceKm": "distance",
    "countries": "country",
    "languages": "language",
    "trl": "trl",
}
"""Which criterion each member of a need stands for."""


def is_out(judgements: Sequence[Judgement], required: frozenset[str]) -> bool:
    """Whether a hard condition is not met. Unknown does not put a facility out."""
    hard = {REQUIREMENT[name] for name in required}
    return any(j.criterion in hard and j.verdict is Verdict.NOT_MET for j in judgements)
