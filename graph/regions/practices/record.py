"""A practice as a record in the form of Interreg Europe's good-practice database.

The sections are those of the form (https://www.interregeurope.eu/good-practices). A section that nobody filled is
given as empty and never guessed; so is everything that the record is tied to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.iris import DCT, INFRA, SCHEMA
from graph.match.view import View, node_of
from graph.regions.practices.duplicates import Likeness, recorded_twice
from graph.regions.practices.figures import Statements, figure
from graph.regions.practices.related import related
from graph.regions.practices.shelf import Kept
from graph.regions.practices.told import (
    CAPABILITY,
    FACILITY,
    INSTRUMENT,
    OWNER,
    PAGE,
    REGION,
    SOURCE,
    THEME,
    TITLE,
    Told,
)

SECTIONS: Final[Mapping[str, tuple[NamedNode, ...]]] = {
    "title": (TITLE,),
    "description": (DCT["description"],),
    "owner": (OWNER,),
    "region": (REGION,),
    "themes": (THEME,),
    "dates": (INFRA["dateNote"],),
    "need": (INFRA["needAddressed"],),
    "how": (INFRA["howItWorks"],),
    "resources": (INFRA["resourcesNeeded"], INFRA["staffNote"]),
    "evidence": (INFRA["evidenceOfSuccess"],),
    "difficulties": (INFRA["difficulty"],),
    "transfer": (INFRA["transferPotential"],),
    "further": (PAGE,),
}
"""The sections of the form in its order, each with the properties that fill it."""

_NOTES: Final = {
    name: INFRA[name]
    for name in (
        "implementationLevel",
        "facilityNote",
        "instrumentNote",
        "membershipNote",
        "collectionNote",
        "statusNote",
    )
}


def record(practice: NamedNode, kept: Kept, view: View) -> dict[str, Any]:
    """Everything that is known of a practice, section by section. Raises ``KeyError`` where there is none."""
    told = kept.told[practice]
    parts = _parts(practice, view)
    near = kept.likenesses.near(practice)
    alike = related(practice, kept.told, view.scheme)
    view.learn([*told.linked(OWNER, REGION, THEME, CAPABILITY, FACILITY, INSTRUMENT, DCT["isPartOf"])])
    view.learn([practice, *(one.of(practice) for one in near), *(one.practice for one in alike)])
    figures = [figure(stated, view) for _, stated in parts["figure"]]
    implementations = [_implementation(node, stated, view) for node, stated in parts["implementation"]]
    sections = [_section(name, told, implementations, view) for name in SECTIONS]
    filled = [one for one in sections if one["stated"]]
    return {
        "practice": view.entity(practice),
        "sections": sections,
        "completeness": {
            "stated": len(filled),
            "of": len(sections),
            "share": round(len(filled) / len(sections), 3),
            "empty": [one["section"] for one in sections if not one["stated"]],
        },
        "owners": _entities(told, OWNER, view),
        "regions": _entities(told, REGION, view),
        "themes": _concepts(told, THEME, view),
        "capabilities": _concepts(told, CAPABILITY, view),
        "facilities": _entities(told, FACILITY, view),
        "policy_instruments": _entities(told, INSTRUMENT, view),
        "projects": _entities(told, DCT["isPartOf"], view),
        "notes": {name: _texts(told, (prop,)) for name, prop in _NOTES.items() if told.texts.get(prop)},
        "figures": figures,
        "implementations": implementations,
        **_taken_up(practice, view),
        "related": [one.told(view) for one in alike],
        "may_be_the_same_as": [same(one, practice, view) for one in near],
        "recorded_twice": list(recorded_twice(told)),
        "claims": [_claim(stated) for _, stated in parts["claim"]],
        "pages": sorted(node.value for node in told.linked(PAGE)),
        "sources": sorted(node.value for node in told.linked(SOURCE)),
    }


def same(likeness: Likeness, practice: NamedNode, view: View) -> dict[str, Any]:
    """A practice that may be the same as another, with score and reasons."""
    reasons = [view.say(f"practice-same-{sign}") for sign in likeness.signs]
    return {
        **view.entity(likeness.of(practice)),
        "score": likeness.score,
        "title_likeness": likeness.title,
        "text_likeness": likeness.text,
        "signs": list(likeness.signs),
        "reasons": [
            view.say("practice-same-title", share=_percent(likeness.title)),
            view.say("practice-same-text", share=_percent(likeness.text)),
            *reasons,
        ],
    }


def _percent(share: float) -> str:
    return str(round(100 * share))


def _section(name: str, told: Told, implementations: list[dict[str, Any]], view: View) -> dict[str, Any]:
    properties = SECTIONS[name]
    values = sorted(told.linked(*properties), key=lambda node: node.value)
    is_page = name == "further"
    links = [{"id": node.value, "label": node.value if is_page else view.name(node)} for node in values]
    texts = _texts(told, properties)
    dated = name == "dates" and any(one["start"] or one["end"] for one in implementations)
    return {
        "section": name,
        "label": view.say(f"practice-section-{name}"),
        "stated": bool(texts or links or dated),
        "texts": texts,
        "links": links,
    }


def _texts(told: Told, properties: Iterable[NamedNode]) -> list[dict[str, str]]:
    return [
        {"value": text.value, "language": text.language or ""}
        for prop in properties
        for text in told.texts.get(prop, ())
    ]


def _entities(told: Told, prop: NamedNode, view: View) -> list[dict[str, str]]:
    return [view.entity(node) for node in sorted(told.linked(prop), key=lambda node: node.value)]


def _concepts(told: Told, prop: NamedNode, view: View) -> list[dict[str, str]]:
    return [
        {"concept": node.value, "notation": node.value.rsplit("/", 1)[-1], "label": view.name(node)}
        for node in sorted(told.linked(prop), key=lambda node: node.value)
    ]


def _parts(practice: NamedNode, view: View) -> dict[str, list[tuple[NamedNode, Statements]]]:
    """Figures, claims and implementations, each with what is stated of it, in the order of their names."""
    found: dict[tuple[str, NamedNode], dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in view.rows("practices-part", practice=[practice]):
        part, prop = node_of(row, "part", "property")
        tie, value = row["tie"], row["value"]
        if isinstance(tie, Literal):
            found[tie.value, part][prop].append(value)
    parts: dict[str, list[tuple[NamedNode, Statements]]] = defaultdict(list)
    for (tie_name, part), stated in sorted(
        found.items(), key=lambda item: (item[0][0], _natural(item[0][1]))
    ):
        parts[tie_name].append((part, stated))
    return parts


def _natural(node: NamedNode) -> tuple[int, str]:
    """``#figure-2`` before ``#figure-10``."""
    return len(node.value), node.value


