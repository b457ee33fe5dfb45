"""What a change of the shapes does to the contributions that are there: each is checked under both.

A shape that is a little stricter can make a partner's data invalid that were accepted yesterday. So each change is
measured on all current contributions before it is published, as MobilityData's GTFS validator does with known feeds.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store

from graph.contribute.checking import WHAT_SHIPS, Against, Checking
from graph.contribute.provenance import SOFTWARE
from graph.contribute.report import LEVELS, Report
from graph.contribute.rules import ORDER, Rules
from graph.errors import InputError
from graph.progress import Progress
from graph.resources import DATA, turtle_files
from graph.settings import Settings
from graph.store.ledger import Ledger

_RANK: Final = {level: number for number, (_, level) in enumerate(reversed(LEVELS))}


@dataclass(frozen=True)
class Contribution:
    """A contribution to check: its name, how to get its document, and what it is checked against."""

    name: str
    read: Callable[[], bytes]
    media_type: str
    against: Against


@dataclass(frozen=True)
class Verdict:
    """What one set of shapes finds in a contribution: how often each rule, and the quality level."""

    by_rule: Mapping[str, int]
    conforms: bool
    level: str

    @classmethod
    def of(cls, report: Report) -> "Verdict":
        return cls(report.by_code, report.conforms, report.quality.level)


@dataclass(frozen=True)
class Judged:
    """A contribution under the old shapes and under the new ones."""

    name: str
    old: Verdict
    new: Verdict

    @property
    def became_invalid(self) -> bool:
        return self.old.conforms and not self.new.conforms

    @property
    def became_valid(self) -> bool:
        return not self.old.conforms and self.new.conforms


@dataclass(frozen=True)
class RuleChange:
    """How often a rule finds something, in how many contributions; a severity is ``None`` where there is no such rule.

    ``appeared`` and ``gone`` are summed over contributions, so that one does not hide the other.
    """

    code: str
    old_severity: str | None
    new_severity: str | None
    old: int
    new: int
    appeared: int
    gone: int
    contributions: int

    @property
    def severity(self) -> str:
        """The severity in words, with both where it changed."""
        if self.old_severity is None:
            return f"{self.new_severity} (new rule)"
        if self.new_severity is None:
            return f"{self.old_severity} (rule gone)"
        same = self.old_severity == self.new_severity
        return self.old_severity if same else f"{self.old_severity} → {self.new_severity}"


@dataclass(frozen=True)
class Impact:
    """What a change of the shapes does to all contributions."""

    contributions: tuple[Judged, ...]
    old_severities: Mapping[str, str]
    new_severities: Mapping[str, str]

    @property
    def became_invalid(self) -> list[Judged]:
        return [one for one in self.contributions if one.became_invalid]

    @property
    def became_valid(self) -> list[Judged]:
        return [one for one in self.contributions if one.became_valid]

    @property
    def levels(self) -> list[Judged]:
        """The contributions whose quality level changes, those that lose first."""
        changed = [one for one in self.contributions if one.old.level != one.new.level]
        return sorted(changed, key=lambda one: (_RANK[one.new.level] - _RANK[one.old.level], one.name))

    def rules(self) -> list[RuleChange]:
        """The rules that find more or less than before or weigh otherwise: the gravest first, those gone last."""
        codes = {code for one in self.contributions for code in (*one.old.by_rule, *one.new.by_rule)}
        changes = [change for code in codes if (change := self._rule(code)) is not None]
        return sorted(changes, key=lambda rule: (_gravity(rule), -rule.appeared, -rule.gone, rule.code))

    def _rule(self, code: str) -> RuleChange | None:
        before = self.old_severities.get(code)
        after = self.new_severities.get(code)
        old = new = appeared = gone = contributions = 0
        for one in self.contributions:
            was, now = one.old.by_rule.get(code, 0), one.new.by_rule.get(code, 0)
            old, new = old + was, new + now
            appeared, gone = appeared + max(0, now - was), gone + max(0, was - now)
            contributions += was != now or (before != after and now > 0)
        return (
            RuleChange(code, before, after, old, new, appeared, gone, contributions)
            if contributions
            else None
        )

    def causes(self, one: Judged) -> list[tuple[str, int]]:
        """The rules that make a contribution invalid, or that did so before, with how often each finds it."""
        verdict, severities = (
            (one.new, self.new_severities) if one.became_invalid else (one.old, self.old_severities)
        )
        blocking = Counter({c: n for c, n in verdict.by_rule.items() if severities.get(c) == "violation"})
        return blocking.most_common()


def _gravity(rule: RuleChange) -> int:
    return len(ORDER) if rule.new_severity is None else ORDER[rule.new_severity]


def shapes_in(folder: Path) -> Rules:
    """The rules of a folder of shapes. Raises ``InputError`` where it holds none or one of its files is broken."""
    if not turtle_files(folder):
        raise InputError(f"{folder} holds no shapes (*.ttl)")
    try:
        rules = Rules(folder)
    except SyntaxError as error:
        raise InputError(f"{folder}: {error.filename or ''} line {error.lineno}: {error.msg}") from error
    if not len(rules):
        raise InputError(f"{folder} holds no rule: a rule is a named shape with a severity")
    return rules


def shipped() -> list[Contribution]:
    """The contributions that ship."""
    return [
        Contribution(f"{path.parent.name}/{path.stem}", path.read_bytes, "text/turtle", WHAT_SHIPS)
        for path in turtle_files(DATA)
    ]


def stored(ledger: Ledger, folder: Path) -> list[Contribution]:
    """The current contributions of a ledger; ``folder`` takes the union of them, which references are looked up in."""
    versions = [version for version in ledger.current() if version.partner != SOFTWARE]
    union = folder / "union"
    store = Store(str(union))
    for version in versions:
        content = ledger.content(version.sha256)
        store.bulk_load(content, RdfFormat.N_TRIPLES, to_graph=version.graph_node)
    store.flush()
    del store

    def contribution(name: str, sha256: str, graph: NamedNode) -> Contribution:
        return Contribution(
            name, lambda: ledger.content(sha256), "application/n-triples", Against(union, replacing=graph)
        )

    return [contribution(version.name, version.sha256, version.graph_node) for version in versions]


def impact(
    old: Path, new: Path, contributions: Sequence[Contribution], settings: Settings, progress: Progress
) -> Impact:
    """Check all contributions under both folders of shapes, in checking workers.

    Raises ``InputError`` for shapes that cannot be used and what ``Checking.check`` raises.
    """
    rules = [shapes_in(folder) for folder in (old, new)]
    largest = max((len(one.read()) for one in contributions), default=0)
    few = settings.model_copy(
        update={
            "max_findings": 1,  # only counts are compared
            "check_workers": max(1, settings.check_workers // 2),
            "max_upload_bytes": max(settings.max_upload_bytes, largest),
        }
    )
    with ExitStack() as stack:
        checks = [stack.enter_context(closing(Checking(few, shapes=folder))) for folder in (old, new)]
        threads = stack.enter_context(ThreadPoolExecutor(2 * few.check_workers))

        def checked(checking: Checking, one: Contribution) -> Verdict:
            return Verdict.of(checking.check(one.read(), one.media_type, against=one.against).report)

        try:
            jobs = [
                (one, [threads.submit(checked, checking, one) for checking in checks])
                for one in contributions
            ]
            judged = []
            for done, (one, verdicts) in enumerate(jobs):
                progress(f"check {one.name}", done, len(jobs))
                judged.append(Judged(one.name, *(verdict.result() for verdict in verdicts)))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    progress("checked", len(judged), len(judged))
    return Impact(tuple(judged), *(_severities(one) for one in rules))


def _severities(rules: Rules) -> dict[str, str]:
    return {rule.code: rule.severity for rule in rules.all()}
