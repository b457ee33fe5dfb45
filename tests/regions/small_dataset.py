"""A dataset of a few statements, as a reader of a language sees it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, Store, parse

from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.match.view import View
from graph.resources import ONTOLOGY, QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import Snapshot

CATALOGUE: Final = QueryCatalogue(QUERIES)
_REASONS: Final = Reasons(ONTOLOGY / "words")


def view_of(statements: Iterable[Quad], language: str = "en") -> View:
    """A dataset of these statements."""
    store = Store()
    for one in statements:
        store.add(one)
    snapshot = Snapshot(Path(), store, 1)
    return View(snapshot, CATALOGUE, Scheme.read(snapshot, CATALOGUE), _REASONS, language)


def statements_of(fixture: Path, more: str = "") -> Iterator[Quad]:
    """The statements of a TriG file, and some more that its prefixes hold for."""
    text = fixture.read_text(encoding="utf-8")
    yield from parse(text, format=RdfFormat.TRIG)
    prefixes = "".join(line for line in text.splitlines(keepends=True) if line.startswith("@prefix"))
    yield from parse(prefixes + more, format=RdfFormat.TRIG)
