"""A real browser: Chromium by Playwright, whichever the machine has, and a page that remembers what went wrong.

``python -m bench.browser`` (``make browser``) says where the browser is, and installs one where there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

VARIABLE: Final = "INFRASHARE_BROWSER"
"""The environment variable that names a Chromium to use instead of the one that is found."""
WIDE: Final = (1280, 800)
NARROW: Final = (390, 844)
PATIENCE: Final = 60_000
"""Milliseconds that anything in the browser may take on a machine that has much else to do."""
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES: Final = ("chromium", "fonts-noto-core")
_MISSING: Final = (
    "the tests need a browser, and there is none: install Debian's packages chromium and fonts-noto-core, or run "
    f"`.venv/bin/playwright install chromium`, or set {VARIABLE} to the path of a Chromium; then `make browser`"
)
_NEEDED: Final = ("script", "stylesheet", "image", "font")


class NoBrowser(Exception):  # noqa: N818 - a state that callers expect
    """The machine has no browser that can be used; the text says what to do."""


def executable(playwright: Playwright) -> str:
    """The path of a Chromium: one that is named, else Playwright's own, else the machine's. Raises ``NoBrowser``."""
    if named := os.environ.get(VARIABLE):
        if not Path(named).is_file():
            raise NoBrowser(f"{VARIABLE} names {named}, which is no file")
        return named
    own = playwright.chromium.executable_path
    if Path(own).is_file():
        return own
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoBrowser(_MISSING)
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser without windows, as long as the block runs. Raises ``NoBrowser``."""
    with sync_playwright() as playwright:
        path = executable(playwright)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        except Error as error:
            raise NoBrowser(f"{path} does not start: {error.message}") from error
        try:
            yield browser
        finally:
            browser.close()


def context(
    browser: Browser,
    size: tuple[int, int] = WIDE,
    scheme: str = "light",
    language: str = "en",
    scripts: bool = True,
    **options: Any,
) -> BrowserContext:
    """A reader of their own: a window of that size, a colour scheme, a language, no motion, no memory."""
    width, height = size
    opened = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        timezone_id="UTC",
        color_scheme=scheme,
        reduced_motion=options.pop("motion", "reduce"),
        java_script_enabled=scripts,
        **options,
    )
    opened.set_default_timeout(PATIENCE)
    opened.set_default_navigation_timeout(PATIENCE)
    return opened


def watch(opened: BrowserContext, site: str, wrong: list[str]) -> None:
    """Note what goes wrong in the pages of a context from now on, in sentences.

    Errors on the console (a breach of the content security policy is one), errors of scripts, files that are missing,
    and requests to any other host. That an answer which a script asked for is an error is for the script to handle.
    """
    host = urlsplit(site).netloc

    def requested(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != host:
            wrong.append(f"a request to another host: {request.url}")

    def answered(response: Any) -> None:
        if response.status >= 400 and response.request.resource_type in _NEEDED:
            wrong.append(f"{response.status} for {response.url}")

    def said(message: Any) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource: the server"):
            wrong.append(f"on the console: {message.text} ({message.location.get('url', '')})")

    opened.on("request", requested)
    opened.on("response", answered)
    opened.on("console", said)
    opened.on("weberror", lambda error: wrong.append(f"an error of a script: {error.error}"))


def ways() -> Iterator[tuple[str, list[list[str]]]]:
    """How a browser can be had on this machine: in words, and the commands; the surest way first."""
    if shutil.which("apt-get"):
        before = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if not before or shutil.which("sudo"):
            yield (
                "Debian's packages",
                [
                    [*before, "apt-get", "update", "-qq"],
                    [*before, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES],
                ],
            )
    yield "Playwright's own", [[sys.executable, "-m", "playwright", "install", "chromium"]]


def main() -> int:
    """Say where the browser is; where there is none, install one; 1 and what to do where that fails."""
    missing = _missing()
    for name, commands in ways() if missing else ():
        print(f"no browser is here; trying {name}", file=sys.stderr)
        if all(subprocess.run(one, stdout=sys.stderr, check=False).returncode == 0 for one in commands):
            missing = _missing()
            if not missing:
                break
    if missing:
        print(missing, file=sys.stderr)
    return 1 if missing else 0


def _missing() -> str:
    """Why there is no browser; empty where there is one, whose version is printed."""
    try:
        with launched() as browser:
            print(f"Chromium {browser.version} is here")
    except NoBrowser as missing:
        return str(missing)
    return ""


if __name__ == "__main__":
    sys.exit(main())
