"""Demand in numbers, in the ledger's database: how many needs of a month ask for what, where and for which sector.

A month is settled, and can be published, when it has been over for a whole day. From then on its counts stay as they
are: numbers that change while they can be read would tell, by their difference, when a single need was sent.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta

import sqlalchemy as sa

from graph.store.database import Database
from graph.store.tables import DEMAND

NOT_STATED = ""
"""In the place of a region or a sector that a need does not state."""


@dataclass(frozen=True, order=True)
class Cell:
    """What is counted as one: a month (``2026-11``), and the IRIs of a region, a capability and a sector."""

    month: str
    region: str
    capability: str
    sector: str


def month_of(day: date) -> str:
    """The month of a day, as cells name it."""
    return f"{day:%Y-%m}"


def last_settled(today: date) -> str:
    """The last month that has been over for a whole day."""
    return month_of((today - timedelta(days=1)).replace(day=1) - timedelta(days=1))


class DemandCounts:
    """The counts of a service; several processes may add to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counts: Mapping[Cell, int]) -> None:
        """Add to the counts of cells, all or none. Raises ``StoreError``."""
        with self._database.writing("the counts of demand") as connection:
            for cell in sorted(counts):
                key = {field.name: getattr(cell, field.name) for field in fields(cell)}
                same = sa.and_(*(DEMAND.c[name] == value for name, value in key.items()))
                grown = sa.update(DEMAND).where(same).values(needs=DEMAND.c.needs + counts[cell])
                if connection.execute(grown).rowcount == 0:  # only one transaction writes at a time
                    connection.execute(sa.insert(DEMAND).values(**key, needs=counts[cell]))

    def published(self, least: int, until: str) -> dict[Cell, int]:
        """The cells with at least so many needs, of months up to one that is settled. Raises ``StoreError``.

        Nothing that is told of demand depends on any other cell: what is left out cannot be worked out.
        """
        columns = [DEMAND.c[field.name] for field in fields(Cell)]
        statement = sa.select(*columns, DEMAND.c.needs)
        statement = statement.where(DEMAND.c.needs >= least, DEMAND.c.month <= until).order_by(*columns)
        with self._database.reading() as connection:
            return {Cell(*row[:-1]): row[-1] for row in connection.execute(statement)}

    def all(self) -> dict[Cell, int]:
        """All counts, also those too small to be published. Raises ``StoreError``."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(DEMAND))
            return {Cell(row.month, row.region, row.capability, row.sector): row.needs for row in rows}


def key_of(cell: Cell) -> str:
    """A name of the cell for addresses: the last parts of its IRIs."""
    return "_".join(str(part).rsplit("/", 1)[-1] or "not-stated" for part in astuple(cell))
