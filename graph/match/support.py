"""Support schemes that a firm may use and good practices that involve a facility."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST
from graph.match.criteria import Verdict
from graph.match.need import Need
from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.store.answers import Table
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_CONCEPT = CODELIST.base + "information-concept/"
_SIZE = CODELIST.base + "company-size/"


@dataclass(frozen=True)
class Condition:
    """A condition of a support scheme, judged for a firm; with a question where the firm did not say."""

    condition: str
    text: str
    verdict: Verdict
    question: str | None = None


@dataclass(frozen=True)
class Support:
    """A support scheme with its conditions and what follows from them."""

    instrument: NamedNode
    label: str
    conditions: tuple[Condition, ...]

    @property
    def verdict(self) -> Verdict:
        """Not met where one condition is not met; else unknown where one is unknown; else met."""
        verdicts = {condition.verdict for condition in self.conditions}
        for verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
            if verdict in verdicts:
                return verdict
        return Verdict.MET if verdicts else Verdict.UNKNOWN


@dataclass
class _Raw:
    title: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    accepted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ended: bool = False


def schemes_for(
    need: Need,
    regions: Sequence[NamedNode],
    sectors: frozenset[NamedNode],
    reader: Reader,
    queries: QueryCatalogue,
    scheme: Scheme,
    reasons: Reasons,
    language: str,
) -> list[Support]:
    """The support schemes of the firm's regions, those that it may use first; schemes that have ended are left out."""
    if not regions:
        return []
    raw = _collect(reader.select(queries["match-support"].bind(region=list(regions))))
    found = []
    for instrument, facts in raw.items():
        if facts.ended:
            continue
        conditions = tuple(
            _judge(condition, facts.accepted[key], need, regions, sectors, scheme, reasons, language)
            for key, condition in sorted(facts.conditions.items())
        )
        label = facts.title.get(language) or facts.title.get("en") or next(iter(facts.title.values()))
        found.append(Support(instrument, label, conditions))
    order = {Verdict.MET: 0, Verdict.UNKNOWN: 1, Verdict.NOT_MET: 2}
    return sorted(found, key=lambda s: (order[s.verdict], s.label))


def _collect(table: Table) -> dict[NamedNode, _Raw]:
    raw: dict[NamedNode, _Raw] = defaultdict(_Raw)
    year = datetime.now(UTC).year
    for row in table.dicts():
        instrument, title = row["instrument"], row["title"]
        if not isinstance(instrument, NamedNode) or not isinstance(title, Literal):
            continue
        facts = raw[instrument]
        facts.title[title.language or "en"] = title.value
        end = row.get("end")
        if isinstance(end, Literal) and end.value[:4].isdigit() and int(end.value[:4]) < year:
            facts.ended = True
        if "condition" not in row:
            continue
        key = str(row["condition"])
        for name in ("text", "concept", "lower", "upper", "unit"):
            value = row.get(name)
            if isinstance(value, NamedNode | Literal):
                facts.conditions[key][name] = value.value
        accepted = row.get("accepted")
        if isinstance(accepted, NamedNode):
            facts.accepted[key].add(accepted.value)
    return raw


def _judge(
    condition: dict[str, str],
    accepted: set[str],
    need: Need,
    regions: Sequence[NamedNode],
    sectors: frozenset[NamedNode],
    scheme: Scheme,
    reasons: Reasons,
    language: str,
) -> Condition:
    """Judge a condition (CCCEV constraint) by what the firm says of itself; what it does not say is asked."""
    concept = condition.get("concept", "").removeprefix(_CONCEPT)
    text = condition.get("text", concept)
    verdict = Verdict.UNKNOWN
    if concept == "company-size" and need.companySize:
        verdict = Verdict.MET if _SIZE + need.companySize in accepted else Verdict.NOT_MET
    elif concept == "region" and regions:
        verdict = Verdict.MET if accepted & {region.value for region in regions} else Verdict.NOT_MET
    elif concept == "sector" and sectors:
        around = {s.value for s in sectors} | {a.value for s in sectors for a in scheme.ancestors.get(s, ())}
        verdict = Verdict.MET if accepted & around else Verdict.NOT_MET
    elif concept == "organisation-kind" and need.companySize:
        verdict = Verdict.MET if CODELIST.base + "organisation-kind/company" in accepted else Verdict.NOT_MET
    question = None
    if verdict is Verdict.UNKNOWN:
        question = reasons.sentence("question", language, condition=text)
    return Condition(concept, text, verdict, question)
