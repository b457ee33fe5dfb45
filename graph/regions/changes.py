"""What changed in the facts on a region, and why: the newest versions of the contributions that describe it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal
from pyoxigraph import NamedNode

from graph.errors import NotFound
from graph.match.view import View, node_of
from graph.store.ledger import Ledger, Version

SHOWN: Final = 5
"""Versions that are shown, the newest."""
_COMPARED: Final = 100_000
"""Statements up to which versions are compared one by one; of larger ones only their number is told."""


@dataclass(frozen=True)
class Change:
    """A version of a contribution, with how many statements it added and removed; ``None`` where that is not known."""

    version: Version
    added: int | None
    removed: int | None


def changes(region: NamedNode, view: View, ledger: Ledger) -> list[Change]:
    """The newest changes of contributions that describe the region, up to the revision that is looked at."""
    graphs = {node_of(row, "graph")[0].value for row in view.rows("regions-graphs", region=[region])}
    now = view.reader.revision
    history = {(graph, one.version): one for graph in graphs for one in ledger.history(graph)}
    versions = [version for version in history.values() if version.revision <= now]
    newest = sorted(versions, key=lambda version: -version.revision)[:SHOWN]
    return [_change(one, history.get((one.graph, one.version - 1)), ledger) for one in newest]


def as_json(change: Change, view: View) -> dict[str, Any]:
    """A change as answers give it, in words too."""
    version = change.version
    words = {
        "contribution": version.name,
        "revision": str(version.revision),
        "date": format_date(_day(version), locale=view.language),
    }
    added, removed = (
        view.say("region-not-known") if number is None else format_decimal(number, locale=view.language)
        for number in (change.added, change.removed)
    )
    return {
        "contribution": version.name,
        "version": version.version,
        "revision": version.revision,
        "at": version.accepted_at,
        "by": version.agent,
        "message": version.message or None,
        "change": version.change,
        "added": change.added,
        "removed": change.removed,
        "text": view.say("region-change-deleted", **words)
        if version.is_deletion
        else view.say("region-change", version=str(version.version), added=added, removed=removed, **words),
        "reason": view.say("region-change-why", message=version.message)
        if version.message
        else view.say("region-change-no-reason"),
    }


def _change(version: Version, before: Version | None, ledger: Ledger) -> Change:
    if before is None:
        return Change(version, version.triples, 0)
    if max(version.triples, before.triples) > _COMPARED:
        return Change(version, None, None)
    try:
        new, old = _lines(version, ledger), _lines(before, ledger)
    except NotFound:  # the ledger was restored from a dump, which holds no past content
        return Change(version, None, None)
    return Change(version, len(new - old), len(old - new))


def _lines(version: Version, ledger: Ledger) -> frozenset[bytes]:
    """The statements of a version: canonical N-Triples have one a line."""
    return frozenset() if version.is_deletion else frozenset(ledger.content(version.sha256).splitlines())


def _day(version: Version) -> date:
    return date.fromisoformat(version.accepted_at[:10])
