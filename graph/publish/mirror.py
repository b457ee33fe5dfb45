"""A mirror: a ledger that follows the change feed of another service to the same versions, revisions and hashes.

From such a ledger come the same dump, byte for byte, and with the same software the same service.
"""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from graph.contribute.keeping.shipped import source_of
from graph.contribute.provenance import SOFTWARE
from graph.errors import Conflict, InputError, NotFound
from graph.progress import Progress
from graph.publish.harvest import Harvest, Link, Member
from graph.settings import Settings
from graph.store.ledger import NOT_KEPT, Ledger, Version, keep
from graph.store.owners import Owners
from graph.store.tables import VERSIONS

Fetch = Callable[[str], bytes]
"""Gets what stands at an address, as N-Quads."""
_LEVEL: Final = 6


@dataclass(frozen=True)
class Followed:
    """What following a feed brought."""

    revision: int
    versions: int
    pages: int


def follow(ledger: Ledger, address: str, fetch: Fetch, settings: Settings, progress: Progress) -> Followed:
    """Bring the ledger to the state of the feed at an address: each page as it is read, in one transaction.

    Raises ``Conflict`` where the ledger has versions that the feed does not know, ``InputError`` where the feed is
    damaged or lacks what is current, and what ``fetch`` raises; what was taken before stays.
    """
    harvest = Harvest(settings)
    try:
        links = harvest.links(fetch(address))
        _require_below(address, links)
        start = ledger.revision()
        due = [link for link in links if link.until is None or link.until >= start]
        known = ledger.all()
        taken = 0
        for done, link in enumerate(due):
            progress("follow the feed", done, len(due))
            members = harvest.members(fetch(link.address))
            if done == 0:
                _require_same(known, members)
            taken += _take(ledger, [member for member in members if member.version.revision > start])
        progress("follow the feed", len(due), len(due))
    finally:
        harvest.close()
    _finish(ledger)
    return Followed(ledger.revision(), taken, len(due))


def _require_below(address: str, links: Sequence[Link]) -> None:
    for link in links:
        if not link.address.startswith(f"{address}/"):
            raise InputError(
                f"the feed at {address} names a page elsewhere: {link.address}; use the address that it uses itself"
            )


def _require_same(known: Sequence[Version], members: Sequence[Member]) -> None:
    """See that the page, the first that may hold something new, knows what the ledger ends with."""
    told = {member.version.revision: member.version for member in members}
    if known and known[-1].revision not in told:
        raise Conflict(f"the feed does not know revision {known[-1].revision}, which this ledger has")
    for mine in known:
        theirs = told.get(mine.revision, mine)
        if (mine.graph, mine.version, mine.sha256) != (theirs.graph, theirs.version, theirs.sha256):
            raise Conflict(
                f"revision {mine.revision} is {mine.name}, version {mine.version} here, and {theirs.name}, version "
                f"{theirs.version} in the feed: this ledger is not a mirror of it"
            )


def _take(ledger: Ledger, members: Sequence[Member]) -> int:
    """Record new members and return how many they are."""
    owners = Owners(ledger.database)
    last = {version.graph: version.version for version in ledger.current(deleted=True)}
    with ledger.database.writing("a page of the feed") as connection:
        for member in members:
            version = member.version
            if version.version != last.get(version.graph, 0) + 1:
                raise InputError(
                    f"the feed lacks the version of {version.name} before version {version.version}"
                )
            last[version.graph] = version.version
            packed = NOT_KEPT if member.ntriples is None else gzip.compress(member.ntriples, _LEVEL, mtime=0)
            keep(connection, version.sha256, packed)
            connection.execute(sa.insert(VERSIONS).values(**vars(version)))
            if version.partner != SOFTWARE:
                owners.inherit(connection, sorted(member.entities), version.partner, version.revision)
    return len(members)


def _finish(ledger: Ledger) -> None:
    """See that all that is current is there; note which versions are those that ship with this software."""
    for version in ledger.current():
        try:
            ledger.content(version.sha256)
        except NotFound as error:
            raise InputError(
                f"the feed does not hold the content of {version.name}, version {version.version}"
            ) from error
        source = source_of(version) if version.source_sha256 is None else None
        if source is not None:
            same = VERSIONS.c.revision == version.revision
            with ledger.database.writing("what a version was made from") as connection:
                connection.execute(sa.update(VERSIONS).where(same).values(source_sha256=source))
