"""Lists in a real browser: facets, map, views and suggestions, with and without scripts."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader
from tests.browser.looks import shifted


@pytest.fixture(scope="module", autouse=True)
def _warm(site: str) -> None:
    """The index of suggestions is built behind the first requests; tests of what is seen do not wait for it."""
    httpx.get(f"{site}/suggestions?q=te", timeout=120).raise_for_status()


def _total(page: Page) -> int:
    found = re.match(r"[\d,]+", page.locator("h2.total").inner_text())
    assert found
    return int(found[0].replace(",", ""))


def test_facets_narrow_by_keyboard_and_back_widens(page: Page) -> None:
    page.goto("/facilities")
    whole = _total(page)
    choice = page.locator(".facet", has_text="Capability").locator(".choices a").first
    count = int(choice.locator(".count").inner_text())
    choice.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("capability="))
    assert _total(page) == count < whole
    expect(page.locator(".narrowed .pick")).to_have_count(1)
    page.go_back()
    assert _total(page) == whole
    page.go_forward()
    page.locator(".narrowed .pick").focus()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("capability="))
    assert _total(page) == whole


def test_a_map_shows_the_entries_and_leads_to_them_by_keyboard(page: Page) -> None:
    page.goto("/facilities?region=BE2&view=map")
    spots = page.locator(".map .map-spot")
    expect(spots.first).to_be_visible()
    held = sum(int(text or 1) for text in spots.all_inner_texts())
    assert held == _total(page)
    assert all(box["width"] >= 24 for box in (one.bounding_box() for one in spots.all()) if box)
    page.locator(".map .map-spot[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map .map-spot:focus")).to_have_attribute("tabindex", "0")
    page.keyboard.press("Enter")
    link = page.locator(".map-places a").first
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(page.locator(".map .map-spot:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    name = link.inner_text()
    link.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)


def test_a_map_keeps_its_room_while_it_loads(page: Page) -> None:
    page.goto("/facilities?view=map")
    expect(page.locator(".map-spot").first).to_be_visible()
    assert shifted(page) < 0.01


def test_a_suggestion_becomes_a_filter(page: Page) -> None:
    page.goto("/facilities?lang=nl")
    box = page.get_by_role("combobox").first
    box.press_sequentially("vermoei")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("vermoeiingsproeven")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    box.press("Enter")
    expect(page).to_have_url(re.compile("capability=fatigue-testing"))
    expect(page).to_have_url(re.compile("lang=nl"))
    expect(page.locator(".narrowed .pick")).to_contain_text("vermoeiingsproeven")


def test_escape_closes_suggestions_and_enter_searches_for_the_words(page: Page) -> None:
    page.goto("/facilities")
    box = page.get_by_role("combobox").first
    box.press_sequentially("laser")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    box.press("Enter")
    expect(page).to_have_url(re.compile("q=laser"))
    expect(page.locator(".narrowed .pick")).to_contain_text("laser")


def test_a_facility_that_is_suggested_is_gone_to(page: Page) -> None:
    page.goto("/facilities")
    page.get_by_role("combobox").first.press_sequentially("holst")
    page.get_by_role("option", name="Holst Centre").first.click()
    expect(page).to_have_url(re.compile("/facilities/holst-centre"))


def test_cards_and_table_show_the_same(page: Page) -> None:
    page.goto("/practices")
    names = page.locator("table.list tbody th > a").all_inner_texts()
    page.get_by_role("link", name="Cards").click()
    expect(page.locator(".entry-card h3 a").first).to_be_visible()
    assert page.locator(".entry-card h3 a").all_inner_texts() == names


def test_nothing_found_says_what_to_do(page: Page) -> None:
    page.goto("/facilities?q=zzzzqq&region=BE2")
    expect(page.locator("h2.total")).to_have_text("Nothing matches")
    page.get_by_role("link", name="Search without the words").click()
    assert _total(page) > 0


def test_lists_work_without_scripts(no_scripts: Page) -> None:
    no_scripts.goto("/facilities?view=map")
    box = no_scripts.locator(".map").bounding_box()
    assert box is None or box["height"] < 2
    expect(no_scripts.locator(".entry-card").first).to_be_visible()
    no_scripts.locator("#q").fill("laser")
    no_scripts.get_by_role("button", name="Search").click()
    expect(no_scripts).to_have_url(re.compile("q=laser"))
    more = no_scripts.locator(".facet", has_text="Capability").locator("details")
    more.locator("summary").click()
    more.locator("input[name=capability]").fill("welding")
    more.get_by_role("button", name="Add").click()
    expect(no_scripts.locator(".narrowed .pick")).to_have_count(2)


def test_filters_open_on_a_telephone(narrow: Page) -> None:
    narrow.goto("/facilities")
    choices = narrow.locator(".facets .choices a").first
    expect(choices).to_be_hidden()
    narrow.locator(".facets > summary").click()
    expect(choices).to_be_visible()
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    "path", ["/facilities", "/facilities?view=map&region=BE2", "/practices?view=cards", "/events"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_are_accessible(look: Reader, axe: Callable[[Page], list[str]], path: str, scheme: str) -> None:
    page = look(scheme=scheme)
    page.goto(path)
    if "map" in path:
        page.locator(".map-spot").first.click()
        expect(page.locator(".map-places a").first).to_be_visible()
    assert axe(page) == []


def test_open_suggestions_are_accessible(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.goto("/facilities")
    page.get_by_role("combobox").first.press_sequentially("test")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert axe(page) == []
