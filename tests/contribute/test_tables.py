"""Tables become Turtle: a partner's spreadsheet as it comes, or all that is wrong with it, by row and column."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.contribute.report import Report
from graph.contribute.rules import Rules
from graph.contribute.tables.conversion import Conversion, Converted
from graph.contribute.tables.metadata import TEMPLATES, expansions
from graph.contribute.tables.template import csv_template, turtle_template
from graph.contribute.tables.worker import Converting
from graph.errors import InputError, NotFound, Place, TooLarge
from graph.iris import DCT, GEO, ID, INFRA, KINDS, LANGUAGES, RDF, XSD
from graph.settings import MIB, Settings

Check = Callable[..., Report]

SPREADSHEET = Path(__file__).parent / "facilities-nl.csv"
_CONVERSION = Conversion()
TABLES = _CONVERSION.tables
CLASSES = [pytest.param(table, id=table.name) for table in TABLES.all()]
SERVICE = {"id": "cold-tests", "title@en": "Tests in cold", "kind": "testing"}
FACILITY = {
    "id": "a-chamber",
    "title@en": "A chamber",
    "description@en": "A chamber for tests.",
    "kind": "test-laboratory",
    "operator": "owi-lab",
    "region": "BE225",
    "capabilities": "climatic-testing",
    "sources": "https://example.org/",
}


@pytest.fixture(scope="module")
def convert() -> Callable[..., Converted]:
    """Converts text or bytes: ``convert("id;title@en;kind\\n…")``."""

    def converted(data: str | bytes, **options: str) -> Converted:
        return _CONVERSION.convert(data.encode() if isinstance(data, str) else data, MIB, **options)

    return converted


@pytest.fixture(scope="module")
def faults(convert: Callable[..., Converted]) -> Callable[..., tuple[Place, ...]]:
    """What is wrong with a table."""

    def told(data: str | bytes, **options: str) -> tuple[Place, ...]:
        with pytest.raises(InputError) as error:
            convert(data, **options)
        assert error.value.places
        return error.value.places

    return told


def table(*rows: dict[str, str], delimiter: str = ";") -> str:
    """A table with a column for each name that a row has."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return out.getvalue()


def triples(turtle: str) -> set[Triple]:
    return {quad.triple for quad in parse(turtle.encode(), RdfFormat.TURTLE)}


def objects(turtle: str, predicate: NamedNode) -> set[str]:
    return {str(triple.object) for triple in triples(turtle) if triple.predicate == predicate}


# A spreadsheet as a partner makes it


def test_a_dutch_spreadsheet_becomes_turtle_that_conforms(
    convert: Callable[..., Converted], check: Check
) -> None:
    converted = convert(SPREADSHEET.read_bytes())
    assert (converted.table, converted.entries) == ("facility", 5)
    report = check(converted.turtle)
    assert report.counts["violation"] == 0, report.as_text()
    assert converted.statements == len(triples(converted.turtle)) > 150


def test_a_spreadsheet_says_what_its_cells_say(convert: Callable[..., Converted]) -> None:
    turtle = convert(SPREADSHEET.read_bytes()).turtle
    said = triples(turtle)
    chamber = ID["facility/klimaatkamer-lommel"]
    assert Triple(chamber, DCT["title"], Literal("Klimaatkamer Lommel", language="nl")) in said
    assert Triple(chamber, INFRA["sector"], NamedNode("http://data.europa.eu/ux2/nace2/28")) in said
    point = Literal("POINT (5.313 51.231)", datatype=GEO["wktLiteral"])
    assert Triple(ID["facility/klimaatkamer-lommel#geometry"], GEO["asWKT"], point) in said
    assert Triple(chamber, DCT["modified"], Literal("2026-11-23", datatype=XSD["date"])) in said
    offer = ID["facility/printhal-genk#offer"]
    assert Triple(offer, INFRA["openToSmes"], Literal("true", datatype=XSD["boolean"])) in said  # WAAR
    kept = 'Cleanroom voor micro-elektronica, "klasse 100".'
    cleanroom = ID["facility/cleanroom-leuven"]
    assert Triple(cleanroom, DCT["description"], Literal(kept, language="nl")) in said
    formula = Literal("=schepen", language="nl")
    assert Triple(ID["facility/proeftuin-antwerpen"], INFRA["keyword"], formula) in said


