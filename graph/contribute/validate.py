"""SHACL over a contribution: what the rules find, with places, names and words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode, Store

from graph.contribute.document import Document, entities
from graph.contribute.findings import GRAPH_WIDE, NOT_OWN, Findings
from graph.contribute.grouping import groups
from graph.contribute.mending.menders import Menders
from graph.contribute.mending.mending import Mending
from graph.contribute.mending.suggestion import Mend
from graph.contribute.reading.allocation import without_collection
from graph.contribute.reading.parse import Parsed
from graph.contribute.reference import Reference
from graph.contribute.report import Finding, Report, summarise
from graph.contribute.rules import ORDER, Rules
from graph.contribute.shacl import Result, Shapes
from graph.iris import SHAPES

_SAYS = {"graph-reference-unknown": 0, "graph-namespace-look-alike": 1, "graph-iri-confusable": 1}
_MOST = 2
"""How much rules say of an address: that nothing is there, how it is spelt, or what belongs in its place."""


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
    report, found, told = _validated(
        parsed, reference, rules, snapshot, replacing, others, None, menders, max_findings, language
    )
    mended = (
        (told.of_one(code, result), mend) for code, result in found if (mend := told.mend(code, result))
    )
    return Examined(report, tuple(mended))


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
) -> tuple[Report, list[tuple[str, Result]], Findings]:
    document = Document(parsed)
    beside = reference.beside(document.triples, snapshot, replacing)
    # What a contribution says of terms and codes must not stand in for what the ontology and the code lists say.
    foreign = [] if shapes else document.foreign(reference)
    own = document.triples if not foreign else [t for t in document.triples if not reference.is_vocabulary(t)]
    results = (shapes or rules.shapes).validate(chain(own, beside))
    found = list(_told_once(list(_distinct(results, rules, document)), rules))
    by_code: Counter[str] = Counter()
    for code, result in found:
        by_code[code] += document.uses(result.value) if rules[code].file == GRAPH_WIDE else 1
    found.sort(key=lambda item: (ORDER[rules[item[0]].severity], document.rank(item[1]), item[0]))
    kept_out = [(rule, t) for t in foreign if (rule := reference.kept_out_by(t)) and rule in rules]
    by_code.update(rule for rule, _ in kept_out)
    mending = Mending(menders, document.said, snapshot, replacing) if menders else None
    told = Findings(rules, document, language, mending)
    findings = [told.kept_out(rule, triple) for rule, triple in kept_out]
    not_own = document.not_own(others or {})
    if not_own:
        by_code[NOT_OWN] = len(not_own)
    findings += [told.not_own(subject, owner) for subject, owner in not_own.items()]
    for code, results in groups(found):
        if len(findings) >= max_findings:
            break
        findings += told.of_equal(code, results)
    findings = findings[:max_findings]
    names = entities(document.triples, rules)
    report = summarise(findings, by_code, rules, len(document.triples), names, parsed.media_type, language)
    return report, found, told


def _distinct(results: Iterable[Result], rules: Rules, document: Document) -> Iterator[tuple[str, Result]]:
    """The results of rules, each once; those on entities of others that the contribution refers to are left out."""
    seen: set[tuple[object, ...]] = set()
    for result in results:
        code = result.shape.removeprefix(SHAPES.base)
        if code not in rules:
            continue
        graph_wide = rules[code].file == GRAPH_WIDE
        if not graph_wide and result.focus not in document.subjects:
            continue
        key = (code, None if graph_wide else result.focus, result.path, result.value)
        if key not in seen:
            seen.add(key)
            yield code, result


def _told_once(found: Sequence[tuple[str, Result]], rules: Rules) -> Iterator[tuple[str, Result]]:
    """The results without those on an address that a rule which blocks and says more of it names already."""
    rank: dict[object, int] = {}
    for code, result in found:
        if rules[code].severity == "violation":
            rank[result.value] = max(rank.get(result.value, 0), _SAYS.get(code, _MOST))
    return ((code, result) for code, result in found if _SAYS.get(code, _MOST) >= rank.get(result.value, 0))
