"""Key facts of a region: what it is in NUTS, what partners state of it, and its priorities."""

from collections import defaultdict
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.iris import INFRA
from graph.match.label_points import label_point
from graph.match.language import in_language
from graph.match.view import View, node_of

_COUNTRY: Final = 2
"""Letters of a NUTS code that name the country; each further one is a level down."""
_NUMBERS: Final = ("population", "area", "gerd")


def facts(region: NamedNode, view: View) -> dict[str, Any]:
    """The region with its level, what it is part of, its middle, and what partners state of it."""
    told: dict[str, list[NamedNode | Literal]] = defaultdict(list)
    for row in view.rows("regions-facts", region=[region]):
        fact, value = row["fact"], row["value"]
        if isinstance(fact, Literal) and isinstance(value, NamedNode | Literal):
            told[fact.value].append(value)
    around = sorted(view.scheme.ancestors.get(region, ()), key=lambda node: node.value)
    view.learn([region, *around])
    code = view.scheme.notations.get(region, "")
    middle = label_point(region, view.reader, view.queries)
    return {
        **view.concept(region),
        "level": max(0, len(code) - _COUNTRY),
        "country": code[:_COUNTRY],
        "part_of": [view.concept(one) for one in around],
        "location": None if middle is None else {"lat": middle.lat, "lon": middle.lon},
        **{name: _largest(told[name]) for name in _NUMBERS},
        "notes": _notes(told["note"], view.language),
        "pages": [one.value for one in told["page"]],
        "sources": [one.value for one in told["source"]],
    }


def priorities(region: NamedNode, view: View) -> list[dict[str, Any]]:
    """Priorities of smart specialisation that concern the region, those of itself first."""
    notes: dict[NamedNode, dict[str, str]] = defaultdict(dict)
    stated: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for row in view.rows("regions-priorities", region=[region]):
        priority, place = node_of(row, "priority", "place")
        if place not in stated[priority]:
            stated[priority].append(place)
        note = row.get("note")
        if isinstance(note, Literal):
            notes[priority].setdefault(note.language or "en", note.value)
    view.learn([*stated, *(place for places in stated.values() for place in places)])
    evidence = view.evidence(
        (place, INFRA["hasS3Priority"], priority) for priority, places in stated.items() for place in places
    )
    return [
        {
            **view.entity(priority),
            "stated_for": [view.concept(place) for place in stated[priority]],
            "note": in_language(notes[priority], view.language) or None,
            "evidence": [
                one for place in stated[priority] for one in evidence[place, INFRA["hasS3Priority"], priority]
            ],
        }
        for priority in sorted(
            stated, key=lambda one: (region not in stated[one], bool(notes[one]), one.value)
        )
    ]


def _largest(values: list[NamedNode | Literal]) -> float | int | None:
    """The number that is stated; the largest where several are."""
    numbers = [float(value.value) for value in values if isinstance(value, Literal)]
    if not numbers:
        return None
    largest = max(numbers)
    return int(largest) if largest.is_integer() else largest


def _notes(values: list[NamedNode | Literal], language: str) -> list[str]:
    """The notes in the reader's language; where there is none in it, those in English, else all."""
    texts = [(value.language or "en", value.value) for value in values if isinstance(value, Literal)]
    for wanted in (language, "en"):
        own = [text for tongue, text in texts if tongue == wanted]
        if own:
            return own
    return [text for _, text in texts]
