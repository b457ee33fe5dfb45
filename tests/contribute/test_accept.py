"""Accepting contributions: versions, no-ops, refusals, and what happens when a write is cut off."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.contribute.accept import Acceptance, NotConforming
from graph.contribute.checking import RELATIVE_BASE, Against, Checked, Checking
from graph.contribute.index import Index, IndexBehind
from graph.contribute.reading.parse import canonical_ntriples, read
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.validate import validate
from graph.errors import Busy, InputError, StoreError
from graph.iris import CODELISTS_GRAPH, DCT, DERIVED_GRAPH, INFRA, PROVENANCE_GRAPH, SKOS, contribution_graph
from graph.resources import QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.content import content_hash
from graph.store.derived import Derivation
from graph.store.engine import EmbeddedEngine
from graph.store.ledger import Ledger
from graph.store.likeness import all_alike

GOOD = Path(__file__).parents[1] / "shapes/facility/facility-point-range/pass.ttl"
TEN = Path(__file__).parent / "ten-mistakes.ttl"
GRAPH = contribution_graph("flanders-make", "facilities")


class House:
    """A ledger and an engine in a folder, that can be left and entered again."""

    def __init__(self, folder: Path, queries: QueryCatalogue) -> None:
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
        self.engine = self.opened(folder, queries)
        self.derivation = Derivation(self.engine, queries)
        self.index = Index(self.ledger, self.engine, self.derivation)
        self.acceptance = Acceptance(self.ledger, self.engine, self.index)

    def opened(self, folder: Path, queries: QueryCatalogue) -> EmbeddedEngine:
        return EmbeddedEngine(folder)

    def accept(self, checked: Checked, dataset: str = "facilities", **options: object) -> object:
        return self.acceptance.accept(
            checked,
            "flanders-make",
            dataset,
            agent="someone",
            message="a test",
            **options,  # type: ignore[arg-type]
        )

    def leave(self) -> None:
        self.ledger.close()
        self.engine.close()


@pytest.fixture(scope="session")
def queries() -> QueryCatalogue:
    return QueryCatalogue(QUERIES)


@pytest.fixture
def house(tmp_path: Path, queries: QueryCatalogue) -> Iterator[House]:
    built = House(tmp_path, queries)
    yield built
    built.leave()


@pytest.fixture(scope="session")
def checked(rules: Rules, reference: Reference) -> Checked:
    return check(GOOD.read_bytes(), rules, reference)


def check(data: bytes, rules: Rules, reference: Reference, media_type: str = "text/turtle") -> Checked:
    parsed = read(data, media_type, RELATIVE_BASE, 10_000_000)
    report = validate(parsed, reference, rules)
    return Checked(report, canonical_ntriples(parsed.triples), content_hash(data))


def changed(checked: Checked, *lines: str) -> Checked:
    """The contribution with further N-Triples."""
    ntriples = "".join(sorted({*checked.ntriples.decode().splitlines(keepends=True), *lines}))
    return replace(checked, ntriples=ntriples.encode())


def title(text: str) -> str:
    subject = "<https://w3id.org/infrashare/id/facility/example-chamber>"
    return f'{subject} <http://purl.org/dc/terms/title> "{text}"@nl .\n'


class TestVersions:
    def test_the_first_version_adds_everything(self, house: House, checked: Checked) -> None:
        accepted = house.accept(checked)
        assert (accepted.version.version, accepted.version.revision) == (1, 1)  # type: ignore[attr-defined]
        assert (accepted.added, accepted.removed) == (len(checked.triples()), 0)  # type: ignore[attr-defined]
        assert house.engine.reader().revision == 1
        assert house.index.verify() == []

    def test_versions_count_up_for_each_dataset_and_revisions_for_all(
        self, house: House, checked: Checked
    ) -> None:
        house.accept(checked)
        house.accept(changed(checked, title("een")))
        other = house.accept(checked, "more-facilities")
        last = house.accept(changed(checked, title("twee")))
        assert (other.version.version, other.version.revision) == (1, 3)  # type: ignore[attr-defined]
        assert (last.version.version, last.version.revision) == (3, 4)  # type: ignore[attr-defined]
        assert (last.added, last.removed) == (1, 1)  # type: ignore[attr-defined]
        assert house.engine.reader().revision == house.ledger.revision() == 4
        assert house.index.verify() == []

    def test_the_same_content_in_other_words_is_a_no_op(
        self, house: House, checked: Checked, rules: Rules, reference: Reference
    ) -> None:
        house.accept(checked)
        raw = [quad.triple for quad in parse(path=str(GOOD), format=RdfFormat.TURTLE)]
        random.Random(5).shuffle(raw)
        for media_type, form, prefixes in [
            ("text/turtle", RdfFormat.TURTLE, {"x": "http://purl.org/dc/terms/"}),
            ("application/n-triples", RdfFormat.N_TRIPLES, None),
            ("application/ld+json", RdfFormat.JSON_LD, None),
            ("application/rdf+xml", RdfFormat.RDF_XML, {"y": INFRA.base}),
        ]:
            written = serialize(raw, format=form, prefixes=prefixes)
            assert written is not None
            again = house.accept(check(written, rules, reference, media_type))
            assert again.unchanged  # type: ignore[attr-defined]
            assert again.version.version == 1  # type: ignore[attr-defined]
        assert house.ledger.revision() == 1

    def test_going_back_to_an_older_content_is_a_new_version(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        house.accept(changed(checked, title("een")))
        back = house.accept(checked)
        assert (back.version.version, back.unchanged) == (3, False)  # type: ignore[attr-defined]

    def test_provenance_is_public(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        about = {t.predicate: t.object for t in house.engine.content(PROVENANCE_GRAPH) if t.subject == GRAPH}
        assert about[INFRA["contentHash"]] == Literal(content_hash(checked.ntriples))
        assert about[INFRA["qualityLevel"]] == NamedNode(
            f"https://w3id.org/infrashare/codelist/quality-level/{checked.report.quality.level}"
        )

    def test_readers_move_over_only_when_all_is_there(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        before = house.engine.reader()
        house.accept(changed(checked, title("een")), publish=False)
        assert house.engine.reader() is before
        house.engine.publish()
        assert house.engine.reader().revision == 2
        assert before.revision == 1

    def test_new_code_lists_change_what_follows_also_right_after_a_start(
        self, tmp_path: Path, queries: QueryCatalogue, checked: Checked
    ) -> None:
        codes = tmp_path / "codes.ttl"
        for broader in ("heat", "cold"):
            house = House(tmp_path, queries)
            codes.write_text(f"<http://c/welding> <{SKOS['broader'].value}> <http://c/{broader}> .")
            assert house.acceptance.put_system_graph(CODELISTS_GRAPH, [codes])
            assert house.index.verify() == []
            derived = {str(triple.object) for triple in house.engine.content(DERIVED_GRAPH)}
            assert derived == {f"<http://c/{broader}>"}
            house.leave()


class TestRefusals:
    def test_what_does_not_conform_writes_nothing(
        self, house: House, rules: Rules, reference: Reference
    ) -> None:
        with pytest.raises(NotConforming, match=r"\d+ violations") as caught:
            house.accept(check(TEN.read_bytes(), rules, reference))
        assert not caught.value.report.conforms
        assert house.ledger.revision() == 0
        assert house.engine.graph_names() == set()

    @pytest.mark.parametrize("name", ["", "A", "a b", "a/b", "../a", "a--b", "ä", "a\n"])
    def test_names_are_slugs(self, house: House, checked: Checked, name: str) -> None:
        with pytest.raises(InputError, match="lower-case words"):
            house.accept(checked, name)
        assert house.ledger.revision() == 0

    def test_names_of_the_system_are_kept(self, house: House, checked: Checked) -> None:
        with pytest.raises(InputError, match="kept for the system"):
            house.acceptance.accept(checked, "infrashare", "ontology", agent="x", message="")


class TestCutOff:
    """A write may end at any point after the ledger took it; the next start, or write, completes it."""

    STEPS = ("replace_graph", "add", "remove", "exchange", "set_revision", "publish")

    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize("after", [0, 1, 2])
    def test_the_engine_catches_up_at_the_next_start(
        self, tmp_path: Path, queries: QueryCatalogue, checked: Checked, step: str, after: int
    ) -> None:
        house = House(tmp_path, queries)
        house.accept(checked)
        self.break_at(house, step, after)
        second = changed(checked, title("een"))
        second = replace(second, ntriples=second.ntriples.replace(b"climatic-testing", b"welding"))
        with suppress(IndexBehind):
            house.accept(second)
        assert house.ledger.revision() == 2
        house.leave()
        del house
        again = House(tmp_path, queries)
        again.index.catch_up()
        assert again.index.verify() == []
        assert again.engine.revision == 2
        assert all_alike(again.engine.content(GRAPH)).keys() == all_alike(second.triples()).keys()
        again.leave()

    @pytest.mark.parametrize("step", STEPS)
    def test_the_next_contribution_completes_it_too(self, house: House, checked: Checked, step: str) -> None:
        house.accept(checked)
        mended = self.break_at(house, step, 0)
        second = changed(checked, title("een"))
        with suppress(IndexBehind):
            house.accept(second)
        mended()
        assert house.accept(second).unchanged  # type: ignore[attr-defined]
        assert house.index.verify() == []
        assert house.engine.revision == 2

    @staticmethod
    def break_at(house: House, step: str, after: int) -> object:
        """Let the engine fail at the n-th call of a step, as if the process were killed there."""
        whole = getattr(house.engine, step)
        calls = iter(range(100))

        def failing(*arguments: object, **named: object) -> object:
            if next(calls) >= after:
                raise RuntimeError(f"cut off at {step}")
            return whole(*arguments, **named)

        setattr(house.engine, step, failing)
        return lambda: setattr(house.engine, step, whole)


class TestCatchingUp:
    def test_nothing_to_do_is_nothing_done(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        assert house.index.catch_up() == []

    def test_an_engine_that_is_gone_is_built_anew(
        self, tmp_path: Path, queries: QueryCatalogue, checked: Checked
    ) -> None:
        house = House(tmp_path, queries)
        house.accept(checked)
        before = set(house.engine.store)
        house.leave()
        del house
        EmbeddedEngine.wipe(tmp_path)
        again = House(tmp_path, queries)
        assert len(again.index.catch_up()) == 1
        assert set(again.engine.store) == before
        again.leave()

    def test_what_the_ledger_does_not_hold_goes(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        stray = contribution_graph("flanders-make", "stray")
        house.engine.replace_graph(stray, checked.triples())
        assert [p for p in house.index.verify() if "not in the ledger" in p]
        done = house.index.catch_up()
        assert done == [f"removed {stray.value}, which the ledger does not hold"]
        assert house.index.verify() == []

    def test_an_engine_ahead_of_its_ledger_goes_back(
        self, tmp_path: Path, queries: QueryCatalogue, checked: Checked
    ) -> None:
        house = House(tmp_path, queries)
        house.accept(checked)
        house.leave()
        backup = (tmp_path / "ledger.sqlite").read_bytes()
        del house
        house = House(tmp_path, queries)
        house.accept(changed(checked, title("een")))
        house.accept(checked, "more")
        house.leave()
        del house
        for leftover in tmp_path.glob("ledger.sqlite-*"):
            leftover.unlink()
        (tmp_path / "ledger.sqlite").write_bytes(backup)
        again = House(tmp_path, queries)
        again.index.catch_up()
        assert again.engine.revision == again.ledger.revision() == 1
        assert again.index.verify() == []
        again.leave()


class TestVerifying:
    def test_a_triple_too_few_or_too_many_is_told(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        triple = next(t for t in checked.triples() if t.predicate == DCT["source"])
        house.engine.remove(GRAPH, [triple])
        assert house.index.verify() == [f"{GRAPH.value}: the engine differs from version 1 of the ledger"]
        house.engine.add(GRAPH, [triple, Triple(triple.subject, triple.predicate, Literal("strange"))])
        assert len(house.index.verify()) == 1

    def test_wrong_derived_triples_are_told(self, house: House, checked: Checked) -> None:
        house.accept(checked)
        derived = house.engine.content(DERIVED_GRAPH)
        house.engine.remove(DERIVED_GRAPH, list(derived)[:1])
        assert house.index.verify() == [
            f"{DERIVED_GRAPH.value}: differs from what follows from the contributions"
        ]

    def test_damaged_content_is_told(self, house: House, checked: Checked, tmp_path: Path) -> None:
        import sqlite3

        house.accept(checked)
        with sqlite3.connect(tmp_path / "ledger.sqlite") as database:
            database.execute("UPDATE contents SET ntriples_gz = substr(ntriples_gz, 1, 40)")
        assert "is damaged" in house.index.verify()[0]
        with pytest.raises(StoreError, match="is damaged"):
            house.accept(changed(checked, title("een")))


class TestReferences:
    """Entities of others are known from the dataset; what a contribution itself drops is not."""

    @staticmethod
    def parts() -> tuple[str, str]:
        prefixes, facility, organisation = GOOD.read_text().split("\n\n")
        return f"{prefixes}\n\n{facility}", f"{prefixes}\n\n{organisation}"

    def codes(
        self, house: House, rules: Rules, reference: Reference, text: str, **options: object
    ) -> set[str]:
        parsed = read(text.encode(), "text/turtle", RELATIVE_BASE, 10_000_000)
        report = validate(
            parsed,
            reference,
            rules,
            snapshot=house.engine.reader().store,
            **options,  # type: ignore[arg-type]
        )
        return set(report.by_code)

    def test_an_operator_of_another_contribution_is_known(
        self, house: House, rules: Rules, reference: Reference
    ) -> None:
        facility, organisation = self.parts()
        assert "facility-operator-known" in self.codes(house, rules, reference, facility)
        house.accept(check(organisation.encode(), rules, reference), "organisations")
        assert "facility-operator-known" not in self.codes(house, rules, reference, facility)

    def test_an_operator_that_the_new_version_drops_is_not(
        self, house: House, checked: Checked, rules: Rules, reference: Reference
    ) -> None:
        house.accept(checked)
        facility, _ = self.parts()
        assert "facility-operator-known" in self.codes(house, rules, reference, facility, replacing=GRAPH)
        assert "facility-operator-known" not in self.codes(house, rules, reference, facility)

    def test_the_worker_says_so_too(self, house: House, checked: Checked, checking: Checking) -> None:
        house.accept(checked)
        facility, _ = self.parts()
        path = house.engine.reader().path
        known = checking.check(facility.encode(), "text/turtle", against=Against(path)).report
        dropped = checking.check(
            facility.encode(), "text/turtle", against=Against(path, replacing=GRAPH)
        ).report
        assert "facility-operator-known" not in known.by_code
        assert "facility-operator-known" in dropped.by_code
        with pytest.raises(Busy, match="moved on"):
            checking.check(facility.encode(), "text/turtle", against=Against(path.with_name("gone")))
