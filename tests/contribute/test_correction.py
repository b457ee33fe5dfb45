"""The corrected file: mended in its place, nothing lost, nothing made worse, and conforming where all is certain."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from graph.contribute.checking import RELATIVE_BASE, Checking
from graph.contribute.mending.correction import Corrected, correct
from graph.contribute.mending.menders import Menders
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.parse import FORMATS, Parsed, read
from graph.contribute.reference import Reference
from graph.contribute.report import Finding, Report
from graph.contribute.rules import Rules
from graph.contribute.validate import Examined, examine
from graph.iris import compact
from graph.settings import MIB

Fix = Callable[..., Corrected]
Check = Callable[..., Report]
HERE = Path(__file__).parent
TEN = HERE / "ten-mistakes.ttl"
CERTAIN = HERE / "certain-mistakes.ttl"
FIXTURES = sorted((HERE.parent / "shapes").rglob("fail*.ttl"))
PREFIXES = """\
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix facility: <https://w3id.org/infrashare/id/facility/> .
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
"""


def statements(data: bytes, form: RdfFormat = RdfFormat.TURTLE) -> set[str]:
    triples = [quad.triple for quad in parse(data, form, base_iri=RELATIVE_BASE)]
    return {str(triple) for triple in skolemise(triples)}


def violations(report: Report, rules: Rules) -> dict[str, int]:
    return {code: n for code, n in report.by_code.items() if rules[code].severity == "violation"}


def test_a_file_whose_mistakes_are_all_certain_conforms_when_corrected(check: Check, fix: Fix) -> None:
    before = check(CERTAIN.read_bytes())
    blocking = [finding for finding in before.findings if finding.severity == "violation"]
    assert len({finding.code for finding in blocking}) >= 10
    # The region is missing because its property is misspelt, which has a suggestion.
    assert {f.code for f in blocking if not f.suggestion} == {"facility-region-required"}
    corrected = fix(CERTAIN.read_bytes())
    assert corrected.report.conforms
    assert check(corrected.data).conforms
    again = fix(corrected.data)
    assert (again.data, again.mended) == (corrected.data, ())


def test_comments_order_and_layout_of_the_partners_file_stay(fix: Fix) -> None:
    old = CERTAIN.read_text().splitlines()
    new = fix(CERTAIN.read_bytes()).data.decode().splitlines()

    def comments(lines: list[str]) -> list[str]:
        return [line.partition(" # ")[2] for line in lines if " # " in line]

    assert comments(new) == comments(old)
    same = [line for line in old if "# " not in line]
    assert [line for line in same if line not in new] == []


def test_only_what_was_said_is_changed(fix: Fix) -> None:
    corrected = fix(TEN.read_bytes())
    said = [finding.suggestion for finding in corrected.mended]
    assert [finding.code for finding in corrected.mended] == [
        "facility-identifier-valid",
        "facility-country-valid",
    ]
    assert all(said)
    changed = [
        (a, b)
        for a, b in zip(TEN.read_text().splitlines(), corrected.data.decode().splitlines(), strict=True)
        if a != b
    ]
    assert [re.sub(r" ; # .*|\].*", "", b).strip() for _, b in changed] == [
        'dct:identifier "climate-chamber"',
        'locn:adminUnitL1 "BE"',
    ]


def test_a_wrong_prefix_is_mended_in_its_own_line(fix: Fix) -> None:
    text = (
        "@prefix infra: <http://w3id.org/infrashare/ontology#> . # http\n"
        + PREFIXES.replace("@prefix infra: <https://w3id.org/infrashare/ontology#> .\n", "")
        + "facility:x a infra:Facility ;\n  infra:capability cap:welding , cap:fatigue-testing ;\n  infra:trlMin 4 ."
    )
    corrected = fix(text)
    expected = text.replace(
        "<http://w3id.org/infrashare/ontology#>", "<https://w3id.org/infrashare/ontology#>"
    )
    assert corrected.data.decode().replace('dct:identifier "x" ;\n  ', "") == expected


def test_a_wrong_prefix_of_a_datatype_is_mended_with_that_of_its_property(fix: Fix) -> None:
    text = PREFIXES + (
        "@prefix geo: <https://www.opengis.net/ont/geosparql#> .\n"
        'facility:x infra:hasSite [ geo:hasGeometry [ geo:asWKT "POINT (5 51)"^^geo:wktLiteral ] ] .\n'
    )
    assert (
        fix(text)
        .data.decode()
        .startswith(text.replace("https://www.opengis", "http://www.opengis").split("_:")[0])
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("infra:inRegion nuts:BE2 , nuts:BE22 , nuts:BE225 ;", "infra:inRegion nuts:BE225 ;"),
        ("infra:inRegion nuts:BE225 , nuts:BE2 , nuts:BE22 ;", "infra:inRegion nuts:BE225 ;"),
        ("infra:inRegion nuts:BE2 ; infra:inRegion nuts:BE225 ;", "infra:inRegion nuts:BE225 ;"),
        ("infra:inRegion nuts:BE225 ;\n  infra:inRegion nuts:BE2 ;", "infra:inRegion nuts:BE225 ;"),
        ('infra:trlMin "5" ;', "infra:trlMin 5 ;"),
        ('infra:trlMin """5"""@en ;', "infra:trlMin 5 ;"),
        (
            'dct:modified "2026-11-23" ;',
            'dct:modified "2026-11-23"^^<http://www.w3.org/2001/XMLSchema#date> ;',
        ),
        ('infra:capability "welding" ;', "infra:capability cap:welding ;"),
    ],
)
def test_values_are_edited_where_they_stand(fix: Fix, wrong: str, right: str) -> None:
    frame = (
        PREFIXES
        + 'facility:x a infra:Facility ; # what it is\n  dct:identifier "x" ;\n  {}\n  dct:title "X"@en .\n'
    )
    assert fix(frame.format(wrong)).data.decode().split() == frame.format(right).split()


def test_a_statement_of_its_own_is_taken_out_whole(fix: Fix) -> None:
    more = (
        "facility:x infra:inRegion nuts:BE2 .\n# about the region\nfacility:x infra:inRegion nuts:BE225 .\n"
    )
    text = PREFIXES + 'facility:x a infra:Facility ; dct:identifier "x" . # what it is\n' + more
    assert fix(text).data.decode() == text.replace("facility:x infra:inRegion nuts:BE2 .\n", "")


def test_what_is_missing_is_added_behind_the_type(fix: Fix) -> None:
    text = PREFIXES + 'facility:x a infra:Facility ; # what it is\n  dct:title "X"@en .\n'
    expected = text.replace("  dct:title", '  dct:identifier "x" ;\n  dct:title')
    assert fix(text).data.decode() == expected


def test_an_entity_is_renamed_wherever_it_stands(fix: Fix) -> None:
    text = PREFIXES + (
        '<https://w3id.org/infrashare/id/facilities/My_Lab> a infra:Facility ; dct:identifier "my-lab" .\n'
        '<https://w3id.org/infrashare/id/facilities/My_Lab#site> dct:title "Site"@en .\n'
        "facility:other dct:relation <https://w3id.org/infrashare/id/facilities/My_Lab> .\n"
    )
    new = fix(text).data.decode()
    assert "My_Lab" not in new
    assert {"facility:my-lab", "<https://w3id.org/infrashare/id/facility/my-lab#site>"} <= set(new.split())


@pytest.mark.parametrize("kind", ["application/n-triples", "application/ld+json", "application/rdf+xml"])
def test_all_formats_are_corrected_in_their_own_format(fix: Fix, check: Check, kind: str) -> None:
    triples = [quad.triple for quad in parse(TEN.read_bytes(), RdfFormat.TURTLE)]
    data = serialize(triples, format=FORMATS[kind])
    assert data is not None
    corrected = fix(data, kind)
    turtle = fix(TEN.read_bytes())
    assert corrected.media_type == kind
    assert corrected.report.by_code == turtle.report.by_code == check(corrected.data, kind).by_code
    assert statements(corrected.data, FORMATS[kind]) == statements(turtle.data)


def test_n_triples_stay_lines(fix: Fix) -> None:
    text = (
        "# first\n"
        "<https://w3id.org/infrashare/id/facility/x> "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/infrashare/ontology#Facility> .\n"
        '<https://w3id.org/infrashare/id/facility/x> <https://w3id.org/infrashare/ontology#trlMin> "4" .\n# last\n'
    )
    new = fix(text, "application/n-triples").data.decode().splitlines()
    assert (new[0], new[-1], len(new)) == ("# first", "# last", 5)
    assert '"4"^^<http://www.w3.org/2001/XMLSchema#integer> .' in new[-2]
    assert '<http://purl.org/dc/terms/identifier> "x" .' in "\n".join(new)


def test_a_warning_is_not_mended_at_the_price_of_a_violation(fix: Fix, check: Check) -> None:
    """Written with http, the address is not looked at; with https it is found to be wrong."""
    good = (HERE.parent / "shapes/facility/facility-point-range/pass.ttl").read_text()
    text = good.replace("dct:source <", '<http://schema.org/email> "nobody" ; dct:source <', 1)
    assert check(text).conforms
    corrected = fix(text)
    assert corrected.report.conforms
    assert corrected.data.decode() == text


@pytest.fixture(scope="module")
def fixed(rules: Rules, reference: Reference, menders: Menders) -> list[tuple[Path, Report, Corrected]]:
    """Each failing fixture of a rule: the report on it, and it corrected."""
    found = []
    for path in FIXTURES:
        reports: list[Report] = []

        def examined(parsed: Parsed, reports: list[Report] = reports) -> Examined:
            done = examine(parsed, reference, rules, menders)
            reports.append(done.report)
            return done

        corrected = correct(read(path.read_bytes(), "text/turtle", RELATIVE_BASE, MIB), examined, MIB)
        found.append((path, reports[0], corrected))
    return found


class TestFixtures:
    def test_a_correction_makes_no_new_violation(
        self, fixed: list[tuple[Path, Report, Corrected]], rules: Rules
    ) -> None:
        assert len(fixed) > 500
        for path, before, corrected in fixed:
            had, has = violations(before, rules), violations(corrected.report, rules)
            assert all(number <= had.get(code, 0) for code, number in has.items()), path

    def test_it_takes_out_and_adds_only_what_it_says(
        self, fixed: list[tuple[Path, Report, Corrected]]
    ) -> None:
        for path, _, corrected in fixed:
            old, new = statements(path.read_bytes()), statements(corrected.data)
            said = [finding.suggestion for finding in corrected.mended if finding.suggestion]
            removed = {line.removesuffix(" .") for suggestion in said for line in suggestion.remove}
            added = {line.removesuffix(" .") for suggestion in said for line in suggestion.add}
            named = {line for line in old | new if "genid" not in line}
            assert (old - new) & named <= removed, path
            assert (new - old) & named <= added, path
            assert len(old) - len(new) == len(removed) - len(added), path

    def test_it_conforms_where_all_violations_have_a_suggestion(
        self, fixed: list[tuple[Path, Report, Corrected]]
    ) -> None:
        number = 0
        for path, before, corrected in fixed:
            blocking = [finding for finding in before.findings if finding.severity == "violation"]
            if blocking and all(finding.suggestion for finding in blocking):
                number += 1
                assert corrected.report.conforms, path
        assert number > 50


TERM = r'"[^"]*"(?:@\w+|\^\^\S+)?|<[^>]*>|\w+:[\w-]+|\d+'


def example(finding: Finding) -> str:
    """The value in the example of a message."""
    name = re.escape(compact(finding.path)) if finding.path else ""
    said = re.findall(rf"(?:such as|for example:?|as in|:) (?:{name} )?({TERM})", finding.message)
    assert said, finding.message
    return str(said[0])


def test_ten_mistakes_are_mended_with_what_the_report_says_alone(check: Check, fix: Fix) -> None:
    """First all suggestions, then the remedy in each message, at its line and column: no other knowledge."""
    text = fix(TEN.read_bytes()).data.decode()
    for _ in range(20):
        blocking = [finding for finding in check(text).findings if finding.severity == "violation"]
        if not blocking:
            break
        text = written_at(text, blocking[0])
    assert check(text).conforms, text


def written_at(text: str, finding: Finding) -> str:
    """The text with a finding's example in the place that it names: as the value, or as a further statement."""
    described = re.search(r"describe it as (\S+) in this file", finding.message)
    if described:
        return f"{text}<{finding.value}> a {described[1]} ; a {described[1]} .\n"
    assert finding.line
    assert finding.column
    lines = text.splitlines()
    line, at = lines[finding.line - 1], finding.column - 1
    new = example(finding)
    if finding.value is None:
        assert finding.path
        semicolon = line.index(";", at)
        lines[finding.line - 1] = f"{line[:semicolon]}; {compact(finding.path)} {new} {line[semicolon:]}"
        return "\n".join(lines) + "\n"
    term = re.compile(TERM).match(line, at)
    assert term
    if finding.code == "graph-term-unknown":
        line = line.replace(compact(finding.value), new)
        new = "nuts:BE225"
        term = re.compile(TERM).search(line, line.index(" ", line.index(":")))
        assert term
        at = term.start()
    lines[finding.line - 1] = line[:at] + new + line[term.end() :]
    return "\n".join(lines) + "\n"


def test_a_worker_corrects_and_tells_what_it_mended(checking: Checking) -> None:
    corrected = checking.fix(TEN.read_bytes(), "text/turtle", language="nl")
    assert [finding.code for finding in corrected.mended] == [
        "facility-identifier-valid",
        "facility-country-valid",
    ]
    assert all(
        "in plaats van" in finding.suggestion.text for finding in corrected.mended if finding.suggestion
    )
    assert not corrected.report.conforms
