"""Every command: results on stdout, messages on stderr, and the exit code that says how it went."""

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from cli.arguments import MODULES, parser, plain
from graph.iris import DERIVED_GRAPH
from graph.resources import DATA, ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]

DONE, NOTHING, USAGE, FAILED = 0, 1, 2, 3
GOOD = DATA / "flanders-make" / "organisations.ttl"
BAD = (
    "@prefix infra: <https://w3id.org/infrashare/ontology#> .\n"
    "<https://w3id.org/infrashare/id/facility/x> a infra:Facility .\n"
)


@pytest.mark.parametrize("command", sorted(MODULES))
def test_help_of_every_command_is_complete(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])
    assert ended.value.code == DONE
    text = capsys.readouterr().out
    assert text.startswith("usage: infrashare ")
    assert f"infrashare {command}" in text.split("example:")[1]


def test_help_lists_every_command_and_the_exit_codes(spawn: Run) -> None:
    done = spawn("--help")
    assert (done.returncode, done.stderr) == (DONE, "")
    for command in MODULES:
        assert f"\n    {command} " in done.stdout
    assert "exit codes: 0 done, 1 " in done.stdout
    assert "INFRASHARE_DATA_DIR" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, cli.main\ncli.main.parser()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {
        "fastapi",
        "pyoxigraph",
        "pydantic",
        "rdflib",
        "pyshacl",
        "sqlalchemy",
        "rich",
        "uvicorn",
        "graph",
    }
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["check"],
        ["match", "--limit", "many"],
        ["match", "welding", "--lang", "xx"],
        ["serve", "--port", "99999"],
        ["generate", "0", "--out", "x.ttl"],
        ["generate", "ten", "--out", "x.ttl"],
        ["query", "--lang", "xx"],
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "infrashare" in done.stderr


def test_a_setting_that_cannot_be_used_is_2(run: Run) -> None:
    done = run("check", GOOD, INFRASHARE_MAX_UPLOAD_BYTES="lots")
    assert done.returncode == USAGE
    assert "max_upload_bytes" in done.stderr
    assert "Traceback" not in done.stderr


class TestCheck:
    def test_a_good_file_is_0(self, spawn: Run) -> None:
        done = spawn("check", GOOD)
        assert (done.returncode, done.stderr) == (DONE, "")
        assert f"{GOOD} conforms" in done.stdout

    def test_bad_and_broken_files_are_1_with_places(self, spawn: Run, tmp_path: Path) -> None:
        bad, broken, packed = (tmp_path / name for name in ("bad.ttl", "broken.ttl", "good.ttl.gz"))
        bad.write_text(BAD)
        broken.write_text("<a:a> <a:b>\n\n.")
        packed.write_bytes(gzip.compress(GOOD.read_bytes()))
        done = spawn("check", packed, bad, broken)
        assert (done.returncode, done.stderr) == (NOTHING, "")
        assert f"{packed} conforms" in done.stdout
        assert f"{bad}:2" in done.stdout
        assert f"{bad} does not conform" in done.stdout
        assert f"{broken}:3:1: error syntax" in done.stdout

    def test_a_file_that_cannot_be_parsed_is_told_as_json(self, run: Run) -> None:
        done = run("check", "-", "--json", stdin=b"<a:a> <a:b>\n\n.")
        assert done.returncode == NOTHING
        report = json.loads(done.stdout)
        assert report["conforms"] is False
        assert report["errors"][0]["line"] == 3

    @pytest.mark.parametrize("name", ["missing.ttl", "folder.ttl", "data.csv"])
    def test_a_file_that_cannot_be_read_is_2(self, run: Run, tmp_path: Path, name: str) -> None:
        (tmp_path / "folder.ttl").mkdir()
        (tmp_path / "data.csv").touch()
        done = run("check", tmp_path / name)
        assert (done.returncode, done.stdout) == (USAGE, "")
        assert name in done.stderr

    def test_the_report_comes_in_all_forms(self, run: Run) -> None:
        report = json.loads(run("check", "-", "--json", "--lang", "nl", stdin=BAD.encode()).stdout)
        assert report["conforms"] is False
        assert report["findings"]
        turtle = run("check", "-", "--format", "turtle", stdin=BAD.encode())
        assert turtle.returncode == NOTHING
        assert list(parse(turtle.stdout, RdfFormat.TURTLE))
        page = run("check", "-", "--format", "html", stdin=BAD.encode())
        assert page.stdout.startswith("<!doctype html>")
        assert report["findings"][0]["code"] in page.stdout


