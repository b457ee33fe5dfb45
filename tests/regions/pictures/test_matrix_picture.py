"""The comparison matrix: a number in each cell, and a line as long as it is large."""

import pytest

from graph.errors import InputError
from graph.regions.pictures.figure import figures
from graph.regions.pictures.matrix import Column, Matrix, Row
from graph.regions.pictures.page import NARROW, WIDE

COLUMNS = (Column("Noord-Brabant (Brainport Eindhoven)", "NL41"), Column("Skåne", "SE224"))


def _matrix(*rows: tuple[float | None, ...], by_row: bool = False) -> Matrix:
    named = tuple(Row(f"kind {at}", figures(*cells)) for at, cells in enumerate(rows))
    return Matrix(title="t", description="d", item="Kind", columns=COLUMNS, rows=named, by_row=by_row)


def _lines(matrix: Matrix) -> list[float]:
    rects = matrix.drawing(WIDE).body.iter("rect")
    return [float(one.get("width", "nan")) for one in rects if one.get("height") == "3"]


def test_each_cell_has_its_number_and_a_line_in_proportion() -> None:
    matrix = _matrix((8, 4), (2, 0))
    lines = _lines(matrix)
    assert lines == pytest.approx([lines[0], lines[0] / 2, lines[0] / 4], abs=0.11)
    assert {"8", "4", "2", "0"} <= {box.text for box in matrix.drawing(WIDE).boxes}


def test_rows_in_different_units_are_compared_within_each_row() -> None:
    lines = _lines(_matrix((1_000_000, 500_000), (2, 1), by_row=True))
    assert lines == pytest.approx([lines[0], lines[0] / 2] * 2, abs=0.11)


def test_a_cell_that_is_not_known_is_hatched_and_has_no_line() -> None:
    matrix = _matrix((None, 0))
    assert _lines(matrix) == []
    hatched = [
        one for one in matrix.drawing(WIDE).body.iter("rect") if one.get("fill", "").startswith("url(")
    ]
    assert len(hatched) == 1
    assert "?" in [box.text for box in matrix.drawing(WIDE).boxes]


def test_names_of_columns_without_room_are_short_and_told_below() -> None:
    rows = (Row("a", figures(*range(8))),)
    matrix = Matrix(title="t", description="d", item="Kind", columns=COLUMNS * 4, rows=rows)
    texts = [box.text for box in matrix.drawing(NARROW).boxes]
    assert texts.count("NL41") == 4
    assert texts[-1].startswith("NL41: Noord-Brabant (Brainport Eindhoven) · SE224: Skåne · ")
    short = Matrix(title="t", description="d", item="i", columns=COLUMNS[1:], rows=(Row("a", figures(1)),))
    assert [box.text for box in short.drawing(NARROW).boxes] == ["Skåne", "a", "1"]


def test_the_picture_makes_room_for_very_large_numbers() -> None:
    cells = figures(*[123_456_789_012_345 + at for at in range(8)])
    picture = Matrix(title="t", description="d", item="i", columns=COLUMNS * 4, rows=(Row("a", cells),))
    drawing = picture.drawing(NARROW)
    assert drawing.width > 8 * 100
    assert "123,456,789,012,345" in [box.text for box in drawing.boxes]
    assert "1.23E17" in [box.text for box in _matrix((1, 123_456_789_012_345_678)).drawing(NARROW).boxes]


def test_a_row_without_a_cell_for_each_column_is_refused() -> None:
    with pytest.raises(InputError, match="'kind 0' has 1 cells for 2 columns"):
        _matrix((1,))