def test_the_turtle_has_a_block_for_each_row_that_names_it(convert: Callable[..., Converted]) -> None:
    turtle = convert(SPREADSHEET.read_bytes()).turtle
    assert re.findall(r"# row (\d+)\n(\S+)", turtle) == [
        ("2", "facility:klimaatkamer-lommel"),
        ("3", "facility:printhal-genk"),
        ("4", "facility:cleanroom-leuven"),
        ("6", "facility:windtunnel-gent"),
        ("7", "facility:proeftuin-antwerpen"),
    ]
    assert turtle.count("skos:prefLabel") == 1  # the operator stands in two rows and is stated once


def test_parts_are_stated_only_where_a_cell_says_something_about_them(
    convert: Callable[..., Converted],
) -> None:
    assert "#" not in re.sub(r"(?m)^#.*|<http[^>]*#>", "", convert(table(FACILITY)).turtle)
    located = convert(table(FACILITY | {"latitude": "51.2", "longitude": "5.3"})).turtle
    assert "a-chamber#geometry" in located
    assert "#address" not in located
    assert "a-chamber#site" in located


# Templates


@pytest.mark.parametrize("each", CLASSES)
def test_a_turtle_template_conforms_as_it_stands(each: object, check: Check) -> None:
    report = check(turtle_template(each, _CONVERSION.cells))  # type: ignore[arg-type]
    assert report.counts["violation"] == 0, report.as_text()


@pytest.mark.parametrize("each", CLASSES)
@pytest.mark.parametrize("language", ["en", "lv"])
def test_a_table_template_says_what_the_turtle_template_says(
    each: object, language: str, convert: Callable[..., Converted]
) -> None:
    converted = convert(csv_template(each, language))  # type: ignore[arg-type]
    assert converted.table == each.name  # type: ignore[attr-defined]
    assert triples(converted.turtle) == triples(turtle_template(each, _CONVERSION.cells))  # type: ignore[arg-type]


@pytest.mark.parametrize("each", CLASSES)
def test_a_turtle_template_explains_each_field_once(each: object) -> None:
    text = turtle_template(each, _CONVERSION.cells)  # type: ignore[arg-type]
    for column in each.columns:  # type: ignore[attr-defined]
        assert column.description
        if column.example and not column.suppressed and column.property_url != DCT["identifier"].value:
            assert f"# {column.description}" in text, column.name
    for line in (line for line in text.splitlines() if line.startswith("    #")):
        assert line.endswith(("Required.", "Wanted.", "Optional.")), line


def test_every_class_has_metadata_and_every_column_titles_in_nine_languages() -> None:
    assert {path.name for path in TEMPLATES.iterdir()} == {f"{kind}.csv-metadata.json" for kind in KINDS}
    for each in TABLES.all():
        assert set(each.labels) == set(LANGUAGES)
        for column in each.columns:
            assert set(column.titles) == set(LANGUAGES), (each.name, column.name)


def test_no_wording_of_a_header_means_two_columns() -> None:
    for each in TABLES.all():
        wordings = [word for column in each.columns for word in column.wordings()]
        assert len(wordings) == len(set(wordings)), each.name


