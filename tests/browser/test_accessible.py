"""Every kind of page is accessible: to axe-core, on narrow screens, with wide spacing, by keyboard, without motion."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from bench.addresses import MAIN, PAGES, PROBLEMS
from tests.browser.conftest import Reader
from tests.browser.looks import NARROWEST, cut_when_spaced, moving, too_wide, walked

EVERY = {**PAGES, **{name: address for name, (address, _) in PROBLEMS.items()}}


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_accessible(look: Reader, axe: Callable[[Page], list[str]], name: str) -> None:
    page = look()
    page.goto(EVERY[name])
    wrong = [f"wide and light: {found}" for found in axe(page)]
    wrong += [f"moves: {found}" for found in moving(page)]
    wrong += [f"wide and spaced: {found}" for found in cut_when_spaced(page)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    wrong += [f"narrow and dark: {found}" for found in axe(page)]
    wrong += [f"too wide: {found}" for found in too_wide(page)]
    wrong += [f"narrow and spaced: {found}" for found in cut_when_spaced(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", MAIN)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, name: str) -> None:
    page.goto(PAGES[name], wait_until="networkidle")
    wrong = walked(page)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["home", "facility"])
def test_the_first_stop_leads_to_the_content(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("one => one === document.activeElement")
    assert skip.bounding_box() is not None
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
