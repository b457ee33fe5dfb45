"""The report on a contribution: findings with code, place and words, counts, and the quality level."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from graph.contribute.mending.suggestion import Suggestion
from graph.contribute.rules import ORDER, Rules
from graph.contribute.words import Words
from graph.iris import compact


@dataclass(frozen=True)
class Spot:
    """One of the places of equal findings."""

    line: int | None = None
    column: int | None = None
    focusNode: str | None = None  # noqa: N815 - as in a finding
    label: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found, as the contract gives it.

    Equal findings (the same rule, path and value) are one with a ``count``; the first of them is in the finding's own
    members, and all of them, up to 100, are in ``places``. ``suggestion`` mends all that are listed.
    """

    code: str
    severity: str
    message: str
    engine_message: str = ""
    focusNode: str | None = None  # noqa: N815 - the name of the field in SHACL and in the contract
    label: str | None = None
    path: str | None = None
    value: str | None = None
    line: int | None = None
    column: int | None = None
    count: int = 1
    places: tuple[Spot, ...] = ()
    suggestion: Suggestion | None = None
    help: str = ""

    def as_json(self) -> dict[str, Any]:
        members = {key: value for key, value in vars(self).items() if value is not None}
        members["places"] = [spot.as_json() for spot in self.places]
        if self.suggestion is not None:
            members["suggestion"] = self.suggestion.as_json()
        return members


@dataclass(frozen=True)
class Quality:
    """How much of what a firm needs to decide is stated: level, share from 0 to 1, and what to do next."""

    level: str
    score: float
    next_steps: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"level": self.level, "score": round(self.score, 3), "next_steps": list(self.next_steps)}


_LINES_SHOWN: Final = 10
LEVELS: Final = ((0.9, "platinum"), (0.75, "gold"), (0.5, "silver"), (0.0, "bronze"))


@dataclass(frozen=True)
class Report:
    """All findings of a check. ``findings`` may be shortened; ``counts`` and ``by_code`` are complete."""

    triples: int
    counts: dict[str, int]
    by_code: dict[str, int]
    findings: tuple[Finding, ...]
    quality: Quality
    media_type: str = "text/turtle"
    names: dict[str, int] = field(default_factory=dict)
    language: str = "en"

    @property
    def conforms(self) -> bool:
        """True where nothing blocks: warnings and hints do not."""
        return self.counts["violation"] == 0

    def as_json(self) -> dict[str, Any]:
        return {
            "conforms": self.conforms,
            "triples": self.triples,
            "counts": self.counts,
            "by_code": self.by_code,
            "entities": self.names,
            "quality": self.quality.as_json(),
            "findings": [finding.as_json() for finding in self.findings],
        }

    def as_text(self, name: str = "") -> str:
        """The report as lines ``place: severity code message`` for a terminal or an editor, and a summary."""
        words = Words()
        lines = [" ".join(self._line(finding, name, words).split()) for finding in self.findings]
        hidden = sum(self.counts.values()) - sum(finding.count for finding in self.findings)
        if hidden > 0:
            lines.append(words.sentence("more", self.language, number=hidden))
        level = words.sentence(f"level-{self.quality.level}", self.language)
        subject = name or words.sentence("the-contribution", self.language)
        verdict = "conforms" if self.conforms else "does-not-conform"
        lines.append(words.sentence(verdict, self.language, name=subject, level=level, **self.counts))
        if self.quality.next_steps:
            lines.append(words.sentence("next-steps", self.language))
            lines += [f"  {number}. {step}" for number, step in enumerate(self.quality.next_steps, 1)]
        return "\n".join(lines) + "\n"

    def _line(self, finding: Finding, name: str, words: Words) -> str:
        place = ":".join(str(part) for part in (name, finding.line, finding.column) if part)
        about = finding.label or (compact(finding.focusNode) if finding.focusNode else "")
        value = f" [{finding.value}]" if finding.value else ""
        line = f"{place}: {finding.severity} {finding.code}: {about}: {finding.message}{value}"
        if finding.suggestion is not None:
            line += f" → {finding.suggestion.text}"
        if finding.count > 1:
            others = [str(spot.line) for spot in finding.places[1:] if spot.line]
            shown = ", ".join(others[:_LINES_SHOWN]) + (
                ", …" if finding.count > len(others[:_LINES_SHOWN]) + 1 else ""
            )
            more = "more-equal" if not others else "more-lines" if len(others) > 1 else "more-line"
            line += f" ({words.sentence(more, self.language, number=finding.count - 1, lines=shown)})"
        return line


def summarise(
    findings: Iterable[Finding],
    by_code: Counter[str],
    rules: Rules,
    triples: int,
    names: dict[str, int],
    media_type: str,
    language: str = "en",
) -> Report:
    """Order findings by severity and place, and judge the quality level by how often each rule found something."""
    ordered = sorted(findings, key=lambda f: (ORDER[f.severity], f.line or 0, f.column or 0, f.code))
    counts = dict.fromkeys(ORDER, 0)
    for code, number in by_code.items():
        counts[rules[code].severity] += number
    quality = _quality(by_code, rules, names, language)
    by_number = dict(by_code.most_common())
    return Report(triples, counts, by_number, tuple(ordered), quality, media_type, names, language)


def _quality(by_code: Counter[str], rules: Rules, names: dict[str, int], language: str) -> Quality:
    """Share of the warning and info rules that the described entities meet; warnings weigh three times.

    Only rules of classes that occur count. Each rule contributes the share of its class's entities that meet it.
    """
    total = met = 0.0
    open_rules: list[tuple[float, str]] = []
    for rule in rules.all():
        entities = names.get(rule.file, 0)
        if not entities or rule.severity == "violation":
            continue
        weight = 3.0 if rule.severity == "warning" else 1.0
        missing = min(by_code.get(rule.code, 0), entities) / entities
        total += weight
        met += weight * (1 - missing)
        if missing:
            open_rules.append((weight * missing, rule.code))
    score = met / total if total else 1.0
    if any(rules[code].severity == "violation" for code in by_code if code in rules):
        score = min(score, LEVELS[2][0] - 0.001)
    level = next(name for bound, name in LEVELS if score >= bound)
    steps = [f"{code}: {rules[code].message(language)}" for _, code in sorted(open_rules, reverse=True)[:3]]
    return Quality(level, score, tuple(steps))
