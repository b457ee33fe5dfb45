"""The partner's guide is true: its commands run as they stand and answer as it says."""

import shutil
from pathlib import Path

import pytest

from graph.resources import ROOT
from tests.cli.conftest import Serving
from tests.cli.guide import Shell, Step, files, steps

GUIDE = (ROOT / "docs" / "partner-guide.md").read_text(encoding="utf-8")


def test_every_command_answers_as_the_guide_says(serving: Serving, copy: Path, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not here; the guide's commands need it")
    folder = tmp_path / "partner"
    folder.mkdir()
    for name, text in files(GUIDE).items():
        (folder / name).write_text(text, encoding="utf-8")
    with serving("--data-dir", copy) as (_, address):
        shell = Shell(folder, address, copy)
        for step in steps(GUIDE):
            actual = shell.run(step.command)
            assert step.fits(actual), f"$ {step.command}\n{actual}\n--- the guide says:\n{step.answer}"


def test_answers_are_compared_line_by_line() -> None:
    assert Step("x", "a\n…\nc d…f\n").fits("a\n1\n2\nc dxf\n")
    assert Step("x", "a\n…\n").fits("a\n")
    assert Step("x", "").fits("")
    assert not Step("x", "").fits("a\n")
    assert not Step("x", "a\n").fits("a\nb\n")
    assert not Step("x", "a…c\n").fits("b\n")


def test_the_guide_has_commands_for_the_whole_way() -> None:
    commands = " ".join(step.command for step in steps(GUIDE))
    for word in (
        "template",
        "convert",
        "check",
        "--fix",
        "token create",
        "--dry-run",
        "contribute",
        "curl",
        "history",
        "diff",
        "rollback",
        "delete",
    ):
        assert word in commands, word
