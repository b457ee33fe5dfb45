"""The researcher's guide is true: its commands and its Python files run as they stand and answer as it says."""

import shutil
from pathlib import Path

import pytest

from graph.resources import ROOT
from tests.cli.conftest import Serving
from tests.cli.guide import SHOWN, Shell, files, steps

GUIDE = (ROOT / "docs" / "researcher-guide.md").read_text(encoding="utf-8")


def test_every_question_is_answered_as_the_guide_says(serving: Serving, copy: Path, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not here; the guide's commands need it")
    folder = tmp_path / "researcher"
    folder.mkdir()
    shutil.copytree(copy, tmp_path / "own")  # commands without a service need one of their own
    with serving("--data-dir", copy) as (_, address):
        for name, text in files(GUIDE).items():
            (folder / name).write_text(text.replace(SHOWN, address), encoding="utf-8")
        shell = Shell(folder, address, tmp_path / "own")
        wrong = []
        for step in steps(GUIDE):
            actual = shell.run(step.command)
            if not step.fits(actual):
                wrong.append(f"$ {step.command}\n{actual}\n--- the guide says:\n{step.answer}")
        assert not wrong, "\n\n".join(wrong)


def test_the_guide_shows_every_client() -> None:
    for word in ("curl", "SPARQLWrapper", "rdflib", "pandas", "library(httr2)", "YASGUI", "infrashare query"):
        assert word in GUIDE, word
