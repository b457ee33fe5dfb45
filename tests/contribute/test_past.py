"""Past states: the dataset as it was at each revision, kept within bounds, one build for all who ask."""

import errno
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from pyoxigraph import Quad, RdfFormat, parse

from graph.contribute.accept import Acceptance, graph_of
from graph.contribute.checking import Checked
from graph.contribute.index import Index
from graph.contribute.keeping.past import Past
from graph.contribute.reading.parse import canonical_ntriples
from graph.contribute.report import Quality, Report
from graph.errors import Busy, InputError, NotFound, StorageFull, StoreError
from graph.iris import CODELISTS_GRAPH, INFRA, PREFIXES, PROVENANCE_GRAPH
from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.content import content_hash
from graph.store.derived import Derivation
from graph.store.engine import EmbeddedEngine
from graph.store.ledger import ROLLED_BACK, Ledger
from graph.store.tables import CONTENTS

HEADER = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())
CODES = """
cap:lasers skos:inScheme <https://w3id.org/infrashare/codelist/capability> ; skos:broader cap:light .
cap:masers skos:inScheme <https://w3id.org/infrashare/codelist/capability> .
"""
MORE_CODES = CODES + "cap:light skos:broader cap:everything . cap:masers skos:broader cap:light .\n"
FACILITY = """
<https://w3id.org/infrashare/id/facility/{0}> a infra:Facility ;
  dct:title "{0} 1.0"@en, "a title . \\n with line ends and dots ." ; infra:capability cap:{1} ;
  infra:area 60.0 , -0.50 ; infra:inRegion nuts:BE223 .
"""
REPORT = Report(1, {"violation": 0, "warning": 0, "info": 0}, {}, (), Quality("silver", 0.6))


