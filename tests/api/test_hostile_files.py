"""Hostile files and requests sent to a server of its own: each gets its exact answer, and nothing else happens.

The server has ``LOADED`` times two seconds for a check: on an idle machine each case takes less than two, and what
takes longer than the limit gets another answer than the table says. Hostile files point to a trap on this machine,
and so do the variables for proxies; besides, every process of the server notes each connection that it tries to open.
"""

import http.client
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from json import loads
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cli.main import main
from graph.resources import ROOT
from graph.store.ledger import Ledger
from graph.store.tables import TOKENS
from graph.store.tokens import Tokens
from tests.api.hostile_files import CASES, GOOD, PARTNER, PATH, PREFIXES, SCRIPT, Case

LOADED = 5
"""How much slower than an idle machine one may be on which the tests run."""
LIMITS = {
    "CHECK_TIMEOUT": str(2 * LOADED),
    "CHECK_WORKERS": "1",
    "QUERY_WORKERS": "1",
    "MAX_UPLOAD_BYTES": str(32 * 1024 * 1024),
    "BODY_PAUSE": "1",
}
MOST_TEXT = 4_000
OBSERVER = """\
import os, sys

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["NOTES"], "a") as notes:
            print(event, arguments[-4:], file=notes)

sys.addaudithook(note)
"""


class Trap:
    """A place that listens and counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.visits: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = self._socket.accept()
                with visitor:
                    visitor.settimeout(1)
                    self.visits.append(visitor.recv(1_000))

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return loads(self.text)

    @property
    def code(self) -> str:
        """The kind of problem and the codes of its errors, as the table gives them."""
        if self.status < 400:
            return ""
        errors = sorted({error["code"] for error in self.json["errors"]})
        return f"{self.json['type'].rpartition('/')[2]}/{' '.join(errors)}"


@dataclass
class Place:
    """A server process with its trap, and what it was told."""

    process: "subprocess.Popen[str]"
    port: int
    trap: Trap
    notes: Path
    tokens: Mapping[str, str]
    taken: int = field(default=0)

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", host: str | None = None
    ) -> Answer:
        """Send as it stands; stop sending as soon as there is an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            sent = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body)), **headers}
            for key, value in sent.items():
                connection.putheader(key, value.encode("latin-1", "replace"))
            connection.endheaders()
            for start in range(0, len(body), 65_536):
                if select.select([connection.sock], [], [], 0)[0]:
                    break
                connection.sock.sendall(body[start : start + 65_536])
            reply = connection.getresponse()
            return Answer(reply.status, dict(reply.getheaders()), reply.read().decode())
        finally:
            connection.close()

    def put(self, case: Case) -> Answer:
        """Send a case, those that are taken each to a dataset of its own."""
        self.taken += 1
        path = case.path or (PATH if case.status != 201 else f"{PATH}-{self.taken}")
        headers = {"Authorization": "Bearer {valid}", **case.headers}
        told = {
            key: re.sub(r"\{(\w+)\}", lambda m: self.tokens[m[1]], value) for key, value in headers.items()
        }
        return self.send("PUT", path, told, case.body(self.trap.address))

    def put_good(self, text: str = GOOD, dataset: str = "good", query: str = "") -> Answer:
        headers = {"Authorization": f"Bearer {self.tokens['valid']}", "Content-Type": "text/turtle"}
        return self.send("PUT", f"/contributions/{PARTNER}/{dataset}{query}", headers, text.encode())

    def get(self, path: str, accept: str = "application/json") -> Answer:
        return self.send("GET", path, {"Accept": accept})

    def state(self) -> tuple[int, int]:
        """Revision and number of triples of the server that is ready."""
        answer = self.get("/health/ready")
        assert answer.status == 200
        return answer.json["revision"], answer.json["triples"]

    def asked(self) -> list[str]:
        """Connections that the server tried to open since it serves, and visits of the trap."""
        noted = self.notes.read_text().splitlines() if self.notes.exists() else []
        return noted + [str(visit) for visit in self.trap.visits]


@pytest.fixture(scope="module")
def place(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(shipped, folder / "var")
    (folder / "sitecustomize.py").write_text(OBSERVER)
    tokens = _tokens(folder / "var")
    trap = Trap()
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), f"http://{trap.address}")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")},
        **proxies,
        **{key.upper(): value for key, value in proxies.items()},
        **{f"INFRASHARE_{key}": value for key, value in LIMITS.items()},
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "NOTES": str(folder / "notes"),
    }
    with _serving(folder, environment) as (process, port):
        place = Place(process, port, trap, folder / "notes", tokens)
        assert place.put_good().status == 201
        place.notes.unlink(missing_ok=True)  # the address to listen on was looked up
        yield place
    trap.close()


