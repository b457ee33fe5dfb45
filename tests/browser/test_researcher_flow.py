"""A researcher asks: an example, edited and run, as table, chart and map, cited by a link; errors, limits, the keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Axe = Callable[[Page], list[str]]
COUNTRIES = """SELECT ?country (COUNT(DISTINCT ?facility) AS ?facilities) WHERE {
  ?facility a infra:Facility ; infra:withinRegion ?region .
  ?region infra:nutsLevel 0 ; skos:notation ?country
} GROUP BY ?country ORDER BY DESC(?facilities) ?country"""
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c != ?f && ?f != ?i) }"


def opened(page: Page, address: str = "/sparql") -> None:
    """Open the page and wait for its editor."""
    page.goto(address)
    expect(page.locator(".cm-content")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Replace the query as a reader does who pastes."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.locator(".cm-content").evaluate(
        """(element, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def ran(page: Page) -> None:
    """Run the query and wait for its rows: a past revision is put together first."""
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#state")).to_contain_text("Rows:", timeout=30_000)


def test_an_example_is_edited_run_and_shown_as_table_and_chart(page: Page) -> None:
    opened(page)
    page.get_by_label("Filter the examples").fill("branch country")
    page.get_by_role("link", name="Facilities per branch of capabilities and country").click()
    expect(page.locator(".cm-content")).to_contain_text("VALUES ?lang")
    write(page, COUNTRIES)
    ran(page)
    table = page.locator("#results table")
    expect(table.locator("tbody tr")).to_have_count(8)
    expect(table.locator("tbody tr").first).to_contain_text("24")
    table.get_by_role("button", name="country").click()
    expect(table.locator("tbody tr").first).to_contain_text("BE")
    expect(table.locator("th").first).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Chart and table").click()
    expect(page.get_by_role("img", name="Chart of facilities by country")).to_be_visible()
    expect(table).to_be_visible()


def test_places_are_shown_on_a_map_beside_their_table(page: Page) -> None:
    opened(page)
    ran(page)
    page.get_by_role("button", name="Map and table").click()
    expect(page.locator(".map.leaflet-container")).to_be_visible()
    expect(page.locator(".map-spot").first).to_be_visible()
    expect(page.locator("#results table")).to_be_visible()


def test_a_link_gives_the_same_query_result_and_view_and_sends_nothing_by_its_address(
    page: Page, look: Callable[..., Page]
) -> None:
    opened(page)
    write(page, COUNTRIES)
    page.get_by_label("As of revision").fill("20")
    ran(page)
    page.get_by_role("button", name="Chart and table").click()
    link = page.locator("#permalink").get_attribute("href") or ""
    other = look()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(link)
    expect(other.locator("#state")).to_contain_text("Revision: 20.", timeout=30_000)
    expect(other.get_by_role("img", name="Chart of facilities by country")).to_be_visible()
    assert other.locator("#results table").inner_text() == page.locator("#results table").inner_text()
    assert not any("SELECT" in address or "query=" in address.partition("#")[0] for address in asked)


def test_an_error_is_marked_at_its_line_and_told(page: Page) -> None:
    opened(page)
    write(page, "SELECT * {\n  ?s a infra:Facility .\n  FILTR(1)\n}")
    page.keyboard.press("Control+Enter")
    problem = page.locator("#problem")
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("line 3")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    problem.get_by_role("button", name="Go to line 3").click()
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator(".cm-activeLine")).to_contain_text("FILTR")
    write(page, COUNTRIES)
    ran(page)
    expect(problem).to_be_hidden()
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)


def test_a_limit_is_explained_where_it_is_met(page: Page) -> None:
    opened(page)
    page.route("**/sparql", lambda route: route.continue_(url=f"{route.request.url}?timeout=1"))
    write(page, KILLER)
    page.keyboard.press("Control+Enter")
    problem = page.locator("#problem")
    expect(problem).to_contain_text("the limit on time")
    expect(problem).to_contain_text("Ask for less")
    expect(problem.get_by_role("link", name="What this problem means")).to_have_attribute(
        "href", "/problems/limit-exceeded"
    )


def test_a_query_can_be_cancelled(page: Page) -> None:
    opened(page)
    page.route("**/sparql", lambda _: None)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#state")).to_have_text("Cancelled.")


def test_names_are_suggested_and_prefixes_declared(page: Page) -> None:
    opened(page)
    write(page, "SELECT * { ?f a ")
    page.keyboard.type("infra:Facil")
    choice = page.locator(".cm-tooltip-autocomplete li").first
    expect(choice).to_contain_text("infra:Facility")
    expect(choice).to_contain_text("entities of this class")
    expect(choice).to_have_attribute("aria-selected", "true")
    # for the first 75 ms CodeMirror takes no key for a choice, lest one that was meant for the text makes it
    page.wait_for_function("shown => performance.now() - shown > 100", arg=page.evaluate("performance.now()"))
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text(
        "PREFIX infra: <https://w3id.org/infrashare/ontology#>"
    )
    page.keyboard.type(" ; infra:capability vermoeii")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("cap:fatigue-testing")
    page.keyboard.press("Escape")


