"""Demand as a data cube (W3C, The RDF Data Cube Vocabulary, 2014): its structure, its code lists, its observations.

Dimensions are month, region, capability and sector; the measure is the number of needs. Supply and gap are attributes,
for they are not known where the region is not stated.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import BASE, CODELIST, DCT, RDF, RDFS, SKOS, XSD, Namespace
from graph.publish.dataset import LICENCE, text, whole
from graph.publish.demand import Observation, PublishedDemand
from graph.store.demand import NOT_STATED, key_of

QB: Final = Namespace("http://purl.org/linked-data/cube#")
SDMX: Final = Namespace("http://purl.org/linked-data/sdmx/2009/dimension#")
DEMAND: Final = Namespace(BASE + "demand#")
DATASET: Final = NamedNode(BASE + "demand")
TITLE: Final = "Demand for research and innovation infrastructure"
ABOUT: Final = (
    "How many needs asked for a capability, by month, region and sector, of firms that agreed to be counted. "
    "Cells with few needs are left out."
)
_STRUCTURE: Final = DEMAND["structure"]
_NOT_STATED: Final = DEMAND["not-stated"]
_DIMENSIONS: Final = {
    "month": ("month in which the needs were sent", SDMX["refPeriod"], None),
    "region": ("region of the firm, at NUTS 2 at most", SDMX["refArea"], DEMAND["regions"]),
    "capability": ("capability that is asked for", None, CODELIST["capability"]),
    "sector": ("sector of the firm, by its division of NACE at most", None, DEMAND["sectors"]),
}
_LISTS: Final = {"regions": "Regions of demand", "sectors": "Sectors of demand"}

Said = tuple[NamedNode, NamedNode, NamedNode | Literal]


def cube(demand: PublishedDemand) -> list[Triple]:
    """The whole cube."""
    said = [*_dataset(), *_structure(), *_lists(demand)]
    for one in demand.observations:
        said.extend(_observation(one))
    return [Triple(*one) for one in dict.fromkeys(said)]


def _dataset() -> Iterator[Said]:
    yield DATASET, RDF["type"], QB["DataSet"]
    yield DATASET, DCT["title"], text(TITLE)
    yield DATASET, RDFS["label"], text(TITLE)
    yield DATASET, DCT["description"], text(ABOUT)
    yield DATASET, DCT["license"], LICENCE
    yield DATASET, QB["structure"], _STRUCTURE


def _structure() -> Iterator[Said]:
    yield _STRUCTURE, RDF["type"], QB["DataStructureDefinition"]
    for order, (name, (label, above, codes)) in enumerate(_DIMENSIONS.items(), 1):
        prop = DEMAND[name]
        yield from _component(name, "dimension", order)
        yield prop, RDF["type"], RDF["Property"]
        yield prop, RDF["type"], QB["DimensionProperty"]
        yield prop, RDFS["label"], text(label)
        if above is not None:
            yield prop, RDFS["subPropertyOf"], above
        if codes is None:
            yield prop, RDFS["range"], XSD["gYearMonth"]
        else:
            yield prop, RDF["type"], QB["CodedProperty"]
            yield prop, RDFS["range"], SKOS["Concept"]
            yield prop, QB["codeList"], codes
    yield from _component("needs", "measure", len(_DIMENSIONS) + 1)
    yield DEMAND["needs"], RDF["type"], RDF["Property"]
    yield DEMAND["needs"], RDF["type"], QB["MeasureProperty"]
    yield DEMAND["needs"], RDFS["label"], text("needs that ask for the capability")
    yield DEMAND["needs"], RDFS["range"], XSD["integer"]
    for name, label, kind in (
        ("supply", "facilities described in the region that cover the capability", "integer"),
        ("gap", "whether no facility described in the region covers it", "boolean"),
    ):
        yield from _component(name, "attribute", None)
        yield _part(name), QB["componentRequired"], Literal("false", datatype=XSD["boolean"])
        yield _part(name), QB["componentAttachment"], QB["Observation"]
        yield DEMAND[name], RDF["type"], RDF["Property"]
        yield DEMAND[name], RDF["type"], QB["AttributeProperty"]
        yield DEMAND[name], RDFS["label"], text(label)
        yield DEMAND[name], RDFS["range"], XSD[kind]


def _part(name: str) -> NamedNode:
    return DEMAND[f"component-{name}"]


def _component(name: str, kind: str, order: int | None) -> Iterator[Said]:
    yield _STRUCTURE, QB["component"], _part(name)
    yield _part(name), RDF["type"], QB["ComponentSpecification"]
    yield _part(name), QB[kind], DEMAND[name]
    if order is not None:
        yield _part(name), QB["order"], whole(order)


def _lists(demand: PublishedDemand) -> Iterator[Said]:
    """The codes that observations use, in their lists."""
    for name, label in _LISTS.items():
        yield DEMAND[name], RDF["type"], SKOS["ConceptScheme"]
        yield DEMAND[name], RDFS["label"], text(label)
        yield _NOT_STATED, SKOS["inScheme"], DEMAND[name]
    yield CODELIST["capability"], RDF["type"], SKOS["ConceptScheme"]
    yield _NOT_STATED, RDF["type"], SKOS["Concept"]
    yield _NOT_STATED, SKOS["prefLabel"], text("not stated")
    cells = [one.cell for one in demand.observations]
    yield from _codes((cell.region for cell in cells), DEMAND["regions"], demand)
    yield from _codes((cell.capability for cell in cells), CODELIST["capability"], demand)
    yield from _codes((cell.sector for cell in cells), DEMAND["sectors"], demand)


def _codes(iris: Iterable[str], scheme: NamedNode, demand: PublishedDemand) -> Iterator[Said]:
    for iri in sorted(set(iris) - {NOT_STATED}):
        node = NamedNode(iri)
        yield node, RDF["type"], SKOS["Concept"]
        yield node, SKOS["inScheme"], scheme
        for language, label in sorted(demand.names.get(iri, {}).items()):
            yield node, SKOS["prefLabel"], Literal(label, language=language) if language else Literal(label)


def _observation(one: Observation) -> Iterator[Said]:
    node = DEMAND[key_of(one.cell)]
    yield node, RDF["type"], QB["Observation"]
    yield node, QB["dataSet"], DATASET
    yield node, DEMAND["month"], Literal(one.cell.month, datatype=XSD["gYearMonth"])
    for name in ("region", "capability", "sector"):
        iri: str = getattr(one.cell, name)
        yield node, DEMAND[name], NamedNode(iri) if iri else _NOT_STATED
    yield node, DEMAND["needs"], whole(one.needs)
    if one.supply is not None:
        yield node, DEMAND["supply"], whole(one.supply)
        yield node, DEMAND["gap"], Literal(str(one.is_gap).lower(), datatype=XSD["boolean"])