class TestFix:
    WRONG = (
        "@prefix infra: <http://w3id.org/infrashare/ontology#> . # http\n"
        '<https://w3id.org/infrashare/id/facility/x> infra:trlMin "5" ; a infra:Facility .\n'
    )

    def test_the_corrected_file_is_on_stdout_and_all_else_on_stderr(self, run: Run) -> None:
        done = run("check", "--fix", "-", "--lang", "de", stdin=self.WRONG.encode())
        assert done.returncode == NOTHING
        assert done.stdout.startswith("@prefix infra: <https://w3id.org/infrashare/ontology#> . # http\n")
        assert "infra:trlMin 5 ;" in done.stdout
        assert "<stdin>" not in done.stderr
        assert "-:2:" in done.stderr
        assert 'Schreiben Sie 5 statt "5".' in done.stderr
        assert "ist nicht in Ordnung" in done.stderr

    def test_a_file_can_be_named_for_it(self, run: Run, tmp_path: Path) -> None:
        wrong, out = tmp_path / "wrong.ttl.gz", tmp_path / "right.ttl"
        text = GOOD.read_text().replace("@prefix org: <http://www.w3", "@prefix org: <http://w3", 1)
        wrong.write_bytes(gzip.compress(text.encode()))
        done = run("check", "--fix", wrong, "--out", out, "--json")
        assert (done.returncode, done.stdout) == (DONE, "")
        assert out.read_text() == GOOD.read_text()
        report = json.loads(done.stderr)
        assert report["conforms"] is True
        assert {finding["code"] for finding in report["mended"]} == {"graph-namespace-look-alike"}

    @pytest.mark.parametrize("arguments", [("--fix", GOOD, GOOD), (GOOD, "--out", "x.ttl")])
    def test_it_takes_one_file_and_out_goes_with_it(self, run: Run, arguments: tuple[object, ...]) -> None:
        done = run("check", *arguments)
        assert (done.returncode, done.stdout) == (USAGE, "")
        assert "--fix" in done.stderr

    def test_a_file_that_cannot_be_parsed_cannot_be_corrected(self, run: Run) -> None:
        done = run("check", "--fix", "-", "--lang", "fr", stdin=b"<a:a> <a:b> <a:c>\n<a:d> <a:e> <a:f> .")
        assert (done.returncode, done.stdout) == (NOTHING, "")
        assert done.stderr.startswith("-:2:1: error syntax: Une affirmation doit se terminer par un point")


def test_the_page_shows_the_file_with_its_marks(run: Run) -> None:
    page = run("check", "-", "--format", "html", "--lang", "nl", stdin=BAD.encode()).stdout
    assert '<html lang="nl" dir="ltr">' in page
    assert "&lt;https://w3id.org/infrashare/id/facility/x&gt; a infra:Facility ." in page
    assert page.count('id="line-2"') == 1
    broken = run("check", "-", "--format", "html", "--lang", "sv", stdin=b"<a:a> <a:b>\n\n<script> .").stdout
    assert "<script" not in broken
    assert "&lt;script&gt;" in broken
    assert 'id="line-3"' in broken


def test_text_of_others_cannot_steer_a_terminal() -> None:
    assert plain("a\x1b[31mred\x07\x9b1\tb\nc") == "a[31mred1\tb\nc"


