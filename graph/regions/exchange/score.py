"""A score and its parts. A part that is unknown lowers how sure a score is, and not the score, as in matching."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.match.view import Statement, View
from graph.regions.exchange.weights import Weight

_DIGITS = 4


@dataclass(frozen=True)
class Finding:
    """What is known about one part: its value from 0 to 1, None where it is unknown; why; and by which statements."""

    part: str
    value: float | None
    reason: str
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Score:
    """The weighted mean of the parts that are known; None where none is.

    ``confidence`` is the share of the weights that is known.
    """

    value: float | None
    confidence: float

    @classmethod
    def of(cls, findings: Iterable[Finding], weights: Mapping[str, Weight]) -> "Score":
        """The score of findings."""
        known = [(weights[one.part].weight, one.value) for one in findings if one.value is not None]
        weight = sum(part for part, _ in known)
        whole = sum(one.weight for one in weights.values())
        value = sum(part * value for part, value in known) / weight if weight else None
        return cls(None if value is None else round(value, _DIGITS), round(weight / whole, _DIGITS))

    def order(self, sure: float) -> tuple[bool, float, float]:
        """To sort by: first what is sure enough, the highest score first, of equal ones the surer; then the rest alike;
        what cannot be judged comes last."""
        return (self.confidence < sure, 1.0 if self.value is None else -self.value, -self.confidence)

    def told(self, sure: float) -> dict[str, Any]:
        """As answers give it, with whether it is sure enough to be compared."""
        return {"score": self.value, "confidence": self.confidence, "safe": self.confidence >= sure}


def ratio(part: int, whole: int) -> float:
    """A part of a whole, 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0


def parts(
    findings: Sequence[Finding],
    weights: Mapping[str, Weight],
    evidence: Mapping[Statement, list[dict[str, str]]],
    view: View,
) -> list[dict[str, Any]]:
    """The parts of a score as answers give them, with the statements behind each."""
    return [
        {
            "part": one.part,
            "label": view.say(f"exchange-part-{one.part}"),
            "verdict": "unknown" if one.value is None else "known",
            "value": None if one.value is None else round(one.value, _DIGITS),
            "weight": weights[one.part].weight,
            "reason": one.reason,
            "evidence": cited(one.statements, evidence),
        }
        for one in findings
    ]


def cited(
    statements: Iterable[Statement], evidence: Mapping[Statement, list[dict[str, str]]]
) -> list[dict[str, str]]:
    """Statements with the graphs that hold them, each once, in the order given."""
    return [told for one in dict.fromkeys(statements) for told in evidence.get(one, [])]