class House:
    """A ledger and an engine that several versions go through, with what the engine held at each revision."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.queries = QueryCatalogue(QUERIES)
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
        self.engine = EmbeddedEngine(folder)
        index = Index(self.ledger, self.engine, Derivation(self.engine, self.queries))
        self.acceptance = Acceptance(self.ledger, self.engine, index)
        self.held: dict[int, set[Quad]] = {}

    def look(self) -> None:
        snapshot = self.engine.publish()
        self.held[snapshot.revision] = set(snapshot.store)

    def codes(self, text: str) -> None:
        file = self.folder / "codes.ttl"
        file.write_text(HEADER + text, encoding="utf-8")
        self.acceptance.put_system_graph(CODELISTS_GRAPH, [file])
        self.look()

    def put(self, dataset: str, text: str, **options: object) -> None:
        triples = [quad.triple for quad in parse(HEADER + text, RdfFormat.TURTLE)]
        ntriples = canonical_ntriples(triples)
        self.acceptance.accept(
            Checked(REPORT, ntriples, content_hash(text.encode())),
            "flanders-make",
            dataset,
            agent="someone",
            message="a test",
            **options,  # type: ignore[arg-type]
        )
        self.look()

    def delete(self, dataset: str) -> None:
        self.acceptance.delete("flanders-make", dataset, agent="someone", message="gone")
        self.look()

    def past(self, kept: int = 2, ledger: Ledger | None = None) -> Past:
        return Past(self.folder / "past", ledger or self.ledger, self.queries, kept)

    def folders(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "past").iterdir())


def lived(folder: Path) -> House:
    """Eight revisions with new code lists, a deletion and a rollback."""
    house = House(folder)
    house.codes(CODES)
    house.put("one", FACILITY.format("a", "lasers"))
    house.put("two", FACILITY.format("b", "masers"))
    house.put("one", FACILITY.format("a", "masers") + FACILITY.format("c", "lasers"))
    house.codes(MORE_CODES)
    house.delete("two")
    house.put("one", FACILITY.format("a", "lasers"), change=ROLLED_BACK, restores=1)
    house.put("two", FACILITY.format("d", "masers"))
    return house


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    built = lived(tmp_path_factory.mktemp("house"))
    yield built
    built.ledger.close()
    built.engine.close()


@pytest.fixture
def house(whole: House) -> Iterator[House]:
    """The house, and no past states left of the test before."""
    yield whole
    shutil.rmtree(whole.folder / "past", ignore_errors=True)


def test_each_revision_is_quad_by_quad_what_the_engine_held(house: House) -> None:
    past = house.past(kept=8)
    assert sorted(house.held) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len({frozenset(quads) for quads in house.held.values()}) == 8
    for revision in (5, 1, 8, 2, 7, 3, 6, 4):
        snapshot = past.at(revision)
        assert set(snapshot.store) == house.held[revision]
        assert (snapshot.revision, snapshot.triples) == (revision, len(house.held[revision]))
        assert set(snapshot.store.named_graphs()) == {quad.graph_name for quad in house.held[revision]}


def test_derived_triples_and_provenance_are_of_that_time(house: House) -> None:
    past = house.past()
    ask = f"ASK {{ ?f <{INFRA['coversCapability'].value}> <{PREFIXES['cap']}everything> }}"
    answers = {
        revision: bool(past.at(revision).store.query(ask, use_default_graph_as_union=True))
        for revision in (4, 5)
    }
    assert answers == {4: False, 5: True}
    graph = graph_of("flanders-make", "one")
    for revision, version in ((3, "1"), (4, "2"), (7, "3")):
        about = past.at(revision).store.quads_for_pattern(graph, INFRA["version"], None, PROVENANCE_GRAPH)
        assert [quad.object.value for quad in about] == [version]  # type: ignore[union-attr]


class TestMoments:
    def test_now_and_the_past(self, house: House) -> None:
        past, current = house.past(), house.engine.reader()
        for asked in (None, 8):
            now = past.moment(asked, current)
            assert (now.revision, now.is_past, now.snapshot() is current) == (8, False, True)
        then = past.moment(3, current)
        assert (then.is_past, then.snapshot().revision) == (True, 3)

    def test_what_is_yet_to_come_is_not_found(self, house: House) -> None:
        with pytest.raises(NotFound, match="no revision 9 yet: the dataset is at revision 8"):
            house.past().moment(9, house.engine.reader())

    @pytest.mark.parametrize("number", [0, -3])
    def test_what_is_no_revision_is_refused_by_value(self, house: House, number: int) -> None:
        with pytest.raises(InputError, match=rf"revision {number}: revisions are numbered from 1 to 8"):
            house.past().moment(number, house.engine.reader())

    def test_the_ledger_knows_when(self, house: House) -> None:
        times = [house.ledger.time_of(revision) for revision in range(9)]
        assert times[0] == ""
        assert times[1:] == [version.accepted_at for version in house.ledger.all()]


class TestKept:
    def test_the_state_used_longest_ago_goes(self, house: House) -> None:
        past = house.past(kept=2)
        first = past.at(1)
        past.at(2)
        assert past.at(1) is first
        past.at(3)
        assert house.folders() == ["1-1", "3-3"]
        assert past.at(1) is first
        past.at(2)
        assert house.folders() == ["1-1", "2-4"]

    def test_a_state_that_is_read_stays_until_it_was_read(self, house: House) -> None:
        past = house.past(kept=1)
        read = past.at(1)
        past.at(2)
        assert house.folders() == ["1-1", "2-2"]
        assert set(read.store) == house.held[1]
        del read
        assert house.folders() == ["2-2"]

    def test_leftovers_of_an_earlier_run_are_removed_at_start(self, house: House) -> None:
        for name in ("7-1", "12-3", "holidays-2026", "notes"):
            (house.folder / "past" / name).mkdir(parents=True)
        house.past()
        assert house.folders() == ["holidays-2026", "notes"]

    def test_nothing_is_left_after_the_end(self, house: House) -> None:
        past = house.past()
        past.at(1)
        past.close()
        assert house.folders() == []


class SlowLedger(Ledger):
    """The ledger, on a disk that gives nothing until it is let."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.let = threading.Event()
        self.fails = False
        self.asked = threading.Semaphore(0)

    def content(self, sha256: str) -> bytes:
        self.asked.release()
        assert self.let.wait(30)
        if self.fails:
            raise StoreError("the disk is broken")
        return super().content(sha256)


@pytest.fixture
def slow(house: House) -> Iterator[SlowLedger]:
    ledger = SlowLedger(f"sqlite:///{house.folder / 'ledger.sqlite'}")
    yield ledger
    ledger.let.set()
    ledger.close()


