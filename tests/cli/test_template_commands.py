"""Templates and tables from a terminal: results on stdout, all faults on stderr, and the exit code."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from graph.iris import KINDS
from graph.resources import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]

DONE, NOTHING, USAGE = 0, 1, 2
SPREADSHEET = ROOT / "tests" / "contribute" / "facilities-nl.csv"
WRONG = "id;titel@nl;soort dienst\nproeven;Proeven;testne\nProeven 2;Proeven;testen\n"
PROJECT = b"id;titel;bronnen\neen-project;Een project;https://example.org/\n"


@pytest.mark.parametrize("arguments", [("template",), ("template", "--list")])
def test_the_classes_are_listed_with_what_they_require(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == DONE
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(KINDS)
    assert "required: id, title, kind" in done.stdout


def test_a_template_is_turtle_with_comments(run: Run) -> None:
    done = run("template", "practice")
    assert (done.returncode, done.stderr) == (DONE, "")
    assert done.stdout.startswith("# Good practice: a complete example.")
    assert len(list(parse(done.stdout.encode(), RdfFormat.TURTLE))) > 30


def test_the_template_of_an_unknown_class_names_those_there_are(run: Run) -> None:
    done = run("template", "laboratory")
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "there are facility, equipment, " in done.stderr


def test_a_table_template_converts_and_conforms(run: Run, tmp_path: Path) -> None:
    table, turtle = tmp_path / "events.csv", tmp_path / "events.ttl"
    table.write_text(run("template", "event", "--format", "csv", "--lang", "et").stdout, encoding="utf-8")
    assert "pealkiri@en" in table.read_text(encoding="utf-8")
    done = run("convert", table, "--out", turtle)
    assert (done.returncode, done.stdout) == (DONE, "")
    assert done.stderr.endswith(f"next: infrashare check {turtle}\n")
    checked = run("check", turtle)
    assert checked.returncode == DONE, checked.stdout


def test_a_spreadsheet_converts_to_stdout_in_a_process_of_its_own(spawn: Run) -> None:
    done = spawn("convert", SPREADSHEET)
    assert done.returncode == DONE, done.stderr
    assert len(list(parse(done.stdout.encode(), RdfFormat.TURTLE))) > 150
    assert "5 entries (facility), " in done.stderr


def test_all_faults_are_told_with_row_column_and_remedy(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "services.csv"
    table.write_text(WRONG, encoding="utf-8")
    done = run("convert", table, "--out", tmp_path / "services.ttl")
    assert (done.returncode, done.stdout) == (USAGE, "")
    first, second, whole = done.stderr.splitlines()
    assert first.startswith(f'{table}:2: row 2, column C "soort dienst": "testne" is not in the code list')
    assert "near: testing" in first
    assert second.startswith(f'{table}:3: row 3, column A "id": "Proeven 2" does not have the form')
    assert '"proeven-2"' in second
    assert whole == f"{table}: the table cannot be converted: it has 2 faults"
    assert not (tmp_path / "services.ttl").exists()


def test_faults_are_told_as_json(run: Run) -> None:
    done = run("convert", "-", "--json", stdin=WRONG.encode())
    assert done.returncode == USAGE
    told = json.loads(done.stdout)
    assert [(fault["line"], fault["column"], fault["code"]) for fault in told["errors"]] == [
        (2, 3, "cell-code"),
        (3, 1, "cell-format"),
    ]
    assert all(fault["help"] for fault in told["errors"])


def test_what_is_not_utf_8_is_told_with_what_to_do(run: Run) -> None:
    done = run("convert", "-", stdin="id;titel@nl;soort dienst\na;Malmö;testen\n".encode("cp1252"))
    assert done.returncode == USAGE
    assert "Windows-1252" in done.stderr
    assert 'save the table as "CSV UTF-8"' in done.stderr


def test_the_class_and_the_language_can_be_said(run: Run) -> None:
    assert "fits several classes" in run("convert", "-", stdin=PROJECT).stderr
    done = run("convert", "-", "--class", "project", "--lang", "nl", stdin=PROJECT)
    assert done.returncode == DONE, done.stderr
    assert '"Een project"@nl' in done.stdout
    assert run("convert", "-", "--class", "nothing", stdin=PROJECT).returncode == USAGE


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    done = run("convert", tmp_path / "none.csv")
    assert done.returncode == USAGE
    assert "No such file" in done.stderr
