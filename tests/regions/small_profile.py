"""The small dataset of ``fixtures/profile.trig``, with answers that can be worked out by hand."""

import random
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse

from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.match.view import View
from graph.resources import ONTOLOGY, QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import Snapshot

FIXTURE: Final = Path(__file__).parent / "fixtures" / "profile.trig"
CATALOGUE: Final = QueryCatalogue(QUERIES)
_REASONS: Final = Reasons(ONTOLOGY / "words")


def view_of(language: str = "en", order: random.Random | None = None, more: str = "") -> View:
    """The dataset as a reader of a language sees it; its statements in any order, with some more."""
    prefixes = "".join(
        line for line in FIXTURE.read_text().splitlines(keepends=True) if line.startswith("@prefix")
    )
    quads = [
        *parse(FIXTURE.read_bytes(), format=RdfFormat.TRIG),
        *parse(prefixes + more, format=RdfFormat.TRIG),
    ]
    if order:
        order.shuffle(quads)
    store = Store()
    for quad in quads:
        store.add(quad)
    snapshot = Snapshot(Path(), store, 1)
    return View(snapshot, CATALOGUE, Scheme.read(snapshot, CATALOGUE), _REASONS, language)
