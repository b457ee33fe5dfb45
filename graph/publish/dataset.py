"""What all descriptions of the dataset share: its names, licence and formats, and the state that they are about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.provenance import SOFTWARE
from graph.iris import BASE, XSD, Namespace
from graph.publish.dumps import File, Form
from graph.publish.statistics import Statistics
from graph.store.ledger import Version

DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
CATALOG: Final = NamedNode(BASE + "catalog")
DATASET: Final = NamedNode(BASE + "catalog#dataset")
"""The whole dataset, wherever it is served."""
LICENCE: Final = NamedNode("https://creativecommons.org/licenses/by/4.0/")
"""Of the ontology, the shapes, the code lists of ours and the data that ship."""
TITLE: Final = "InfraShare: research and innovation infrastructure of European regions"
ABOUT: Final = (
    "A knowledge graph of research and innovation infrastructure: laboratories, pilot lines, clean rooms and test "
    "beds, with the organisations, policy instruments, good practices and regions around them."
)
RIGHTS: Final = (
    "InfraShare contributors, CC BY 4.0. NUTS: © EuroGeographics for the administrative boundaries. NACE: Eurostat. "
    "EuroSciVoc: © European Union, CC BY 4.0. Each entity names the public sources of its facts."
)

Node = NamedNode | BlankNode
Said = tuple[Node, NamedNode, Node | Literal]


@dataclass(frozen=True)
class State:
    """What a description is about: a revision with its numbers, versions and dumps, served at an address.

    ``site`` ends in a slash; ``count`` counts where that was not yet done; ``files`` are the dumps that are there.
    """

    site: str
    revision: int
    changed: str
    first: str
    count: Callable[[], Statistics]
    versions: Sequence[Version]
    files: Sequence[tuple[Form, File | None]]
    publisher: str

    @property
    def statistics(self) -> Statistics:
        """The numbers, counted when first asked for."""
        return self.count()

    def at(self, path: str) -> NamedNode:
        """An address of this service."""
        return NamedNode(f"{self.site}{path}")

    @property
    def contributions(self) -> list[Version]:
        """The current versions of partners' contributions."""
        return [version for version in self.versions if version.partner != SOFTWARE]

    @property
    def is_all_licensed(self) -> bool:
        """Whether all that is current came with the software, and so under its licence."""
        return are_licensed(self.versions)


def are_licensed(versions: Iterable[Version]) -> bool:
    """Whether all versions are under the licence of what ships."""
    return all(is_licensed(version) for version in versions)


def is_licensed(version: Version) -> bool:
    """Whether a version is known to be under the licence of what ships; of what partners send it is not stated."""
    return version.agent == SOFTWARE


def text(words: str) -> Literal:
    return Literal(words, language="en")


def time(moment: str) -> Literal:
    return Literal(moment, datatype=XSD["dateTime"])


def whole(number: int, datatype: str = "integer") -> Literal:
    return Literal(str(number), datatype=XSD[datatype])


def triples(said: Sequence[Said]) -> list[Triple]:
    return [Triple(*one) for one in said]
