"""Every kind of page answers in all nine languages and says which it is in."""

import re

import httpx
import pytest

from bench.addresses import PAGES, PROBLEMS
from graph.iris import LANGUAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_there_in_nine_languages(site: str, name: str) -> None:
    with httpx.Client(base_url=site, timeout=60, headers={"Accept": "text/html"}) as client:
        for language in LANGUAGES:
            address = re.sub(r"[?&]lang=\w\w", "", PAGES[name])
            answer = client.get(address, headers={"Accept-Language": language})
            assert answer.status_code == 200
            assert f'<html lang="{language}"' in answer.text
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_told_in_the_reader_s_language(site: str, name: str) -> None:
    address, status = PROBLEMS[name]
    headers = {"Accept": "text/html", "Accept-Language": "lv"}
    answer = httpx.get(f"{site}{address}", headers=headers, timeout=60)
    assert answer.status_code == status
    assert '<html lang="lv"' in answer.text
