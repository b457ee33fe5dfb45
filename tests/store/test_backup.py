"""Backups: consistent while others write, read back before they count, refused where they are damaged."""

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from graph.errors import InputError, Refused, StoreError
from graph.resources import ROOT
from graph.store.backup import (
    LEDGER,
    MANIFEST,
    PART,
    back_up,
    copied,
    examined,
    file_hash,
    put_in_place,
    sqlite_file,
)
from graph.store.content import content_hash
from graph.store.inspection import inspect
from graph.store.ledger import DELETED, Ledger


def quiet(_what: str, _done: int, _whole: int) -> None:
    """No progress."""


def content(number: int, lines: int = 3) -> bytes:
    return b"".join(b'<urn:x:%d> <urn:x:p> "%d" .\n' % (number, line) for line in range(lines))


def append(ledger: Ledger, number: int, graph: str = "urn:x:g", lines: int = 3) -> None:
    ledger.append(
        graph=graph,
        partner="p",
        dataset="d",
        ntriples=content(number, lines),
        triples=lines,
        agent="a",
        message=f"the {number}th",
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    for number in range(4):
        append(made, number)
    return made


@pytest.fixture
def backup(ledger: Ledger, tmp_path: Path) -> Path:
    back_up(ledger, tmp_path / "backup", quiet)
    return tmp_path / "backup"


WRITER = """
import sys
from tests.store.test_backup import append
from graph.store.ledger import Ledger
ledger = Ledger(sys.argv[1])
print("go", flush=True)
for number in range(100_000):
    append(ledger, number, lines=400)
"""


class TestBackup:
    def test_it_is_one_file_with_a_manifest_that_fits(self, ledger: Ledger, backup: Path) -> None:
        assert {path.name for path in backup.iterdir()} == {LEDGER, MANIFEST}
        manifest = examined(backup, quiet)
        assert (manifest.revision, manifest.versions, manifest.contents) == (4, 4, 4)
        assert manifest.sha256 == file_hash(backup / LEDGER)
        assert manifest.bytes == (backup / LEDGER).stat().st_size
        assert manifest.software.startswith("infrashare ")
        assert json.loads((backup / MANIFEST).read_text())["made_at"] == manifest.made_at
        with closing(Ledger(f"sqlite:///{backup / LEDGER}")) as copy:
            assert copy.all() == ledger.all()

    def test_each_is_consistent_while_another_process_writes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("graph.store.backup._PAGES", 3)  # many steps, with writes between them
        url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        with closing(Ledger(url)) as ledger:
            for number in range(60):
                append(ledger, number, graph="urn:x:old", lines=200)
            with subprocess.Popen(
                [sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, cwd=ROOT, text=True
            ) as writer:
                try:
                    assert writer.stdout is not None
                    assert writer.stdout.readline() == "go\n"
                    revisions = []
                    for _ in range(3):
                        before = ledger.revision()
                        manifest = back_up(ledger, tmp_path / "backup", quiet)
                        assert before <= manifest.revision <= ledger.revision()
                        assert manifest.versions == manifest.revision
                        assert examined(tmp_path / "backup", quiet) == manifest
                        revisions.append(manifest.revision)
                    assert writer.poll() is None
                finally:
                    writer.kill()
            assert revisions[0] < revisions[-1]
            assert revisions[-1] <= ledger.revision()

    def test_a_later_one_replaces_it(self, ledger: Ledger, backup: Path) -> None:
        append(ledger, 9)
        back_up(ledger, backup, quiet)
        assert examined(backup, quiet).revision == 5
        assert {path.name for path in backup.iterdir()} == {LEDGER, MANIFEST}

    def test_a_folder_with_something_else_is_refused_and_left_alone(
        self, ledger: Ledger, tmp_path: Path
    ) -> None:
        folder = tmp_path / "photos"
        folder.mkdir()
        (folder / "cat.jpg").write_bytes(b"cat")
        with pytest.raises(Refused, match=r"photos holds cat\.jpg, which is no part of a backup"):
            back_up(ledger, folder, quiet)
        with pytest.raises(Refused, match=r"ledger\.sqlite"):
            back_up(ledger, tmp_path, quiet)  # the data directory itself
        assert [path.name for path in folder.iterdir()] == ["cat.jpg"]
        assert ledger.revision() == 4

    def test_a_place_that_cannot_be_written_is_told(self, ledger: Ledger, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(InputError, match="Not a directory"):
            back_up(ledger, tmp_path / "file" / "backup", quiet)

    def test_a_damaged_ledger_gives_no_backup_and_keeps_the_old_one(
        self, ledger: Ledger, backup: Path
    ) -> None:
        before = examined(backup, quiet)
        packed = gzip.compress(b"<urn:x:other> <urn:x:p> <urn:x:o> .\n")
        with ledger.database.writing("damage") as connection:
            connection.execute(
                sa.text("UPDATE contents SET ntriples_gz = :packed WHERE sha256 = :sha256"),
                {"packed": packed, "sha256": content_hash(content(2))},
            )
        with pytest.raises(StoreError, match=r"urn:x:g version 3: the content with hash .* its hash differs"):
            back_up(ledger, backup, quiet)
        assert examined(backup, quiet) == before
        assert {path.name for path in backup.iterdir()} == {LEDGER, MANIFEST}

    def test_a_ledger_that_is_no_file_is_pointed_to_its_own_tools(self, tmp_path: Path) -> None:
        assert sqlite_file(sa.make_url("postgresql://user:secret@host/infrashare")) is None
        with (
            closing(Ledger("sqlite://")) as ledger,
            pytest.raises(Refused, match=r"own tools.*infrashare dump FILE\.nq\.gz"),
        ):
            back_up(ledger, tmp_path / "backup", quiet)
        assert not (tmp_path / "backup").exists()

    def test_progress_is_told(self, ledger: Ledger, tmp_path: Path) -> None:
        told: list[str] = []
        back_up(ledger, tmp_path / "other", lambda what, _done, _whole: told.append(what))
        assert {"copy the ledger", "read contents"} == set(told)


class TestExamination:
    def test_a_flipped_byte_is_found(self, backup: Path) -> None:
        file = backup / LEDGER
        data = bytearray(file.read_bytes())
        data[-100] ^= 1
        file.write_bytes(data)
        with pytest.raises(StoreError, match=r"its SHA-256 is .*, and the manifest says .*; take an older"):
            examined(backup, quiet)

    @pytest.mark.parametrize(
        ("damage", "words"),
        [
            (b"garbage", "damaged or no ledger"),
            ("DELETE FROM contents WHERE rowid = 2", "urn:x:g version 2: its content is missing"),
            ("UPDATE contents SET ntriples_gz = x'1f8b' WHERE rowid = 1", "version 1: the content with hash"),
            ("UPDATE contents SET ntriples_gz = x'' WHERE rowid = 4", "current, and its content is not kept"),
            ("DELETE FROM versions WHERE version = 3", "version 4 follows version 2"),
            ("DROP TABLE versions", "no such table"),
        ],
    )
    def test_what_fits_its_manifest_and_is_damaged_all_the_same_is_found(
        self, backup: Path, damage: str | bytes, words: str
    ) -> None:
        if isinstance(damage, bytes):
            (backup / LEDGER).write_bytes(damage)
        else:
            with closing(sqlite3.connect(backup / LEDGER)) as connection:
                connection.execute(damage)
                connection.commit()
        manifest = json.loads((backup / MANIFEST).read_text())
        manifest["sha256"] = file_hash(backup / LEDGER)
        (backup / MANIFEST).write_text(json.dumps(manifest))
        with pytest.raises(StoreError, match=words):
            examined(backup, quiet)

    def test_figures_must_be_those_of_the_manifest(self, backup: Path) -> None:
        manifest = json.loads((backup / MANIFEST).read_text())
        (backup / MANIFEST).write_text(json.dumps({**manifest, "revision": 7}))
        with pytest.raises(StoreError, match="revision 4, and the manifest says 7"):
            examined(backup, quiet)
        (backup / MANIFEST).write_text("{")
        with pytest.raises(StoreError, match=r"manifest\.json cannot be read"):
            examined(backup, quiet)
        (backup / MANIFEST).write_text(json.dumps({**manifest, "form": 2}))
        with pytest.raises(InputError, match="another version of the software"):
            examined(backup, quiet)

    def test_a_folder_that_is_no_backup_is_told(self, backup: Path, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="holds no ledger"):
            examined(tmp_path / "nothing", quiet)
        (backup / MANIFEST).unlink()
        with pytest.raises(InputError, match="holds no manifest"):
            examined(backup, quiet)

    def test_one_that_was_cut_off_between_its_renames_is_whole(self, ledger: Ledger, backup: Path) -> None:
        old = (backup / MANIFEST).read_bytes()
        append(ledger, 9)
        newer = back_up(ledger, backup, quiet)
        (backup / MANIFEST).rename(backup / (MANIFEST + PART))
        (backup / MANIFEST).write_bytes(old)
        assert examined(backup, quiet) == newer
        append(ledger, 10)
        back_up(ledger, backup, quiet)
        assert {path.name for path in backup.iterdir()} == {LEDGER, MANIFEST}
        assert examined(backup, quiet).revision == 6


class TestPlacing:
    def test_the_old_ledger_is_kept_with_all_it_holds(self, backup: Path, tmp_path: Path) -> None:
        place = tmp_path / "service" / "ledger.sqlite"
        place.parent.mkdir()
        old = Ledger(f"sqlite:///{place}")
        for number in (20, 21):
            append(old, number, graph="urn:x:old")
        for round_ in (1, 2):
            new = tmp_path / "new"
            copied(backup / LEDGER, new, file_hash(backup / LEDGER))
            kept = put_in_place(new, place)
            old.close()
            assert kept == place.with_name(f"ledger.sqlite.before-restore-{round_}")
            with closing(Ledger(f"sqlite:///{place}")) as restored:
                assert restored.revision() == 4
        with closing(Ledger(f"sqlite:///{place}.before-restore-1")) as kept_ledger:
            assert [version.graph for version in kept_ledger.all()] == ["urn:x:old", "urn:x:old"]

    def test_a_copy_that_differs_is_refused(self, backup: Path, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="changed while it was copied"):
            copied(backup / LEDGER, tmp_path / "new", "0" * 64)
        assert not (tmp_path / "new").exists()


def test_a_sound_ledger_has_figures_and_no_problems(ledger: Ledger) -> None:
    append(ledger, 0)  # the content of the first version again
    ledger.append(
        graph="urn:x:g",
        partner="p",
        dataset="d",
        ntriples=b"",
        triples=0,
        agent="a",
        message="",
        change=DELETED,
    )
    with ledger.database.reading() as connection:
        found = inspect(connection)
    assert (found.revision, found.versions, found.contents, found.not_kept) == (6, 6, 5, 0)
    assert found.problems == ()


def test_a_file_that_sqlite_finds_damaged_is_told(backup: Path) -> None:
    data = bytearray((backup / LEDGER).read_bytes())
    data[4096 + 8 : 4096 + 40] = b"\xff" * 32  # the second page: a table or an index
    (backup / LEDGER).write_bytes(data)
    manifest = json.loads((backup / MANIFEST).read_text())
    manifest["sha256"] = file_hash(backup / LEDGER)
    (backup / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match="is damaged"):
        examined(backup, quiet)
