"""What good practices tell of themselves: texts by section and language, and what they are tied to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import DCT, FOAF, INFRA
from graph.match.language import in_language
from graph.store.answers import Term
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

TITLE: Final = DCT["title"]
OWNER: Final = INFRA["practiceOwner"]
REGION: Final = INFRA["inRegion"]
THEME: Final = INFRA["practiceTheme"]
CAPABILITY: Final = INFRA["capability"]
FACILITY: Final = INFRA["involvesFacility"]
INSTRUMENT: Final = INFRA["relatedPolicyInstrument"]
PAGE: Final = FOAF["page"]
SOURCE: Final = DCT["source"]
PROSE: Final = (
    DCT["description"],
    *(
        INFRA[name]
        for name in (
            "needAddressed",
            "howItWorks",
            "resourcesNeeded",
            "evidenceOfSuccess",
            "difficulty",
            "transferPotential",
        )
    ),
)
"""The sections that tell what a practice is, in the order of the form."""


@dataclass(frozen=True)
class Told:
    """A practice with its texts by property and language, in a stable order, and its links by property."""

    practice: NamedNode
    texts: dict[NamedNode, list[Literal]] = field(default_factory=dict)
    links: dict[NamedNode, frozenset[NamedNode]] = field(default_factory=dict)

    def linked(self, *properties: NamedNode) -> frozenset[NamedNode]:
        """What the practice is tied to by one of the properties."""
        return frozenset(node for prop in properties for node in self.links.get(prop, ()))

    def said(self, prop: NamedNode) -> dict[str, list[str]]:
        """The texts of a section by language."""
        found: dict[str, list[str]] = defaultdict(list)
        for text in self.texts.get(prop, ()):
            found[text.language or ""].append(text.value)
        return dict(found)

    def title(self, language: str) -> str:
        """The title in a language, in English, or in any."""
        return in_language({tongue: several[0] for tongue, several in self.said(TITLE).items()}, language)


def read_told(
    reader: Reader, queries: QueryCatalogue, practices: Iterable[NamedNode] = ()
) -> dict[NamedNode, Told]:
    """The practices of a state of the dataset, or only those given, by IRI in its order."""
    texts: dict[NamedNode, dict[NamedNode, list[Literal]]] = defaultdict(lambda: defaultdict(list))
    links: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
    rows = reader.select(queries["practices-statement"].bind(practice=list(practices) or [None])).rows
    for practice, prop, value in sorted(rows, key=_order):
        if isinstance(practice, NamedNode) and isinstance(prop, NamedNode):
            if isinstance(value, Literal):
                texts[practice][prop].append(value)
            elif isinstance(value, NamedNode):
                links[practice][prop].add(value)
    return {
        practice: Told(
            practice,
            dict(texts[practice]),
            {prop: frozenset(nodes) for prop, nodes in links[practice].items()},
        )
        for practice in sorted({*texts, *links}, key=lambda node: node.value)
    }


def _order(row: tuple[Term | None, ...]) -> tuple[str, ...]:
    return tuple(str(term) for term in row)
