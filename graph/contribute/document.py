"""A contribution as it is checked: its triples in order, their places, and the names of what they are about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.entities import entity_of
from graph.contribute.mending.statements import Statements, is_part
from graph.contribute.reading.parse import Parsed
from graph.contribute.reading.places import places
from graph.contribute.reading.position import Places, Position
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.shacl import Result
from graph.iris import DCT, GENID, ID, INFRA, RDF, SKOS

_LABELS = {DCT["title"], SKOS["prefLabel"]}
_DEEPEST_PART = 5


class Document:
    """A contribution's triples in order, and what is looked up about them; each is worked out when first needed."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self.triples = list(dict.fromkeys(parsed.triples))
        self._shortcuts: dict[object, NamedNode] = {}
        self.said = Statements(self.triples)

    @cached_property
    def subjects(self) -> dict[object, int]:
        """Where each subject first stands in the order of triples."""
        found: dict[object, int] = {}
        for number, triple in enumerate(self.triples):
            found.setdefault(triple.subject, number)
        return found

    def foreign(self, reference: Reference) -> list[Triple]:
        """Statements that are not about entities, but about terms and codes that the ontology and code lists define."""
        suspicious = {
            subject
            for subject in self.subjects
            if isinstance(subject, NamedNode) and not (subject.value in ID or subject.value in GENID)
        }
        if not suspicious:
            return []
        return [t for t in self.triples if t.subject in suspicious and reference.is_vocabulary(t)]

    def not_own(self, owners: Mapping[str, str]) -> dict[NamedNode, str]:
        """The subjects that belong to others, the first of each entity, with the owner."""
        found: dict[str, NamedNode] = {}
        if owners:
            for subject in self.subjects:
                if isinstance(subject, NamedNode):
                    found.setdefault(entity_of(subject.value), subject)
        return {subject: owners[entity] for entity, subject in found.items() if entity in owners}

    def uses(self, term: object) -> int:
        """How often a property or class is used; 1 for other terms."""
        return self._uses[term] or 1

    @cached_property
    def _uses(self) -> Counter[object]:
        counts: Counter[object] = Counter(triple.predicate for triple in self.triples)
        counts.update(triple.object for triple in self.triples if triple.predicate == RDF["type"])
        return counts

    @cached_property
    def _mentions(self) -> dict[object, int]:
        """The first triple that has a term, in whatever place."""
        found: dict[object, int] = {}
        for number, triple in enumerate(self.triples):
            for term in triple:
                found.setdefault(term, number)
        return found

    @cached_property
    def _owners(self) -> dict[object, NamedNode]:
        """What the nodes are a part of that have no name of their own, or one with ``#``."""
        found: dict[object, NamedNode] = {}
        for triple in self.triples:
            value, subject = triple.object, triple.subject
            if isinstance(value, NamedNode) and isinstance(subject, NamedNode) and is_part(value):
                found.setdefault(value, subject)
        return found

    @cached_property
    def _labels(self) -> dict[object, str]:
        found: dict[object, str] = {}
        for triple in self.triples:
            value = triple.object
            if (
                triple.predicate in _LABELS
                and isinstance(value, Literal)
                and (value.language == "en" or triple.subject not in found)
            ):
                found[triple.subject] = value.value
        return found

    @cached_property
    def _places(self) -> Places:
        return places(self._parsed.text, self._parsed.media_type, self._parsed.base_iri)

    def mentioned(self, term: object) -> Triple | None:
        """The first triple that has the term."""
        number = self._mentions.get(term)
        return None if number is None else self.triples[number]

    def rank(self, result: Result) -> int:
        """A number that grows as the results' subjects stand in the document."""
        if result.focus in self.subjects:
            return self.subjects[self._entity(result.focus)]
        return self._mentions.get(result.value, 0)

    def label(self, node: object) -> str | None:
        """The name of the entity, or of the entity that the unnamed node is a part of."""
        for _ in range(_DEEPEST_PART):
            if node in self._labels:
                return self._labels[node]
            if node not in self._owners:
                return None
            node = self._owners[node]
        return None

    def _entity(self, node: object) -> NamedNode:
        """The node that has a name, for a part that has none."""
        passed: dict[object, None] = {}
        while (
            isinstance(node, NamedNode)
            and node.value in GENID
            and node in self._owners
            and node not in passed
        ):
            passed[node] = None
            node = self._shortcuts.get(node, self._owners[node])
        for part in passed:
            self._shortcuts[part] = node  # type: ignore[assignment]
        return node  # type: ignore[return-value]

    def place(self, subject: object, predicate: object | None, value: object | None) -> Position | None:
        """Where a triple stands, or what comes nearest to it."""
        if not isinstance(subject, NamedNode):
            return None
        return self._places.find(subject, predicate, value, self._entity(subject))


def entities(triples: Iterable[Triple], rules: Rules) -> dict[str, int]:
    """How many entities of each class that has a file of rules the contribution describes."""
    files = {rule.file for rule in rules.all()}
    described: dict[str, set[object]] = {}
    for triple in triples:
        if triple.predicate == RDF["type"] and isinstance(triple.object, NamedNode):
            name = _FILES.get(triple.object.value) or _file_name(triple.object.value)
            if name in files:
                described.setdefault(name, set()).add(triple.subject)
    return {name: len(entities) for name, entities in described.items()}


_FILES = {
    "http://www.w3.org/ns/org#Organization": "organisation",
    **{
        INFRA.base + name: "policy-instrument"
        for name in ("PolicyInstrument", "SupportScheme", "FundingProgramme", "Strategy", "Regulation")
    },
    **{
        INFRA.base + name: "event"
        for name in (
            "StudyVisit",
            "PeerReview",
            "Conference",
            "SteeringMeeting",
            "StakeholderMeeting",
            "Workshop",
        )
    },
    INFRA.base + "GoodPractice": "practice",
    "https://schema.org/ResearchProject": "project",
}


def _file_name(iri: str) -> str:
    """``…#AccessOffer`` is about the file ``access-offer``."""
    local = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in local).lstrip("-")
