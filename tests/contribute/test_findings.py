"""What a person reads after a check: each mistake once, on its line, in their language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.iris import LANGUAGES

Check = Callable[..., Report]
TEN = Path(__file__).parent / "ten-mistakes.ttl"
PREFIXES = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix facility: <https://w3id.org/infrashare/id/facility/> .
@prefix infra: <https://w3id.org/infrashare/ontology#> .
"""


def expected() -> set[tuple[str, int]]:
    """Code and line, from the comments at the end of lines."""
    lines = enumerate(TEN.read_text().splitlines(), 1)
    return {(match[1], number) for number, line in lines if (match := re.search(r"# ([a-z-]+)$", line))}


def test_ten_mistakes_are_ten_findings_each_on_its_line(check: Check) -> None:
    report = check(TEN.read_bytes())
    mistakes = expected()
    assert len(mistakes) == 10
    found = [(finding.code, finding.line) for finding in report.findings]
    assert mistakes <= set(found)
    assert [item for item in found if item[0] in dict(mistakes) and item not in mistakes] == []
    violations = {finding.code for finding in report.findings if finding.severity == "violation"}
    assert violations <= set(dict(mistakes))


def test_the_column_is_that_of_the_value(check: Check) -> None:
    lines = TEN.read_text().splitlines()
    places = {f.code: (f.line, f.column) for f in check(TEN.read_bytes()).findings}
    line, column = places["facility-title-text"]
    assert line
    assert column
    assert lines[line - 1][column - 1 :].startswith('"Klimakammer"')
    line, column = places["facility-country-valid"]
    assert lines[line - 1][column - 1 :].startswith('"Belgium"')  # type: ignore[operator, index]


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_are_in_the_partners_language(check: Check, rules: Rules, language: str) -> None:
    report = check(TEN.read_bytes(), language=language)
    assert report.findings
    assert all(finding.message == rules[finding.code].messages[language] for finding in report.findings)
    for step in report.quality.next_steps:
        code, _, message = step.partition(": ")
        assert message == rules[code].messages[language]


def test_the_summary_is_in_the_partners_language(check: Check) -> None:
    texts = {check(TEN.read_bytes(), language=language).as_text("x.ttl") for language in LANGUAGES}
    summaries = {next(line for line in text.splitlines() if line.startswith("x.ttl ")) for text in texts}
    assert len(summaries) == len(LANGUAGES)
    assert any("voldoet niet" in summary for summary in summaries)
    assert any("nevyhovuje" in summary for summary in summaries)


def test_the_engines_own_words_are_kept(check: Check) -> None:
    found = {finding.code: finding.engine_message for finding in check(TEN.read_bytes()).findings}
    assert found["facility-region-required"].startswith(
        "Less than 1 values on <https://w3id.org/infrashare/id/"
    )
    assert found["facility-region-required"].endswith("->infra:inRegion")


def test_findings_on_unnamed_parts_bear_the_name_of_what_they_are_a_part_of(check: Check) -> None:
    found = {finding.code: finding.label for finding in check(TEN.read_bytes()).findings}
    assert found["facility-country-valid"] == "Climatic test chamber"


def test_findings_are_ordered_by_severity_then_place(check: Check) -> None:
    found = [(f.severity, f.line or 0, f.column or 0) for f in check(TEN.read_bytes()).findings]
    rank = {"violation": 0, "warning": 1, "info": 2}
    assert found == sorted(found, key=lambda f: (rank[f[0]], f[1], f[2]))


def test_more_findings_than_are_listed_are_all_counted(check: Check) -> None:
    whole = check(TEN.read_bytes())
    assert sum(finding.count for finding in whole.findings) == sum(whole.counts.values())
    short = check(TEN.read_bytes(), max_findings=4)
    assert len(short.findings) == 4
    assert (short.counts, short.by_code, short.quality) == (whole.counts, whole.by_code, whole.quality)
    assert {f.severity for f in short.findings} == {"violation"}
    assert set(short.findings) <= set(whole.findings)
    hidden = sum(whole.counts.values()) - sum(finding.count for finding in short.findings)
    assert f"… and {hidden} more" in short.as_text()


