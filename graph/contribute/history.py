"""The history of a contribution: its versions, and what each holds. Needs the ledger alone."""

from pyoxigraph import NamedNode, Triple
from rapidfuzz import process

from graph.contribute.accept import graph_of
from graph.contribute.reading.parse import from_ntriples
from graph.errors import NotFound
from graph.store.ledger import Ledger, Version


class History:
    """Looks up versions in a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def named(self, name: str) -> NamedNode:
        """The graph of ``partner/dataset``. Raises ``InputError`` for names that cannot be used."""
        partner, _, dataset = name.partition("/")
        return graph_of(partner, dataset)

    def of(self, graph: NamedNode) -> list[Version]:
        """All versions, the oldest first. Raises ``NotFound`` with near names where there are none."""
        versions = self._ledger.history(graph.value)
        if not versions:
            raise self._not_found(graph)
        return versions

    def current(self, graph: NamedNode) -> Version:
        """The current version. Raises ``NotFound`` where there is none or it was deleted."""
        last = self._ledger.latest(graph.value)
        if last is None:
            raise self._not_found(graph)
        if last.is_deletion:
            raise NotFound(
                f"{last.name} was deleted with version {last.version}; its versions before can be read, "
                "and a rollback brings one back"
            )
        return last

    def version(self, graph: NamedNode, number: int) -> Version:
        """One version. Raises ``NotFound``."""
        versions = self.of(graph)
        for version in versions:
            if version.version == number:
                return version
        raise NotFound(f"{versions[0].name} has no version {number}; it has 1 to {versions[-1].version}")

    def triples(self, graph: NamedNode, number: int) -> list[Triple]:
        """What a version holds; nothing for a deletion. Raises ``NotFound``."""
        return from_ntriples(self._ledger.content(self.version(graph, number).sha256))

    def _not_found(self, graph: NamedNode) -> NotFound:
        name = "/".join(graph.value.rsplit("/", 2)[1:])
        known = [version.name for version in self._ledger.current() if version.partner != "infrashare"]
        near = [match for match, _, _ in process.extract(name, known, limit=3, score_cutoff=60)]
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        return NotFound(f"there is no contribution {name}{hint}")
