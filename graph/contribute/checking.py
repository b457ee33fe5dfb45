"""Checking contributions: what a document is checked against, what comes of it, and the workers that do it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode, Triple

from graph.contribute.reading.parse import from_ntriples
from graph.contribute.report import Report
from graph.iris import RELATIVE
from graph.progress import Progress
from graph.resources import DATA, ONTOLOGY, SHAPES
from graph.store.worker_process import WorkerSpec
from graph.store.workers import WorkerPool

if TYPE_CHECKING:
    from graph.contribute.mending.correction import Corrected
    from graph.settings import Settings

RELATIVE_BASE: Final = RELATIVE.base
"""Relative IRIs resolve to this, where a rule finds and refuses them."""


@dataclass(frozen=True)
class Against:
    """What a document is checked against: the dataset in a snapshot, else what ships.

    ``replacing`` is the graph that the document will replace: nothing in it counts as known. ``others`` are entities
    of other partners, each with its owner.
    """

    snapshot: Path | None = None
    revision: int | None = None
    replacing: NamedNode | None = None
    others: Mapping[str, str] = field(default_factory=dict)


WHAT_SHIPS: Final = Against()


@dataclass(frozen=True)
class Checked:
    """A checked contribution: its report, its canonical N-Triples, and the hash of the bytes it came as.

    ``described`` are the entities that it makes statements about, ``refers_to`` those that it only refers to;
    ``revision`` is that of the dataset that it was checked against, ``None`` for what ships.
    """

    report: Report
    ntriples: bytes
    source_sha256: str
    described: frozenset[str] = frozenset()
    refers_to: frozenset[str] = frozenset()
    revision: int | None = None

    def triples(self) -> list[Triple]:
        return from_ntriples(self.ntriples)


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
        against: Against = WHAT_SHIPS,
        progress: Progress | None = None,
    ) -> Checked:
        """Parse and validate a document against a state of the dataset, else against what ships.

        Raises ``SyntaxProblem``, ``Unsupported``, ``TooLarge``, ``LimitExceeded`` or ``Busy``.
        """
        checked: Checked = self._pool.run(
            "check", data, media_type, language, against, timeout=self._timeout, progress=progress
        )
        return checked

    def fix(
        self,
        data: bytes,
        media_type: str,
        *,
        language: str = "en",
        against: Against = WHAT_SHIPS,
        only: Collection[str] = (),
    ) -> "Corrected":
        """Make all mends that are certain, and check what comes of it; raises what ``check`` raises.

        With keys of suggestions in ``only``, no others are made.
        """
        corrected: Corrected = self._pool.run(
            "fix", data, media_type, language, against, frozenset(only), timeout=self._timeout
        )
        return corrected

    def compare(
        self, old: bytes, new: bytes, *, language: str = "en", against: Against = WHAT_SHIPS
    ) -> dict[str, Any]:
        """What changed from one canonical content to another, in words and as triples (``Telling.as_json``).

        Names of what is mentioned come from the state of the dataset. Raises ``LimitExceeded`` or ``Busy``.
        """
        told: dict[str, Any] = self._pool.run("compare", old, new, language, against, timeout=self._timeout)
        return told

    def warm(self) -> None:
        """Wait until the workers are set up."""
        self._pool.warm()

    def close(self) -> None:
        self._pool.close()
