"""The fixtures of the browser tests notice what they are there to notice."""

from collections.abc import Callable

import httpx
from playwright.sync_api import Page

from tests.browser.conftest import Contributing


def test_a_page_of_the_site_is_read_without_trouble(page: Page, site: str) -> None:
    page.goto("/")
    assert page.url == f"{site}/"
    assert page.get_by_role("heading", level=1).is_visible()


def test_scripts_are_off(no_scripts: Page) -> None:
    no_scripts.goto("/")
    assert no_scripts.locator("html.scripted").count() == 0
    assert no_scripts.get_by_role("heading", level=1).is_visible()


def test_trouble_is_noticed(page: Page, troubles: list[str]) -> None:
    page.goto("/")
    page.evaluate("() => fetch('https://elsewhere.example/').catch(() => null)")
    page.evaluate("() => { setTimeout(() => { throw new Error('a mistake of a script') }) }")
    page.evaluate("() => document.body.append(document.createElement('style'), document.createElement('i'))")
    page.evaluate("() => { document.querySelector('style').textContent = 'p { margin: 0 }' }")
    with page.expect_response("**/static/none.png"):
        page.evaluate("() => { document.body.append(Object.assign(new Image(), {src: '/static/none.png'})) }")
    noted = "\n".join(troubles)
    assert "a mistake of a script" in noted
    assert "404 for" in noted
    assert "Content Security Policy" in noted
    troubles.clear()


def test_axe_finds_what_is_not_accessible(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.goto("/")
    page.evaluate("() => { document.querySelector('main').append(document.createElement('button')) }")
    assert any(found.startswith("button-name: ") for found in axe(page))


def test_a_partner_can_write_to_a_server_of_its_own(contributing: Contributing) -> None:
    answer = httpx.get(f"{contributing.site}/health/ready", timeout=30)
    assert answer.json()["status"] == "ready"
    address = f"{contributing.site}/contributions/{contributing.partner}/facilities"
    headers = {"Authorization": f"Bearer {contributing.token}", "Content-Type": "text/turtle"}
    sent = httpx.put(address, params={"dry_run": "true"}, content=b"", headers=headers, timeout=60)
    assert sent.status_code not in (401, 403)
