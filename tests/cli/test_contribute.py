"""The partner's way on the command line: into a data directory, and to a service."""

import json
import re
from pathlib import Path

import pytest

from graph.resources import ROOT
from tests.cli.conftest import Run, Serving

GUIDE = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")
FOUND = re.search(r"```turtle\n(.*?)```", GUIDE, re.DOTALL)
assert FOUND is not None
GOOD = FOUND[1]
NAME = "example-institute/facilities"
WHOSE = ("--partner", "example-institute", "--dataset", "facilities")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.ttl"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    path = tmp_path / "moved.ttl"
    path.write_text(GOOD.replace('"Lommel"', '"Genk"'), encoding="utf-8")
    return path


def test_a_data_directory_takes_contributions_and_goes_back(
    run: Run, copy: Path, good: Path, moved: Path
) -> None:
    there = ("--data-dir", copy)
    dry = run("contribute", good, *WHOSE, *there, "--dry-run", "--lang", "nl")
    assert dry.returncode == 0, dry.stderr
    assert "would become version 1" in dry.stdout
    assert "Klimaatkamer van het voorbeeldinstituut" in dry.stdout
    assert "nothing was written" in dry.stderr

    first = run("contribute", good, *WHOSE, *there, "--message", "Start", "--json")
    receipt = json.loads(first.stdout)
    assert (first.returncode, receipt["version"], receipt["unchanged"]) == (0, 1, False)

    again = run("contribute", good, *WHOSE, *there)
    assert (again.returncode, "unchanged" in again.stdout) == (0, True)

    second = run("contribute", moved, *WHOSE, *there)
    assert "is now version 2" in second.stdout
    diff = run("diff", NAME, "1", "2", *there, "--lang", "sv")
    assert diff.returncode == 0
    assert "Lommel" in diff.stdout
    assert "Genk" in diff.stdout
    triples = run("diff", NAME, "1", "2", *there, "--triples")
    assert {line[0] for line in triples.stdout.splitlines()} == {"+", "-"}

    back = run("rollback", NAME, "1", *there)
    assert "is now version 3" in back.stdout
    gone = run("delete", NAME, *there, "--message", "closed")
    assert "deleted with version 4" in gone.stdout
    history = run("history", NAME, *there)
    assert [line for line in history.stdout.splitlines() if "rolled back to 1" in line]
    rows = json.loads(run("history", NAME, *there, "--json").stdout)
    assert [(row["version"], row["change"]) for row in rows] == [
        (4, "deleted"),
        (3, "rolled back"),
        (2, "accepted"),
        (1, "accepted"),
    ]
    assert rows[-1]["message"] == "Start"
    verified = run("verify", *there)
    assert verified.returncode == 0, verified.stdout


def test_what_does_not_conform_is_1_with_its_findings(run: Run, copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(GOOD.replace("nuts:BE225", "nuts:XX9"), encoding="utf-8")
    done = run("contribute", path, *WHOSE, "--data-dir", copy)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "XX9" in text)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}:{line}:")
    assert "facility-region-known" in done.stdout
    assert "not accepted" in done.stderr
    path.write_text("<a> <b> .", encoding="utf-8")
    broken = run("contribute", path, *WHOSE, "--data-dir", copy)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert "line 1, column 9" in broken.stderr


def test_a_service_takes_them_with_a_token(
    run: Run, serving: Serving, copy: Path, good: Path, moved: Path
) -> None:
    with serving("--data-dir", copy) as (_, address):
        there = ("--server", address)
        refused = run("contribute", good, *WHOSE, *there)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "token" in refused.stderr
        made = run("token", "create", "--partner", "example-institute", "--data-dir", copy)
        token = made.stdout.strip()
        assert re.fullmatch(r"infrashare_[0-9a-f]{8}_\S{43}", token)
        with_token = (*there, "--token", token)
        first = run("contribute", good, *WHOSE, *with_token, "--key", "one")
        assert "is now version 1" in first.stdout, first.stderr
        assert "is now version 1" in run("contribute", good, *WHOSE, *with_token, "--key", "one").stdout
        second = run("contribute", moved, *WHOSE, *there, INFRASHARE_TOKEN=token)
        assert "is now version 2" in second.stdout
        dry = run("contribute", good, *WHOSE, *with_token, "--dry-run")
        assert "would become version 3" in dry.stdout
        assert "Lommel" in dry.stdout
        for where in (there, ("--data-dir", copy)):  # the ledger can be read while the service runs
            assert "Genk" in run("diff", NAME, "1", "2", *where).stdout
            assert run("history", NAME, *where).returncode == 0
        assert "is now version 3" in run("rollback", NAME, "1", *with_token).stdout
        assert run("rollback", NAME, "9", *with_token).returncode == 2
        assert "deleted with version 4" in run("delete", NAME, *with_token).stdout
        busy = run("contribute", good, *WHOSE, "--data-dir", copy)
        assert busy.returncode == 3
        assert "another service" in busy.stderr
        revoked = run("token", "revoke", token.split("_")[1], "--data-dir", copy)
        assert revoked.returncode == 0
        assert run("delete", NAME, *with_token).returncode == 2
        listed = json.loads(run("token", "list", "--json", "--data-dir", copy).stdout)
        assert [(one["partner"], one["state"]) for one in listed] == [("example-institute", "revoked")]


def test_owners_are_told_and_assigned(run: Run, copy: Path) -> None:
    imec = "https://w3id.org/infrashare/id/organisation/imec"
    there = ("--data-dir", copy)
    assert run("owner", imec, *there).stdout == f"{imec} flanders-make\n"
    assert run("owner", f"{imec}x", *there).returncode == 1
    assigned = run("owner", imec, "--assign", "imec", *there)
    assert assigned.stdout == f"{imec} imec (before: flanders-make)\n"
    assert run("owner", imec, *there).stdout == f"{imec} imec\n"
    assert run("owner", imec, "--assign", "No Partner", *there).returncode == 2


@pytest.mark.parametrize(
    "command",
    [
        ("history", NAME),
        ("diff", NAME, "1", "2"),
        ("token", "list"),
        ("owner", "https://example.org/"),
    ],
)
def test_a_folder_without_a_ledger_is_told_and_left_alone(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = run(*command, "--data-dir", tmp_path / "var")
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds no ledger" in done.stderr
    assert not (tmp_path / "var").exists()


def test_a_server_that_is_not_there_is_3(run: Run, good: Path) -> None:
    done = run("contribute", good, *WHOSE, "--server", "http://127.0.0.1:9", "--token", "x")
    assert (done.returncode, done.stdout) == (3, "")
    assert "does not answer" in done.stderr


def test_a_name_without_a_dataset_is_told(run: Run, tmp_path: Path) -> None:
    done = run("delete", "flanders-make", "--data-dir", tmp_path / "var")
    assert done.returncode == 2
    assert "PARTNER/DATASET" in done.stderr
