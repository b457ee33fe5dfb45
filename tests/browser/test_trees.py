"""Code lists in a browser: found while one types, branches fetched when they are asked for, links that open them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Axe = Callable[[Page], list[str]]


def test_a_link_to_an_entry_opens_its_branch(page: Page) -> None:
    page.goto("/codelists/capability#fatigue-testing")
    expect(page.locator("#fatigue-testing > a").first).to_be_visible()
    expect(page.locator("#testing > details")).to_have_attribute("open", "")


def test_a_link_to_an_entry_that_was_left_out_fetches_it(page: Page) -> None:
    page.goto("/codelists/nuts#BE223")
    expect(page.locator("#BE223 > a").first).to_be_visible()


def test_a_branch_is_fetched_with_the_keyboard_and_keeps_the_focus(page: Page) -> None:
    page.goto("/codelists/nuts")
    page.locator("#BE > details > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#BE2 > a.more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#BE22 > a").first).to_be_visible()
    expect(page.locator("#BE2 > details > summary")).to_be_focused()
    assert page.url.endswith("/codelists/nuts")


def test_entries_are_found_while_one_types_in_any_language(page: Page) -> None:
    page.goto("/codelists/capability")
    page.get_by_role("searchbox").press_sequentially("vermoeiing")
    expect(page.locator("#fatigue-testing.hit > a").first).to_be_visible()
    expect(page.locator(".tree-state")).to_contain_text("vermoeiing")
    assert "q=vermoeiing" in page.url
    page.reload()
    expect(page.locator("#fatigue-testing.hit > a").first).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".tree-state")).to_contain_text("617 entries")
    expect(page.locator("#biotechnology")).to_be_attached()


def test_all_branches_open_and_close(page: Page) -> None:
    page.goto("/codelists/capability")
    closed = page.locator(".tree-list details:not([open])")
    page.get_by_role("button", name="Open all branches shown").click()
    expect(closed).to_have_count(0)
    page.get_by_role("button", name="Close all branches").click()
    expect(page.locator(".tree-list details[open]")).to_have_count(0)


def test_without_scripts_branches_and_search_work(no_scripts: Page) -> None:
    no_scripts.goto("/codelists/nuts")
    no_scripts.locator("#BE > details > summary").click()
    no_scripts.locator("#BE2 > a.more").click()
    expect(no_scripts.locator("#BE22 > a").first).to_be_visible()
    no_scripts.get_by_role("searchbox").fill("limburg")
    no_scripts.get_by_role("button", name="Find").click()
    expect(no_scripts.locator("#BE22.hit > a").first).to_be_visible()
    expect(no_scripts.get_by_role("button", name="Open all branches shown")).to_be_hidden()


@pytest.mark.parametrize(
    "address",
    [
        "/codelists",
        "/codelists/capability?open=mechanical-testing",
        "/codelists/nuts?q=limburg",
        "/codelists/nace?names=2",
    ],
)
def test_nothing_is_in_the_way_of_anybody(page: Page, narrow: Page, axe: Axe, address: str) -> None:
    for one in (page, narrow):
        one.goto(address)
        assert axe(one) == []
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", ["/ontology", "/shapes?class=service", "/queries"])
def test_long_lists_are_filtered_by_words(page: Page, narrow: Page, axe: Axe, address: str) -> None:
    for one in (page, narrow):
        one.goto(address)
        assert axe(one) == []
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")
    items = page.locator("[data-filter-item]:visible")
    before = items.count()
    page.locator("input[data-filter]").fill("service")
    expect(items).not_to_have_count(before) if address != "/shapes?class=service" else None
    for text in items.all_text_contents():
        assert "service" in text.lower()
    page.locator("input[data-filter]").fill("no such words")
    expect(items).to_have_count(0)
    expect(page.locator("[data-filter-group]:visible")).to_have_count(0)
