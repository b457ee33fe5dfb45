"""Words of contributions that would like to be code: every kind of page shows them as words."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.resources import DATA
from tests.browser.conftest import Contributing, Reader

EVIL = (
    ' <script>window.hacked = 1; alert(1)</script>"><img src="none.png" onerror="alert(2)">'
    "</script><!--<script>alert(3)</script></textarea></title></template><svg/onload=alert(4)>"
    "'-alert(5)-' {{ 7 * 7 }} ${7*7} &lt;b&gt; javascript:alert(6) ]]> \u05d0\u05d1\u05d2 !"
)
"""What each text of the contribution ends with: code for pages, and letters that are written from the right."""
TURNED = f"{EVIL}\N{RIGHT-TO-LEFT OVERRIDE}live"
"""What no contribution may hold: it would turn the words behind it round."""
LINK = NamedNode("javascript:alert(document.domain)")
ENTITY = "<https://w3id.org/infrashare/id/"
FOLDERS = ("flanders-make", "inno-infra-share")
FIXED = (
    "/",
    "/match?text=climate+testing&region=BE2",
    "/match?text=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
    "/facilities?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/facilities",
    "/practices",
    "/organisations",
    "/policy-instruments",
    "/events",
    "/regions",
    "/regions/BE2",
    "/regions/BE2/profile",
    "/regions/BE2/exchange",
    "/regions/BE2/facilities-abroad",
    "/regions/compare?region=BE2&region=NL41",
    "/regions/network",
    "/codelists/capability/%3Cscript%3E",
    "/contributions",
    "/contributions/example-institute/everything",
    "/contributions/example-institute/everything/versions",
    "/contributions/example-institute/everything/diff?from=1&to=2",
    "/sparql?query=%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/queries/competency-q31-policy-instruments?region=BE2",
    "/queries/competency-q31-policy-instruments?region=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/feed",
    "/catalog",
    "/demand",
)
KINDS = (
    "facilities",
    "equipment",
    "services",
    "organisations",
    "policy-instruments",
    "practices",
    "action-plans",
    "events",
    "projects",
    "s3-priorities",
)


def contribution(tail: str, links: bool = False) -> bytes:
    """Two partners' data as N-Triples, each text with a tail; with ``links``, entities say that they are seen there."""
    paths = [path for folder in FOLDERS for path in sorted((DATA / folder).glob("*.ttl"))]
    triples = [one.triple for path in paths for one in parse(path=str(path), format=RdfFormat.TURTLE)]
    known = {one.subject for one in triples}
    foreign = {one.object for one in triples if str(one.object).startswith(ENTITY)} - known
    triples = [one for one in triples if one.object not in foreign]
    told = [
        Triple(one.subject, one.predicate, Literal(one.object.value + tail, language=one.object.language))
        if isinstance(one.object, Literal) and one.object.language
        else one
        for one in triples
    ]
    if links:
        pages = {NamedNode("http://xmlns.com/foaf/0.1/page"), NamedNode("http://xmlns.com/foaf/0.1/homepage")}
        told = [Triple(one.subject, one.predicate, LINK) if one.predicate in pages else one for one in told]
    return serialize(told, format=RdfFormat.N_TRIPLES)


@pytest.fixture(scope="module")
def hostile(contributing: Contributing) -> Iterator[httpx.Client]:
    """A server whose data are hostile, in two versions."""
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    with httpx.Client(base_url=contributing.site, headers=headers, timeout=240) as client:
        for text in (EVIL + "!", EVIL):
            answer = client.put(
                f"/contributions/{contributing.partner}/everything",
                content=contribution(text),
                headers={
                    "Authorization": f"Bearer {contributing.token}",
                    "Content-Type": "application/n-triples",
                    "Accept": "application/json",
                },
            )
            assert answer.status_code in (200, 201), answer.text[:2_000]
        yield client


