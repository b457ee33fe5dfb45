"""``make browser``: the browser that is here is taken; where there is none, the ways to one, and plain words."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bench import browser
from graph.resources import ROOT


def _command(folder: Path, name: str, body: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def _ask(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(folder), "PATH": str(folder / "bin"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bench.browser"],
        env={**environment, "PLAYWRIGHT_BROWSERS_PATH": str(folder / "none"), **more},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_browser_of_the_machine_is_found() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.browser"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Chromium ")


def test_a_named_browser_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    refused = "http://127.0.0.1:1/"
    done = _ask(tmp_path, INFRASHARE_BROWSER="/no/such/browser", PLAYWRIGHT_DOWNLOAD_HOST=refused)
    assert done.returncode == 1
    assert "INFRASHARE_BROWSER names /no/such/browser, which is no file" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="asks apt-get only as root; others ask it by sudo")
def test_where_there_is_none_debian_s_package_is_installed_then_playwright_s_own(tmp_path: Path) -> None:
    _command(tmp_path / "bin", "apt-get", f'echo "$@" >> {tmp_path}/asked\nexit 100')
    done = _ask(
        tmp_path, PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:1/", PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="500"
    )
    assert done.returncode == 1
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "update -qq\n"
    assert "trying Debian's packages" in done.stderr
    assert "trying Playwright's own" in done.stderr
    assert "install Debian's packages chromium and fonts-noto-core" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="asks apt-get only as root; others ask it by sudo")
def test_what_debian_s_package_brings_is_taken(tmp_path: Path) -> None:
    with browser.sync_playwright() as playwright:
        chromium = browser.executable(playwright)
    install = f'case "$*" in *chromium*) /bin/ln -s {chromium} {tmp_path}/bin/chromium;; esac'
    _command(tmp_path / "bin", "apt-get", install)
    done = _ask(tmp_path, PATH=f"{tmp_path / 'bin'}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Chromium ")
