"""The other directions over HTTP: data and pages, the links that lead to them, and what is refused."""

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from graph.iris import LANGUAGES
from graph.settings import Settings

SCHEMAS = create_app(Settings()).openapi()["components"]
PAGES = {
    "/facilities/musp-piacenza/fit": "FacilityFit",
    "/regions/LV008/facilities-abroad": "RegionGaps",
    "/policy-instruments/oip4nwe-vouchers/facilities": "InstrumentFit",
}
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", PAGES)
def test_data_have_the_declared_form_and_a_page_says_the_same(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    form = {"$ref": f"#/components/schemas/{PAGES[path]}", "components": SCHEMAS}
    Draft202012Validator(form).validate(answer.json())
    assert answer.json()["run"]["revision"] == int(answer.headers["Dataset-Revision"])
    assert client.get(f"{path}.json").json() == answer.json()
    page = client.get(path, headers=HTML)
    assert page.status_code == 200, page.text
    assert page.headers["content-type"].startswith("text/html")
    assert "Evidence" in page.text
    assert f'href="{path}.json"' in page.text
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("suffix", ["", ".json"])
def test_the_entity_leads_on_to_it(client: httpx.Client, path: str, suffix: str) -> None:
    entity = path.rpartition("/")[0]
    if suffix:
        assert path in {one["href"] for one in client.get(entity + suffix).json()["directions"]}
    else:
        assert f'<a href="{path}"' in client.get(entity, headers=HTML).text


def test_an_entity_without_a_direction_leads_nowhere(client: httpx.Client) -> None:
    assert client.get("/organisations/flanders-make.json").json()["directions"] == []
    assert "Where it leads on" not in client.get("/organisations/flanders-make", headers=HTML).text


def test_titles_of_links_come_in_each_language(client: httpx.Client) -> None:
    path = "/facilities/musp-piacenza.json"
    labels = {client.get(path, params={"lang": one}).json()["directions"][0]["label"] for one in LANGUAGES}
    assert len(labels) == len(LANGUAGES)


@pytest.mark.parametrize("path", PAGES)
def test_a_past_revision_is_answered_as_it_was(client: httpx.Client, path: str) -> None:
    now = client.get(path)
    assert client.get(path, params={"revision": now.headers["Dataset-Revision"]}).json() == now.json()
    before = client.get(path, params={"revision": 1})
    assert before.status_code == 404
    assert "at revision 1" in before.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/facilities/musp-piacensa/fit", 404, "did you mean musp-piacenza"),
        ("/regions/XX999/facilities-abroad", 404, "nothing is named"),
        ("/policy-instruments/nothing/facilities", 404, "nothing is named"),
        ("/regions/LV008/facilities-abroad?maxDistanceKm=far", 400, "kilometres"),
        ("/regions/LV008/facilities-abroad?maxDistanceKm=nan", 400, "kilometres"),
        ("/regions/LV008/facilities-abroad?maxDistanceKm=-1", 400, "kilometres"),
        ("/regions/LV008/facilities-abroad?limit=0", 400, "limit"),
        ("/facilities/musp-piacenza/fit.ttl", 406, "application/json"),
    ],
)
def test_what_cannot_be_answered_says_why(client: httpx.Client, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]


def test_an_empty_field_of_the_form_counts_as_not_given(client: httpx.Client) -> None:
    path = "/regions/LV008/facilities-abroad"
    assert client.get(path, params={"maxDistanceKm": ""}).json() == client.get(path).json()
