"""``infrashare exchange``: as text, JSON and a page, and what is refused."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_text_tells_scores_reasons_and_what_is_left_open(run: Run, data_dir: Path) -> None:
    done = run("exchange", "LV008", "--limit", "3", "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("What to learn from other regions: Vidzeme\n")
    assert "Open Lab Skåne" in done.stdout
    assert "100 % of it is known" in done.stdout
    assert "It was visited before:" in done.stdout
    assert "? Which practice inspired “Streamline policy framework” is not stated." in done.stdout
    assert "What improved: Yearly Vidzeme Innovation Week, held twice." in done.stdout


def test_json_is_the_answer_with_its_evidence(run: Run, data_dir: Path) -> None:
    done = run("exchange", "be2", "--json", "--lang", "nl", "--theme", "voucher", "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["region"]["notation"] == "BE2"
    assert told["run"]["language"] == "nl"
    assert told["practices"]
    assert all("voucher" in {t["notation"] for t in one["themes"]} for one in told["practices"])
    assert told["partners"][0]["parts"][0]["evidence"]


def test_a_page_stands_by_itself(run: Run, data_dir: Path) -> None:
    done = run(
        "exchange", "LV008", "--format", "html", "--lang", "lv", "--limit", "2", "--data-dir", data_dir
    )
    assert done.returncode == 0, done.stderr
    assert '<html lang="lv"' in done.stdout
    assert "Ko mācīties no citiem reģioniem: Vidzeme" in done.stdout
    assert 'href="/' not in done.stdout


def test_a_past_revision_can_be_asked(run: Run, data_dir: Path) -> None:
    now = run("exchange", "LV008", "--json", "--limit", "1", "--data-dir", data_dir)
    revision = str(json.loads(now.stdout)["run"]["revision"])
    done = run("exchange", "LV008", "--json", "--limit", "1", "--revision", revision, "--data-dir", data_dir)
    assert (done.returncode, done.stdout) == (0, now.stdout)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["LV08"], "LV008"),
        (["LV008", "--theme", "no-theme"], "/codelists/practice-theme"),
        (["LV008", "--limit", "0"], "--limit 0"),
        (["LV008", "--revision", "100000"], "100000"),
    ],
)
def test_what_cannot_be_used_is_refused(run: Run, data_dir: Path, arguments: list[str], told: str) -> None:
    done = run("exchange", *arguments, "--data-dir", data_dir)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