class TestMatch:
    def test_a_table_for_people(self, spawn: Run, data_dir: Path) -> None:
        done = spawn(
            "match", "vermoeiing testen", "--region", "BE223", "--limit", "3", "--data-dir", data_dir
        )
        assert (done.returncode, done.stderr) == (DONE, "")
        assert "understood: " in done.stdout
        assert "3 of " in done.stdout

    def test_a_match_tells_why_a_facility_is_there(self, spawn: Run, data_dir: Path) -> None:
        """It states nothing like what the text names, and is there for what the words tell beside that."""
        done = spawn("match", "Zugversuch in Chemnitz", "--limit", "1", "--data-dir", data_dir)
        assert "Ihre Wörter" in done.stdout
        assert "nichts" not in done.stdout

    def test_json_for_programs_from_a_file_or_stdin(self, run: Run, data_dir: Path, tmp_path: Path) -> None:
        need = tmp_path / "need.json"
        need.write_text(json.dumps({"capabilities": ["fatigue-testing"], "limit": 2}))
        done = run("match", "--need", need, "--json", "--data-dir", data_dir)
        answer = json.loads(done.stdout)
        assert len(answer["results"]) == 2
        piped = run("match", "--need", "-", "--json", "--data-dir", data_dir, stdin=need.read_bytes())
        assert json.loads(piped.stdout) == answer

    def test_turtle_for_graphs(self, run: Run, data_dir: Path) -> None:
        done = run("match", "fatigue testing", "--limit", "2", "--format", "turtle", "--data-dir", data_dir)
        assert done.returncode == DONE
        assert done.stdout.count("a infra:MatchResult") == 2

    def test_how_it_was_done_is_a_table_below_the_answer(self, run: Run, data_dir: Path) -> None:
        done = run("match", "fatigue testing", "--region", "BE223", "--explain", "--data-dir", data_dir)
        assert (done.returncode, done.stderr) == (DONE, "")
        answer, heading, told = done.stdout.partition("How it was done")
        assert heading
        assert re.search(r"\d+ of \d+ facilities", answer)
        assert re.search(r"candidates .* wanted \d+, rows \d+, facilities \d+", told)
        assert re.search(
            r"fact x .* distance or nearness .* (looked up|scanned) .* queries 1, rows \d+", told
        )

    def test_how_it_was_done_is_a_member_of_the_json(self, run: Run, data_dir: Path) -> None:
        asked = ("match", "fatigue testing", "--region", "BE223", "--json", "--data-dir", data_dir)
        answer = json.loads(run(*asked, "--explain").stdout)
        plan = answer.pop("plan")
        assert answer == json.loads(run(*asked).stdout)
        steps = {step["step"]: step for step in plan["steps"] if step["step"] != "fact"}
        assert steps["candidates"]["queries"] == ["match-candidates"]
        assert steps["rank"]["counts"]["results"] == answer["total"]
        facts = [step for step in plan["steps"] if step["step"] == "fact"]
        assert [(one["fact"], one["queries"]) for one in facts] == [
            (fact, [f"match-fact-{fact}"]) for fact in ("x", "y", "z", "middle")
        ]
        assert {one["how"] for one in facts} <= {"looked up", "scanned"}
        named = {query for step in plan["steps"] for query in step.get("queries", ())}
        assert named <= set(re.findall(r"match-[\w-]+", run("query").stdout))

    def test_how_it_was_done_has_no_form_in_turtle(self, run: Run) -> None:
        done = run("match", "fatigue testing", "--explain", "--format", "turtle")
        assert (done.returncode, done.stdout) == (USAGE, "")
        assert "use --format text or json" in done.stderr

    def test_nothing_found_is_1(self, run: Run, data_dir: Path) -> None:
        done = run("match", "blorf quxxel zzyzx", "--data-dir", data_dir)
        assert done.returncode == NOTHING
        assert "not understood: " in done.stdout

    @pytest.mark.parametrize(
        ("need", "words"),
        [
            (b"{", "line 1"),
            (b"[]", "JSON object"),
            (b"{}", "give a text or capabilities"),
            (b'{"capabilities": ["no-such"]}', "not in the code list"),
            (b'{"text": "x", "location": {"lat": 100, "lon": 0}}', "location.lat"),
        ],
    )
    def test_a_need_that_cannot_be_used_is_2(self, run: Run, data_dir: Path, need: bytes, words: str) -> None:
        done = run("match", "--need", "-", "--data-dir", data_dir, stdin=need)
        assert (done.returncode, done.stdout) == (USAGE, "")
        assert words in done.stderr


