"""Lists: the entities of a kind that meet filters, in a stable order, with what one wants to see of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import address, names_of
from graph.geometry import Point
from graph.iris import CODELIST, INFRA, NUTS, ORG, SCHEMA
from graph.store.answers import Row
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

CLASSES: Final[Mapping[str, tuple[NamedNode, ...]]] = {
    "facilities": (INFRA["Facility"],),
    "equipment": (INFRA["Equipment"],),
    "services": (INFRA["Service"],),
    "organisations": (ORG["Organization"],),
    "policy-instruments": tuple(
        INFRA[name]
        for name in ("PolicyInstrument", "SupportScheme", "FundingProgramme", "Strategy", "Regulation")
    ),
    "practices": (INFRA["GoodPractice"],),
    "action-plans": (INFRA["ActionPlan"],),
    "events": tuple(
        INFRA[name]
        for name in (
            "StudyVisit",
            "PeerReview",
            "Conference",
            "SteeringMeeting",
            "StakeholderMeeting",
            "Workshop",
        )
    ),
    "projects": (SCHEMA["ResearchProject"],),
    "regions": (),
}
"""The classes that each list shows."""

FILTERS: Final[Mapping[str, Mapping[str, tuple[NamedNode, str]]]] = {
    "facilities": {
        "region": (INFRA["withinRegion"], "nuts"),
        "country": (INFRA["withinRegion"], "nuts"),
        "capability": (INFRA["coversCapability"], "capability"),
        "service": (INFRA["anyServiceKind"], "service-kind"),
        "ket": (INFRA["keyEnablingTechnology"], "ket"),
        "sector": (INFRA["sector"], "nace"),
        "kind": (INFRA["facilityKind"], "facility-kind"),
        "access": (INFRA["anyAccessMode"], "access-mode"),
    },
    "practices": {
        "region": (INFRA["inRegion"], "nuts"),
        "kind": (INFRA["practiceTheme"], "practice-theme"),
        "capability": (INFRA["capability"], "capability"),
    },
    "policy-instruments": {
        "region": (INFRA["inRegion"], "nuts"),
        "kind": (INFRA["policyInstrumentKind"], "policy-instrument-kind"),
        "capability": (INFRA["capability"], "capability"),
    },
    "organisations": {
        "region": (INFRA["hasStakeholder"], "nuts"),
        "kind": (ORG["classification"], "organisation-kind"),
    },
    "equipment": {"capability": (INFRA["capability"], "capability")},
    "services": {"kind": (INFRA["serviceKind"], "service-kind")},
    "events": {"region": (INFRA["inRegion"], "nuts")},
}
"""For each list its filters: the property that ties entity and value, and the code list of the value."""


def scheme(name: str) -> NamedNode:
    """The concept scheme of a filter."""
    return CODELIST[name]


SCHEMES: Final = frozenset(scheme(codes) for filters in FILTERS.values() for _, codes in filters.values())
"""The code lists that lists are filtered by."""

_LATER: Final = "~"
"""Begins the keys of entities that come later: no IRI begins so, and it is behind all letters."""


@dataclass(frozen=True)
class Page:
    """Part of a list: entities with their facts, the number of all, and the key of the next part."""

    entities: tuple[dict[str, Any], ...]
    total: int
    after: str | None
    tongues: Mapping[str, Mapping[str, str]]
    """For each entity the languages of its label, of its description and of the name of its facility."""


@dataclass(frozen=True)
class Selection:
    """What a list shows: the entities of a kind that have all of the property and value pairs and hold the text."""

    listing: str
    filters: tuple[tuple[NamedNode, NamedNode], ...] = ()
    q: str = ""


def members(selection: Selection, reader: Reader, queries: QueryCatalogue) -> list[NamedNode]:
    """The entities of a selection, ordered by IRI."""
    q = selection.q.strip().lower()
    if selection.listing == "regions":
        entities = _entities(reader.select(queries["browse-regions"].text).rows)
        if q:
            names = names_of({entity.value for entity in entities}, reader, queries)
            entities = {
                e for e in entities if any(q in n.lower() for n in (e.value, *names[e.value].values()))
            }
    else:
        classes = CLASSES[selection.listing]
        bound = queries["browse-members"].bind(**{"class": classes}, filter=selection.filters)
        entities = _entities(reader.select(bound).rows)
        if q:
            text = queries["browse-search"].bind(**{"class": classes}, q=[Literal(q)])
            entities &= _entities(reader.select(text).rows)
    return sorted(entities, key=lambda node: node.value)


def _entities(rows: Sequence[Row]) -> set[NamedNode]:
    return {row[0] for row in rows if isinstance(row[0], NamedNode)}


def page(
    entities: Sequence[NamedNode],
    window: tuple[str | None, int],
    language: str,
    reader: Reader,
    queries: QueryCatalogue,
    later: Collection[NamedNode] = (),
) -> Page:
    """The part of a list in a window, with title, description, region, town, point and facility of each entity.

    A window is the key after which the part begins, ``None`` for the start, and the most entities to show. Entities are
    ordered by their keys; those that come ``later`` have keys that are behind all others.
    """
    after, limit = window
    keys = {entity: f"{_LATER}{entity.value}" if entity in later else entity.value for entity in entities}
    rest = sorted((one for one in entities if after is None or keys[one] > after), key=lambda one: keys[one])
    shown = rest[:limit]
    facts: dict[str, dict[str, Any]] = {entity.value: {"id": entity.value} for entity in shown}
    descriptions: dict[str, dict[str, str]] = defaultdict(dict)
    if shown:
        for row in reader.select(queries["browse-summary"].bind(entity=shown)).dicts():
            one = facts[row["entity"].value]  # type: ignore[union-attr]
            description = row.get("description")
            if isinstance(description, Literal):
                descriptions[one["id"]][description.language or "en"] = description.value
            for name in ("region", "city", "country"):
                value = row.get(name)
                if isinstance(value, NamedNode | Literal):
                    one[name] = value.value.removeprefix(NUTS.base)
            point = row.get("point")
            place = Point.from_wkt(point.value) if isinstance(point, Literal) else None
            if place is not None:
                one["lon"], one["lat"] = place.lon, place.lat
    of = hosts(shown, reader, queries)
    names = names_of({*facts, *(facility.value for facility in of.values())}, reader, queries)
    tongues: dict[str, dict[str, str]] = {}
    for iri, one in facts.items():
        one["label"], spoken = _told(names.get(iri, {}), language) or (iri, "")
        tongues[iri] = {"label": spoken}
        if texts := _told(descriptions.get(iri, {}), language):
            one["description"], tongues[iri]["description"] = texts
        if iri in of:
            facility = of[iri].value
            called, tongues[iri]["facility"] = _told(names.get(facility, {}), language) or (facility, "")
            one["facility"] = {"id": facility, "label": called, "url": address(facility) or facility}
    more = len(rest) > limit
    return Page(tuple(facts.values()), len(entities), keys[shown[-1]] if more else None, tongues)


def _told(texts: Mapping[str, str], language: str) -> tuple[str, str] | None:
    """The text in the language, in English, or any, with its language."""
    for code in (language, "en", *texts):
        if texts.get(code):
            return texts[code], code
    return None


def able(
    entities: Sequence[NamedNode], reader: Reader, queries: QueryCatalogue
) -> dict[str, list[NamedNode]]:
    """The capabilities that entities state themselves."""
    stated: dict[str, list[NamedNode]] = defaultdict(list)
    if entities:
        for entity, capability in reader.select(queries["browse-able"].bind(entity=entities)).rows:
            if isinstance(entity, NamedNode) and isinstance(capability, NamedNode):
                stated[entity.value].append(capability)
    return stated


def hosts(entities: Sequence[NamedNode], reader: Reader, queries: QueryCatalogue) -> dict[str, NamedNode]:
    """The facility that equipment stands at or that provides a service; of several the first by IRI."""
    found: dict[str, NamedNode] = {}
    if entities:
        for entity, facility in reader.select(queries["browse-hosts"].bind(entity=entities)).rows:
            if isinstance(entity, NamedNode) and isinstance(facility, NamedNode):
                known = found.get(entity.value, facility)
                found[entity.value] = min(known, facility, key=lambda node: node.value)
    return found
