"""The change feed and its mirror: pages that never change, and a ledger that ends with the same versions and hashes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from graph.errors import Conflict, GraphError, InputError, NotFound
from graph.publish.feed import FORMATS, MOST_MEMBERS, MOST_STATEMENTS, Feed, in_format, pages
from graph.publish.harvest import read_links, read_members
from graph.publish.mirror import follow
from graph.settings import Settings
from graph.store.formats import write_graph
from graph.store.ledger import DELETED, NOT_KEPT, ROLLED_BACK, Ledger, Version
from graph.store.tables import CONTENTS

ADDRESS = "https://infrashare.example/feed"
SETTINGS = Settings(**{})


def _quiet(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


def _text(number: int, words: str = "a") -> bytes:
    facility, title = "https://w3id.org/infrashare/id/facility/f", "http://purl.org/dc/terms/title"
    return b"".join(f'<{facility}-{at:03}> <{title}> "{words}"@en .\n'.encode() for at in range(number))


def append(ledger: Ledger, dataset: str, content: bytes, **more: object) -> Version:
    return ledger.append(
        graph=f"https://w3id.org/infrashare/graph/p/{dataset}",
        partner="p",
        dataset=dataset,
        ntriples=content,
        triples=content.count(b"\n"),
        agent="token 7",
        message='a line with \\ and "quotes"',
        quality_level=None if more.get("change") == DELETED else "gold",
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(f"sqlite:///{tmp_path / 'origin.sqlite'}")
    append(ledger, "one", _text(3))
    append(ledger, "two", _text(2, "b"))
    append(ledger, "one", _text(4))
    append(ledger, "two", b"", change=DELETED)
    append(ledger, "two", _text(2, "b"), change=ROLLED_BACK, restores=1)
    yield ledger
    ledger.close()


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(f"sqlite:///{tmp_path / 'mirror.sqlite'}")
    yield ledger
    ledger.close()


class Origin:
    """Serves the feed of a ledger, and counts what is fetched."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.fetched: list[str] = []

    def __call__(self, address: str) -> bytes:
        self.fetched.append(address.removeprefix(ADDRESS))
        feed, revision = Feed(self.ledger), self.ledger.revision()
        if address == ADDRESS:
            return write_graph(feed.root(revision, ADDRESS), "application/n-triples")
        return feed.quads(feed.page(int(address.rpartition("/")[2]), revision), ADDRESS)


def _told(ledger: Ledger) -> list[tuple[object, ...]]:
    """What a feed tells of all versions: all but who sent them and how many points they have."""
    return [
        tuple(value for name, value in vars(version).items() if name not in {"agent", "quality_score"})
        for version in ledger.all()
    ]


