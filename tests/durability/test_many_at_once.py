"""Several partners write while others read: one writer, a queue with an end, and readers who never wait for a write."""

import random
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bench.partner import LARGE, Change, Partner, turtle
from bench.served import Ended, Served
from cli.main import main
from tests.durability.conftest import token

QUEUE = 2
"""Uploads that may wait; so one more is taken at the same time."""
AT_ONCE = 8


@dataclass
class House:
    """A served data directory and its partners."""

    folder: Path
    served: Served
    partners: list[Partner]


@pytest.fixture(scope="module")
def house(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("many") / "var"
    shutil.copytree(prepared, folder)
    partners = [
        Partner(name, token(folder, name), random.Random(name))
        for name in (f"partner-{n}" for n in range(AT_ONCE))
    ]
    with Served(folder, warm_up=False, write_queue=QUEUE) as served:
        with served.client(partners[0].token) as client:
            first = Change("new", "first", turtle("first", [90]))
            assert partners[0].send(client, first).status_code == 201
        yield House(folder, served, partners)


@dataclass
class Reading:
    """A reader who asks one thing after the other, each read anew from the dataset."""

    url: str
    done: threading.Event = field(default_factory=threading.Event)
    statuses: list[int] = field(default_factory=list)
    ended_at: list[float] = field(default_factory=list)

    def __call__(self) -> None:
        number = 0
        with httpx.Client(base_url=self.url, timeout=60) as client:
            while not self.done.is_set():
                number += 1
                query = f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {number % 50 + 1}"
                for answer in (
                    client.get("/health/ready"),
                    client.get("/sparql", params={"query": query, "number": str(number)}),
                    client.get(f"/facilities?limit=1&q=room{number}"),
                ):
                    self.statuses.append(answer.status_code)
                    self.ended_at.append(time.monotonic())


def test_uploads_beyond_the_queue_are_told_to_come_again_and_none_is_lost(house: House) -> None:
    busy: list[httpx.Response] = []

    def upload(partner: Partner) -> int:
        change = Change("new", f"of-{partner.name}", turtle(f"of-{partner.name}", [1]), key="once")
        with house.served.client(partner.token) as client:
            for _ in range(200):
                answer = partner.send(client, change)
                if answer.status_code != 503:
                    break
                busy.append(answer)
                time.sleep(0.1)
        return answer.status_code

    reading = Reading(house.served.url)
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        reader = pool.submit(reading)
        uploads = [pool.submit(upload, partner) for partner in house.partners]
        assert [one.result() for one in uploads] == [201] * AT_ONCE
        reading.done.set()
        reader.result()
    assert busy, "no upload was told to come again"
    for answer in busy:
        assert answer.json()["type"] == "/problems/busy"
        assert int(answer.headers["Retry-After"]) > 0
    assert set(reading.statuses) == {200}
    for partner in house.partners:
        with house.served.client(partner.token) as client:
            assert partner.missing(client) == []
            assert partner.halves(client) == []
            path = f"/contributions/{partner.name}/of-{partner.name}/versions"
            answer = client.get(path, headers={"Accept": "application/json"})
            assert [version["version"] for version in answer.json()["versions"]] == [1]


def test_reads_go_on_while_a_large_upload_is_checked_and_written(house: House) -> None:
    partner = house.partners[0]
    change = Change("new", "large", turtle("large", range(LARGE // 5)))
    reading = Reading(house.served.url)
    with ThreadPoolExecutor(1) as pool, house.served.client(partner.token) as client:
        reader = pool.submit(reading)
        began = time.monotonic()
        answer = partner.send(client, change)
        ended = time.monotonic()
        reading.done.set()
        reader.result()
        assert answer.status_code == 201
        assert answer.json()["triples"]["total"] >= 20_000
        assert set(reading.statuses) == {200}
        meanwhile = [at for at in reading.ended_at if began < at < ended]
        assert len(meanwhile) >= 9, "reads waited for the upload"
        assert partner.halves(client) == []


def test_a_second_service_ends_with_3_and_the_first_is_unharmed(house: House) -> None:
    with pytest.raises(Ended) as ended:
        Served(house.folder, warm_up=False)
    assert ended.value.code == 3
    assert "another service works with" in ended.value.words
    assert "Traceback" not in ended.value.words
    partner = house.partners[1]
    with house.served.client(partner.token) as client:
        assert partner.send(client, Change("new", "after", turtle("after", [2]))).status_code == 201
        assert partner.halves(client) == []


def test_contributing_straight_into_its_folder_is_refused_and_names_the_way(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "some.ttl"
    file.write_bytes(turtle("some", [3]))
    where = ["--data-dir", str(house.folder)]
    assert main(["contribute", str(file), "--partner", "partner-1", "--dataset", "some", *where]) == 3
    output, errors = capsys.readouterr()
    assert output == ""
    assert "another service works with" in errors
    assert "--server URL" in errors


def test_tokens_history_differences_and_owners_are_there_while_it_serves(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data-dir", str(house.folder)]
    partner = house.partners[2]
    with house.served.client(partner.token) as client:
        for group in (4, 5):
            partner.send(client, Change("new", "told", turtle("told", [group]))).raise_for_status()
        assert main(["history", "partner-2/told", *where]) == 0
        assert "accepted" in capsys.readouterr().out
        assert main(["diff", "partner-2/told", "1", "2", "--triples", *where]) == 0
        assert capsys.readouterr().out.startswith("- <")
        entity = "https://w3id.org/infrashare/id/facility/told-000021"
        assert main(["owner", entity, *where]) == 0
        assert capsys.readouterr().out == f"{entity} partner-2\n"
        assert main(["token", "create", "--partner", "partner-2", *where]) == 0
        made = capsys.readouterr().out.strip()
    with house.served.client(made) as client:
        answer = client.delete("/contributions/partner-2/told")
        assert answer.json()["change"] == "deleted"
        assert main(["token", "revoke", made.split("_")[1], *where]) == 0
        assert client.delete("/contributions/partner-2/of-partner-2").status_code == 401
