"""The store protocol on each engine: graphs are replaced as a whole, terms come back, readers see whole states."""

import threading
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from servers import Server

from graph.errors import Busy, StoreUnreachable
from graph.iris import ENGINE_GRAPH, GEO, GRAPH, INFRA, PROVENANCE_GRAPH, RDF, XSD
from graph.settings import Settings
from graph.store.catalogue import QueryCatalogue
from graph.store.connection import connected
from graph.store.database import Database
from graph.store.engine import EmbeddedEngine
from graph.store.likeness import all_alike
from graph.store.remote import RemoteEngine, Unfinished

ONE, TWO = GRAPH["a/one"], GRAPH["a/two"]
P = NamedNode("http://p")
Engine = EmbeddedEngine | RemoteEngine


def triples(*numbers: int) -> list[Triple]:
    return [Triple(NamedNode(f"http://s/{n}"), P, Literal(str(n))) for n in numbers]


def shows(engine: Engine, *graphs: NamedNode) -> None:
    """Say of graphs that the dataset has them, as provenance does."""
    said = [
        triple
        for graph in graphs
        for triple in (
            Triple(graph, RDF["type"], INFRA["Contribution"]),
            Triple(graph, INFRA["contentHash"], Literal("0")),
        )
    ]
    engine.replace_subjects(PROVENANCE_GRAPH, said)


def test_a_graph_is_replaced_as_a_whole(engine: Engine) -> None:
    with engine.writing:
        engine.replace_graph(ONE, triples(1, 2, 3))
        engine.replace_graph(TWO, triples(3))
        engine.replace_graph(ONE, triples(3, 4))
        assert engine.content(ONE) == set(triples(3, 4))
        assert engine.content(TWO) == set(triples(3))
        engine.replace_graph(ONE, [])
        assert engine.content(ONE) == set()
        assert engine.graph_names() == {TWO.value}
        engine.drop_graph(TWO)
    assert engine.graph_names() == set()


