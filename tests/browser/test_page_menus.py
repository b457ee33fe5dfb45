"""The menus that all pages share, with and without scripts; and the small comforts of the script of every page."""

from playwright.sync_api import Page, expect

from graph.resources import WEB


def test_a_menu_opens_and_closes_by_keyboard(page: Page) -> None:
    page.goto("/catalog?lang=en")
    menu = page.locator("details.drop").first
    summary = menu.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    link = menu.get_by_role("link", name="Organisations")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_menu_goes_away_when_another_opens_or_the_page_is_clicked(page: Page) -> None:
    page.goto("/catalog?lang=en")
    menu, languages = page.locator("details.drop").all()
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    languages.locator("summary").click()
    expect(menu).not_to_have_attribute("open", "")
    expect(languages).to_have_attribute("open", "")
    page.locator("h1").click()
    expect(languages).not_to_have_attribute("open", "")


def test_the_language_is_switched_at_the_same_address_without_scripts(no_scripts: Page) -> None:
    no_scripts.set_viewport_size({"width": 320, "height": 640})
    no_scripts.goto("/facilities?region=BE2&lang=en")
    no_scripts.locator("details.languages summary").click()
    no_scripts.get_by_role("link", name="Latviešu").click()
    no_scripts.wait_for_url("**/facilities?region=BE2&lang=lv")
    expect(no_scripts.locator("html")).to_have_attribute("lang", "lv")


def test_the_menu_of_a_narrow_screen_leads_everywhere_without_scripts(no_scripts: Page) -> None:
    no_scripts.set_viewport_size({"width": 320, "height": 640})
    no_scripts.goto("/?lang=en")
    expect(no_scripts.locator("nav.menu")).to_be_hidden()
    no_scripts.locator("details.drop summary").first.click()
    no_scripts.locator("details.drop").first.get_by_role("link", name="Match a need").click()
    no_scripts.wait_for_url("**/match?lang=en")


def test_an_example_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/docs?lang=en")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -H 'Accept: application/json'")


def test_the_script_of_every_page_is_small_and_remembers_nothing(page: Page) -> None:
    bundle = next((WEB / "static" / "built" / "assets").glob("page-*.js"))
    assert bundle.stat().st_size < 3000
    page.goto("/")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
