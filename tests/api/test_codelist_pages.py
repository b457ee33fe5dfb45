"""Pages of code lists: trees that stay small, branches to open, a search in nine languages, names in all of them."""

import re

import httpx
import pytest

HTML = {"Accept": "text/html"}


def page(client: httpx.Client, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def entries(text: str) -> list[str]:
    """The keys of the entries that the tree of a page shows."""
    return re.findall(r'<li id="([^"]+)"', text)


def test_the_lists_are_told_with_what_they_are_about(client: httpx.Client) -> None:
    text = page(client, "/codelists")
    for name in client.get("/codelists").json()["codelists"]:
        assert f'href="/codelists/{name}"' in text
    assert "617 entries" in text
    assert text.count(" entries</span>") == text.count('class="about"')


@pytest.mark.parametrize("name", ["capability", "nuts", "nace", "euroscivoc"])
def test_the_page_of_a_large_list_is_small(client: httpx.Client, name: str) -> None:
    assert len(page(client, f"/codelists/{name}").encode()) < 150_000


def test_a_list_of_some_hundred_entries_is_there_as_a_whole(client: httpx.Client) -> None:
    shown = entries(page(client, "/codelists/capability"))
    assert len(shown) == len(set(shown)) == 617


def test_branches_are_closed_in_a_large_list_and_open_in_a_small_one(client: httpx.Client) -> None:
    assert "<details open>" not in page(client, "/codelists/capability")
    small = page(client, "/codelists/facility-kind")
    assert small.count("<details open>") == small.count("<details") - small.count("<details class")


def test_a_branch_that_is_left_out_can_be_opened(client: httpx.Client) -> None:
    whole = page(client, "/codelists/nuts")
    assert "BE2" in entries(whole)
    assert "BE223" not in entries(whole)
    assert 'href="/codelists/nuts?open=BE2#BE2"' in whole
    opened = page(client, "/codelists/nuts?open=BE2")
    assert {"BE", "BE1", "BE2", "BE22", "BE223", "NL"} <= set(entries(opened))
    assert "NL414" not in entries(opened)
    assert opened.count("<details open>") == 2


def test_what_does_not_exist_opens_nothing(client: httpx.Client) -> None:
    assert entries(page(client, "/codelists/nuts?open=XX")) == entries(page(client, "/codelists/nuts"))


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("fatigue", "fatigue-testing", None),
        ("vermoeiing", "fatigue-testing", 'lang="nl"'),
        ("FATIGUE-TEST", "fatigue-testing", None),
    ],
)
def test_entries_are_found_by_a_word_in_any_language(
    client: httpx.Client, text: str, found: str, said: str | None
) -> None:
    shown = page(client, f"/codelists/capability?q={text}&lang=en")
    assert f'<li id="{found}" class="hit">' in shown
    assert "testing" in entries(shown)
    assert "biotechnology" not in entries(shown)
    if said:
        assert said in shown[shown.index(f'<li id="{found}"') :]


def test_a_text_that_nothing_has_is_told_and_is_no_markup(client: httpx.Client) -> None:
    text = page(client, "/codelists/capability?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "0 entries have" in text
    assert "<script>alert" not in text
    assert entries(text) == []


def test_names_are_in_the_readers_language(client: httpx.Client) -> None:
    entry = re.compile(r'<a href="/codelists/access-mode/[^"?]+[^"]*">([^<]+)<')
    names = {
        tongue: entry.findall(page(client, f"/codelists/access-mode?lang={tongue}"))
        for tongue in ("en", "nl", "lv")
    }
    assert len(names["en"]) == len(names["nl"]) == len(names["lv"]) == 22
    assert all(one != other for one, other in zip(names["nl"], names["lv"], strict=True))


def test_facilities_are_counted_and_lead_to_their_list(client: httpx.Client) -> None:
    text = page(client, "/codelists/ket")
    filters = re.findall(r'class="uses" href="/facilities\?ket=([^"]+)">(\d+) ', text)
    assert filters
    for notation, number in filters[:3]:
        assert client.get(f"/facilities?ket={notation}").json()["total"] == int(number)


def test_all_names_stand_in_a_table_that_is_paged(client: httpx.Client) -> None:
    text = page(client, "/codelists/capability?names=1")
    assert "entries 1 to 100 of 617" in text
    for tongue in ("cs", "lv", "fr"):
        assert f'<td lang="{tongue}">' in text
    assert 'rel="next" href="/codelists/capability?names=2"' in text
    last = page(client, "/codelists/capability?names=7")
    assert "entries 601 to 617 of 617" in last
    assert 'rel="next"' not in last
    assert "entries 601 to 617" in page(client, "/codelists/capability?names=99")


@pytest.mark.parametrize("name", ["none", "a b", "%3Cx%3E"])
def test_a_list_that_does_not_exist_is_not_found(client: httpx.Client, name: str) -> None:
    assert client.get(f"/codelists/{name}", headers=HTML).status_code == 404
