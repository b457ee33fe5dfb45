"""What comes first on the pages of policy instruments, practices, events, action plans, projects and regions."""

from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import NamedNode

from api.entity_capacity import contact, equipment, facility, organisation, service
from api.entity_look import Look, Shown, code_of
from api.entity_values import value
from graph.browse.around import nodes
from graph.iris import DCT, FOAF, INFRA, RDF, SCHEMA, SKOS, Namespace

CV: Final = Namespace("http://data.europa.eu/m8g/")


def instrument(look: Look) -> Shown:
    """What it pays for, for whom, how much of it, from when to when, and on which conditions."""
    entity = look.entity
    return {
        "kinds": look.of(INFRA["policyInstrumentKind"]),
        "funds": look.texts(INFRA["fundsNote"]),
        "for_whom": look.texts(INFRA["beneficiaryNote"]),
        "budget": look.texts(INFRA["budgetNote"]),
        "rate": look.value(INFRA["fundingRate"]),
        "least": look.value(INFRA["minimumGrantEur"]),
        "most": look.value(INFRA["maximumGrantEur"]),
        "regions": look.of(INFRA["inRegion"]),
        "authorities": look.of(CV["hasCompetentAuthority"]),
        "authority_notes": look.texts(INFRA["authorityNote"]),
        "capabilities": look.of(INFRA["capability"]),
        "before": look.of(INFRA["predecessor"]),
        "conditions": [_condition(look, node) for node in nodes(entity.objects(CV["holdsRequirement"]))],
        "codes": look.codes(INFRA["capability"])[:8],
        **dates(look),
        **contact(look),
    }


def _condition(look: Look, node: NamedNode) -> Shown:
    entity = look.entity
    bounds = {
        name: next(
            (
                value(entity, INFRA[name], one, node, look.language)
                for one in entity.objects(INFRA[name], node)
            ),
            None,
        )
        for name in ("lowerBound", "upperBound")
    }
    return {
        "titles": look.texts(DCT["title"], part=node),
        "about": look.of(CV["hasConcept"], part=node),
        "accepted": look.of(INFRA["acceptedValue"], part=node),
        "lower": bounds["lowerBound"],
        "upper": bounds["upperBound"],
    }


def practice(look: Look) -> Shown:
    """Where, who, when and about what; its form follows, which ``api.practices`` tells."""
    return {
        "themes": look.of(INFRA["practiceTheme"]),
        "regions": look.of(INFRA["inRegion"]),
        "owners": look.of(INFRA["practiceOwner"]),
        "capabilities": look.of(INFRA["capability"]),
        "pages": [one.value for one in look.entity.objects(FOAF["page"])],
        "when": look.texts(INFRA["dateNote"]),
    }


def event(look: Look) -> Shown:
    """When and where, who came, what it was about, what was seen, and who learned what from whom."""
    entity = look.entity
    learned = nodes(entity.objects(INFRA["learnedPractice"]))
    told = look.around.told(learned, [INFRA["practiceOwner"], INFRA["inRegion"]]) if learned else {}
    look.learn(one for several in told.values() for one in several)
    return {
        "when": look.texts(INFRA["dateNote"]),
        "places": look.texts(SCHEMA["location"]),
        "regions": look.of(INFRA["inRegion"]),
        "hosts": look.of(SCHEMA["organizer"]),
        "host_notes": look.texts(INFRA["hostNote"]),
        "guests": look.of(SCHEMA["attendee"]),
        "guest_notes": look.texts(INFRA["participantNote"]),
        "topics": look.texts(INFRA["topic"]),
        "visited": look.of(INFRA["visitedFacility"]),
        "visited_notes": look.texts(INFRA["visitedSiteNote"]),
        "projects": look.of(DCT["isPartOf"]),
        "learned": [
            {
                **look.thing(one),
                "owners": look.things(told.get((one.value, INFRA["practiceOwner"].value), ())),
                "regions": look.things(told.get((one.value, INFRA["inRegion"].value), ())),
            }
            for one in learned
        ],
        **dates(look),
    }


