"""Ranges: what equipment is stated to reach, against the quantities of a need.

A size, mass, force or power that is stated as one number is a limit: what is smaller fits too. The same holds below an
upper bound without a lower one, but for temperatures, where nothing is said of what lies below.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.match import units
from graph.match.evaluation import BEST_FIRST, Bounds, Verdict
from graph.match.quantities import Quantity
from graph.match.units import KIND, UNIT

NOT_REACHED: Final = frozenset({"Time", "DimensionlessRatio", "MassConcentration", "InformationEntropy"})
"""Kinds that tell of a project or a result (weeks, shares, traces in water), not of what equipment reaches."""
_SIZES: Final = frozenset({"Length", "Area", "Volume", "Mass", "Force", "Torque", "Power"})
_TWO_SIDED: Final = frozenset({"Temperature"})
_ULPS: Final = 1e-9


@dataclass(frozen=True)
class Wanted:
    """A quantity that equipment must reach, in SI units, with the words that stand for it."""

    kind: str
    """What its unit measures, such as ``Length``."""
    bounds: Bounds
    written: str
    narrower: str | None = None
    """The quantity kind where it is known more precisely, such as ``Width``."""

    @classmethod
    def of(cls, quantity: Quantity) -> "Wanted | None":
        """A quantity of a text; ``None`` for one that no equipment reaches."""
        kind = quantity.kind.removeprefix(KIND)
        if kind in NOT_REACHED:
            return None
        unit = quantity.unit.removeprefix(UNIT)
        return cls(kind, in_si(quantity.least, quantity.most, unit), quantity.because)


@dataclass(frozen=True)
class Offered:
    """A range that a piece of equipment is stated to reach, in SI units."""

    node: str
    capability: NamedNode | None
    """A capability of the equipment; one that has several offers the range once for each."""
    kind: str
    narrower: str
    bounds: Bounds
    written: str

    @classmethod
    def read(cls, value: Literal) -> "Offered | None":
        """The range in a row of ``match-fact-range``; ``None`` where its unit or both ends are not known."""
        node, capability, narrower, unit, lower, upper = value.value.split("\t")
        kind = units.kind(unit)
        if kind is None or not (lower or upper):
            return None
        low, high = (float(bound) if bound else None for bound in (lower, upper))
        return cls(
            node,
            NamedNode(capability) if capability else None,
            kind,
            narrower.removeprefix(KIND),
            in_si(low, high, unit),
            written(low, high, unit),
        )


def in_si(least: float | None, most: float | None, unit: str) -> Bounds:
    """Bounds in a known unit, in SI units."""
    return Bounds(*(None if end is None else units.in_si(end, unit) for end in (least, most)))


def written(least: float | None, most: float | None, unit: str) -> str:
    """A range as one reads it: ``7 m``, ``≤ 250 kW``, ``≥ 100 m``, ``-60 … 60 °C``."""
    symbol = units.symbol(unit)
    if least is None or most is None:
        return f"≤ {most:.15g} {symbol}" if least is None else f"≥ {least:.15g} {symbol}"
    return f"{most:.15g} {symbol}" if least == most else f"{least:.15g} … {most:.15g} {symbol}"


def reaches(offered: Offered, wanted: Wanted) -> Verdict:
    """Whether equipment with this range reaches what is wanted, of the same kind of quantity."""
    asked, stated = wanted.bounds, _stretched(offered)
    if offered.kind in _TWO_SIDED and (stated.lower is None or stated.upper is None):
        return _one_sided(asked, stated)
    if (asked.lower is None) == (asked.upper is None):
        return _within(asked, stated)
    end = asked.upper if asked.lower is None else asked.lower
    from_there_on = asked.upper is None and _within(stated, asked) is Verdict.MET
    if from_there_on or _within(Bounds(end, end), stated) is Verdict.MET:
        return Verdict.MET
    return Verdict.NOT_MET if _within(stated, asked) is Verdict.NOT_MET else Verdict.UNKNOWN


def best(offered: Iterable[Offered], wanted: Wanted) -> tuple[Verdict, Offered | None]:
    """The best verdict that ranges of the kind give, and the range that gives it; unknown where there is none."""
    judged = [
        (BEST_FIRST[verdict], one.node, verdict, one)
        for one in offered
        if one.kind == wanted.kind
        and (wanted.narrower is None or one.narrower in {wanted.narrower, wanted.kind})
        for verdict in (reaches(one, wanted),)
    ]
    if not judged:
        return Verdict.UNKNOWN, None
    _, _, verdict, one = min(judged, key=lambda found: found[:2])
    return verdict, one


def _stretched(offered: Offered) -> Bounds:
    """The bounds of what fits: a single size is the largest one."""
    bounds = offered.bounds
    is_one = bounds.lower is not None and bounds.lower == bounds.upper
    return Bounds(None, bounds.upper) if is_one and offered.kind in _SIZES else bounds


def _one_sided(asked: Bounds, stated: Bounds) -> Verdict:
    """Of a range with one end only that end is known: it is reached, what lies beyond is not, the rest is not said."""
    end = stated.upper if stated.lower is None else stated.lower
    if asked.lower == asked.upper == end:
        return Verdict.MET
    return Verdict.NOT_MET if _within(asked, stated) is Verdict.NOT_MET else Verdict.UNKNOWN


def _within(one: Bounds, other: Bounds) -> Verdict:
    """As ``Bounds.within``; ends that differ by rounding are equal."""

    def near(end: float | None) -> float | None:
        same = [x for x in (other.lower, other.upper) if x is not None and end is not None]
        return next((x for x in same if end is not None and math.isclose(x, end, rel_tol=_ULPS)), end)

    return Bounds(near(one.lower), near(one.upper)).within(other)
