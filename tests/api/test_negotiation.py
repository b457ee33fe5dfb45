"""Which format and language an answer comes in."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api.negotiation import HTML, JSON, RDF, SUFFIXES, TURTLE, NotAcceptable, choose, language, named
from graph.iris import LANGUAGES

PAGE = (JSON, *RDF, HTML)
TABLES = ("application/sparql-results+json", JSON, "application/sparql-results+xml", "text/csv")
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        (None, PAGE, JSON),
        ("", PAGE, JSON),
        ("*/*", PAGE, JSON),
        ("*", PAGE, JSON),
        ("garbage", PAGE, JSON),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", PAGE, HTML),
        (CHROME, PAGE, HTML),
        ("application/xhtml+xml", PAGE, HTML),
        ("application/*", PAGE, JSON),
        ("text/*", PAGE, TURTLE),
        ("TEXT/TURTLE", PAGE, TURTLE),
        ("text/turtle;q=0.4, application/ld+json;q=0.5", PAGE, "application/ld+json"),
        ("text/turtle;q=0, */*", PAGE, JSON),
        ("application/json;q=0, */*;q=0.1", PAGE, TURTLE),
        ("text/turtle, */*", PAGE, TURTLE),
        ("text/turtle;charset=utf-8;q=0.9, text/html;q=0.8", PAGE, TURTLE),
        ("text/turtle ; q = 0.9 , text/html ; q = 0.95", PAGE, HTML),
        ("text/n3, application/x-turtle;q=0.9", PAGE, TURTLE),
        ("application/xml", PAGE, "application/rdf+xml"),
        ("text/plain", PAGE, "application/n-triples"),
        ("application/json", TABLES, JSON),
        ("application/xml", TABLES, "application/sparql-results+xml"),
        ("application/sparql-results+json, application/json;q=0.9", TABLES, TABLES[0]),
        ("application/sparql-results+xml", RDF, "application/rdf+xml"),
        ("application/json", RDF, "application/ld+json"),
        ("image/png, text/csv;q=nan, text/csv;q=1", TABLES, "text/csv"),
        ("text/csv;q=2", TABLES, "text/csv"),
    ],
)
def test_the_header_chooses_the_format(accept: str | None, offered: tuple[str, ...], chosen: str) -> None:
    assert choose(accept, offered) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/turtle;q=0", "text/turtle;q=x", "audio/*"])
def test_a_format_that_is_not_there_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose(accept, (TURTLE, HTML))
    assert caught.value.offered == (TURTLE, HTML)


_OFFERS = st.lists(st.sampled_from(sorted(set(SUFFIXES.values()))), min_size=1, unique=True)
_RANGE = st.builds(
    "{}/{}{}".format,
    st.sampled_from(["*", "text", "application", "TEXT", "", " "]),
    st.sampled_from(["*", "turtle", "html", "json", "ld+json", "csv", "", "x"]),
    st.sampled_from(["", ";q=0", ";q=0.5", "; q=1", ";q=", ";q=nan", ";level=1;q=.3", ";;"]),
)


@given(accept=st.one_of(st.none(), st.text(), st.lists(_RANGE).map(", ".join)), offered=_OFFERS)
def test_what_is_chosen_is_always_offered(accept: str | None, offered: list[str]) -> None:
    try:
        assert choose(accept, offered) in offered
    except NotAcceptable:
        assert accept


@given(name=st.one_of(st.text(), st.sampled_from(sorted(SUFFIXES))), offered=_OFFERS)
def test_what_is_named_is_always_offered(name: str, offered: list[str]) -> None:
    try:
        assert named(name, offered) in offered
    except NotAcceptable:
        assert SUFFIXES.get(name) not in offered


def _request(query: bytes = b"", *headers: tuple[bytes, bytes]) -> Request:
    return Request({"type": "http", "query_string": query, "headers": list(headers)})


@given(header=st.text(st.characters(max_codepoint=255)), named_language=st.text(max_size=5))
def test_a_language_is_always_one_of_the_nine(header: str, named_language: str) -> None:
    query = httpx.QueryParams({"lang": named_language})
    asked = _request(str(query).encode(), (b"accept-language", header.encode("latin-1")))
    assert language(asked) in LANGUAGES


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (b"nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        (b"es, sv;q=0.3", "sv"),
        (b"de;q=0, fr;q=0.1", "fr"),
        (b"en;q=0.1, lv ; q=0.2", "lv"),
        (b"*", "en"),
        (b"de;q=nonsense", "en"),
    ],
)
def test_the_header_chooses_the_language(header: bytes, chosen: str) -> None:
    assert language(_request(b"", (b"accept-language", header))) == chosen


def test_lang_in_the_address_goes_before_the_header() -> None:
    assert language(_request(b"lang=et", (b"accept-language", b"nl"))) == "et"


def test_several_accept_headers_count_as_one(client: httpx.Client) -> None:
    headers = [("Accept", "image/png"), ("Accept", "text/turtle")]
    answer = httpx.get(client.base_url.join("/facilities/holst-centre"), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_suffix_and_format_go_before_accept(client: httpx.Client) -> None:
    headers = {"Accept": "text/html"}
    by_suffix = client.get("/facilities/holst-centre.nt", headers=headers)
    by_name = client.get("/facilities/holst-centre?format=nt", headers=headers)
    by_type = client.get(
        "/facilities/holst-centre", params={"format": "application/n-triples"}, headers=headers
    )
    for answer in (by_suffix, by_name, by_type):
        assert answer.headers["content-type"] == "application/n-triples"
        assert answer.content == by_suffix.content


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/facilities/holst-centre.csv", 406, "not-acceptable"),
        ("/facilities?format=ttl", 406, "not-acceptable"),
        ("/facilities?format=../../etc", 406, "not-acceptable"),
        ("/facilities.exe", 404, "not-found"),
    ],
)
def test_a_format_that_is_not_there_is_a_problem(
    client: httpx.Client, path: str, status: int, problem: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"
    assert "application/json" in answer.json()["detail"] or ".json" in answer.json()["detail"]
