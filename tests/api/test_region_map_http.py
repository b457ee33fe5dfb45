"""The page of all regions over HTTP: the figures that profiles have, other regions, and the rules of all lists."""

import re

import httpx
import pytest

HTML = {"Accept": "text/html"}


def _row(page: str, name: str) -> list[str]:
    """The numbers in the row of a region."""
    row = next(one for one in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f">{name}</a>" in one)
    return re.findall(r'data-value="([^"]*)"', row)


@pytest.mark.parametrize(("code", "name"), [("BE2", "Flanders"), ("LV008", "Vidzeme")])
def test_it_has_the_figures_of_the_profiles(client: httpx.Client, code: str, name: str) -> None:
    page = client.get("/regions", headers=HTML).text
    told = client.get(f"/regions/{code}/profile.json").json()
    figures = {one["indicator"]: one["figures"] for one in told["indicators"]}
    assert _row(page, name) == [
        str(figures["facilities"][0]["value"]),
        str(figures["capabilities"][0]["value"]),
        str(told["practices"]["total"]),
        str(told["policy_instruments"]["total"]),
    ]


def test_all_that_partners_describe_are_on_the_map_and_can_be_chosen(client: httpx.Client) -> None:
    page = client.get("/regions", headers=HTML).text
    codes = {one["id"].rsplit("/", 1)[-1] for one in client.get("/regions.json").json()["items"]}
    assert set(re.findall(r'name="region" value="([^"]+)"', page)) == codes
    assert set(re.findall(r'<a href="/regions/([^/"]+)/profile" class="pic-link"', page)) == codes


def test_other_regions_with_facilities_are_listed_and_none_within_those_described(
    client: httpx.Client,
) -> None:
    page = client.get("/regions", headers=HTML).text.partition('id="others"')[2]
    others = re.findall(r'href="/regions/([^/"]+)/profile"', page)
    assert others
    assert not [one for one in others if one.startswith(("BE2", "NL41", "ITH5", "SE224", "LV008"))]


def test_it_keeps_language_and_revision(client: httpx.Client) -> None:
    page = client.get("/regions", headers=HTML, params={"lang": "lv"}).text
    assert 'lang="lv"' in page
    assert "/regions/LV008/profile?lang=lv" in page
    now = int(client.get("/regions.json").headers["Dataset-Revision"])
    page = client.get("/regions", headers=HTML, params={"revision": now - 1}).text
    assert f'<input type="hidden" name="revision" value="{now - 1}">' in page


def test_a_filter_that_there_is_not_is_refused_as_in_all_lists(client: httpx.Client) -> None:
    assert client.get("/regions", headers=HTML, params={"colour": "red"}).status_code == 400
