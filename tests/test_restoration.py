"""The restore drill: a service with a past is saved, lost, and there again."""

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from graph.contribute.checking import Checked
from graph.contribute.keeping.dump import CHECKSUM, write_dump
from graph.contribute.keeping.recollection import UNTOLD
from graph.contribute.keeping.restoring import read
from graph.contribute.report import Quality, Report
from graph.errors import InputError, NotFound, Refused, StoreError
from graph.iris import DERIVED_GRAPH, PROVENANCE_GRAPH, contribution_graph
from graph.resources import CODELISTS, turtle_files
from graph.restoration import restore, verified
from graph.service import Service, running
from graph.settings import Settings
from graph.store.backup import back_up, examined
from graph.store.content import content_hash
from graph.store.ledger import ACCEPTED, DELETED, ROLLED_BACK, Ledger, Version, keep

FACILITY = "https://w3id.org/infrashare/id/facility/"


def quiet(_what: str, _done: int, _whole: int) -> None:
    """No progress."""


def content(*entities: str) -> bytes:
    point = '"POINT (5.0 -60.0)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    lines = {
        f"<{FACILITY}{name}> {statement} .\n"
        for name in entities
        for statement in (
            "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/infrashare/ontology#Facility>",
            f'<http://purl.org/dc/terms/title> "{name} \\"of\\" \\\\n .\\nčž"@cs',
            '<https://w3id.org/infrashare/ontology#cost> "-60.0"^^<http://www.w3.org/2001/XMLSchema#decimal>',
            f"<http://www.opengis.net/ont/geosparql#asWKT> {point}",
        )
    }
    return b"".join(sorted(line.encode() for line in lines))


def checked(*entities: str) -> Checked:
    report = Report(1, {"violation": 0, "warning": 1, "info": 0}, {}, (), Quality("silver", 0.7))
    return Checked(report, content(*entities), content_hash(b"source"))


def fill(service: Service) -> None:
    """Versions, a rollback, a deletion, and a contribution that came again after one."""

    def accept(partner: str, dataset: str, *entities: str, **options: object) -> None:
        service.acceptance.accept(
            checked(*entities), partner, dataset, agent="token:1", message=f"of {partner}", **options
        )  # type: ignore[arg-type]

    accept("alpha", "facilities", "a1")
    accept("beta", "facilities", "b1")
    accept("alpha", "facilities", "a1", "a2")
    accept("alpha", "facilities", "a1", change=ROLLED_BACK, restores=1)
    accept("gamma", "one", "g1")
    service.acceptance.delete("gamma", "one", agent="token:2", message="closed")
    accept("gamma", "one", "g1", "g2")
    accept("gamma", "two", "g3")
    service.acceptance.delete("beta", "facilities", agent="token:3", message="the end")


def few(folder: Path) -> list[Path]:
    """The files that ship, of the code lists only the smallest."""
    files = turtle_files(folder)
    return [path for path in files if path.stem in {"quality-level"}] if folder == CODELISTS else files


@pytest.fixture(scope="module", autouse=True)
def _few_code_lists() -> Iterator[None]:
    """Code lists that load in no time; the drill with all that ships is run by the tests of the command line."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("graph.service", "graph.contribute.keeping.shipped"):
            patch.setattr(f"{module}.turtle_files", few)
        yield


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a service with a past, and beside it its backup and its dump."""
    folder = tmp_path_factory.mktemp("original")
    with running(Settings(data_dir=folder / "var", empty=True)) as service:
        fill(service)
        back_up(service.ledger, folder / "backup", quiet)
        write_dump(service.ledger, folder / "all.nq.gz", quiet)
    return folder


def ledger_of(folder: Path) -> Ledger:
    return Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")


def told(version: Version) -> Version:
    """A version as far as a dump tells of it."""
    agent = version.agent if version.agent == "infrashare" else UNTOLD
    return replace(version, agent=agent, source_sha256=None, quality_score=None)