def test_columns_are_required_where_the_rules_require_them(rules: Rules) -> None:
    """Each rule of a class that a value be stated has a column; a violation makes it required, less makes it wanted."""
    levels = {"violation": {"required"}, "warning": {"wanted", "required"}, "info": {"wanted", "required"}}
    shapes = {
        quad.subject: quad.object
        for quad in parse(rules.turtle(), RdfFormat.TURTLE)
        if _is_path(quad.predicate)
    }
    elsewhere = {"facility-equipment-required", "service-facility-required"}
    seen = 0
    for rule in rules.all():
        if rule.file not in KINDS or not rule.code.endswith("-required") or rule.code in elsewhere:
            continue
        path = next((o for s, o in shapes.items() if str(s).endswith(f"#{rule.code}>")), None)
        if not isinstance(path, NamedNode):
            continue
        columns = [
            c
            for c in (*TABLES[rule.file].columns, *TABLES[rule.file].virtual)
            if c.property_url == path.value
        ]
        assert columns, rule.code
        main = [c for c in columns if c.about_url == TABLES[rule.file].about_url and not c.virtual]
        if main and rule.code.removeprefix(rule.file).count("-") == 2:
            assert any(c.level in levels[rule.severity] for c in main), rule.code
            seen += 1
    assert seen > 40


def _is_path(predicate: NamedNode) -> bool:
    return predicate.value == "http://www.w3.org/ns/shacl#path"


def test_metadata_has_the_form_of_the_standard() -> None:
    """https://www.w3.org/TR/tabular-metadata/: other names only as absolute or known common properties."""
    known = {
        "name",
        "titles",
        "propertyUrl",
        "aboutUrl",
        "valueUrl",
        "datatype",
        "separator",
        "lang",
        "default",
    }
    known |= {"required", "virtual", "suppressOutput", "dc:description"}
    for path in sorted(TEMPLATES.iterdir()):
        data = json.loads(path.read_text(encoding="utf-8"))
        assert data["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
        virtual = [column.get("virtual", False) for column in data["tableSchema"]["columns"]]
        assert virtual == sorted(virtual)  # virtual columns come last
        for column in data["tableSchema"]["columns"]:
            more = {key for key in column if not key.startswith("https://w3id.org/infrashare/tables#")}
            assert more <= known, more - known
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]*", column["name"])


# Encodings, delimiters, quotes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiters_line_ends_and_byte_order_marks_make_no_difference(
    delimiter: str, end: str, mark: bytes, convert: Callable[..., Converted]
) -> None:
    row = SERVICE | {"title@lv": "Izmēģinājumi; aukstumā, ziemā\tun citur"}
    text = table(row, delimiter=delimiter).replace("\r\n", end)
    expected = convert(table(row))
    assert convert(mark + text.encode()) == expected
    assert '"Izmēģinājumi; aukstumā, ziemā\\tun citur"@lv' in expected.turtle


def test_the_delimiter_that_a_spreadsheet_states_is_taken(convert: Callable[..., Converted]) -> None:
    assert convert("sep=;\r\n" + table(SERVICE)).entries == 1


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (table(SERVICE | {"title@nl": "Proeven in Malmö"}).encode("cp1252"), "Windows-1252"),
        (table(SERVICE).encode("utf-16"), "UTF-16"),
        (table(SERVICE).encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04 a workbook", "a workbook (.xlsx or .ods)"),
    ],
)
def test_other_encodings_are_named_and_never_guessed(
    data: bytes, part: str, faults: Callable[..., tuple[Place, ...]]
) -> None:
    (place,) = faults(data)
    assert part in place.message
    assert place.help == 'save the table as "CSV UTF-8"'
    assert place.code == "encoding"


def test_the_line_of_a_byte_that_is_not_utf_8_is_told_with_what_it_would_be(
    faults: Callable[..., tuple[Place, ...]],
) -> None:
    (place,) = faults(table(SERVICE, SERVICE | {"id": "b", "title@en": "Malmö"}).encode("cp1252"))
    assert place.line == 3
    assert "Malmö" in place.message
    assert place.value == "byte 0xf6"


def test_blank_lines_and_empty_columns_at_the_end_are_left_out(convert: Callable[..., Converted]) -> None:
    text = "id;title@en;kind;;\n;;;;\n\ncold-tests;Tests in cold;testing;;\n;;\n"
    assert convert(text).turtle.replace("row 4", "row 2") == convert(table(SERVICE)).turtle


