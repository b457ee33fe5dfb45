"""``infrashare profile`` and ``compare`` as a person runs them."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def folder(shipped: Path, copy_of: Callable[[Path], Path]) -> Path:
    return copy_of(shipped)


def test_a_profile_is_told_in_tables_in_the_language_asked_for(run: Run, folder: Path) -> None:
    done = run("profile", "LV008", "--lang", "lv", "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    for words in ("Reģiona konteksta profils: Vidzeme (LV008)", "Stiprās puses", "Infrastruktūras pēc veida"):
        assert words in done.stdout
    assert done.stderr == ""


def test_a_profile_is_one_html_file_that_needs_nothing_else(run: Run, folder: Path) -> None:
    done = run("profile", "BE2", "--format", "html", "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    page = done.stdout
    assert page.count("<style>") == 1
    assert not re.search(r'<(link|script|img|iframe)[^>]*(src|href)="(?!data:)', page)
    assert not re.search(r"url\((?!#)", page)
    assert "Flanders" in page
    assert re.search(r'href="/', page) is None


def test_the_other_forms_hold_the_same_figures(run: Run, folder: Path) -> None:
    whole = json.loads(run("profile", "EE008", "--json", "--data-dir", folder).stdout)
    figures = [figure["value"] for one in whole["indicators"] for figure in one["figures"]]
    table = csv.DictReader(
        io.StringIO(run("profile", "EE008", "--format", "csv", "--data-dir", folder).stdout)
    )
    assert [float(row["value"]) for row in table] == figures
    cube = run("profile", "EE008", "--format", "turtle", "--data-dir", folder).stdout
    kinds = [t for t in parse(cube, RdfFormat.TURTLE) if t.object.value.endswith("#RegionIndicator")]
    assert len(kinds) == len(figures)


def test_regions_are_compared_in_tables(run: Run, folder: Path) -> None:
    done = run("compare", "BE2", "NL41", "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    for words in ("Comparison: Flanders, North Brabant", "Common to all", "Only in Flanders", "robotics"):
        assert words in done.stdout
    page = run("compare", "BE2", "NL41", "--format", "html", "--lang", "nl", "--data-dir", folder).stdout
    assert "Vlaanderen" in page
    assert re.search(r'href="/', page) is None


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("profile", "XX9"), 2, "no region of NUTS has the code 'XX9'"),
        (("profile", "BE2", "--since", "9999"), 2, "--since 9999"),
        (("compare", "BE2"), 2, "compare 2 to 8"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_line(
    run: Run, folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run(*arguments, "--data-dir", folder)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_a_region_in_which_nothing_is_described_ends_with_nothing_found(run: Run, folder: Path) -> None:
    done = run("profile", "PT17", "--data-dir", folder)
    assert done.returncode == 1
    assert "No facility is described" in done.stdout