class TestFromBackup:
    def test_everything_is_there_again(self, original: Path, tmp_path: Path) -> None:
        restored = restore(Settings(data_dir=tmp_path / "var"), original / "backup", quiet)
        assert restored.problems == ()
        assert restored.before is None
        assert (restored.revision, restored.versions, restored.graphs, restored.not_kept) == (11, 11, 5, 0)
        with closing(ledger_of(original / "var")) as old, closing(ledger_of(tmp_path / "var")) as new:
            assert new.all() == old.all()
            assert all(new.content(v.sha256) == old.content(v.sha256) for v in old.all())

    def test_a_ledger_that_is_there_is_replaced_by_force_only_and_kept(
        self, original: Path, tmp_path: Path
    ) -> None:
        settings = Settings(data_dir=tmp_path / "var", empty=True)
        settings.data_dir.mkdir()
        with closing(ledger_of(settings.data_dir)) as ledger:
            row = {"graph": "urn:x:g", "partner": "p", "dataset": "d", "agent": "a", "message": "mine"}
            ledger.append(ntriples=b"", triples=0, **row)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="is there already; name another --data-dir, or add --force"):
            restore(settings, original / "backup", quiet)
        restored = restore(settings, original / "backup", quiet, force=True)
        assert restored.before == settings.data_dir / "ledger.sqlite.before-restore-1"
        with closing(Ledger(f"sqlite:///{restored.before}")) as kept:
            assert [version.message for version in kept.all()] == ["mine"]

    def test_a_service_at_work_is_not_robbed_of_its_ledger(self, original: Path, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path / "var", empty=True)
        with running(settings) as service:
            with pytest.raises(StoreError, match="another service works with"):
                restore(settings, original / "backup", quiet, force=True)
            assert verified(service).problems == ()
        assert sorted(path.name for path in settings.data_dir.iterdir()) == [
            "engine",
            "ledger.sqlite",
            "snapshots",
        ]

    def test_a_damaged_backup_touches_nothing(self, original: Path, tmp_path: Path) -> None:
        damaged = tmp_path / "backup"
        damaged.mkdir()
        for path in (original / "backup").iterdir():
            (damaged / path.name).write_bytes(path.read_bytes())
        with (damaged / "ledger.sqlite").open("r+b") as file:
            file.seek(-10, 2)
            file.write(b"0123456789")
        with pytest.raises(StoreError, match="is damaged"):
            restore(Settings(data_dir=tmp_path / "var"), damaged, quiet)
        assert not (tmp_path / "var").exists()
        assert examined(original / "backup", quiet).revision == 11

    def test_a_ledger_on_a_server_is_left_to_its_tools(self, original: Path, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path / "var", ledger="postgresql://host/infrashare")
        with pytest.raises(Refused, match="own tools"):
            restore(settings, original / "backup", quiet)
        with pytest.raises(InputError, match="cannot be used"):
            restore(Settings(data_dir=tmp_path / "var", ledger="nowhere"), original / "backup", quiet)


