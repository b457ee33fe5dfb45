"""Tokens are scoped, expire, can be revoked, and only their hashes are kept."""

import sqlite3
from pathlib import Path

import pytest

from graph.errors import InputError, NotFound, Unauthorised
from graph.store.ledger import Ledger
from graph.store.tokens import Tokens


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}").database)


def test_a_token_names_its_partner(tokens: Tokens) -> None:
    made, text = tokens.create("flanders-make", 30, "laptop")
    found = tokens.bearer(text)
    assert (found, found.partner, found.label) == (made, "flanders-make", "laptop")
    assert tokens.all() == [made]


def test_the_secret_is_kept_nowhere(tokens: Tokens, tmp_path: Path) -> None:
    _, text = tokens.create("flanders-make")
    secret = text.rsplit("_", 1)[1].encode() if text.count("_") == 2 else text[20:].encode()
    assert len(secret) > 20
    assert all(secret not in path.read_bytes() for path in tmp_path.iterdir())


def test_no_two_tokens_are_alike(tokens: Tokens) -> None:
    assert len({tokens.create("p")[1] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "wrong", ["", "x", "infrashare_", "infrashare_00000000_" + "a" * 43, "Bearer x", "\ud800", "a" * 100_000]
)
def test_what_is_no_token_is_refused(tokens: Tokens, wrong: str) -> None:
    tokens.create("p")
    with pytest.raises(Unauthorised):
        tokens.bearer(wrong)


def test_another_secret_for_a_known_id_is_refused(tokens: Tokens) -> None:
    _, text = tokens.create("p")
    with pytest.raises(Unauthorised):
        tokens.bearer(text[:-1] + ("A" if text[-1] != "A" else "B"))


def test_a_revoked_token_is_worth_nothing(tokens: Tokens) -> None:
    made, text = tokens.create("p")
    revoked = tokens.revoke(made.id)
    assert revoked.revoked_at
    assert tokens.revoke(made.id) == revoked
    with pytest.raises(Unauthorised, match="revoked"):
        tokens.bearer(text)


def test_an_expired_token_is_worth_nothing(tokens: Tokens, tmp_path: Path) -> None:
    _, text = tokens.create("p", 1)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as database:
        database.execute("UPDATE tokens SET expires_at = '2026-01-01T00:00:00+00:00'")
    with pytest.raises(Unauthorised, match="expired"):
        tokens.bearer(text)


@pytest.mark.parametrize(("partner", "days"), [("Not A Name", 1), ("p", 0), ("p", -1), ("p", 100_000)])
def test_what_cannot_be_made_is_told(tokens: Tokens, partner: str, days: int) -> None:
    with pytest.raises(InputError):
        tokens.create(partner, days)
    assert tokens.all() == []


def test_revoking_what_is_not_there_is_told(tokens: Tokens) -> None:
    with pytest.raises(NotFound, match="nothing"):
        tokens.revoke("nothing")