def plan(look: Look) -> Shown:
    """Whose plan it is, what it wants to improve, its actions, and what inspired each."""
    actions = look.around.tied(look.entity, INFRA["partOfPlan"])
    told = look.around.told(
        actions, [INFRA["inspiredBy"], INFRA["improves"], INFRA["statusNote"], DCT["description"]]
    )
    look.learn([*actions, *(one for several in told.values() for one in several)])

    def of(action: NamedNode, prop: NamedNode) -> list[Shown]:
        return look.things(told.get((action.value, prop.value), ()))

    return {
        "owners": look.of(INFRA["planOwner"]),
        "instruments": look.texts(INFRA["instrumentNote"]),
        "authorities": look.texts(INFRA["authorityNote"]),
        "progress": look.texts(INFRA["progressNote"]),
        "projects": look.of(DCT["isPartOf"]),
        "actions": [
            {
                **look.thing(one),
                "inspired": of(one, INFRA["inspiredBy"]),
                "improves": of(one, INFRA["improves"]),
                "notes": look.best(
                    note
                    for prop in (DCT["description"], INFRA["statusNote"])
                    for note in told.get((one.value, prop.value), ())
                ),
            }
            for one in actions
        ],
    }


def project(look: Look) -> Shown:
    """Who takes part, when it ran, and what came of it."""
    parts = look.around.tied(look.entity, DCT["isPartOf"])
    look.learn(parts)
    kinds = {"events": "event", "plans": "action-plan", "practices": "practice"}
    return {
        "members": look.of(SCHEMA["member"]),
        "programme": look.texts(INFRA["programmeNote"]),
        "short": look.texts(SKOS["altLabel"]),
        "ties": {
            name: look.things(one for one in parts if f"/id/{kind}/" in one.value)
            for name, kind in kinds.items()
        },
        **dates(look),
        **contact(look),
    }


def region(look: Look) -> Shown:
    """Which region it is, what it wants to be good at, and the ways on from here."""
    priorities = look.around.tied(look.entity, INFRA["inRegion"])
    priorities = [one for one in priorities if "/id/s3-priority/" in one.value]
    named = nodes(look.entity.objects(INFRA["hasS3Priority"]))
    look.learn([*priorities, *named])
    narrower = look.around.tied(look.entity, SKOS["broader"])
    look.learn(narrower)
    return {
        "code": look.value(SKOS["notation"]) or code_of(look.entity.iri),
        "level": look.value(INFRA["nutsLevel"]),
        "broader": look.of(SKOS["broader"]),
        "narrower": look.things(narrower),
        "priorities": look.things([*named, *priorities]),
        "stakeholders": look.of(INFRA["hasStakeholder"]),
    }


def priority(look: Look) -> Shown:
    """The region that has it, and the capabilities that serve it."""
    return {
        "regions": look.of(INFRA["inRegion"]),
        "region_codes": look.codes(INFRA["inRegion"]),
        "capabilities": look.of(INFRA["priorityCapability"]),
        "codes": look.codes(INFRA["priorityCapability"]),
        "notes": look.texts(INFRA["statusNote"]),
    }


def dates(look: Look) -> Shown:
    """When it begins and ends, as it is stated: a day, a month or a year."""
    return {"start": look.value(SCHEMA["startDate"]), "end": look.value(SCHEMA["endDate"])}


def types(look: Look) -> list[Shown]:
    """What it is said to be, beside being an entry of a code list."""
    return [
        value(look.entity, RDF["type"], one, look.entity.iri, look.language)
        for one in look.entity.objects(RDF["type"])
        if one != SKOS["Concept"]
    ]


FIRST: Final[Mapping[str, Callable[[Look], Shown]]] = {
    "facilities": facility,
    "equipment": equipment,
    "services": service,
    "organisations": organisation,
    "policy-instruments": instrument,
    "practices": practice,
    "events": event,
    "action-plans": plan,
    "projects": project,
    "regions": region,
    "s3-priorities": priority,
}
"""What comes first, by the list that an entity belongs to."""
