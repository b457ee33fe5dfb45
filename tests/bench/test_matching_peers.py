"""The comparison of systems: their rows count as the same only where they say the same."""

import pytest

from bench.matching_peers import agree

ROWS = [("f:a", "1", "0.9"), ("f:b", "1", "1"), ("f:b", "2", "0.3")]


@pytest.mark.parametrize(
    "same",
    [
        ROWS[::-1],
        [("f:a", "1", "0.9000001"), ("f:b", "1", "1.0"), ("f:b", "2", "0.300000")],
    ],
    ids=["another order", "numbers written in another way"],
)
def test_rows_agree_in_any_order_and_form_of_numbers(same: list[tuple[str, ...]]) -> None:
    assert agree(ROWS, same)


@pytest.mark.parametrize(
    "other",
    [
        ROWS[:2],
        [*ROWS, ROWS[0]],
        [("f:a", "1", "0.91"), *ROWS[1:]],
        [("f:c", "1", "0.9"), *ROWS[1:]],
        [("f:a", "1", "lab"), *ROWS[1:]],
    ],
    ids=["one less", "one more", "another number", "another facility", "a word for a number"],
)
def test_rows_that_say_something_else_do_not_agree(other: list[tuple[str, ...]]) -> None:
    assert not agree(ROWS, other)


def test_coordinates_on_both_sides_of_a_rounding_step_agree() -> None:
    ours = [("f:a", "0.0004999999"), ("f:b", "0.7")]
    theirs = [("f:b", "0.7"), ("f:a", "0.0005000001")]
    assert agree(ours, theirs)
    assert agree([("f:a", "x:1"), ("f:a", "x:2")], [("f:a", "x:2"), ("f:a", "x:1")])


def test_points_agree_with_and_without_a_space() -> None:
    assert agree([("f:a", "POINT (4.7 50.88)")], [("f:a", "POINT(4.7 50.88)")])
    assert not agree([("f:a", "POINT (4.7 50.88)")], [("f:a", "POINT(4.8 50.88)")])