@given(st.lists(st.integers(0, MOST_STATEMENTS + 5), max_size=300))
def test_pages_hold_everything_once_and_a_closed_page_stays(sizes: list[int]) -> None:
    versions = [
        Version(at, "g", "p", "d", at, "", None, size, "2026-11-27T10:00:00+00:00", "", "", None, None)
        for at, size in enumerate(sizes, 1)
    ]
    whole = pages(versions)
    assert [version for page in whole for version in page.versions] == versions
    assert [page.is_closed for page in whole] == [True] * (len(whole) - 1) + [False] * bool(whole)
    for page in whole:
        assert len(page.versions) <= MOST_MEMBERS
        assert len(page.versions) == 1 or sum(v.triples for v in page.versions) <= MOST_STATEMENTS
    then = pages(versions[: len(versions) // 2])
    assert then[:-1] == whole[: len(then[:-1])]


def test_a_mirror_ends_with_the_same_versions(origin: Ledger, mirror: Ledger) -> None:
    followed = follow(mirror, ADDRESS, Origin(origin), SETTINGS, _quiet)
    assert (followed.revision, followed.versions) == (5, 5)
    assert _told(mirror) == _told(origin)
    for version in origin.all():
        assert mirror.content(version.sha256) == origin.content(version.sha256)


def test_it_goes_on_where_it_was_and_asks_for_nothing_twice(
    origin: Ledger, mirror: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.publish.feed.MOST_MEMBERS", 2)
    served = Origin(origin)
    follow(mirror, ADDRESS, served, SETTINGS, _quiet)
    assert served.fetched == ["", "/1", "/2", "/3"]
    append(origin, "three", _text(1, "c"))
    append(origin, "one", b"", change=DELETED)
    served.fetched.clear()
    assert follow(mirror, ADDRESS, served, SETTINGS, _quiet).versions == 2
    assert served.fetched == ["", "/3", "/4"]
    assert _told(mirror) == _told(origin)
    served.fetched.clear()
    assert follow(mirror, ADDRESS, served, SETTINGS, _quiet).versions == 0
    assert served.fetched == ["", "/4"]


def test_a_ledger_with_changes_of_its_own_is_no_mirror(origin: Ledger, mirror: Ledger) -> None:
    append(mirror, "one", _text(9, "other"))
    with pytest.raises(Conflict, match="not a mirror"):
        follow(mirror, ADDRESS, Origin(origin), SETTINGS, _quiet)
    for _ in range(6):
        append(mirror, "own", _text(1, "own"))
    with pytest.raises(Conflict, match="does not know revision 7"):
        follow(mirror, ADDRESS, Origin(origin), SETTINGS, _quiet)


ONE = b"<https://w3id.org/infrashare/graph/p/one"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"a"@en ' + ONE + b"/2>", b'"x"@en ' + ONE + b"/2>", "has the hash"),
        (b"isVersionOf> " + ONE + b">", b"isVersionOf> " + ONE + b"s>", "does not fit"),
        (b'revision> "3"', b'revision> "x"', "is no number"),
        (b"<https://w3id.org/tree#member> " + ONE + b"/2>", b"<x:y> <x:z>", "belongs to no member"),
        (b'"p/one"', b'"P/../one"', "does not fit"),
        (b" .\n", b" \n", "line"),
    ],
)
def test_a_damaged_page_is_refused_and_told(origin: Ledger, old: bytes, new: bytes, why: str) -> None:
    page = Origin(origin)(f"{ADDRESS}/1")
    assert old in page
    with pytest.raises(GraphError, match=why):
        read_members(page.replace(old, new))


def test_nothing_of_a_damaged_page_is_recorded(origin: Ledger, mirror: Ledger) -> None:
    served = Origin(origin)

    def damaged(address: str) -> bytes:
        return served(address).replace(b'"b"@en', b'"x"@en')

    with pytest.raises(InputError, match="has the hash"):
        follow(mirror, ADDRESS, damaged, SETTINGS, _quiet)
    assert mirror.revision() == 0


def test_pages_of_another_place_are_not_followed(origin: Ledger, mirror: Ledger) -> None:
    served = Origin(origin)
    with pytest.raises(InputError, match="names a page elsewhere"):
        follow(mirror, "https://other.example/feed", lambda _: served(ADDRESS), SETTINGS, _quiet)


def test_what_is_no_feed_is_told(mirror: Ledger) -> None:
    with pytest.raises(InputError, match="no change feed"):
        follow(mirror, ADDRESS, lambda _: b"<a:b> <c:d> <e:f> .\n", SETTINGS, _quiet)


@pytest.mark.parametrize("media_type", FORMATS)
def test_all_formats_of_a_page_say_the_same(origin: Ledger, media_type: str) -> None:
    feed = Feed(origin)
    quads = feed.quads(feed.page(1, 5), ADDRESS)
    written = in_format(quads, media_type)
    assert set(parse(written, FORMATS[media_type])) == set(parse(quads, RdfFormat.N_QUADS))


def test_a_page_names_no_person(origin: Ledger) -> None:
    feed = Feed(origin)
    assert b"token 7" not in feed.quads(feed.page(1, 5), ADDRESS)
    assert len(read_members(feed.quads(feed.page(1, 5), ADDRESS))) == 5
    assert [link.until for link in read_links(Origin(origin)(ADDRESS))] == [None]


def _forget(ledger: Ledger, version: Version) -> None:
    """Make the ledger one that was restored from a dump: the content of a version is not kept."""
    with ledger.database.writing("a test") as connection:
        connection.execute(
            sa.update(CONTENTS).where(CONTENTS.c.sha256 == version.sha256).values(ntriples_gz=NOT_KEPT)
        )


def test_a_past_content_that_is_not_kept_is_missing_in_the_mirror_too(origin: Ledger, mirror: Ledger) -> None:
    first, *_ = origin.all()
    _forget(origin, first)
    follow(mirror, ADDRESS, Origin(origin), SETTINGS, _quiet)
    assert _told(mirror) == _told(origin)
    with pytest.raises(NotFound, match="not kept"):
        mirror.content(first.sha256)


def test_a_feed_without_what_is_current_is_told(origin: Ledger, mirror: Ledger) -> None:
    last = origin.current()[0]
    _forget(origin, last)
    with pytest.raises(InputError, match=f"does not hold the content of {last.name}, version {last.version}"):
        follow(mirror, ADDRESS, Origin(origin), SETTINGS, _quiet)
