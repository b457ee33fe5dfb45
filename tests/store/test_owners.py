"""Entities belong to the partner that described them first, or that they were assigned to."""

from pathlib import Path

import pytest

from graph.store.ledger import Ledger
from graph.store.owners import OwnedByOthers, Owners

MANY = [f"https://w3id.org/infrashare/id/facility/f{number}" for number in range(1_200)]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


@pytest.fixture
def owners(ledger: Ledger) -> Owners:
    return Owners(ledger.database)


def claim(ledger: Ledger, owners: Owners, entities: list[str], partner: str) -> None:
    with ledger.database.writing("a test") as connection:
        owners.claim(connection, entities, partner, 1)


def test_who_comes_first_owns(ledger: Ledger, owners: Owners) -> None:
    assert owners.is_empty()
    claim(ledger, owners, MANY, "a")
    claim(ledger, owners, MANY, "a")
    assert owners.of([*MANY, "new"]) == dict.fromkeys(MANY, "a")
    assert owners.others(MANY, "a") == {}
    assert owners.others(MANY[:2], "b") == {MANY[0]: "a", MANY[1]: "a"}


def test_claiming_what_others_own_claims_nothing(ledger: Ledger, owners: Owners) -> None:
    claim(ledger, owners, MANY[:3], "a")
    with pytest.raises(OwnedByOthers) as caught:
        claim(ledger, owners, ["new", MANY[1]], "b")
    assert caught.value.owners == {MANY[1]: "a"}
    assert MANY[1] in caught.value.detail
    assert owners.of(["new"]) == {}


def test_inheriting_leaves_what_others_own(ledger: Ledger, owners: Owners) -> None:
    claim(ledger, owners, MANY[:1], "a")
    with ledger.database.writing("a test") as connection:
        owners.inherit(connection, MANY[:2], "b", 2)
    assert owners.of(MANY[:2]) == {MANY[0]: "a", MANY[1]: "b"}


def test_an_assignment_goes_before_who_came_first(ledger: Ledger, owners: Owners) -> None:
    claim(ledger, owners, MANY[:1], "a")
    assert owners.assign([*MANY[:2]], "b", 3) == {MANY[0]: "a"}
    assert owners.of(MANY[:2]) == dict.fromkeys(MANY[:2], "b")
    with pytest.raises(OwnedByOthers):
        claim(ledger, owners, MANY[:1], "a")


def test_a_ledger_of_earlier_days_gets_what_it_lacks(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.sqlite"
    Ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as database:
        for table in ("owners", "tokens", "replies"):
            database.execute(f"DROP TABLE {table}")
        for column in ("change", "restores"):
            database.execute(f'ALTER TABLE versions DROP COLUMN "{column}"')
    ledger = Ledger(f"sqlite:///{path}")
    version = ledger.append(
        graph="g", partner="p", dataset="d", ntriples=b"", triples=0, agent="a", message="m"
    )
    assert ledger.history("g") == [version]
    assert (version.change, version.restores) == ("accepted", None)
    assert Owners(ledger.database).is_empty()
