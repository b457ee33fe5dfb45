"""The statements of a contribution by what they are about, what they say it with, and what they lead to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from graph.iris import DCT, GENID, RDF, SKOS

_DEEPEST = 5
_NAMES = (DCT["title"], SKOS["prefLabel"])


class Statements:
    """An index of triples, each part of it made when it is first needed."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = list(triples)

    @cached_property
    def _about(self) -> dict[object, list[Triple]]:
        return self._by(0)

    @cached_property
    def _with(self) -> dict[object, list[Triple]]:
        return self._by(1)

    @cached_property
    def _to(self) -> dict[object, list[Triple]]:
        return self._by(2)

    def _by(self, place: int) -> dict[object, list[Triple]]:
        index: dict[object, list[Triple]] = defaultdict(list)
        for triple in self._triples:
            index[(triple.subject, triple.predicate, triple.object)[place]].append(triple)
        return index

    def about(self, subject: object) -> list[Triple]:
        return self._about.get(subject, [])

    def using(self, predicate: object) -> list[Triple]:
        return self._with.get(predicate, [])

    def leading_to(self, value: object) -> list[Triple]:
        return self._to.get(value, [])

    def values(self, subject: object, predicate: NamedNode) -> list[Triple]:
        """The statements about a subject with one property."""
        return self._saying_with.get((subject, predicate), [])

    @cached_property
    def _saying_with(self) -> dict[tuple[object, object], list[Triple]]:
        index: dict[tuple[object, object], list[Triple]] = defaultdict(list)
        for triple in self._triples:
            index[triple.subject, triple.predicate].append(triple)
        return index

    def at(self, focus: object, path: Sequence[NamedNode], value: object | None) -> list[Triple]:
        """The statements at the end of a path, all of them or those that lead to a value.

        Where a rule names only the last step of a path, it is looked for in the parts of the focus as well.
        """
        nodes: list[object] = [focus]
        for step in path[:-1]:
            nodes = [triple.object for node in nodes for triple in self.values(node, step)]
        found = [t for node in nodes for t in self._saying(node, path[-1], value)]
        if found or len(path) > 1:
            return found
        return [t for t in self._below(focus) if t.predicate == path[-1] and value in {None, t.object}]

    def _saying(self, subject: object, predicate: NamedNode, value: object | None) -> list[Triple]:
        """The statements with a subject, a property and a value, or with any value, found from the rarer end."""
        values = self.values(subject, predicate)
        if value is None:
            return values
        wanted = (subject, predicate, value)
        rarer = min(values, self.leading_to(value), key=len)
        return [t for t in rarer if (t.subject, t.predicate, t.object) == wanted]

    def _below(self, focus: object) -> Iterator[Triple]:
        seen, level = {focus}, [focus]
        for _ in range(_DEEPEST):
            parts = [t.object for node in level for t in self.about(node) if is_part(t.object)]
            level = [node for node in dict.fromkeys(parts) if node not in seen]
            seen.update(level)
            for node in level:
                yield from self.about(node)

    def owner_with(self, node: object, predicate: NamedNode) -> list[Triple]:
        """What the nearest owner of a part says with a property."""
        for _ in range(_DEEPEST):
            found = self.values(node, predicate)
            if found:
                return found
            owners = [triple.subject for triple in self.leading_to(node)]
            if len(set(owners)) != 1:
                return []
            node = owners[0]
        return []

    def kinds(self, node: object) -> list[NamedNode]:
        return [t.object for t in self.values(node, RDF["type"]) if isinstance(t.object, NamedNode)]

    def of_kind(self, kinds: Iterable[NamedNode]) -> set[NamedNode]:
        """The subjects that are said to be of one of the kinds."""
        return {
            triple.subject
            for kind in kinds
            for triple in self.leading_to(kind)
            if triple.predicate == RDF["type"] and isinstance(triple.subject, NamedNode)
        }

    def named(self, node: object) -> set[str]:
        """All names of an entity."""
        found = [t.object for predicate in _NAMES for t in self.values(node, predicate)]
        return {value.value for value in found if isinstance(value, Literal)}

    def uses(self, term: object) -> list[Triple]:
        """The statements that use a term as their property, or as the kind of their subject."""
        return self.using(term) + [t for t in self.leading_to(term) if t.predicate == RDF["type"]]

    def with_iri(self, iri: str) -> list[Triple]:
        """All statements in which an address, or that of one of its parts, is subject or value."""

        return self._with_entity.get(iri, [])

    @cached_property
    def _with_entity(self) -> dict[str, list[Triple]]:
        index: dict[str, list[Triple]] = defaultdict(list)
        for triple in self._triples:
            terms = (triple.subject, triple.object)
            for iri in {term.value.partition("#")[0] for term in terms if isinstance(term, NamedNode)}:
                index[iri].append(triple)
        return index


def is_part(node: object) -> bool:
    """Whether a node has no name of its own, or one with ``#``."""
    return isinstance(node, NamedNode) and (node.value in GENID or "#" in node.value)
