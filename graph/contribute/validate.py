"""SHACL over a contribution: pySHACL on an oxigraph-backed graph, its results located and put into words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from graph.contribute.lines import LineIndex, Position
from graph.contribute.parse import Parsed
from graph.contribute.reference import Reference
from graph.contribute.report import Finding, Report, summarise
from graph.contribute.rules import Rules
from graph.contribute.shacl import Result, Shapes
from graph.iris import DCT, GENID, INFRA, RDF, SHAPES, SKOS

_GRAPH_WIDE = "graph"
_LABELS = (DCT["title"], SKOS["prefLabel"])


class Places(Protocol):
    """Something that knows where statements stand in a document."""

    def find(
        self, subject: object, predicate: object | None = None, value: object | None = None
    ) -> Position | None: ...

    def mention(self, term: object) -> tuple[object, Position] | None: ...


def validate(
    parsed: Parsed,
    reference: Reference,
    rules: Rules,
    *,
    snapshot: Store | None = None,
    shapes: Shapes | None = None,
    max_findings: int = 1_000,
    language: str = "en",
) -> Report:
    """Check a parsed contribution against the shapes and report what was found, with places and words."""
    store = Store()
    default = DefaultGraph()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, default) for t in parsed.triples)
    store.bulk_extend(
        Quad(t.subject, t.predicate, t.object, default) for t in reference.beside(parsed.triples, snapshot)
    )
    results = (shapes or rules.shapes).validate(store)
    findings: list[Finding] = []
    if results:
        locator = _Locator(parsed)
        findings = [found for found in _findings(results, rules, locator, language) if found is not None]
    return summarise(
        _distinct(findings),
        rules,
        len(set(parsed.triples)),
        _entities(parsed.triples, rules),
        max_findings,
        parsed.media_type,
    )


class _Locator:
    """Finds the place and the name of what a result is about; places are read only when first needed."""

    def __init__(self, parsed: Parsed) -> None:
        self.subjects: set[object] = set()
        self.used: Counter[object] = Counter()
        self._owner: dict[object, object] = {}
        self._labels: dict[object, str] = {}
        for triple in parsed.triples:
            self.subjects.add(triple.subject)
            self.used[triple.predicate] += 1
            if triple.predicate == RDF["type"]:
                self.used[triple.object] += 1
            if isinstance(triple.object, NamedNode):
                self._owner.setdefault(triple.object, triple.subject)
            if triple.predicate in _LABELS and isinstance(triple.object, Literal):
                english = triple.object.language == "en"
                if english or triple.subject not in self._labels:
                    self._labels[triple.subject] = triple.object.value
        self.places: Places | None = None
        if parsed.media_type in {"text/turtle", "application/x-turtle", "text/plain", "application/n-triples"}:
            self.places = LineIndex(parsed.text, parsed.base_iri)

    def label(self, node: object) -> str | None:
        """The name of the entity, or of the entity that the unnamed node is a part of."""
        for _ in range(5):
            if node in self._labels:
                return self._labels[node]
            if not isinstance(node, NamedNode):
                return None
            is_part = node.value in GENID or "#" in node.value
            if node not in self._owner or not is_part:
                return None
            node = self._owner[node]
        return None


def _findings(
    results: Iterable[Result], rules: Rules, locator: _Locator, language: str
) -> Iterator[Finding | None]:
    for result in results:
        code = result.shape.removeprefix(SHAPES.base)
        if code in rules:
            found = (result.focus, result.path, result.value)
            yield _finding(rules, code, found, result.message, locator, language)


def _finding(
    rules: Rules,
    code: str,
    found: tuple[Any, Any, Any],
    engine_message: str,
    locator: _Locator,
    language: str,
) -> Finding | None:
    rule = rules[code]
    focus, path, value = found
    count = 1
    position: Position | None = None
    if rule.file == _GRAPH_WIDE:
        count = max(1, locator.used[value])
        mention = locator.places.mention(value) if locator.places else None
        focus, position = mention if mention else (value, None)
    elif focus not in locator.subjects:
        return None  # an entity of others that the contribution refers to
    elif locator.places:
        position = locator.places.find(focus, path, value)
    return Finding(
        code=code,
        severity=rule.severity,
        message=rule.message(language),
        engine_message=engine_message,
        focusNode=getattr(focus, "value", None),
        label=locator.label(focus),
        path=path.value if isinstance(path, NamedNode) else None,
        value=None if value is None else value.value,
        line=position.line if position else None,
        column=position.column if position else None,
        count=count,
        help=f"/shapes#{code}",
    )


def _distinct(findings: list[Finding]) -> list[Finding]:
    seen: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.focusNode, finding.path, finding.value, finding.line, finding.column)
        seen.setdefault(key, finding)
    return list(seen.values())


def _entities(triples: Iterable[Triple], rules: Rules) -> Mapping[str, int] | Any:
    """How many entities of each class that has a file of rules the contribution describes."""
    files = {rule.file for rule in rules.all()}
    counts: Counter[str] = Counter()
    for triple in set(triples):
        if triple.predicate == RDF["type"] and isinstance(triple.object, NamedNode):
            name = _FILES.get(triple.object.value) or _file_name(triple.object.value)
            if name in files:
                counts[name] += 1
    return dict(counts)


_FILES = {
    "http://www.w3.org/ns/org#Organization": "organisation",
    **{
        INFRA.base + name: "policy-instrument"
        for name in ("PolicyInstrument", "SupportScheme", "FundingProgramme", "Strategy", "Regulation")
    },
    **{
        INFRA.base + name: "event"
        for name in ("StudyVisit", "PeerReview", "Conference", "SteeringMeeting", "StakeholderMeeting", "Workshop")
    },
    INFRA.base + "GoodPractice": "practice",
}


def _file_name(iri: str) -> str:
    """``…#AccessOffer`` is about the file ``access-offer``."""
    local = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in local).lstrip("-")
