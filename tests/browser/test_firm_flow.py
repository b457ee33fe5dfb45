"""A firm finds a facility: in Dutch with the mouse, in Latvian by keyboard alone; and its pages are accessible."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Reader

DUTCH = "We willen titanium onderdelen 3D-printen en testen op vermoeiing"
LATVIAN = "Mēs gribam metināt alumīniju un pārbaudīt nogurumu"
_TABS = 150


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def link_to(page: Page, *parts: str) -> Locator:
    """The first link whose address has all of the parts, whatever language its text is in."""
    return page.locator("a" + "".join(f'[href*="{part}"]' for part in parts)).first


def test_a_dutch_firm_corrects_what_was_understood_and_sees_why_not(page: Page) -> None:
    page.goto("/?lang=nl")
    page.locator("textarea[name=text]").fill(DUTCH)
    page.locator("input[name=place]").fill("Hasselt")
    page.locator("form:has(textarea) button[type=submit]").click()
    page.wait_for_url("**/match?**")
    chips = page.locator(".understood > .chips > .chip")
    expect(chips.filter(has_text="titanium")).to_have_count(1)
    expect(page.locator(".result")).not_to_have_count(0)
    expect(page.locator(".map")).to_have_count(1)

    chips.filter(has_text="titanium").locator(".take-out").click()
    page.wait_for_url("**excluded=lightweight-metals**")
    assert asked(page)["text"] == [DUTCH]

    before = page.locator(".result").count()
    chips.filter(has_text="vermoeiing").locator("a[href*='essential=']").first.click()
    page.wait_for_url("**essential=fatigue-testing**")
    expect(page.locator(".chip.essential")).to_have_count(1)
    assert page.locator(".result").count() < before
    page.locator(".relaxations a.button").first.click()
    page.wait_for_function("!new URL(location).searchParams.getAll('essential').includes('fatigue-testing')")
    expect(page.locator(".result")).to_have_count(before)

    page.locator("#facility").fill("musp-piacenza")
    page.locator("form:has(#facility) button").click()
    page.wait_for_url("**/match/why-not?**")
    expect(page.locator(".fit-changes li")).not_to_have_count(0)
    page.locator(".crumbs a").click()
    page.wait_for_url("**/match?**")
    assert asked(page)["excluded"] == ["lightweight-metals"]

    name = page.locator(".result h3 a").first
    title = name.inner_text()
    name.click()
    page.wait_for_url("**/facilities/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.go_back()
    page.wait_for_url("**/match?**")
    expect(page.locator(".result")).to_have_count(before)


def _go_to(page: Page, target: Locator) -> None:
    """Press the tab key until the element has the focus."""
    handle = target.element_handle()
    for _ in range(_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("element => element === document.activeElement", handle):
            return
    pytest.fail(f"the keyboard does not reach {target}")


def test_a_latvian_firm_gets_there_by_keyboard_alone(page: Page) -> None:
    page.goto("/?lang=lv")
    _go_to(page, page.locator("textarea[name=text]"))
    page.keyboard.type(LATVIAN)
    _go_to(page, page.locator("form:has(textarea) button[type=submit]"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/match?**")
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    expect(page.locator(".chip")).not_to_have_count(0)

    _go_to(page, link_to(page, "/match?", "essential=", "#understood"))
    page.keyboard.press("Enter")
    page.wait_for_url("**essential=**")
    expect(page.locator(".chip.essential")).to_have_count(1)

    _go_to(page, page.locator(".result h3 a").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/facilities/**")
    page.go_back()  # as Alt and the left arrow do where the browser has a window
    page.wait_for_url("**/match?**")
    _go_to(page, page.locator(".result .doing a").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/match/why-not?**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_without_scripts_the_need_is_changed_all_the_same(no_scripts: Page) -> None:
    no_scripts.goto("/match?" + urlencode({"text": DUTCH, "lang": "nl"}))
    no_scripts.locator("#add").fill("lassen")
    no_scripts.locator("form:has(#add) button").click()
    expect(no_scripts.locator(".chip").filter(has_text="lassen")).to_have_count(1)
    expect(no_scripts.locator(".match-map")).to_be_hidden()


STATES = {
    "empty": "/match",
    "results": "/match?" + urlencode({"text": DUTCH, "place": "Hasselt", "firmRegion": "BE22", "limit": 4}),
    "relaxations": "/match?essential=fatigue-testing&capability=welding&country=LV&required=countries",
    "nothing": "/match?text=blargh+snorf",
    "why-not": "/match/why-not?text=welding&facility=musp-piacenza",
}


@pytest.mark.parametrize("state", STATES)
def test_the_pages_of_a_match_are_accessible(
    state: str, page: Page, narrow: Page, axe: Callable[[Page], list[str]], look: Reader
) -> None:
    for one in (page, narrow):
        one.goto(STATES[state] + ("&" if "?" in STATES[state] else "?") + "lang=en")
        assert axe(one) == []
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
    small = look((320, 700))
    small.goto(STATES[state])
    assert small.evaluate("document.documentElement.scrollWidth") <= 320