def test_a_text_of_several_lines_keeps_them_and_later_rows_keep_their_lines(
    convert: Callable[..., Converted], faults: Callable[..., tuple[Place, ...]]
) -> None:
    row = SERVICE | {"description@en": "First.\n\nSecond."}
    assert '"First.\\n\\nSecond."@en' in convert(table(row)).turtle
    (place,) = faults(table(row, SERVICE | {"id": "other", "kind": "nothing like it"}))
    assert place.line == 5
    assert place.message.startswith('row 3, column C "kind"')


@pytest.mark.parametrize("text", ['id;title@en;kind\na;"b;testing\n', 'id;title@en;kind\na;"b"c;testing\n'])
def test_quotes_that_do_not_match_are_told_with_the_row(
    text: str, faults: Callable[..., tuple[Place, ...]]
) -> None:
    (place,) = faults(text)
    assert (place.code, place.line) == ("quotes", 2)
    assert "row 2" in place.message


@pytest.mark.parametrize("text", ["", "\n\n", "id;title@en;kind\n", "\ufeff"])
def test_a_table_without_rows_is_told(text: str, faults: Callable[..., tuple[Place, ...]]) -> None:
    assert faults(text)[0].code == "empty"


def test_a_row_with_a_cell_too_many_is_told(faults: Callable[..., tuple[Place, ...]]) -> None:
    (place,) = faults("id;title@en;kind\na;Tests;in cold;testing\n")
    assert place.code == "row-long"
    assert "4 cells and the header has 3" in place.message


def test_a_cell_below_no_header_is_told(faults: Callable[..., tuple[Place, ...]]) -> None:
    (place,) = faults("id;title@en;kind;\na;Tests;testing;more\n")
    assert (place.code, place.line, place.column) == ("cell-surplus", 2, 4)


def test_more_bytes_than_the_limit_are_refused() -> None:
    with pytest.raises(TooLarge):
        _CONVERSION.convert(table(SERVICE).encode(), 10)


# Headers


@pytest.mark.parametrize("each", CLASSES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_class_is_told_by_the_header_in_any_language(
    each: object, language: str, convert: Callable[..., Converted]
) -> None:
    header, row = csv.reader(io.StringIO(csv_template(each, language)))  # type: ignore[arg-type]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([[cell.upper() for cell in header], row])
    assert convert(out.getvalue()).table == each.name  # type: ignore[attr-defined]


def test_a_header_that_fits_several_classes_asks_for_the_class(
    convert: Callable[..., Converted], faults: Callable[..., tuple[Place, ...]]
) -> None:
    text = table({"id": "a-thing", "title@en": "A thing", "sources": "https://example.org/"})
    (place,) = faults(text)
    assert place.code == "class"
    assert "action-plan" in place.message
    assert "project" in place.message
    assert convert(text, name="project").table == "project"


def test_an_unknown_class_is_not_found(convert: Callable[..., Converted]) -> None:
    with pytest.raises(NotFound, match="there are facility, "):
        convert(table(SERVICE), name="laboratory")


def test_all_unknown_columns_are_told_with_near_ones(faults: Callable[..., tuple[Place, ...]]) -> None:
    text = table(FACILITY | {"Breedtegrad": "51", "emial": "a@example.org", "Klöße": "x"})
    latitude, email, dumplings = faults(text)
    assert {place.code for place in (latitude, email, dumplings)} == {"column-unknown"}
    assert 'near: latitude ("breedtegraad")' in str(latitude.help)
    assert "email" in str(email.help)
    assert (latitude.line, latitude.column) == (1, 9)
    assert dumplings.value == "Klöße"


def test_a_missing_column_is_told_by_name(faults: Callable[..., tuple[Place, ...]]) -> None:
    (place,) = faults(table({"id": "a", "title@en": "A"}), name="service")
    assert place.code == "column-missing"
    assert '"kind"' in place.message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("title", "column-language"),
        ("title@xx", "column-language"),
        ("kind@en", "column-language"),
        ("Titel@en", "column-twice"),
    ],
)
def test_languages_of_headers_are_told(
    name: str, code: str, faults: Callable[..., tuple[Place, ...]]
) -> None:
    places = faults(table(SERVICE | {name: "x"}), name="service")
    assert code in {place.code for place in places}


