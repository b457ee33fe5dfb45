"""The evaluator: what is asked for against what is known, three-valued.

After the Core Criterion and Core Evidence Vocabulary (CCCEV 2.1): a requirement is laid on an information concept (a
facility's kinds of service, a firm's size); values that support it are accepted codes or bounds. The same evaluator
judges the criteria of a need for a facility and the conditions of a support scheme for a firm. What is not known is
``unknown``, never a silent no.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import NamedNode

Ancestors = Mapping[NamedNode, frozenset[NamedNode]]
"""All broader concepts of each concept."""

_NONE: frozenset[NamedNode] = frozenset()


class Verdict(Enum):
    """The three values of a judgement."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


BEST_FIRST: Final = {Verdict.MET: 0, Verdict.UNKNOWN: 1, Verdict.NOT_MET: 2}
"""The order in which verdicts are shown."""


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Of several that must all hold: not met where one is not met, else unknown where one is or where there is none.

    The strong conjunction of S. C. Kleene's three-valued logic (Introduction to Metamathematics, 1952, § 64).
    """
    found = set(verdicts)
    for verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
        if verdict in found:
            return verdict
    return Verdict.MET if found else Verdict.UNKNOWN


@dataclass(frozen=True)
class Supported:
    """The verdict on accepted codes: which known values speak for it, and how many of the accepted codes they cover."""

    verdict: Verdict
    values: tuple[NamedNode, ...] = ()
    covered: int = 0


def judge_codes(
    accepted: frozenset[NamedNode],
    known: Iterable[NamedNode],
    ancestors: Ancestors,
    *,
    broader_too: bool = False,
) -> Supported:
    """Whether a known code is an accepted one or narrower.

    A broader one may be an accepted one or not: that is unknown, unless ``broader_too`` lets it count. Without known
    codes the verdict is unknown.
    """
    stated = sorted(set(known), key=lambda node: node.value)
    if not stated:
        return Supported(Verdict.UNKNOWN)
    met = tuple(s for s in stated if s in accepted or accepted & ancestors.get(s, _NONE))
    if not met:
        broader = tuple(s for s in stated if any(s in ancestors.get(a, _NONE) for a in accepted))
        if not broader:
            return Supported(Verdict.NOT_MET)
        if not broader_too:
            return Supported(Verdict.UNKNOWN, broader)
        met = broader
    covered = {a for a in accepted if any(a == s or a in ancestors.get(s, _NONE) for s in met)}
    return Supported(Verdict.MET, met, len(covered))


@dataclass(frozen=True)
class Bounds:
    """An interval of numbers in one unit; an end that is ``None`` is open."""

    lower: float | None = None
    upper: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether neither end is known."""
        return self.lower is None and self.upper is None

    def within(self, other: "Bounds") -> Verdict:
        """Whether a value that lies somewhere in this interval lies in the other: yes, no, or it depends."""
        if self.is_open:
            return Verdict.UNKNOWN
        low, high = _ends(self)
        other_low, other_high = _ends(other)
        if high < other_low or low > other_high:
            return Verdict.NOT_MET
        return Verdict.MET if other_low <= low and high <= other_high else Verdict.UNKNOWN


def _ends(bounds: Bounds) -> tuple[float, float]:
    return (
        float("-inf") if bounds.lower is None else bounds.lower,
        float("inf") if bounds.upper is None else bounds.upper,
    )
