"""My gap, your surplus: against what was worked out by hand, and what stays unknown."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from small_dataset import view_of
from small_network import BROADER, Facilities, capability, quads

from graph.iris import ID, NUTS
from graph.regions.complementarity import Needs
from graph.regions.similarity import Coverage

HERE, THERE, NOWHERE = NUTS["AA1"], NUTS["BB1"], NUTS["CC1"]

FACILITIES: Facilities = {
    "a": ("AA1", "welding"),
    "b": ("BB1", "optics"),
    "c": ("BB1", "optics gluing"),
    "d": ("DD1", "testing"),
}
PRIORITIES = {
    "AA1": {"light": "optics photonics", "ships": "welding testing", "vision": "optics"},
    "BB1": {"joints": "joining"},
}


def needs_of(
    facilities: Facilities = FACILITIES,
    priorities: dict[str, dict[str, str]] = PRIORITIES,
    regions: tuple[NamedNode, ...] = (HERE, THERE, NOWHERE),
) -> Needs:
    view = view_of(quads(facilities, priorities, ["CC1"]))
    return Needs.read(regions, Coverage.read(regions, view), view)


def test_gaps_are_what_priorities_need_and_nobody_there_covers() -> None:
    needs = needs_of()
    assert needs.gaps(HERE) == tuple(capability(c) for c in ("optics", "photonics", "testing"))
    assert needs.gaps(THERE) == (), "gluing is a kind of joining"
    assert needs.gaps(NOWHERE) is None


def test_the_value_is_the_share_of_gaps_filled_weighed_by_rarity() -> None:
    found = needs_of().complement(HERE, THERE)
    # Of four facilities two cover optics, one testing, none photonics: 3, 2 and 1 of 6 after Laplace.
    optics, testing, photonics = math.log(6 / 3), math.log(6 / 2), math.log(6 / 1)
    assert found.value == pytest.approx(optics / (optics + testing + photonics), abs=1e-12)
    assert found.state == "known"
    (filled,) = found.filled
    assert (filled.capability, filled.facilities) == (capability("optics"), 2)
    assert filled.priorities == (ID["s3-priority/light"], ID["s3-priority/vision"])
    assert set(found.open) == {capability("testing"), capability("photonics")}


def test_a_narrower_capability_fills_a_gap() -> None:
    needs = needs_of(priorities={"DD1": {"joints": "joining"}}, regions=(THERE, NUTS["DD1"]))
    assert needs.complement(NUTS["DD1"], THERE).value == 1
    assert needs.complement(NUTS["DD1"], THERE).open == ()


def test_nothing_filled_is_nought_and_nothing_known_is_not() -> None:
    needs = needs_of({**FACILITIES, "e": ("CC1", "")})
    assert needs.complement(HERE, HERE).value == 0
    assert (needs.complement(THERE, HERE).value, needs.complement(THERE, HERE).state) == (None, "no-gaps")
    assert (needs.complement(NOWHERE, HERE).value, needs.complement(NOWHERE, HERE).state) == (
        None,
        "no-priorities",
    )
    assert (needs.complement(HERE, NOWHERE).value, needs.complement(HERE, NOWHERE).state) == (
        None,
        "not-described",
    )


def test_priorities_without_capabilities_leave_gaps_unknown() -> None:
    assert needs_of(priorities={"AA1": {"vague": ""}}).gaps(HERE) is None


def test_a_region_without_facilities_lacks_all_that_it_needs() -> None:
    found = needs_of(priorities={"CC1": {"light": "optics", "ships": "welding"}}).complement(NOWHERE, THERE)
    assert [one.capability for one in found.filled] == [capability("optics")]
    assert found.open == (capability("welding"),)


def test_mutual_is_both_directions() -> None:
    needs = needs_of()
    assert needs.mutual(HERE, THERE) == (needs.complement(HERE, THERE), needs.complement(THERE, HERE))


STATED = st.sets(st.sampled_from([*BROADER, "optics", "testing"]), max_size=3).map(" ".join)
CODES = st.sampled_from(["AA1", "BB1", "CC1"])


@given(
    several=st.lists(st.tuples(CODES, STATED), max_size=6),
    wanted=st.dictionaries(CODES, st.dictionaries(st.sampled_from("pqr"), STATED, max_size=2)),
    seed=st.randoms(use_true_random=False),
)
def test_it_is_a_share_of_the_gaps_in_any_order(
    several: list[tuple[str, str]], wanted: dict[str, dict[str, str]], seed: random.Random
) -> None:
    facilities = {f"f{i}": one for i, one in enumerate(several)}
    # A priority belongs to one region.
    priorities = {code: {code.lower() + p: c for p, c in its.items()} for code, its in wanted.items()}
    regions = [HERE, THERE, NOWHERE]
    statements = list(quads(facilities, priorities, ["AA1", "BB1", "CC1"]))
    view = view_of(statements)
    needs = Needs.read(regions, Coverage.read(regions, view), view)
    seed.shuffle(statements)
    view = view_of(statements)
    again = Needs.read(reversed(regions), Coverage.read(reversed(regions), view), view)
    for one in regions:
        for other in regions:
            found = needs.complement(one, other)
            assert found == again.complement(one, other)
            assert (found.value is None) == (found.state != "known")
            if found.value is not None:
                assert 0 <= found.value <= 1
                gaps = needs.gaps(one)
                assert gaps is not None
                assert sorted(map(str, gaps)) == sorted(
                    str(c) for c in (*found.open, *(f.capability for f in found.filled))
                )
                assert (found.value == 1) == (not found.open)
                assert (found.value == 0) == (not found.filled)
