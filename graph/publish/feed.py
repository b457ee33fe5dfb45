"""The change feed: every accepted version of every graph, in the order of acceptance, as a Linked Data Event Stream.

https://w3id.org/ldes/specification and https://w3id.org/tree/specification. A member is a version; a deletion is one
too. Members fill pages of a fixed size: a page that another one follows is closed and stays as it is for good, so only
the last page and the list of pages change. All comes from the ledger.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.contribute.keeping.dump import in_graph
from graph.errors import NotFound
from graph.iris import BASE, DCT, INFRA, PREFIXES, PROV, RDF, XSD, Namespace
from graph.publish.dataset import LICENCE, are_licensed
from graph.publish.member import CREATE, DELETE, UPDATE, statements
from graph.store.formats import ntriples
from graph.store.ledger import Ledger, Version

LDES: Final = Namespace("https://w3id.org/ldes#")
TREE: Final = Namespace("https://w3id.org/tree#")
STREAM: Final = NamedNode(BASE + "feed#stream")
"""The event stream; its pages are where a service serves them."""
MOST_MEMBERS: Final = 100
MOST_STATEMENTS: Final = 20_000
"""What a page takes, some 4 MB; a version with more has a page of its own.

Statements are counted and not bytes, for they are known of versions whose content is no longer kept too: so a service
that was restored has the same pages.
"""
FORMATS: Final = {
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/ld+json": RdfFormat.JSON_LD,
}
"""The formats of pages, which hold graphs."""
_TIME: Final = PROV["generatedAtTime"]
_PREFIXES: Final = {
    **PREFIXES,
    "ldes": LDES.base,
    "tree": TREE.base,
    "as": "https://www.w3.org/ns/activitystreams#",
}


@dataclass(frozen=True)
class Page:
    """A page of the feed: its number, from 1 on, its versions, and whether another page follows."""

    number: int
    versions: tuple[Version, ...]
    is_closed: bool

    @property
    def last(self) -> Version:
        return self.versions[-1]


def pages(versions: Iterable[Version]) -> list[Page]:
    """All pages of the versions, which come by revision. A version never changes its page."""
    groups: list[list[Version]] = []
    room = 0
    for version in versions:
        if not groups or len(groups[-1]) == MOST_MEMBERS or version.triples > room:
            groups.append([])
            room = MOST_STATEMENTS
        groups[-1].append(version)
        room -= version.triples
    return [Page(at, tuple(group), at < len(groups)) for at, group in enumerate(groups, 1)]


class Feed:
    """The feed of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._pages: tuple[int, list[Page]] = (0, [])

    def pages(self, revision: int) -> list[Page]:
        """The pages as of a revision."""
        known, found = self._pages
        if known != revision:
            found = pages(version for version in self._ledger.all() if version.revision <= revision)
            self._pages = (revision, found)
        return found

    def page(self, number: int, revision: int) -> Page:
        """One page. Raises ``NotFound``."""
        found = self.pages(revision)
        if not 1 <= number <= len(found):
            raise NotFound(f"the feed has no page {number}; it has 1 to {len(found)}")
        return found[number - 1]

    def root(self, revision: int, address: str) -> list[Triple]:
        """What stands at the address of the feed: what it is, and its pages with the time that each covers."""
        root = NamedNode(address)
        said: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
            (STREAM, RDF["type"], LDES["EventStream"]),
            (STREAM, DCT["title"], Literal("Changes of InfraShare", language="en")),
            (STREAM, LDES["timestampPath"], _TIME),
            (STREAM, LDES["sequencePath"], INFRA["revision"]),
            (STREAM, LDES["versionOfPath"], DCT["isVersionOf"]),
            (STREAM, LDES["versionCreatePath"], RDF["type"]),
            (STREAM, LDES["versionCreateObject"], CREATE),
            (STREAM, LDES["versionUpdatePath"], RDF["type"]),
            (STREAM, LDES["versionUpdateObject"], UPDATE),
            (STREAM, LDES["versionDeletePath"], RDF["type"]),
            (STREAM, LDES["versionDeleteObject"], DELETE),
            (STREAM, TREE["view"], root),
            (root, RDF["type"], TREE["Node"]),
        ]
        found = self.pages(revision)
        if are_licensed(version for page in found for version in page.versions):
            said.append((STREAM, DCT["license"], LICENCE))
        for page in found:
            said.extend(_relations(root, page))
        return [Triple(*one) for one in said]

    def quads(self, page: Page, address: str) -> bytes:
        """A page as N-Quads; ``address`` is that of the feed.

        A version whose content is not kept, because the ledger was restored from a dump, stands there without it.
        """
        node = NamedNode(f"{address}/{page.number}")
        said = [Triple(node, RDF["type"], TREE["Node"]), Triple(node, DCT["isPartOf"], NamedNode(address))]
        if page.is_closed:
            said.append(Triple(node, LDES["immutable"], Literal("true", datatype=XSD["boolean"])))
        parts = [ntriples(said)]
        for version in page.versions:
            about = [Triple(STREAM, TREE["member"], version.node), *statements(version)]
            parts.extend((ntriples(about), self._content(version)))
        return b"".join(parts)

    def _content(self, version: Version) -> bytes:
        if version.is_deletion:
            return b""
        try:
            return in_graph(version.node.value, self._ledger.content(version.sha256))
        except NotFound:
            return b""


def _relations(root: NamedNode, page: Page) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """The links to a page: from which time its members are, and where it is closed until which time and revision."""
    node = NamedNode(f"{root.value}/{page.number}")
    times = [version.accepted_at for version in page.versions]
    bounds = [("from", TREE["GreaterThanOrEqualToRelation"], min(times))]
    if page.is_closed:
        bounds.append(("until", TREE["LessThanOrEqualToRelation"], max(times)))
        yield node, INFRA["revision"], Literal(str(page.last.revision), datatype=XSD["integer"])
    for name, kind, time in bounds:
        relation = NamedNode(f"{root.value}#page-{page.number}-{name}")
        yield root, TREE["relation"], relation
        yield relation, RDF["type"], kind
        yield relation, TREE["node"], node
        yield relation, TREE["path"], _TIME
        yield relation, TREE["value"], Literal(time, datatype=XSD["dateTime"])


def in_format(quads: bytes, media_type: str) -> bytes:
    """N-Quads of this service in another of ``FORMATS``."""
    kind = FORMATS[media_type]
    if kind is RdfFormat.N_QUADS:
        return quads
    prefixes = _PREFIXES if kind is RdfFormat.TRIG else None
    written = serialize(parse(quads, RdfFormat.N_QUADS), format=kind, prefixes=prefixes)
    assert written is not None  # noqa: S101 - without an output argument the bytes are returned
    return written