def test_texts_without_a_language_take_the_one_given(convert: Callable[..., Converted]) -> None:
    text = table({"id": "proeven", "titel": "Proeven in kou", "soort dienst": "testen"})
    assert objects(convert(text, language="nl").turtle, DCT["title"]) == {'"Proeven in kou"@nl'}


# Cells


def cell_faults(told: Iterable[Place]) -> list[tuple[str, str | None]]:
    return [(place.code, place.value) for place in told]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("testing", "testing"),
        ("Testing", "testing"),
        ("kalibratie", "calibration"),
        ("Kalibrierung", "calibration"),
        ("https://w3id.org/infrashare/codelist/service-kind/calibration", "calibration"),
    ],
)
def test_codes_are_taken_by_notation_address_and_label_in_any_language(
    text: str, code: str, convert: Callable[..., Converted]
) -> None:
    turtle = convert(table(SERVICE | {"kind": text})).turtle
    assert objects(turtle, INFRA["serviceKind"]) == {
        f"<https://w3id.org/infrashare/codelist/service-kind/{code}>"
    }


def test_an_unknown_code_is_told_with_near_ones_and_never_mended(
    faults: Callable[..., tuple[Place, ...]],
) -> None:
    (place,) = faults(table(SERVICE | {"kind": "kalibrate"}))
    assert place.code == "cell-code"
    assert "calibration" in str(place.help)
    assert place.message == 'row 2, column C "kind": "kalibrate" is not in the code list service-kind'


def test_a_name_of_several_regions_is_told_with_their_codes(
    faults: Callable[..., tuple[Place, ...]],
) -> None:
    (place,) = faults(table(FACILITY | {"region": "Praha"}))
    assert "CZ01" in str(place.help)


def test_several_codes_with_the_wrong_separator_are_told(faults: Callable[..., tuple[Place, ...]]) -> None:
    (place,) = faults(table(FACILITY | {"capabilities": "climatic-testing, vehicle-testing"}))
    assert 'separate several with ";"' in str(place.help)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("latitude", "51,231", "POINT (5.3 51.231)"),
        ("latitude", "51.231", "POINT (5.3 51.231)"),
        ("latitude", "-0,5", "POINT (5.3 -0.5)"),
        ("latitude", "51", "POINT (5.3 51)"),
    ],
)
def test_decimal_commas_are_taken_where_they_can_mean_one_number(
    column: str, text: str, value: str, convert: Callable[..., Converted]
) -> None:
    turtle = convert(table(FACILITY | {column: text, "longitude": "5.3"})).turtle
    assert objects(turtle, GEO["asWKT"]) == {f'"{value}"^^<{GEO["wktLiteral"].value}>'}


@pytest.mark.parametrize("text", ["10.000", "1,234", "1.234,5", "1 000", "€ 5", "ten", "-1"])
def test_numbers_that_could_be_others_are_told(text: str, faults: Callable[..., tuple[Place, ...]]) -> None:
    row = {
        "id": "a-voucher",
        "title@en": "A voucher",
        "sources": "https://example.org/",
        "maximum_grant": text,
    }
    assert cell_faults(faults(table(row), name="policy-instrument")) == [("cell-number", text)]


@pytest.mark.parametrize("text", ["12,0", "3.5", "10.000", "fourteen"])
def test_whole_numbers_are_whole(text: str, faults: Callable[..., tuple[Place, ...]]) -> None:
    assert cell_faults(faults(table(FACILITY | {"lead_time_days": text}))) == [("cell-number", text)]


