"""Pages are small: script and style before a map or an editor loads, and nothing moves while a page loads."""

from collections.abc import Iterator

import httpx
import pytest

from bench.addresses import MAIN, PAGES
from bench.browser import NARROW, WIDE
from bench.page_sizes import BUDGET, size
from tests.browser.conftest import Reader
from tests.browser.looks import shifted

MOST_SHIFT = 0.01


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def files() -> dict[str, int]:
    """The sizes of files that were measured already."""
    return {}


@pytest.mark.parametrize("name", PAGES)
def test_script_and_style_are_within_the_budget(
    client: httpx.Client, files: dict[str, int], name: str
) -> None:
    """Counted as sent: packed with gzip."""
    measured = size(client, PAGES[name], files)
    assert any(address.startswith("/static/style.css?v=") for address in measured.loaded)
    assert any(address.endswith(".js") for address in measured.loaded), (
        "no scripts: run `python web/build.py`"
    )
    assert measured.before < BUDGET, measured.loaded


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", MAIN)
def test_nothing_shifts_while_a_page_loads(look: Reader, name: str, width: tuple[int, int]) -> None:
    page = look(width, motion="no-preference")
    page.goto(PAGES[name], wait_until="networkidle")
    assert shifted(page) < MOST_SHIFT
