"""Comparisons: what is common and what is specific, symmetric, and silent where nothing is described."""

from itertools import permutations
from typing import Any

import pytest
from small_profile import view_of

from graph.errors import InputError
from graph.iris import NUTS
from graph.match.view import View
from graph.regions.comparison import FACETS, FIGURES, MOST, comparison

CODES = ("AA1", "BB1", "CC1")


@pytest.fixture(scope="module")
def view() -> View:
    return view_of()


def compared(view: View, *codes: str) -> Any:
    return comparison([NUTS[code] for code in codes], view).data


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [one["notation"] or one["id"].rsplit("/", 1)[-1] for one in items]


def facet(told: Any, name: str) -> Any:
    (found,) = [one for one in told["facets"] if one["facet"] == name]
    return found


class TestSpread:
    def test_capabilities_are_as_narrow_as_can_be_where_common_and_as_broad_where_specific(
        self, view: View
    ) -> None:
        told = compared(view, "AA1", "BB1")["capabilities"]
        assert ids(told["common"]) == ["optics"]
        assert {one["region"]: ids(one["items"]) for one in told["specific"]} == {
            "AA1": ["making"],
            "BB1": [],
        }
        assert told["common"][0]["branch"]["notation"] == "optics"

    def test_a_narrower_capability_in_common_stands_for_the_broader(self) -> None:
        view = view_of(
            more="""graph:two\\/facilities { id:facility\\/fourth infra:capability cap:welding . }
            graph:derived { id:facility\\/fourth infra:anyCapability cap:welding ;
                infra:coversCapability cap:welding , cap:making . }"""
        )
        told = compared(view, "AA1", "BB1")["capabilities"]
        assert ids(told["common"]) == ["welding", "optics"]
        assert {one["region"]: ids(one["items"]) for one in told["specific"]} == {
            "AA1": ["gluing"],
            "BB1": [],
        }

    def test_a_region_of_which_nothing_is_described_is_left_out_and_named(self, view: View) -> None:
        told = compared(view, "AA1", "BB1", "CC1")
        assert told["capabilities"]["left_out"] == ["CC1"]
        assert ids(told["capabilities"]["common"]) == ["optics"]
        branch = facet(told, "capabilities-by-branch")
        (making,) = [one for one in branch["items"] if one["notation"] == "making"]
        assert [cell["count"] for cell in making["cells"]] == [2, 0, None]
        assert [cell["share"] for cell in making["cells"]] == [0.6667, 0, None]

    def test_one_region_that_says_something_has_nothing_specific(self, view: View) -> None:
        told = facet(compared(view, "AA1", "CC1"), "facilities-by-kind")
        assert told["common"] == []
        assert [one["items"] for one in told["specific"]] == [[], []]
        assert told["left_out"] == ["CC1"]

    def test_figures_stand_side_by_side_with_their_coverage(self, view: View) -> None:
        figures = {one["indicator"]: one["values"] for one in compared(view, *CODES)["figures"]}
        assert list(figures) == list(FIGURES)
        assert [one["value"] for one in figures["facilities"]] == [3, 1, 0]
        assert [(one["value"], one["safe"]) for one in figures["sme-access"]] == [
            (1, False),
            (None, False),
            (None, False),
        ]


class TestSymmetry:
    def test_the_order_of_regions_changes_only_the_order_of_columns(self, view: View) -> None:
        first = compared(view, *CODES)
        for order in permutations(CODES):
            told = compared(view, *order)
            assert ids(told["capabilities"]["common"]) == ids(first["capabilities"]["common"])
            for name in FACETS:
                one, other = facet(told, name), facet(first, name)
                assert ids(one["common"]) == ids(other["common"])
                assert ids(one["items"]) == ids(other["items"])
                assert {c["region"]: ids(c["items"]) for c in one["specific"]} == {
                    c["region"]: ids(c["items"]) for c in other["specific"]
                }
                for a, b in zip(one["items"], other["items"], strict=True):
                    assert sorted(a["cells"], key=str) == sorted(b["cells"], key=str)
                    assert [cell["region"] for cell in a["cells"]] == list(order)

    def test_common_and_specific_never_overlap(self, view: View) -> None:
        told = compared(view, "AA1", "BB1")
        for spread in (told["capabilities"], *told["facets"]):
            common = set(ids(spread["common"]))
            for own in spread["specific"]:
                assert not common & set(ids(own["items"]))


@pytest.mark.parametrize("number", [0, 1, MOST + 1])
def test_fewer_than_two_and_more_than_eight_are_refused(number: int, view: View) -> None:
    with pytest.raises(InputError, match=f"{number} different regions"):
        comparison([NUTS[f"A{n}"] for n in range(number)], view)
