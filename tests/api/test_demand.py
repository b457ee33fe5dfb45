"""Demand: counted with consent only, nothing else kept, published so that no small cell can be worked out."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rdflib import Graph

from graph.iris import CODELIST, INFRA, NACE, NUTS
from graph.match.demand import Demand, cells_of
from graph.match.need import Need
from graph.publish.data_cube import cube
from graph.publish.demand import published
from graph.restoration import restore
from graph.service import Service, rebuild, running
from graph.settings import Settings
from graph.store.backup import back_up
from graph.store.database import Database
from graph.store.demand import NOT_STATED, Cell, DemandCounts, last_settled, month_of
from graph.store.tables import DEMAND
from tests.api.conftest import Writable

LEAST = 5
MONTH = "2026-08"
WELDING, FATIGUE = CODELIST["capability/welding"].value, CODELIST["capability/fatigue-testing"].value
ADDITIVE = CODELIST["capability/additive-manufacturing"].value
NEUTRONS = CODELIST["capability/neutron-methods"].value
FLANDERS, LIMBURG, VIDZEME = NUTS["BE2"].value, NUTS["BE22"].value, NUTS["LV008"].value
AIRCRAFT = NACE["30"].value
NEED = {
    "text": "We willen zwxquark onderdelen lassen",
    "language": "nl",
    "region": "BE223",
    "sectors": ["C30.3"],
    "shareDemand": True,
}
CELLS = st.builds(
    Cell,
    st.sampled_from(["2026-07", MONTH]),
    st.sampled_from([FLANDERS, LIMBURG, NOT_STATED]),
    st.sampled_from([WELDING, FATIGUE]),
    st.sampled_from([AIRCRAFT, NOT_STATED]),
)


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemandCounts]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('demand') / 'ledger.sqlite'}")
    yield DemandCounts(database)
    database.close()


def emptied(counts: DemandCounts) -> DemandCounts:
    with counts._database.writing("nothing") as connection:
        connection.execute(sa.delete(DEMAND))
    return counts


class TestDisclosure:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        large=st.dictionaries(CELLS, st.integers(LEAST, 40), max_size=8),
        small=st.dictionaries(CELLS, st.integers(1, LEAST - 1), max_size=12),
        other=st.dictionaries(CELLS, st.integers(1, LEAST - 1), max_size=12),
    )
    def test_no_published_number_lets_one_compute_a_suppressed_cell(
        self,
        counts: DemandCounts,
        service: Service,
        large: dict[Cell, int],
        small: dict[Cell, int],
        other: dict[Cell, int],
    ) -> None:
        """Whatever the small cells hold, and whether there are any: each byte that is told stays the same."""
        told = []
        for hidden in (small, other, {}):
            emptied(counts).add({**hidden, **large})
            demand = published(
                counts.published(LEAST, MONTH), LEAST, MONTH, service.snapshot, service.catalogue
            )
            told.append((json.dumps(demand.as_json("en")), cube(demand)))
        assert told[0] == told[1] == told[2]
        shown = json.loads(told[0][0])
        assert len(shown["cells"]) == len(large)
        assert all(cell["needs"] >= LEAST for cell in shown["cells"])
        assert sum(one["needs"] for one in shown["totals"]) == sum(large.values())

    @pytest.mark.parametrize(
        ("today", "month"),
        [
            ("2026-11-28", "2026-10"),
            ("2026-12-01", "2026-10"),
            ("2026-12-02", "2026-11"),
            ("2027-01-01", "2026-11"),
            ("2027-01-02", "2026-12"),
        ],
    )
    def test_a_month_is_settled_when_it_has_been_over_for_a_day(self, today: str, month: str) -> None:
        assert last_settled(date.fromisoformat(today)) == month

    def test_a_month_that_is_not_settled_is_not_told(self, counts: DemandCounts) -> None:
        emptied(counts).add({Cell("2026-09", FLANDERS, WELDING, ""): 100, Cell(MONTH, "", WELDING, ""): 5})
        assert set(counts.published(LEAST, MONTH)) == {Cell(MONTH, "", WELDING, "")}


class TestCells:
    def test_region_and_sector_are_told_coarsely(self, service: Service) -> None:
        need = Need(capabilities=["welding"], region="BE223", sectors=["C30.3", "C30.1"])
        understood: dict[str, Any] = {"capabilities": [], "materials": [], "sectors": []}
        scheme = service.scheme(service.snapshot)
        assert cells_of(need, understood, scheme, MONTH) == [Cell(MONTH, LIMBURG, WELDING, AIRCRAFT)]

    def test_what_is_not_stated_is_a_cell_of_its_own(self, service: Service) -> None:
        understood: dict[str, Any] = {"capabilities": [], "materials": [], "sectors": []}
        need = Need(capabilities=["welding", "fatigue-testing"])
        cells = cells_of(need, understood, service.scheme(service.snapshot), MONTH)
        assert set(cells) == {Cell(MONTH, "", WELDING, ""), Cell(MONTH, "", FATIGUE, "")}

    def test_a_capability_that_a_narrower_one_implies_is_not_counted_beside_it(
        self, service: Service
    ) -> None:
        scheme = service.scheme(service.snapshot)
        need = Need(capabilities=["fatigue-testing", "mechanical-testing"])
        assert CODELIST["capability/mechanical-testing"] in scheme.ancestors[NamedNode(FATIGUE)]
        understood: dict[str, Any] = {"capabilities": [], "materials": [], "sectors": []}
        assert [cell.capability for cell in cells_of(need, understood, scheme, MONTH)] == [FATIGUE]


class TestCounting:
    @pytest.fixture
    def own(self, tmp_path: Path, service: Service) -> Iterator[tuple[Demand, DemandCounts, list[date]]]:
        """A counter with a database and a calendar of its own."""
        database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
        counts, days = DemandCounts(database), [date(2026, 11, 28)]
        demand = Demand(counts, service.scheme, lambda: days[-1])
        yield demand, counts, days
        demand.close()
        database.close()

    def note(self, demand: Demand, service: Service, **members: Any) -> None:
        answer = {"understood": {"capabilities": [], "materials": [], "sectors": []}}
        need = Need(**{"capabilities": ["welding"], "shareDemand": True, **members})
        demand.note(need, answer, service.snapshot)

    def test_several_processes_add_up(
        self, own: tuple[Demand, DemandCounts, list[date]], service: Service
    ) -> None:
        demand, counts, days = own
        second = Demand(counts, service.scheme, lambda: days[-1])
        for one in (demand, second, demand):
            self.note(one, service)
            assert one.flush()
        second.close()
        assert counts.all() == {Cell("2026-11", "", WELDING, ""): 3}

    def test_what_could_not_be_written_is_kept_for_the_next_time(
        self, own: tuple[Demand, DemandCounts, list[date]], service: Service
    ) -> None:
        demand, counts, _ = own
        with counts._database.writing("a fault") as connection:
            DEMAND.drop(connection)
        self.note(demand, service)
        assert not demand.flush()
        self.note(demand, service)
        with counts._database.writing("the mend") as connection:
            DEMAND.create(connection)
        assert demand.flush()
        assert counts.all() == {Cell("2026-11", "", WELDING, ""): 2}

    def test_closing_writes_what_waits(
        self, own: tuple[Demand, DemandCounts, list[date]], service: Service
    ) -> None:
        demand, counts, _ = own
        self.note(demand, service)
        demand.close()
        assert sum(counts.all().values()) == 1

    def test_a_published_month_does_not_change_any_more(
        self, own: tuple[Demand, DemandCounts, list[date]], service: Service
    ) -> None:
        demand, counts, days = own
        self.note(demand, service)
        days.append(date(2026, 12, 2))
        self.note(demand, service)
        demand.flush()
        assert counts.all() == {Cell("2026-12", "", WELDING, ""): 1}

    def test_what_cannot_be_counted_raises_nothing(
        self,
        own: tuple[Demand, DemandCounts, list[date]],
        service: Service,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        demand, counts, _ = own
        self.note(demand, service, capabilities=["zwxquark"])
        demand.flush()
        assert counts.all() == {}
        assert "could not be counted" in caplog.text
        assert "zwxquark" not in caplog.text


@pytest.fixture
def counting(writable: Writable) -> Writable:
    """A service whose counts are empty."""
    writable.service.demand.flush()
    emptied(writable.service.demand_counts)
    return writable


class TestOverHttp:
    def test_a_need_is_counted_with_consent_each_time_it_is_sent(self, counting: Writable) -> None:
        for _ in range(3):
            answer = counting.client.post("/match", json=NEED)
            assert answer.status_code == 200, answer.text
        counting.service.demand.flush()
        month = month_of(datetime.now(UTC).date())
        found = counting.service.demand_counts.all()
        assert found[Cell(month, LIMBURG, WELDING, AIRCRAFT)] == 3
        assert {(cell.month, cell.region) for cell in found} == {(month, LIMBURG)}

    @pytest.mark.parametrize("consent", [{}, {"shareDemand": False}])
    def test_without_consent_nothing_is_counted(self, counting: Writable, consent: dict[str, bool]) -> None:
        plain = {name: value for name, value in NEED.items() if name != "shareDemand"}
        counting.client.post("/match", json={**plain, **consent}).raise_for_status()
        counting.service.demand.flush()
        assert counting.service.demand_counts.all() == {}

    def test_no_word_of_a_need_and_no_address_is_kept(self, counting: Writable) -> None:
        counting.client.post("/match", json=NEED).raise_for_status()
        counting.service.demand.flush()
        assert counting.service.demand_counts.all()
        kept = b"".join(path.read_bytes() for path in counting.service.settings.data_dir.glob("ledger*"))
        assert LIMBURG.encode() in kept
        for word in (b"zwxquark", b"onderdelen", b"127.0.0.1", b"BE223"):
            assert word not in kept

    def test_a_match_does_not_wait_for_a_ledger_that_others_write_to(self, counting: Writable) -> None:
        with counting.service.ledger.database.writing("something long"):
            assert counting.client.post("/match", json=NEED).status_code == 200
        counting.service.demand.flush()
        assert counting.service.demand_counts.all()


def _facilities(service: Service, name: str, value: str) -> set[str]:
    """What the graph itself says, without a query of the catalogue."""
    query = f"SELECT ?facility {{ ?facility <{INFRA[name].value}> <{value}> }}"
    return {str(facility) for (facility,) in service.snapshot.select(query).rows}


SUPPLIED = Cell(MONTH, FLANDERS, ADDITIVE, AIRCRAFT)
GAP = Cell(MONTH, VIDZEME, NEUTRONS, NOT_STATED)
NOWHERE = Cell("2026-07", NOT_STATED, FATIGUE, NOT_STATED)
HIDDEN = Cell(MONTH, LIMBURG, WELDING, AIRCRAFT)


@pytest.fixture
def told(counting: Writable) -> httpx.Client:
    """A client of a service with three cells to tell, one too small and one of a month that goes on."""
    open_ = Cell(month_of(datetime.now(UTC).date()), FLANDERS, WELDING, NOT_STATED)
    counting.service.demand_counts.add({SUPPLIED: 12, GAP: 5, NOWHERE: 6, HIDDEN: 4, open_: 50})
    return counting.client


class TestPublished:
    def test_cells_stand_beside_supply_and_gap(self, told: httpx.Client, counting: Writable) -> None:
        answer = told.get("/demand.json").json()
        rows = {
            (c["month"], (c["region"] or {}).get("id"), c["capability"]["id"]): c for c in answer["cells"]
        }
        assert len(answer["cells"]) == 3
        supplied = rows[MONTH, FLANDERS, ADDITIVE]
        both = _facilities(counting.service, "withinRegion", FLANDERS) & _facilities(
            counting.service, "coversCapability", ADDITIVE
        )
        assert both
        assert (supplied["needs"], supplied["supply"], supplied["gap"]) == (12, len(both), False)
        assert (rows[MONTH, VIDZEME, NEUTRONS]["supply"], rows[MONTH, VIDZEME, NEUTRONS]["gap"]) == (0, True)
        assert (rows["2026-07", None, FATIGUE]["supply"], rows["2026-07", None, FATIGUE]["gap"]) == (
            None,
            None,
        )
        assert {one["capability"]["id"]: one["needs"] for one in answer["totals"]} == {
            ADDITIVE: 12,
            NEUTRONS: 5,
            FATIGUE: 6,
        }

    def test_csv_and_page_tell_the_same(self, told: httpx.Client) -> None:
        rows = list(csv.DictReader(io.StringIO(told.get("/demand.csv").text)))
        assert [(r["month"], r["region"], r["capability"], r["sector"], r["needs"]) for r in rows] == [
            (c.month, c.region, c.capability, c.sector, str(n))
            for c, n in sorted({SUPPLIED: 12, GAP: 5, NOWHERE: 6}.items())
        ]
        page = told.get("/demand", headers={"Accept": "text/html"}).text
        for row in rows:
            assert row["capability_label"] in page
        assert "until now that is" in page

    def test_one_month_can_be_asked_for(self, told: httpx.Client) -> None:
        cells = told.get("/demand", params={"month": "2026-07"}).json()["cells"]
        assert [cell["needs"] for cell in cells] == [6]
        assert told.get("/demand", params={"month": "July"}).status_code == 400

    def test_the_answer_changes_when_the_counts_do(self, told: httpx.Client, counting: Writable) -> None:
        tag = told.get("/demand").headers["ETag"]
        assert told.get("/demand", headers={"If-None-Match": tag}).status_code == 304
        counting.service.demand_counts.add({HIDDEN: 1})
        again = told.get("/demand", headers={"If-None-Match": tag})
        assert again.status_code == 200
        assert len(again.json()["cells"]) == 4

    def test_as_rdf_it_is_a_well_formed_data_cube(self, told: httpx.Client) -> None:
        text = told.get("/demand.ttl").text
        graph = Graph().parse(data=text, format="turtle")
        assert broken_constraints(graph) == []
        assert text.count("a qb:Observation") == 3
        less = "\n".join(line for line in text.splitlines() if "demand:region nuts:" not in line)
        assert "IC-11" in broken_constraints(Graph().parse(data=less, format="turtle"))

    def test_it_is_in_the_catalogue(self, told: httpx.Client) -> None:
        text = told.get("/catalog.ttl").text
        assert "<https://w3id.org/infrashare/demand>" in text
        assert "/demand.csv>" in text


_CUBE = "PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
_CUBE += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
NORMALISE = [
    f"{_CUBE} INSERT {{ ?c qb:componentProperty ?p . ?p a qb:{name}Property }} WHERE {{ ?c qb:{name.lower()} ?p }}"
    for name in ("Dimension", "Measure", "Attribute")
]
_OF = "qb:dataSet/qb:structure/qb:component/qb:componentProperty"
CONSTRAINTS = {
    "IC-1": "ASK { { ?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet ?d } } UNION "
    "{ ?o a qb:Observation ; qb:dataSet ?d1, ?d2 FILTER (?d1 != ?d2) } }",
    "IC-2": "ASK { { ?d a qb:DataSet FILTER NOT EXISTS { ?d qb:structure ?s } } UNION "
    "{ ?d a qb:DataSet ; qb:structure ?s1, ?s2 FILTER (?s1 != ?s2) } }",
    "IC-3": "ASK { ?s a qb:DataStructureDefinition "
    "FILTER NOT EXISTS { ?s qb:component/qb:componentProperty/a qb:MeasureProperty } }",
    "IC-4": "ASK { ?d a qb:DimensionProperty FILTER NOT EXISTS { ?d rdfs:range [] } }",
    "IC-5": "ASK { ?d a qb:DimensionProperty ; rdfs:range skos:Concept FILTER NOT EXISTS { ?d qb:codeList [] } }",
    "IC-6": "ASK { ?s qb:component ?c . ?c qb:componentRequired false ; qb:componentProperty ?p "
    "FILTER NOT EXISTS { ?p a qb:AttributeProperty } }",
    "IC-11": f"ASK {{ ?o {_OF} ?d . ?d a qb:DimensionProperty FILTER NOT EXISTS {{ ?o ?d [] }} }}",
    "IC-12": "ASK { FILTER (?same) { SELECT (MIN(?equal) AS ?same) { ?o1 qb:dataSet ?s . ?o2 qb:dataSet ?s "
    f"FILTER (?o1 != ?o2) ?o1 {_OF} ?d . ?d a qb:DimensionProperty . ?o1 ?d ?v1 . ?o2 ?d ?v2 "
    "BIND (?v1 = ?v2 AS ?equal) } GROUP BY ?o1 ?o2 } }",
    "IC-14": f"ASK {{ ?o {_OF} ?m . ?m a qb:MeasureProperty FILTER NOT EXISTS {{ ?o ?m [] }} }}",
    "IC-19": f"ASK {{ ?o {_OF} ?d . ?d a qb:DimensionProperty ; qb:codeList ?l . ?l a skos:ConceptScheme . ?o ?d ?v "
    "FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?l } }",
}
"""Integrity constraints of the RDF Data Cube Vocabulary, section 11.1: each asks whether something is wrong."""


def broken_constraints(graph: Graph) -> list[str]:
    for update in NORMALISE:
        graph.update(update)
    return [name for name, ask in CONSTRAINTS.items() if graph.query(_CUBE + ask).askAnswer]


def test_backup_restore_and_rebuild_keep_demand(
    prepared: Path, copy_of: Callable[[Path], Path], tmp_path: Path
) -> None:
    here = Settings(data_dir=copy_of(prepared), empty=True, check_workers=1)
    with running(here) as service:
        service.demand_counts.add({SUPPLIED: 12, HIDDEN: 4})
        back_up(service.ledger, tmp_path / "backup", lambda *_: None)
    rebuild(here)
    there = Settings(data_dir=tmp_path / "there", empty=True, check_workers=1)
    restore(there, tmp_path / "backup", lambda *_: None)
    for kept in (here, there):
        with running(kept) as service:
            assert service.demand_counts.all() == {SUPPLIED: 12, HIDDEN: 4}
