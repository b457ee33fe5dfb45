"""Pages of entities and concepts in a browser: readable by everyone, wide and light, narrow and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

KINDS = {
    "facility": "/facilities/holst-centre",
    "equipment": "/equipment/bi-rex-pilot-line-additive-manufacturing-area",
    "service": "/services/holst-centre-prototyping",
    "organisation": "/organisations/flanders-make",
    "policy instrument": "/policy-instruments/vlaio-kmo-portefeuille",
    "practice": "/practices/open-lab-skane",
    "event": "/events/study-visit-nl-be-2017",
    "action plan": "/action-plans/vidzeme-planning-region-action-plan",
    "project": "/projects/inno-infra-share",
    "region": "/regions/BE2",
    "priority": "/s3-priorities/be2-smart-manufacturing",
    "concept": "/codelists/capability/additive-manufacturing",
}


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_accessible(page: Page, narrow: Page, axe: Callable[[Page], list[str]], kind: str) -> None:
    for reader in (page, narrow):
        reader.goto(KINDS[kind])
        assert axe(reader) == []
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_facility_is_shown_on_a_map(page: Page) -> None:
    page.goto(KINDS["facility"])
    expect(page.locator(".side .map .map-spot")).to_have_count(1)
    expect(page.locator(".side")).to_contain_text("Eindhoven")


def test_without_scripts_the_place_is_told(no_scripts: Page) -> None:
    no_scripts.goto(KINDS["facility"])
    expect(no_scripts.locator(".side")).to_contain_text("Eindhoven, Netherlands")
    assert no_scripts.locator(".side .map").evaluate("e => e.getBoundingClientRect().height") < 20


def test_keys_lead_from_the_top_to_the_first_action(page: Page) -> None:
    page.goto(KINDS["facility"])
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Does it fit my need?":
            break
    expect(page.locator("a.action.main")).to_be_focused()


def test_the_number_of_a_contribution_leads_to_it(page: Page) -> None:
    page.goto(KINDS["facility"])
    page.locator("a.ref").first.click()
    expect(page.locator("#origin-1")).to_be_in_viewport()
    expect(page.locator("#origin-1")).to_contain_text("brainport-development/facilities")


def test_a_capability_leads_to_its_concept_and_on_to_matching(page: Page) -> None:
    page.goto(f"{KINDS['facility']}?lang=nl")
    page.locator(".abilities a").first.click()
    expect(page.locator("h1")).not_to_be_empty()
    expect(page.locator("a.action.main")).to_have_attribute(
        "href", "/match?capability=experience-centre&lang=nl"
    )
