"""Indicators: figures worked out by hand on a small graph, and what every query of the folder must keep."""

import math
import random
from typing import Any

import pytest
from small_dataset import CATALOGUE
from small_profile import view_of

from graph.errors import InputError
from graph.iris import CODELIST, DCT, ID, INFRA, LANGUAGES, NUTS
from graph.match.view import View
from graph.regions import indicators
from graph.regions.indicators import Coverage, Indicator, read
from graph.regions.profile import INDICATORS, SECTIONS
from graph.store.catalogue import read_query

AA, AA1, AA2, BB1, CC1 = (NUTS[code] for code in ("AA", "AA1", "AA2", "BB1", "CC1"))
REGIONS = [AA, AA1, AA2, BB1, CC1]
CAP = "capability/"


@pytest.fixture(scope="module")
def view() -> View:
    return view_of()


def one(name: str, view: View, region: Any = AA1) -> Indicator:
    return read(name, REGIONS, view)[region]


def values(indicator: Indicator) -> dict[str, tuple[Any, Any, Any]]:
    """Value, numerator and denominator by the end of the item's IRI."""
    return {
        (figure.item.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] if figure.item else ""): (
            figure.value,
            figure.numerator,
            figure.denominator,
        )
        for figure in indicator.figures
    }


def known(indicator: Indicator) -> tuple[int, int]:
    return indicator.coverage.known, indicator.coverage.of


class TestByHand:
    def test_facilities_are_counted_once_and_none_is_zero(self, view: View) -> None:
        counted = {region: values(one("facilities", view, region))[""] for region in REGIONS}
        assert counted == {AA: (3, 3, 4), AA1: (3, 3, 4), AA2: (0, 0, 4), BB1: (1, 1, 4), CC1: (0, 0, 4)}

    def test_kinds_are_shares_of_those_that_state_one(self, view: View) -> None:
        kinds = one("facilities-by-kind", view)
        assert values(kinds) == {"laboratory": (1, 2, 2), "pilot-line": (0.5, 1, 2)}
        assert known(kinds) == (2, 3)

    def test_density_needs_the_number_of_inhabitants(self, view: View) -> None:
        assert values(one("facilities-per-million", view)) == {"": (6, 3, 500_000)}
        assert one("facilities-per-million", view, BB1).figures == ()

    def test_branches_count_what_is_narrower(self, view: View) -> None:
        assert values(one("capabilities-by-branch", view)) == {
            "making": (0.6667, 2, 3),
            "optics": (0.3333, 1, 3),
        }

    def test_capabilities_are_those_stated(self, view: View) -> None:
        assert values(one("capabilities", view)) == {"": (3, 3, 3)}
        assert values(one("capabilities", view, BB1)) == {"": (1, 1, 3)}

    def test_the_quotient_sets_the_share_here_beside_the_share_everywhere(self, view: View) -> None:
        quotient = one("capability-quotient", view)
        welding = quotient.figure(CODELIST[CAP + "welding"])
        assert welding is not None
        assert welding.value == pytest.approx((2 / 3) / (2 / 4), abs=1e-3)
        assert welding.numerator == pytest.approx(2 / 3, abs=1e-6)
        assert welding.denominator == pytest.approx(2 / 4)
        assert welding.count == 2
        optics = quotient.figure(CODELIST[CAP + "optics"])
        assert optics is not None
        assert optics.value == pytest.approx((1 / 3) / (2 / 4), abs=1e-3)

    def test_what_nobody_else_has_is_told_apart(self, view: View) -> None:
        assert values(one("unique-capabilities", view)) == {"": (0.6667, 2, 3)}
        assert values(one("unique-capabilities", view, BB1)) == {"": (0, 0, 1)}

    def test_diversity_is_the_index_of_shannon(self, view: View) -> None:
        (figure,) = one("diversity", view).figures
        shares = [2 / 4, 1 / 4, 1 / 4]
        assert figure.value == pytest.approx(-sum(p * math.log(p) for p in shares), abs=1e-4)
        assert figure.denominator == pytest.approx(math.log(3), abs=1e-4)
        (single,) = one("diversity", view, BB1).figures
        assert (single.value, single.denominator) == (0, 0)

    def test_operators_are_told_by_kind(self, view: View) -> None:
        operators = one("operators", view)
        assert values(operators) == {"rto": (1, 2, 2)}
        assert known(operators) == (2, 3)

    def test_one_open_offer_opens_a_facility(self, view: View) -> None:
        access = one("sme-access", view)
        assert values(access) == {"": (1, 1, 1)}
        assert known(access) == (1, 3)
        assert not access.coverage.is_safe

    def test_readiness_levels_are_those_of_the_range(self, view: View) -> None:
        assert values(one("readiness-levels", view)) == dict.fromkeys("456", (1, 1, 1))

    def test_equipment_is_counted_by_branch(self, view: View) -> None:
        assert values(one("equipment", view)) == {"": (1, 1, 1)}
        assert known(one("equipment", view)) == (1, 3)
        assert values(one("equipment-by-branch", view)) == {"making": (1, 1, 1)}

    def test_instruments_of_a_country_count_in_its_regions(self, view: View) -> None:
        for region in (AA, AA1, AA2):
            assert values(one("policy-instruments", view, region)) == {"innovation-voucher": (1, 1, 1)}
        assert one("policy-instruments", view, BB1).figures == ()

    def test_practices_of_parts_count_and_those_without_theme_lower_the_coverage(self, view: View) -> None:
        themes = one("practice-themes", view)
        assert values(themes) == {"funding": (1, 1, 1), "accessibility": (1, 1, 1)}
        assert known(themes) == (1, 2)
        assert values(one("practice-evidence", view)) == {"": (0.5, 1, 2)}

    def test_priorities_are_served_where_a_facility_covers_what_they_need(self, view: View) -> None:
        served = one("priorities-served", view)
        assert values(served) == {"light": (0.6667, 2, 3)}
        assert known(served) == (1, 2)
        assert one("priorities-served", view, AA2).coverage == Coverage(0, 1, 0.5)
        whole = one("priorities-served", view, AA)
        assert values(whole) == {"light": (0.6667, 2, 3)}

    def test_completeness_is_told_for_each_field(self, view: View) -> None:
        fields = one("completeness", view)
        assert fields.figure(DCT["description"]).value == pytest.approx(1 / 3, abs=1e-4)  # type: ignore[union-attr]
        assert fields.figure(INFRA["capability"]).value == 1  # type: ignore[union-attr]
        assert fields.figure(INFRA["costMode"]).numerator == 1  # type: ignore[union-attr]
        assert fields.figure(INFRA["leadTimeDays"]).value == 0  # type: ignore[union-attr]

    def test_age_is_that_of_the_record_else_of_the_contribution(self, view: View) -> None:
        assert values(one("age", view)) == {"2024": (0.3333, 1, 3), "2026": (0.6667, 2, 3)}
        fields = one("age-of-fields", view)
        assert fields.figure(DCT["description"]).value == pytest.approx(2024.5)  # type: ignore[union-attr]
        mean = (2024.5 + 2 * 2026.25) / 3
        assert fields.figure(INFRA["capability"]).value == pytest.approx(mean, abs=0.01)  # type: ignore[union-attr]

    def test_a_second_facility_changes_only_what_it_touches(self, view: View) -> None:
        other = view_of(
            more="""graph:two\\/facilities { id:facility\\/fifth a infra:Facility ; infra:inRegion nuts:BB1 ;
                infra:operatedBy id:organisation\\/institute . }
            graph:derived { id:facility\\/fifth infra:withinRegion nuts:BB1 . }"""
        )
        assert values(one("facilities", other, BB1)) == {"": (2, 2, 5)}
        assert values(one("operators", other, BB1)) == {"rto": (1, 1, 1)}
        assert known(one("capabilities-by-branch", other, BB1)) == (1, 2)
        for name in ("facilities-by-kind", "capabilities-by-branch", "diversity", "completeness"):
            assert one(name, other).figures == one(name, view).figures


