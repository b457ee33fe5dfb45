"""The capability scheme as matching sees it: hierarchy, relations, notations, and how alike two concepts are.

Similarity follows D. Lin, "An Information-Theoretic Definition of Similarity" (ICML 1998): twice the information
content of the most informative common ancestor over the sum of both contents. Information content after P. Resnik
(IJCAI 1995) is the negative logarithm of the share of facilities that cover a concept, taken from the graph itself.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from graph.errors import InputError
from graph.iris import CODELIST, NACE, NUTS
from graph.store.catalogue import QueryCatalogue
from graph.store.derived import transitive
from graph.store.protocol import Reader

CAPABILITY = CODELIST["capability"]
SERVICE = CODELIST["service-kind"]
ACCESS = CODELIST["access-mode"]
SECTOR = CODELIST["nace"]
REGION = CODELIST["nuts"]
SCHEMES = (CAPABILITY, SERVICE, ACCESS, SECTOR)
MATERIALS = CODELIST["capability/materials"]

RELATED = 0.6
NARROWER_AT_LEAST = 0.9
BROADER_SHARE = 0.9
RELATED_SHARE = 0.8
SIMILAR_SHARE = 0.7
LEAST_USEFUL = 0.3
"""How well a capability answers another, by how it stands to it; grades below the last count as nothing."""


class Relation(Enum):
    """How a stated capability stands to the one asked for."""

    EXACT = "exact"
    NARROWER = "narrower"
    BROADER = "broader"
    RELATED = "related"
    SIMILAR = "similar"


_CODE = re.compile(r"[^\x00-\x20<>\"{}|^`\\\[\]]{1,200}")
"""What a notation or an IRI is made of."""


_DIVISION = re.compile(r"[A-U][0-9]{2}")
"""The notation of a division of NACE, such as C26."""


def _name(scheme: NamedNode) -> str:
    return scheme.value.removeprefix(CODELIST.base)


MEETING = frozenset({Relation.EXACT, Relation.NARROWER})
"""How a stated capability stands to one that it meets."""


@dataclass(frozen=True)
class Grade:
    """A capability that answers another one, how, and how well from 0 to 1."""

    capability: NamedNode
    relation: Relation
    value: float


@dataclass(frozen=True)
class Scheme:
    """All concepts that a need can name, from one state of the code lists."""

    notations: Mapping[NamedNode, str]
    by_notation: Mapping[tuple[NamedNode, str], NamedNode]
    ancestors: Mapping[NamedNode, frozenset[NamedNode]]
    related: Mapping[NamedNode, frozenset[NamedNode]]
    replaced: Mapping[NamedNode, NamedNode]
    usage: Mapping[NamedNode, int]
    in_scheme: Mapping[NamedNode, frozenset[NamedNode]]
    _graded: dict[NamedNode, tuple[Grade, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, reader: Reader, queries: QueryCatalogue) -> "Scheme":
        """Read the schemes by catalogued queries."""
        table = reader.select(queries["match-concept"].bind(scheme=[*SCHEMES, REGION]))
        notations: dict[NamedNode, str] = {}
        by_notation: dict[tuple[NamedNode, str], NamedNode] = {}
        members: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        pairs: set[tuple[NamedNode, ...]] = set()
        replaced: dict[NamedNode, NamedNode] = {}
        for concept, scheme, notation, broader, replacement in table.rows:
            if not isinstance(concept, NamedNode) or not isinstance(notation, Literal):
                continue
            if isinstance(scheme, NamedNode):
                members[scheme].add(concept)
                by_notation[scheme, notation.value.casefold()] = concept
            notations[concept] = notation.value
            if isinstance(broader, NamedNode):
                pairs.add((concept, broader))
            if isinstance(replacement, NamedNode):
                replaced[concept] = replacement
        related: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for one, other in reader.select(queries["match-related"].text).rows:
            if isinstance(one, NamedNode) and isinstance(other, NamedNode):
                related[one].add(other)
        usage = {
            concept: int(count.value)
            for concept, count in reader.select(queries["match-usage"].text).rows
            if isinstance(concept, NamedNode) and isinstance(count, Literal)
        }
        return cls(
            notations,
            by_notation,
            transitive(pairs),
            {concept: frozenset(others) for concept, others in related.items()},
            replaced,
            usage,
            {scheme: frozenset(concepts) for scheme, concepts in members.items()},
        )

    def resolve(self, code: str, scheme: NamedNode, what: str) -> NamedNode:
        """The concept with this notation or IRI. Raises ``InputError`` with near codes where there is none."""
        node = self.by_notation.get((scheme, code.strip().casefold()))
        if node is None and not _CODE.fullmatch(code.strip()):
            raise InputError(
                f"{what} {code!r} is not a code; use a notation or an IRI of /codelists/{_name(scheme)}"
            )
        if node is None and ":" in code and code.strip() in {n.value for n in self.in_scheme.get(scheme, ())}:
            node = NamedNode(code.strip())
        if node is None and scheme == SECTOR:
            bare = code.strip().lstrip("ABCDEFGHIJKLMNOPQRSTU").replace(".", "")
            candidate = NACE[bare] if bare else None
            node = candidate if candidate in self.notations else None
        if node is None and scheme == REGION and NUTS[code.strip().upper()] in self.notations:
            node = NUTS[code.strip().upper()]
        if node is None:
            raise InputError(f"{what} {code!r} is not in the code list{self._near(code, scheme)}")
        return node

    def notation(self, concept: NamedNode) -> str:
        """The code of a concept, or its IRI where it has none."""
        return self.notations.get(concept, concept.value)

    def division(self, sector: NamedNode) -> NamedNode | None:
        """The division of NACE that a sector is, or is in; none for a section, which is wider."""
        around = (sector, *self.ancestors.get(sector, ()))
        return next((node for node in around if _DIVISION.fullmatch(self.notations.get(node, ""))), None)

    def resolve_any(self, code: str, schemes: Sequence[NamedNode], what: str) -> NamedNode:
        """The concept of any of the schemes with this notation or IRI. Raises ``InputError`` where there is none."""
        for scheme in schemes:
            try:
                return self.resolve(code, scheme, what)
            except InputError as error:
                unknown = error
        raise unknown

    def _near(self, code: str, scheme: NamedNode) -> str:
        from rapidfuzz import process

        known = [self.notations[node] for node in self.in_scheme.get(scheme, ())]
        near = [match for match, _, _ in process.extract(code, known, limit=3, score_cutoff=60)]
        return f"; did you mean {', '.join(near)}?" if near else f"; see /codelists/{_name(scheme)}"

    @cached_property
    def _total(self) -> int:
        return max(self.usage.values(), default=0) + 1

    def content(self, concept: NamedNode) -> float:
        """Information content of a concept, at least a little above 0; rarer concepts have more."""
        return -math.log((self.usage.get(concept, 0) + 1) / (self._total + 1)) + 0.05

    def similarity(self, one: NamedNode, other: NamedNode) -> float:
        """Lin similarity of two capabilities, 0 to 1."""
        if one == other:
            return 1.0
        none: frozenset[NamedNode] = frozenset()
        common = (self.ancestors.get(one, none) | {one}) & (self.ancestors.get(other, none) | {other})
        if not common:
            return 0.0
        shared = max(self.content(concept) for concept in common)
        return min(1.0, 2 * shared / (self.content(one) + self.content(other)))

    def graded(self, wanted: NamedNode) -> tuple[Grade, ...]:
        """All capabilities that answer a wanted one at least a little, best first."""
        if wanted not in self._graded:
            grades = [
                grade for concept in self.in_scheme[CAPABILITY] if (grade := self._grade(wanted, concept))
            ]
            self._graded[wanted] = tuple(sorted(grades, key=lambda g: (-g.value, g.capability.value)))
        return self._graded[wanted]

    def _grade(self, wanted: NamedNode, stated: NamedNode) -> Grade | None:
        none: frozenset[NamedNode] = frozenset()
        if stated == wanted:
            return Grade(stated, Relation.EXACT, 1.0)
        similarity = self.similarity(wanted, stated)
        if wanted in self.ancestors.get(stated, none):
            return Grade(stated, Relation.NARROWER, max(NARROWER_AT_LEAST, similarity))
        if stated in self.ancestors.get(wanted, none):
            relation, value = Relation.BROADER, BROADER_SHARE * similarity
        elif stated in self.related.get(wanted, none):
            relation, value = Relation.RELATED, max(RELATED, RELATED_SHARE * similarity)
        else:
            relation, value = Relation.SIMILAR, SIMILAR_SHARE * similarity
        return Grade(stated, relation, value) if value >= LEAST_USEFUL else None

    def is_material(self, concept: NamedNode) -> bool:
        """Whether a capability stands below the branch of materials."""
        return MATERIALS in self.ancestors.get(concept, frozenset())

    def without_implied(self, concepts: Iterable[NamedNode]) -> list[NamedNode]:
        """The concepts without those that are broader than another of them."""
        listed = list(dict.fromkeys(concepts))
        implied = {a for concept in listed for a in self.ancestors.get(concept, frozenset())}
        return [concept for concept in listed if concept not in implied]
