"""Figures of a practice: what is counted, how much, how surely, when, and the sentence and source that say so."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from pyoxigraph import Literal, NamedNode

from graph.iris import DCT, INFRA, SCHEMA
from graph.match.view import View
from graph.store.answers import Term

Statements = Mapping[NamedNode, Sequence[Term]]
"""What is stated of one thing: values by property."""

_SIGNS: Final = {"PERCENT": "%", "M2": "m²"}
"""How the units that figures are in are written; others show their code."""
_PERIODS: Final = {"P1Y": "year", "P1M": "month", "P1W": "week", "P1D": "day"}


def figure(stated: Statements, view: View) -> dict[str, Any]:
    """A figure as records give it; ``text`` is the number as people write it, in the reader's language."""
    lower, upper = _number(stated, "lowerBound"), _number(stated, "upperBound")
    value = _number(stated, "figureValue")
    sentence = _text(stated, DCT["description"])
    told: dict[str, Any] = {
        "counts": _concept(stated, "figureKind", view),
        "value": None if value is None else float(value),
        "lower": None if lower is None else float(lower),
        "upper": None if upper is None else float(upper),
        "currency": _plain(stated, SCHEMA["currency"]),
        "unit": _plain(stated, INFRA["unitCode"]),
        "per": _plain(stated, INFRA["perPeriod"]),
        "precision": _concept(stated, "figurePrecision", view),
        "standing": _concept(stated, "figureStatus", view),
        "start": _plain(stated, SCHEMA["startDate"]),
        "end": _plain(stated, SCHEMA["endDate"]),
        "sentence": sentence.value if sentence else None,
        "sentence_language": (sentence.language or None) if sentence else None,
        "sources": [node.value for node in stated.get(DCT["source"], ()) if isinstance(node, NamedNode)],
    }
    return {**told, "text": _written(told, (value, lower, upper), view)}


def _written(told: Mapping[str, Any], numbers: tuple[Decimal | None, ...], view: View) -> str:
    value, lower, upper = numbers
    if value is not None:
        amount = _amount(value, view)
    elif lower is not None and upper is not None:
        amount = view.say("practice-figure-range", lower=_amount(lower, view), upper=_amount(upper, view))
    elif lower is not None:
        amount = view.say("practice-figure-at-least", amount=_amount(lower, view))
    elif upper is not None:
        amount = view.say("practice-figure-at-most", amount=_amount(upper, view))
    else:
        return ""
    if told["currency"]:
        amount = f"{told['currency']} {amount}"
    elif told["unit"]:
        amount = f"{amount} {_SIGNS.get(told['unit'], told['unit'])}"
    period = _PERIODS.get(told["per"] or "")
    if period:
        amount = view.say(f"practice-figure-per-{period}", amount=amount)
    precision = told["precision"]
    if precision and f"practice-figure-{precision['notation']}" in view.reasons.codes:
        amount = view.say(f"practice-figure-{precision['notation']}", amount=amount)
    return amount


def _amount(number: Decimal, view: View) -> str:
    return format_decimal(number, locale=view.language)


def _number(stated: Statements, name: str) -> Decimal | None:
    text = _plain(stated, INFRA[name])
    return Decimal(text) if text is not None else None


def _plain(stated: Statements, prop: NamedNode) -> str | None:
    text = _text(stated, prop)
    return text.value if text else None


def _text(stated: Statements, prop: NamedNode) -> Literal | None:
    return next((value for value in stated.get(prop, ()) if isinstance(value, Literal)), None)


def _concept(stated: Statements, name: str, view: View) -> dict[str, str] | None:
    node = next((value for value in stated.get(INFRA[name], ()) if isinstance(value, NamedNode)), None)
    if node is None:
        return None
    return {"concept": node.value, "notation": node.value.rsplit("/", 1)[-1], "label": view.name(node)}
