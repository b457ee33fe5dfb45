"""Quantities against what equipment is stated to reach."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import Literal

from graph.match import units
from graph.match.evaluation import Verdict
from graph.match.ranges import Offered, Wanted, best, in_si, reaches, written

MET, NOT, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def offered(unit: str, lower: float | None, upper: float | None, kind: str | None = None) -> Offered:
    cells = ["range:1", "", kind or str(units.kind(unit)), unit]
    ends = ["" if end is None else str(end) for end in (lower, upper)]
    one = Offered.read(Literal("\t".join(cells + ends)))
    assert one is not None
    return one


def wanted(unit: str, least: float | None, most: float | None, narrower: str | None = None) -> Wanted:
    kind = units.kind(unit)
    assert kind is not None
    return Wanted(kind, in_si(least, most, unit), written(least, most, unit), narrower)


@pytest.mark.parametrize(
    ("number", "unit", "si"),
    [
        (-40, "DEG_C", 233.15),
        (32, "DEG_F", 273.15),
        (50, "KiloN", 50_000),
        (300, "MilliM", 0.3),
        (1, "HA", 10_000),
        (36, "KiloM-PER-HR", 10),
        (3000, "REV-PER-MIN", 100 * math.pi),
        (1, "KiloW-HR", 3.6e6),
        (2, "GM-PER-CentiM3", 2000),
    ],
)
def test_numbers_are_brought_to_si_units(number: float, unit: str, si: float) -> None:
    assert units.in_si(number, unit) == pytest.approx(si)


def test_every_unit_has_a_kind_and_a_positive_factor() -> None:
    for name, entry in units.units().items():
        assert units.kind(name) == entry["kind"]
        assert entry["factor"] > 0, name


@pytest.mark.parametrize(
    ("range_", "asked", "verdict"),
    [
        (("DEG_C", -60, 60), ("DEG_C", -40, -40), MET),
        (("DEG_C", -60, 60), ("DEG_C", -40, 85), UNKNOWN),
        (("DEG_C", -60, 60), ("DEG_C", -80, -80), NOT),
        (("DEG_C", None, 60), ("DEG_C", -40, -40), UNKNOWN),
        (("DEG_C", None, 60), ("DEG_C", 60, 60), MET),
        (("DEG_C", None, 60), ("DEG_C", 80, 80), NOT),
        (("DEG_C", -60, 60), ("DEG_F", -40, -40), MET),
        (("M", 7, 7), ("M", 5, 5), MET),
        (("M", 7, 7), ("M", 8, 8), NOT),
        (("TONNE", None, 300), ("KiloGM", 500, 500), MET),
        (("KiloN", None, 100), ("KiloN", 250, None), NOT),
        (("KiloN", None, 100), ("KiloN", 50, None), MET),
        (("KiloN", 100, 500), ("KiloN", 50, None), MET),
        (("KiloN", 100, 500), ("KiloN", 50, 50), NOT),
        (("KiloGM", None, 300), ("KiloGM", None, 500), UNKNOWN),
        (("KiloGM", None, 500), ("KiloGM", None, 300), MET),
        (("HZ", 50, 50), ("HZ", 400, 400), NOT),
        (("HZ", 50, 50), ("HZ", 50, 50), MET),
        (("KiloV", 300, 300), ("MegaV", 0.3, 0.3), MET),
        (("GigaHZ", 1, 18), ("GigaHZ", 10, 20), UNKNOWN),
        (("L", 15_000, 15_000), ("L", 100, 200), MET),
    ],
)
def test_a_range_reaches_a_quantity_or_not_or_it_is_unknown(
    range_: tuple[str, float | None, float | None],
    asked: tuple[str, float | None, float | None],
    verdict: Verdict,
) -> None:
    assert reaches(offered(*range_), wanted(*asked)) is verdict


def test_only_ranges_of_the_same_kind_say_something() -> None:
    ranges = [offered("KiloW", None, 250), offered("M", 7, 7, units.KIND + "Width")]
    assert best(ranges, wanted("KiloN", 50, 50)) == (UNKNOWN, None)
    verdict, one = best(ranges, wanted("CentiM", 200, 200))
    assert verdict is MET
    assert one is ranges[1]
    assert best(ranges, wanted("CentiM", 200, 200, "Height")) == (UNKNOWN, None)
    assert best(ranges, wanted("CentiM", 200, 200, "Width"))[0] is MET


def test_the_best_of_several_ranges_counts() -> None:
    ranges = [offered("M", 1, 1, units.KIND + "Depth"), offered("M", 174, 174)]
    assert best(ranges, wanted("M", 25, 25))[0] is MET
    assert best(ranges, wanted("M", 200, 200))[0] is NOT


def test_a_range_without_ends_or_in_a_unit_that_is_not_known_says_nothing() -> None:
    assert Offered.read(Literal("range:1\t\tkind\tMACH\t15\t16")) is None
    assert Offered.read(Literal("range:1\t\tkind\tM\t\t")) is None


ENDS = st.one_of(st.none(), st.integers(-20, 20))


@given(ENDS, ENDS, st.integers(-20, 20), st.integers(0, 10))
def test_a_range_that_is_asked_for_is_met_by_what_holds_it_whole(
    low: int | None, high: int | None, least: int, width: int
) -> None:
    assume(low is not None or high is not None)
    low, high = (min(low, high), max(low, high)) if low is not None and high is not None else (low, high)
    points = {
        (low is None or low <= point) and (high is None or point <= high)
        for point in range(least, least + width + 1)
    }
    verdict = reaches(offered("V", low, high), wanted("V", least, least + width))
    assert verdict is {(True,): MET, (False,): NOT}.get(tuple(points), UNKNOWN)


@pytest.mark.parametrize(
    ("ends", "unit", "text"),
    [
        ((7, 7), "M", "7 m"),
        ((None, 250), "KiloW", "≤ 250 kW"),
        ((100, None), "M", "≥ 100 m"),
        ((-60, 60), "DEG_C", "-60 … 60 °C"),
    ],
)
def test_ranges_are_written_as_one_reads_them(
    ends: tuple[float | None, float | None], unit: str, text: str
) -> None:
    assert written(*ends, unit) == text
