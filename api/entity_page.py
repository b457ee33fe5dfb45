"""The page of an entity or a concept: what one wants first, what stands around it, then everything with its origin."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from fastapi import Request
from pyoxigraph import NamedNode

from api.concept_page import NAMES, concept
from api.entity_facts import Facts, months
from api.entity_look import Look, Shown
from api.entity_policy import FIRST, types
from api.negotiation import language
from api.state import service
from graph.browse.around import Around, nodes
from graph.browse.entity import Entity
from graph.browse.stated import Stated, read_stated
from graph.browse.terms import inverse
from graph.contribute.keeping.past import Moment
from graph.contribute.provenance import SOFTWARE
from graph.iris import DCT, FOAF, ID, INFRA, SCHEMA, SKOS
from graph.match.reasons import Reasons
from graph.regions.practices.record import record

_PRACTICES: Final = 6
_INSTRUMENTS: Final = 8
_TIED: Final = ("equipment", "services", "providers", "narrower", "priorities")
"""Lists of what points to an entity, which come first on its page."""


def shown(request: Request, listing: str, entity: Entity, at: Moment, today: date) -> Shown:
    """What the page says beside name, address and data."""
    running = service(request)
    tongue = language(request)
    around = Around(at.snapshot(), running.catalogue)
    look = Look(entity, around, tongue)
    stated = read_stated(
        {quad.graph_name.value for quad in entity.quads},  # type: ignore[union-attr]  # named graphs only
        around.reader,
        running.catalogue,
    )
    facts = Facts(entity, stated, tongue, today, NAMES if listing == "codelists" else ())
    first = concept(look) if listing == "codelists" else FIRST[listing](look)
    near = _around(look, listing, today)
    context: Shown = {
        "kind": listing,
        "types": types(look),
        "names": _other_names(look),
        "lead": look.texts(DCT["description"]),
        "first": first,
        "form": _form(request, look, at) if listing == "practices" else None,
        "around": near,
        "groups": facts.groups(),
        "origins": facts.origins(),
        "sources": facts.sources(),
        "confidence": look.of(INFRA["confidence"]),
        "doubts": look.texts(INFRA["statusNote"]),
        "responsible": _responsible(look, stated, facts.graphs),
        "pointing": _pointing(look, _listed(first, near)),
        "say": partial(_said, running.matcher.reasons, tongue),
    }
    return context


def _said(reasons: Reasons, tongue: str, code: str, **values: str) -> str:
    return reasons.sentence(code, tongue, **values)


def _other_names(look: Look) -> list[Shown]:
    """What it is called in other languages than the one that the page has."""
    texts = [*look.entity.objects(DCT["title"]), *look.entity.objects(SKOS["prefLabel"])]
    title = look.entity.name(look.entity.iri.value, look.language)
    found = {text.value: getattr(text, "language", None) for text in texts if text.value != title}
    return [{"text": text, "language": tongue} for text, tongue in found.items()]


def _form(request: Request, look: Look, at: Moment) -> Shown | None:
    """A practice in the form of Interreg Europe; ``None`` where nobody describes it."""
    running = service(request)
    snapshot = at.snapshot()
    kept = running.practices.of(snapshot)
    if look.entity.iri not in kept.told:
        return None
    return record(look.entity.iri, kept, running.view(snapshot, look.language))


def _around(look: Look, listing: str, today: date) -> Shown:
    """Things like it, practices and policy instruments that concern it."""
    around, iri = look.around, look.entity.iri
    if listing == "facilities":
        told = around.told([iri], [INFRA["anyCapability"], INFRA["withinRegion"]])
        capabilities = nodes(told.get((iri.value, INFRA["anyCapability"].value), ()))
        regions = nodes(told.get((iri.value, INFRA["withinRegion"].value), ()))
        return {
            "alike": _alike(look, capabilities),
            "practices": _practices(look, capabilities, around.tied(look.entity, INFRA["involvesFacility"])),
            "instruments": _instruments(look, around.instruments(regions), today),
        }
    if listing in ("equipment", "services", "policy-instruments"):
        capabilities = nodes(look.entity.objects(INFRA["capability"]))
        tied = around.tied(look.entity, INFRA["relatedPolicyInstrument"])
        return {"alike": [], "practices": _practices(look, capabilities, tied), "instruments": []}
    return {"alike": [], "practices": [], "instruments": []}


def _alike(look: Look, capabilities: list[NamedNode]) -> list[Shown]:
    found = look.around.alike(look.entity.iri, capabilities)
    told = look.around.told([one.facility for one in found], [INFRA["inRegion"]]) if found else {}
    look.learn([*(one.facility for one in found), *(c for one in found for c in one.shared)])
    look.learn(value for values in told.values() for value in values)
    return [
        {
            **look.thing(one.facility),
            "shared": [look.thing(capability) for capability in one.shared],
            "regions": look.things(told.get((one.facility.value, INFRA["inRegion"].value), ())),
        }
        for one in found
    ]


def _practices(look: Look, capabilities: list[NamedNode], tied: list[NamedNode]) -> list[Shown]:
    """Practices tied to it, then those about the same capabilities."""
    about = look.around.practices(capabilities)
    chosen = list(dict.fromkeys([*tied, *about]))[:_PRACTICES]
    look.learn([*chosen, *(c for one in chosen for c in about.get(one, ()))])
    return [
        {**look.thing(one), "is_tied": one in tied, "shared": look.things(about.get(one, ()))}
        for one in chosen
    ]


def _instruments(look: Look, found: Mapping[NamedNode, str], today: date) -> list[Shown]:
    """Policy instruments, those that still run first."""
    look.learn(found)
    rows = [{**look.thing(one), "end": end, "is_over": _is_over(end, today)} for one, end in found.items()]
    rows.sort(key=lambda row: (row["is_over"], str(row["text"]).casefold()))
    return rows[:_INSTRUMENTS]


def _is_over(end: str, today: date) -> bool:
    age = months(end if len(end) > 4 else f"{end}-12", today) if end else None
    return age is not None and age > 0


def _responsible(look: Look, stated: Mapping[str, Stated], graphs: list[str]) -> list[Shown]:
    """The partners whose contributions say something, with how one reaches each; the one that says most first."""
    held: dict[NamedNode, list[Stated]] = {}
    for graph in graphs:
        known = stated.get(graph)
        if known is not None and known.partner != ID[f"organisation/{SOFTWARE}"].value:
            held.setdefault(NamedNode(known.partner), []).append(known)
    if not held:
        return []
    ways = (SCHEMA["email"], FOAF["mbox"], FOAF["homepage"])
    told = look.around.told(held, ways)
    look.learn(held)

    def values(partner: NamedNode, *properties: NamedNode) -> list[Any]:
        return [one.value for prop in properties for one in told.get((partner.value, prop.value), ())]  # type: ignore[union-attr]

    return [
        {
            **look.thing(partner),
            "emails": values(partner, SCHEMA["email"], FOAF["mbox"]),
            "homepages": values(partner, FOAF["homepage"]),
            "contributions": several,
        }
        for partner, several in held.items()
    ]


def _listed(first: Shown, near: Shown) -> set[str]:
    """What the page lists above as tied to the entity: their IRIs."""
    several = [*first.get("ties", {}).values(), *(use["things"] for use in first.get("uses", ()))]
    several += [first.get(name, ()) for name in _TIED]
    several.append([one for one in near["practices"] if one["is_tied"]])
    return {one["iri"] for things in several for one in things if "iri" in one}


def _pointing(look: Look, listed: set[str]) -> Shown:
    """What points to it and is not listed yet, by what it says of it; parts of its own are told with it."""
    entity = look.entity
    groups: dict[str, list[NamedNode]] = {}
    for subject, prop in entity.inverse.pairs:
        whole, _, part = subject.partition("#")
        if whole != entity.iri.value:
            shown = NamedNode(whole if part and subject not in entity.names else subject)
            groups.setdefault(inverse(prop, entity.names, look.language), []).append(shown)
    look.learn(one for several in groups.values() for one in several)
    rest = {label: [one for one in several if one.value not in listed] for label, several in groups.items()}
    told = [
        {"label": label, "things": look.placed(look.things(several))}
        for label, several in rest.items()
        if several
    ]
    return {"groups": told, "is_rest": rest != groups}
