"""A full disk: uploads are refused or said to be kept, reads go on, and with room all is well without a restart."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from bench.partner import Change, Partner, turtle
from bench.served import Ended, Served
from graph.iris import contribution_graph
from graph.resources import ROOT
from graph.service import running
from graph.settings import Settings
from graph.store.answers import as_stored
from tests.durability.conftest import PARTNER, token

TIMES = 3
"""The small disk is so many times as large as the data directory; an engine opened again may need its size twice."""


@dataclass(frozen=True)
class Disk:
    """A small disk of its own, with a data directory on it."""

    path: Path

    @property
    def data_dir(self) -> Path:
        return self.path / "var"

    def fill(self, left: int) -> None:
        """Leave about so many bytes."""
        with suppress(OSError), (self.path / "ballast").open("ab", buffering=0) as ballast:
            ballast.write(bytes(max(0, shutil.disk_usage(self.path).free - left)))

    def make_room(self) -> None:
        (self.path / "ballast").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def disk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    path = tmp_path_factory.mktemp("disk")
    size = TIMES * sum(file.stat().st_size for file in prepared.rglob("*"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here, which takes root: {made.stderr.strip()}")
    try:
        shutil.copytree(prepared, path / "var")
        yield Disk(path)
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


@pytest.fixture
def roomy(disk: Disk) -> Iterator[Disk]:
    """The disk, with room again after the test."""
    yield disk
    disk.make_room()


@pytest.fixture(scope="module")
def partner(disk: Disk) -> Partner:
    return Partner(PARTNER, token(disk.data_dir), random.Random(7))


@pytest.fixture(scope="module")
def server(disk: Disk, partner: Partner) -> Iterator[Served]:
    with Served(disk.data_dir, warm_up=False) as served:
        with served.client(partner.token) as client:
            assert partner.send(client, Change("new", "one", turtle("one", [0]))).status_code == 201
        yield served


def triples(data: bytes) -> frozenset[Triple]:
    return frozenset(as_stored([quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)]))


def shown(client: httpx.Client, dataset: str) -> frozenset[Triple]:
    """What readers see of a dataset."""
    query = {
        "query": "CONSTRUCT WHERE { ?s ?p ?o }",
        "default-graph-uri": contribution_graph(PARTNER, dataset).value,
    }
    answer = client.post("/sparql", data=query, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, answer.text
    return triples(answer.content)


def whole(client: httpx.Client, dataset: str) -> set[frozenset[Triple]]:
    """Each of the dataset's versions, and nothing at all."""
    path = f"/contributions/{PARTNER}/{dataset}/versions"
    answer = client.get(path, headers={"Accept": "application/json"})
    numbers = [version["version"] for version in answer.json()["versions"]] if answer.is_success else []
    return {frozenset(), *(triples(client.get(f"{path}/{number}.nt").content) for number in numbers)}


@pytest.mark.parametrize("left", [0, 60_000, 100_000, 150_000, 400_000])
def test_uploads_while_the_disk_is_full(
    server: Served, partner: Partner, roomy: Disk, left: int, answered_problems: set[str]
) -> None:
    """Only some bytes are left: enough for nothing, for the ledger, or for a part of what the engine writes."""
    name = f"dataset-{left}"
    changes = [
        Change("new", name, turtle(name, [1, 2]), key=name),
        Change("changed", "one", turtle("one", [left % 90 + 1])),
    ]
    with server.client(partner.token) as client:
        for change in changes:
            before = shown(client, change.dataset)
            roomy.fill(left)
            answer = partner.send(client, change)
            if not answer.is_success:
                problem = answer.json()["type"]
                answered_problems.add(problem)
                expected = {507: "/problems/storage-full", 500: "/problems/index-behind"}
                assert problem == expected[answer.status_code], answer.text
                assert "room" in answer.json()["detail"] or "No space left" in answer.json()["detail"]
            assert client.get("/health/ready").json()["status"] == "ready"
            now = shown(client, change.dataset)
            assert now in whole(client, change.dataset)
            if answer.status_code == 507:
                assert now == before
        roomy.make_room()
        for change in changes:
            partner.pending = change
            assert partner.repeat(client) == []
        assert partner.missing(client) == []
        assert partner.halves(client) == []


def test_both_answers_came(answered_problems: set[str]) -> None:
    """The sizes above lead to a ledger that cannot write, and to an engine that cannot after the ledger has."""
    assert answered_problems == {"/problems/storage-full", "/problems/index-behind"}


@pytest.fixture(scope="module")
def answered_problems() -> set[str]:
    """The problems that were answered."""
    return set()


def test_a_kept_request_is_not_acknowledged_before_readers_see_it(
    server: Served, partner: Partner, roomy: Disk
) -> None:
    change = Change("new", "kept", turtle("kept", [3]), key="kept")
    with server.client(partner.token) as client:
        for left in (100_000, 130_000, 160_000, 190_000, 220_000):
            roomy.fill(left)
            answer = partner.send(client, change)
            if answer.status_code == 500:
                break
            assert answer.status_code == 507
            roomy.make_room()
        assert answer.json()["type"] == "/problems/index-behind"
        roomy.fill(0)
        assert partner.send(client, change).json()["type"] == "/problems/index-behind"
        roomy.make_room()
        again = partner.send(client, change)
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
        assert partner.halves(client) == []


def test_after_a_kill_on_a_full_disk_the_next_start_completes_it(
    server: Served, partner: Partner, roomy: Disk
) -> None:
    change = Change("new", "killed", turtle("killed", [4]), key="killed")
    with server.client(partner.token) as client:
        roomy.fill(150_000)
        assert partner.send(client, change).status_code in {500, 507}
    server.kill()
    roomy.fill(0)
    with pytest.raises(Ended) as ended:
        Served(roomy.data_dir, warm_up=False)
    assert ended.value.code == 3
    assert "no room on the disk" in ended.value.words
    assert "Traceback" not in ended.value.words
    contributed = contribute(roomy, "later")
    assert (contributed.returncode, contributed.stdout) == (3, "")
    assert "no room on the disk" in contributed.stderr
    assert "Traceback" not in contributed.stderr
    roomy.make_room()
    with Served(roomy.data_dir, warm_up=False) as again, again.client(partner.token) as client:
        partner.pending = change
        assert partner.repeat(client) == []
        assert partner.missing(client) == []
        assert partner.halves(client) == []
    contributed = contribute(roomy, "later")
    assert contributed.returncode == 0, contributed.stderr
    with running(Settings(data_dir=roomy.data_dir, empty=True)) as service:
        assert service.started == []
        assert service.index.verify() == []


def contribute(disk: Disk, dataset: str) -> subprocess.CompletedProcess[str]:
    """``infrashare contribute`` straight into the data directory."""
    words = ["contribute", "-", "--partner", PARTNER, "--dataset", dataset, "--data-dir", str(disk.data_dir)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "INFRASHARE_EMPTY": "true"}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        input=turtle(dataset, [5]).decode(),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
