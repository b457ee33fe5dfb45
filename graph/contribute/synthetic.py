"""Synthetic facilities for measurements: any number, seeded, conforming, and marked as not real.

Capabilities, sectors and kinds are drawn by the Zipf-Mandelbrot law, regions evenly. The same count and seed
give the same bytes on every machine, and the first facilities of a larger number are those of a smaller one.
"""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import Literal

from graph.contribute.choices import (
    Draw,
    Ranked,
    SmallRegion,
    english_labels,
    nearby_capabilities,
    small_regions,
)
from graph.errors import InputError
from graph.iris import CODELIST, ID, PREFIXES

STATUS_NOTE = "Synthetic record for measurements; it describes nothing real."

_FACILITIES_PER_ORGANISATION = 5
_SPREAD = 1_900
"""How far a site may lie from its region's label point, in ten-thousandths of a degree each way: 30 km."""

_PREFIXES = {
    **{name: PREFIXES[name] for name in ("infra", "cap", "nuts", "nace", "dct", "skos", "xsd")},
    **{name: PREFIXES[name] for name in ("geo", "locn", "org", "foaf", "sosa", "schema")},
    **{kind: f"{ID.base}{kind}/" for kind in ("facility", "service", "equipment", "organisation")},
    "quantity": "http://qudt.org/vocab/quantitykind/",
    "language": "http://publications.europa.eu/resource/authority/language/",
}
_COUNTRY = {"EL": "GR", "UK": "GB"}
"""Countries whose NUTS prefix is not their ISO 3166 code."""

_RANGES = (
    ("Temperature", "DEG_C", -70, 180),
    ("Force", "KiloN", 1, 2_500),
    ("Frequency", "HZ", 1, 40_000),
    ("Length", "M", 1, 60),
    ("Pressure", "BAR", 1, 700),
    ("Mass", "KiloGM", 1, 12_000),
)
"""Quantity kinds of equipment with QUDT units and the outermost bounds."""


