"""Checking contributions: in this process where the outcome matters, in a worker where its survival matters."""

from collections.abc import Callable, Iterator

import pytest

from graph.contribute.parse import read
from graph.contribute.reference import Reference
from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.validate import validate
from graph.contribute.worker import RELATIVE_BASE, Checking
from graph.settings import MIB, Settings

Check = Callable[..., Report]


@pytest.fixture(scope="session")
def check(rules: Rules, reference: Reference) -> Check:
    """Checks Turtle: ``check(text, language="nl", max_findings=5)``."""

    def checked(data: str | bytes, media_type: str = "text/turtle", **options: object) -> Report:
        text = data.encode() if isinstance(data, str) else data
        return validate(read(text, media_type, RELATIVE_BASE, 10 * MIB), reference, rules, **options)  # type: ignore[arg-type]

    return checked


@pytest.fixture(scope="session")
def checking() -> Iterator[Checking]:
    """One checking worker with tight limits."""
    workers = Checking(
        Settings(check_workers=1, check_timeout=60, check_memory=2048 * MIB, max_upload_bytes=32 * MIB)
    )
    yield workers
    workers.close()
