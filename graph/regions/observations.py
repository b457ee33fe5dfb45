"""The figures of a profile as a data cube (W3C, The RDF Data Cube Vocabulary, 2014).

An observation is an ``infra:RegionIndicator``. Its dimensions are region, query, item and revision; its measure is the
value; numerator, denominator, coverage and caveats are attributes. The indicator's query says how to count again.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import BASE, DCT, INFRA, NUTS, PREFIXES, RDF, RDFS, SKOS, XSD, Namespace
from graph.match.view import View
from graph.regions.indicators import Figure, Indicator, Number, caveats_json

QB: Final = Namespace("http://purl.org/linked-data/cube#")
CUBE: Final = Namespace(BASE + "regions/indicators#")
CUBE_PREFIXES: Final = {**PREFIXES, "qb": QB.base}
_STRUCTURE: Final = CUBE["structure"]
_WHOLE: Final = CUBE["whole"]
_DIMENSIONS: Final = ("indicatorRegion", "indicatorQuery", "indicatorItem", "revision")
_MEASURE: Final = "indicatorValue"
_ATTRIBUTES: Final = ("numerator", "denominator", "coverage", "caveat")

Said = tuple[NamedNode, NamedNode, NamedNode | Literal]


def triples(region: NamedNode, indicators: Iterable[Indicator], view: View) -> list[Triple]:
    """The figures of a region as observations of one dataset, with its structure."""
    code = region.value.removeprefix(NUTS.base)
    dataset = NamedNode(f"{BASE}regions/{code}/profile")
    said: list[Said] = [
        (dataset, RDF["type"], QB["DataSet"]),
        (dataset, DCT["title"], Literal(f"Regional context profile of {code}", language="en")),
        (dataset, DCT["license"], NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        (dataset, QB["structure"], _STRUCTURE),
        *_structure(),
    ]
    for indicator in indicators:
        for figure in indicator.figures:
            said.extend(_observation(dataset, indicator, figure, view))
    return [Triple(*one) for one in dict.fromkeys(said)]


def _structure() -> Iterator[Said]:
    yield _STRUCTURE, RDF["type"], QB["DataStructureDefinition"]
    components = [
        *((name, "dimension") for name in _DIMENSIONS),
        (_MEASURE, "measure"),
        *((name, "attribute") for name in _ATTRIBUTES),
    ]
    for order, (name, kind) in enumerate(components, 1):
        part = CUBE[f"component-{name}"]
        yield _STRUCTURE, QB["component"], part
        yield part, RDF["type"], QB["ComponentSpecification"]
        yield part, QB[kind], INFRA[name]
        yield part, QB["order"], Literal(str(order), datatype=XSD["integer"])
        yield INFRA[name], RDF["type"], QB[f"{kind.capitalize()}Property"]
        if kind == "attribute":
            yield part, QB["componentRequired"], Literal("false", datatype=XSD["boolean"])
            yield part, QB["componentAttachment"], QB["Observation"]
    yield _WHOLE, RDF["type"], SKOS["Concept"]
    yield _WHOLE, SKOS["prefLabel"], Literal("the whole", language="en")


def _observation(dataset: NamedNode, indicator: Indicator, figure: Figure, view: View) -> Iterator[Said]:
    item, last = _item(figure, view)
    revision = view.reader.revision
    node = NamedNode(f"{dataset.value}#r{revision}-{indicator.name}{f'-{last}' if last else ''}")
    yield node, RDF["type"], QB["Observation"]
    yield node, RDF["type"], INFRA["RegionIndicator"]
    yield node, QB["dataSet"], dataset
    yield node, RDFS["label"], Literal(indicator.query.title(view.language), language=view.language)
    yield node, INFRA["indicatorRegion"], indicator.region
    yield node, INFRA["indicatorQuery"], NamedNode(f"{BASE}queries/{indicator.query.name}")
    yield node, INFRA["indicatorItem"], item
    if isinstance(figure.item, Literal):
        yield item, RDF["type"], SKOS["Concept"]
        yield item, SKOS["notation"], figure.item
    yield node, INFRA["revision"], Literal(str(revision), datatype=XSD["integer"])
    yield node, INFRA[_MEASURE], _decimal(figure.value)
    for name, number in (("numerator", figure.numerator), ("denominator", figure.denominator)):
        if number is not None:
            yield node, INFRA[name], _decimal(number)
    share = indicator.coverage.share
    if share is not None:
        yield node, INFRA["coverage"], _decimal(round(share, 4))
    for caveat in caveats_json(indicator.measure, view):
        yield node, INFRA["caveat"], Literal(caveat["text"], language=view.language)
    if not indicator.coverage.is_safe:
        told = view.say("region-unsafe", known=str(indicator.coverage.known), of=str(indicator.coverage.of))
        yield node, INFRA["caveat"], Literal(told, language=view.language)


def _item(figure: Figure, view: View) -> tuple[NamedNode, str]:
    """What a figure is of as an IRI, and what its observation's name ends in."""
    if figure.item is None:
        return _WHOLE, ""
    if isinstance(figure.item, Literal):
        value = quote(figure.item.value, safe="")
        return CUBE[f"value-{value}"], value
    code = view.scheme.notations.get(figure.item) or figure.item.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return figure.item, quote(code, safe="")


def _decimal(number: Number) -> Literal:
    return Literal(f"{number:.6f}".rstrip("0").rstrip("."), datatype=XSD["decimal"])
