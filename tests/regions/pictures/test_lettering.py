"""Texts in lines: never wider than their room, and never cut without a sign."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.regions.pictures.lettering import width, wrapped, written


@given(st.text(max_size=200), st.floats(30, 500), st.integers(1, 5))
def test_lines_have_room_and_lose_nothing_without_a_sign(text: str, room: float, most: int) -> None:
    lines = wrapped(text, room, 14, most=most)
    assert len(lines.lines) <= most
    assert all(width(line, 14) <= room for line in lines.lines)
    assert lines.width <= room
    shown = re.sub(" ", "", "".join(lines.lines))
    whole = re.sub(" ", "", lines.text)
    if lines.whole:
        assert shown == whole
    else:
        assert shown.endswith("…")
        assert whole.startswith(shown[:-1])


@given(st.text(max_size=50))
def test_what_is_written_can_stand_in_xml(text: str) -> None:
    assert not re.search("[\x00-\x1f\ufffe\uffff\ud800-\udfff]", written(text))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Noord-Brabant", ("Noord-", "Brabant")),
        ("Auvergne–Rhône–Alpes", ("Auvergne–", "Rhône–", "Alpes")),
        ("Testing laboratory", ("Testing", "laboratory")),
    ],
)
def test_lines_break_between_words_and_after_hyphens(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, 85, 14).lines == lines


def test_letters_with_accents_are_as_wide_as_without_and_marks_take_no_room() -> None:
    assert width("éčļõ", 10) == width("eclo", 10)
    assert width("e\u0301", 10) == width("e", 10)
    assert width("\u202e", 10) == 0
    assert width("研究", 10) > width("ab", 10)


def test_widths_are_at_least_those_of_dejavu_sans() -> None:
    """Advances in em, from the font: a 0.613, m 0.974, W 0.989, i 0.278, 0 0.636, @ 1.0, space 0.318."""
    for letter, advance in {
        "a": 0.613,
        "m": 0.974,
        "W": 0.989,
        "i": 0.278,
        "0": 0.636,
        "@": 1.0,
        " ": 0.318,
    }.items():
        assert width(letter, 1) >= advance
