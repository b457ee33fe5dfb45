"""Profiles: what a region has, what stands out, what is missing; and what is said where nothing is described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal
from small_profile import view_of

from graph.errors import NotFound
from graph.iris import CODELIST, INFRA, NUTS, RDF
from graph.match.view import View
from graph.regions.observations import CUBE, QB, triples
from graph.regions.profile import INDICATORS, SECTIONS, Profile, differences, indicators_of, profile
from graph.regions.region import described, region_of, regions_of
from graph.regions.strengths import LEAST_FACILITIES, strengths
from graph.regions.tables import COLUMNS, rows
from graph.store.ledger import Ledger

AA1 = NUTS["AA1"]


@pytest.fixture(scope="module")
def view() -> View:
    return view_of()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def told(view: View, ledger: Ledger) -> Profile:
    return profile(AA1, view, ledger)


def labels(items: list[dict[str, Any]]) -> list[str]:
    return [one["label"] for one in items]


class TestProfile:
    def test_key_facts_are_those_stated_and_the_rest_is_unknown(self, told: Profile) -> None:
        region = told.data["region"]
        assert (region["notation"], region["label"], region["level"], region["country"]) == (
            "AA1",
            "Aville",
            1,
            "AA",
        )
        assert labels(region["part_of"]) == ["A-land"]
        assert region["population"] == 500_000
        assert (region["area"], region["gerd"], region["location"]) == (None, None, None)

    def test_priorities_of_the_region_come_before_those_around_it(self, told: Profile) -> None:
        priorities = told.data["priorities"]
        assert labels(priorities) == ["Light things", "Things"]
        assert [labels(one["stated_for"]) for one in priorities] == [["Aville"], ["A-land"]]
        assert priorities[0]["evidence"][0]["o"].endswith("/light")

    def test_everything_of_the_region_is_named(self, told: Profile) -> None:
        data = told.data
        assert labels(data["facilities"]["items"]) == ["First", "Second", "Third"]
        assert data["facilities"]["items"][0]["city"] == "Aville"
        assert [one["facilities"] for one in data["operators"]["items"]] == [2, 1]
        assert labels(data["stakeholders"]["items"]) == ["Institute"]
        (instrument,) = data["policy_instruments"]["items"]
        assert (instrument["label"], instrument["funds"], instrument["stated_for"]) == (
            "Voucher",
            "Tests.",
            ["AA"],
        )
        assert labels(data["practices"]["items"]) == ["Open doors", "Shut doors"]
        assert labels(data["action_plans"]["items"]) == ["Plan"]
        assert labels(data["events"]["items"]) == ["Visit"]
        assert [(place.label, place.point.lon, place.point.lat) for place in told.places] == [("First", 0, 0)]

    def test_a_gap_is_what_a_priority_needs_and_nobody_there_covers(self, told: Profile) -> None:
        gaps = told.data["gaps"]
        assert [gap["notation"] for gap in gaps["items"]] == ["robots"]
        assert gaps["items"][0]["facilities"] == []
        assert labels(gaps["unknown"]) == ["Things"]

    def test_each_indicator_stands_in_its_section(self, told: Profile) -> None:
        assert [(one["section"], one["indicator"]) for one in told.data["indicators"]] == [
            (section, name) for section, several in SECTIONS.items() for name in several
        ]

    def test_names_are_in_the_language_of_the_reader(self, ledger: Ledger) -> None:
        dutch = profile(AA1, view_of("nl"), ledger).data
        assert dutch["region"]["label"] == "Aastad"
        assert dutch["indicators"][0]["title"] == "Voorzieningen"

    def test_a_region_with_one_facility_has_a_whole_profile(self, view: View, ledger: Ledger) -> None:
        data = profile(NUTS["BB1"], view, ledger).data
        assert data["note"] is None
        assert labels(data["facilities"]["items"]) == ["Fourth"]
        assert data["strengths"] == []
        assert data["gaps"]["note"] is not None

    @pytest.mark.parametrize("code", ["CC1", "AA2"])
    def test_where_nothing_is_described_it_says_so(self, code: str, view: View, ledger: Ledger) -> None:
        data = profile(NUTS[code], view, ledger).data
        assert view.name(NUTS[code]) in data["note"]
        assert data["facilities"] == {"total": 0, "items": []}
        assert data["strengths"] == []
        assert {one["indicator"]: one["figures"] for one in data["indicators"]}["sme-access"] == []


class TestStrengths:
    def test_what_says_nothing_more_than_something_narrower_is_left_out(
        self, told: Profile, view: View
    ) -> None:
        found = strengths(told.indicators["capability-quotient"], view)
        assert [one.capability for one in found] == [CODELIST["capability/welding"]]
        assert found[0].figure.count == LEAST_FACILITIES

    def test_the_reason_says_share_quotient_and_number(self, told: Profile) -> None:
        (strength,) = told.data["strengths"]
        assert strength["quotient"] == pytest.approx(1.333)
        for word in ("67%", "welding", "1.3", "2"):
            assert word in strength["reason"]


class TestDifferences:
    def test_only_figures_that_differ_are_told_with_what_they_were(self, view: View) -> None:
        later = view_of(
            more="""graph:one\\/facilities {
                id:facility\\/third infra:facilityKind <https://w3id.org/infrashare/codelist/facility-kind/pilot-line> .
            }"""
        )
        found = differences(indicators_of(AA1, later), indicators_of(AA1, view), later)
        kinds = {
            one["item"]["id"].rsplit("/", 1)[-1]: (one["before"], one["value"])
            for one in found
            if one["indicator"] == "facilities-by-kind"
        }
        assert kinds == {"laboratory": (1, 0.6667), "pilot-line": (0.5, 0.6667)}
        fields = [one["item"]["id"] for one in found if one["indicator"] == "completeness"]
        assert fields == [INFRA["facilityKind"].value]
        assert {one["indicator"] for one in found} == {"facilities-by-kind", "completeness", "age-of-fields"}

    def test_new_and_lost_figures_have_none_in_their_place(self, view: View) -> None:
        later = view_of(
            more="""graph:two\\/facilities { id:facility\\/fourth infra:operatedBy id:organisation\\/institute . }"""
        )
        bb1 = NUTS["BB1"]
        now, before = indicators_of(bb1, later), indicators_of(bb1, view)
        (new,) = [one for one in differences(now, before, later) if one["indicator"] == "operators"]
        assert (new["before"], new["value"]) == (None, 1)
        (lost,) = [one for one in differences(before, now, later) if one["indicator"] == "operators"]
        assert (lost["before"], lost["value"]) == (1, None)

    def test_the_same_has_no_differences(self, view: View) -> None:
        assert differences(indicators_of(AA1, view), indicators_of(AA1, view_of()), view) == []


class TestCube:
    def test_each_figure_is_one_observation_with_all_dimensions(self, told: Profile, view: View) -> None:
        said = triples(AA1, told.indicators.values(), view)
        figures = sum(len(one.figures) for one in told.indicators.values())
        observations = {
            t.subject for t in said if (t.predicate, t.object) == (RDF["type"], QB["Observation"])
        }
        assert len(observations) == figures
        keys = set()
        for node in observations:
            of = {t.predicate: t.object for t in said if t.subject == node}
            keys.add(
                tuple(
                    of[INFRA[name]]
                    for name in ("indicatorRegion", "indicatorQuery", "indicatorItem", "revision")
                )
            )
            assert isinstance(of[INFRA["indicatorValue"]], Literal)
            assert of[RDF["type"]] in {QB["Observation"], INFRA["RegionIndicator"]}
        assert len(keys) == figures

    def test_an_unsafe_figure_says_so_among_its_caveats(self, told: Profile, view: View) -> None:
        said = triples(AA1, [told.indicators["sme-access"]], view)
        caveats = [t.object.value for t in said if t.predicate == INFRA["caveat"] and t.object != CUBE["x"]]
        assert any("1 of 3" in text for text in caveats if isinstance(text, str))

    def test_the_structure_names_what_observations_have(self, told: Profile, view: View) -> None:
        said = triples(AA1, told.indicators.values(), view)
        declared = {
            t.object for t in said if t.predicate in {QB["dimension"], QB["measure"], QB["attribute"]}
        }
        used = {
            t.predicate
            for t in said
            if t.subject.value.startswith("https://w3id.org/infrashare/regions/AA1/profile#")
        }
        assert declared <= used


def test_the_table_has_a_row_for_each_figure(told: Profile, view: View) -> None:
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows(told.indicators.values(), view)]
    assert len(found) == sum(len(one.figures) for one in told.indicators.values())
    (access,) = [row for row in found if row["indicator"] == "sme-access"]
    assert (access["value"], access["known"], access["of"], access["safe"]) == (1, 1, 3, "false")
    assert access["query"] == "/queries/indicators-sme-access?region=AA1"
    assert {row["indicator"] for row in found} <= set(INDICATORS)


class TestRegions:
    def test_a_region_is_found_by_code_or_iri_in_any_case(self, view: View) -> None:
        assert region_of("aa1", view) == region_of(AA1.value, view) == AA1
        assert regions_of(["AA1", "BB1", "aa1"], view) == [AA1, NUTS["BB1"]]

    @pytest.mark.parametrize(
        ("code", "near"), [("AA3", "AA1 Aville"), ("Bvile", "BB1 Bville"), ("CC", "CC1 Cville")]
    )
    def test_an_unknown_code_comes_with_near_ones(self, code: str, near: str, view: View) -> None:
        with pytest.raises(NotFound, match=near):
            region_of(code, view)

    @pytest.mark.parametrize("code", ["", "?", "<script>", "A" * 5_000])
    def test_what_is_no_code_at_all_is_refused_in_a_line(self, code: str, view: View) -> None:
        with pytest.raises(NotFound) as refused:
            region_of(code, view)
        assert len(refused.value.detail) < 400

    def test_regions_that_partners_describe_are_those_with_priorities_or_stakeholders(
        self, view: View
    ) -> None:
        assert described(view) == [NUTS["AA"], AA1, NUTS["BB1"]]


def test_the_ledger_of_another_place_changes_nothing(view: View, tmp_path: Path) -> None:
    empty = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    assert profile(AA1, view, empty).data["changes"] == []
    empty.close()