def entities(client: httpx.Client) -> list[str]:
    """One entity of each kind."""
    sitemap = client.get("/sitemap.xml", headers={"Accept": "*/*"}).text
    paths = re.findall(r"<loc>https?://[^/]+(/(?:" + "|".join(KINDS) + r")/[^<]+)</loc>", sitemap)
    found = [next(group) for _, group in groupby(sorted(paths), lambda path: path.split("/")[1])]
    assert {path.split("/")[1] for path in found} == set(KINDS)
    return found


class _Scan(HTMLParser):
    """What in a page could run."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        is_data = told.get("type") in ("application/json", "application/ld+json")
        if tag == "script" and not is_data and not (told.get("src") or "").startswith("/static/built/"):
            self.wrong.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            scheme = (value or "").strip().lower().partition(":")[0]
            is_address = name in ("href", "src", "action", "formaction", "data", "xlink:href")
            bad = (is_address and scheme in ("javascript", "vbscript")) or (
                is_address and scheme == "data" and tag == "a"
            )
            if name.startswith("on") or name in ("style", "srcdoc") or bad:
                self.wrong.append(self.get_starttag_text() or tag)


def runnable(html: str) -> list[str]:
    """The elements of a page that could run something of others, by the rules of HTML."""
    scan = _Scan()
    scan.feed(html)
    return scan.wrong


def test_the_scan_finds_what_could_run() -> None:
    assert runnable("<script>alert(1)</script>")
    assert runnable('<a href=" JavaScript:alert(1)">x</a>')
    assert runnable("<img src=x onerror=alert(1)>")
    assert not runnable('<script type="application/json">{}</script><a href="/x">javascript:</a>')


def test_pages_hold_words_and_nothing_that_runs(hostile: httpx.Client) -> None:
    shown = 0
    for path in (*FIXED, *entities(hostile), *(f"{one}?lang=lv" for one in entities(hostile)[:2])):
        page = hostile.get(path)
        assert page.headers["content-type"] == "text/html; charset=utf-8", path
        assert "script-src 'self'" in page.headers["content-security-policy"], path
        assert (path, runnable(page.text)) == (path, [])
        assert "49" not in re.findall(r"'-alert\(5\)-' (\S+)", page.text), path
        shown += "window.hacked" in page.text
    assert shown > 15


def test_a_link_that_runs_is_refused_and_its_report_is_harmless(hostile: httpx.Client) -> None:
    answer = hostile.post(
        "/contributions/check",
        content=contribution(TURNED, links=True),
        headers={"Content-Type": "application/n-triples"},
    )
    assert answer.status_code == 200
    assert "javascript:alert(document.domain)" in answer.text
    assert "graph-bidi-control" in answer.text
    assert runnable(answer.text) == []


def test_a_browser_runs_none_of_it(hostile: httpx.Client, look: Reader) -> None:
    page = look(at=str(hostile.base_url).rstrip("/"))
    dialogs: list[str] = []

    def asked(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", asked)
    for path in (*FIXED, *entities(hostile)):
        page.goto(path, wait_until="networkidle")
        assert (path, dialogs) == (path, [])
        assert (path, _ran(page)) == (path, [])


def _ran(page: Page) -> list[str]:
    """What is in the page, scripts' work included, that must not be; and words that turn those behind them round."""
    found: list[str] = page.evaluate(
        """() => {
          const wrong = [];
          if (window.hacked !== undefined) wrong.push("a script ran");
          for (const one of document.querySelectorAll("*")) {
            for (const {name, value} of one.attributes)
              if (name.startsWith("on") || (/^(href|src|action)$/.test(name) && /^\\s*javascript:/i.test(value)))
                wrong.push(one.outerHTML.slice(0, 160));
          }
          if (document.querySelector("img[src='none.png'], main svg[onload]")) wrong.push("an element of theirs");
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const text = walker.currentNode, parent = text.parentElement;
            if (!text.data.includes("\\u05d0\\u05d1\\u05d2")) continue;
            if (parent.closest("script, style, template, option, textarea, title, svg")) continue;
            const style = getComputedStyle(parent);
            if (style.display === "inline" && !style.unicodeBidi.startsWith("isolate"))
              wrong.push("not isolated: " + parent.outerHTML.slice(0, 100));
          }
          return wrong;
        }"""
    )
    return found
