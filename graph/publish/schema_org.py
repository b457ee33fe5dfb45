"""What search engines read of an entity: schema.org in JSON-LD (https://schema.org/docs/gs.html).

A facility is told as a research organisation at a place, for schema.org has no word for a resource that is offered.
Only what is stated is told.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import Entity
from graph.geometry import Point
from graph.iris import CODELIST, DCT, FOAF, GEO, INFRA, ORG, SCHEMA, SKOS, Namespace
from graph.publish.dataset import ABOUT, DATASET, LICENCE, TITLE, State

_LOCN: Final = Namespace("http://www.w3.org/ns/locn#")
_UNSAFE: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_KINDS: Final = {
    "university": "CollegeOrUniversity",
    "rto": "ResearchOrganization",
    "public-body": "GovernmentOrganization",
}
_MOST: Final = 50
"""Names told of a list, such as the capabilities of a facility."""

Thing = dict[str, Any]


def script_safe(thing: Thing) -> str:
    """JSON that can stand in a script element of a page: it holds nothing that ends the element."""
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def of_entity(listing: str, entity: Entity, page: str, language: str) -> Thing | None:
    """An entity for search engines, or ``None`` for kinds that schema.org has no word for."""
    told = _TELLERS.get(listing)
    if told is None or not entity.quads:
        return None
    about = _About(entity, language)
    thing = {
        "@context": "https://schema.org",
        "@id": entity.iri.value,
        **told(about),
        "name": entity.name(entity.iri.value, language),
        "description": about.text(DCT["description"]),
        "url": about.link(FOAF["homepage"]) or page,
        "mainEntityOfPage": page,
        "sameAs": [iri for iri in about.iris(FOAF["page"]) if iri.startswith(("http://", "https://"))],
    }
    return {key: value for key, value in thing.items() if value not in (None, [], "")}


def of_dataset(state: State) -> Thing:
    """The whole dataset, for the home page."""
    downloads = [
        {
            "@type": "DataDownload",
            "contentUrl": state.at(f"dump.{form.ending}").value,
            "encodingFormat": form.media_type,
        }
        for form, _ in state.files
    ]
    thing: Thing = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": DATASET.value,
        "name": TITLE,
        "description": ABOUT,
        "url": state.at("").value,
        "version": str(state.revision),
        "dateModified": state.changed,
        "isAccessibleForFree": True,
        "keywords": ["research infrastructure", "innovation", "laboratories", "regions of Europe"],
        "publisher": {"@type": "Organization", "name": state.publisher},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": state.at("catalog").value},
        "distribution": downloads,
    }
    if state.is_all_licensed:
        thing["license"] = LICENCE.value
    return thing


class _About:
    """The statements of an entity by property."""

    def __init__(self, entity: Entity, language: str) -> None:
        self._entity = entity
        self._language = language

    def values(self, predicate: NamedNode, subject: NamedNode | None = None) -> Iterator[NamedNode | Literal]:
        for quad in self._entity.quads:
            if quad.predicate == predicate and quad.subject == (subject or self._entity.iri):
                value = quad.object
                if isinstance(value, NamedNode | Literal):
                    yield value

    def text(self, predicate: NamedNode, subject: NamedNode | None = None) -> str | None:
        """The text in the language of the page, in English, or in any."""
        texts = {v.language: v.value for v in self.values(predicate, subject) if isinstance(v, Literal)}
        return texts.get(self._language) or texts.get("en") or next(iter(texts.values()), None)

    def iris(self, predicate: NamedNode) -> list[str]:
        return [value.value for value in self.values(predicate) if isinstance(value, NamedNode)]

    def link(self, predicate: NamedNode) -> str | None:
        return next((iri for iri in self.iris(predicate) if iri.startswith(("http://", "https://"))), None)

    def names(self, predicate: NamedNode) -> list[str]:
        """The names of things in the language of the page."""
        return [self._entity.name(iri, self._language) for iri in self.iris(predicate)][:_MOST]

    def named(self, predicate: NamedNode, kind: str) -> list[Thing]:
        """Things by their IRIs and names."""
        return [
            {"@type": kind, "@id": iri, "name": self._entity.name(iri, self._language)}
            for iri in self.iris(predicate)[:_MOST]
        ]

    def place(self) -> Thing | None:
        """The site: its address and its point."""
        for site in self.values(INFRA["hasSite"]):
            if isinstance(site, NamedNode):
                found = {"@type": "Place", "address": self._address(site), "geo": self._point(site)}
                told = {key: value for key, value in found.items() if value}
                if len(told) > 1:
                    return told
        return None

    def _address(self, site: NamedNode) -> Thing | None:
        for node in self.values(_LOCN["address"], site):
            if isinstance(node, NamedNode):
                parts = {
                    "streetAddress": self.text(_LOCN["thoroughfare"], node),
                    "postalCode": self.text(_LOCN["postCode"], node),
                    "addressLocality": self.text(_LOCN["postName"], node),
                    "addressCountry": self.text(_LOCN["adminUnitL1"], node),
                }
                return {"@type": "PostalAddress", **{key: value for key, value in parts.items() if value}}
        return None

    def _point(self, site: NamedNode) -> Thing | None:
        for node in self.values(GEO["hasGeometry"], site):
            wkt = self.text(GEO["asWKT"], node) if isinstance(node, NamedNode) else None
            point = Point.from_wkt(wkt or "")
            if point is not None:
                return {"@type": "GeoCoordinates", "latitude": point.lat, "longitude": point.lon}
        return None


def _facility(about: _About) -> Thing:
    return {
        "@type": "ResearchOrganization",
        "location": about.place(),
        "parentOrganization": about.named(INFRA["operatedBy"], "Organization"),
        "knowsAbout": about.names(INFRA["capability"]),
        "email": about.text(SCHEMA["email"]),
        "telephone": about.text(SCHEMA["telephone"]),
    }


def _organisation(about: _About) -> Thing:
    kinds = [iri.rpartition("/")[2] for iri in about.iris(ORG["classification"]) if iri in CODELIST]
    return {
        "@type": next((_KINDS[kind] for kind in kinds if kind in _KINDS), "Organization"),
        "alternateName": about.text(SKOS["altLabel"]),
        "parentOrganization": about.named(ORG["subOrganizationOf"], "Organization"),
    }


def _service(about: _About) -> Thing:
    return {"@type": "Service", "serviceType": about.names(INFRA["serviceKind"])}


def _event(about: _About) -> Thing:
    where = about.text(SCHEMA["location"])
    return {
        "@type": "Event",
        "startDate": about.text(SCHEMA["startDate"]),
        "endDate": about.text(SCHEMA["endDate"]),
        "location": {"@type": "Place", "name": where} if where else None,
        "organizer": about.named(SCHEMA["organizer"], "Organization"),
    }


_TELLERS: Final[Mapping[str, Callable[[_About], Thing]]] = {
    "facilities": _facility,
    "organisations": _organisation,
    "services": _service,
    "events": _event,
}
