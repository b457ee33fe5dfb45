"""Suggestions: what was meant where it is certain, and nothing where it is not."""

import time
from collections.abc import Callable

import pytest
from pyoxigraph import Literal

from graph.contribute.mending.codes import CodeLists
from graph.contribute.mending.forms import readings
from graph.contribute.mending.menders import Menders
from graph.contribute.report import Finding, Report
from graph.contribute.rules import Rules
from graph.contribute.words import Words
from graph.iris import CODELIST, DCT, INFRA, LANGUAGES, XSD
from graph.resources import CODELISTS

Check = Callable[..., Report]
PREFIXES = """\
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix facility: <https://w3id.org/infrashare/id/facility/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix locn: <http://www.w3.org/ns/locn#> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix organisation: <https://w3id.org/infrashare/id/organisation/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FACILITY = "https://w3id.org/infrashare/id/facility/climate-chamber"


@pytest.fixture(scope="module")
def suggested(check: Check) -> Callable[..., Finding]:
    """The finding of a rule on a facility that says something wrong."""

    def found(code: str, statements: str, more: str = "") -> Finding:
        report = check(f"{PREFIXES}facility:climate-chamber a infra:Facility ; {statements} .\n{more}")
        (finding,) = (finding for finding in report.findings if finding.code == code)
        return finding

    return found


def value(finding: Finding) -> str:
    """The object of the one statement to add."""
    assert finding.suggestion is not None, finding
    (added,) = finding.suggestion.add
    (removed,) = finding.suggestion.remove
    assert added != removed
    return added.split(" ", 2)[2].removesuffix(" .")


CAP = "<https://w3id.org/infrashare/codelist/capability/"
INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"
DATE = "^^<http://www.w3.org/2001/XMLSchema#date>"
POINT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
CERTAIN = [
    # datatypes
    ("facility-trl-min-valid", 'infra:trlMin "5"', f'"5"{INTEGER}'),
    ("facility-trl-min-valid", "infra:trlMin 5.0", f'"5"{INTEGER}'),
    ("facility-trl-min-valid", 'infra:trlMin "TRL 5"@en', f'"5"{INTEGER}'),
    ("facility-trl-min-valid", "infra:trlMin <https://w3id.org/infrashare/codelist/trl/5>", f'"5"{INTEGER}'),
    ("facility-modified-valid", 'dct:modified "2026-11-23"', f'"2026-11-23"{DATE}'),
    ("facility-modified-valid", 'dct:modified "23.11.2026"', f'"2026-11-23"{DATE}'),
    ("facility-modified-valid", 'dct:modified "23 novembre 2026"@fr', f'"2026-11-23"{DATE}'),
    ("facility-title-text", 'dct:title "Klimakammer@de"', '"Klimakammer"@de'),
    # codes
    (
        "facility-capability-known",
        'infra:capability "additive manufacturing"',
        f"{CAP}additive-manufacturing>",
    ),
    ("facility-capability-known", 'infra:capability "Lasersvetsning"@sv', f"{CAP}laser-welding>"),
    ("facility-capability-known", "infra:capability cap:Climatic_Testing", f"{CAP}climatic-testing>"),
    ("facility-capability-known", "infra:capability cap:climatic-tsting", f"{CAP}climatic-testing>"),
    (
        "facility-capability-known",
        "infra:capability <http://w3id.org/infrashare/codelist/capability/welding>",
        f"{CAP}welding>",
    ),
    ("facility-capability-known", 'infra:capability "cap:welding"', f"{CAP}welding>"),
    ("facility-region-known", "infra:inRegion nuts:be225", "<http://data.europa.eu/nuts/code/BE225>"),
    ("facility-region-known", 'infra:inRegion "BE225"', "<http://data.europa.eu/nuts/code/BE225>"),
    (
        "facility-region-known",
        "infra:inRegion <https://data.europa.eu/nuts/code/BE225>",
        "<http://data.europa.eu/nuts/code/BE225>",
    ),
    ("facility-region-known", "infra:inRegion nuts:GR30", "<http://data.europa.eu/nuts/code/EL30>"),
    ("facility-region-current", "infra:inRegion nuts:DEG0B", "<http://data.europa.eu/nuts/code/DEG0Q>"),
    ("facility-sector-known", 'infra:sector "C25.11"', "<http://data.europa.eu/ux2/nace2/2511>"),
    (
        "facility-language-known",
        'dct:language "Dutch"',
        "<http://publications.europa.eu/resource/authority/language/NLD>",
    ),
    # addresses and contacts
    ("facility-homepage-valid", 'foaf:homepage "https://example.org"', "<https://example.org>"),
    ("graph-iri-relative", "dct:source <https//example.org/a>", "<https://example.org/a>"),
    ("facility-email-valid", 'schema:email "mailto:a@example.org"', '"a@example.org"'),
    ("facility-email-valid", "schema:email <mailto:a@example.org>", '"a@example.org"'),
    ("facility-email-valid", 'schema:email "a (at) example.org"', '"a@example.org"'),
    ("facility-telephone-valid", 'schema:telephone "0032 11 000000"', '"+32 11 000000"'),
    # entities
    ("facility-identifier-valid", 'dct:identifier "chamber"', '"climate-chamber"'),
    (
        "facility-operator-known",
        "infra:operatedBy <http://w3id.org/infrashare/id/organisation/flanders-make>",
        "<https://w3id.org/infrashare/id/organisation/flanders-make>",
    ),
]


@pytest.mark.parametrize(("code", "statements", "meant"), CERTAIN)
def test_what_was_meant_is_suggested(
    suggested: Callable[..., Finding], code: str, statements: str, meant: str
) -> None:
    assert value(suggested(code, statements)) == meant


UNCERTAIN = [
    ("facility-title-text", 'dct:title "Klimakammer"'),
    ("facility-trl-min-valid", 'infra:trlMin "five or six"'),
    ("facility-trl-min-valid", "infra:trlMin 12"),
    ("facility-modified-valid", 'dct:modified "03/04/2026"'),
    ("facility-modified-valid", 'dct:modified "2026-02-30"'),
    ("facility-capability-known", "infra:capability cap:no-such-technique"),
    ("facility-capability-known", "infra:capability <https://example.org/welding>"),
    ("facility-region-known", "infra:inRegion nuts:BE22X"),
    ("facility-region-known", 'infra:inRegion "Chemnitz"'),
    ("facility-homepage-valid", 'foaf:homepage "www.example.org"'),
    ("facility-email-valid", 'schema:email "climate chamber at example.org"'),
    ("facility-telephone-valid", 'schema:telephone "011 000000"'),
    ("facility-operator-known", "infra:operatedBy organisation:no-such-institute"),
    ("facility-site-known", "infra:hasSite facility:climate-chamber\\#site"),
    ("graph-term-unknown", 'infra:openingHours "always"'),
]


@pytest.mark.parametrize(("code", "statements"), UNCERTAIN)
def test_what_could_mean_several_things_or_nothing_has_no_suggestion(
    suggested: Callable[..., Finding], code: str, statements: str
) -> None:
    assert suggested(code, statements).suggestion is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("<https://w3id.org/infrashare/ontology#inregion>", "infra:inRegion"),
        ("<http://w3id.org/infrashare/ontology#inRegion>", "infra:inRegion"),
        ("<https://w3id.org/infrashare/ontology/inRegion>", "infra:inRegion"),
        ("<https://infrashare.eu/ontology#inRegion>", "infra:inRegion"),
        ("<https://purl.org/dc/terms/relation>", "dct:relation"),
        ("<http://w3.org/ns/locn#location>", "locn:location"),
        ("<http://schema.org/location>", "schema:location"),
        ("<https://w3id.org/infrashare/ontology#homepage>", "foaf:homepage"),
    ],
)
def test_a_term_that_only_looks_right_is_set_right(check: Check, wrong: str, right: str) -> None:
    report = check(f"{PREFIXES}facility:climate-chamber a infra:Facility ; {wrong} nuts:BE225 .")
    texts = [f.suggestion.text for f in report.findings if f.suggestion and f.code.startswith("graph-")]
    assert [text for text in texts if text.startswith(f"Write {right} instead")] == texts
    assert len(texts) == 1


def test_a_point_with_latitude_first_is_swapped_where_the_region_shows_it(
    suggested: Callable[..., Finding],
) -> None:
    point = '[ geo:hasGeometry [ geo:asWKT "POINT (51.20 5.30)"^^geo:wktLiteral ] ]'
    site = f"infra:inRegion nuts:BE225 ; infra:hasSite {point}"
    finding = suggested("facility-point-in-region", site)
    assert value(finding) == f'"POINT (5.30 51.20)"{POINT}'
    assert finding.suggestion
    assert finding.suggestion.text.startswith("Swap the two numbers")
    far = site.replace("BE225", "LV008")
    assert suggested("facility-point-in-region", far).suggestion is None


def test_the_country_is_given_by_its_code(check: Check) -> None:
    for written in ('"Belgium"', '"België"@nl', '"BEL"', '"be"', '"Beļģija"'):
        report = check(
            f"{PREFIXES}facility:x a infra:Facility ; infra:hasSite [ locn:address [ locn:adminUnitL1 {written} ] ] ."
        )
        (finding,) = (f for f in report.findings if f.code == "facility-country-valid")
        assert value(finding) == '"BE"'


def test_an_identifier_that_is_missing_follows_from_the_address(suggested: Callable[..., Finding]) -> None:
    suggestion = suggested("facility-identifier-required", 'dct:title "X"@en').suggestion
    assert suggestion
    assert suggestion.add == (f'<{FACILITY}> <http://purl.org/dc/terms/identifier> "climate-chamber" .',)
    assert suggestion.remove == ()


def test_the_smallest_of_regions_within_one_another_is_kept(suggested: Callable[..., Finding]) -> None:
    suggestion = suggested(
        "facility-region-one", "infra:inRegion nuts:BE2 , nuts:BE225 , nuts:BE22"
    ).suggestion
    assert suggestion
    assert suggestion.add == ()
    assert {statement.split("/")[-1] for statement in suggestion.remove} == {"BE2> .", "BE22> ."}
    assert suggested("facility-region-one", "infra:inRegion nuts:BE225 , nuts:NL41").suggestion is None


def test_an_entity_of_the_file_is_found_by_its_name(suggested: Callable[..., Finding]) -> None:
    institute = (
        'organisation:example-institute a org:Organization ; skos:prefLabel "Example Institute"@en .\n'
    )
    meant = "<https://w3id.org/infrashare/id/organisation/example-institute>"
    for written in (
        '"Example Institute"',
        "organisation:exmaple-institute",
        '"organisation:example-institute"',
    ):
        assert value(suggested("facility-operator-known", f"infra:operatedBy {written}", institute)) == meant
    twin = institute + institute.replace("example-institute", "second-institute")
    assert (
        suggested("facility-operator-known", 'infra:operatedBy "Example Institute"', twin).suggestion is None
    )


def test_a_nested_description_without_a_type_gets_the_one_that_is_asked_for(
    suggested: Callable[..., Finding],
) -> None:
    suggestion = suggested(
        "facility-site-known", "infra:hasSite [ locn:address [ locn:postName 'Genk' ] ]"
    ).suggestion
    assert suggestion
    (added,) = suggestion.add
    assert added.endswith("<http://purl.org/dc/terms/Location> .")


@pytest.mark.parametrize("language", LANGUAGES)
def test_suggestions_are_in_the_partners_language(check: Check, language: str) -> None:
    text = f"{PREFIXES}facility:climate-chamber a infra:Facility ; infra:capability cap:weldng ."
    (finding,) = (
        f for f in check(text, language=language).findings if f.suggestion and "weldng" in (f.value or "")
    )
    label = CodeLists(CODELISTS)["capability"].label(CODELIST["capability/welding"], language)
    assert finding.suggestion
    assert label in finding.suggestion.text
    assert "cap:welding" in finding.suggestion.text


def test_all_words_are_there_in_nine_languages() -> None:
    words = Words()
    names = (
        "old",
        "new",
        "label",
        "name",
        "number",
        "lines",
        "level",
        "line",
        "column",
        "message",
        "first",
        "last",
    )
    marks = {name: "{" + name + "}" for name in names}
    numbers = {"violation": 1, "warning": 2, "info": 3}
    for code in words.codes:
        texts = [words.sentence(code, language, **marks, **numbers) for language in LANGUAGES]
        used = [sorted(mark for mark in marks.values() if mark in text) for text in texts]
        assert all(marks_of == used[0] for marks_of in used), code
        assert all(text.strip() for text in texts), code


def test_expectations_are_read_from_the_shapes(rules: Rules, menders: Menders) -> None:
    """Each rule that asks for a code, a datatype or a class by name is understood, so new rules are as well."""
    for rule in rules.all():
        wanted = menders.expectations[rule.code]
        if rule.code.endswith("-current"):
            assert wanted.current, rule.code
        if " code list " in rule.message() and rule.code.endswith("-known"):
            assert wanted.scheme, rule.code


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("23/11/2026", "2026-11-23"),
        ("11/23/2026", "2026-11-23"),
        ("05/05/2026", "2026-05-05"),
        ("3. märts 2026", "2026-03-03"),
    ],
)
def test_dates_that_can_be_read_in_one_way_are_read(text: str, read: str) -> None:
    assert list(readings(Literal(text), DCT["modified"], {XSD["date"]})) == [
        Literal(read, datatype=XSD["date"])
    ]


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("maxDistanceKm", "50 km", ["50"]),
        ("maximumGrantEur", "€ 5000", ["5000"]),
        ("fundingRate", "12,5 %", ["12.5", "0.125"]),
        ("x", "1.000", []),
        ("x", "1,234", []),
        ("x", "12,5", ["12.5"]),
        ("x", "about 12", []),
    ],
)
def test_numbers_that_can_be_read_in_one_way_are_read(name: str, text: str, read: list[str]) -> None:
    found = readings(Literal(text), INFRA[name], {XSD["integer"], XSD["decimal"]})
    assert [literal.value for literal in found] == read


@pytest.mark.parametrize(
    "value",
    [
        " " * 1_990,
        "POINT" + " " * 1_990,
        "POINT (" + "5 " * 900,
        "(at) " * 390,
        "@" * 1_990,
        "1" * 1_990,
        "-_ " * 660,
        "ß" * 1_990,
    ],
)
def test_no_value_makes_the_search_for_what_was_meant_slow(check: Check, value: str) -> None:
    properties = (
        *("dct:title", "dct:modified", "infra:capability", "infra:inRegion", "infra:trlMin", "foaf:homepage"),
        *("schema:email", "schema:telephone", "dct:language", "infra:operatedBy", "infra:confidence"),
    )
    site = f'infra:hasSite [ geo:hasGeometry [ geo:asWKT "{value}" ] ; locn:address [ locn:adminUnitL1 "{value}" ] ]'
    said = " ; ".join(f'{name} "{value}"' for name in properties)
    check(
        f"{PREFIXES}facility:x a infra:Facility ; dct:language 'x' ; infra:inRegion 'x' ; infra:capability 'x' ."
    )
    begun = time.process_time()
    report = check(f"{PREFIXES}facility:climate-chamber a infra:Facility ; {said} ; {site} .")
    assert report.counts["violation"] > 5
    assert time.process_time() - begun < 2


def test_codes_of_every_file_of_a_list_are_known() -> None:
    """Capabilities that few places have stand in a file of their own, in the same list."""
    known = CodeLists(CODELISTS)["capability"].labels
    assert {CODELIST[f"capability/{code}"] for code in ("fatigue-testing", "lightning-testing")} <= set(known)