def test_a_point_needs_both_numbers(faults: Callable[..., tuple[Place, ...]]) -> None:
    (place,) = faults(table(FACILITY | {"latitude": "51.2", "longitude": ""}))
    assert "there is no longitude beside it" in place.message


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-11-23", "2026-11-23"),
        ("23-11-2026", "2026-11-23"),
        ("3.4.2026", "2026-04-03"),
        ("2 mei 2026", "2026-05-02"),
    ],
)
def test_dates_are_taken_where_they_can_be_one_day(
    text: str, date: str, convert: Callable[..., Converted]
) -> None:
    turtle = convert(table(FACILITY | {"modified": text})).turtle
    assert objects(turtle, DCT["modified"]) == {f'"{date}"^^<{XSD["date"].value}>'}


@pytest.mark.parametrize("text", ["3/4/2026", "23-11-26", "2026-02-30", "spring"])
def test_dates_that_could_be_others_are_told(text: str, faults: Callable[..., tuple[Place, ...]]) -> None:
    assert cell_faults(faults(table(FACILITY | {"modified": text}))) == [("cell-date", text)]


def test_a_day_a_month_and_a_year_keep_their_precision(convert: Callable[..., Converted]) -> None:
    row = {
        "id": "p",
        "title@en": "P",
        "sources": "https://example.org/",
        "start_date": "2024-05",
        "end_date": "2027",
    }
    turtle = convert(table(row), name="project").turtle
    assert 'schema:startDate "2024-05"^^xsd:gYearMonth' in turtle
    assert 'schema:endDate "2027"^^xsd:gYear' in turtle


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ja", True),
        ("Nee", False),
        ("ano", True),
        ("NEPRAVDA", False),
        ("jah", True),
        ("nē", False),
        ("oui", True),
    ],
)
def test_yes_and_no_are_taken_in_nine_languages(
    text: str, value: bool, convert: Callable[..., Converted]
) -> None:
    turtle = convert(table(FACILITY | {"open_to_smes": text})).turtle
    assert f"infra:openToSmes {str(value).lower()}" in turtle


def test_what_is_neither_yes_nor_no_is_told(faults: Callable[..., tuple[Place, ...]]) -> None:
    assert cell_faults(faults(table(FACILITY | {"open_to_smes": "perhaps"}))) == [("cell-boolean", "perhaps")]


@pytest.mark.parametrize("text", ["owi-lab", ID["organisation/owi-lab"].value])
def test_references_are_short_names_or_addresses(text: str, convert: Callable[..., Converted]) -> None:
    assert "infra:operatedBy organisation:owi-lab" in convert(table(FACILITY | {"operator": text})).turtle


def test_a_name_for_a_reference_is_told_with_the_likely_short_name(
    faults: Callable[..., tuple[Place, ...]],
) -> None:
    (place,) = faults(table(FACILITY | {"operator": "Région Bruxelles (BE)"}))
    assert place.code == "cell-reference"
    assert '"region-bruxelles-be"' in str(place.help)


@pytest.mark.parametrize(
    "text", ["www.example.org", "example.org/a b", "https://exa mple.org/", "javascript:x"]
)
def test_addresses_are_written_in_full(text: str, faults: Callable[..., tuple[Place, ...]]) -> None:
    assert cell_faults(faults(table(FACILITY | {"website": text}))) == [("cell-address", text)]


def test_countries_and_languages_are_taken_by_name(convert: Callable[..., Converted]) -> None:
    turtle = convert(table(FACILITY | {"country": "Nederland", "languages": "Dutch; fr; Čeština"})).turtle
    assert 'locn:adminUnitL1 "NL"' in turtle
    assert re.search(r"language:NLD ,\s+language:FRA ,\s+language:CES", turtle)


