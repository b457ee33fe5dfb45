"""The small dataset of ``fixtures/exchange.trig``, whole or without some of its statements."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, RdfFormat, Store

from graph.iris import NUTS
from graph.match.reasons import Reasons
from graph.match.scheme import Scheme
from graph.match.view import Statement, View
from graph.regions.exchange.answer import exchange
from graph.resources import ONTOLOGY, QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import Snapshot

FIXTURE: Final = Path(__file__).parent / "fixtures" / "exchange.trig"
HERE, THERE, WEST = NUTS["AA1"], NUTS["BB1"], NUTS["CC1"]
_CATALOGUE = QueryCatalogue(QUERIES)
_REASONS = Reasons(ONTOLOGY / "words")


def view_of(without: Iterable[Statement] = (), language: str = "en", more: str = "") -> View:
    """The dataset without some statements and with some more, as a reader of a language sees it."""
    store = Store()
    store.load(FIXTURE.read_bytes(), format=RdfFormat.TRIG)
    prefixes = "".join(
        line for line in FIXTURE.read_text().splitlines(keepends=True) if line.startswith("@prefix")
    )
    store.load(prefixes + more, format=RdfFormat.TRIG)
    for subject, prop, value in without:
        for quad in list(store.quads_for_pattern(subject, prop, value, None)):
            store.remove(quad)
    snapshot = Snapshot(Path(), store, 1)
    return View(snapshot, _CATALOGUE, Scheme.read(snapshot, _CATALOGUE), _REASONS, language)


def asked(
    region: NamedNode = HERE, view: View | None = None, limit: int = 50, themes: tuple[NamedNode, ...] = ()
) -> dict[str, Any]:
    """What a region can learn, from the small dataset."""
    return exchange(region, view or view_of(), limit, themes)


def named(items: Iterable[dict[str, Any]]) -> list[str]:
    """The names of things in an answer."""
    return [one["label"] for one in items]


def part(one: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a score."""
    (found,) = (part for part in one["parts"] if part["part"] == name)
    return found