@pytest.fixture(scope="module")
def from_dump(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory restored from the dump alone."""
    folder = tmp_path_factory.mktemp("from-dump") / "var"
    restored = restore(Settings(data_dir=folder), original / "all.nq.gz", quiet)
    assert restored.problems == ()
    assert (restored.revision, restored.versions, restored.graphs) == (11, 11, 5)
    assert restored.not_kept == 3
    return folder


class TestFromDump:
    def test_a_second_dump_has_the_same_bytes(self, original: Path, from_dump: Path, tmp_path: Path) -> None:
        with closing(ledger_of(from_dump)) as ledger:
            write_dump(ledger, tmp_path / "all.nq.gz", quiet)
        assert (tmp_path / "all.nq.gz").read_bytes() == (original / "all.nq.gz").read_bytes()

    def test_all_versions_are_told_of_with_their_numbers(self, original: Path, from_dump: Path) -> None:
        with closing(ledger_of(original / "var")) as old, closing(ledger_of(from_dump)) as new:
            assert [replace(v, source_sha256=None) for v in new.all()] == [told(v) for v in old.all()]
            changes = {(v.name, v.version): (v.change, v.restores, v.message) for v in new.all()}
        assert changes["alpha/facilities", 3] == (ROLLED_BACK, 1, "of alpha")
        assert changes["gamma/one", 2] == (DELETED, None, "closed")
        assert changes["beta/facilities", 2] == (DELETED, None, "the end")

    def test_current_contents_are_kept_and_past_ones_say_that_they_are_not(
        self, from_dump: Path, tmp_path: Path
    ) -> None:
        shutil.copy(from_dump / "ledger.sqlite", tmp_path)
        with closing(ledger_of(tmp_path)) as ledger:
            history = ledger.history(contribution_graph("alpha", "facilities").value)
            assert ledger.content(history[-1].sha256) == content("a1")
            with pytest.raises(NotFound, match="is not kept: this service was restored from a dump"):
                ledger.content(history[1].sha256)
            with ledger.database.writing("the content that came again") as connection:
                keep(connection, history[1].sha256, gzip.compress(content("a1", "a2")))
            assert ledger.content(history[1].sha256) == content("a1", "a2")

    def test_partners_own_what_they_describe_and_can_go_on(self, from_dump: Path, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path / "var", empty=True)
        shutil.copytree(from_dump, settings.data_dir)
        with running(settings) as service:
            assert service.started == []
            assert service.ledger.revision() == 11  # what ships is known as what ships
            owners = service.contributions.owners
            assert owners.of([FACILITY + name for name in ("a1", "a2", "b1", "g1", "g2", "g3")]) == {
                FACILITY + "a1": "alpha",
                **{FACILITY + name: "gamma" for name in ("g1", "g2", "g3")},
            }
            again = service.acceptance.accept(
                checked("b9"), "beta", "facilities", agent="token:4", message="again"
            )
            assert (again.version.version, again.version.revision) == (3, 12)
            found = verified(service)
            assert found.problems == ()
            assert (found.entities, found.ledger.not_kept) == (5, 3)


Damage = Callable[[list[str]], list[str]]


def replaced(old: str, new: str, graph: str = "") -> Damage:
    """Replace text in the first line that has it."""

    def damage(lines: list[str]) -> list[str]:
        number = next(n for n, line in enumerate(lines) if old in line and graph in line)
        return [*lines[:number], lines[number].replace(old, new), *lines[number + 1 :]]

    return damage


def without(text: str) -> Damage:
    return lambda lines: [line for line in lines if text not in line]


def more(*added: str) -> Damage:
    return lambda lines: [*lines, *added]


ALPHA = "<https://w3id.org/infrashare/graph/alpha/facilities>"
PROVENANCE = str(PROVENANCE_GRAPH)
S = f"<{FACILITY}a1> <urn:x:p>"


def append(ledger: Ledger, *entities: str, change: str = ACCEPTED) -> None:
    """A further version of the contribution alpha/facilities, straight into the ledger."""
    ledger.append(
        graph=ALPHA.strip("<>"),
        partner="alpha",
        dataset="facilities",
        ntriples=content(*entities),
        triples=content(*entities).count(b"\n"),
        agent="a",
        message=f"with {len(entities)}",
        quality_level="silver" if entities else None,
        change=change,
    )


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of a small dump: without the code lists, which take long to read."""
    folder = tmp_path_factory.mktemp("small")
    with closing(ledger_of(folder)) as ledger:
        append(ledger, "a1")
        append(ledger, "a1", "a2")
        write_dump(ledger, folder / "small.nq", quiet)
    return (folder / "small.nq").read_text(encoding="utf-8").splitlines()


REFUSED: dict[str, tuple[Damage, str]] = {
    "syntax": (replaced("-60.0", '-60.0" "'), "line 2, column"),
    "cut off in the middle of a line": (lambda lines: [*lines[:-1], lines[-1][:-9]], "line "),
    "a changed value": (replaced("-60.0", "-61.0"), "has the hash .*, and the provenance graph says"),
    "a statement less": (without("a2> <http://purl"), "has the hash"),
    "a statement more": (more(f'{S} "1" {ALPHA} .'), "has the hash"),
    "a graph less": (without(f"{ALPHA} ."), "has the hash"),
    "a graph that nothing tells of": (
        more(f'{S} "1" <urn:x:g> .'),
        "knows of no current version of <urn:x:g>",
    ),
    "derived": (more(f'{S} "1" {DERIVED_GRAPH} .'), "knows of no current version of .*derived"),
    "no graph": (more(f'{S} "1" .'), "stands in no graph"),
    "a blank node": (more(f"{S} _:b {ALPHA} ."), "no unnamed nodes"),
    "a triple term": (more(f"{S} <<( <urn:x:a> <urn:x:b> <urn:x:c> )>> {ALPHA} ."), "no triple terms"),
    "a long text": (more(f'{S} "{"x" * 1_100_000}" {ALPHA} .'), "1,100,000 characters; the limit is"),
    "no provenance": (without(f"{PROVENANCE} ."), "only a dump of InfraShare"),
    "a missing revision": (without('ontology#revision> "2"'), "must have one text"),
    "another revision": (replaced('"2"', '"3"', f"{PROVENANCE} <https"), "it is of revision 3"),
    "a version less": (without("facilities/1"), "not numbered from 1 on"),
    "a revision twice": (
        lambda lines: [line.replace('"1"^^', '"2"^^') if "#revision" in line else line for line in lines],
        "same revision",
    ),
    "a number that is none": (
        lambda lines: [line.replace('"1"^^', '"one"^^') if "#revision" in line else line for line in lines],
        "'one' is not a number",
    ),
    "a foreign statement about the versions": (
        more(f'{ALPHA} <urn:x:p> "1" {PROVENANCE} .'),
        "does not fit the versions",
    ),
    "a statement about the versions less": (without("pav/version"), "is not said"),
    "a name that is not that of the graph": (
        replaced('"alpha/facilities"', '"beta/facilities"'),
        "is not the graph of 'beta/facilities'",
    ),
    "a name that is none": (
        replaced('"alpha/facilities"', '"../facilities"'),
        "is not the graph of '../facilities'",
    ),
    "a name of the system": (
        lambda lines: [line.replace("alpha/", "infrashare/") for line in lines],
        "is not the graph of 'infrashare/facilities'",
    ),
    "another number of statements": (
        lambda lines: [line.replace('"8"^^', '"9"^^') if "void#triples" in line else line for line in lines],
        "has 8 statements and not 9",
    ),
    "nothing": (lambda _lines: [], "only a dump of InfraShare"),
}


class TestDamagedDumps:
    @pytest.mark.parametrize("name", REFUSED)
    def test_is_refused_with_place_and_reason(self, name: str, lines: list[str], tmp_path: Path) -> None:
        damage, words = REFUSED[name]
        file = tmp_path / "damaged.nq"
        file.write_text("\n".join(damage(lines)) + "\n", encoding="utf-8")
        with pytest.raises(InputError, match=words):
            read(file)

    def test_the_whole_one_is_read(self, lines: list[str], tmp_path: Path) -> None:
        file = tmp_path / "whole.nq"
        file.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")  # the order of lines is free
        recovered = read(file)
        assert [version.revision for version in recovered.versions] == [1, 2]
        assert recovered.not_kept == 1
        assert recovered.quads == len(lines)

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (gzip.compress(b"<a:a> <a:b> <a:c> <a:d> .\n" * 900)[:-9], "cannot be read"),
            (b"\x1f\x8bgarbage", "cannot be read"),
            (b"\xff\xfe\x00", "line 1, column 1"),
            (b"\x89PNG\r\n", "line 1"),
        ],
    )
    def test_bytes_that_are_no_dump_are_refused(self, tmp_path: Path, data: bytes, words: str) -> None:
        file = tmp_path / "all.nq.gz"
        file.write_bytes(data)
        with pytest.raises(InputError, match=words):
            read(file)

    def test_nothing_is_written_of_a_dump_that_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "all.nq"
        file.write_text('<urn:x:s> <urn:x:p> "1" <urn:x:g> .\n<urn:x:s> <urn:x:p> "2 <urn:x:g> .\n')
        with pytest.raises(InputError, match=r"all\.nq: line 2, column"):
            restore(Settings(data_dir=tmp_path / "var"), file, quiet)
        assert not (tmp_path / "var").exists()

    def test_a_checksum_that_differs_is_refused_before_anything_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "all.nq"
        file.write_bytes(b"anything")
        (tmp_path / f"all.nq{CHECKSUM}").write_text(f"{hashlib.sha256(b'else').hexdigest()}  all.nq\n")
        with pytest.raises(InputError, match=r"all\.nq is damaged: its SHA-256 is"):
            restore(Settings(data_dir=tmp_path / "var"), file, quiet)

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no such file or folder"):
            restore(Settings(data_dir=tmp_path / "var"), tmp_path / "all.nq.gz", quiet)


