"""Contributions as commits: send a file, see what would change, go back, delete, and look at what was.

A file is checked in a worker against the state that readers see, and accepted by one writer at a time. What went on
meanwhile is looked at again before anything is written.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from pyoxigraph import NamedNode

from graph.contribute.accept import (
    Acceptance,
    Accepted,
    NotConforming,
    Overtaken,
    Record,
)
from graph.contribute.checking import Against, Checked, Checking
from graph.contribute.entities import described
from graph.contribute.history import History
from graph.contribute.index import Index, IndexBehind
from graph.contribute.reading.parse import from_ntriples
from graph.contribute.reading.syntax import in_language
from graph.contribute.receipt import Counts, Receipt, content
from graph.contribute.referrers import Referrers
from graph.contribute.report import Quality, Report
from graph.contribute.rules import Rules
from graph.contribute.sent import FOREIGN_CODES, NotOwn, Sent, Terms
from graph.contribute.words import Words
from graph.errors import Busy, Conflict, NotFound, StoreError, SyntaxProblem
from graph.progress import Progress, silent
from graph.store.catalogue import QueryCatalogue
from graph.store.content import content_hash
from graph.store.engine import Snapshot
from graph.store.fault import fault
from graph.store.ledger import DELETED, ROLLED_BACK, Ledger, Version
from graph.store.owners import OwnedByOthers, Owners
from graph.store.protocol import Engine
from graph.store.replies import Replies, Request

_ATTEMPTS = 3
_PLAIN: Final = Terms()


class Contributions:
    """The contributions of a service: what partners do with them."""

    def __init__(
        self,
        ledger: Ledger,
        engine: Engine,
        state: Callable[[], Snapshot],
        acceptance: Acceptance,
        index: Index,
        checking: Callable[[], Checking],
        rules: Callable[[], Rules],
        queries: QueryCatalogue,
        queue: int,
    ) -> None:
        self.history = History(ledger)
        self.owners = Owners(ledger.database)
        self._ledger = ledger
        self._engine = engine
        self._state = state
        self._acceptance = acceptance
        self._index = index
        self._checking = checking
        self._referrers = Referrers(engine, queries, rules)
        self._replies = Replies(ledger.database)
        self._places = threading.BoundedSemaphore(queue + 1)
        self._under_way: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def put(self, sent: Sent, terms: Terms = _PLAIN, progress: Progress = silent) -> Receipt:
        """Check a file and make it the current version of its graph, or with ``dry_run`` say what that would change.

        Raises what ``Checking.check`` and ``Acceptance.accept`` raise; ``NotOwn`` where it describes what is not the
        partner's; ``Busy`` where too many wait; ``KeyReused`` and ``Conflict`` for a request key that was or is used.
        """
        graph = sent.graph
        with self._place(terms.request):
            if known := self._answered(terms.request):
                return known
            if terms.precondition:
                terms.precondition(self._ledger.latest(graph.value))
            for attempt in range(_ATTEMPTS):
                checked = self._check(sent, progress)
                if terms.dry_run:
                    return self._foreseen(sent, checked)
                try:
                    return self._accept(sent, checked, terms, progress)
                except (Overtaken, OwnedByOthers):
                    if attempt == _ATTEMPTS - 1:
                        raise
        raise AssertionError("the last attempt returns or raises")

    def roll_back(
        self, sent: Sent, version: int, terms: Terms = _PLAIN, progress: Progress = silent
    ) -> Receipt:
        """Make an older version's content a new version. It passes the same gate as any other.

        Raises ``NotFound`` where there is no such version or it is a deletion, and what ``put`` raises.
        """
        old = self.history.version(sent.graph, version)
        if old.is_deletion:
            raise NotFound(f"{old.name} version {version} is a deletion: there is nothing to go back to")
        message = sent.message or f"back to version {version}"
        again = replace(
            sent,
            data=self._ledger.content(old.sha256),
            media_type="application/n-triples",
            message=message,
            change=ROLLED_BACK,
            restores=version,
        )
        return self.put(again, terms, progress)

    def delete(self, sent: Sent, terms: Terms = _PLAIN) -> Receipt:
        """Delete a contribution; its history stays, and what others refer to in it is listed as a warning."""
        graph = sent.graph
        with self._place(terms.request):
            if known := self._answered(terms.request):
                return known
            last = self.history.current(graph)
            if terms.precondition:
                terms.precondition(last)
            report = self._with_dropped(_empty_report(), graph, last, frozenset(), sent.language)
            if terms.dry_run:
                counts = Counts(0, 0, last.triples)
                made = _content(last, DELETED, counts, report, dry_run=True)
                return Receipt({**made, "version": last.version + 1})

            def receipt(accepted: Accepted) -> Receipt:
                counts = Counts(0, accepted.added, accepted.removed)
                return Receipt(_content(accepted.version, DELETED, counts, report))

            accepted = self._acceptance.delete(
                sent.partner,
                sent.dataset,
                agent=sent.agent,
                message=sent.message or "deleted",
                precondition=terms.precondition,
                record=self._record(terms.request, receipt),
            )
            return receipt(accepted)

    @contextmanager
    def _place(self, request: Request | None) -> Iterator[None]:
        """A place in the queue. Raises ``Busy`` where it is full, ``Conflict`` where the same request is under way."""
        if not self._places.acquire(blocking=False):
            raise Busy("too many contributions wait to be accepted; send it again in a few seconds")
        key = (request.partner, request.key) if request else None
        try:
            with self._lock:
                if key in self._under_way:
                    raise Conflict(
                        f"a request with the Idempotency-Key {key[1] if key else ''!r} is still under way; "
                        "wait for its answer, or send it again in a few seconds"
                    )
                if key:
                    self._under_way.add(key)
            try:
                yield
            finally:
                with self._lock:
                    if key:
                        self._under_way.discard(key)
        finally:
            self._places.release()

    def _answered(self, request: Request | None) -> Receipt | None:
        """The answer that the request got before, once readers see what it tells of. Raises ``IndexBehind``."""
        reply = self._replies.find(request) if request else None
        if reply is None:
            return None
        receipt = Receipt.from_reply(reply)
        if receipt.revision > self._engine.reader().revision:
            try:
                self._index.heal()
            except StoreError as error:
                raise IndexBehind(
                    f"the request was accepted as revision {receipt.revision}, but {error.detail}"
                ) from error
        return receipt

    def _check(self, sent: Sent, progress: Progress) -> Checked:
        """The checked file, with warnings on what it drops. Raises ``NotConforming`` or ``NotOwn``."""
        reader = self._state()  # its files stay for as long as it is referred to
        against = Against(reader.path, reader.revision, sent.graph)
        checking = self._checking()

        def check(how: Against) -> Checked:
            try:
                return checking.check(
                    sent.data, sent.media_type, language=sent.language, against=how, progress=progress
                )
            except SyntaxProblem as error:
                raise in_language(error, sent.language, Words()) from error

        checked = check(against)
        others = self.owners.others(checked.described, sent.partner)
        if others:
            checked = check(replace(against, others=others))
        fault("checked")
        if FOREIGN_CODES & checked.report.by_code.keys():
            raise NotOwn(checked.report)
        if not checked.report.conforms:
            raise NotConforming(checked.report)
        last = self._ledger.latest(sent.graph.value)
        report = self._with_dropped(checked.report, sent.graph, last, checked.described, sent.language)
        return replace(checked, report=report)

    def _with_dropped(
        self, report: Report, graph: NamedNode, last: Version | None, kept: frozenset[str], language: str
    ) -> Report:
        """The report with a warning for each entity that is dropped although others refer to it."""
        if last is None or last.is_deletion:
            return report
        dropped = described(from_ntriples(self._ledger.content(last.sha256))) - kept
        return self._referrers.warned(report, sorted(dropped), graph, language)

    def _foreseen(self, sent: Sent, checked: Checked) -> Receipt:
        """What accepting would bring, with nothing written."""
        graph = sent.graph
        last = self._ledger.latest(graph.value)
        sha256 = content_hash(checked.ntriples)
        unchanged = last is not None and not last.is_deletion and last.sha256 == sha256
        version = (last.version if last else 0) + (0 if unchanged else 1)
        old = self._ledger.content(last.sha256) if last else b""
        changes = self._compare(old, checked.ntriples, sent.language)
        triples = changes["counts"]["triples"]
        made = content(
            graph=graph.value,
            version=version,
            revision=self._engine.reader().revision,
            sha256=sha256,
            change=sent.change,
            counts=Counts(checked.report.triples, triples["added"], triples["removed"]),
            report=checked.report,
            unchanged=unchanged,
            dry_run=True,
        )
        return Receipt({**made, "changes": changes}, created=last is None or last.is_deletion)

    def _accept(self, sent: Sent, checked: Checked, terms: Terms, progress: Progress) -> Receipt:
        created = False

        def before(last: Version | None) -> None:
            nonlocal created
            created = last is None or last.is_deletion
            if terms.precondition:
                terms.precondition(last)
            progress("write", 0, 1)

        def receipt(accepted: Accepted) -> Receipt:
            counts = Counts(accepted.version.triples, accepted.added, accepted.removed)
            change = accepted.version.change
            made = _content(accepted.version, change, counts, checked.report, unchanged=accepted.unchanged)
            return Receipt(made, created=created)

        accepted = self._acceptance.accept(
            checked,
            sent.partner,
            sent.dataset,
            agent=sent.agent,
            message=sent.message or f"contributed by {sent.partner}",
            change=sent.change,
            restores=sent.restores,
            precondition=before,
            record=self._record(terms.request, receipt),
        )
        progress("write", 1, 1)
        return receipt(accepted)

    def _record(self, request: Request | None, receipt: Callable[[Accepted], Receipt]) -> Record | None:
        if request is None:
            return None

        def record(connection: sa.Connection, accepted: Accepted) -> None:
            self._replies.keep(connection, request, receipt(accepted).as_reply())

        return record

    def compare(self, graph: NamedNode, older: int, newer: int, language: str) -> dict[str, Any]:
        """What changed from one version to another, as ``Checking.compare`` tells it; version 0 is nothing.

        Raises ``NotFound``.
        """
        old, new = (
            self._ledger.content(self.history.version(graph, number).sha256) if number else b""
            for number in (older, newer)
        )
        return {"from": older, "to": newer, **self._compare(old, new, language)}

    def _compare(self, old: bytes, new: bytes, language: str) -> dict[str, Any]:
        reader = self._state()
        against = Against(reader.path, reader.revision)
        return self._checking().compare(old, new, language=language, against=against)


def _empty_report() -> Report:
    counts: Mapping[str, int] = {"violation": 0, "warning": 0, "info": 0}
    return Report(0, dict(counts), {}, (), Quality("bronze", 0.0))


def _content(
    version: Version,
    change: str,
    counts: Counts,
    report: Report,
    *,
    unchanged: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    made = content(
        graph=version.graph,
        version=version.version,
        revision=version.revision,
        sha256=version.sha256,
        change=change,
        counts=counts,
        report=report,
        unchanged=unchanged,
        dry_run=dry_run,
    )
    return made if change != DELETED else {**made, "quality": None}
