"""A backup: a consistent copy of the SQLite ledger beside a manifest that says what it holds.

The copy is made by SQLite's own backup interface (https://www.sqlite.org/backup.html) inside one read transaction, so
that services may write meanwhile. It is read back, hash by hash, before it counts as made.
"""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa

from graph.errors import InputError, Refused, StorageFull, StoreError
from graph.progress import Progress
from graph.store.inspection import Inspection, inspect
from graph.store.ledger import Ledger, now

LEDGER: Final = "ledger.sqlite"
MANIFEST: Final = "manifest.json"
PART: Final = ".part"
_OURS: Final = frozenset({LEDGER, MANIFEST, LEDGER + PART, MANIFEST + PART})
_FORM: Final = 1
_PAGES: Final = 2_000
"""Pages copied between two reports of progress."""
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, when it was made and by which version of the software; ``sha256`` is that of the ledger."""

    revision: int
    versions: int
    contents: int
    bytes: int
    sha256: str
    made_at: str
    software: str
    form: int = _FORM


def sqlite_file(address: sa.URL) -> Path | None:
    """The file of a database's address; ``None`` where it is not SQLite."""
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def back_up(ledger: Ledger, folder: Path, progress: Progress) -> Manifest:
    """Copy the ledger into a folder, replacing the backup that may be there.

    Raises ``Refused`` where the ledger is not SQLite or the folder holds something else than a backup, ``InputError``
    where the folder cannot be written, ``StorageFull`` where there is no room, ``StoreError`` for a damaged copy.
    """
    source = sqlite_file(ledger.database.engine.url)
    if source is None:
        address = ledger.database.engine.url.render_as_string()
        raise Refused(
            f"the ledger is kept in {address}: back it up with that database's own tools, "
            "or write what is current with: infrashare dump FILE.nq.gz"
        )
    copy = folder / (LEDGER + PART)
    told = folder / (MANIFEST + PART)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _require_own(folder)
        if told.exists() and not copy.exists():
            told.replace(folder / MANIFEST)  # the backup before was cut off between its two renames
        try:
            copy.unlink(missing_ok=True)
            _copy(source, copy, progress)
            shutil.copymode(source, copy)
            make_durable(copy)
            manifest = _described(copy, sound(copy, progress))
            told.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
            make_durable(told)
            copy.replace(folder / LEDGER)
            told.replace(folder / MANIFEST)
            make_durable(folder)
        finally:
            if copy.exists():
                copy.unlink()
                told.unlink(missing_ok=True)
    return manifest


def _described(file: Path, figures: Inspection) -> Manifest:
    return Manifest(
        figures.revision,
        figures.versions,
        figures.contents,
        file.stat().st_size,
        file_hash(file),
        now(),
        f"infrashare {version('infrashare')}",
    )


def _require_own(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    foreign = names - _OURS
    if LEDGER in names and not names & {MANIFEST, MANIFEST + PART}:
        foreign.add(LEDGER)
    if foreign:
        raise Refused(
            f"{folder} holds {', '.join(sorted(foreign)[:3])}, which is no part of a backup; name a folder of its own"
        )


def _copy(source: Path, target: Path, progress: Progress) -> None:
    def report(_status: int, remaining: int, total: int) -> None:
        progress("copy the ledger", total - remaining, total)

    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as old:
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on this state is read
            with closing(sqlite3.connect(target, isolation_level=None)) as new:
                old.backup(new, pages=_PAGES, progress=report)
                new.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
            old.execute("ROLLBACK")
    except sqlite3.Error as error:
        if "full" in str(error):
            raise StorageFull(f"{target.parent}: there is no room for the copy: {error}") from error
        raise StoreError(f"the ledger {source} could not be copied: {error}") from error


def sound(file: Path, progress: Progress) -> Inspection:
    """Look a ledger's file through without changing it. Raises ``StoreError`` with what is wrong."""
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with engine.connect() as connection:
            figures = inspect(connection, progress)
    except sa.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"{file} is damaged or no ledger: {cause}") from error
    finally:
        engine.dispose()
    if figures.problems:
        more = f" ({len(figures.problems)} faults in all)" if len(figures.problems) > 1 else ""
        raise StoreError(f"{file} is damaged: {figures.problems[0]}{more}")
    return figures


def examined(folder: Path, progress: Progress) -> Manifest:
    """The manifest of a backup that is whole: its checksum, its database and every content were looked at.

    Raises ``InputError`` for what is no backup, ``StoreError`` for one that is damaged.
    """
    file = folder / LEDGER
    if not file.is_file():
        raise InputError(f"{folder} holds no {LEDGER}: name the folder that infrashare backup wrote")
    sha256 = file_hash(file)
    manifests = [_manifest(path) for name in (MANIFEST, MANIFEST + PART) if (path := folder / name).is_file()]
    if not manifests:
        raise InputError(f"{folder} holds no {MANIFEST}: name the folder that infrashare backup wrote")
    # A backup that was cut off between its two renames has its manifest under the other name.
    manifest = next((one for one in manifests if one.sha256 == sha256), None)
    if manifest is None:
        raise StoreError(
            f"{file} is damaged: its SHA-256 is {sha256}, and the manifest says {manifests[0].sha256}; "
            "take an older backup"
        )
    figures = sound(file, progress)
    for name in ("revision", "versions", "contents"):
        if getattr(figures, name) != getattr(manifest, name):
            raise StoreError(
                f"{file}: it holds {name} {getattr(figures, name)}, and the manifest says {getattr(manifest, name)}"
            )
    return manifest


def _manifest(path: Path) -> Manifest:
    try:
        members: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**members)
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    if manifest.form != _FORM:
        raise InputError(
            f"{path}: form {manifest.form} is of another version of the software; this one reads {_FORM}"
        )
    return manifest


def copied(file: Path, target: Path, sha256: str) -> None:
    """Copy a file durably and see that the copy has the hash. Raises ``StoreError`` where it has another one."""
    with writing(target):
        shutil.copyfile(file, target)
        make_durable(target)
    if file_hash(target) != sha256:
        target.unlink()
        raise StoreError(f"{file} changed while it was copied; try again")


def put_in_place(new: Path, ledger: Path) -> Path | None:
    """Make a finished file the ledger; return where the old one is kept, ``ledger.sqlite.before-restore-N``."""
    kept: Path | None = None
    with writing(ledger):
        if ledger.exists():
            _write_out(ledger)
            numbered = (ledger.with_name(f"{ledger.name}.before-restore-{n}") for n in count(1))
            kept = next(path for path in numbered if not path.exists())
            for ending in ("", "-wal", "-shm"):
                old = ledger.with_name(ledger.name + ending)
                if old.exists():
                    old.rename(kept.with_name(kept.name + ending))
        new.replace(ledger)
        make_durable(ledger.parent)
    return kept


def _write_out(ledger: Path) -> None:
    """Bring what stands in the log into the file, so that the file alone is the ledger, unless it is damaged."""
    try:
        with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return


def file_hash(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_durable(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Tell what keeps files from being written: ``StorageFull`` for want of room, else ``InputError``."""
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        if error.errno in _NO_ROOM:
            raise StorageFull(f"{target}: {error.strerror}") from error
        raise InputError(f"{target}: {error.strerror}") from error
