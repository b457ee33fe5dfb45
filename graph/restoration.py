"""Restoring a service: from a backup with all its history, or from a dump with what was current.

All of the backup or dump is read and every hash compared before the data directory is touched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from graph.contribute.keeping.restoring import recover, write
from graph.contribute.keeping.shipped import source_of
from graph.contribute.ownership import unowned
from graph.errors import InputError, Refused, StoreError
from graph.progress import Progress
from graph.service import Service, running
from graph.settings import Settings
from graph.store.backup import LEDGER, copied, examined, put_in_place, sqlite_file, writing
from graph.store.engine import EmbeddedEngine
from graph.store.inspection import Inspection, inspect
from graph.store.ledger import Ledger

_BESIDE = ".restoring"


@dataclass(frozen=True)
class Restored:
    """What was restored: figures, where a ledger that was there before is kept, and what ``verify`` found."""

    revision: int
    versions: int
    graphs: int
    triples: int
    not_kept: int
    before: Path | None
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Verified:
    """What a look at everything found: figures, and in words what is wrong with the ledger and with the engine."""

    ledger: Inspection
    graphs: int
    entities: int
    ownerless: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        return (*self.ledger.problems, *self.ownerless, *self.differences)


def verified(service: Service, progress: Progress | None = None) -> Verified:
    """Look the ledger through, compare the engine with it, and see that each current entity has an owner."""
    try:
        with service.ledger.database.reading() as connection:
            ledger = inspect(connection, progress)
    except StoreError as error:
        ledger = Inspection(0, 0, 0, 0, (error.detail,))
    entities, ownerless = unowned(service.ledger)
    differences = tuple(service.index.verify())
    return Verified(ledger, len(service.ledger.current()), entities, tuple(ownerless), differences)


def restore(settings: Settings, source: Path, progress: Progress, *, force: bool = False) -> Restored:
    """Make a data directory from the folder of a backup or the file of a dump.

    Raises ``Refused`` where a ledger is there already and ``force`` is false, or where the ledger is no SQLite;
    ``InputError`` and ``StoreError`` for a source that is damaged; ``StoreError`` where a service is at work there.
    """
    ledger = _file_of(settings)
    if ledger is None:
        raise Refused(
            "the ledger's address is not that of a SQLite file: restore it with its database's own tools"
        )
    if ledger.exists() and not force:
        raise Refused(
            f"{ledger} is there already; name another --data-dir, or add --force: the old ledger is then kept beside"
        )
    fill = _from_backup(source, progress) if source.is_dir() else _from_dump(source, settings, progress)
    beside = ledger.with_name(ledger.name + _BESIDE)
    with writing(ledger):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
    try:
        fill(beside)
        EmbeddedEngine.wipe(settings.data_dir)
        before = put_in_place(beside, ledger)
    finally:
        beside.unlink(missing_ok=True)
    # What ships and is newer waits for the next start: now the state is the one that was saved.
    with running(settings.model_copy(update={"empty": True}), progress) as service:
        found = verified(service)
        return Restored(
            service.snapshot.revision,
            found.ledger.versions,
            found.graphs,
            service.snapshot.triples,
            found.ledger.not_kept,
            before,
            found.problems,
        )


def _file_of(settings: Settings) -> Path | None:
    try:
        return sqlite_file(sa.make_url(settings.ledger_url))
    except sa.exc.ArgumentError as error:
        raise InputError(f"the ledger's address cannot be used: {error}") from error


def _from_backup(folder: Path, progress: Progress) -> Callable[[Path], None]:
    manifest = examined(folder, progress)
    return lambda target: copied(folder / LEDGER, target, manifest.sha256)


def _from_dump(dump: Path, settings: Settings, progress: Progress) -> Callable[[Path], None]:
    if not dump.exists():
        raise InputError(f"{dump}: there is no such file or folder")
    recovered = recover(dump, settings, progress)

    def fill(target: Path) -> None:
        ledger = Ledger(f"sqlite:///{target}")
        try:
            write(recovered, ledger, source_of)
        finally:
            ledger.close()

    return fill