def test_a_graph_of_many_batches_is_whole(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.store.remote_graphs._LOADED", 1_000)
    many = triples(*range(2_500))
    with engine.writing:
        engine.replace_graph(ONE, many)
        assert engine.content(ONE) == set(many)
        engine.replace_graph(ONE, many[1_200:])
        assert engine.content(ONE) == set(many[1_200:])


TERMS = (
    NamedNode("http://example.org/ü?a=b#c"),
    Literal(""),
    Literal("Gießerei, Tööstus, Līdzfinansējums, 漢字, 😀"),
    Literal('"quoted" \\ back\nline\ttab \\u0041 $graph ?x {}'),
    Literal("voorziening", language="nl"),
    Literal("voorziening", language="nl-BE"),
    Literal("-60.0", datatype=XSD["decimal"]),
    Literal("0.123456789012345", datatype=XSD["decimal"]),
    Literal("7", datatype=XSD["integer"]),
    Literal("-0.7071067811865476", datatype=XSD["double"]),
    Literal("true", datatype=XSD["boolean"]),
    Literal("2026-11-27", datatype=XSD["date"]),
    Literal("2026-11-27T20:00:00Z", datatype=XSD["dateTime"]),
    Literal("2026", datatype=XSD["gYear"]),
    Literal("2026-11", datatype=XSD["gYearMonth"]),
    Literal("https://example.org/", datatype=XSD["anyURI"]),
    Literal("P10D", datatype=XSD["duration"]),
    Literal("POINT (5.3378 50.9307)", datatype=GEO["wktLiteral"]),
    Literal("x" * 20_000),
)


def test_terms_of_all_kinds_come_back_and_go(engine: Engine) -> None:
    sent = [Triple(NamedNode("http://s/1"), NamedNode(f"http://p/{n}"), term) for n, term in enumerate(TERMS)]
    with engine.writing:
        engine.replace_graph(ONE, sent)
        assert all_alike(engine.content(ONE)).keys() == all_alike(sent).keys()
        engine.replace_graph(ONE, sent[:3])
        assert engine.content(ONE) == set(sent[:3])


def test_the_revision_is_one_number(engine: Engine) -> None:
    assert engine.revision == 0
    with engine.writing:
        engine.set_revision(7)
        engine.set_revision(8)
    assert engine.revision == 8


def test_subjects_are_replaced_and_others_stay(engine: Engine) -> None:
    with engine.writing:
        engine.replace_graph(ONE, triples(1, 2))
        new = Triple(NamedNode("http://s/1"), P, Literal("new"))
        engine.replace_subjects(ONE, [new])
        assert engine.content(ONE) == {new, *triples(2)}
        assert engine.about([NamedNode("http://s/2"), NamedNode("http://s/3")], ONE) == set(triples(2))


def test_a_reader_sees_all_graphs_of_the_dataset_as_one(engine: Engine) -> None:
    with engine.writing:
        engine.replace_graph(ONE, triples(1))
        engine.replace_graph(TWO, triples(1, 2))
        shows(engine, ONE, TWO)
        engine.set_revision(1)
        reader = engine.publish()
    rows = reader.select("SELECT DISTINCT ?v WHERE { ?s <http://p> ?v } ORDER BY ?v").rows
    assert rows == [(Literal("1"),), (Literal("2"),)]
    named = reader.select("SELECT ?g ?v WHERE { GRAPH ?g { ?s <http://p> ?v } } ORDER BY ?g ?v").rows
    assert named == [(ONE, Literal("1")), (TWO, Literal("1")), (TWO, Literal("2"))]
    made = reader.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?p = <http://p>) }")
    assert set(made) == set(triples(1, 2))
    assert reader.triples == 8
    assert set(reader.graph(TWO)) == set(triples(1, 2))
    assert reader.mentions(NamedNode("http://s/2"))
    assert not reader.mentions(NamedNode("http://s/3"))


def test_what_else_a_server_holds_is_no_part_of_the_dataset(
    remote: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    engine = _fresh(remote, tmp_path, queries)
    foreign = NamedNode("http://example.org/others")
    engine.endpoint.load(foreign, b"<http://s/9> <http://p> <http://secret> .\n")
    with engine.writing:
        engine.replace_graph(ONE, triples(1))
        shows(engine, ONE)
        engine.set_revision(1)
    reader = engine.reader()
    assert [row[0] for row in reader.select("SELECT ?v { ?s <http://p> ?v }").rows] == [Literal("1")]
    engine.start_anew()
    assert engine.content(foreign)


def test_who_begins_while_somebody_writes_gets_no_state(
    remote: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    engine = _fresh(remote, tmp_path, queries)
    other = _again(remote, tmp_path, queries)
    other.patience = 0
    with engine.writing:
        engine.replace_graph(ONE, triples(1))
        with pytest.raises(Unfinished):
            other.reader()
    assert other.reader().revision == 0


def test_who_waits_a_moment_gets_the_state_that_comes_of_it(
    remote: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    engine = _fresh(remote, tmp_path, queries)
    other = _again(remote, tmp_path, queries)
    other.patience = 60
    seen: list[int] = []
    with engine.writing:
        engine.replace_graph(ONE, triples(1))
        thread = threading.Thread(target=lambda: seen.append(other.reader().revision))
        thread.start()
        thread.join(0.3)
        assert seen == []
        engine.set_revision(5)
    thread.join(60)
    assert seen == [5]


def test_who_reads_while_the_dataset_moves_on_gets_no_answer(
    remote: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    engine = _fresh(remote, tmp_path, queries)
    reader = _again(remote, tmp_path, queries).reader()
    with engine.writing:
        engine.replace_graph(ONE, triples(1))
        engine.set_revision(1)
        with pytest.raises(Busy, match="moved on"):
            reader.select("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(Busy, match="moved on"):
        reader.select("SELECT ?s { ?s ?p ?o }")


def test_a_writer_who_was_overtaken_changes_nothing(
    remote: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    late, engine = _fresh(remote, tmp_path, queries), _again(remote, tmp_path, queries)
    late.add(ONE, triples(1))
    with engine.writing:
        engine.replace_graph(ONE, triples(2))
        with pytest.raises(StoreUnreachable, match="not in the SPARQL server"):
            late.add(ONE, triples(3))
        with pytest.raises(StoreUnreachable, match="not removed"):
            late.remove(ONE, triples(2))
        late.failed_by(StoreUnreachable("overtaken"))
    assert engine.content(ONE) == set(triples(2))
    assert not engine.unfinished


def test_two_writers_come_one_after_the_other(
    remote: Server, tmp_path: Path, queries: QueryCatalogue
) -> None:
    engines = [_fresh(remote, tmp_path, queries), _again(remote, tmp_path, queries)]
    both = threading.Barrier(2)

    def write(engine: Engine, first: int) -> None:
        both.wait(30)
        with engine.writing:
            held = engine.content(ONE)
            engine.replace_graph(ONE, [*held, *triples(first, first + 1)])

    threads = [threading.Thread(target=write, args=(e, 10 * n)) for n, e in enumerate(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert engines[0].content(ONE) == set(triples(0, 1, 10, 11))
    assert ENGINE_GRAPH.value not in engines[0].graph_names()


def _fresh(server: Server, folder: Path, queries: QueryCatalogue) -> RemoteEngine:
    engine = _again(server, folder, queries)
    engine.start_anew()
    return engine


def _again(server: Server, folder: Path, queries: QueryCatalogue) -> RemoteEngine:
    database = Database(f"sqlite:///{folder / 'ledger.sqlite'}")
    return connected(Settings(data_dir=folder, **server.settings), queries, database)
