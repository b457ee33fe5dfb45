"""Who owns which entity: the partner that described it first, or the one that it was assigned to.

Ownership outlasts what is current: an entity that its partner no longer describes stays the partner's until it is
assigned to another one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import sqlalchemy as sa

from graph.errors import Refused
from graph.store.database import Database
from graph.store.tables import OWNERS

_CHUNK = 500
"""Entities asked for in one statement: databases limit the number of parameters."""


class OwnedByOthers(Refused):
    """Entities belong to other partners; ``owners`` says to whom each."""

    def __init__(self, owners: Mapping[str, str]) -> None:
        entity, owner = min(owners.items())
        more = f" and {len(owners) - 1} further entities" if len(owners) > 1 else ""
        super().__init__(
            f"{entity} belongs to {owner}{more}; describe only your own, and refer to others freely"
        )
        self.owners = dict(owners)


class Owners:
    """The owners of entities, in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, entities: Iterable[str]) -> dict[str, str]:
        """The partner that owns each of the entities that has an owner."""
        with self._database.reading() as connection:
            return _owners(connection, entities)

    def others(self, entities: Iterable[str], partner: str) -> dict[str, str]:
        """The owners of those entities that belong to other partners than this one."""
        return {entity: owner for entity, owner in self.of(entities).items() if owner != partner}

    def claim(
        self, connection: sa.Connection, entities: Collection[str], partner: str, revision: int
    ) -> None:
        """Make the partner the owner of the entities that have none; raise ``OwnedByOthers`` where others own some."""
        owners = _owners(connection, entities)
        foreign = {entity: owner for entity, owner in owners.items() if owner != partner}
        if foreign:
            raise OwnedByOthers(foreign)
        _insert(connection, (entity for entity in entities if entity not in owners), partner, revision)

    def inherit(
        self, connection: sa.Connection, entities: Iterable[str], partner: str, revision: int
    ) -> None:
        """Make the partner the owner of the entities that have none, and leave all others to their owners."""
        wanted = list(entities)
        owners = _owners(connection, wanted)
        _insert(connection, (entity for entity in wanted if entity not in owners), partner, revision)

    def assign(self, entities: Collection[str], partner: str, revision: int) -> dict[str, str]:
        """Make the partner the owner of the entities, whoever owned them; return the owners before."""
        with self._database.writing("the assignment") as connection:
            before = _owners(connection, entities)
            for chunk in _chunks(before):
                connection.execute(sa.delete(OWNERS).where(OWNERS.c.entity.in_(chunk)))
            _insert(connection, entities, partner, revision, assigned=True)
        return before

    def is_empty(self) -> bool:
        """Whether nobody owns anything yet."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(OWNERS.c.entity).limit(1)) is None


def _owners(connection: sa.Connection, entities: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in _chunks(entities):
        statement = sa.select(OWNERS.c.entity, OWNERS.c.partner).where(OWNERS.c.entity.in_(chunk))
        found.update((entity, partner) for entity, partner in connection.execute(statement))
    return found


def _insert(
    connection: sa.Connection, entities: Iterable[str], partner: str, revision: int, *, assigned: bool = False
) -> None:
    for chunk in _chunks(entities):
        rows = [
            {"entity": entity, "partner": partner, "since_revision": revision, "assigned": assigned}
            for entity in chunk
        ]
        connection.execute(sa.insert(OWNERS), rows)


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