def test_a_short_name_that_stands_twice_is_told(faults: Callable[..., tuple[Place, ...]]) -> None:
    (place,) = faults(table(SERVICE, SERVICE))
    assert place.code == "row-twice"
    assert "row 2 already" in place.message


def test_an_empty_required_cell_is_told_with_a_likely_short_name(
    faults: Callable[..., tuple[Place, ...]],
) -> None:
    (place,) = faults(table(SERVICE | {"id": "", "title@en": "Tests in Cold"}))
    assert place.code == "cell-empty"
    assert '"tests-in-cold"' in str(place.help)


@pytest.mark.parametrize("text", ["Klimaatkamer 1", "a_b", "A", "-a", "a--b"])
def test_a_short_name_of_another_form_is_told(text: str, faults: Callable[..., tuple[Place, ...]]) -> None:
    assert cell_faults(faults(table(SERVICE | {"id": text}))) == [("cell-format", text)]


def test_a_cell_about_something_that_the_row_does_not_name_is_told(
    convert: Callable[..., Converted], faults: Callable[..., tuple[Place, ...]]
) -> None:
    row = FACILITY | {"operator": "new-lab", "operator_name@en": "New Lab"}
    assert "organisation:new-lab\n    a org:Organization" in convert(table(row)).turtle
    codes = {place.code for place in faults(table(row | {"operator": ""}))}
    assert codes == {"cell-empty"}


def test_all_faults_are_told_at_once_up_to_fifty(faults: Callable[..., tuple[Place, ...]]) -> None:
    rows = [SERVICE | {"id": f"s-{n}", "kind": "nothing", "capabilities": "zzzz"} for n in range(20)]
    assert len(faults(table(*rows))) == 40
    rows += [row | {"id": f"t-{n}"} for n, row in enumerate(rows)]
    places = faults(table(*rows))
    assert len(places) == 50
    assert [place.line for place in places] == sorted(place.line or 0 for place in places)


def test_a_header_of_very_many_unknown_columns_is_told_in_time(
    faults: Callable[..., tuple[Place, ...]],
) -> None:
    header = ";".join(["id", "title@en", "kind", *(f"unknown {n}" for n in range(50_000))])
    places = faults(f"{header}\na;b;testing\n", name="service")
    assert len(places) == 50
    assert {place.code for place in places} == {"column-unknown"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
@settings(max_examples=60)
def test_texts_come_through_as_they_are_but_for_blanks_at_the_ends(text: str) -> None:
    written = _CONVERSION.convert(
        table(SERVICE | {"description@et": text, "title@et": "x"}).encode(), MIB
    ).turtle
    found = {t.object.value for t in triples(written) if t.predicate == DCT["description"]}  # type: ignore[union-attr]
    assert found == ({text.strip()} if text.strip() else set())


def test_templates_of_addresses_expand_once_for_each_value() -> None:
    values = {"id": ["a"], "kind": ["x y", "z"], "none": []}
    assert list(expansions("https://example.org/{id}-{kind}", values)) == [
        "https://example.org/a-x%20y",
        "https://example.org/a-z",
    ]
    assert list(expansions("{+kind}", values)) == ["x y", "z"]
    assert list(expansions("https://example.org/{id}/{none}", values)) == []


def test_tables_are_converted_in_a_worker_which_sends_the_faults_back() -> None:
    converting = Converting(Settings(check_memory=1024 * MIB, max_upload_bytes=MIB))
    try:
        assert converting.convert(table(SERVICE).encode()).entries == 1
        with pytest.raises(InputError) as error:
            converting.convert(table(SERVICE | {"kind": "zzz"}).encode())
        assert error.value.places[0].code == "cell-code"
    finally:
        converting.close()


def test_types_are_stated_for_all_that_is_described(convert: Callable[..., Converted]) -> None:
    said = triples(convert(SPREADSHEET.read_bytes()).turtle)
    assert {t.subject for t in said} == {t.subject for t in said if t.predicate == RDF["type"]}
