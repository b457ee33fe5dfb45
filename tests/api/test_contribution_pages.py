"""The pages about contributions as a browser without scripts sees them: forms that are sent and pages that answer."""

import gzip
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.iris import LANGUAGES
from tests.api.conftest import PARTNER, Writable

HTML = {"Accept": "text/html"}
FIXTURES = Path(__file__).parents[1] / "contribute"
CERTAIN = (FIXTURES / "certain-mistakes.ttl").read_bytes()
TEN = (FIXTURES / "ten-mistakes.ttl").read_bytes()

Send = Callable[..., httpx.Response]


@pytest.fixture
def send(client: httpx.Client) -> Send:
    """Send the form of the page, as a browser without scripts does."""

    def sent(file: tuple[str, bytes] | None = None, query: str = "", **fields: Any) -> httpx.Response:
        files: list[tuple[str, Any]] = [
            (name, (None, one))
            for name, value in fields.items()
            for one in ([value] if isinstance(value, str | bytes) else value)
        ]
        files.append(("file", file or ("", b"")))
        return client.post(f"/contributions/check{query}", files=files, headers=HTML)

    return sent


def text_of(page: httpx.Response) -> str:
    """What stands in the text field of the page."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert found
    return unescape(found[1])


def chosen(page: httpx.Response) -> str:
    """The format that the page has chosen."""
    found = re.search(r'<select id="format".*?<option value="([^"]*)" selected', page.text, re.DOTALL)
    assert found
    return found[1]


class TestTheEmptyPage:
    def test_it_is_for_people_alone(self, client: httpx.Client) -> None:
        page = client.get("/contributions/check", headers=HTML)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert 'enctype="multipart/form-data"' in page.text
        refused = client.get("/contributions/check", headers={"Accept": "application/json"})
        assert refused.status_code == 406
        assert refused.json()["type"] == "/problems/not-acceptable"

    def test_it_is_kept_by_revision(self, client: httpx.Client) -> None:
        tag = client.get("/contributions/check", headers=HTML).headers["ETag"]
        again = client.get("/contributions/check", headers={**HTML, "If-None-Match": tag})
        assert again.status_code == 304

    @pytest.mark.parametrize(("query", "form"), [("", "turtle"), ("&table=true", "csv")])
    def test_a_template_is_there_to_begin_with(self, client: httpx.Client, query: str, form: str) -> None:
        page = client.get(f"/contributions/check?template=service{query}&lang=nl", headers=HTML)
        suffix = "ttl" if form == "turtle" else "csv"
        template = client.get(f"/templates/service.{suffix}?lang=nl").text
        assert text_of(page) == template.replace("\r\n", "\n")
        assert chosen(page) == form

    def test_no_such_template_or_contribution_is_said(self, client: httpx.Client) -> None:
        for query in ("template=nothing", "contribution=flanders-make/nothing", "contribution=flanders-make"):
            assert client.get(f"/contributions/check?{query}", headers=HTML).status_code == 404

    def test_a_contribution_is_there_to_be_changed(self, client: httpx.Client) -> None:
        page = client.get("/contributions/check?contribution=flanders-make/region", headers=HTML)
        assert text_of(page) == client.get("/contributions/flanders-make/region.ttl").text
        etag = client.get("/contributions/flanders-make/region").headers["ETag"]
        assert f'data-etag="{etag.partition("-")[0]}'.replace('"v', "&#34;v") in page.text


class TestAForm:
    def test_a_file_is_checked_and_shown_to_be_mended(self, send: Send) -> None:
        page = send(("facilities.ttl", TEN))
        assert page.status_code == 200
        assert text_of(page).encode() == TEN
        assert chosen(page) == "turtle"
        assert 'data-line="22"' in page.text
        assert 'id="line-22"' in page.text
        assert "/shapes#facility-kind-known" in page.text

    def test_a_text_is_checked(self, send: Send) -> None:
        page = send(text=TEN.replace(b"\n", b"\r\n"))
        assert text_of(page).encode() == TEN
        assert 'data-line="22"' in page.text

    def test_a_form_in_the_old_encoding_is_taken_too(self, client: httpx.Client) -> None:
        page = client.post("/contributions/check", data={"text": TEN.decode()}, headers=HTML)
        assert page.status_code == 200
        assert text_of(page).encode() == TEN

    def test_the_file_goes_before_the_text(self, send: Send) -> None:
        assert text_of(send(("a.ttl", TEN), text="something else")).encode() == TEN

    def test_all_certain_fixes_are_made_in_the_text(self, send: Send) -> None:
        page = send(text=CERTAIN, fix="all")
        assert "nuts:BE225" in text_of(page)
        assert "# a slip of the pen" in text_of(page)
        assert "fixes were made" in page.text
        again = send(text=text_of(page))
        assert "met" in re.findall(r'id="outcome-heading"[^>]*><span class="verdict ([a-z-]+)"', again.text)

    def test_one_fix_is_made_and_no_other(self, send: Send) -> None:
        page = send(text=CERTAIN)
        before = CERTAIN.decode()
        key = re.search(
            r'tensile-testing[^>]*</strong></p>\s*<p><button name="only" value="([0-9a-f]+)"', page.text
        )
        assert key
        mended = send(text=CERTAIN, only=key[1])
        assert text_of(mended) == before.replace("cap:tensile-tsting", "cap:tensile-testing")
        assert "1 fix was made" in mended.text

    def test_a_fix_that_is_not_there_any_more_is_said(self, send: Send) -> None:
        page = send(text=CERTAIN, only="0123456789abcdef")
        assert text_of(page).encode() == CERTAIN
        assert "No fix was made" in page.text

    def test_programs_make_single_fixes_too(self, client: httpx.Client) -> None:
        headers = {"Content-Type": "text/turtle", "Accept": "application/json"}
        report = client.post("/contributions/check", content=CERTAIN, headers=headers).json()
        suggestions = [f["suggestion"] for f in report["findings"] if "suggestion" in f]
        keys = [
            one["key"]
            for one in suggestions
            if "tensile-testing" in one["text"] or "climatic-chamber" in one["text"]
        ]
        assert len(keys) == 2
        address = "/contributions/check?fix=true&" + "&".join(f"only={key}" for key in keys)
        told = client.post(address, content=CERTAIN, headers=headers).json()
        assert len(told["mended"]) == 2
        assert told["corrected"].count("\n") == CERTAIN.decode().count("\n")
        by_form = client.post(
            "/contributions/check",
            data={"text": CERTAIN.decode(), "only": keys},
            headers={"Accept": "application/json"},
        )
        assert by_form.json()["corrected"] == told["corrected"]

    @pytest.mark.parametrize(
        ("name", "text", "form"),
        [
            ("x.jsonld", b'{"@id": "https://example.org/a", "https://example.org/b": 1}', "json-ld"),
            (
                "x.nt",
                b"<https://example.org/a> <https://example.org/b> <https://example.org/c> .",
                "n-triples",
            ),
            (
                "",
                b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
                b'xmlns:e="https://example.org/"><rdf:Description rdf:about="https://example.org/a"><e:b>1</e:b>'
                b"</rdf:Description></rdf:RDF>",
                "rdf-xml",
            ),
            ("", b'[{"@id": "https://example.org/a", "https://example.org/b": 1}]', "json-ld"),
            ("", b"[ a <https://example.org/c> ] .", "turtle"),
        ],
    )
    def test_the_format_is_found_out(self, send: Send, name: str, text: bytes, form: str) -> None:
        assert chosen(send((name, text)) if name else send(text=text)) == form

    def test_what_the_reader_says_of_the_format_counts(self, send: Send) -> None:
        page = send(text=b"<https://example.org/a> <https://example.org/b> 1 .", format="json-ld")
        assert page.status_code == 400
        assert chosen(page) == "json-ld"

    def test_a_packed_file_is_shown_unpacked(self, send: Send) -> None:
        page = send(("facilities.ttl.gz", gzip.compress(TEN)))
        assert text_of(page).encode() == TEN

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_messages_are_in_the_readers_language(self, send: Send, client: httpx.Client, lang: str) -> None:
        headers = {"Content-Type": "text/turtle"}
        report = client.post(f"/contributions/check?lang={lang}", content=TEN, headers=headers).json()
        page = send(text=TEN, query=f"?lang={lang}")
        assert report["findings"][0]["message"] in unescape(page.text)
        assert f'action="/contributions/check?lang={lang}"' in page.text


class TestTables:
    def test_a_table_becomes_turtle_on_the_page(self, send: Send) -> None:
        table = (FIXTURES / "facilities-nl.csv").read_bytes()
        page = send(("faciliteiten.csv", table))
        assert page.status_code == 200, page.text
        assert "a infra:Facility" in text_of(page)
        assert chosen(page) == "turtle"
        assert "The table became Turtle" in page.text

    def test_the_template_of_a_table_conforms(self, send: Send, client: httpx.Client) -> None:
        page = send(text=client.get("/templates/service.csv").text)
        assert "verdict met" in page.text

    def test_faults_of_a_table_are_marked_at_its_lines(self, send: Send) -> None:
        page = send(text="id;titel@nl;soort dienst\nproef;Proef;onzin\n", name="diensten.csv")
        assert page.status_code == 400
        assert chosen(page) == "csv"
        assert text_of(page).startswith("id;titel@nl")
        assert 'data-line="2"' in page.text

    def test_a_workbook_is_told_from_a_table(self, send: Send) -> None:
        page = send(("x.xlsx", b"PK\x03\x04" + b"\0" * 100))
        assert page.status_code == 400
        assert "workbook" in page.text
        assert text_of(page) == ""


class TestWhatCannotBeChecked:
    def test_syntax_errors_are_marked(self, send: Send) -> None:
        page = send(text=b"<a:a> <a:b> <a:c>\n<a:d> e:x <script> .\n", query="?lang=cs")
        assert page.status_code == 400
        assert 'data-line="2"' in page.text
        assert "<script>" not in page.text.partition("<main")[2].replace(
            '<script type="application/json"', ""
        )
        assert text_of(page).startswith("<a:a>")

    def test_nothing_at_all_is_said(self, send: Send) -> None:
        assert send().status_code == 400

    @pytest.mark.parametrize("size", [1024 * 1024 + 1, 3_000_000])
    def test_too_many_bytes_are_refused(self, send: Send, size: int) -> None:
        page = send(("x.ttl", b"# " + b"x" * size))
        assert page.status_code == 413
        assert "the limit" in page.text

    def test_what_unpacks_to_too_many_bytes_is_refused(self, send: Send) -> None:
        page = send(("x.ttl.gz", gzip.compress(b" " * 50_000_000)))
        assert page.status_code == 413
        assert len(page.content) < 100_000

    @pytest.mark.parametrize(
        ("body", "kind", "words"),
        [
            (b"", "multipart/form-data", "boundary"),
            (b"no form", "multipart/form-data; boundary=x", "form"),
            (
                b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\ncut',
                "multipart/form-data; boundary=x",
                "early",
            ),
            (
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 100 + b"--x--\r\n",
                "multipart/form-data; boundary=x",
                "more than 20",
            ),
            (b"a=1&" * 100, "application/x-www-form-urlencoded", "more than 20"),
        ],
    )
    def test_a_broken_form_is_a_problem(
        self, client: httpx.Client, body: bytes, kind: str, words: str
    ) -> None:
        answer = client.post("/contributions/check", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400
        assert words in answer.json()["detail"]

    def test_a_packed_form_is_a_problem(self, client: httpx.Client) -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Encoding": "gzip"}
        assert client.post("/contributions/check", content=b"x", headers=headers).status_code == 415

    def test_hostile_values_stay_text(self, send: Send) -> None:
        value = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
        text = (
            "@prefix infra: <https://w3id.org/infrashare/ontology#> .\n"
            f'<https://w3id.org/infrashare/id/facility/x> a infra:Facility ; infra:trlMax """{value}""" .\n'
        )
        page = send(text=text, name=value)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert "alert(1)</script>" not in page.text
        assert text_of(page) == text


@pytest.fixture(scope="class")
def path(writable: Writable) -> str:
    text = Path(__file__).parents[2].joinpath("docs/partner-guide.md").read_text(encoding="utf-8")
    facility = text.partition("```turtle\n")[2].partition("```")[0]
    for town in ("Lommel", "Genk", "Bree"):
        assert writable.put("pages", facility.replace('"Lommel"', f'"{town}"')).status_code < 300
    return f"/contributions/{PARTNER}/pages"


class TestHistory:
    def test_any_two_versions_can_be_compared(self, writable: Writable, path: str) -> None:
        page = writable.client.get(f"{path}/versions", headers=HTML).text
        assert f'<form class="card" method="get" action="{path}/diff">' in page
        assert re.search(r'<select id="from" name="from">\s*<option value="3">', page)
        told = writable.client.get(f"{path}/diff?from=1&to=3", headers=HTML).text
        assert "Lommel" in told
        assert "Bree" in told

    def test_without_scripts_a_command_goes_back(self, writable: Writable, path: str) -> None:
        page = writable.client.get(f"{path}/versions", headers=HTML).text
        assert f"{path}/rollback?dry_run=true" in unescape(page)
        assert "infrashare_" in page
        assert writable.client.headers["Authorization"].split()[1] not in page

    def test_the_list_shows_quality_and_leads_on(self, writable: Writable, path: str) -> None:
        page = writable.client.get("/contributions", headers=HTML).text
        row = page.partition(f'id="{PARTNER}-pages"')[2].partition("</tr>")[0]
        assert 'class="quality-level level-' in row
        assert f'href="{path}/versions"' in row
        assert 'href="/contributions/check"' in page
