"""SHACL over a contribution: what the rules find, with places, names and words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.contribute.allocation import without_collection
from graph.contribute.entities import entity_of
from graph.contribute.grouping import MAX_PLACES, groups
from graph.contribute.mending import Menders, Mending
from graph.contribute.parse import Parsed
from graph.contribute.places import places
from graph.contribute.position import Places, Position
from graph.contribute.reference import Reference
from graph.contribute.report import Finding, Report, Spot, summarise
from graph.contribute.rules import ORDER, Rules
from graph.contribute.shacl import Result, Shapes
from graph.contribute.statements import Statements
from graph.contribute.suggestion import Mend, Suggestion, together
from graph.iris import DCT, GENID, ID, INFRA, RDF, SHAPES, SKOS

_GRAPH_WIDE = "graph"
_FOREIGN = "graph-vocabulary-foreign"
_NOT_OWN = "contribution-entity-foreign"
_LABELS = {DCT["title"], SKOS["prefLabel"]}
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
    menders: Menders | None = None,
    max_findings: int = 1_000,
    language: str = "en",
) -> Report:
    """Check a parsed contribution against the shapes and report what was found, with places and words.

    ``snapshot`` is the dataset that the contribution refers to, ``replacing`` the graph in it that it will replace,
    ``others`` the owners of entities that it must not describe; ``menders`` make suggestions.
    All findings are counted. Equal ones are listed together, the first ``max_findings`` of what is then left: by
    severity, then as they stand in the document.
    """
    return _validated(
        parsed, reference, rules, snapshot, replacing, others, shapes, menders, max_findings, language
    )[0]


@dataclass(frozen=True)
class Examined:
    """A check that kept its mends: the report, and each result that has a mend, with its finding."""

    report: Report
    mends: tuple[tuple[Finding, Mend], ...]


@without_collection
def examine(
    parsed: Parsed,
    reference: Reference,
    rules: Rules,
    menders: Menders,
    *,
    snapshot: Store | None = None,
    replacing: NamedNode | None = None,
    others: Mapping[str, str] | None = None,
    max_findings: int = 1_000,
    language: str = "en",
) -> Examined:
    """Check a parsed contribution as ``validate`` does, and keep the mends of all results, listed or not."""
    report, found, document, mending = _validated(
        parsed, reference, rules, snapshot, replacing, others, None, menders, max_findings, language
    )
    mends = []
    for code, result in found:
        mend = mending.of(code, result) if mending else None
        if mend is not None:
            suggestion = mend.suggestion(menders.words, language)
            mends.append((_finding(rules, code, [(result, suggestion)], 1, document, language), mend))
    return Examined(report, tuple(mends))


def _validated(
    parsed: Parsed,
    reference: Reference,
    rules: Rules,
    snapshot: Store | None,
    replacing: NamedNode | None,
    others: Mapping[str, str] | None,
    shapes: Shapes | None,
    menders: Menders | None,
    max_findings: int,
    language: str,
) -> tuple[Report, list[tuple[str, Result]], "_Document", Mending | None]:
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
    mending = Mending(menders, document.said, snapshot, replacing) if menders else None
    for code, results in groups(found):
        if len(findings) >= max_findings:
            break
        findings += _grouped(rules, code, results, document, language, mending)
    findings = findings[:max_findings]
    names = _entities(document.triples, rules)
    report = summarise(findings, by_code, rules, len(document.triples), names, parsed.media_type, language)
    return report, found, document, mending


class _Document:
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


def _grouped(
    rules: Rules,
    code: str,
    results: Sequence[Result],
    document: _Document,
    language: str,
    mending: Mending | None,
) -> Iterator[Finding]:
    """The findings of equal results: one, or one for each suggestion where the same value is mended in several ways."""
    members: dict[str | None, list[tuple[Result, Suggestion | None]]] = {}
    for result in results[:MAX_PLACES]:
        mend = mending.of(code, result) if mending else None
        suggestion = mend.suggestion(mending.words, language) if mend and mending else None
        members.setdefault(suggestion.text if suggestion else None, []).append((result, suggestion))
    unlisted = max(0, len(results) - MAX_PLACES)
    for alike in members.values():
        yield _finding(rules, code, alike, len(alike) + unlisted, document, language)
        unlisted = 0


def _finding(
    rules: Rules,
    code: str,
    alike: Sequence[tuple[Result, Suggestion | None]],
    count: int,
    document: _Document,
    language: str,
) -> Finding:
    rule = rules[code]
    result = alike[0][0]
    focus: object = result.focus
    if rule.file == _GRAPH_WIDE:
        count = document.uses(result.value)
        mention = document.mentioned(result.value)
        focus = mention.subject if mention else result.value
        if mention is None or mention.subject == result.value:
            position = document.place(focus, None, None)
        else:
            position = document.place(mention.subject, mention.predicate, mention.object)
        used = document.said.uses(result.value)[:MAX_PLACES] if count > 1 else []
        spots = [_spot(document, t.subject, t.predicate, t.object) for t in used]
    else:
        position = _located(document, focus, result.path, result.value)
        spots = [_spot(document, r.focus, r.path, r.value) for r, _ in alike] if count > 1 else []
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
        places=tuple(spots),
        suggestion=together([suggestion for _, suggestion in alike if suggestion]),
        help=f"/shapes#{code}",
    )


def _located(
    document: _Document, focus: object, path: object | None, value: object | None
) -> Position | None:
    """Where a value stands: at the focus, or in a part of it where a rule names the last step of a path alone."""
    if isinstance(path, NamedNode) and value is not None:
        for statement in document.said.at(focus, (path,), value):
            return document.place(statement.subject, statement.predicate, statement.object)
    return document.place(focus, path, value)


def _spot(document: _Document, focus: object, path: object | None, value: object | None) -> Spot:
    position = _located(document, focus, path, value)
    return Spot(
        line=position.line if position else None,
        column=position.column if position else None,
        focusNode=focus.value if isinstance(focus, NamedNode | Literal) else None,
        label=document.label(focus),
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