def _tokens(data_dir: Path) -> dict[str, str]:
    """Tokens of all kinds, made as an operator makes them; one of them lies long back."""
    ledger = Ledger(f"sqlite:///{data_dir / 'ledger.sqlite'}")
    try:
        tokens = Tokens(ledger.database)
        made = {kind: tokens.create(PARTNER) for kind in ("valid", "expired", "revoked")}
        made["other"] = tokens.create("flanders-make")
        tokens.revoke(made["revoked"][0].id)
        past = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
        with ledger.database.writing("the token") as connection:
            old = TOKENS.c.id == made["expired"][0].id
            connection.execute(sa.update(TOKENS).where(old).values(expires_at=past))
    finally:
        ledger.close()
    texts = {kind: text for kind, (_, text) in made.items()}
    return {**texts, "cut": texts["valid"][:-1]}


@contextmanager
def _serving(folder: Path, environment: Mapping[str, str]) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--data-dir", str(folder / "var")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stderr=log, env=environment, cwd=folder, text=True)
    try:
        for _ in range(1_200):
            found = re.search(r"on http://127\.0\.0\.1:(\d+)$", (folder / "log").read_text(), re.MULTILINE)
            if found:
                break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        assert found is not None, (folder / "log").read_text()
        yield process, int(found[1])
        assert "Traceback" not in (folder / "log").read_text()
    finally:
        process.kill()
        process.wait(10)


def test_there_are_more_than_a_hundred_and_each_has_a_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 100


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_gets_its_exact_answer_and_nothing_else_happens(place: Place, case: Case) -> None:
    revision, triples = place.state()
    answer = place.put(case)
    assert (answer.status, answer.code) == (case.status, case.code), answer.text[:1_000]
    if case.status == 201:
        assert place.state() > (revision, triples)
    else:
        problem = answer.json
        assert 0 < len(problem["detail"]) <= MOST_TEXT
        assert all(len(error["message"]) <= MOST_TEXT for error in problem["errors"])
        assert all(error.get("line") for error in problem["errors"] if error["code"] in RULES), problem
        assert place.state() == (revision, triples)
    if case.status == 401:  # a right token ends the count of wrong ones
        assert place.put_good().json["unchanged"] is True
    assert place.process.poll() is None
    assert place.asked() == []


RULES = frozenset(
    code
    for case in CASES
    if case.code.startswith(("not-own/", "does-not-conform/"))
    for code in case.code.partition("/")[2].split()
)
"""Codes of rules: what they find has a line."""

PUT = f"PUT {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {{valid}}\r\nContent-Type: text/turtle\r\n"
WIRE: dict[str, tuple[str, bytes, int]] = {
    "a negative length": ("Content-Length: -1\r\n\r\n", b"", 400),
    "a length that is no number": ("Content-Length: ten\r\n\r\n", b"", 400),
    "a length beyond all bounds": (f"Content-Length: {'9' * 100}\r\n\r\n", b"", 400),
    "two lengths": ("Content-Length: 5\r\nContent-Length: 6\r\n\r\n", b"<a> <b", 400),
    "a length and pieces": ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", b"0\r\n\r\n", 400),
    "pieces without end": (
        "Transfer-Encoding: chunked\r\n\r\n",
        (b"100000\r\n" + b" " * 0x100000 + b"\r\n") * 40,
        413,
    ),
    "a length above the limit": ("Content-Length: 99999999\r\n\r\n", b"", 413),
    "a piece without a size": ("Transfer-Encoding: chunked\r\n\r\n", b"xyz\r\n", 400),
    "an unknown transfer": ("Transfer-Encoding: gzip, chunked, gzip\r\n\r\n", b"", 400),
    "a body that stops": ("Content-Length: 5000\r\n\r\n", b"<a> <b> <c> .", 408),
    "a body that never comes": ("Content-Length: 5000\r\n\r\n", b"", 408),
    "a line end in a header": ("X-Header: a\rb\r\nContent-Length: 0\r\n\r\n", b"", 400),
    "nul in a header": ("X-Header: a\0b\r\nContent-Length: 0\r\n\r\n", b"", 400),
}


