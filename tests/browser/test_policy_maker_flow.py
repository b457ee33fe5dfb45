"""A policy maker's way through the pages of regions: map, profile, comparison, exchange, network, practice, print."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import shifted

expect.set_options(timeout=30_000)

SVG = "{http://www.w3.org/2000/svg}"
PAGES = (
    "/regions",
    "/regions/BE2/profile",
    "/regions/compare?region=BE2&region=NL41",
    "/regions/LV008/exchange",
    "/regions/network",
    "/regions/LV008/facilities-abroad",
    "/practices/open-lab-skane/record",
)


class Reader(Protocol):
    def __call__(self, size: tuple[int, int] = ..., **options: Any) -> Page: ...


def _cells(page: Page, table: str, column: int) -> list[str]:
    """The texts of a column, with white space as it is seen."""
    texts = page.locator(f"{table} tbody tr > :nth-child({column})").all_inner_texts()
    return [" ".join(text.split()) for text in texts]


def _saved(page: Page, button: str, within: str, to: Path) -> bytes:
    """What the browser saves when a button is pressed."""
    with page.expect_download() as download:
        page.locator(within).get_by_role("button", name=button).click()
    kept = to / download.value.suggested_filename
    download.value.save_as(kept)
    return kept.read_bytes()


class TestTheMapOfRegions:
    def test_regions_chosen_in_the_table_are_compared(self, page: Page) -> None:
        page.goto("/regions")
        page.get_by_role("checkbox", name="Compare Flanders").check()
        page.get_by_role("checkbox", name="Compare Vidzeme").check()
        page.get_by_role("button", name="Compare the chosen regions").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Comparison: Flanders, Vidzeme")

    def test_a_circle_leads_to_the_profile(self, page: Page) -> None:
        page.goto("/regions")
        page.locator(".pic-wide a").filter(has_text="Scania").focus()
        expect(page.locator(".tip")).to_contain_text("Scania, Sweden\nFacilities: 23")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/regions/SE224/profile$"))

    def test_no_two_circles_cover_each_other_and_each_can_be_touched(self, look: Reader) -> None:
        for size, frame in (((1280, 900), ".pic-wide"), ((390, 844), ".pic-narrow")):
            page = look(size)
            page.goto("/regions")
            boxes = [one.bounding_box() for one in page.locator(f"{frame} circle").all()]
            rounds = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2, b["width"]) for b in boxes if b]
            assert len(rounds) == 8
            assert all(wide >= 24 for _, _, wide in rounds)
            for at, (x, y, wide) in enumerate(rounds):
                for ox, oy, other in rounds[:at]:
                    assert ((x - ox) ** 2 + (y - oy) ** 2) ** 0.5 >= (wide + other) / 2 - 1


class TestTables:
    def test_numbers_sort_by_value_the_largest_first_and_then_turned(self, page: Page) -> None:
        page.goto("/regions")
        table = "table:has-text('South Moravia')"
        head = page.get_by_role("columnheader", name="Facilities").first
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        found = [int(text) for text in _cells(page, table, 4)]
        assert found == sorted(found, reverse=True)
        expect(page.get_by_role("status").filter(has_text="Sorted by")).to_have_text(
            "Sorted by Facilities, largest first."
        )
        head.get_by_role("button").press("Enter")
        expect(head).to_have_attribute("aria-sort", "ascending")
        found = [int(text) for text in _cells(page, table, 4)]
        assert found == sorted(found)

    def test_only_one_column_says_that_it_sorts(self, page: Page) -> None:
        page.goto("/regions")
        page.get_by_role("button", name="Country").click()
        page.get_by_role("button", name="Region", exact=True).first.click()
        expect(page.locator("[aria-sort]")).to_have_count(1)

    def test_texts_sort_in_the_manner_of_the_language_and_the_unknown_stand_last(self, page: Page) -> None:
        page.goto("/regions")
        script = page.locator("script[src*='/table-']").get_attribute("src")
        page.set_content(
            """<html lang="sv"><main><table class="sortable"><thead><tr><th>Ort</th></tr></thead><tbody>
            <tr><td>Öland</td></tr><tr><td data-value=""></td></tr><tr><td>Zinkgruvan</td></tr>
            <tr><td>Åre</td></tr><tr><td>ort 10</td></tr><tr><td>ort 9</td></tr></tbody></table></main></html>"""
        )
        page.evaluate("address => import(`${address}?again`)", script)
        page.get_by_role("button", name="Ort").click()
        order = ["ort 9", "ort 10", "Zinkgruvan", "Åre", "Öland", ""]
        expect(page.locator("td")).to_have_text(order)
        page.get_by_role("button", name="Ort").click()
        expect(page.locator("td")).to_have_text([*order[4::-1], ""])


class TestProfile:
    def test_arrow_keys_tell_the_values_of_a_picture(self, page: Page) -> None:
        page.goto("/regions/BE2/profile")
        figure = page.locator("figure.picture:has(.pic-radar)").first
        figure.locator(".pic-wide").focus()
        page.keyboard.press("ArrowRight")
        first = figure.locator(".tip").inner_text()
        assert re.search(r"\nFlanders: \d+%$", first)
        page.keyboard.press("ArrowRight")
        expect(figure.locator(".tip")).not_to_have_text(first)
        page.keyboard.press("Escape")
        expect(figure.locator(".tip")).to_be_hidden()

    def test_a_picture_is_saved_as_it_looks(self, look: Reader, tmp_path: Path) -> None:
        for scheme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(26, 34, 40)")):
            page = look(scheme=scheme)
            page.goto("/regions/BE2/profile")
            saved = _saved(page, "Save as SVG", "figure.picture:has(.pic-radar)", tmp_path)
            root = ET.fromstring(saved)
            assert b"var(" not in saved
            assert b"class=" not in saved
            assert b" style=" not in saved
            assert root.find(f"{SVG}rect").get("fill") == ground  # type: ignore[union-attr]
            drawn = {one.get("stroke") for one in root.iter(f"{SVG}path")}
            assert any(colour and colour.startswith("rgb(") for colour in drawn)
            titles = [title.text or "" for title in root.iter(f"{SVG}title")]
            assert any(re.search(r"\nFlanders: \d+%$", title) for title in titles)

    def test_a_picture_is_saved_as_pixels(self, page: Page, tmp_path: Path) -> None:
        page.goto("/regions/BE2/profile")
        saved = _saved(page, "Save as PNG", "figure.picture:has(.pic-map)", tmp_path)
        assert saved.startswith(b"\x89PNG")
        assert int.from_bytes(saved[16:20], "big") >= 1600
        assert len(saved) > 10_000

    def test_on_paper_there_are_facts_and_pictures_only(self, page: Page) -> None:
        page.goto("/regions/BE2/profile")
        expect(page.get_by_role("button", name="Print")).to_be_visible()
        page.emulate_media(media="print")
        for hidden in ("nav", "form", "button:not(.sort)", "figcaption", "summary"):
            assert page.locator(hidden).locator("visible=true").count() == 0, hidden
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".pic-radar").locator("visible=true")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_what_matters_on_paper_is_unfolded_for_it(self, page: Page) -> None:
        page.goto("/regions/BE2/profile")
        folded = page.locator("details[data-print-open]")
        assert folded.evaluate_all("all => all.map(one => one.open)") == [False]
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert folded.evaluate_all("all => all.map(one => one.open)") == [True]
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert folded.evaluate_all("all => all.map(one => one.open)") == [False]


class TestFlow:
    def test_from_a_profile_to_a_practice(self, page: Page) -> None:
        page.goto("/regions/LV008/profile")
        page.get_by_label("Compare with").select_option(label="Scania")
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Comparison: Vidzeme, Scania")
        expect(page.get_by_role("heading", name="Only in Scania").first).to_be_visible()
        page.goto("/regions/LV008/profile")
        page.get_by_role("link", name="What to learn from other regions").click()
        table = "#practices ~ .scroll table"
        page.locator(table).get_by_role("button", name="themes without a practice here").click()
        shares = [int(text.rstrip("%")) for text in _cells(page, table, 7) if text.endswith("%")]
        assert shares == sorted(shares, reverse=True)
        page.locator(table).get_by_role("link", name="Open Lab Skåne").click()
        card = page.locator("li.card", has=page.get_by_role("heading", name="Open Lab Skåne"))
        expect(card.get_by_role("heading", name="What is missing here")).to_be_in_viewport()
        card.get_by_role("heading").first.get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Open Lab Skåne")

    def test_a_theme_filters_what_to_learn(self, page: Page) -> None:
        page.goto("/regions/LV008/exchange")
        page.get_by_text("Only practices on certain themes").click()
        page.get_by_role("checkbox", name="pricing").check()
        page.locator("#practices ~ details").get_by_role("button", name="Show").click()
        expect(page).to_have_url(re.compile(r"theme=pricing"))
        expect(page.get_by_role("checkbox", name="pricing")).to_be_checked()

    def test_the_whole_way_is_there_without_scripts(self, no_scripts: Page) -> None:
        page = no_scripts
        page.goto("/regions")
        page.get_by_role("checkbox", name="Compare Flanders").check()
        page.get_by_role("checkbox", name="Compare Scania").check()
        page.get_by_role("button", name="Compare the chosen regions").click()
        expect(page.get_by_role("link", name="Picture as a file (SVG)").first).to_be_visible()
        page.get_by_role("link", name="Network of regions").first.click()
        expect(page.locator(".network")).to_be_hidden()
        expect(page.locator(".pic-network").locator("visible=true")).to_have_count(1)
        expect(page.locator("[data-print]").locator("visible=true")).to_have_count(0)


class TestNetwork:
    @pytest.fixture
    def network(self, page: Page) -> Page:
        page.goto("/regions/network")
        page.wait_for_selector(".network[data-ready]")
        return page

    def test_a_region_chosen_tells_its_links(self, network: Page) -> None:
        told = network.locator(".network-told")
        expect(told).to_contain_text("Choose a region")
        network.get_by_role("combobox", name="Region").select_option(label="Vidzeme")
        expect(told.get_by_role("heading", level=3)).to_have_text("Vidzeme")
        expect(told).to_contain_text("None.")
        network.get_by_role("radio", name="Complementarity").check()
        expect(told.get_by_role("heading", name="These have what it lacks")).to_be_visible()
        expect(told.locator("li").first).to_contain_text("North Brabant 49%")
        told.get_by_role("link", name="North Brabant").first.click()
        expect(network).to_have_url(re.compile("/regions/NL41/profile$"))

    def test_a_click_in_the_picture_chooses(self, network: Page) -> None:
        box = network.locator(".network-ground").bounding_box()
        assert box is not None
        network.mouse.click(box["x"] + box["width"] / 2, box["y"] + 50)
        expect(network.get_by_role("combobox", name="Region")).not_to_have_value("")
        expect(network.locator(".network-told").get_by_role("heading", level=3)).to_be_visible()

    def test_weak_links_are_left_out_by_keyboard(self, network: Page) -> None:
        network.get_by_role("combobox", name="Region").select_option(label="Emilia-Romagna")
        told = network.locator(".network-told li")
        expect(told).to_have_count(5)
        network.get_by_role("slider").focus()
        network.keyboard.press("End")
        expect(told).to_have_count(0)
        network.keyboard.press("ArrowLeft")
        expect(told).to_have_count(2)
        expect(network.get_by_role("slider")).to_have_attribute("aria-valuetext", "0.21")

    def test_it_is_saved_as_pixels(self, network: Page, tmp_path: Path) -> None:
        saved = _saved(network, "Save as PNG", ".network", tmp_path)
        assert saved.startswith(b"\x89PNG")
        assert len(saved) > 10_000

    def test_where_its_data_do_not_come_the_picture_stays(self, look: Reader, troubles: list[str]) -> None:
        page = look()
        page.route("**/network.cyjs*", lambda route: route.abort())
        page.goto("/regions/network")
        expect(page.locator(".pic-network").locator("visible=true")).to_have_count(1)
        expect(page.locator(".network")).to_be_hidden()
        troubles.clear()


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_regions_are_accessible(look: Reader, axe: Callable[[Page], list[str]], path: str) -> None:
    for size, scheme in (((1280, 900), "light"), ((390, 844), "dark")):
        page = look(size, scheme=scheme)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_shifts_while_a_page_of_regions_loads(look: Reader, path: str) -> None:
    page = look()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert shifted(page) < 0.05
