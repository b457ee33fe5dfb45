"""Checking contributions: in this process where the outcome matters, in a worker where its survival matters."""

from collections.abc import Callable, Iterator

import pytest

from graph.contribute.checking import RELATIVE_BASE, Checking
from graph.contribute.mending.correction import Corrected, correct
from graph.contribute.mending.menders import Menders
from graph.contribute.reading.parse import Parsed, read
from graph.contribute.reference import Reference
from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.validate import Examined, examine, validate
from graph.resources import ONTOLOGY
from graph.settings import MIB, Settings

Check = Callable[..., Report]


@pytest.fixture(scope="session")
def menders(rules: Rules, reference: Reference) -> Menders:
    """What suggestions are looked up in."""
    return Menders(rules, reference, ONTOLOGY)


@pytest.fixture(scope="session")
def fix(rules: Rules, reference: Reference, menders: Menders) -> Callable[..., Corrected]:
    """Corrects a document: ``fix(text, "text/turtle")``."""

    def corrected(data: str | bytes, media_type: str = "text/turtle", language: str = "en") -> Corrected:
        text = data.encode() if isinstance(data, str) else data

        def examined(parsed: Parsed) -> Examined:
            return examine(parsed, reference, rules, menders, language=language)

        return correct(read(text, media_type, RELATIVE_BASE, 10 * MIB), examined, 10 * MIB)

    return corrected


@pytest.fixture(scope="session")
def check(rules: Rules, reference: Reference, menders: Menders) -> Check:
    """Checks Turtle: ``check(text, language="nl", max_findings=5)``."""

    def checked(data: str | bytes, media_type: str = "text/turtle", **options: object) -> Report:
        text = data.encode() if isinstance(data, str) else data
        parsed = read(text, media_type, RELATIVE_BASE, 10 * MIB)
        return validate(parsed, reference, rules, menders=menders, **options)  # type: ignore[arg-type]

    return checked


@pytest.fixture(scope="session")
def checking() -> Iterator[Checking]:
    """One checking worker with tight limits."""
    workers = Checking(
        Settings(check_workers=1, check_timeout=60, check_memory=2048 * MIB, max_upload_bytes=32 * MIB)
    )
    yield workers
    workers.close()
