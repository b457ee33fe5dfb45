"""The forms of a report: SHACL's own vocabulary, and the file with its marks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF

from graph.contribute.marking import AROUND, Mark, marked, marks_of
from graph.contribute.reading.syntax import in_language
from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.validation_report import validation_report
from graph.contribute.words import Words
from graph.errors import Place, SyntaxProblem
from graph.iris import LANGUAGES
from graph.turtle import turtle

Check = Callable[..., Report]
TEN = Path(__file__).parent / "ten-mistakes.ttl"
SH = Namespace("http://www.w3.org/ns/shacl#")


@pytest.fixture(scope="module")
def graph(check: Check, rules: Rules) -> Graph:
    return Graph().parse(data=turtle(validation_report(check(TEN.read_bytes()), rules)), format="turtle")


class TestShacl:
    def test_each_result_has_what_shacl_asks_of_it_once(self, graph: Graph) -> None:
        (report,) = graph.subjects(RDF.type, SH.ValidationReport)
        assert list(graph.objects(report, SH.conforms)) == [Literal(False)]
        results = list(graph.objects(report, SH.result))
        assert results
        for result in results:
            assert isinstance(result, BNode)
            assert (result, RDF.type, SH.ValidationResult) in graph
            for once in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape):
                assert len(list(graph.objects(result, once))) == 1, once
            for at_most_once in (SH.resultPath, SH.value):
                assert len(list(graph.objects(result, at_most_once))) <= 1
            messages = [m for m in graph.objects(result, SH.resultMessage) if isinstance(m, Literal)]
            assert {message.language for message in messages} == set(LANGUAGES)

    def test_each_place_of_a_group_is_a_result(self, graph: Graph, check: Check) -> None:
        report = check(TEN.read_bytes())
        assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == sum(
            f.count for f in report.findings
        )

    def test_the_component_is_that_of_the_rule(self, graph: Graph) -> None:
        shapes = "https://w3id.org/infrashare/shapes#"
        for code, component in (
            ("facility-region-required", SH.MinCountConstraintComponent),
            ("facility-trl-order", SH.LessThanOrEqualsConstraintComponent),
            ("facility-kind-known", SH.NodeConstraintComponent),
            ("graph-term-unknown", SH.SPARQLConstraintComponent),
        ):
            (result, *_) = graph.subjects(SH.sourceShape, URIRef(shapes + code))
            assert list(graph.objects(result, SH.sourceConstraintComponent)) == [component]

    def test_nothing_found_conforms(self, rules: Rules, check: Check) -> None:
        whole = check(TEN.read_bytes())
        clean = Report(1, dict.fromkeys(whole.counts, 0), {}, (), whole.quality)
        found = Graph().parse(data=turtle(validation_report(clean, rules)), format="turtle")
        assert list(found.objects(None, SH.conforms)) == [Literal(True)]


class TestMarks:
    def test_marks_stand_at_their_lines(self, check: Check) -> None:
        lines = marked(TEN.read_text(), marks_of(check(TEN.read_bytes())))
        marks = {(line.number, mark.code) for line in lines for mark in line.marks}
        wanted = {
            (number, line.rpartition("# ")[2])
            for number, line in enumerate(TEN.read_text().splitlines(), 1)
            if " ; # " in line or " # facility-region" in line
        }
        assert {(number, code) for number, code in wanted if " " not in code} <= marks
        assert {(18, "facility-ket-required"), (37, "facility-ket-required")} <= marks

    def test_only_the_neighbourhood_of_marks_is_shown(self) -> None:
        text = "\n".join(f"line {number}" for number in range(1, 101))
        lines = marked(text, {1: [Mark("info", "a", "b")], 50: [Mark("violation", "a", "b")]})
        assert [line.number for line in lines] == [1, 2, 3, 4, *range(50 - AROUND, 51 + AROUND)]
        assert [line.left_out for line in lines if line.left_out] == [(5, 46)]
        assert [line.severity for line in lines if line.marks] == ["info", "violation"]

    def test_a_mark_beyond_the_end_is_left_out(self) -> None:
        assert marked("one", {9: [Mark("info", "a", "b")]}) == []


@pytest.mark.parametrize(
    ("message", "start"),
    [
        ("The prefix ex: has not been declared", "The prefix ex: is not declared"),
        ("Unexpected end of file", "The file ends in the middle"),
        ("Invalid IRI code point ' '", "This address is not valid"),
        ("blank node property lists should end with a ']'", "A bracket is not closed"),
        ("'“' is not allowed at the beginning of a prefix name", "Typographic quotation marks"),
        ("A language code should always start with a letter", "After the sign @"),
        ("Expecting a datatype IRI after ^^, found .", "After the signs ^^"),
        ("Unexpected escape character", "This sign after a backslash"),
        ("TRUE is not a valid RDF object", "TRUE cannot stand here"),
        ("The PREFIX keyword should be followed by a prefix like 'ex:'", "A prefix is declared with a colon"),
        ("An integer should not be empty", "The file cannot be read here"),
    ],
)
def test_the_parsers_words_are_told_in_plain_ones(message: str, start: str) -> None:
    error = SyntaxProblem(message, (Place(message, "syntax", 3, 7),))
    told = in_language(error, "en", Words())
    assert told.places[0].message.startswith(start)
    assert told.places[0].message.endswith(f"({message})")
    assert told.detail.startswith("line 3, column 7: ")
