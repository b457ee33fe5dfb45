"""Small graphs of regions and what their facilities can do, with answers that can be worked out by hand."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from graph.iris import CODELIST, DCT, GRAPH, ID, INFRA, NUTS, RDF, SKOS
from graph.match.scheme import REGION

Facilities = Mapping[str, tuple[str, str]]
"""A facility's slug to the code of its region and the notations of what it states, with blanks between them."""

Shuffle = Callable[[list[Quad]], list[Quad]]

BROADER = {"welding": ("joining", "making"), "gluing": ("joining", "making"), "joining": ("making",)}
"""A tree of capabilities: those not named here stand alone."""

GRAPHS = (GRAPH["one/facilities"], GRAPH["two/facilities"], GRAPH["derived"])


def capability(notation: str) -> NamedNode:
    return CODELIST["capability/" + notation]


def facility(slug: str) -> NamedNode:
    return ID["facility/" + slug]


def quads(
    facilities: Facilities,
    priorities: Mapping[str, Mapping[str, str]] | None = None,
    regions: Iterable[str] = (),
) -> Iterator[Quad]:
    """What partners state and what is derived from it; region to priority to the notations of what it needs."""
    one, two, derived = GRAPHS
    wanted = priorities or {}
    codes = {code for code, _ in facilities.values()} | set(wanted) | set(regions)
    for around in sorted({code[:length] for code in codes for length in range(2, len(code) + 1)}):
        yield Quad(NUTS[around], SKOS["inScheme"], REGION, one)
        yield Quad(NUTS[around], SKOS["notation"], Literal(around), one)
        yield Quad(NUTS[around], SKOS["prefLabel"], Literal(f"Region {around}", language="en"), one)
    for slug, (code, stated) in facilities.items():
        node = facility(slug)
        yield Quad(node, RDF["type"], INFRA["Facility"], one)
        yield Quad(node, DCT["title"], Literal(slug.title(), language="en"), one)
        yield Quad(node, INFRA["inRegion"], NUTS[code], one)
        for length in range(2, len(code) + 1):
            yield Quad(node, INFRA["withinRegion"], NUTS[code[:length]], derived)
        for notation in stated.split():
            # A second partner may say the same: nothing counts twice.
            yield Quad(node, INFRA["capability"], capability(notation), one)
            yield Quad(node, INFRA["capability"], capability(notation), two)
            yield Quad(node, INFRA["anyCapability"], capability(notation), derived)
            for broader in (notation, *BROADER.get(notation, ())):
                yield Quad(node, INFRA["coversCapability"], capability(broader), derived)
    for code, several in wanted.items():
        for slug, needed in several.items():
            priority = ID[f"s3-priority/{slug}"]
            yield Quad(NUTS[code], INFRA["hasS3Priority"], priority, one)
            yield Quad(priority, RDF["type"], INFRA["S3Priority"], one)
            yield Quad(priority, SKOS["prefLabel"], Literal(slug.title(), language="en"), one)
            for notation in needed.split():
                yield Quad(priority, INFRA["priorityCapability"], capability(notation), one)
