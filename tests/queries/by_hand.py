"""The shipped facts as plain sets and numbers, read from the Turtle files without any SPARQL."""

import math
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store

from graph.iris import CODELIST, DCT, GEO, INFRA, NUTS, RDF, SKOS, SOSA, Namespace

EIGHT = ("BE2", "NL41", "ITH5", "SE224", "DED4", "CZ064", "EE008", "LV008")
"""The regions that partners describe, as the queries have them by default."""


class ByHand:
    """What the shipped files say, and what follows from it."""

    def __init__(self, data: Store, codelists: Store) -> None:
        self.data = data
        self.codelists = codelists

    def values(self, subject: object, *properties: NamedNode) -> set[object]:
        """All that the data says at the end of a path of properties."""
        nodes: set[object] = {subject}
        for property_ in properties:
            nodes = {
                q.object
                for node in nodes
                if not isinstance(node, Literal)
                for q in self.data.quads_for_pattern(node, property_, None, None)
            }
        return nodes

    def subjects(self, property_: NamedNode, value: NamedNode | None = None) -> set[NamedNode]:
        found = self.data.quads_for_pattern(None, property_, value, None)
        return {q.subject for q in found if isinstance(q.subject, NamedNode)}

    def of_class(self, name: str, namespace: Namespace = INFRA) -> set[NamedNode]:
        return self.subjects(RDF["type"], namespace[name])

    @cached_property
    def facilities(self) -> set[NamedNode]:
        return self.of_class("Facility")

    @cached_property
    def broader(self) -> dict[str, set[str]]:
        """All concepts broader than each, or in place of it, by IRI."""
        direct: dict[str, set[str]] = defaultdict(set)
        for property_ in (SKOS["broader"], DCT["isReplacedBy"]):
            for quad in self.codelists.quads_for_pattern(None, property_, None, None):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                    direct[quad.subject.value].add(quad.object.value)
        closure: dict[str, set[str]] = {}

        def above(iri: str, seen: frozenset[str]) -> set[str]:
            if iri not in closure:
                found = set()
                for one in direct.get(iri, set()) - seen:
                    found |= {one} | above(one, seen | {one})
                closure[iri] = found
            return closure[iri]

        return {iri: above(iri, frozenset({iri})) for iri in list(direct)}

    def with_broader(self, nodes: Iterable[object]) -> set[str]:
        iris = {node.value for node in nodes if isinstance(node, NamedNode)}
        return iris | {broader for iri in iris for broader in self.broader.get(iri, ())}

    @cached_property
    def stated(self) -> dict[NamedNode, set[str]]:
        """Capabilities that each facility states: itself, by services, by equipment that is not only planned."""
        planned = CODELIST["equipment-status/planned"]
        found: dict[NamedNode, set[str]] = {}
        for facility in self.facilities:
            parts = {facility} | self.values(facility, INFRA["providesService"])
            parts |= {
                equipment
                for equipment in self.subjects(SOSA["isHostedBy"], facility)
                if planned not in self.values(equipment, INFRA["equipmentStatus"])
            }
            nodes = {value for part in parts for value in self.values(part, INFRA["capability"])}
            found[facility] = {node.value for node in nodes if isinstance(node, NamedNode)}
        return found

    @cached_property
    def covered(self) -> dict[NamedNode, set[str]]:
        """Stated capabilities and all broader ones."""
        return {f: self.with_broader(NamedNode(iri) for iri in stated) for f, stated in self.stated.items()}

    @cached_property
    def regions(self) -> dict[NamedNode, set[str]]:
        """The NUTS codes of the regions around each facility."""
        return {
            f: {iri.removeprefix(NUTS.base) for iri in self.with_broader(self.values(f, INFRA["inRegion"]))}
            for f in self.facilities
        }

    def within(self, *codes: str) -> set[NamedNode]:
        """The facilities in any of the regions."""
        return {facility for facility, around in self.regions.items() if around & set(codes)}

    def services(self, facility: NamedNode) -> set[object]:
        return self.values(facility, INFRA["providesService"], INFRA["serviceKind"])

    def access(self, facility: NamedNode) -> set[object]:
        return self.values(facility, INFRA["offersAccess"], INFRA["accessMode"])

    def place(self, facility: NamedNode) -> tuple[float, float] | None:
        """Latitude and longitude of the site of a facility, where it is known."""
        points = self.values(facility, INFRA["hasSite"], GEO["hasGeometry"], GEO["asWKT"])
        return next((_lat_lon(point.value) for point in points if isinstance(point, Literal)), None)

    def label_point(self, code: str) -> tuple[float, float]:
        """Latitude and longitude of the label point of a region."""
        [geometry] = self.codelists.quads_for_pattern(NUTS[code], GEO["hasGeometry"], None, None)
        assert isinstance(geometry.object, NamedNode)
        [wkt] = self.codelists.quads_for_pattern(geometry.object, GEO["asWKT"], None, None)
        assert isinstance(wkt.object, Literal)
        return _lat_lon(wkt.object.value)

    def km(self, place: tuple[float, float], facility: NamedNode) -> float | None:
        """Great-circle distance by the haversine formula, on a sphere of radius 6371.0088 km."""
        other = self.place(facility)
        return None if other is None else haversine(place, other)


def haversine(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two points given by latitude and longitude in degrees."""
    (lat_a, lon_a), (lat_b, lon_b) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def _lat_lon(wkt: str) -> tuple[float, float]:
    lon, lat = wkt[wkt.index("(") + 1 : wkt.index(")")].split()
    return float(lat), float(lon)
