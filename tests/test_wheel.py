"""The wheel: built, installed into a fresh environment, it works from another folder."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from graph.resources import DATA, ROOT

UV = str(ROOT / ".tools" / "bin" / "uv") if (ROOT / ".tools" / "bin" / "uv").is_file() else shutil.which("uv")
FOLDERS = ("ontology", "shapes", "queries", "data", "web")
BUILT = "web/static/built"
SOURCES = ("web/scripts/", "web/build.py", "web/package", "web/tsconfig.json", "web/vite.config.js")
"""What scripts are bundled from, which the wheel needs not."""

pytestmark = pytest.mark.skipif(UV is None, reason="uv is not here: run `make test`, which fetches it")


def _run(*command: str | Path, cwd: Path) -> str:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}
    }
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _run(str(UV), "build", "--wheel", "--quiet", "--out-dir", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def infrashare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command as installed, with the locked dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    _run(str(UV), "venv", "--quiet", "--python", sys.executable, folder / "env", cwd=folder)
    locked = (
        "export",
        "--frozen",
        "--no-dev",
        "--no-emit-project",
        "--quiet",
        "--output-file",
        folder / "locked.txt",
    )
    _run(str(UV), *locked, cwd=ROOT)
    install = ("pip", "install", "--quiet", "--python", folder / "env")
    _run(str(UV), *install, "-r", folder / "locked.txt", cwd=folder)
    _run(str(UV), *install, "--no-deps", wheel, cwd=folder)
    return folder / "env" / "bin" / "infrashare"


def test_it_holds_all_that_the_checkout_holds(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = _run("git", "ls-files", *FOLDERS, "graph", "api", "cli", cwd=ROOT).splitlines()
    missing = [
        name
        for name in tracked
        if (ROOT / name).is_file() and name not in names and not name.startswith(SOURCES)
    ]
    assert missing == []
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        *FOLDERS,
        "graph",
        "api",
        "cli",
    }
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_it_holds_the_bundled_scripts_and_not_what_they_are_made_of(wheel: Path) -> None:
    """Whoever installs the wheel needs no Node.js: what Vite makes is in it, whole."""
    file = zipfile.ZipFile(wheel)
    names = set(file.namelist())
    manifest = json.loads(file.read(f"{BUILT}/manifest.json"))
    assert "scripts/page.ts" in manifest
    for entry in manifest.values():
        for name in (entry["file"], *entry.get("css", ()), *entry.get("assets", ())):
            assert f"{BUILT}/{name}" in names
    sources = ("web/scripts/", "web/node_modules/")
    assert not [name for name in names if name.startswith(sources) or name.endswith((".ts", ".tsx"))]
    assert not {"web/build.py", "web/package.json", "web/package-lock.json", "web/vite.config.js"} & names


def test_it_is_complete_when_installed(infrashare: Path, tmp_path: Path) -> None:
    assert "usage: infrashare" in _run(infrashare, "--help", cwd=tmp_path)
    fixture = shutil.copy(DATA / "flanders-make" / "organisations.ttl", tmp_path)
    assert "conforms" in _run(infrashare, "check", fixture, cwd=tmp_path)


def test_it_serves_and_matches(infrashare: Path, tmp_path: Path) -> None:
    command = [str(infrashare), "serve", "--port", "0", "--data-dir", str(tmp_path / "var")]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            found = (re.search(r"on (http://\S+)$", line.strip()) for line in process.stderr)
            address = next(match[1] for match in found if match)
            with urllib.request.urlopen(f"{address}/health/ready", timeout=60) as answer:
                assert json.load(answer)["status"] == "ready"
            with urllib.request.urlopen(f"{address}/match?text=fatigue+testing", timeout=60) as answer:
                assert json.load(answer)["results"]
            page = urllib.request.Request(f"{address}/", headers={"Accept": "text/html"})
            with urllib.request.urlopen(page, timeout=60) as answer:
                html = answer.read().decode()
                assert "<form" in html
            scripts = re.findall(r'<script type="module" src="(/static/built/[^"]+)"', html)
            assert scripts
            with urllib.request.urlopen(address + scripts[0], timeout=60) as answer:
                assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
                assert "immutable" in answer.headers["Cache-Control"]
        finally:
            process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