class _Facilities:
    """Writes one facility after the other; keeps code lists and the generator's state, nothing that grows."""

    def __init__(self, seed: int) -> None:
        self._draw = draw = Draw(seed)
        self._near = nearby_capabilities()
        self._labels = english_labels("capability")
        self._kind_labels = english_labels("facility-kind")
        self._service_labels = english_labels("service-kind")
        self._capabilities = Ranked(list(self._near), draw)
        self._kinds = Ranked(list(self._kind_labels), draw)
        self._services = Ranked(list(self._service_labels), draw)
        self._access = Ranked(list(english_labels("access-mode")), draw)
        self._costs = Ranked(list(english_labels("cost-mode")), draw)
        self._technologies = Ranked(list(english_labels("ket")), draw)
        self._operators = Ranked(list(english_labels("organisation-kind")), draw)
        self._sectors = Ranked([code for code in english_labels("nace") if len(code) == 2], draw)
        self._regions = small_regions()

    def facility(self, number: int) -> str:
        """The Turtle of a facility with services and equipment, and of its operator where it is the first."""
        draw, slug = self._draw, f"synthetic-{number:06}"
        operator, first = divmod(number - 1, _FACILITIES_PER_ORGANISATION)
        region = draw.one(self._regions)
        capabilities = self._some_capabilities(min(draw.between(2, 8), draw.between(2, 8)))
        kind = self._kinds.one()
        name = f"{_capital(self._kind_labels[kind])} {number:06}, {region.name}"
        services = [
            f"service:{slug}-{place}" for place in range(1, min(draw.between(1, 4), draw.between(1, 4)) + 1)
        ]
        about = ", ".join(self._labels[code] for code in capabilities[:3])
        facts = [
            "a infra:Facility",
            f'dct:identifier "{slug}"',
            f"dct:title {_text(name)}",
            f"dct:description {_text(f'{name}: {about}. {STATUS_NOTE}')}",
            f"infra:facilityKind <{CODELIST.base}facility-kind/{kind}>",
            f"infra:operatedBy organisation:synthetic-{operator + 1:06}",
            f"infra:inRegion nuts:{region.code}",
            f"infra:hasSite {self._site(region)}",
            f"infra:capability {' , '.join(f'cap:{code}' for code in capabilities)}",
            f"infra:providesService {' , '.join(services)}",
            f"foaf:homepage <https://example.org/facilities/{slug}>",
            f"infra:statusNote {_text(STATUS_NOTE)}",
            f"dct:source <https://example.org/sources/{slug}>",
            *self._further_facts(slug),
        ]
        parts = [_entity(f"facility:{slug}", facts)]
        parts += [self._service(service, draw.one(capabilities)) for service in services]
        for place in range(1, max(0, draw.between(-3, 2)) + 1):
            parts.append(self._equipment(f"{slug}-{place}", slug, draw.one(capabilities)))
        if first == 0:
            parts.append(self._operator(f"synthetic-{operator + 1:06}", region))
        return "".join(parts)

    def _some_capabilities(self, count: int) -> list[str]:
        """Distinct capabilities; about half of them stand near the first in the scheme."""
        first = self._capabilities.one()
        found = {first: None}
        while len(found) < count:
            near = self._near[first] if self._draw.chance(0.5) else []
            found[self._draw.one(near) if near else self._capabilities.one()] = None
        return list(found)

    def _site(self, region: SmallRegion) -> str:
        lon = region.lon + self._draw.between(-_SPREAD, _SPREAD)
        lat = region.lat + self._draw.between(-_SPREAD, _SPREAD)
        country = _COUNTRY.get(region.code[:2], region.code[:2])
        return (
            f"[ a dct:Location ; locn:address [ a locn:Address ; locn:postName {Literal(region.name)} ;"
            f' locn:adminUnitL1 "{country}" ] ; geo:hasGeometry [ a geo:Geometry ;'
            f' geo:asWKT "POINT ({_degrees(lon)} {_degrees(lat)})"^^geo:wktLiteral ] ;'
            f" infra:locationPrecision <{CODELIST.base}location-precision/city> ]"
        )

    def _further_facts(self, slug: str) -> Iterator[str]:
        """What only some facilities state."""
        draw = self._draw
        if draw.chance(0.7):
            smes = "true" if draw.chance(0.85) else "false"
            access, cost = self._access.one(), self._costs.one()
            yield (
                "infra:offersAccess [ a infra:AccessOffer ;"
                f" infra:accessMode <{CODELIST.base}access-mode/{access}> ;"
                f" infra:costMode <{CODELIST.base}cost-mode/{cost}> ; infra:openToSmes {smes} ]"
            )
        if draw.chance(0.6):
            yield f"infra:sector nace:{self._sectors.one()}"
        if draw.chance(0.4):
            yield f"infra:keyEnablingTechnology <{CODELIST.base}ket/{self._technologies.one()}>"
        if draw.chance(0.3):
            lowest = draw.between(1, 7)
            yield f"infra:trlMin {lowest} ; infra:trlMax {draw.between(lowest, 9)}"
        if draw.chance(0.2):
            yield "dct:language language:ENG"
        if draw.chance(0.3):
            yield f'schema:email "{slug}@example.org"'
        if draw.chance(0.4):
            yield f"infra:confidence <{CODELIST.base}confidence/{draw.one(('high', 'medium', 'low'))}>"

    def _service(self, name: str, capability: str) -> str:
        kind = self._services.one()
        title = f"{_capital(self._service_labels[kind])}: {self._labels[capability]}"
        facts = [
            "a infra:Service",
            f"dct:title {_text(title)}",
            f"infra:serviceKind <{CODELIST.base}service-kind/{kind}>",
        ]
        if self._draw.chance(0.4):
            facts.append(f"infra:capability cap:{capability}")
        return _entity(name, facts)

    def _equipment(self, slug: str, host: str, capability: str) -> str:
        facts = [
            "a infra:Equipment",
            f"dct:title {_text(f'Equipment for {self._labels[capability]}')}",
            f"sosa:isHostedBy facility:{host}",
            f"infra:capability cap:{capability}",
        ]
        if self._draw.chance(0.8):
            quantity, unit, least, most = self._draw.one(_RANGES)
            lower = self._draw.between(least, (least + most) // 2)
            facts.append(
                f"infra:range [ infra:quantityKind quantity:{quantity} ; infra:lowerBound {lower}.0 ;"
                f' infra:upperBound {self._draw.between(lower, most)}.0 ; infra:unitCode "{unit}" ]'
            )
        if self._draw.chance(0.1):
            facts.append(f"infra:equipmentStatus <{CODELIST.base}equipment-status/planned>")
        return _entity(f"equipment:{slug}", facts)

    def _operator(self, slug: str, region: SmallRegion) -> str:
        facts = [
            "a org:Organization",
            f"skos:prefLabel {_text(f'Synthetic operator {slug[-6:]}')}",
            f"org:classification <{CODELIST.base}organisation-kind/{self._operators.one()}>",
            f"foaf:homepage <https://example.org/organisations/{slug}>",
            f"infra:inRegion nuts:{region.code}",
            f"dct:source <https://example.org/sources/{slug}>",
        ]
        return _entity(f"organisation:{slug}", facts)


def _entity(name: str, facts: Sequence[str]) -> str:
    return f"\n{name}\n    " + " ;\n    ".join(facts) + " .\n"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(text: str) -> str:
    return str(Literal(text, language="en"))


def _degrees(ten_thousandths: int) -> str:
    whole, part = divmod(abs(ten_thousandths), 10_000)
    return f"{'-' if ten_thousandths < 0 else ''}{whole}.{part:04}"


def facilities(count: int, seed: int = 2026) -> Iterator[str]:
    """Turtle of synthetic facilities: first the prefixes, then one facility after the other with its parts.

    Raises ``InputError`` for a count below 0.
    """
    if count < 0:
        raise InputError(f"{count} facilities cannot be made; give 0 or more")
    yield f"# {STATUS_NOTE} {count} facilities, seed {seed}.\n" + "".join(
        f"@prefix {name}: <{base}> .\n" for name, base in _PREFIXES.items()
    )
    source = _Facilities(seed)
    for number in range(1, count + 1):
        yield source.facility(number)


def write(count: int, path: Path, seed: int = 2026) -> None:
    """Write synthetic facilities into a file, packed where its name ends in ``.gz``.

    The packed file holds neither name nor time, so that it too is the same each time.
    """
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as packed:
                packed.writelines(text.encode() for text in facilities(count, seed))
        else:
            file.writelines(text.encode() for text in facilities(count, seed))
