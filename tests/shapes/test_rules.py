"""Each rule of the shapes: a graph that passes, one that fails, and words that say what to do.

The fixtures are ``tests/shapes/{class}/{code}/pass*.ttl`` and ``fail*.ttl``; a failing graph breaks no other
rule that blocks, so that it stands for its rule alone.
"""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import read
from graph.contribute.reference import Reference
from graph.contribute.report import Report
from graph.contribute.rules import ORDER, Rules
from graph.contribute.shacl import Shapes
from graph.contribute.validate import validate
from graph.iris import LANGUAGES, SH, SHAPES
from graph.resources import SHAPES as SHAPES_FOLDER

FOLDER = Path(__file__).parent
LIMIT = 1_000_000

CATALOGUE = Rules(SHAPES_FOLDER)
CODES = [rule.code for rule in CATALOGUE.all()]
OF_THE_SERVICE = {"contribution-entity-foreign", "contribution-entity-referenced"}
"""Rules that no graph breaks by itself: who owns an entity and who refers to it is known to the running service."""
CHECKED = [code for code in CODES if code not in OF_THE_SERVICE]


def fixtures(code: str, kind: str) -> list[Path]:
    return sorted((FOLDER / CATALOGUE[code].file / code).glob(f"{kind}*.ttl"))


def cases(kind: str) -> list[object]:
    return [
        pytest.param(code, path, id=f"{code}-{path.stem}")
        for code in CHECKED
        for path in fixtures(code, kind)
    ]


@cache
def report(path: Path) -> Report:
    """What the rules find in a fixture."""
    return check(path, CATALOGUE.shapes)


def check(path: Path, shapes: Shapes) -> Report:
    parsed = read(path.read_bytes(), "text/turtle", RELATIVE_BASE, LIMIT)
    return validate(parsed, everything(), CATALOGUE, shapes=shapes, max_findings=LIMIT)


@cache
def everything() -> Reference:
    return Reference()


def violations(found: Report) -> set[str]:
    return {finding.code for finding in found.findings if finding.severity == "violation"}


class TestCatalogue:
    def test_there_are_rules_for_each_class(self) -> None:
        assert len(CODES) >= 250
        assert {rule.file for rule in CATALOGUE.all()} >= {
            *("facility", "service", "equipment", "access-offer", "organisation", "region", "s3-priority"),
            *("policy-instrument", "practice", "action-plan", "event", "project", "need", "graph"),
        }

    def test_a_code_names_one_rule(self) -> None:
        places: Counter[str] = Counter()
        for path in SHAPES_FOLDER.glob("*.ttl"):
            graph = Graph().parse(path)
            named = set(graph.subjects(URIRef(SH["severity"].value)))
            places.update(str(shape).removeprefix(SHAPES.base) for shape in named)
        assert [code for code, count in places.items() if count > 1] == []
        assert sorted(places) == sorted(CODES)

    def test_codes_start_with_the_class_they_are_about(self) -> None:
        for rule in CATALOGUE.all():
            assert rule.code.startswith(rule.file.split("-")[0]), (rule.code, rule.file)

    def test_each_fixture_belongs_to_a_rule(self) -> None:
        folders = {(path.parent.parent.name, path.parent.name) for path in FOLDER.rglob("*.ttl")}
        assert folders - {(rule.file, rule.code) for rule in CATALOGUE.all()} == set()
        names = {path.name for path in FOLDER.rglob("*.ttl")}
        assert {name for name in names if not name.startswith(("pass", "fail"))} == set()


@pytest.mark.parametrize("code", CODES)
class TestWords:
    def test_a_rule_has_name_description_and_severity(self, code: str) -> None:
        rule = CATALOGUE[code]
        assert rule.severity in ORDER
        assert rule.name not in {"", code}
        assert len(rule.description) > 20

    def test_a_rule_says_what_to_do_in_nine_languages(self, code: str) -> None:
        messages = CATALOGUE[code].messages
        assert set(messages) == set(LANGUAGES)
        assert all(len(message) > 10 for message in messages.values())
        assert len(set(messages.values())) == len(LANGUAGES)


def test_the_rules_of_the_service_are_its_own_alone() -> None:
    """They have no constraint that a graph could be checked by, so they need no graphs here."""
    for code in OF_THE_SERVICE:
        shape = CATALOGUE.shapes.graph.triples((URIRef(SHAPES[code].value), None, None))
        assert {predicate for _, predicate, _ in shape} == {RDF.type, URIRef(SH["severity"].value)}
        assert CATALOGUE[code].file == "contribution"
        assert not fixtures(code, "")


@pytest.mark.parametrize("code", CHECKED)
def test_a_rule_has_a_graph_that_passes_and_one_that_fails(code: str) -> None:
    assert fixtures(code, "pass")
    assert fixtures(code, "fail")


@pytest.mark.parametrize(("code", "path"), cases("pass"))
def test_the_passing_graph_passes(code: str, path: Path) -> None:
    assert code not in report(path).by_code


@pytest.mark.parametrize(("code", "path"), cases("fail"))
def test_the_failing_graph_fails_for_its_rule_alone(code: str, path: Path) -> None:
    found = report(path)
    assert code in found.by_code
    assert violations(found) <= {code}


@pytest.mark.parametrize("code", CODES)
def test_no_other_shape_uses_the_rule(code: str) -> None:
    """So to leave a rule out takes its own findings away and no others: its failing graph then passes."""
    assert list(CATALOGUE.shapes.graph.triples((None, None, URIRef(SHAPES[code].value)))) == []


@pytest.mark.parametrize("code", {CATALOGUE[code].file: code for code in CHECKED}.values())
def test_the_failing_graph_passes_once_the_rule_is_left_out(code: str) -> None:
    """One rule a class: each needs the shapes compiled anew, and the test above holds for all."""
    shapes = CATALOGUE.shapes_without((code,))
    for path in fixtures(code, "fail"):
        found = check(path, shapes)
        assert code in report(path).by_code
        assert code not in found.by_code
        assert violations(found) == set()
