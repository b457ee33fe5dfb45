"""A partner in a browser: from a file with mistakes to an accepted contribution, its history, and back."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from bench.browser import NARROW, PATIENCE, WIDE
from tests.browser.conftest import Contributing, Reader

expect.set_options(timeout=PATIENCE)
FIXTURES = Path(__file__).parents[1] / "contribute"
CERTAIN = FIXTURES / "certain-mistakes.ttl"
TEN = FIXTURES / "ten-mistakes.ttl"
SERVICE = """\
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> .

<https://w3id.org/infrashare/id/service/{name}> a infra:Service ;
  dct:title "{title}"@en ;
  infra:serviceKind <https://w3id.org/infrashare/codelist/service-kind/testing> .
"""
DROP = """([selector, text, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.querySelector(selector).dispatchEvent(
    new DragEvent("drop", { bubbles: true, cancelable: true, composed: true, dataTransfer: data }));
}"""
PASTE = """(content, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  content.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
}"""


@pytest.fixture
def partner(look: Reader, contributing: Contributing) -> Page:
    """A page on the server that can be written to."""
    return look(at=contributing.site)


def write(page: Page, text: str) -> None:
    """Paste a text in the place of what stands in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.locator(".cm-content").evaluate(PASTE, text)


def text_of(page: Page) -> str:
    return str(page.locator("#text").input_value())


def heading(page: Page) -> Locator:
    return page.locator("#outcome-heading")


def fill_in(page: Page, contributing: Contributing, dataset: str, message: str = "") -> None:
    page.get_by_label("Token of your partner").fill(contributing.token)
    page.locator("#partner").fill(contributing.partner)
    page.locator("#dataset").fill(dataset)
    page.locator("#message").fill(message)


def add(page: Page, contributing: Contributing, dataset: str, text: str, message: str = "") -> None:
    """Write a text and add it as the next version."""
    write(page, text)
    fill_in(page, contributing, dataset, message)
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("button", name="Add it now").click()
    expect(page.locator("#receipt")).to_contain_text("Done:")


def test_from_a_file_with_mistakes_to_the_graph_and_back(partner: Page, contributing: Contributing) -> None:
    partner.goto("/contributions")
    partner.get_by_role("link", name="Check a file").click()
    partner.locator("#file").set_input_files(CERTAIN)
    expect(heading(partner)).to_contain_text("It does not conform yet.")
    expect(heading(partner)).to_be_focused()
    assert text_of(partner) == CERTAIN.read_text()

    # The marks stand at the lines, and a finding leads to its line.
    line = CERTAIN.read_text().splitlines().index("    cap:tensile-tsting ; # a slip of the pen") + 1
    finding = partner.locator(".finding", has_text="cap:tensile-testing")
    finding.get_by_role("link", name=f"Line {line}").click()
    expect(partner.locator(".cm-activeLine")).to_contain_text("cap:tensile-tsting")
    expect(partner.locator(".cm-signs .sign-violation").first).to_have_text("✗")
    expect(partner.locator(".cm-activeLine .cm-lintRange-error")).to_have_text("cap:tensile-tsting")

    # One fix, taken back, and made again with all others.
    finding.get_by_role("button", name="Make this fix").click()
    expect(partner.locator("#outcome")).to_contain_text("1 fix was made")
    assert text_of(partner) == CERTAIN.read_text().replace("tensile-tsting", "tensile-testing")
    partner.locator(".cm-content").focus()
    partner.keyboard.press("Control+z")
    assert text_of(partner) == CERTAIN.read_text()
    partner.get_by_role("button", name=re.compile("certain fixes$")).click()
    expect(heading(partner)).to_contain_text("It conforms.")
    assert "# a slip of the pen" in text_of(partner)
    partner.get_by_role("button", name="Check", exact=True).click()
    expect(partner.locator("#outcome .note")).to_have_count(0)
    expect(heading(partner)).to_contain_text("It conforms.")

    # What would change, and then for good.
    fill_in(partner, contributing, "story", "First facilities")
    partner.get_by_role("button", name="See what would change").click()
    receipt = partner.locator("#receipt")
    expect(receipt).to_contain_text(f"It would be a new dataset, {contributing.partner}/story.")
    expect(receipt).to_contain_text("Climatic test chamber")
    assert httpx.get(f"{contributing.site}/contributions/{contributing.partner}/story").status_code == 404
    partner.get_by_role("button", name="Add it now").click()
    expect(receipt).to_contain_text("Done: example-institute/story has version 1 now")

    # The next version, from the history.
    receipt.get_by_role("link", name="History of this dataset").click()
    expect(partner.get_by_role("table").get_by_text("First facilities")).to_be_visible()
    partner.goto(f"/contributions/{contributing.partner}/story")
    partner.get_by_role("link", name="Change it in the editor").click()
    write(partner, text_of(partner).replace("Climatic test chamber", "Large climatic chamber"))
    fill_in(partner, contributing, "story", "Renamed")
    partner.get_by_role("button", name="See what would change").click()
    expect(receipt).to_contain_text("It would become version 2")
    expect(receipt.locator(".gone", has_text="Climatic test chamber")).to_have_count(1)
    expect(receipt.locator(".new", has_text="Large climatic chamber")).to_have_count(1)
    partner.get_by_role("button", name="Add it now").click()
    expect(receipt).to_contain_text("has version 2 now")

    # What changed between two versions, and back to the first.
    partner.get_by_role("link", name="History of this dataset").click()
    partner.get_by_role("button", name="Compare").click()
    expect(partner.get_by_role("heading", level=1)).to_have_text("What changed in example-institute/story")
    expect(partner.locator("del")).to_contain_text("Climatic test chamber")
    expect(partner.locator("ins")).to_contain_text("Large climatic chamber")
    partner.get_by_role("link", name="History of this dataset").click()
    partner.get_by_role("button", name="Go back Version 1").click()
    expect(partner.locator("#token")).to_be_focused()
    partner.locator("#token").fill(contributing.token)
    partner.get_by_role("button", name="See what would change").click()
    expect(receipt).to_contain_text("It would become version 3")
    partner.get_by_role("button", name="Go back now").click()
    expect(receipt).to_contain_text("has version 3 now")
    partner.reload()
    expect(partner.get_by_role("table")).to_contain_text("went back to version 1")


def test_syntax_errors_are_marked_at_their_lines(partner: Page) -> None:
    partner.goto("/contributions/check")
    write(partner, SERVICE.format(name="x", title="X").replace("dct:title", "dtc:title"))
    partner.get_by_role("button", name="Check", exact=True).click()
    expect(heading(partner)).to_contain_text("It cannot be read.")
    expect(partner.locator(".finding")).to_contain_text("The prefix dtc: is not declared")
    expect(partner.locator(".cm-signs .sign-error")).to_have_count(1)


def test_a_file_is_dropped(partner: Page) -> None:
    partner.goto("/contributions/check")
    partner.locator(".editor").wait_for()
    partner.evaluate(DROP, ["#check .editor", TEN.read_text(), "ten.ttl"])
    expect(heading(partner)).to_contain_text("It does not conform yet.")
    assert text_of(partner) == TEN.read_text()


def test_a_table_becomes_turtle_and_can_be_taken_back(partner: Page) -> None:
    partner.goto("/contributions/check?template=service&table=true")
    table = text_of(partner)
    assert table.startswith("id,")
    partner.locator(".editor").wait_for()
    partner.get_by_role("button", name="Check", exact=True).click()
    expect(partner.locator("#outcome")).to_contain_text("The table became Turtle")
    assert "a infra:Service" in text_of(partner)
    expect(partner.locator("#format")).to_have_value("turtle")
    partner.locator(".cm-content").focus()
    partner.keyboard.press("Control+z")
    assert text_of(partner) == table


def test_a_large_file_is_refused_in_words(partner: Page, contributing: Contributing, tmp_path: Path) -> None:
    large = tmp_path / "large.ttl.gz"
    large.write_bytes(gzip.compress(b" " * 70_000_000))
    partner.goto("/contributions/check")
    partner.locator(".editor").wait_for()
    partner.locator("#file").set_input_files(large)
    expect(heading(partner)).to_contain_text("It cannot be read.")
    expect(partner.locator("#outcome")).to_contain_text("the limit")


class TestWhatGoesWrong:
    def test_a_wrong_token_is_told(self, partner: Page, contributing: Contributing) -> None:
        partner.goto("/contributions/check")
        write(partner, SERVICE.format(name="wrong-token", title="Tests"))
        fill_in(partner, contributing, "wrong-token")
        partner.get_by_label("Token of your partner").fill("infrashare_nothing")
        partner.get_by_role("button", name="See what would change").click()
        expect(partner.locator("#receipt")).to_contain_text("This token is not valid")
        expect(partner.locator("#receipt")).to_be_focused()
        expect(partner.get_by_role("button", name="Add it now")).to_be_hidden()

    def test_the_token_of_another_partner_is_told(self, partner: Page, contributing: Contributing) -> None:
        partner.goto("/contributions/check")
        write(partner, SERVICE.format(name="other-token", title="Tests"))
        fill_in(partner, contributing, "other-token")
        partner.locator("#partner").fill("somebody-else")
        partner.get_by_role("button", name="See what would change").click()
        expect(partner.locator("#receipt")).to_contain_text("This token belongs to another partner")

    def test_what_does_not_conform_is_not_sent(self, partner: Page, contributing: Contributing) -> None:
        partner.goto("/contributions/check")
        write(partner, TEN.read_text())
        fill_in(partner, contributing, "mistakes")
        partner.get_by_role("button", name="See what would change").click()
        expect(partner.locator("#receipt")).to_contain_text("cannot be added")

    def test_a_lost_race_is_told_with_the_way_on(
        self, partner: Page, look: Reader, contributing: Contributing
    ) -> None:
        partner.goto("/contributions/check")
        add(partner, contributing, "race", SERVICE.format(name="race", title="First"))
        colleague = look(at=contributing.site)
        colleague.goto(f"/contributions/check?contribution={contributing.partner}/race")
        add(colleague, contributing, "race", SERVICE.format(name="race", title="The colleague's"))

        write(partner, SERVICE.format(name="race", title="Mine"))
        partner.get_by_role("button", name="See what would change").click()
        receipt = partner.locator("#receipt")
        expect(receipt).to_contain_text("Somebody else was faster")
        since = receipt.get_by_role("link", name="What changed since version 1")
        assert str(since.get_attribute("href")).endswith("/race/diff?from=1")
        receipt.get_by_role("button", name="compare with the current version").click()
        expect(receipt).to_contain_text("It would become version 3")
        expect(receipt.locator(".gone", has_text="The colleague's")).to_have_count(1)
        partner.get_by_role("button", name="Add it now").click()
        expect(receipt).to_contain_text("has version 3 now")

    def test_a_change_after_the_look_needs_another_look(
        self, partner: Page, contributing: Contributing
    ) -> None:
        partner.goto("/contributions/check")
        write(partner, SERVICE.format(name="change", title="First"))
        fill_in(partner, contributing, "change")
        partner.get_by_role("button", name="See what would change").click()
        expect(partner.get_by_role("button", name="Add it now")).to_be_visible()
        write(partner, SERVICE.format(name="change", title="Second"))
        expect(partner.get_by_role("button", name="Add it now")).to_be_hidden()


def test_the_token_stays_in_the_memory_of_the_page(partner: Page, contributing: Contributing) -> None:
    partner.goto("/contributions/check")
    asked: list[str] = []
    partner.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    add(partner, contributing, "secret", SERVICE.format(name="secret", title="Tests"))
    stored = """() => JSON.stringify(
      [{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state])"""
    assert contributing.token not in partner.evaluate(stored)
    assert contributing.token not in "".join(asked)
    assert partner.context.cookies() == []
    partner.reload()
    expect(partner.locator("#token")).to_have_value("")
    partner.locator("#token").fill(contributing.token)
    partner.goto("/contributions")
    partner.go_back()
    expect(partner.locator("#token")).to_have_value("")
    assert contributing.token not in partner.evaluate(stored)


def test_without_scripts_a_file_is_checked_and_mended(no_scripts: Page) -> None:
    no_scripts.goto("/contributions")
    no_scripts.get_by_role("link", name="Check a file").click()
    expect(no_scripts.locator("#contribute")).to_be_hidden()
    expect(no_scripts.get_by_text("curl -X PUT")).to_be_visible()
    no_scripts.locator("#file").set_input_files(CERTAIN)
    no_scripts.get_by_role("button", name="Check", exact=True).click()
    expect(heading(no_scripts)).to_contain_text("It does not conform yet.")
    no_scripts.locator(".finding", has_text="cap:tensile-testing").get_by_role("link", name="Line 26").click()
    expect(no_scripts.locator("#line-26")).to_be_in_viewport()
    no_scripts.locator(".finding", has_text="cap:tensile-testing").get_by_role(
        "button", name="Make this fix"
    ).click()
    expect(no_scripts.locator("#outcome")).to_contain_text("1 fix was made")
    no_scripts.get_by_role("button", name=re.compile("certain fixes$")).click()
    expect(heading(no_scripts)).to_contain_text("It conforms.")
    assert "nuts:BE225" in text_of(no_scripts)


def test_the_keyboard_alone_is_enough(partner: Page, contributing: Contributing) -> None:
    partner.goto("/contributions/check")
    partner.locator(".editor").wait_for()

    def to(wanted: Locator, key: str = "Tab") -> None:
        for _ in range(60):
            if wanted.evaluate(
                "one => one.matches(':focus') || one.contains(one.getRootNode().activeElement)"
            ):
                return
            partner.keyboard.press(key)
        pytest.fail(f"the focus does not come to {wanted}")

    to(partner.locator(".cm-content"))
    partner.keyboard.insert_text(SERVICE.format(name="keys", title="Tests").replace("testing>", "testin>"))
    to(partner.get_by_role("button", name="Check", exact=True))
    partner.keyboard.press("Enter")
    expect(heading(partner)).to_be_focused()
    expect(heading(partner)).to_contain_text("It does not conform yet.")
    to(partner.locator("a.to-line").first)
    partner.keyboard.press("Enter")
    expect(partner.locator(".cm-content")).to_be_focused()
    expect(partner.locator(".cm-activeLine")).to_contain_text("testin>")
    to(partner.get_by_role("button", name="Make this fix"))
    partner.keyboard.press("Enter")
    expect(heading(partner)).to_contain_text("It conforms.")
    for field, value in (
        ("token", contributing.token),
        ("partner", contributing.partner),
        ("dataset", "keys"),
    ):
        to(partner.locator(f"#{field}"))
        partner.keyboard.insert_text(value)
    partner.keyboard.press("Enter")
    expect(partner.locator("#receipt")).to_be_focused()
    to(partner.get_by_role("button", name="Add it now"), "Shift+Tab")
    partner.keyboard.press("Enter")
    expect(partner.locator("#receipt")).to_contain_text("Done:")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
class TestAccessibility:
    def test_the_bench_in_each_state(
        self,
        look: Reader,
        contributing: Contributing,
        axe: Callable[[Page], list[str]],
        size: tuple[int, int],
        scheme: str,
    ) -> None:
        page = look(size, scheme=scheme, at=contributing.site)
        page.goto("/contributions/check")
        page.locator(".editor").wait_for()
        assert axe(page) == []
        page.locator("#file").set_input_files(CERTAIN)
        expect(heading(page)).to_contain_text("It does not conform yet.")
        page.locator(".finding summary").first.click()
        assert axe(page) == []
        page.get_by_role("button", name=re.compile("certain fixes$")).click()
        expect(heading(page)).to_contain_text("It conforms.")
        fill_in(page, contributing, f"axe-{scheme}")
        page.locator("#token").fill("infrashare_nothing")
        page.get_by_role("button", name="See what would change").click()
        expect(page.locator("#receipt")).to_contain_text("This token is not valid")
        assert axe(page) == []
        page.locator("#token").fill(contributing.token)
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_role("button", name="Add it now")).to_be_visible()
        page.locator("#receipt summary").last.click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_the_pages_around_it(
        self,
        look: Reader,
        contributing: Contributing,
        axe: Callable[[Page], list[str]],
        size: tuple[int, int],
        scheme: str,
    ) -> None:
        page = look(size, scheme=scheme, at=contributing.site)
        page.goto("/contributions/check")
        for title in ("First", "Second"):
            add(page, contributing, f"around-{scheme}", SERVICE.format(name=f"around-{scheme}", title=title))
        where = f"/contributions/{contributing.partner}/around-{scheme}"
        for address in (
            "/contributions",
            where,
            f"{where}/versions",
            f"{where}/diff?from=1&to=2",
            "/templates",
        ):
            page.goto(address)
            assert axe(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
