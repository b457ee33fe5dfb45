"""The state that descriptions of the dataset are made from: counted once a revision, with the dumps that are there."""

from collections.abc import Sequence
from typing import Final

from graph.errors import Busy
from graph.publish.dataset import State
from graph.publish.dumps import FORMS, Dumps, File, Form
from graph.publish.statistics import Counted
from graph.store.catalogue import QueryCatalogue
from graph.store.ledger import Ledger
from graph.store.protocol import Reader

_PATIENCE: Final = 5.0
"""Seconds that a description waits for a dump, so that it can tell its size and checksum."""

Files = Sequence[tuple[Form, File | None]]


class Publication:
    """What is told of a dataset."""

    def __init__(self, ledger: Ledger, dumps: Dumps, queries: QueryCatalogue, publisher: str) -> None:
        self._ledger = ledger
        self._dumps = dumps
        self._counted = Counted(queries)
        self._publisher = publisher

    def state(self, reader: Reader, site: str, files: Files | None = None) -> State:
        """The state of what a reader sees, served at an address that ends in a slash, with what dumps are known."""
        revision = reader.revision
        return State(
            site,
            revision,
            self._ledger.time_of(revision),
            self._ledger.time_of(1),
            lambda: self._counted.of(reader),
            self._ledger.current(at=revision),
            files or [(form, None) for form in FORMS],
            self._publisher,
        )

    def files(self, revision: int) -> Files:
        """The dumps of a revision: waits a little for them; those that are not written by then are left out."""
        return [(form, self._file(revision, form)) for form in FORMS]

    def _file(self, revision: int, form: Form) -> File | None:
        try:
            return self._dumps.at(revision, form, _PATIENCE)
        except Busy:
            return None
