"""What directions and profiles are answered from: a state of the dataset, its code lists, a language."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pyoxigraph import Literal, NamedNode

from graph.iris import INFRA, compact
from graph.match.language import in_language
from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

Statement = tuple[NamedNode, NamedNode, NamedNode]
_Item = TypeVar("_Item")

BATCH: Final = 500
"""Things looked up by one query."""


@dataclass(frozen=True)
class View:
    """A state of the dataset as one reader sees it."""

    reader: Reader
    queries: QueryCatalogue
    scheme: Scheme
    reasons: Reasons
    language: str
    _names: dict[NamedNode, str] = field(default_factory=dict, compare=False)

    @property
    def run(self) -> dict[str, Any]:
        """What each answer says of itself: the revision that it is about, and its language."""
        return {"revision": self.reader.revision, "language": self.language}

    def rows(self, query: str, **values: Sequence[Any]) -> list[dict[str, Term]]:
        """The rows of a query, with values bound; a parameter without values has no rows."""
        if not all(values.values()):
            return []
        return self.reader.select(self.queries[query].bind(**values)).dicts()

    def rows_of(self, query: str, name: str, values: Iterable[Any]) -> Iterator[dict[str, Term]]:
        """The rows of a query for many values of one parameter, some at a time."""
        for some in batches(list(values)):
            yield from self.rows(query, **{name: some})

    def say(self, code: str, **values: str) -> str:
        """The sentence for a code, in the reader's language."""
        return self.reasons.sentence(code, self.language, **values)

    def name(self, node: NamedNode) -> str:
        """What a thing is called: in the reader's language, in English, in any, or its shortened IRI."""
        if node not in self._names:
            self.learn([node])
        return self._names[node]

    def learn(self, nodes: Iterable[NamedNode]) -> None:
        """Look up the names of things at once."""
        wanted = sorted({node for node in nodes if node not in self._names}, key=lambda node: node.value)
        for some in batches(wanted):
            texts: dict[NamedNode, dict[str, str]] = defaultdict(dict)
            for entity, label in self.reader.select(self.queries["browse-label"].bind(entity=some)).rows:
                if isinstance(entity, NamedNode) and isinstance(label, Literal):
                    known = texts[entity]
                    tongue = label.language or ""
                    known[tongue] = min(label.value, known.get(tongue, label.value))
            for node in some:
                self._names[node] = in_language(texts[node], self.language) or compact(node.value)

    def concept(self, node: NamedNode) -> dict[str, str]:
        """A concept as answers give it: IRI, notation, name."""
        return {
            "concept": node.value,
            "notation": self.scheme.notations.get(node, ""),
            "label": self.name(node),
        }

    def entity(self, node: NamedNode) -> dict[str, str]:
        """An entity as answers give it: IRI and name."""
        return {"id": node.value, "label": self.name(node)}

    def evidence(self, statements: Iterable[Statement]) -> dict[Statement, list[dict[str, str]]]:
        """Each statement as evidence: once for each graph that holds it."""
        found: dict[Statement, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows_of("directions-statement", "statement", sorted(set(statements), key=str)):
            subject, prop, value, graph = node_of(row, "subject", "property", "value", "graph")
            found[subject, prop, value].append(statement(subject, prop, value, graph))
        for several in found.values():
            several.sort(key=lambda one: one["graph"])
        return found


def statement(subject: NamedNode, prop: NamedNode, value: NamedNode, graph: NamedNode) -> dict[str, str]:
    """A statement and the graph that holds it, as evidence."""
    return {"s": subject.value, "p": prop.value, "o": value.value, "graph": graph.value}


def needing(region: NamedNode, priority: NamedNode, capability: NamedNode) -> tuple[Statement, Statement]:
    """The statements by which a region needs a capability: it has a priority that the capability serves."""
    return (region, INFRA["hasS3Priority"], priority), (priority, INFRA["priorityCapability"], capability)


def node_of(row: dict[str, Term], *names: str) -> tuple[NamedNode, ...]:
    """The IRIs of a row. Raises ``TypeError`` where one is not there: the query must bind it to one."""
    nodes = tuple(row.get(name) for name in names)
    if not all(isinstance(node, NamedNode) for node in nodes):
        raise TypeError(f"the query gives no IRI for one of {', '.join(names)}")
    return nodes  # type: ignore[return-value]  # just looked at


def number_of(row: dict[str, Term], name: str) -> int:
    """The whole number of a row; 0 where there is none."""
    value = row.get(name)
    return int(value.value) if isinstance(value, Literal) else 0


def batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """The items, ``BATCH`` at a time."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
