"""The checking worker: parses and validates one document after the other in a process of its own."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Store, Triple

from graph.contribute.parse import canonical_ntriples, from_ntriples, read
from graph.contribute.reference import Reference
from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.validate import validate
from graph.errors import Busy
from graph.resources import DATA, ONTOLOGY, SHAPES
from graph.store.content import content_hash
from graph.store.workers import WorkerPool, WorkerSpec

if TYPE_CHECKING:  # a worker starts sooner without what only its owner needs
    from graph.settings import Settings

RELATIVE_BASE = "https://w3id.org/infrashare/relative/"
"""Relative IRIs resolve to this, where a rule finds and refuses them."""


@dataclass(frozen=True)
class Checked:
    """A checked contribution: its report, its canonical N-Triples, and the hash of the bytes it came as."""

    report: Report
    ntriples: bytes
    source_sha256: str

    def triples(self) -> list[Triple]:
        return from_ntriples(self.ntriples)


class _Checker:
    def __init__(self, shapes: Path, ontology: Path, data: Path, max_bytes: int, max_findings: int) -> None:
        self._rules = Rules(shapes)
        self._reference = Reference(ontology, data)
        self._max_bytes = max_bytes
        self._max_findings = max_findings
        self._snapshot: tuple[str, Store] | None = None
        self._check(
            b"<urn:x:a> <urn:x:b> <urn:x:c> .", "text/turtle", "en", None
        )  # load what is loaded lazily
        gc.collect()
        gc.freeze()

    def check(
        self, data: bytes, media_type: str, language: str, snapshot: str | None, replacing: str | None = None
    ) -> Checked:
        try:
            return self._check(data, media_type, language, snapshot, replacing)
        finally:
            gc.collect()  # nothing of this document is kept while the worker waits for the next

    def _check(
        self, data: bytes, media_type: str, language: str, snapshot: str | None, replacing: str | None = None
    ) -> Checked:
        parsed = read(data, media_type, RELATIVE_BASE, self._max_bytes)
        report = validate(
            parsed,
            self._reference,
            self._rules,
            snapshot=self._open(snapshot),
            replacing=NamedNode(replacing) if replacing else None,
            max_findings=self._max_findings,
            language=language,
        )
        return Checked(report, canonical_ntriples(parsed.triples), content_hash(data))

    def _open(self, snapshot: str | None) -> Store | None:
        if snapshot is None:
            return None
        if self._snapshot is None or self._snapshot[0] != snapshot:
            try:
                self._snapshot = (snapshot, Store.read_only(snapshot))
            except OSError as error:
                raise Busy("the dataset moved on while the check waited; try again") from error
        return self._snapshot[1]


def setup(
    shapes: Path, ontology: Path, data: Path, max_bytes: int, max_findings: int
) -> dict[str, Callable[..., Any]]:
    """Load rules and reference data once; called in the worker process."""
    checker = _Checker(shapes, ontology, data, max_bytes, max_findings)
    return {"check": checker.check}


class Checking:
    """Checks contributions in warm worker processes."""

    def __init__(self, settings: "Settings", *, shapes: Path = SHAPES) -> None:
        self._timeout = settings.check_timeout
        spec = WorkerSpec(
            "check",
            "graph.contribute.worker:setup",
            (shapes, ONTOLOGY, DATA, settings.max_upload_bytes, settings.max_findings),
            settings.check_memory,
        )
        self._pool = WorkerPool(spec, settings.check_workers, settings.worker_queue)

    def check(
        self,
        data: bytes,
        media_type: str,
        *,
        language: str = "en",
        snapshot: Path | None = None,
        replacing: NamedNode | None = None,
    ) -> Checked:
        """Parse and validate a document against the dataset in ``snapshot``, else against what ships.

        ``replacing`` is the graph that the document will replace: nothing in it counts as known.
        Raises ``SyntaxProblem``, ``Unsupported``, ``TooLarge``, ``LimitExceeded`` or ``Busy``.
        """
        path = None if snapshot is None else str(snapshot)
        graph = None if replacing is None else replacing.value
        checked: Checked = self._pool.run(
            "check", data, media_type, language, path, graph, timeout=self._timeout
        )
        return checked

    def warm(self) -> bool:
        return self._pool.warm()

    def close(self) -> None:
        self._pool.close()