def _implementation(node: NamedNode, stated: Statements, view: View) -> dict[str, Any]:
    def first(prop: NamedNode) -> str | None:
        return next((value.value for value in stated.get(prop, ()) if isinstance(value, Literal)), None)

    def linked(name: str) -> list[NamedNode]:
        values = (value for value in stated.get(INFRA[name], ()) if isinstance(value, NamedNode))
        return sorted(values, key=lambda one: one.value)

    outcome = next(iter(linked("practiceOutcome")), None)
    return {
        "id": node.value,
        "regions": [view.entity(region) for region in linked("inRegion")],
        "start": first(SCHEMA["startDate"]),
        "end": first(SCHEMA["endDate"]),
        "note": first(INFRA["dateNote"]),
        "outcome": outcome
        and {
            "concept": outcome.value,
            "notation": outcome.value.rsplit("/", 1)[-1],
            "label": view.name(outcome),
        },
    }


def _claim(stated: Statements) -> dict[str, Any]:
    texts = [value for value in stated.get(INFRA["claim"], ()) if isinstance(value, Literal)]
    return {
        "texts": [{"value": text.value, "language": text.language or ""} for text in texts],
        "sources": [node.value for node in stated.get(SOURCE, ()) if isinstance(node, NamedNode)],
    }


def _taken_up(practice: NamedNode, view: View) -> dict[str, list[dict[str, Any]]]:
    """Actions that the practice inspired, with plan and instrument where stated, and events at which it was learned."""
    actions: dict[NamedNode, dict[str, dict[str, dict[str, str]]]] = {}
    events: dict[NamedNode, dict[str, str]] = {}
    for row in view.rows("practices-taken-up", practice=[practice]):
        (taker,) = node_of(row, "taker")
        tie = row["tie"]
        if isinstance(tie, Literal) and tie.value == "event":
            events[taker] = view.entity(taker)
            continue
        known = actions.setdefault(taker, {"plans": {}, "policy_instruments": {}})
        for name, member in (("plan", "plans"), ("instrument", "policy_instruments")):
            node = row.get(name)
            if isinstance(node, NamedNode):
                known[member][node.value] = view.entity(node)
    return {
        "inspired": [
            {
                **view.entity(taker),
                **{member: [one for _, one in sorted(several.items())] for member, several in known.items()},
            }
            for taker, known in sorted(actions.items(), key=lambda item: item[0].value)
        ],
        "learned_at": [one for _, one in sorted(events.items(), key=lambda item: item[0].value)],
    }
