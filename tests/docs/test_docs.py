"""The documentation is true: its examples work and its generated pages are up to date."""

import json
import re
from pathlib import Path

import pytest

from docs import ontology_reference
from docs.generate import PAGES, REFERENCE, render
from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.validate import validate
from graph.match.need import Need
from graph.resources import ROOT

GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == render(name), "run `make docs`"


def test_the_reference_of_the_ontology_is_up_to_date() -> None:
    html, css = ontology_reference.render()
    assert ontology_reference.PAGE.read_text(encoding="utf-8") == html, "run `make docs`"
    assert ontology_reference.STYLE.read_text(encoding="utf-8") == css, "run `make docs`"
    assert "<script" not in html
    assert "style=" not in html
    for term in ("Facility", "capability", "GoodPractice", "operatedBy"):
        assert f"https://w3id.org/infrashare/ontology#{term}<" in html


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_facility_of_the_partners_guide_conforms(rules: Rules, reference: Reference) -> None:
    text = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")
    turtle = re.search(r"```turtle\n(.*?)```", text, re.DOTALL)
    assert turtle is not None
    report = validate(read(turtle[1].encode(), "text/turtle", RELATIVE_BASE, 10**6), reference, rules)
    assert report.counts["violation"] == report.counts["warning"] == 0, report.as_text()


def test_the_need_of_the_readme_is_a_need() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    sent = re.search(r"-d '(\{.*?\})'", text, re.DOTALL)
    assert sent is not None
    assert Need.model_validate(json.loads(sent[1])).region == "BE223"


def test_the_file_that_the_readme_checks_gives_the_finding_it_shows(
    rules: Rules, reference: Reference
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    path = ROOT / "tests/shapes/facility/facility-region-required/fail.ttl"
    report = validate(read(path.read_bytes(), "text/turtle", RELATIVE_BASE, 10**6), reference, rules)
    first = report.as_text("fail.ttl").splitlines()[0]
    assert first in readme
