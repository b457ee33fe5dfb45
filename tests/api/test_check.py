"""Checking a contribution without an account: reports in all forms, and clear errors for everything else."""

import gzip
import json
import socket
from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from graph.iris import LANGUAGES, SH
from graph.resources import DATA
from graph.service import Service

GOOD = (DATA / "flanders-make" / "organisations.ttl").read_bytes()
BAD = b"""@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> .

<https://w3id.org/infrashare/id/facility/x> a infra:Facility ;
  dct:title "X"@en ;
  infra:inRegion <http://data.europa.eu/nuts/code/XX9> .
"""
HTML = b"<!DOCTYPE html><html><head><title>Facility</title></head><body>no data</body></html>"
TURTLE = {"Content-Type": "text/turtle"}


@pytest.fixture(autouse=True)
def nothing_is_stored(service: Service) -> Iterator[None]:
    """Whatever is checked, the dataset stays as it is."""
    before = service.snapshot.revision, service.snapshot.triples, service.ledger.revision()
    yield
    assert (service.snapshot.revision, service.snapshot.triples, service.ledger.revision()) == before


def check(client: httpx.Client, data: bytes, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/contributions/check", content=data, headers={**TURTLE, **named})


def test_a_conforming_contribution_conforms(client: httpx.Client) -> None:
    report = check(client, GOOD).json()
    assert report["conforms"] is True
    assert report["counts"]["violation"] == 0
    assert report["quality"]["level"] in {"bronze", "silver", "gold", "platinum"}


def test_a_finding_names_rule_place_and_remedy(client: httpx.Client) -> None:
    answer = check(client, BAD)
    assert answer.status_code == 200
    report = answer.json()
    assert report["conforms"] is False
    region = [finding for finding in report["findings"] if finding.get("path", "").endswith("inRegion")]
    assert region[0]["line"] == 6
    assert region[0]["severity"] == "violation"
    for finding in report["findings"]:
        assert finding["code"] in report["by_code"]
        assert finding["message"]
        assert finding["focusNode"] == "https://w3id.org/infrashare/id/facility/x"
        assert finding["help"].startswith("/shapes#")


def test_the_report_comes_in_all_forms(client: httpx.Client) -> None:
    turtle = check(client, BAD, Accept="text/turtle")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    triples = [quad.triple for quad in parse(turtle.content, RdfFormat.TURTLE)]
    report = check(client, BAD).json()
    assert sum(t.object == SH["ValidationResult"] for t in triples) == sum(
        f["count"] for f in report["findings"]
    )
    text = check(client, BAD, Accept="text/plain")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert "does not conform" in text.text
    page = check(client, BAD, Accept="text/html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert report["findings"][0]["code"] in page.text
    assert check(client, BAD, Accept="image/png").status_code == 406


def test_messages_come_in_nine_languages(client: httpx.Client) -> None:
    messages = {check(client, BAD, Accept_Language=tag).json()["findings"][0]["message"] for tag in LANGUAGES}
    assert len(messages) == len(LANGUAGES)
    by_address = client.post("/contributions/check?lang=nl", content=BAD, headers=TURTLE).json()
    assert by_address["findings"][0]["message"] in messages


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("text/turtle;charset=UTF-8", RdfFormat.TURTLE),
    ],
)
def test_all_formats_get_the_same_report(client: httpx.Client, kind: str, form: RdfFormat) -> None:
    from pyoxigraph import serialize

    data = serialize([quad.triple for quad in parse(BAD, RdfFormat.TURTLE)], format=form)
    assert data is not None
    report = check(client, data, Content_Type=kind).json()
    assert report["by_code"] == check(client, BAD).json()["by_code"]


def test_a_packed_contribution_is_unpacked(client: httpx.Client) -> None:
    packed = gzip.compress(BAD)
    declared = check(client, packed, Content_Encoding="gzip")
    assert declared.json() == check(client, BAD).json() == check(client, packed).json()


