"""Text is sent packed to clients that take it, with a tag of its own; what is packed or streamed is left alone."""

import gzip

import httpx
import pytest

from api.packing import takes_gzip

PAGE = "/facilities/holst-centre"
PACKED = {"Accept": "text/html", "Accept-Encoding": "gzip"}
PLAIN = {"Accept": "text/html", "Accept-Encoding": "identity"}


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip, deflate, br, zstd", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("x-gzip", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("gzip;q=none", False),
    ],
)
def test_accept_encoding_is_read(header: str, takes: bool) -> None:
    assert takes_gzip(header) == takes


def _raw(client: httpx.Client, path: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
    with client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    "path", [PAGE, f"{PAGE}.ttl", f"{PAGE}.jsonld", f"{PAGE}.nt", "/facilities.geojson", "/static/style.css"]
)
def test_a_packed_answer_holds_what_the_plain_one_holds(client: httpx.Client, path: str) -> None:
    plain, whole = _raw(client, path, PLAIN)
    packed, bytes_ = _raw(client, path, PACKED)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes_) == whole
    assert len(bytes_) < len(whole) / 2
    assert (int(plain.headers["content-length"]), int(packed.headers["content-length"])) == (
        len(whole),
        len(bytes_),
    )
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'


@pytest.mark.parametrize("path", [PAGE, "/static/style.css"])
def test_both_forms_are_known_again(client: httpx.Client, path: str) -> None:
    for headers in (PLAIN, PACKED):
        tag = client.get(path, headers=headers).headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}'):
            again = client.get(path, headers={**headers, "If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert "content-encoding" not in again.headers
            assert "Accept-Encoding" in again.headers["vary"]


def test_who_has_the_packed_form_and_takes_none_gets_it_whole(client: httpx.Client) -> None:
    tag = client.get(PAGE, headers=PACKED).headers["etag"]
    assert client.get(PAGE, headers={**PLAIN, "If-None-Match": tag}).status_code == 200


def test_head_tells_what_get_would(client: httpx.Client) -> None:
    head, got = client.head(PAGE, headers=PACKED), client.get(PAGE, headers=PACKED)
    for name in ("content-encoding", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]
    assert head.content == b""


@pytest.mark.parametrize("path", ["/dump.nq.gz", "/health/live", "/static/none.css"])
def test_what_is_packed_or_short_is_left_alone(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert "-gzip" not in answer.headers.get("etag", "")


def test_the_parts_of_a_file_are_left_alone(client: httpx.Client) -> None:
    answer = client.get("/dump.nq.gz", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-1999"})
    assert (answer.status_code, len(answer.content)) == (206, 2000)
    assert "content-encoding" not in answer.headers


def test_a_batch_is_streamed_as_it_is_answered(client: httpx.Client) -> None:
    answer = client.post(
        "/match/batch", json={"needs": [{"text": "welding"}] * 2}, headers=PACKED | {"Accept": "*/*"}
    )
    assert "content-encoding" not in answer.headers
