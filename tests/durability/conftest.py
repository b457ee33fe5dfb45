"""Data directories that are written to, killed, filled up and damaged."""

import shutil
from pathlib import Path

import pytest

from graph.store.ledger import Ledger
from graph.store.tokens import Tokens

PARTNER = "example-partner"


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    """A copy that a test may do anything with."""
    folder = tmp_path / "var"
    shutil.copytree(prepared, folder)
    return folder


def token(data_dir: Path, partner: str = PARTNER) -> str:
    """A new token of a partner."""
    ledger = Ledger(f"sqlite:///{data_dir / 'ledger.sqlite'}")
    try:
        return Tokens(ledger.database).create(partner)[1]
    finally:
        ledger.close()