def test_equal_findings_of_a_graph_are_one_with_a_count(check: Check) -> None:
    text = PREFIXES + "".join(
        f'facility:a{number} a infra:Facility ; infra:openingHours "always" .\n' for number in range(7)
    )
    found = [f for f in check(text).findings if f.code == "graph-term-unknown"]
    assert [(f.count, f.line, f.value) for f in found] == [
        (7, 5, "https://w3id.org/infrashare/ontology#openingHours")
    ]
    assert [spot.line for spot in found[0].places] == [5, 6, 7, 8, 9, 10, 11]


class TestGroups:
    CODE = "facility-capability-known"

    def facilities(self, *codes: str) -> str:
        cap = "@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .\n"
        return (
            PREFIXES
            + cap
            + "".join(
                f'facility:a{number} a infra:Facility ; dct:title "A {number}"@en ; infra:capability cap:{code} .\n'
                for number, code in enumerate(codes)
            )
        )

    def test_the_same_value_at_several_entities_is_one_finding_with_all_places(self, check: Check) -> None:
        report = check(self.facilities("wrong", "wrong", "other-wrong", "wrong"))
        found = {f.value: f for f in report.findings if f.code == self.CODE}
        wrong, other = (
            found[f"https://w3id.org/infrashare/codelist/capability/{c}"] for c in ("wrong", "other-wrong")
        )
        assert (wrong.count, wrong.line, wrong.label) == (3, 6, "A 0")
        assert [(s.line, s.label) for s in wrong.places] == [(6, "A 0"), (7, "A 1"), (9, "A 3")]
        assert (other.count, other.line, other.places) == (1, 8, ())
        assert report.by_code[self.CODE] == 4

    def test_what_is_missing_everywhere_is_one_finding(self, check: Check) -> None:
        report = check(self.facilities(*["welding"] * 130))
        (found,) = (f for f in report.findings if f.code == "facility-region-required")
        assert (found.count, len(found.places)) == (130, 100)
        assert report.by_code["facility-region-required"] == 130

    def test_the_text_names_the_other_lines(self, check: Check) -> None:
        text = check(self.facilities("wrong", "wrong", "wrong")).as_text("x.ttl")
        (line,) = (line for line in text.splitlines() if self.CODE in line)
        assert line.startswith("x.ttl:6:")
        assert line.endswith("(and 2 more: lines 7, 8)")

    def test_a_suggestion_of_a_group_mends_all_its_places(self, check: Check) -> None:
        (found,) = (f for f in check(self.facilities("weldng", "weldng")).findings if f.code == self.CODE)
        assert found.suggestion
        assert (len(found.suggestion.add), len(found.suggestion.remove)) == (2, 2)
        assert all("codelist/capability/welding>" in statement for statement in found.suggestion.add)


def test_the_order_of_statements_changes_lines_only(check: Check) -> None:
    head, *entities = re.split(r"\n\n", TEN.read_text())
    turned = check("\n\n".join([head, *reversed(entities)]))
    straight = check(TEN.read_bytes())
    assert turned.by_code == straight.by_code
    assert turned.quality == straight.quality


def test_a_label_of_several_lines_stays_on_one_line_of_the_text(check: Check) -> None:
    report = check(TEN.read_bytes())
    lines = report.as_text("ten.ttl").splitlines()
    assert len(lines) == len(report.findings) + 1 + 1 + len(report.quality.next_steps)


class TestQuality:
    GOOD = Path(__file__).parents[1] / "shapes/facility/facility-point-range/pass.ttl"

    def test_violations_keep_the_level_below_silver(self, check: Check) -> None:
        assert check(TEN.read_bytes()).quality.level == "bronze"

    def test_what_is_missing_is_named_with_what_to_do(self, check: Check, rules: Rules) -> None:
        quality = check(self.GOOD.read_bytes()).quality
        assert len(quality.next_steps) == 3
        assert all(step.split(":")[0] in rules for step in quality.next_steps)

    def test_stating_more_raises_the_score(self, check: Check) -> None:
        less = self.GOOD.read_text()
        more = less.replace("dct:source <", "infra:trlMin 3 ; infra:trlMax 6 ; dct:source <", 1)
        assert check(more).quality.score > check(less).quality.score

    def test_the_number_of_equal_entities_does_not_change_the_level(self, check: Check) -> None:
        one = self.GOOD.read_text()
        prefixes, body = one.split("\n\n", 1)
        two = f"{prefixes}\n\n{body}\n{body.replace('example-chamber', 'second-chamber')}"
        assert check(two).quality.score == pytest.approx(check(one).quality.score, abs=0.02)
