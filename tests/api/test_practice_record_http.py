"""Records of practices over HTTP: data and pages, links that lead to them, likely duplicates, and what is refused."""

import html

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from graph.iris import LANGUAGES
from graph.settings import Settings
from tests.api.conftest import PARTNER, Writable

SCHEMAS = create_app(Settings()).openapi()["components"]
PATH = "/practices/open-lab-skane/record"
HTML = {"Accept": "text/html"}
ITEM = "https://www.interregeurope.eu/policylearning/good-practices/item"
SECOND = f"""
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix infra: <https://w3id.org/infrashare/ontology#> .

<https://w3id.org/infrashare/id/practice/{PARTNER}-lombardy> a infra:GoodPractice ;
  dct:identifier "{PARTNER}-lombardy" ;
  dct:title "The Open Innovation Platform of <b>Lombardy</b> Region"@en ;
  infra:howItWorks "<script>alert(1)</script> A social network for innovators, run by facilitators."@en ;
  infra:practiceTheme <https://w3id.org/infrashare/codelist/practice-theme/networking> ;
  infra:hasFigure <https://w3id.org/infrashare/id/practice/{PARTNER}-lombardy#figure-1> ;
  foaf:page <{ITEM}/1183/open-innovation-platform/> ;
  dct:source <{ITEM}/1306/the-open-innovation-platform-of-lombardy-region/> .

<https://w3id.org/infrashare/id/practice/{PARTNER}-lombardy#figure-1> a infra:PracticeFigure ;
  infra:figureKind <https://w3id.org/infrashare/codelist/practice-figure/staff> ;
  infra:figureValue 5 ;
  dct:description "5 <i>full-time</i> in the first two years"@en ;
  dct:source <{ITEM}/1306/the-open-innovation-platform-of-lombardy-region/> .
"""


def test_data_have_the_declared_form_and_a_page_says_the_same(client: httpx.Client) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 200, answer.text
    form = {"$ref": "#/components/schemas/PracticeRecord", "components": SCHEMAS}
    Draft202012Validator(form).validate(answer.json())
    assert answer.json()["run"]["revision"] == int(answer.headers["Dataset-Revision"])
    assert client.get(f"{PATH}.json").json() == answer.json()
    assert client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    page = client.get(PATH, headers=HTML)
    assert page.status_code == 200, page.text
    told = html.unescape(page.text)
    for section in answer.json()["sections"]:
        assert section["label"] in told
        assert all(text["value"] in told for text in section["texts"])
    for figure in answer.json()["figures"]:
        assert figure["text"] in told
        assert all(f'href="{source}"' in told for source in figure["sources"])
    assert f'href="{PATH}.json"' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_the_readers_language(client: httpx.Client, language: str) -> None:
    page = client.get(PATH, headers=HTML, params={"lang": language})
    labels = {one["label"] for one in client.get(PATH, params={"lang": language}).json()["sections"]}
    assert page.status_code == 200
    assert all(label in html.unescape(page.text) for label in labels)


def test_the_practice_leads_on_to_its_record(client: httpx.Client) -> None:
    directions = client.get("/practices/open-lab-skane.json").json()["directions"]
    assert directions == [{"href": PATH, "label": "Record of the practice"}]
    assert f'<a href="{PATH}"' in client.get("/practices/open-lab-skane", headers=HTML).text


def test_a_practice_of_two_records_in_the_database_says_so(client: httpx.Client) -> None:
    answer = client.get("/practices/open-innovation-lombardia/record").json()
    assert [page.split("/item/")[1][:4] for page in answer["recorded_twice"]] == ["1183", "1306"]
    page = client.get("/practices/open-innovation-lombardia/record", headers=HTML).text
    assert all(where in page for where in answer["recorded_twice"])


@pytest.mark.parametrize("slug", ["open-lab-skan", "..%2f", "%3Cscript%3E", "x" * 300, "open%00lab"])
def test_an_unknown_name_is_refused(client: httpx.Client, slug: str) -> None:
    assert client.get(f"/practices/{slug}/record").status_code == 404
    answer = client.get(f"/practices/{slug}/record", headers=HTML)
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_an_unknown_name_is_told_the_near_ones(client: httpx.Client) -> None:
    assert "open-lab-skane" in client.get("/practices/open-lab-skan/record").json()["detail"]


def test_a_revision_before_the_practice_has_none(client: httpx.Client) -> None:
    assert client.get(PATH, params={"revision": "1"}).status_code == 404


def test_a_second_record_is_shown_beside_the_first_and_its_text_does_no_harm(writable: Writable) -> None:
    before = writable.client.get("/practices/open-innovation-lombardia/record").json()
    writable.put("second", SECOND).raise_for_status()
    name = f"https://w3id.org/infrashare/id/practice/{PARTNER}-lombardy"
    after = writable.client.get("/practices/open-innovation-lombardia/record").json()
    assert before["may_be_the_same_as"] == []
    (same,) = after["may_be_the_same_as"]
    assert same["id"] == name
    assert "record" in same["signs"]
    assert after["sections"] == before["sections"], "nothing was merged"
    links = writable.client.get("/practices/open-innovation-lombardia.json").json()["directions"]
    assert f"/practices/{PARTNER}-lombardy" in {one["href"] for one in links}
    page = writable.client.get(f"/practices/{PARTNER}-lombardy/record", headers=HTML).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>Lombardy" not in page
    assert "<i>full-time" not in page
    first = writable.client.get("/practices/open-innovation-lombardia", headers=HTML).text
    assert f'href="/practices/{PARTNER}-lombardy"' in first
    assert "<b>Lombardy" not in first