class TestDump:
    def test_it_loads_elsewhere_and_has_a_checksum(self, original: Path) -> None:
        packed = (original / "all.nq.gz").read_bytes()
        stated = (original / f"all.nq.gz{CHECKSUM}").read_text()
        assert stated == f"{hashlib.sha256(packed).hexdigest()}  all.nq.gz\n"
        store = Store()
        store.load(gzip.decompress(packed), format=RdfFormat.N_QUADS)
        names = {name.value for name in store.named_graphs()}  # type: ignore[union-attr]
        assert contribution_graph("alpha", "facilities").value in names
        assert PROVENANCE_GRAPH.value in names
        assert not names & {DERIVED_GRAPH.value, contribution_graph("beta", "facilities").value}

    def test_graphs_and_statements_are_in_order_and_numbers_as_they_were_sent(self, original: Path) -> None:
        lines = gzip.decompress((original / "all.nq.gz").read_bytes()).decode().splitlines()
        graphs = [line.rsplit(" ", 2)[1] for line in lines]
        assert graphs == sorted(graphs)
        own = [line for line, graph in zip(lines, graphs, strict=True) if graph == ALPHA]
        assert own == sorted(own)
        assert any('"-60.0"' in line for line in own)

    def test_a_past_state_is_dumped_as_it_was(self, original: Path, tmp_path: Path) -> None:
        with closing(ledger_of(tmp_path)) as ledger:
            for entity in ("a1", "a2"):
                append(ledger, entity)
            write_dump(ledger, tmp_path / "then.nq", quiet)
            append(ledger, "a3")
            append(ledger, change=DELETED)
            write_dump(ledger, tmp_path / "later.nq", quiet, 2)
            assert (tmp_path / "later.nq").read_bytes() == (tmp_path / "then.nq").read_bytes()
            for wrong in (0, -1, 5):
                with pytest.raises(NotFound, match=f"there is no revision {wrong}: the dataset has 1 to 4"):
                    write_dump(ledger, tmp_path / "wrong.nq", quiet, wrong)
        assert {path.name for path in tmp_path.glob("*.nq*")} == {
            f"{name}.nq{ending}" for name in ("then", "later") for ending in ("", CHECKSUM)
        }