def test_the_keyboard_alone_asks_and_leaves_the_editor(page: Page) -> None:
    opened(page)
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#state")).to_contain_text("Rows:")
    page.keyboard.press("Tab")
    expect(page.get_by_label("As of revision")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_long_results_come_in_parts(page: Page) -> None:
    opened(page)
    write(page, "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 450")
    ran(page)
    expect(page.locator("#results tbody tr")).to_have_count(200)
    expect(page.locator("[data-where]")).to_have_text("Rows 1 to 200 of 450")
    page.get_by_role("button", name="Next rows").click()
    page.get_by_role("button", name="Next rows").click()
    expect(page.locator("[data-where]")).to_have_text("Rows 401 to 450 of 450")
    expect(page.get_by_role("button", name="Next rows")).to_be_disabled()


def test_what_is_not_there_comes_last_in_either_order(page: Page) -> None:
    opened(page)
    write(page, "SELECT ?name ?size { VALUES (?name ?size) { ('b' 10) ('none' UNDEF) ('a' 9) (UNDEF 11) } }")
    ran(page)
    table = page.locator("#results table")
    for column, cells, orders in [
        ("size", "td:nth-child(2)", (["9", "10", "11", "–"], ["11", "10", "9", "–"])),
        ("name", "td:nth-child(1)", (["a", "b", "none", "–"], ["none", "b", "a", "–"])),
    ]:
        for order in orders:
            table.get_by_role("button", name=column).click()
            assert [cell.split(" ")[0] for cell in table.locator(f"tbody {cells}").all_inner_texts()] == order


def test_terms_that_mean_harm_are_only_text(page: Page) -> None:
    opened(page)
    write(
        page,
        'SELECT ?text ?iri { VALUES (?text ?iri) { ("<img src=x onerror=alert(1)>"@en <javascript:alert(1)>)'
        " (5 <https://w3id.org/infrashare/id/facility/holst-centre>) } }",
    )
    ran(page)
    table = page.locator("#results table")
    expect(table).to_contain_text("<img src=x onerror=alert(1)>")
    expect(table.locator("img")).to_have_count(0)
    assert [link.get_attribute("href") for link in table.locator("a").all()] == ["/id/facility/holst-centre"]


def test_graphs_and_answers_are_shown_and_can_be_downloaded(page: Page) -> None:
    opened(page)
    write(page, "CONSTRUCT { ?s a infra:Facility } WHERE { ?s a infra:Facility } LIMIT 2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-response]")).to_contain_text("infra:Facility")
    expect(page.get_by_role("link", name="Turtle")).to_be_visible()
    expect(page.get_by_role("link", name="CSV")).to_be_hidden()
    write(page, "ASK { ?s a infra:Facility }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-answer]")).to_have_text("Yes")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON", exact=True).click()
    assert download.value.suggested_filename == "result.json"


def test_a_question_of_the_catalogue_has_a_form_and_a_chart(page: Page, axe: Axe) -> None:
    page.goto("/queries/competency-q35-facility-kinds")
    page.get_by_role("button", name="Chart and table").click()
    expect(page.get_by_role("img", name="Chart of")).to_be_visible()
    assert axe(page) == []


def test_without_scripts_the_form_answers(no_scripts: Page) -> None:
    no_scripts.goto("/sparql?example=competency-q03-facilities-per-branch")
    expect(no_scripts.get_by_role("button", name="Map and table")).to_be_hidden()
    no_scripts.get_by_label("Answer as").select_option("json")
    no_scripts.get_by_role("button", name="Run").click()
    expect(no_scripts.locator("body")).to_contain_text("bindings")


@pytest.mark.parametrize("state", ["empty", "map", "chart", "problem"])
def test_nothing_is_in_the_way_of_anybody(page: Page, narrow: Page, axe: Axe, state: str) -> None:
    for one in (page, narrow):
        opened(one)
        if state == "map":
            ran(one)
            one.get_by_role("button", name="Map and table").click()
            expect(one.locator(".map-spot").first).to_be_visible()
        elif state == "chart":
            write(one, COUNTRIES)
            ran(one)
            one.get_by_role("button", name="Chart and table").click()
            expect(one.get_by_role("img", name="Chart of facilities")).to_be_visible()
        elif state == "problem":
            write(one, "SELECT")
            one.keyboard.press("Control+Enter")
            expect(one.locator("#problem")).to_be_visible()
        assert axe(one) == []
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")
