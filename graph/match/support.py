"""Support schemes that a firm may use: their conditions judged by what the firm says of itself.

Conditions are constraints on information concepts (CCCEV 2.1) and are judged by the same evaluator as the criteria of
a need. What the firm does not say is asked, with the member of a need that answers it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST
from graph.match.criteria import Wish
from graph.match.evaluation import BEST_FIRST, Bounds, Verdict, all_of, judge_codes
from graph.match.language import in_language
from graph.match.need import Need
from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.store.answers import Table
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_CONCEPT = CODELIST.base + "information-concept/"
_ANSWERED_BY: Final = {
    "company-size": "companySize",
    "organisation-kind": "companySize",
    "region": "region",
    "sector": "sectors",
    "purpose": "services",
    "staff": "staff",
    "turnover": "turnover",
}
"""The member of a need that says what an information concept asks."""

_STAFF: Final[Mapping[str, Bounds]] = {
    "micro": Bounds(0, 9),
    "small": Bounds(10, 49),
    "medium": Bounds(50, 249),
    "large": Bounds(250, None),
}
"""Staff by size class (Recommendation 2003/361/EC); a firm may be large by its turnover with fewer."""


@dataclass(frozen=True)
class Condition:
    """A condition of a support scheme, judged for a firm; with a question where the firm did not say."""

    condition: str
    text: str
    verdict: Verdict
    question: str | None = None
    field: str | None = None
    """The member of a need that answers the question."""


@dataclass(frozen=True)
class Support:
    """A support scheme with its conditions and what follows from them."""

    instrument: NamedNode
    label: str
    conditions: tuple[Condition, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the firm meets all conditions."""
        return all_of(condition.verdict for condition in self.conditions)


@dataclass(frozen=True)
class Firm:
    """What a firm says of itself, by information concept: codes, and numbers as bounds with their unit."""

    codes: Mapping[str, frozenset[NamedNode]]
    numbers: Mapping[str, tuple[Bounds, str | None]]

    @classmethod
    def of(cls, need: Need, regions: Sequence[NamedNode], wish: Wish) -> "Firm":
        """The firm behind a need: a company, of which the need may give size, region, sector, staff and turnover."""
        codes: dict[str, frozenset[NamedNode]] = {
            "region": frozenset(regions[:1]),
            "sector": wish.sectors,
            "purpose": wish.services,
        }
        numbers: dict[str, tuple[Bounds, str | None]] = {}
        if need.companySize:
            codes["company-size"] = frozenset({CODELIST[f"company-size/{need.companySize}"]})
            codes["organisation-kind"] = frozenset({CODELIST["organisation-kind/company"]})
            if need.companySize != "large":
                numbers["staff"] = _STAFF[need.companySize], None
        if need.staff is not None:
            numbers["staff"] = Bounds(need.staff, need.staff), None
        if need.turnover is not None:
            numbers["turnover"] = Bounds(need.turnover.value, need.turnover.value), need.turnover.currency
        return cls(codes, numbers)


@dataclass
class _Raw:
    title: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    accepted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    end: str | None = None


class SupportSchemes:
    """The support schemes of one revision; those of regions that were asked for are kept."""

    def __init__(self, reader: Reader, queries: QueryCatalogue) -> None:
        self._reader = reader
        self._queries = queries
        self._kept: dict[tuple[NamedNode, ...], Mapping[NamedNode, _Raw]] = {}

    def open_to(
        self,
        need: Need,
        regions: Sequence[NamedNode],
        wish: Wish,
        scheme: Scheme,
        reasons: Reasons,
        language: str,
    ) -> list[Support]:
        """The schemes of the firm's regions, those that it may use first; schemes that have ended are left out."""
        if not regions:
            return []
        firm = Firm.of(need, regions, wish)
        found = []
        for instrument, facts in self._of(tuple(regions)).items():
            if has_ended(facts.end):
                continue
            conditions = tuple(
                _judge(condition, facts.accepted.get(key, ()), firm, scheme, reasons, language)
                for key, condition in sorted(facts.conditions.items())
            )
            label = in_language(facts.title, language)
            found.append(Support(instrument, label, conditions))
        return sorted(found, key=lambda s: (BEST_FIRST[s.verdict], s.label))

    def _of(self, regions: tuple[NamedNode, ...]) -> Mapping[NamedNode, _Raw]:
        kept = self._kept.get(regions)
        if kept is None:  # there are no more than regions in the code list
            query = self._queries["match-support"].bind(region=list(regions))
            kept = self._kept[regions] = _collect(self._reader.select(query))
        return kept


def has_ended(end: str | None) -> bool | None:
    """Whether a scheme that ends on a date, or in a year, has ended by the year; ``None`` where no year is stated."""
    if end is None or not end[:4].isdigit():
        return None
    return int(end[:4]) < datetime.now(UTC).year


def _collect(table: Table) -> dict[NamedNode, _Raw]:
    raw: dict[NamedNode, _Raw] = defaultdict(_Raw)
    for row in table.dicts():
        instrument, title = row["instrument"], row["title"]
        if not isinstance(instrument, NamedNode) or not isinstance(title, Literal):
            continue
        facts = raw[instrument]
        facts.title[title.language or "en"] = title.value
        end = row.get("end")
        if isinstance(end, Literal):
            facts.end = min(facts.end or end.value, end.value)
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
    condition: Mapping[str, str],
    accepted: Iterable[str],
    firm: Firm,
    scheme: Scheme,
    reasons: Reasons,
    language: str,
) -> Condition:
    """Judge a condition by what the firm says of itself; what it does not say is asked."""
    concept = condition.get("concept", "").removeprefix(_CONCEPT)
    text = condition.get("text", concept)
    codes = frozenset(NamedNode(code) for code in accepted)
    verdict = Verdict.UNKNOWN
    if codes:
        verdict = judge_codes(codes, firm.codes.get(concept, ()), scheme.ancestors).verdict
    elif concept in firm.numbers:
        known, unit = firm.numbers[concept]
        if unit == condition.get("unit"):
            verdict = known.within(Bounds(_number(condition, "lower"), _number(condition, "upper")))
    if verdict is not Verdict.UNKNOWN:
        return Condition(concept, text, verdict)
    question = reasons.sentence("question", language, condition=text)
    return Condition(concept, text, verdict, question, _ANSWERED_BY.get(concept))


def _number(condition: Mapping[str, str], name: str) -> float | None:
    return float(condition[name]) if name in condition else None