class TestQuery:
    def test_the_catalogue_is_listed_without_a_store(self, run: Run) -> None:
        listed = run("query").stdout
        assert run("query", "list").stdout == run("query", "--list").stdout == listed
        assert "browse-count\t" in listed
        groups = [line for line in listed.splitlines() if line.startswith("# ")]
        assert groups[:4] == [
            "# Questions of researchers",
            "# Questions of partners",
            "# Questions of firms",
            "# Questions of policy",
        ]
        assert "# Fragen der Unternehmen" in run("query", "--list", "--lang", "de").stdout
        assert any(one["name"] == "browse-count" for one in json.loads(run("query", "list", "--json").stdout))

    def test_codes_stand_for_their_iris(self, run: Run, data_dir: Path) -> None:
        parameters = (
            "--param",
            "mode=voucher",
            "--param",
            "lang=nl",
            "--format",
            "csv",
            "--data-dir",
            data_dir,
        )
        name = "competency-q21-usable-by-access-mode"
        done = run("query", name, *parameters)
        assert (done.returncode, done.stderr) == (DONE, "")
        assert done.stdout.splitlines()[0] == "facility,facilityName,verdict,accessModes"
        in_full = "mode=https://w3id.org/infrashare/codelist/access-mode/voucher"
        assert run("query", name, "--param", in_full, *parameters[2:]).stdout == done.stdout

    def test_a_catalogued_query_with_parameters(self, spawn: Run, run: Run, data_dir: Path) -> None:
        parameters = ("--param", "class=infra:Facility", "--param", "class=infra:Equipment")
        done = spawn("query", "browse-count", *parameters, "--format", "csv", "--data-dir", data_dir)
        assert (done.returncode, done.stderr) == (DONE, "")
        found = {
            row["class"].rpartition("#")[2]: int(row["entities"])
            for row in csv.DictReader(io.StringIO(done.stdout))
        }
        assert found.keys() == {"Facility", "Equipment"}
        table = run("query", "browse-count", *parameters, "--data-dir", data_dir)
        assert str(found["Facility"]) in table.stdout
        assert "infra:Facility" in table.stdout

    @pytest.mark.parametrize(
        ("text", "arguments", "code", "words"),
        [
            ("ASK { ?s a infra:Facility }", (), DONE, "yes"),
            ("ASK { ?s a infra:Castle }", (), DONE, "no"),
            ("SELECT ?s { ?s a infra:Castle }", (), NOTHING, ""),
            ("SELECT ?s { ?s a infra:Castle }", ("--format", "csv"), NOTHING, "s"),
            ("SELECT ?s { ?s a infra:Castle }", ("--json",), NOTHING, "bindings"),
            ("SELECT ('[red]x[/red]' AS ?s) {}", (), DONE, "[red]x[/red]"),
            ("CONSTRUCT WHERE { ?s a infra:Castle }", (), NOTHING, ""),
            ("SELECT ?s { ?s a infra:Facility }", ("--revision", "2", "--json"), NOTHING, "bindings"),
            ("ASK { ?s skos:prefLabel ?o }", ("--revision", "2"), DONE, "yes"),
            ("DESCRIBE nuts:BE2", (), DONE, "@prefix"),
            ("DESCRIBE nuts:BE2", ("--json",), DONE, "@context"),
        ],
    )
    def test_a_query_of_ones_own(
        self, run: Run, data_dir: Path, text: str, arguments: tuple[str, ...], code: int, words: str
    ) -> None:
        done = run("query", "-", *arguments, "--data-dir", data_dir, stdin=text.encode())
        assert (done.returncode, done.stderr) == (code, "")
        assert words in done.stdout

    def test_a_file_with_headers_takes_parameters(self, run: Run, data_dir: Path) -> None:
        file = ROOT / "queries" / "browse" / "label.rq"
        arguments = ("--param", "entity=https://w3id.org/infrashare/id/facility/holst-centre", "--json")
        done = run("query", file, *arguments, "--data-dir", data_dir)
        assert "Holst" in done.stdout

    @pytest.mark.parametrize(
        ("arguments", "stdin", "words"),
        [
            (("no-such-query",), "", "no query is named"),
            (("q18",), "", "did you mean competency-q18-facilities-for-service?"),
            (("missing.rq",), "", "missing.rq"),
            (("-",), "SELECT", "line 1, column 7"),
            (("-",), "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE is not allowed"),
            (("-",), "INSERT DATA { <a:a> <a:b> 1 }", "update"),
            (("-", "--param", "a=b"), "ASK {}", "--param"),
            (("browse-count", "--param", "class"), "", "name=value"),
            (("browse-count", "--param", "no=1"), "", "no parameter"),
            (("-", "--revision", "0"), "ASK {}", "revisions are numbered from 1"),
            (("-", "--revision", "99999"), "ASK {}", "no revision 99999 yet"),
            (("-", "--format", "turtle"), "SELECT * { ?s ?p ?o }", "table"),
            (("-", "--format", "csv"), "DESCRIBE nuts:BE2", "turtle"),
        ],
    )
    def test_what_cannot_be_run_is_2(
        self, run: Run, data_dir: Path, arguments: tuple[str, ...], stdin: str, words: str
    ) -> None:
        done = run("query", *arguments, "--data-dir", data_dir, stdin=stdin.encode())
        assert (done.returncode, done.stdout) == (USAGE, "")
        assert words in done.stderr


