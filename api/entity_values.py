"""One value of a statement as people read it: what kind of thing it is and what to show, for templates to word."""

from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.browse.entity import Entity, address
from graph.browse.terms import plain, quantity, term
from graph.geometry import Point
from graph.iris import BASE, GENID, GEO, INFRA, NACE, NUTS, RDF, SCHEMA, XSD, compact
from graph.match.units import units

_LANGUAGES: Final = "http://publications.europa.eu/resource/authority/language/"
_COUNTRIES: Final = "http://publications.europa.eu/resource/authority/country/"
_QUANTITIES: Final = "http://qudt.org/vocab/quantitykind/"
_DAYS: Final = {XSD[name] for name in ("date", "dateTime", "gYear", "gYearMonth")}
_NUMBERS: Final = {
    XSD[name] for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
}
_SHARES: Final = {INFRA["fundingRate"]}
_EURO: Final = {INFRA["minimumGrantEur"], INFRA["maximumGrantEur"]}
_LAND: Final = "http://www.w3.org/ns/locn#adminUnitL1"
_CURRENCIES: Final = (SCHEMA["currency"], INFRA["turnoverCurrency"])
_OTHER_UNITS: Final = {"NUM": "", "M2": "m²", "HA": "ha", "TONNE": "t", "PERCENT": "%", "MACH": "Mach"}
_LONGEST: Final = 70
_DEEPEST: Final = 4


def thing(entity: Entity, node: NamedNode, language: str) -> dict[str, Any]:
    """A thing with its name and where it leads to."""
    iri = node.value
    named = entity.names.get(iri)
    if iri.startswith((_LANGUAGES, _COUNTRIES)):
        kind = "language" if iri.startswith(_LANGUAGES) else "country"
        return {"kind": kind, "text": iri.rsplit("/", 1)[-1], "iri": iri}
    if iri.startswith(_QUANTITIES):
        return {"kind": "text", "text": quantity(iri, language), "language": None}
    text = entity.name(iri, language) if named else _called(iri)
    return {"kind": "thing", "text": text, "iri": iri, "url": page_of(iri)}


def page_of(iri: str) -> str | None:
    """The page here about an entity, a concept, a region or a sector."""
    if iri in NUTS:
        return f"/regions/{iri.removeprefix(NUTS.base)}"
    if iri in NACE:
        return f"/codelists/nace/{iri.removeprefix(NACE.base)}"
    return address(iri)


def _called(iri: str) -> str:
    """A thing without a name: the end of an IRI of ours, the address of a page elsewhere without what all have."""
    if iri.startswith(BASE):
        return plain(iri)
    if not iri.startswith(("http://", "https://")):
        return compact(iri)
    text = iri.partition("://")[2].removeprefix("www.").rstrip("/")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def value(
    entity: Entity,
    prop: NamedNode,
    term_: NamedNode | Literal,
    subject: NamedNode,
    language: str,
    depth: int = 0,
) -> dict[str, Any]:
    """A value of a property of the entity or of one of its parts."""
    if isinstance(term_, NamedNode):
        if prop == RDF["type"]:
            return {**thing(entity, term_, language), "text": term(term_.value, entity.names, language)}
        if is_part(entity, term_) and depth < _DEEPEST:
            return part(entity, term_, language, depth)
        return thing(entity, term_, language)
    text, kind = term_.value, term_.datatype
    if term_.language:
        return {"kind": "text", "text": text, "language": term_.language}
    if kind == XSD["boolean"]:
        return {"kind": "yes" if text in ("true", "1") else "no", "text": text}
    if kind in _DAYS:
        return {"kind": "day", "text": text}
    if kind == XSD["duration"]:
        return {"kind": "period", "text": text}
    if kind == GEO["wktLiteral"]:
        point = Point.from_wkt(text)
        return {"kind": "point", "text": text, "lon": point.lon, "lat": point.lat} if point else _plain(text)
    if kind in _NUMBERS:
        return _number(entity, prop, text, subject)
    if prop.value == _LAND:
        return {"kind": "country", "text": text}
    if prop == INFRA["unitCode"]:
        return _plain(unit(text) or text)
    return _plain(text)


def _plain(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text, "language": None}


def _number(entity: Entity, prop: NamedNode, text: str, subject: NamedNode) -> dict[str, Any]:
    if prop in _SHARES:
        return {"kind": "share", "text": text}
    if prop in _EURO:
        return {"kind": "money", "text": text, "currency": "EUR"}
    currency = next((v.value for c in _CURRENCIES for v in entity.objects(c, subject)), None)
    if currency is not None and len(currency) == 3 and currency.isalpha():
        return {"kind": "money", "text": text, "currency": currency.upper()}
    code = next((v.value for v in entity.objects(INFRA["unitCode"], subject)), "")
    if (
        len(code) == 3
        and code.isalpha()
        and code.isupper()
        and code not in _OTHER_UNITS
        and code not in units()
    ):
        return {"kind": "money", "text": text, "currency": code}
    return {"kind": "number", "text": text, "unit": unit(code)}


def unit(code: str) -> str:
    """The symbol of a unit of QUDT; of one that is not known its code."""
    if code in _OTHER_UNITS:
        return _OTHER_UNITS[code]
    known = units().get(code)
    return str(known["symbols"][0]) if known else code


def is_part(entity: Entity, node: NamedNode) -> bool:
    """Whether a node is described with the entity and has no page of its own."""
    owned = node.value in GENID or node.value.startswith(f"{entity.iri.value}#")
    return owned and any(quad.subject == node for quad in entity.quads)


def part(entity: Entity, node: NamedNode, language: str, depth: int = 0) -> dict[str, Any]:
    """A part with its fields; a range of a quantity as one value."""
    bounds = [entity.objects(INFRA[name], node) for name in ("lowerBound", "upperBound")]
    kinds = entity.objects(INFRA["quantityKind"], node)
    if kinds and any(bounds):
        return span(kinds[0], bounds[0], bounds[1], entity.objects(INFRA["unitCode"], node), language)
    return {"kind": "part", "iri": node.value, "fields": fields(entity, node, language, depth + 1)}


def span(
    kind: Any, lower: Sequence[Any], upper: Sequence[Any], units_: Sequence[Any], language: str
) -> dict[str, Any]:
    """A range of a quantity: what it is, from where, to where, in which unit."""
    return {
        "kind": "range",
        "text": quantity(kind.value, language),
        "lower": lower[0].value if lower else None,
        "upper": upper[0].value if upper else None,
        "unit": unit(units_[0].value) if units_ else "",
    }


def fields(entity: Entity, subject: NamedNode, language: str, depth: int = 0) -> list[dict[str, Any]]:
    """The statements about a part, by property; those that say only what a value beside them is in are left out."""
    found: dict[NamedNode, list[dict[str, Any]]] = {}
    for quad in entity.quads:
        if quad.subject != subject or quad.predicate in (*_CURRENCIES, INFRA["unitCode"], RDF["type"]):
            continue
        if isinstance(quad.object, NamedNode | Literal) and quad.object != entity.iri:
            shown = value(entity, quad.predicate, quad.object, subject, language, depth)
            several = found.setdefault(quad.predicate, [])
            if shown not in several:
                several.append(shown)
    return [
        {"property": prop.value, "label": term(prop.value, entity.names, language), "values": several}
        for prop, several in found.items()
    ]
