"""How alike regions are: against what was worked out by hand, and as a measure should behave."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from small_dataset import view_of
from small_network import BROADER, Facilities, capability, quads

from graph.iris import NUTS
from graph.regions.similarity import Coverage

HERE, THERE, NOWHERE = NUTS["AA1"], NUTS["BB1"], NUTS["CC1"]

FOUR: Facilities = {
    "a": ("AA1", "welding"),
    "b": ("AA1", "gluing"),
    "c": ("BB1", "welding"),
    "d": ("BB1", "optics"),
}
# All four: welding 2/4, gluing 1/4, joining 3/4, making 3/4, optics 1/4.


def read(facilities: Facilities, *regions: NamedNode) -> Coverage:
    return Coverage.read(regions or (HERE, THERE), view_of(quads(facilities)))


class TestByHand:
    def test_likeness_is_shared_content_over_all_content(self) -> None:
        half, quarter, most = math.log(2), math.log(4), math.log(4 / 3)
        # Shares here: welding 1/2, gluing 1/2, joining 1, making 1; there: welding, joining, making and optics 1/2.
        shared = half / 2 + 2 * most / 2
        either = half / 2 + quarter / 2 + 2 * most + quarter / 2
        assert read(FOUR).similarity(HERE, THERE) == pytest.approx(shared / either, abs=1e-12)

    def test_what_two_share_and_what_sets_them_apart_add_up_to_one(self) -> None:
        coverage = read(FOUR)
        shared, apart = coverage.shared(HERE, THERE), coverage.apart(HERE, THERE)
        likeness = coverage.similarity(HERE, THERE)
        assert math.fsum(one.part for one in shared) == pytest.approx(likeness)
        assert math.fsum(one.part for one in (*shared, *apart)) == pytest.approx(1)
        assert [one.capability for one in shared] == [capability(c) for c in ("welding", "joining", "making")]
        assert [(one.one, one.other) for one in shared] == [(0.5, 0.5), (1.0, 0.5), (1.0, 0.5)]
        assert {one.capability for one in apart[:2]} == {capability("gluing"), capability("optics")}
        assert coverage.apart(HERE, THERE, 1) == apart[:1]

    def test_facilities_without_a_capability_do_not_dilute_a_share(self) -> None:
        more = read({**FOUR, "silent": ("AA1", "")})
        assert more.similarity(HERE, THERE) == read(FOUR).similarity(HERE, THERE)
        assert (more.able[HERE], more.located[HERE], more.total) == (2, 3, 4)
        assert more.share(HERE, capability("welding")) == 0.5

    def test_a_wider_region_counts_what_lies_within_it(self) -> None:
        coverage = read({**FOUR, "e": ("AA2", "optics")}, NUTS["AA"], HERE)
        assert coverage.count(NUTS["AA"], capability("optics")) == 1
        assert coverage.count(HERE, capability("optics")) == 0
        assert coverage.located[NUTS["AA"]] == 3

    def test_what_every_facility_covers_tells_nothing(self) -> None:
        coverage = read({"a": ("AA1", "making optics"), "b": ("BB1", "making welding")})
        assert coverage.content[capability("making")] == 0
        assert coverage.similarity(HERE, THERE) == 0
        assert coverage.shared(HERE, THERE) == []


class TestUnknown:
    def test_a_region_without_facilities_is_neither_like_nor_unlike(self) -> None:
        coverage = read(FOUR, HERE, NOWHERE)
        assert coverage.similarity(HERE, NOWHERE) is None
        assert coverage.similarity(NOWHERE, HERE) is None
        assert coverage.similarity(NOWHERE, NOWHERE) is None
        assert coverage.shared(HERE, NOWHERE) == coverage.apart(NOWHERE, HERE) == []
        assert coverage.share(NOWHERE, capability("welding")) is None

    def test_nor_is_one_whose_facilities_state_no_capability(self) -> None:
        coverage = read({**FOUR, "silent": ("CC1", "")}, HERE, NOWHERE)
        assert coverage.located[NOWHERE] == 1
        assert coverage.similarity(HERE, NOWHERE) is None

    def test_one_facility_alone_is_like_itself(self) -> None:
        coverage = read({"a": ("AA1", "welding")}, HERE)
        assert coverage.similarity(HERE, HERE) == 1
        assert coverage.shared(HERE, HERE) == coverage.apart(HERE, HERE) == []

    def test_an_empty_dataset_has_no_likeness(self) -> None:
        assert read({}).similarity(HERE, THERE) is None


CODES = st.sampled_from(["AA1", "BB1", "CC1"])
STATED = st.sets(st.sampled_from([*BROADER, "making", "optics", "testing"]), max_size=4).map(" ".join)
SOME = st.lists(st.tuples(CODES, STATED), max_size=8).map(
    lambda several: {f"f{i}": one for i, one in enumerate(several)}
)


@given(facilities=SOME, seed=st.randoms(use_true_random=False))
def test_it_is_symmetric_bounded_and_the_same_in_any_order(
    facilities: dict[str, tuple[str, str]], seed: random.Random
) -> None:
    regions = [HERE, THERE, NOWHERE]
    statements = list(quads(facilities, regions=["AA1", "BB1", "CC1"]))
    coverage = Coverage.read(regions, view_of(statements))
    seed.shuffle(statements)
    seed.shuffle(regions)
    again = Coverage.read(regions, view_of(statements))
    for one in regions:
        for other in regions:
            likeness = coverage.similarity(one, other)
            assert likeness == coverage.similarity(other, one) == again.similarity(one, other)
            assert coverage.shared(one, other) == again.shared(one, other)
            assert (likeness is None) == (not coverage.able.get(one) or not coverage.able.get(other))
            if likeness is not None:
                assert 0 <= likeness <= 1
                assert likeness == 1 or one != other


@pytest.mark.parametrize("code", ["AA1", "BB1"])
def test_each_region_is_like_itself(code: str) -> None:
    assert read(FOUR).similarity(NUTS[code], NUTS[code]) == 1
