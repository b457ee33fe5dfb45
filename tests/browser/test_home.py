"""The home page in a real browser: one question, and ways in."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader


@pytest.fixture(scope="module", autouse=True)
def _warm(site: str) -> None:
    """The index of suggestions is built behind the first requests; tests of what is seen do not wait for it."""
    httpx.get(f"{site}/suggestions?q=te", timeout=120).raise_for_status()


def test_a_need_and_a_town_lead_to_matches(page: Page) -> None:
    page.goto("/?lang=nl")
    page.locator("#text").fill("titanium onderdelen 3D-printen")
    page.locator("#place").press_sequentially("Hassel")
    expect(page.get_by_role("option").first).to_contain_text("Hasselt")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_value("Hasselt")
    page.locator(".need button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/match\?.*place=Hasselt"))
    expect(page.locator("main a[href*='/facilities/'], main a[href*='/id/facility/']").first).to_be_visible()


def test_the_map_loads_when_it_is_near_and_shows_all(page: Page) -> None:
    page.goto("/")
    page.locator(".map").scroll_into_view_if_needed()
    spots = page.locator(".map .map-spot")
    expect(spots.first).to_be_visible()
    assert sum(int(text or 1) for text in spots.all_inner_texts()) > 100


@pytest.mark.parametrize(
    ("box", "address"),
    [
        (".beside-regions .choices", "region="),
        (".capability-ways", "capability="),
        ("section .chips", "kind="),
    ],
)
def test_each_way_in_has_as_many_as_it_says(no_scripts: Page, box: str, address: str) -> None:
    no_scripts.goto("/")
    link = no_scripts.locator(f"{box} a").first
    count = re.search(r"\d+", link.locator(".count").inner_text())
    link.click()
    expect(no_scripts).to_have_url(re.compile(address))
    assert count
    expect(no_scripts.locator("h2.total")).to_have_text(re.compile(rf"^{count[0]} "))


def test_home_on_a_telephone_has_no_sideways_scroll(narrow: Page) -> None:
    narrow.goto("/")
    expect(narrow.locator("#text")).to_be_visible()
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_is_accessible(look: Reader, axe: Callable[[Page], list[str]], scheme: str) -> None:
    page = look(scheme=scheme)
    page.goto("/")
    page.locator(".map").scroll_into_view_if_needed()
    expect(page.locator(".map-spot").first).to_be_visible()
    assert axe(page) == []
