"""What comes first on the pages of facilities, equipment, services and the organisations that run them."""

from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from api.entity_look import Look, Shown, code_of
from api.entity_values import span
from graph.browse.around import Told, nodes
from graph.geometry import Point
from graph.iris import CODELIST, DCT, FOAF, GEO, INFRA, ORG, SCHEMA, SOSA, Namespace
from graph.store.answers import Term

LOCN: Final = Namespace("http://www.w3.org/ns/locn#")
_DEVICE: Final = (
    INFRA["capability"],
    INFRA["equipmentStatus"],
    INFRA["range"],
    SCHEMA["manufacturer"],
    SCHEMA["model"],
    DCT["description"],
)
_SERVICE: Final = (INFRA["serviceKind"], INFRA["capability"], DCT["description"])
_RANGE: Final = tuple(INFRA[name] for name in ("quantityKind", "lowerBound", "upperBound", "unitCode"))
_CAPABILITIES: Final = CODELIST.base + "capability/"


def facility(look: Look) -> Shown:
    """Kind, operator, place, abilities, ways in, contact; then what stands in it and what it offers."""
    entity = look.entity
    equipment, services = _equipment(look, look.around.tied(entity, SOSA["isHostedBy"])), _services(look)
    own = entity.objects(INFRA["capability"])
    through = {
        one["iri"]: one
        for row in (*equipment, *services)
        if not row.get("is_planned")
        for one in row["capabilities"]
        if one["iri"] not in {node.value for node in own}
    }
    return {
        "kinds": look.of(INFRA["facilityKind"]),
        "operators": look.of(INFRA["operatedBy"]),
        "partners": look.of(INFRA["operatingPartner"]),
        "place": place(look),
        "capabilities": look.things(own),
        "through": sorted(through.values(), key=lambda one: str(one["text"]).casefold()),
        "technologies": look.of(INFRA["keyEnablingTechnology"]),
        "sectors": look.of(INFRA["sector"]),
        "trl": [look.value(INFRA["trlMin"]), look.value(INFRA["trlMax"])],
        "access": [_offer(look, node) for node in nodes(entity.objects(INFRA["offersAccess"]))],
        "languages": look.of(DCT["language"]),
        "opened": look.texts(INFRA["openedNote"]),
        "equipment": equipment,
        "services": services,
        "codes": [*look.codes(INFRA["capability"]), *(code_of(NamedNode(iri)) for iri in through)][:8],
        "slug": entity.iri.value.rsplit("/", 1)[-1],
        **contact(look),
    }


def equipment(look: Look) -> Shown:
    """Where it stands, what it can do and reach, who made it, and how one gets to use it."""
    entity = look.entity
    hosts = nodes(entity.objects(SOSA["isHostedBy"]))
    told = look.around.told(hosts, [INFRA["inRegion"], INFRA["offersAccess"]]) if hosts else {}
    look.learn(value for values in told.values() for value in values)
    (row,) = _equipment(look, [entity.iri])
    return {
        **row,
        "hosts": [
            {**look.thing(host), "regions": look.things(told.get((host.value, INFRA["inRegion"].value), ()))}
            for host in hosts
        ],
        "codes": look.codes(INFRA["capability"])[:8],
        "slug": hosts[0].value.rsplit("/", 1)[-1] if hosts else "",
    }


def service(look: Look) -> Shown:
    """Who provides it, of which kind it is and what it is about."""
    providers = look.around.tied(look.entity, INFRA["providesService"])
    told = look.around.told(providers, [INFRA["inRegion"]]) if providers else {}
    look.learn([*providers, *(value for values in told.values() for value in values)])
    return {
        "kinds": look.of(INFRA["serviceKind"]),
        "capabilities": look.of(INFRA["capability"]),
        "languages": look.of(DCT["language"]),
        "providers": [
            {**look.thing(one), "regions": look.things(told.get((one.value, INFRA["inRegion"].value), ()))}
            for one in providers
        ],
        "codes": look.codes(INFRA["capability"])[:8],
        "service_codes": look.codes(INFRA["serviceKind"]),
        **contact(look),
    }


def organisation(look: Look) -> Shown:
    """What kind it is, and what it runs, owns, answers for and took part in."""
    around, entity = look.around, look.entity
    ties = {
        "operates": (INFRA["operatedBy"],),
        "joins": (INFRA["operatingPartner"],),
        "instruments": (Namespace("http://data.europa.eu/m8g/")["hasCompetentAuthority"],),
        "practices": (INFRA["practiceOwner"],),
        "plans": (INFRA["planOwner"],),
        "organised": (SCHEMA["organizer"],),
        "attended": (SCHEMA["attendee"],),
        "projects": (SCHEMA["member"],),
    }
    found = {
        name: [one for prop in props for one in around.tied(entity, prop)] for name, props in ties.items()
    }
    look.learn(one for several in found.values() for one in several)
    return {
        "kinds": look.of(ORG["classification"]),
        "roles": look.texts(INFRA["roleNote"]),
        "part_of": look.of(ORG["subOrganizationOf"]),
        "ties": {name: look.things(several) for name, several in found.items()},
        **contact(look),
    }