@pytest.mark.parametrize("name", WIRE)
def test_what_is_no_proper_request_is_answered_too(place: Place, name: str) -> None:
    head, body, status = WIRE[name]
    before = place.state()
    with socket.create_connection(("127.0.0.1", place.port), timeout=60) as wire:
        wire.sendall((PUT.replace("{valid}", place.tokens["valid"]) + head).encode("latin-1"))
        with suppress(ConnectionError):
            for start in range(0, len(body), 65_536):
                if select.select([wire], [], [], 0)[0]:
                    break
                wire.sendall(body[start : start + 65_536])
        answer = wire.recv(65_536).decode()
    assert answer.startswith(f"HTTP/1.1 {status} "), answer[:500]
    assert place.state() == before
    assert place.process.poll() is None


def test_a_sender_that_leaves_in_the_middle_changes_nothing(place: Place) -> None:
    before = place.state()
    for length in (0, 10, 500):
        with socket.create_connection(("127.0.0.1", place.port), timeout=60) as wire:
            head = PUT.replace("{valid}", place.tokens["valid"]) + f"Content-Length: {len(GOOD)}\r\n\r\n"
            wire.sendall(head.encode() + GOOD.encode()[:length])
    assert place.state() == before
    assert place.put_good().json["unchanged"] is True


def test_afterwards_a_good_contribution_is_accepted(place: Place) -> None:
    revision, _ = place.state()
    answer = place.put_good(GOOD.replace("Hostile Institute", "Friendly Institute"), "afterwards")
    assert (answer.status, answer.json["revision"]) == (201, revision + 1)
    assert place.state()[0] == revision + 1


@pytest.fixture(scope="module")
def pages(place: Place) -> dict[str, str]:
    """Pages that show scripts in names, values and messages."""
    text = GOOD.replace("Hostile Institute", SCRIPT)
    created = place.put_good(text, "scripts", f"?message={SCRIPT.replace(' ', '%20').replace('#', '%23')}")
    assert created.status == 201, created.text
    where = f"/contributions/{PARTNER}/scripts"
    paths = (
        "/organisations/hostile-institute",
        "/organisations?q=alert",
        "/contributions",
        where,
        f"{where}/versions",
        f"{where}/diff?from=0&to=1",
    )
    pages = {path: place.get(path, "text/html").text for path in paths}
    wrong = text.replace("org:Organization", "infra:Organization").replace("example.org/", "example.org/x y")
    for name, sent in (("broken", wrong), ("wrong", wrong.replace("x y", "x"))):
        headers = {"Content-Type": "text/turtle", "Accept": "text/html"}
        pages[f"check {name}"] = place.send("POST", "/contributions/check", headers, sent.encode()).text
        headers["Authorization"] = f"Bearer {place.tokens['valid']}"
        pages[f"put {name}"] = place.send("PUT", where, headers, sent.encode()).text
    return pages


class TestScripts:
    """Scripts are shown as the text that they are."""

    def test_no_page_has_it_as_markup(self, pages: dict[str, str]) -> None:
        for name, page in pages.items():
            assert page.lstrip().lower().startswith("<!doctype html"), name
            assert "<script>alert" not in page, name
            assert "<img src=x" not in page, name

    def test_where_it_is_shown_it_is_shown_letter_by_letter(self, pages: dict[str, str]) -> None:
        shown = [name for name, page in pages.items() if "&lt;script&gt;alert(1)&lt;/script&gt;" in page]
        assert len(shown) >= 5, shown
        for name in shown:
            assert "{{7*7}}${7*7}" in pages[name], name


ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \u202eback"


STEERING = {
    "name": GOOD.replace("Hostile Institute", ESCAPES).replace("org:Organization", "infra:Organization"),
    "value": GOOD.replace("<https://example.org/>", f'"{ESCAPES}"'),
    "syntax": GOOD.replace("org:Organization", ESCAPES),
    "address": f"{PREFIXES}<https://example.org/{ESCAPES[:5]}> a org:Organization .",
}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_terminal_is_not_steered(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    paths = [tmp_path / f"{name}.ttl" for name in STEERING]
    for path, text in zip(paths, STEERING.values(), strict=True):
        path.write_text(text)
    assert main(["check", *map(str, paths), "--format", form]) == 1
    printed = capsys.readouterr()
    for stream in (printed.out, printed.err):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", stream), ascii(stream)
    assert all(str(path) in printed.out for path in paths)
