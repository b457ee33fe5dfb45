"""The embedded engine: graphs, revisions, snapshots, locks and damage."""

import gc
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.errors import StoreError
from graph.iris import GRAPH, PROVENANCE_GRAPH
from graph.store.answers import as_stored
from graph.store.disk import EngineDamaged
from graph.store.engine import EmbeddedEngine, Snapshot, let_go_with_last_reader

ONE, TWO = GRAPH["a/one"], GRAPH["a/two"]
P = NamedNode("http://p")


def triples(*numbers: int) -> list[Triple]:
    return [Triple(NamedNode(f"http://s/{n}"), P, Literal(str(n))) for n in numbers]


def test_a_graph_is_replaced_as_a_whole(engine: EmbeddedEngine) -> None:
    engine.replace_graph(ONE, triples(1, 2, 3))
    engine.replace_graph(TWO, triples(3))
    engine.replace_graph(ONE, triples(3, 4))
    assert engine.content(ONE) == set(triples(3, 4))
    assert engine.content(TWO) == set(triples(3))
    engine.replace_graph(ONE, [])
    assert engine.content(ONE) == set()
    assert engine.content(TWO) == set(triples(3))


@given(st.lists(st.lists(st.integers(0, 20)), max_size=5))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_sequence_the_last_content_stands(
    engine: EmbeddedEngine, contents: list[list[int]]
) -> None:
    for content in contents:
        engine.replace_graph(ONE, triples(*content))
    assert engine.content(ONE) == set(triples(*(contents[-1] if contents else [])))
    engine.replace_graph(ONE, [])


def test_a_dropped_graph_is_gone(engine: EmbeddedEngine) -> None:
    engine.replace_graph(ONE, triples(1))
    engine.replace_graph(TWO, triples(1))
    engine.drop_graph(ONE)
    assert engine.graph_names() == {TWO.value}


def test_a_graph_without_triples_is_gone(engine: EmbeddedEngine) -> None:
    engine.replace_graph(ONE, triples(1))
    engine.replace_graph(ONE, [])
    assert engine.graph_names() == set()


def test_the_revision_is_one_number(engine: EmbeddedEngine) -> None:
    assert engine.revision == 0
    for revision in (3, 4, 2):
        engine.set_revision(revision)
        assert engine.revision == revision
    assert len(engine.content(PROVENANCE_GRAPH)) == 1


def test_numbers_are_compared_as_the_engine_writes_them(engine: EmbeddedEngine) -> None:
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    written = [Triple(NamedNode("http://s"), P, Literal("-60.0", datatype=decimal))]
    engine.replace_graph(ONE, written)
    assert engine.content(ONE) == as_stored(written) != set(written)