class TestStore:
    def test_a_dump_loads_into_an_empty_store(
        self, spawn: Run, run: Run, data_dir: Path, tmp_path: Path
    ) -> None:
        packed = tmp_path / "all.nq.gz"
        done = spawn("dump", packed, "--data-dir", data_dir)
        assert (done.returncode, done.stdout) == (DONE, "")
        written = int(done.stderr.split()[0].replace(",", ""))
        store = Store()
        store.load(gzip.decompress(packed.read_bytes()), format=RdfFormat.N_QUADS)
        assert len(store) == written
        assert not store.contains_named_graph(DERIVED_GRAPH)
        again = tmp_path / "again.nq.gz"
        run("dump", again, "--data-dir", data_dir)
        assert again.read_bytes() == packed.read_bytes()

    def test_a_dump_that_cannot_be_written_is_2_and_leaves_nothing(
        self, run: Run, data_dir: Path, tmp_path: Path
    ) -> None:
        done = run("dump", tmp_path / "no" / "such" / "folder.nq", "--data-dir", data_dir)
        assert done.returncode == USAGE
        assert list(tmp_path.iterdir()) == []

    def test_a_reader_that_has_seen_enough_is_no_failure(self, start: Start, data_dir: Path) -> None:
        with start("dump", "-", "--data-dir", data_dir) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            errors = process.stderr.read()
        assert process.returncode == DONE
        assert "Traceback" not in errors
        assert "Exception" not in errors

    def test_verify_finds_nothing_wrong(self, run: Run, data_dir: Path) -> None:
        done = run("verify", "--data-dir", data_dir, "--json")
        assert done.returncode == DONE
        assert json.loads(done.stdout)["problems"] == []

    def test_rebuilt_from_the_ledger_the_answers_are_the_same(self, spawn: Run, run: Run, copy: Path) -> None:
        ask = ("query", "browse-count", "--format", "csv", "--data-dir", copy)
        before = run(*ask).stdout
        shutil.rmtree(copy / "engine")
        shutil.rmtree(copy / "snapshots")
        done = spawn("rebuild", "--data-dir", copy)
        assert done.returncode == DONE
        assert "rebuilt" in done.stdout
        assert sorted(run(*ask).stdout.splitlines()) == sorted(before.splitlines())

    def test_a_data_directory_that_cannot_be_made_is_3(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        done = run("verify", "--data-dir", tmp_path / "file" / "var")
        assert (done.returncode, done.stdout) == (FAILED, "")
        assert "Traceback" not in done.stderr

    def test_the_data_directory_comes_from_the_environment(self, run: Run, data_dir: Path) -> None:
        done = run("verify", INFRASHARE_DATA_DIR=str(data_dir))
        assert done.returncode == DONE
        assert "0 differ" in done.stdout


def test_generate_gives_the_same_bytes(spawn: Run, run: Run, tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("a.ttl", "b.ttl", "c.ttl"))
    for file, command in ((first, spawn), (second, run)):
        done = command("generate", "20", "--out", file)
        assert (done.returncode, done.stdout) == (DONE, "")
    run("generate", "20", "--out", other, "--seed", "7")
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()
    assert run("check", first).returncode == DONE
    assert run("generate", "1", "--out", tmp_path / "no" / "x.ttl").returncode == USAGE
