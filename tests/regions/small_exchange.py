"""The small dataset of ``fixtures/exchange.trig``, whole or without some of its statements."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import small_dataset
from pyoxigraph import NamedNode

from graph.iris import NUTS
from graph.match.view import Statement, View
from graph.regions.exchange.answer import exchange

FIXTURE: Final = Path(__file__).parent / "fixtures" / "exchange.trig"
HERE, THERE, WEST = NUTS["AA1"], NUTS["BB1"], NUTS["CC1"]


def view_of(without: Iterable[Statement] = (), language: str = "en", more: str = "") -> View:
    """The dataset without some statements and with some more, as a reader of a language sees it."""
    left_out = set(without)
    kept = (
        one
        for one in small_dataset.statements_of(FIXTURE, more)
        if (one.subject, one.predicate, one.object) not in left_out
    )
    return small_dataset.view_of(kept, language)


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