class TestSnapshots:
    def test_a_reader_keeps_its_state_while_writers_go_on(self, engine: EmbeddedEngine) -> None:
        engine.replace_graph(ONE, triples(1))
        engine.set_revision(1)
        before = engine.publish()
        engine.replace_graph(ONE, triples(2, 3))
        engine.set_revision(2)
        assert engine.reader() is before
        after = engine.publish()
        assert engine.reader() is after
        assert (before.revision, before.triples, after.revision, after.triples) == (1, 2, 2, 3)
        assert len(before.store) == 2

    def test_old_snapshots_are_cleaned_up_with_their_last_reader(
        self, engine: EmbeddedEngine, tmp_path: Path
    ) -> None:
        engine.replace_graph(ONE, triples(1))
        read = engine.publish()
        engine.replace_graph(ONE, triples(2))
        for _ in range(4):
            engine.publish()
        folders = sorted(path.name for path in (tmp_path / "snapshots").iterdir())
        assert folders == ["0-1", "0-4", "0-5"]
        with_others = Store.read_only(str(read.path))
        assert (
            {quad.triple for quad in with_others} == {quad.triple for quad in read.store} == set(triples(1))
        )
        del read
        assert sorted(path.name for path in (tmp_path / "snapshots").iterdir()) == ["0-4", "0-5"]

    def test_a_snapshot_that_others_make_of_a_folder_leaves_it(
        self, engine: EmbeddedEngine, tmp_path: Path
    ) -> None:
        other = Snapshot(tmp_path, Store(), 1)
        with pytest.raises(ValueError, match="is not a folder in"):
            let_go_with_last_reader(other, tmp_path)
        for dots in (Path(), Path(".."), Path("/")):
            with pytest.raises(ValueError, match="is not a folder in"):
                let_go_with_last_reader(Snapshot(dots, Store(), 1), dots.parent)
        published = engine.publish()
        again = Snapshot(published.path, published.store, 1)
        del other, again
        assert published.path.is_dir()

    def test_snapshots_of_an_earlier_run_are_cleaned_up(self, tmp_path: Path) -> None:
        first = EmbeddedEngine(tmp_path)
        first.publish()
        first.close()
        del first
        second = EmbeddedEngine(tmp_path)
        assert list((tmp_path / "snapshots").iterdir()) == []
        second.close()

    def test_a_snapshot_that_cannot_be_made_is_told_and_leaves_the_old_one(
        self, engine: EmbeddedEngine, tmp_path: Path
    ) -> None:
        before = engine.publish()
        shutil.rmtree(tmp_path / "snapshots")
        (tmp_path / "snapshots").write_text("in the way")
        with pytest.raises(StoreError, match="no snapshot of revision 0"):
            engine.publish()
        assert engine.reader() is before


class TestOpening:
    def test_two_engines_on_one_folder_are_refused(self, engine: EmbeddedEngine, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="another service works with") as caught:
            EmbeddedEngine(tmp_path)
        assert not isinstance(caught.value, EngineDamaged)
        with pytest.raises(StoreError, match="another service works with"):
            EmbeddedEngine.wipe(tmp_path)
        assert (tmp_path / "engine").is_dir()

    def test_so_are_two_processes(self, engine: EmbeddedEngine, tmp_path: Path) -> None:
        code = (
            "import sys, pathlib\nfrom graph.store.engine import EmbeddedEngine\n"
            "from graph.errors import StoreError\n"
            "try: EmbeddedEngine(pathlib.Path(sys.argv[1]))\nexcept StoreError as error: print(error.detail)"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert "another service works with" in ended.stdout
        assert engine.publish()

    @pytest.mark.parametrize("damage", ["garbage", "cut", "gone"])
    @pytest.mark.parametrize("files", ["MANIFEST-*", "CURRENT", "*.sst"])
    def test_damaged_files_are_told_and_can_be_wiped(self, tmp_path: Path, files: str, damage: str) -> None:
        built = EmbeddedEngine(tmp_path)
        built.replace_graph(ONE, triples(*range(30_000)))
        built.store.flush()
        built.close()
        del built
        for path in (tmp_path / "engine").glob(files):
            if damage == "gone":
                path.unlink()
            else:
                path.write_bytes(b"garbage" * 100 if damage == "garbage" else path.read_bytes()[:10])
        with pytest.raises(EngineDamaged, match="infrashare rebuild"):
            EmbeddedEngine(tmp_path)
        EmbeddedEngine.wipe(tmp_path)
        fresh = EmbeddedEngine(tmp_path)
        assert fresh.graph_names() == set()
        fresh.close()

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreError):
            EmbeddedEngine(tmp_path / "file")


def test_a_closed_engine_says_so(engine: EmbeddedEngine) -> None:
    engine.close()
    with pytest.raises(StoreError, match="the engine is closed"):
        engine.reader()


def test_a_store_is_opened_again_though_a_frozen_circle_held_it(tmp_path: Path) -> None:
    """A server freezes what it has loaded; an error may have left the store in a circle before that."""
    engine = EmbeddedEngine(tmp_path)
    circle: list[object] = [engine.store]
    circle.append(circle)
    gc.freeze()
    try:
        del circle
        engine.reopen()
        assert len(engine.store) == 0
    finally:
        gc.unfreeze()
