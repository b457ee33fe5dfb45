"""The pictures of the README and the guides: ``make screenshots`` takes them from a server that it starts itself."""

import argparse
import io
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.addresses import PAGES
from bench.browser import NARROW, WIDE, NoBrowser, context, launched, watch
from bench.served import Served
from graph.resources import ROOT
from graph.service import running
from graph.settings import Settings

FOLDER: Final = ROOT / "docs" / "pictures"
_QUALITY: Final = 80
_DENSITY: Final = 1.5
_EXAMPLE: Final = ROOT / "tests" / "contribute" / "ten-mistakes.ttl"


@dataclass(frozen=True)
class Picture:
    """A page as a reader sees it."""

    name: str
    page: str
    """A kind of page in ``bench.addresses``, or an address."""
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    to: str = ""
    """What is scrolled to, as a CSS selector."""


PICTURES: Final = (
    Picture("home", "home"),
    Picture("home-narrow-dark", "home", NARROW, "dark"),
    Picture("match", "match"),
    Picture("match-narrow", "match", NARROW),
    Picture("facilities", "/facilities?q=printing"),
    Picture("facilities-dark", "/facilities?q=printing", scheme="dark"),
    Picture("facility", "facility"),
    Picture("practice", "practice"),
    Picture("concept", "concept"),
    Picture("region", "profile"),
    Picture("region-narrow-dark", "profile", NARROW, "dark"),
    Picture("comparison", "comparison"),
    Picture("network", "network"),
    Picture("exchange", "exchange"),
    Picture("check", "check"),
    Picture("sparql", "/sparql"),
    Picture("shapes-dark", "shapes", scheme="dark"),
)


def take(browser: Browser, site: str, picture: Picture) -> tuple[bytes, list[str]]:
    """The picture as WebP, and what went wrong on the page."""
    wrong: list[str] = []
    opened = context(browser, picture.size, picture.scheme, base_url=site, device_scale_factor=_DENSITY)
    watch(opened, site, wrong)
    page = opened.new_page()
    page.goto(PAGES.get(picture.page, picture.page), wait_until="networkidle")
    if picture.name == "check":
        _check(page)
    if picture.to:
        page.locator(picture.to).first.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    opened.close()
    file = io.BytesIO()
    shot.convert("RGB").save(file, "WEBP", quality=_QUALITY, method=6)
    return file.getvalue(), wrong


def _check(page: Page) -> None:
    """Drop a file with mistakes and wait for what is said about it."""
    file = page.locator("input[type=file]").first
    if file.count():
        file.set_input_files(_EXAMPLE)
        page.locator("#check-button").click()
        page.locator(".finding").first.wait_for()


def main(arguments: Sequence[str]) -> int:
    """Take all pictures, or those that are named; 1 where a page has an error or there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", help="pictures to take (default: all)")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--site", help="a server that runs already")
    options = parser.parse_args(arguments)
    chosen = [one for one in PICTURES if not options.names or one.name in options.names]
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        with launched() as browser:
            if options.site:
                return _take_all(browser, options.site, chosen, options.out)
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name) / "var"
                with running(Settings(data_dir=folder)):
                    pass
                with Served(folder) as served:
                    return _take_all(browser, served.url, chosen, options.out)
    except NoBrowser as missing:
        print(missing, file=sys.stderr)
        return 1


def _take_all(browser: Browser, site: str, chosen: Sequence[Picture], folder: Path) -> int:
    failed = 0
    for picture in chosen:
        content, wrong = take(browser, site.rstrip("/"), picture)
        (folder / f"{picture.name}.webp").write_bytes(content)
        print(f"{picture.name}.webp {len(content):,} bytes")
        for trouble in wrong:
            print(f"  {trouble}", file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