@pytest.mark.parametrize(
    ("data", "headers", "status", "problem", "words"),
    [
        (b"", {}, 400, "syntax-error", "empty"),
        (b"   \n# only a comment\n", {}, 400, "syntax-error", "statement"),
        (HTML, {}, 400, "syntax-error", "HTML"),
        (b"<a:a> <a:b> .\n<a:c> ;;", {}, 400, "syntax-error", "line 1"),
        (b"\xff\xfe\x00", {}, 400, "syntax-error", "UTF-8"),
        (b'{"@id": "a:b"', {"Content-Type": "application/ld+json"}, 400, "syntax-error", "line 1"),
        (
            b'{"@context": "http://evil.example/"}',
            {"Content-Type": "application/ld+json"},
            400,
            "",
            "not fetched",
        ),
        (
            b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
            {"Content-Type": "application/rdf+xml"},
            400,
            "",
            "document type",
        ),
        (b"[" * 100_000, {}, 400, "syntax-error", "deep"),
        (BAD, {"Content-Type": "text/html"}, 415, "unsupported-media-type", "text/turtle"),
        (BAD, {"Content-Type": "application/trig"}, 415, "unsupported-media-type", "text/turtle"),
        (BAD, {"Content-Type": "image/png"}, 415, "unsupported-media-type", "text/turtle"),
        (BAD, {"Content-Type": ""}, 415, "unsupported-media-type", "Content-Type"),
        (BAD, {"Content-Encoding": "br"}, 415, "unsupported-media-type", "gzip"),
        (BAD, {"Content-Encoding": "gzip"}, 400, "invalid-input", "not packed"),
        (gzip.compress(BAD)[:-20], {"Content-Encoding": "gzip"}, 400, "", "damaged"),
        (gzip.compress(b" " * 5_000_000), {"Content-Encoding": "gzip"}, 413, "too-large", "bytes"),
        (b" " * 2_000_000, {}, 413, "too-large", "1,048,576"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value)[:30],
)
def test_what_cannot_be_checked_is_a_clear_problem(
    client: httpx.Client, data: bytes, headers: dict[str, str], status: int, problem: str, words: str
) -> None:
    answer = client.post("/contributions/check", content=data, headers={**TURTLE, **headers})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].endswith(problem)
    assert words in json.dumps(body)
    assert body["errors"][0]["message"]


def test_all_syntax_errors_are_told_at_once_with_their_places(client: httpx.Client) -> None:
    errors = check(client, b"<a:a> <a:b> .\n<a:c> <a:d> <a:e> .\n<a:g> <a:h> ?? .\n<a:i> <a:j> 1 .\n").json()[
        "errors"
    ]
    assert len(errors) >= 2
    assert all(error["line"] and error["column"] for error in errors)


def _raw(client: httpx.Client, head: str, *chunks: bytes) -> bytes:
    """Send what no client library would, and return the answer up to where the server hangs up."""
    host, port = client.base_url.host, client.base_url.port
    assert port is not None
    with socket.create_connection((host, port), timeout=30) as raw:
        raw.sendall(
            f"POST /contributions/check HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n{head}\r\n".encode()
        )
        try:
            for chunk in chunks:
                raw.sendall(chunk)
        except OSError:
            pass  # the server has hung up; its answer is waiting
        answer = b""
        try:
            while part := raw.recv(65_536):
                answer += part
        except OSError:
            pass  # hung up while bytes of ours were still on their way
        return answer


def test_a_body_that_announces_a_gigabyte_is_refused_at_once(client: httpx.Client) -> None:
    answer = _raw(client, "Content-Length: 1000000000\r\n", b"<a:a> ")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()
    assert b"1,000,000,000 bytes" in answer


def test_a_body_that_streams_more_than_the_limit_is_cut_off(client: httpx.Client) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    answer = _raw(client, "Transfer-Encoding: chunked\r\n", *[chunk] * 40)
    assert answer.startswith(b"HTTP/1.1 413")
    assert check(client, GOOD).json()["conforms"] is True


def test_a_client_that_goes_away_harms_nobody(client: httpx.Client) -> None:
    host, port = client.base_url.host, client.base_url.port
    assert port is not None
    for _ in range(5):
        with socket.create_connection((host, port)) as raw:
            raw.sendall(b"POST /contributions/check HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n")
            raw.sendall(b"Content-Length: 1000\r\n\r\n<a:a>")
    assert check(client, GOOD).json()["conforms"] is True


WRONG = GOOD.replace(b"@prefix org: <http://www.w3", b"@prefix org: <http://w3", 1)


