"""Reading a change feed of others: its list of pages and its pages, in a worker process, with every hash compared."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.contribute.entities import described
from graph.contribute.keeping.recollection import facts_of
from graph.contribute.reading.parse import MAX_LITERAL, canonical_ntriples
from graph.errors import InputError, Place, SyntaxProblem
from graph.iris import INFRA
from graph.publish.feed import LDES, TREE
from graph.publish.member import version_of
from graph.settings import Settings
from graph.store.content import content_hash
from graph.store.ledger import Version
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

_TIME: Final = 600.0
"""Seconds that reading a page may take."""


@dataclass(frozen=True)
class Link:
    """A page that a feed names, and the last revision in it where it is closed."""

    address: str
    until: int | None


@dataclass(frozen=True)
class Member:
    """A version, its canonical N-Triples (``None`` where the feed no longer holds them) and what it describes."""

    version: Version
    ntriples: bytes | None
    entities: frozenset[str] = frozenset()


class Harvest:
    """Reads pages in a worker process; close it after use."""

    def __init__(self, settings: Settings) -> None:
        spec = WorkerSpec("harvest", "graph.publish.harvest:setup", (), settings.check_memory)
        self._pool = WorkerPool(spec, 1)

    def links(self, data: bytes) -> list[Link]:
        """The pages of a feed, in their order. Raises ``InputError``."""
        found: list[Link] = self._pool.run("links", data, timeout=_TIME)
        return found

    def members(self, data: bytes) -> list[Member]:
        """The members of a page, by revision. Raises ``InputError``."""
        found: list[Member] = self._pool.run("members", data, timeout=_TIME)
        return found

    def close(self) -> None:
        self._pool.close()


def setup() -> dict[str, Callable[..., Any]]:
    """The jobs of the worker."""
    return {"links": read_links, "members": read_members}


def read_links(data: bytes) -> list[Link]:
    """Read the list of pages, as N-Quads."""
    about = facts_of(quad.triple for quad in _quads(data))
    if not any(LDES["versionOfPath"] in facts for facts in about.values()):
        raise InputError("this is no change feed: it does not say what its members are versions of")
    found: dict[str, Link] = {}
    for facts in about.values():
        for node in facts.get(TREE["node"], ()):
            if not isinstance(node, NamedNode):
                raise InputError(f"the page {node} has no address")
            last = [v.value for v in about.get(node, {}).get(INFRA["revision"], ()) if v.value.isdecimal()]
            found[node.value] = Link(node.value, int(last[0]) if last else None)
    return sorted(found.values(), key=lambda link: (link.until is None, link.until or 0))


def read_members(data: bytes) -> list[Member]:
    """Read a page, as N-Quads."""
    said: list[Triple] = []
    contents: dict[NamedNode, list[Triple]] = defaultdict(list)
    for quad in _quads(data):
        if isinstance(quad.graph_name, DefaultGraph):
            said.append(quad.triple)
        elif isinstance(quad.graph_name, NamedNode):
            contents[quad.graph_name].append(quad.triple)
    about = facts_of(said)
    nodes = {value for facts in about.values() for value in facts.get(TREE["member"], ())}
    for graph in contents.keys() - nodes:
        raise InputError(f"the graph {graph} belongs to no member of the page")
    members = [_member(node, about.get(node, {}), contents.get(node)) for node in nodes]
    return sorted(members, key=lambda member: member.version.revision)


def _member(node: Any, facts: Any, content: list[Triple] | None) -> Member:
    if not isinstance(node, NamedNode):
        raise InputError(f"the member {node} has no address")
    version = version_of(node, facts)
    if content is None:
        empty = version.sha256 == content_hash(b"")
        return Member(version, b"" if empty else None)
    ntriples = canonical_ntriples(content)
    if content_hash(ntriples) != version.sha256:
        raise InputError(
            f"the content of {node} has the hash {content_hash(ntriples)}, and the feed says {version.sha256}"
        )
    number = ntriples.count(b"\n")
    if number != version.triples:
        raise InputError(f"{node} has {number} statements and not {version.triples}")
    return Member(version, ntriples, described(content))


def _quads(data: bytes) -> Iterator[Quad]:
    try:
        for quad in parse(data, RdfFormat.N_QUADS):
            value = quad.object
            if isinstance(quad.subject, BlankNode) or isinstance(value, BlankNode | Triple):
                raise InputError(f"{quad.triple} . : a feed has no unnamed nodes and no triple terms")
            if isinstance(value, Literal) and len(value.value) > MAX_LITERAL:
                raise InputError(
                    f"{quad.subject} {quad.predicate}: a text of {len(value.value):,} characters; the limit is "
                    f"{MAX_LITERAL:,}"
                )
            yield quad
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        place = Place(str(error.msg), "syntax", error.lineno, error.offset)
        raise SyntaxProblem(f"{where}{error.msg}", (place,)) from error
