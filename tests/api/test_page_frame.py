"""What all pages share: language and its switch, links to other languages, menus; and pages outside of a request."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Catalog

from api.pages import standalone, templates
from api.problems import PROBLEMS
from api.wording import Wording
from docs import catalogues
from graph.iris import LANGUAGES

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language(client: httpx.Client, language: str) -> None:
    answer = client.get("/catalog", headers={**HTML, "Accept-Language": language})
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="ltr">' in answer.text
    again = client.get("/catalog", headers={**HTML, "Accept-Language": language})
    assert again.headers["Content-Language"] == language


def tags(name: str, text: str) -> list[dict[str, str]]:
    """The attributes of all elements of a name."""
    return [
        {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', found)}
        for found in re.findall(rf"<{name}\b([^>]*)>", text)
    ]


def test_the_switch_keeps_the_address_and_search_engines_find_all_languages(client: httpx.Client) -> None:
    page = client.get("/facilities?region=BE2&lang=nl", headers=HTML).text
    switch = [link for link in tags("a", page) if "hreflang" in link]
    assert [link["hreflang"] for link in switch] == list(LANGUAGES)
    assert {link["href"] for link in switch} == {f"?region=BE2&lang={code}" for code in LANGUAGES}
    assert [link["lang"] for link in switch if "aria-current" in link] == ["nl"]
    others = {link["hreflang"]: link["href"] for link in tags("link", page) if "hreflang" in link}
    here = f"{str(client.base_url).rstrip('/')}/facilities?region=BE2"
    assert others == {"x-default": here, **{code: f"{here}&lang={code}" for code in LANGUAGES}}


def test_an_address_that_holds_a_need_is_not_multiplied(client: httpx.Client) -> None:
    page = client.get("/match", params={"text": "welding " * 60}, headers=HTML).text
    assert not re.findall(r'<link rel="alternate" hreflang', page)
    assert 'class="drop languages"' in page


def test_a_problem_has_the_switch_but_no_twins_in_other_languages(client: httpx.Client) -> None:
    answer = client.get("/facilities/none", headers={**HTML, "Accept-Language": "de"})
    assert answer.status_code == 404
    assert answer.headers["Content-Language"] == "de"
    assert 'class="drop languages"' in answer.text
    assert "hreflang" not in answer.text.split("</head>")[0]
    assert '<p class="lead detail" lang="en">' in answer.text


def test_all_that_the_menus_lead_to_is_there(client: httpx.Client) -> None:
    header = client.get("/?lang=et", headers=HTML).text.partition("</header>")[0]
    links = {link["href"] for link in tags("a", header) if "hreflang" not in link} - {"#main"}
    assert len(links) > 20
    for link in links:
        assert link.endswith("lang=et")
        assert client.get(link, headers=HTML).status_code == 200, link


def test_a_problem_is_explained_in_the_reader_s_language(tmp_path: Path) -> None:
    entry = PROBLEMS["not-found"]
    known = Catalog(locale="lv")
    known.add(entry.title, "Nav atrasts")
    known.add(entry.help, "Pārbaudiet adresi.")
    (tmp_path / "lv.po").write_bytes(catalogues.written(known, "lv"))
    environment = templates()
    Wording(tmp_path).install(environment)
    told = {"type": "/problems/not-found", "title": entry.title, "status": 404, "help": entry.help}
    page = environment.get_template("problem-kind.html")
    text = page.render(request=None, language="lv", style="", entry=told)
    assert "<h1>Nav atrasts</h1>" in text
    assert "Pārbaudiet adresi." in text


def test_every_kind_of_problem_is_in_the_catalogues() -> None:
    gathered = catalogues.gather()
    for problem in PROBLEMS.values():
        assert problem.title in gathered
        assert problem.help in gathered


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_outside_of_a_request_stands_alone(language: str) -> None:
    error = {"path": None, "line": 3, "column": 1, "code": "syntax", "message": "<b>", "suggestion": None}
    page = standalone("report.html", {"errors": [error], "source": None}, language)
    assert f'<html lang="{language}"' in page
    assert "--accent:" in page
    assert "<nav" not in page
    assert not re.findall(r"<script|<link rel=.stylesheet|(?:src|href)=./", page)
    assert "<b>" not in page
