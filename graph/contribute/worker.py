"""The checking worker: parses and validates one document after the other in a process of its own."""

import gc
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from graph.contribute.changes.difference import difference
from graph.contribute.changes.telling import Telling
from graph.contribute.checking import RELATIVE_BASE, Against, Checked
from graph.contribute.entities import described, references
from graph.contribute.mending.correction import Corrected, correct
from graph.contribute.mending.menders import Menders
from graph.contribute.reading.parse import Parsed, canonical_ntriples, from_ntriples, read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.validate import Examined, examine, validate
from graph.errors import Busy
from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.content import content_hash
from graph.store.engine import Snapshot


class _Checker:
    def __init__(self, shapes: Path, ontology: Path, data: Path, max_bytes: int, max_findings: int) -> None:
        self._rules = Rules(shapes)
        self._reference = Reference(ontology, data)
        self._menders = Menders(self._rules, self._reference, ontology)
        self._max_bytes = max_bytes
        self._max_findings = max_findings
        self._snapshot: tuple[str, Store] | None = None
        self._queries = QueryCatalogue(QUERIES)
        self._check(
            b"<urn:x:a> <urn:x:b> <urn:x:c> .", "text/turtle", "en", Against()
        )  # load what is loaded lazily
        gc.collect()
        gc.freeze()

    def check(self, data: bytes, media_type: str, language: str, against: Against) -> Checked:
        try:
            return self._check(data, media_type, language, against)
        finally:
            gc.collect()  # nothing of this document is kept while the worker waits for the next

    def _check(self, data: bytes, media_type: str, language: str, against: Against) -> Checked:
        parsed = read(data, media_type, RELATIVE_BASE, self._max_bytes)
        report = validate(
            parsed,
            self._reference,
            self._rules,
            snapshot=self._open(against.snapshot),
            replacing=against.replacing,
            others=against.others,
            menders=self._menders,
            max_findings=self._max_findings,
            language=language,
        )
        own = described(parsed.triples)
        return Checked(
            report,
            canonical_ntriples(parsed.triples),
            content_hash(data),
            described=own,
            refers_to=references(parsed.triples) - own,
            revision=against.revision,
        )

    def fix(
        self, data: bytes, media_type: str, language: str, against: Against, only: frozenset[str]
    ) -> Corrected:
        def examined(parsed: Parsed) -> Examined:
            return examine(
                parsed,
                self._reference,
                self._rules,
                self._menders,
                snapshot=self._open(against.snapshot),
                replacing=against.replacing,
                others=against.others,
                max_findings=self._max_findings,
                language=language,
            )

        try:
            parsed = read(data, media_type, RELATIVE_BASE, self._max_bytes)
            return correct(parsed, examined, self._max_bytes, only)
        finally:
            gc.collect()

    def compare(self, old: bytes, new: bytes, language: str, against: Against) -> dict[str, Any]:
        try:
            store = self._open(against.snapshot)
            reader = Snapshot(against.snapshot, store, against.revision or 0) if store else None  # type: ignore[arg-type]  # a store has its path
            changes = difference(from_ntriples(old), from_ntriples(new))
            return Telling(changes, reader, self._queries if reader else None).as_json(language)
        finally:
            gc.collect()

    def _open(self, path: Path | None) -> Store | None:
        if path is None:
            return None
        snapshot = str(path)
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
    # Rules find what does not fit its type; what the library says of it would put others' texts on a terminal.
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="rdflib")
    checker = _Checker(shapes, ontology, data, max_bytes, max_findings)
    return {"check": checker.check, "fix": checker.fix, "compare": checker.compare}