class TestMany:
    def test_one_build_serves_all_who_ask(self, house: House, slow: SlowLedger) -> None:
        past = house.past(ledger=slow)
        with ThreadPoolExecutor(8) as threads:
            jobs = [threads.submit(past.at, 4) for _ in range(8)]
            assert slow.asked.acquire(timeout=30)
            slow.let.set()
            states = {id(job.result()) for job in jobs}
        assert len(states) == 1
        assert house.folders() == ["4-1"]

    def test_who_asks_for_what_is_there_does_not_wait(self, house: House, slow: SlowLedger) -> None:
        past = house.past(ledger=slow)
        slow.let.set()
        there = past.at(2)
        slow.let.clear()
        with ThreadPoolExecutor(2) as threads:
            jobs = [threads.submit(past.at, revision) for revision in (3, 4)]
            assert past.at(2) is there
            assert not any(job.done() for job in jobs)
            slow.let.set()
            assert [job.result().revision for job in jobs] == [3, 4]

    def test_too_many_who_wait_are_turned_away_at_once(self, house: House, slow: SlowLedger) -> None:
        past = house.past(ledger=slow)
        with ThreadPoolExecutor(16) as threads:
            jobs = [threads.submit(past.at, 1 + number % 4) for number in range(16)]
            turned_away = [job for job in jobs if _raises_busy_soon(job)]
            slow.let.set()
            states = [job.result().revision for job in jobs if job not in turned_away]
        assert len(turned_away) == 6
        assert len(states) == 10

    def test_a_failure_is_told_to_all_and_the_next_tries_again(self, house: House, slow: SlowLedger) -> None:
        past = house.past(ledger=slow)
        slow.fails = True
        with ThreadPoolExecutor(4) as threads:
            jobs = [threads.submit(past.at, 4) for _ in range(4)]
            assert slow.asked.acquire(timeout=30)
            slow.let.set()
            for job in jobs:
                with pytest.raises(StoreError, match="the disk is broken"):
                    job.result()
        assert house.folders() == []
        slow.fails = False
        assert set(past.at(4).store) == house.held[4]


def _raises_busy_soon(job: object) -> bool:
    try:
        job.result(timeout=0.3)  # type: ignore[attr-defined]
    except Busy:
        return True
    except TimeoutError:
        return False
    return False


class TestFaults:
    def test_a_content_that_is_not_kept_is_told(self, house: House) -> None:
        version = house.ledger.current(at=3)[-1]
        same = CONTENTS.c.sha256 == version.sha256
        with house.ledger.database.reading() as connection:
            packed = connection.scalar(sa.select(CONTENTS.c.ntriples_gz).where(same))
        with house.ledger.database.writing("nothing") as connection:
            connection.execute(sa.update(CONTENTS).where(same).values(ntriples_gz=b""))
        try:
            with pytest.raises(NotFound, match=r"revision 3 cannot be read: .*restored from a dump"):
                house.past().at(3)
            assert house.folders() == []
        finally:
            with house.ledger.database.writing("all again") as connection:
                connection.execute(sa.update(CONTENTS).where(same).values(ntriples_gz=packed))

    def test_a_folder_that_cannot_be_made_is_told(self, house: House) -> None:
        past = house.past()
        (house.folder / "past").write_text("in the way")
        try:
            with pytest.raises(StoreError, match="revision 2 could not be put together"):
                past.at(2)
        finally:
            (house.folder / "past").unlink()

    def test_a_full_disk_is_told_and_nothing_is_left(self, tmp_path: Path) -> None:
        """On a file system of 3 MiB, which a process may mount for itself where the system allows it."""
        disk = tmp_path / "disk"
        disk.mkdir()
        lived(tmp_path).ledger.close()
        code = """
import pathlib, sys
from graph.contribute.keeping.past import Past
from graph.errors import StorageFull
from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.ledger import Ledger
disk = pathlib.Path(sys.argv[1])
(disk / "filler").write_bytes(b"x" * int(sys.argv[3]))
past = Past(disk / "past", Ledger(sys.argv[2]), QueryCatalogue(QUERIES), 2)
try:
    past.at(4)
except StorageFull as error:
    print(error.detail, list((disk / "past").iterdir()))
(disk / "filler").unlink()
print(past.at(4).revision)
"""
        mounted = ["unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size=3m none {disk} && exec "$@"', "sh"]
        allowed = subprocess.run([*mounted, "true"], capture_output=True, check=False)
        if allowed.returncode:
            pytest.skip("this system does not let a process mount a file system")
        ledger = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        ended = subprocess.run(
            [*mounted, sys.executable, "-c", code, str(disk), ledger, str(3 * 1024 * 1024 - 40_000)],
            capture_output=True,
            text=True,
            check=False,
        )
        told, again = ended.stdout.splitlines()
        assert told.startswith("there is no room on the disk to put revision 4 together")
        assert told.endswith(" []")
        assert again == "4"

    def test_so_is_a_quota(self) -> None:
        from graph.contribute.keeping.past import _not_made

        for number in (errno.ENOSPC, errno.EDQUOT):
            error = _not_made(3, Path("past/3-1"), OSError(number, "no"))
            assert isinstance(error, StorageFull)
