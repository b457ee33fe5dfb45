"""The state that descriptions of the dataset are made from: counted once a revision, with the dumps that are there."""

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


class Publication:
    """What is told of a dataset."""

    def __init__(self, ledger: Ledger, dumps: Dumps, queries: QueryCatalogue, publisher: str) -> None:
        self._ledger = ledger
        self._dumps = dumps
        self._counted = Counted(queries)
        self._publisher = publisher

    def state(self, reader: Reader, site: str, *, with_files: bool = False) -> State:
        """The state of what a reader sees, served at an address that ends in a slash.

        With files it waits a little for the dumps; those that are not written by then are left out.
        """
        revision = reader.revision
        return State(
            site,
            revision,
            self._ledger.time_of(revision),
            self._ledger.time_of(1),
            lambda: self._counted.of(reader),
            self._ledger.current(at=revision),
            [(form, self._file(revision, form) if with_files else None) for form in FORMS],
            self._publisher,
        )

    def _file(self, revision: int, form: Form) -> File | None:
        try:
            return self._dumps.at(revision, form, _PATIENCE)
        except Busy:
            return None
