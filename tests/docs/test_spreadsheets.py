"""The guide to spreadsheets is true: its cells are taken, its faults are told so, its annotations are all there are."""

import json
import re

import pytest

from graph.contribute.tables.conversion import Conversion
from graph.contribute.tables.metadata import ANNOTATIONS, TEMPLATES
from graph.contribute.tables.unreadable import Unreadable
from graph.errors import InputError
from graph.resources import ROOT

GUIDE = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
WRONG = "id;titel@nl;soort dienst\nproeven;Proeven;testne\nProeven 2;Proeven;testen\n"


@pytest.fixture(scope="module")
def conversion() -> Conversion:
    return Conversion()


@pytest.mark.parametrize(
    ("start", "columns"),
    [
        ("codes", [("service", "kind")] * 3),
        ("regions", [("facility", "region"), ("facility", "sectors"), ("facility", "sectors")]),
        ("other entries", [("facility", "operator")]),
        ("web addresses", [("facility", "website")]),
        ("dates", [("facility", "modified")] * 3),
        ("yes and no", [("facility", "open_to_smes")] * 4),
        ("numbers", [("facility", "latitude")] * 2 + [("facility", "lead_time_days")]),
        ("latitude", [("facility", "latitude"), ("facility", "longitude")]),
        ("languages", [("facility", "languages")] * 2 + [("facility", "country")] * 2),
    ],
)
def test_the_cells_of_the_guide_are_taken(
    start: str, columns: list[tuple[str, str]], conversion: Conversion
) -> None:
    row = re.search(rf"^\| {start}.*\| (.*) \|$", GUIDE, re.MULTILINE)
    assert row is not None
    examples = re.findall(r"`([^`]*)`", row[1])
    for (table, column), text in zip(columns, examples, strict=True):
        (value,) = conversion.cells.values(conversion.tables[table].by_name[column], text, None)
        assert not isinstance(value, Unreadable), value


def test_the_faults_of_the_guide_are_told_so(conversion: Conversion) -> None:
    with pytest.raises(InputError) as error:
        conversion.convert(WRONG.encode(), 10_000)
    told = [f"services.csv:{p.line}: {p.message}; {p.help}" for p in error.value.places]
    assert "\n".join([*told, f"services.csv: {error.value.detail}"]) in GUIDE


def test_the_guide_names_every_annotation_and_every_word_of_the_standard_that_is_used() -> None:
    for path in TEMPLATES.iterdir():
        schema = json.loads(path.read_text(encoding="utf-8"))["tableSchema"]
        for key in (key for column in schema["columns"] for key in column):
            name = key.removeprefix(ANNOTATIONS)
            if name not in {"name", "dc:description"}:
                assert f"| `{name}` |" in GUIDE if name != key else f"`{name}`" in GUIDE, name
