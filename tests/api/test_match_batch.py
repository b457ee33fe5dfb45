"""A batch of needs: one line each, in order, on one revision; a bad line is answered by its problem."""

import json
from typing import Any

import httpx
import pytest

NDJSON = "application/x-ndjson"
NEEDS: list[dict[str, Any]] = [
    {"text": "We want to 3D print titanium parts.", "language": "en", "region": "BE223", "limit": 3},
    {"capabilities": ["fatigue-testing"], "lang": "cs", "limit": 2},
    {"capabilities": ["fermentation"], "limit": 1},
]


def send(client: httpx.Client, *lines: str, **headers: str) -> httpx.Response:
    return client.post(
        "/match/batch", content="\n".join(lines).encode(), headers={"Content-Type": NDJSON, **headers}
    )


def answered(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(NDJSON)
    return [json.loads(line) for line in response.text.splitlines()]


def test_each_need_is_answered_as_alone_and_in_order(client: httpx.Client) -> None:
    response = send(client, *(json.dumps(need) for need in NEEDS))
    lines = answered(response)
    assert [line["line"] for line in lines] == [1, 2, 3]
    for line, need in zip(lines, NEEDS, strict=True):
        alone = client.post("/match", json=need).json()
        assert line["answer"]["results"] == alone["results"]
        assert str(line["answer"]["run"]["revision"]) == response.headers["dataset-revision"]


def test_a_bad_line_does_not_stop_the_others(client: httpx.Client) -> None:
    lines = answered(
        send(
            client,
            json.dumps(NEEDS[1]),
            '{"capabilities": [',
            "",
            '{"capabilities": ["fatigue-tseting"]}',
            '{"limit": 0, "text": "x"}',
            json.dumps(NEEDS[2]),
        )
    )
    assert [line["line"] for line in lines] == [1, 2, 4, 5, 6]
    problems = {line["line"]: line["problem"] for line in lines if "problem" in line}
    assert set(problems) == {2, 4, 5}
    assert all(problem["type"] == "/problems/invalid-input" for problem in problems.values())
    assert "fatigue-testing" in problems[4]["detail"]
    assert "limit" in problems[5]["detail"]
    assert lines[-1]["answer"]["results"]


def test_only_a_line_feed_ends_a_line(client: httpx.Client) -> None:
    need = '{"text": "3D printing\u2028of titanium\u0085parts", "language": "en", "limit": 1}\r'
    assert "\u2028" in need
    lines = answered(send(client, need, json.dumps(NEEDS[2])))
    assert [line["line"] for line in lines] == [1, 2]
    assert all(line["answer"]["results"] for line in lines)


def test_the_language_of_the_answers_can_be_asked_for_all(client: httpx.Client) -> None:
    content = json.dumps(NEEDS[2]).encode()
    response = client.post("/match/batch?lang=et", content=content, headers={"Content-Type": NDJSON})
    (line,) = answered(response)
    assert line["answer"]["run"]["language"] == "et"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", NDJSON, 400),
        (b"\n \n", NDJSON, 400),
        (b"\xff\n", NDJSON, 400),
        (b"{}\n" * 1_001, NDJSON, 413),
        (b"{}", "text/plain", 415),
    ],
)
def test_what_is_no_batch_gets_a_problem(
    client: httpx.Client, content: bytes, kind: str, status: int
) -> None:
    response = client.post("/match/batch", content=content, headers={"Content-Type": kind})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")


def test_lines_come_as_they_are_done(client: httpx.Client) -> None:
    content = "\n".join(json.dumps(NEEDS[0]) for _ in range(20)).encode()
    with client.stream("POST", "/match/batch", content=content, headers={"Content-Type": NDJSON}) as response:
        first = next(response.iter_lines())
    assert json.loads(first)["line"] == 1  # and the connection was closed without reading the rest
    assert client.get("/health/live").status_code == 200
