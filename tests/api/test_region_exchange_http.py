"""What a region can learn, over HTTP: data and page, filters, revisions, and what is refused."""

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from graph.iris import LANGUAGES
from graph.settings import Settings

SCHEMAS = create_app(Settings()).openapi()["components"]
FORM = {"$ref": "#/components/schemas/RegionExchange", "components": SCHEMAS}
PATH = "/regions/LV008/exchange"
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("code", ["LV008", "CZ064", "NL", "PT"])
def test_data_have_the_declared_form_and_a_page_says_the_same(client: httpx.Client, code: str) -> None:
    path = f"/regions/{code}/exchange"
    answer = client.get(path, params={"limit": 3})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    Draft202012Validator(FORM).validate(told)
    assert told["run"]["revision"] == int(answer.headers["Dataset-Revision"])
    assert client.get(f"{path}.json", params={"limit": 3}).json() == told
    page = client.get(path, params={"limit": 3}, headers=HTML)
    assert page.status_code == 200, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text
    assert f'href="{path}.json?limit=3"' in page.text
    for one in (*told["practices"], *told["partners"]):
        assert one["parts"][0]["reason"] in page.text.replace("&#39;", "'").replace("&#34;", '"')
    again = client.get(path, params={"limit": 3}, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_tells_failures_difficulties_and_what_is_left_open(client: httpx.Client) -> None:
    page = client.get(PATH, params={"limit": 200}, headers=HTML).text
    told = client.get(PATH, params={"limit": 200}).json()
    warnings = [one["warning"] for one in told["practices"] if one["warning"]]
    assert warnings
    assert page.count('<strong><span aria-hidden="true">⚠ </span>') == len(warnings)
    hard = next(one["difficulties"][0]["text"] for one in told["practices"] if one["difficulties"])
    assert hard.split("'")[0] in page
    assert "Likely, not confirmed: Development Plan of the City of Tartu" in page


def test_the_address_of_a_code_in_small_letters_is_the_same_region(client: httpx.Client) -> None:
    assert client.get("/regions/lv008/exchange").json() == client.get(PATH).json()


def test_themes_filter_and_limits_cut_with_the_total_told(client: httpx.Client) -> None:
    whole = client.get(PATH, params={"limit": 200}).json()
    some = client.get(PATH, params={"limit": 200, "theme": ["voucher", "pricing"]}).json()
    expected = [
        one["id"]
        for one in whole["practices"]
        if {theme["notation"] for theme in one["themes"]} & {"voucher", "pricing"}
    ]
    assert [one["id"] for one in some["practices"]] == expected
    assert 0 < some["total"] == len(expected) < whole["total"]
    few = client.get(PATH, params={"limit": 2}).json()
    assert few["practices"] == whole["practices"][:2]
    assert few["total"] == whole["total"]


def test_an_empty_theme_of_a_form_counts_as_not_given(client: httpx.Client) -> None:
    assert client.get(PATH, params={"theme": ""}).json() == client.get(PATH).json()


def test_reasons_and_headings_come_in_each_language(client: httpx.Client) -> None:
    pages = {one: client.get(PATH, params={"lang": one, "limit": 1}, headers=HTML).text for one in LANGUAGES}
    heads = {page.partition("<h1>")[2].partition("</h1>")[0] for page in pages.values()}
    assert len(heads) == len(LANGUAGES)
    data = {one: client.get(PATH, params={"lang": one, "limit": 1}).json() for one in LANGUAGES}
    reasons = {told["practices"][0]["parts"][0]["reason"] for told in data.values()}
    assert len(reasons) == len(LANGUAGES)
    assert len({told["practices"][0]["score"] for told in data.values()}) == 1


def test_a_past_revision_is_answered_as_it_was(client: httpx.Client) -> None:
    now = client.get(PATH)
    assert client.get(PATH, params={"revision": now.headers["Dataset-Revision"]}).json() == now.json()
    practices = client.get("/contributions/inno-infra-share/practices/versions").json()
    before = client.get(PATH, params={"revision": practices["versions"][0]["revision"] - 1})
    assert before.status_code == 200, before.text
    assert before.json()["total"] == before.json()["own_total"] == 0
    assert before.json()["note"]
    assert before.json()["region"] == now.json()["region"]
    assert "immutable" in before.headers["Cache-Control"]
    assert client.get(PATH, params={"revision": "1"}).status_code == 404, "no code list was there yet"


@pytest.mark.parametrize("headers", [{}, HTML])
def test_an_unknown_region_gets_codes_that_are_near(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.get("/regions/LV08/exchange", headers=headers)
    assert answer.status_code == 404
    assert "LV008" in answer.text


@pytest.mark.parametrize(
    "query", [{"theme": "no-theme"}, {"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"revision": "x"}]
)
def test_what_cannot_be_used_is_refused(client: httpx.Client, query: dict[str, str]) -> None:
    answer = client.get(PATH, params=query)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_of_a_region_leads_on_to_it(client: httpx.Client) -> None:
    assert PATH in {one["href"] for one in client.get("/regions/LV008.json").json()["directions"]}
    assert f'<a href="{PATH}"' in client.get("/regions/LV008", headers=HTML).text