def contact(look: Look) -> Shown:
    """How one reaches it, as far as it is stated."""
    values = {
        "homepages": (FOAF["homepage"],),
        "emails": (SCHEMA["email"], FOAF["mbox"]),
        "telephones": (SCHEMA["telephone"],),
    }
    return {
        name: [one.value for prop in props for one in look.entity.objects(prop)]
        for name, props in values.items()
    }


def place(look: Look) -> Shown:
    """Address, region and points of the sites."""
    entity = look.entity
    addresses, points, precision = [], [], []
    for site in nodes(entity.objects(INFRA["hasSite"])):
        for address in nodes(entity.objects(LOCN["address"], site)):
            lines = [
                look.value(LOCN[name], part=address) for name in ("thoroughfare", "postCode", "postName")
            ]
            addresses.append(
                {
                    "lines": [one for one in lines if one],
                    "country": look.value(LOCN["adminUnitL1"], part=address),
                }
            )
        precision += look.of(INFRA["locationPrecision"], part=site)
        for geometry in nodes(entity.objects(GEO["hasGeometry"], site)):
            point = Point.from_wkt(look.value(GEO["asWKT"], part=geometry))
            points += [point] if point else []
    return {
        "addresses": addresses,
        "regions": look.of(INFRA["inRegion"]),
        "precision": precision,
        "points": [{"lon": one.lon, "lat": one.lat} for one in points],
    }


def _offer(look: Look, offer: NamedNode) -> Shown:
    """One way to get access; what it does not state is empty or ``None``, and never taken for a no."""
    open_ = look.value(INFRA["openToSmes"], part=offer)
    return {
        "modes": look.of(INFRA["accessMode"], part=offer),
        "costs": look.of(INFRA["costMode"], part=offer),
        "is_open": None if not open_ else open_ in ("true", "1"),
        "conditions": look.texts(INFRA["accessCondition"], part=offer),
        "prices": look.texts(INFRA["priceNote"], part=offer),
        "days": look.value(INFRA["leadTimeDays"], part=offer),
        "confidentiality": look.texts(INFRA["confidentialityNote"], part=offer),
    }


def _equipment(look: Look, devices: Sequence[NamedNode]) -> list[Shown]:
    told = look.around.told(devices, _DEVICE)
    ranges = [
        one for (_, prop), values in told.items() if prop == INFRA["range"].value for one in nodes(values)
    ]
    reach = look.around.told(ranges, _RANGE)
    look.learn([*devices, *_linked(told)])
    rows = []
    for device in devices:
        states = look.things(_values(told, device, INFRA["equipmentStatus"]))
        rows.append(
            {
                **look.thing(device),
                "about": look.best(_values(told, device, DCT["description"])),
                "capabilities": look.things(_values(told, device, INFRA["capability"])),
                "states": states,
                "is_planned": any(one["iri"].endswith("/planned") for one in states),
                "makers": look.best(_values(told, device, SCHEMA["manufacturer"])),
                "models": look.best(_values(told, device, SCHEMA["model"])),
                "ranges": [
                    _reach(reach, one, look.language) for one in nodes(_values(told, device, INFRA["range"]))
                ],
            }
        )
    return sorted(rows, key=lambda row: str(row["text"]).casefold())


def _reach(told: Told, node: NamedNode, language: str) -> Shown:
    kind, lower, upper, unit = (_values(told, node, prop) for prop in _RANGE)
    return span(kind[0] if kind else Literal(""), lower, upper, unit, language)


def _services(look: Look) -> list[Shown]:
    offered = nodes(look.entity.objects(INFRA["providesService"]))
    told = look.around.told(offered, _SERVICE)
    look.learn([*offered, *_linked(told)])
    rows = [
        {
            **look.thing(one),
            "kinds": look.things(_values(told, one, INFRA["serviceKind"])),
            "capabilities": look.things(_values(told, one, INFRA["capability"])),
            "about": look.best(_values(told, one, DCT["description"])),
        }
        for one in offered
    ]
    return sorted(rows, key=lambda row: str(row["text"]).casefold())


def _values(told: Told, subject: NamedNode, prop: NamedNode) -> Sequence[Any]:
    return told.get((subject.value, prop.value), ())


def _linked(told: Told) -> list[Term]:
    return [value for values in told.values() for value in values]
