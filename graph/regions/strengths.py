"""Strengths: the capabilities that a region has relatively more of than all regions together.

The location quotient (P. S. Florence, Report on the Location of Industry, 1939) of facilities that cover a capability,
as ``queries/indicators/capability-quotient.rq`` counts it. Strengths are ranked by n ln LQ, each capability's part in
the Kullback-Leibler divergence of the region from all regions (S. Kullback and R. A. Leibler, On Information and
Sufficiency, 1951), so that a high quotient that rests on two facilities does not outrank a fair one that rests on ten.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from babel.numbers import format_decimal, format_percent
from pyoxigraph import NamedNode

from graph.match.view import View
from graph.regions.indicators import Figure, Indicator

LEAST_FACILITIES: Final = 2
"""Facilities on which a strength must rest: one alone is a facility, not a strength of a region."""
LEAST_QUOTIENT: Final = 1.25
MOST: Final = 10


@dataclass(frozen=True)
class Strength:
    """A capability that stands out, with its location quotient."""

    capability: NamedNode
    figure: Figure


def strengths(quotients: Indicator, view: View) -> list[Strength]:
    """What stands out, the strongest first.

    A capability is left out where a narrower one stands out on the same facilities: it says nothing more.
    """
    found = [
        Strength(one.item, one)
        for one in quotients.figures
        if isinstance(one.item, NamedNode)
        and one.rests_on >= LEAST_FACILITIES
        and one.value >= LEAST_QUOTIENT
    ]
    implied = {
        (broader, one.figure.count)
        for one in found
        for broader in view.scheme.ancestors.get(one.capability, ())
    }
    kept = [one for one in found if (one.capability, one.figure.count) not in implied]
    return sorted(kept, key=lambda one: (-_divergence(one.figure), one.capability.value))[:MOST]


def as_json(one: Strength, view: View) -> dict[str, Any]:
    """A strength as answers give it, with its reason in words."""
    locale = view.language
    return {
        **view.concept(one.capability),
        "quotient": one.figure.value,
        "share": one.figure.numerator,
        "share_everywhere": one.figure.denominator,
        "count": one.figure.count,
        "reason": view.say(
            "region-strength",
            share=format_percent(one.figure.numerator or 0, locale=locale),
            capability=view.name(one.capability),
            quotient=format_decimal(round(one.figure.value, 1), locale=locale),
            count=format_decimal(one.figure.count or 0, locale=locale),
        ),
    }


def _divergence(figure: Figure) -> float:
    return round(figure.rests_on * math.log(figure.value), 9)
