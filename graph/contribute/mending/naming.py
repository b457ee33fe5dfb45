"""Addresses of entities in their plain form: the kind in the singular, a name of lower-case words and hyphens."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from pyoxigraph import NamedNode

from graph.contribute.mending.terms import Terms
from graph.iris import BASE, ID, INFRA, KINDS, ORG, SCHEMA, SLUG

_INSTRUMENTS = ("PolicyInstrument", "SupportScheme", "FundingProgramme", "Strategy", "Regulation")
_EVENTS = ("StudyVisit", "PeerReview", "Conference", "SteeringMeeting", "StakeholderMeeting", "Workshop")
_KIND_OF: Final = {
    INFRA["Facility"]: "facility",
    INFRA["Equipment"]: "equipment",
    INFRA["Service"]: "service",
    ORG["Organization"]: "organisation",
    INFRA["GoodPractice"]: "practice",
    INFRA["ActionPlan"]: "action-plan",
    INFRA["S3Priority"]: "s3-priority",
    SCHEMA["Event"]: "event",
    SCHEMA["ResearchProject"]: "project",
    **dict.fromkeys((INFRA[name] for name in _INSTRUMENTS), "policy-instrument"),
    **dict.fromkeys((INFRA[name] for name in _EVENTS), "event"),
}
_ALSO: Final = {
    "organization": "organisation",
    "organizations": "organisation",
    "organisations": "organisation",
}


def plain_address(iri: str, classes: Iterable[NamedNode], terms: Terms) -> str | None:
    """The plain form of an entity's address; ``None`` where the name or the kind is not certain."""
    kinds = {_KIND_OF[kind] for kind in classes if kind in _KIND_OF}
    found = terms.namespace_of(iri)
    if len(kinds) != 1 or found is None or found[0] != BASE:
        return None
    (kind,) = kinds
    parts = [part for part in found[1].split("/") if part]
    if parts[:1] == ["id"]:
        parts = parts[1:]
    if len(parts) != 2 or _singular(parts[0]) != kind:
        return None
    slug = re.sub(r"[\s_.~-]+", "-", unquote(parts[1]).lower()).strip("-")
    return f"{ID.base}{kind}/{slug}" if SLUG.fullmatch(slug) else None


def _singular(kind: str) -> str:
    word = re.sub(r"(?<=[a-z])(?=[A-Z])|_", "-", kind).lower()
    plurals = {plural: single for single, plural in KINDS.items()}
    return _ALSO.get(word) or plurals.get(word) or word