class TestFix:
    """The corrected file as an answer."""

    def fix(self, client: httpx.Client, data: bytes, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/contributions/check?fix=true", content=data, headers={**TURTLE, **named})

    def test_the_answer_is_the_file_in_the_format_that_was_sent(self, client: httpx.Client) -> None:
        answer = self.fix(client, WRONG)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        assert int(answer.headers["infrashare-mended"]) > 0
        assert answer.headers["infrashare-conforms"] == "true"
        assert answer.content == GOOD

    def test_what_is_packed_comes_back_plain(self, client: httpx.Client) -> None:
        assert self.fix(client, gzip.compress(WRONG), Content_Encoding="gzip").content == GOOD

    def test_as_json_it_says_what_was_mended_and_what_remains(self, client: httpx.Client) -> None:
        answer = self.fix(
            client, BAD.replace(b"XX9", b"be225"), Accept="application/json", Accept_Language="et"
        )
        told = answer.json()
        assert "/nuts/code/BE225>" in told["corrected"]
        mended = {finding["code"]: finding["suggestion"]["text"] for finding in told["mended"]}
        assert mended["facility-region-known"].endswith("asemel nuts:BE225 („Arr. Maaseik“).")
        assert set(mended) == {"facility-region-known", "facility-identifier-required"}
        assert told["report"]["conforms"] is False
        assert not set(mended) & set(told["report"]["by_code"])

    @pytest.mark.parametrize("kind", ["application/n-triples", "application/ld+json", "application/rdf+xml"])
    def test_other_formats_come_back_as_they_were_sent(self, client: httpx.Client, kind: str) -> None:
        from pyoxigraph import serialize

        form = RdfFormat.from_media_type(kind)
        assert form
        data = serialize([quad.triple for quad in parse(WRONG, RdfFormat.TURTLE)], format=form)
        assert data is not None
        answer = self.fix(client, data, Content_Type=kind)
        assert answer.headers["content-type"].startswith(kind)
        assert {q.triple for q in parse(answer.content, form)} == {
            q.triple for q in parse(GOOD, RdfFormat.TURTLE)
        }

    def test_what_cannot_be_parsed_is_the_same_problem(self, client: httpx.Client) -> None:
        assert self.fix(client, b"<a:a> <a:b> .").json()["type"] == "/problems/syntax-error"
        assert self.fix(client, WRONG, Accept="image/png").status_code == 406


def test_syntax_errors_come_in_nine_languages_with_the_parsers_words(client: httpx.Client) -> None:
    broken = b"<a:a> <a:b> <a:c>\n<a:d> e:x <a:f> .\n"
    told = [check(client, broken, Accept_Language=tag).json() for tag in LANGUAGES]
    assert len({answer["detail"] for answer in told}) == len(LANGUAGES)
    for answer in told:
        assert answer["errors"][0]["message"].endswith("(A dot is expected at the end of statements)")
        assert (answer["errors"][0]["line"], answer["errors"][0]["column"]) == (2, 1)
        assert " e: " in answer["errors"][1]["message"]


def test_the_page_shows_the_file_with_its_marks(client: httpx.Client) -> None:
    long = (
        BAD
        + b"\n" * 30
        + b'<https://w3id.org/infrashare/id/facility/y> a infra:Facility . # <b onclick="x">&amp;</b>\n'
    )
    page = check(client, long, Accept="text/html", Accept_Language="lv")
    assert page.status_code == 200
    assert "&lt;b onclick=&#34;x&#34;&gt;&amp;amp;&lt;/b&gt;" in page.text
    assert "… 10.–33. rinda …" in page.text
    for line in (4, 6, 37):
        assert page.text.count(f'id="line-{line}"') == 1
    body = page.text.partition("<main")[2]
    assert "<script" not in body
    assert " style=" not in page.text
    assert "<style" not in page.text


def test_a_file_that_cannot_be_parsed_is_shown_with_its_errors(client: httpx.Client) -> None:
    page = check(client, b"<a:a> <a:b> \xff .\n<script> .", Accept="text/html", Accept_Language="cs")
    assert page.status_code == 400
    assert "uložte jej jako UTF-8" in page.text
    assert 'id="line-1"' in page.text
    assert "&lt;script&gt;" in page.text
