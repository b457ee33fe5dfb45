"""Looking a ledger through: the database's own check, the hash of every content of every version, the numbering."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from graph.errors import NotFound, StoreError
from graph.progress import Progress
from graph.store.ledger import unpacked
from graph.store.tables import CONTENTS, VERSIONS

_FETCHED = 20
"""Contents read from the database at a time."""
_NAMED = 3


@dataclass(frozen=True)
class Inspection:
    """What a ledger holds, and what is wrong with it, in words.

    ``not_kept`` are contents of past versions that a dump did not hold, which is nothing wrong.
    """

    revision: int
    versions: int
    contents: int
    not_kept: int
    problems: tuple[str, ...]


def inspect(connection: sa.Connection, progress: Progress | None = None) -> Inspection:
    """Look through the ledger at the other end of a connection. Raises SQLAlchemy's errors where it cannot be read."""
    problems = _integrity(connection)
    columns = (VERSIONS.c.revision, VERSIONS.c.graph, VERSIONS.c.version, VERSIONS.c.sha256)
    rows = connection.execute(sa.select(*columns).order_by(VERSIONS.c.revision)).all()
    last: dict[str, int] = {}
    current: dict[str, str] = {}
    users: dict[str, list[str]] = defaultdict(list)
    for _, graph, version, sha256 in rows:
        if version != last.get(graph, 0) + 1:
            problems.append(f"{graph}: version {version} follows version {last.get(graph, 0)}")
        last[graph], current[graph] = version, sha256
        users[sha256].append(f"{graph} version {version}")
    number = connection.scalar(sa.select(sa.func.count()).select_from(CONTENTS)) or 0
    found: set[str] = set()
    not_kept = 0
    wanted = set(current.values())
    contents = connection.execute(sa.select(CONTENTS).execution_options(yield_per=_FETCHED))
    for done, (sha256, packed) in enumerate(contents):
        found.add(sha256)
        if progress:
            progress("read contents", done, number)
        try:
            unpacked(sha256, packed)
        except NotFound:
            not_kept += 1
            if sha256 in wanted:
                problems.append(f"{_some(users[sha256])}: current, and its content is not kept")
        except StoreError as error:
            problems.append(f"{_some(users[sha256])}: {error.detail}")
    if progress:
        progress("read contents", number, number)
    problems += [f"{_some(users[sha256])}: its content is missing" for sha256 in users if sha256 not in found]
    revision = max((row[0] for row in rows), default=0)
    return Inspection(revision, len(rows), len(found), not_kept, tuple(problems))


def _integrity(connection: sa.Connection) -> list[str]:
    """What SQLite says against its own file: https://www.sqlite.org/pragma.html#pragma_integrity_check."""
    if connection.dialect.name != "sqlite":
        return []
    told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if told == ["ok"] else [f"the ledger's file is damaged: {line}" for line in told]


def _some(names: list[str]) -> str:
    if not names:
        return "a content of no version"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
