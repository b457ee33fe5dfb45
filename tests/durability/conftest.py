"""Data directories that are written to, killed, filled up and damaged; one is prepared for the whole run and copied."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from bench.served import prepare
from graph.store.ledger import Ledger
from graph.store.tokens import Tokens

PARTNER = "example-partner"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory without contributions, made once for all processes of the test run."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = base / "prepared"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            prepare(folder)
            (folder / "made").touch()
    return folder


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
