"""Graphs to measure on, in temporary data directories: the shipped one, and synthetic ones of any size."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import read
from graph.contribute.synthetic import facilities
from graph.iris import GRAPH
from graph.service import Service, running
from graph.settings import Settings
from graph.store.derived import Derivation

SYNTHETIC = GRAPH["synthetic/facilities"]
_BATCH = 1_000


@dataclass(frozen=True)
class Loaded:
    """How long it took to load synthetic facilities, step by step, in seconds."""

    facilities: int
    triples: int
    derived: int
    bare: float
    """pyoxigraph alone: bulk load of the same text into a store on disk."""
    read: float
    """Parsing, naming blank nodes, and bulk load."""
    derive: float
    publish: float

    @property
    def whole(self) -> float:
        return self.read + self.derive + self.publish


def settings(**values: Any) -> Settings:
    """Settings with the given values and defaults."""
    return Settings(**values)


@contextmanager
def temporary_service(*, empty: bool = False) -> Iterator[Service]:
    """A started service with the shipped graph, or with the ontology and the code lists only."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(settings(data_dir=Path(folder), empty=empty)) as service,
    ):
        yield service


def load(service: Service, count: int) -> Loaded:
    """Load synthetic facilities straight into the engine, derive what matching needs, publish a snapshot."""
    bare, triples = _bare(count)
    started = time.perf_counter()
    for text in texts(count):
        parsed = read(text.encode(), "text/turtle", RELATIVE_BASE, len(text) * 4).triples
        service.engine.store.bulk_extend(Quad(t.subject, t.predicate, t.object, SYNTHETIC) for t in parsed)
    loaded = time.perf_counter()
    before = len(service.engine.store)
    derivation = Derivation(service.engine, service.catalogue)
    derivation.update(derivation.touched_by(SYNTHETIC))
    derived = time.perf_counter()
    added = len(service.engine.store) - before
    service.engine.publish()
    published = time.perf_counter()
    return Loaded(count, triples, added, bare, loaded - started, derived - loaded, published - derived)


def texts(count: int) -> Iterator[str]:
    """Synthetic facilities as Turtle, a thousand at a time."""
    parts = facilities(count)
    prefixes = next(parts)
    while batch := list(islice(parts, _BATCH)):
        yield "".join(chain([prefixes], batch))


def _bare(count: int) -> tuple[float, int]:
    parts = list(texts(count))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        started = time.perf_counter()
        for text in parts:
            store.bulk_load(text, RdfFormat.TURTLE, to_graph=SYNTHETIC)
        taken = time.perf_counter() - started
        return taken, len(store)