class TestEveryIndicator:
    @pytest.mark.parametrize("name", INDICATORS)
    def test_it_is_the_same_for_a_region_alone_and_among_others(self, name: str, view: View) -> None:
        together = read(name, REGIONS, view)
        for region in REGIONS:
            alone = read(name, [region], view)[region]
            assert alone.figures == together[region].figures
            assert alone.coverage == together[region].coverage

    @pytest.mark.parametrize("name", INDICATORS)
    def test_it_does_not_depend_on_the_order_of_statements(self, name: str, view: View) -> None:
        shuffled = view_of(order=random.Random(7))
        assert read(name, REGIONS, shuffled) == read(name, REGIONS, view)

    @pytest.mark.parametrize("name", INDICATORS)
    def test_known_is_never_more_than_there_is(self, name: str, view: View) -> None:
        for indicator in read(name, REGIONS, view).values():
            assert 0 <= indicator.coverage.known <= indicator.coverage.of
            for figure in indicator.figures:
                if indicator.measure.unit == "share":
                    assert 0 <= figure.value <= 1

    @pytest.mark.parametrize("name", INDICATORS)
    def test_a_region_without_records_has_no_figure_but_the_number_of_facilities(
        self, name: str, view: View
    ) -> None:
        indicator = one(name, view, CC1)
        assert [figure.value for figure in indicator.figures] == ([0] if name == "facilities" else [])
        assert indicator.coverage.share is None
        assert not indicator.coverage.is_safe

    def test_each_stands_in_one_section_and_no_query_is_left_over(self, view: View) -> None:
        assert len(set(INDICATORS)) == len(INDICATORS)
        assert set(INDICATORS) == set(indicators.names(view))
        assert sum(len(several) for several in SECTIONS.values()) == len(INDICATORS)

    @pytest.mark.parametrize("name", INDICATORS)
    def test_its_title_and_caveats_are_in_nine_languages(self, name: str, view: View) -> None:
        query = CATALOGUE[f"indicators-{name}"]
        assert set(query.titles) == set(LANGUAGES)
        assert len(set(query.titles.values())) > 1
        for code in indicators.measure_of(query).caveats:
            assert f"caveat-{code}" in view.reasons.codes

    def test_a_query_that_gives_no_figures_is_no_indicator(self) -> None:
        with pytest.raises(TypeError, match="states no unit"):
            indicators.measure_of(CATALOGUE["browse-regions"])


class TestHead:
    @pytest.mark.parametrize(
        "head", ["#+ unit: share", "#+ unit: share\n#+ caveat: described\n#+ coverage: 2"]
    )
    def test_a_head_without_all_that_figures_need_names_the_file(self, tmp_path: Any, head: str) -> None:
        path = tmp_path / "odd.rq"
        path.write_text(f"#+ title: Odd\n#+ description: Odd.\n{head}\nSELECT ?s WHERE {{ ?s ?p ?o }}\n")
        with pytest.raises(InputError, match=r"odd\.rq"):
            read_query(path, "odd")


def test_ids_of_the_fixture_are_those_of_the_graph(view: View) -> None:
    assert view.name(ID["facility/first"]) == "First"
