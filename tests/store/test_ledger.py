"""The ledger: durable, content-addressed, safe with several writers, and honest about damage."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.content import content_hash
from graph.store.ledger import Ledger, Version

GRAPH = "https://w3id.org/infrashare/graph/p/d"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Ledger:
    return Ledger(f"sqlite:///{path}")


def append(ledger: Ledger, text: str, dataset: str = "d") -> Version:
    return ledger.append(
        graph=f"https://w3id.org/infrashare/graph/p/{dataset}",
        partner="p",
        dataset=dataset,
        ntriples=text.encode(),
        triples=1,
        agent="someone",
        message="a test",
        quality_level="gold",
        quality_score=0.8,
    )


def test_an_empty_ledger_is_at_revision_0(ledger: Ledger) -> None:
    assert ledger.revision() == 0
    assert ledger.current() == []
    assert ledger.latest(GRAPH) is None


def test_versions_count_up_for_each_graph_and_revisions_for_all(ledger: Ledger) -> None:
    found = [append(ledger, "a"), append(ledger, "b"), append(ledger, "a", "other"), append(ledger, "a")]
    assert [(v.version, v.revision) for v in found] == [(1, 1), (2, 2), (1, 3), (3, 4)]
    assert ledger.revision() == 4
    assert ledger.latest(GRAPH) == found[3]
    assert ledger.current() == [found[3], found[2]]


def test_equal_contents_are_kept_once(ledger: Ledger, path: Path) -> None:
    for dataset in "abc":
        append(ledger, "the same", dataset)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM contents").fetchone() == (1,)


def test_what_was_accepted_reads_back_after_opening_again(ledger: Ledger, path: Path) -> None:
    version = append(ledger, "<a> <b> 'é' .\n")
    ledger.close()
    again = Ledger(f"sqlite:///{path}")
    assert again.latest(GRAPH) == version
    assert again.content(version.sha256).decode() == "<a> <b> 'é' .\n"
    assert version.sha256 == content_hash("<a> <b> 'é' .\n".encode())


def test_sqlite_writes_through_to_the_disk(ledger: Ledger, path: Path) -> None:
    append(ledger, "x")
    with ledger.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("UPDATE contents SET ntriples_gz = substr(ntriples_gz, 1, 20)", "damaged"),
        ("UPDATE contents SET ntriples_gz = x'00'", "damaged"),
        ("UPDATE contents SET ntriples_gz = x'1f8b080000000000ffff4b04000000ffff'", "damaged"),
        (
            "UPDATE contents SET ntriples_gz = (SELECT ntriples_gz FROM contents WHERE sha256 != '{0}')",
            "hash differs",
        ),
        ("DELETE FROM contents WHERE sha256 = '{0}'", "holds no content"),
    ],
)
def test_damaged_content_is_told(ledger: Ledger, path: Path, damage: str, reason: str) -> None:
    version = append(ledger, "first " * 50)
    append(ledger, "second", "other")
    with sqlite3.connect(path) as database:
        database.execute(damage.format(version.sha256))
    with pytest.raises(StoreError, match=reason):
        ledger.content(version.sha256)


def test_a_damaged_file_is_told(path: Path) -> None:
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "postgresql+nosuch://user:secret@host/x", ""])
def test_an_address_that_does_not_work_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Ledger(url)
    assert "secret" not in caught.value.detail


def test_a_failed_write_leaves_nothing(ledger: Ledger, path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TRIGGER no BEFORE INSERT ON versions BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(StoreError, match="disk full"):
        append(ledger, "x")
    assert ledger.revision() == 0
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM contents").fetchone() == (0,)


WRITER = """
import sys
from graph.store.ledger import Ledger
ledger = Ledger(sys.argv[1])
for number in range(15):
    ledger.append(graph="https://w3id.org/infrashare/graph/p/d", partner="p", dataset="d", triples=1,
        ntriples=f"{sys.argv[2]} {number}".encode(), agent="a", message="m")
"""


def test_several_processes_write_without_losing_or_doubling_a_version(ledger: Ledger, path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, f"sqlite:///{path}", name], stderr=subprocess.PIPE)
        for name in "ab"
    ]
    errors = [writer.communicate(timeout=120)[1].decode() for writer in writers]
    assert errors == ["", ""]
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT version, revision FROM versions ORDER BY revision").fetchall()
    assert rows == [(number, number) for number in range(1, 31)]
