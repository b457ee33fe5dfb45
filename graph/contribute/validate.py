"""SHACL over a contribution: what the rules find, with places, names and words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain

from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.contribute.allocation import without_collection
from graph.contribute.entities import entity_of
from graph.contribute.lines import LineIndex, Position
from graph.contribute.parse import Parsed
from graph.contribute.reference import Reference
from graph.contribute.report import Finding, Report, summarise
from graph.contribute.rules import ORDER, Rules
from graph.contribute.shacl import Result, Shapes
from graph.iris import DCT, GENID, ID, INFRA, RDF, SHAPES, SKOS

_GRAPH_WIDE = "graph"
_FOREIGN = "graph-vocabulary-foreign"
_NOT_OWN = "contribution-entity-foreign"
_LABELS = {DCT["title"], SKOS["prefLabel"]}
_LINES = {"text/turtle", "application/x-turtle", "text/plain", "application/n-triples"}
_DEEPEST_PART = 5


@without_collection
def validate(
    parsed: Parsed,
    reference: Reference,
    rules: Rules,
    *,
    snapshot: Store | None = None,
    replacing: NamedNode | None = None,
    others: Mapping[str, str] | None = None,
    shapes: Shapes | None = None,
    max_findings: int = 1_000,
    language: str = "en",
) -> Report:
    """Check a parsed contribution against the shapes and report what was found, with places and words.

    ``snapshot`` is the dataset that the contribution refers to, ``replacing`` the graph in it that it will replace,
    ``others`` the owners of entities that it must not describe.
    All findings are counted. The first ``max_findings`` are listed: by severity, then as they stand in the document.
    """
    document = _Document(parsed)
    beside = reference.beside(document.triples, snapshot, replacing)
    # What a contribution says of terms and codes must not stand in for what the ontology and the code lists say.
    foreign = [] if shapes else document.foreign(reference)
    own = document.triples if not foreign else [t for t in document.triples if not reference.is_vocabulary(t)]
    results = (shapes or rules.shapes).validate(chain(own, beside))
    found = list(_distinct(results, rules, document))
    by_code: Counter[str] = Counter()
    for code, result in found:
        by_code[code] += document.uses(result.value) if rules[code].file == _GRAPH_WIDE else 1
    found.sort(key=lambda item: (ORDER[rules[item[0]].severity], document.rank(item[1]), item[0]))
    if foreign and _FOREIGN in rules:
        by_code[_FOREIGN] += len(foreign)
    findings = [_redefinition(rules, triple, document, language) for triple in foreign if _FOREIGN in rules]
    not_own = document.not_own(others or {})
    if not_own:
        by_code[_NOT_OWN] = len(not_own)
    findings += [_not_own(rules, subject, owner, document, language) for subject, owner in not_own.items()]
    findings += [_finding(rules, code, result, document, language) for code, result in found[:max_findings]]
    findings = findings[:max_findings]
    return summarise(
        findings, by_code, rules, len(document.triples), _entities(document.triples, rules), parsed.media_type
    )


class _Document:
    """A contribution's triples in order, and what is looked up about them; each is worked out when first needed."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self.triples = list(dict.fromkeys(parsed.triples))
        self._shortcuts: dict[object, NamedNode] = {}

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
            if isinstance(value, NamedNode) and isinstance(subject, NamedNode) and _is_part(value):
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
    def _places(self) -> LineIndex | None:
        kept = self._parsed.media_type in _LINES
        return LineIndex(self._parsed.text, self._parsed.base_iri) if kept else None

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
        if self._places is None or not isinstance(subject, NamedNode):
            return None
        return self._places.find(subject, predicate, value, self._entity(subject))


def _is_part(node: NamedNode) -> bool:
    return node.value in GENID or "#" in node.value


def _distinct(results: Iterable[Result], rules: Rules, document: _Document) -> Iterator[tuple[str, Result]]:
    """The results of rules, each once; those on entities of others that the contribution refers to are left out."""
    seen: set[tuple[object, ...]] = set()
    for result in results:
        code = result.shape.removeprefix(SHAPES.base)
        if code not in rules:
            continue
        graph_wide = rules[code].file == _GRAPH_WIDE
        if not graph_wide and result.focus not in document.subjects:
            continue
        key = (code, None if graph_wide else result.focus, result.path, result.value)
        if key not in seen:
            seen.add(key)
            yield code, result


def _finding(rules: Rules, code: str, result: Result, document: _Document, language: str) -> Finding:
    rule = rules[code]
    focus: object = result.focus
    count = 1
    if rule.file == _GRAPH_WIDE:
        count = document.uses(result.value)
        mention = document.mentioned(result.value)
        focus = mention.subject if mention else result.value
        if mention is None or mention.subject == result.value:
            position = document.place(focus, None, None)
        else:
            position = document.place(mention.subject, mention.predicate, mention.object)
    else:
        position = document.place(focus, result.path, result.value)
    return Finding(
        code=code,
        severity=rule.severity,
        message=rule.message(language),
        engine_message=result.message,
        focusNode=focus.value if isinstance(focus, NamedNode | Literal) else None,
        label=document.label(focus),
        path=result.path.value if result.path else None,
        value=result.value.value if result.value else None,
        line=position.line if position else None,
        column=position.column if position else None,
        count=count,
        help=f"/shapes#{code}",
    )


def _redefinition(rules: Rules, triple: Triple, document: _Document, language: str) -> Finding:
    """The finding on a statement about a term or a code, which belongs to the ontology and the code lists."""
    rule = rules[_FOREIGN]
    position = document.place(triple.subject, triple.predicate, triple.object)
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=rule.message(language),
        focusNode=str(triple.subject).strip("<>"),
        path=triple.predicate.value,
        value=triple.object.value if isinstance(triple.object, NamedNode | Literal) else None,
        line=position.line if position else None,
        column=position.column if position else None,
        help=f"/shapes#{rule.code}",
    )


def _not_own(rules: Rules, subject: NamedNode, owner: str, document: _Document, language: str) -> Finding:
    """The finding on statements about an entity of another partner; the value names the owner."""
    rule = rules[_NOT_OWN]
    position = document.place(subject, None, None)
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=rule.message(language),
        focusNode=subject.value,
        label=document.label(subject),
        value=owner,
        line=position.line if position else None,
        column=position.column if position else None,
        help=f"/shapes#{rule.code}",
    )


def _entities(triples: Iterable[Triple], rules: Rules) -> dict[str, int]:
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
