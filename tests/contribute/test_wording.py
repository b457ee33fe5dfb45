"""A difference in words: nine languages, values that people can tell apart, and the page that shows it."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from starlette.requests import Request

from api.pages import standalone, templates
from graph.contribute.changes.difference import Difference, difference
from graph.contribute.changes.excerpt import MAX_LETTERS, excerpt
from graph.contribute.changes.telling import Telling, as_text
from graph.contribute.changes.wording import MAX_LISTED
from graph.contribute.reading.blank_nodes import skolemise
from graph.iris import DCT, GRAPH, ID, INFRA, LANGUAGES, PREFIXES, RDFS, XSD
from graph.resources import ONTOLOGY, QUERIES
from graph.store.catalogue import QueryCatalogue
from graph.store.engine import Snapshot

PREFIX = (
    "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
    + f"@prefix id: <{ID.base}facility/> .\n@base <https://w3id.org/infrashare/codelist/> .\n"
)
CHANGES = json.loads((ONTOLOGY / "changes.json").read_text(encoding="utf-8"))
TERMS = json.loads((ONTOLOGY / "terms.json").read_text(encoding="utf-8"))
SITE = 'infra:hasSite [ locn:address [ locn:postName "{}" ] ]'
TITLE = 'dct:title "Climate chamber"@en'
OFFER = "infra:offersAccess [ a infra:AccessOffer ; infra:accessMode <{}> ; infra:priceNote {} ]"


@pytest.fixture(scope="module")
def names() -> dict[str, dict[str, str]]:
    """The labels of the ontology, as a snapshot would give them."""
    found: dict[str, dict[str, str]] = {}
    for quad in parse(path=str(ONTOLOGY / "infrashare.ttl"), format=RdfFormat.TURTLE):
        if quad.predicate == RDFS["label"] and isinstance(quad.object, Literal):
            assert isinstance(quad.subject, NamedNode)
            found.setdefault(quad.subject.value, {})[quad.object.language or ""] = quad.object.value
    return found


def triples(turtle: str) -> list[Triple]:
    return skolemise([quad.triple for quad in parse(PREFIX + turtle, format=RdfFormat.TURTLE)])


def chamber(*facts: str) -> str:
    return " ;\n".join(("id:chamber a infra:Facility", *facts)) + " .\n"


def compare(old: str, new: str) -> Difference:
    return difference(triples(old), triples(new))


def lines(old: str, new: str, language: str = "en", **names: dict[str, str]) -> list[str]:
    """The telling without its summary; names by the local part of terms of ours."""
    known = {INFRA[name].value: texts for name, texts in names.items()}
    return as_text(Telling(compare(old, new), names=known).as_json(language)).splitlines()[1:]


def as_json(found: Difference, language: str, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The telling as the service sends it, with the versions that it is about."""
    return {"from": 1, "to": 2, **Telling(found, names=names).as_json(language)}


EVERYTHING = compare(
    chamber(TITLE, SITE.format("Lommel"), 'infra:keyword "cold"', OFFER.format("m/a", 1))
    + "id:gone a infra:Facility . id:fragment infra:hasSite <https://w3id.org/infrashare/id/facility/fragment#a> ."
    '<https://w3id.org/infrashare/id/facility/fragment#a> locn:postName "Genk" .',
    chamber(
        TITLE, SITE.format("Genk"), "infra:openToSmes true", OFFER.format("m/a", 2), OFFER.format("m/b", 1)
    )
    + "id:new a infra:Facility . id:fragment infra:hasSite <https://w3id.org/infrashare/id/facility/fragment#b> ."
    '<https://w3id.org/infrashare/id/facility/fragment#b> locn:postName "Genk" .',
)


@pytest.mark.parametrize("code", [*CHANGES, *TERMS])
def test_a_text_exists_in_each_language_with_the_same_placeholders(code: str) -> None:
    texts = CHANGES.get(code) or TERMS[code]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() == text and text for text in texts.values())
    fields = {
        frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in texts.values()
    }
    assert len(fields) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_change_has_its_sentence_in_each_language(
    names: dict[str, dict[str, str]], language: str
) -> None:
    text = as_text(Telling(EVERYTHING, names=names).as_json(language))
    assert len(text.splitlines()) == 9
    assert "{" not in text
    assert "infra:" not in text
    assert "locn:" not in text
    for code in (
        "entity-added",
        "entity-removed",
        "parts-renamed",
        "value-added",
        "value-removed",
        "value-changed",
    ):
        fixed = [
            part for part, *_ in string.Formatter().parse(CHANGES[code][language]) if len(part.strip()) > 2
        ]
        assert all(part in text for part in fixed), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_changed_is_said_in_each_language(language: str) -> None:
    same = compare(chamber(TITLE), chamber(TITLE))
    assert as_text(Telling(same, names={}).as_json(language)).splitlines() == [CHANGES["nothing"][language]]
    assert as_json(same, language, {})["summary"] == CHANGES["nothing"][language]


def test_a_changed_town_reads_as_people_say_it() -> None:
    old, new = chamber(TITLE, SITE.format("Lommel")), chamber(TITLE, SITE.format("Genk"))
    assert lines(old, new) == ["~ Climate chamber: town changed from “Lommel” to “Genk”."]
    assert lines(old, new, "de") == ["~ Climate chamber: Ort von „Lommel“ in „Genk“ geändert."]
    assert lines(old, new, "fr") == [
        "~ Climate chamber\N{NO-BREAK SPACE}: ville, de «\N{NO-BREAK SPACE}Lommel\N{NO-BREAK SPACE}» "
        "à «\N{NO-BREAK SPACE}Genk\N{NO-BREAK SPACE}»."
    ]


def test_a_new_entity_is_one_line_with_its_kind_and_size() -> None:
    found = compare("", chamber(TITLE, SITE.format("Genk")))
    names = {INFRA["Facility"].value: {"en": "facility", "lv": "infrastruktūra"}}
    assert as_text(Telling(found, names=names).as_json("en")).splitlines() == [
        "Entities added: 1, changed: 0, removed: 0. Triples added: 5, removed: 0.",
        "+ New: Climate chamber (facility); statements: 5.",
    ]
    assert as_text(Telling(found, names=names).as_json("lv")).splitlines()[1] == (
        "+ Jauns: Climate chamber (infrastruktūra); apgalvojumu skaits: 5."
    )


def test_a_part_among_several_is_named_by_what_it_still_says() -> None:
    old = chamber(TITLE, OFFER.format("m/open-call", 5), OFFER.format("m/paid", 9))
    new = chamber(TITLE, OFFER.format("m/open-call", 5), OFFER.format("m/paid", 10))
    known = {"priceNote": {"en": "price note"}, "AccessOffer": {"en": "access offer"}}
    assert lines(old, new, **known) == [
        "~ Climate chamber: price note (access offer: paid) changed from “9” to “10”."
    ]


def test_a_part_as_a_whole_is_told_by_its_values() -> None:
    known = {"AccessOffer": {"en": "access offer"}, "accessMode": {"en": "access mode"}}
    new = chamber(TITLE, OFFER.format("m/paid", '"on request"'))
    assert lines(chamber(TITLE), new, **known) == [
        "+ Climate chamber: access offer added: access mode “https://w3id.org/infrashare/codelist/m/paid”; "
        "infra:priceNote “on request”."
    ]


def test_a_part_with_very_many_values_says_how_many_more_there_are() -> None:
    prices = " , ".join(map(str, range(MAX_LISTED + 3)))
    (line,) = lines(chamber(TITLE), chamber(TITLE, f"infra:offersAccess [ infra:priceNote {prices} ]"))
    assert line.endswith("; … (+3).")


def test_the_language_of_a_text_is_said_where_it_is_not_the_readers() -> None:
    old = chamber('dct:title "Chamber"@en , "Kamer"@nl')
    new = chamber('dct:title "Test chamber"@en , "Testkamer"@nl')
    assert lines(old, new) == [
        "~ Test chamber: title changed from “Chamber” to “Test chamber”.",
        "~ Test chamber: title (nl) changed from “Kamer” to “Testkamer”.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Dock"@en', '"Dock"@de', "from “Dock” (en) to “Dock” (de)"),
        ('"5"', "5", "from “5” (xsd:string) to “5” (xsd:integer)"),
        ("true", "false", "from “yes” to “no”"),
        ('"2026-01-01"^^xsd:date', '"2026-02-01"^^xsd:date', "from “2026-01-01” to “2026-02-01”"),
    ],
)
def test_values_can_be_told_apart(old: str, new: str, told: str) -> None:
    (line,) = lines(chamber(f"infra:statusNote {old}"), chamber(f"infra:statusNote {new}"))
    assert told in line


def test_long_texts_are_shown_where_they_begin_to_differ() -> None:
    start = "The chamber tests whole vehicles under rain, snow, ice and sun. " * 4
    old, new = start + "It is open on weekdays. " * 9, start + "It is closed on Sundays. " * 9
    for text, other, seen in ((old, new, "open on"), (new, old, "closed on")):
        shown = excerpt(text, other)
        assert seen in shown
        assert len(shown) <= MAX_LETTERS
        assert shown[0] == shown[-1] == "…"
        assert shown.strip("…") in text
    assert excerpt(old).startswith("The chamber")
    assert excerpt("x" * MAX_LETTERS) == "x" * MAX_LETTERS
    assert excerpt("x" * 500) == "x" * (MAX_LETTERS - 1) + "…"


def test_a_change_is_always_one_line() -> None:
    (line,) = lines(chamber(TITLE), chamber(TITLE, 'dct:description "one\\n\\ttwo\\r\\nthree"'))
    assert "“one two three”" in line
    assert len(line.splitlines()) == 1


def test_braces_in_what_partners_write_stay_as_they_are() -> None:
    (line,) = lines(chamber('dct:title "{entity}"'), chamber('dct:title "{0} {new}"'))
    assert line == "~ {0} {new}: title changed from “{entity}” to “{0} {new}”."


def test_a_name_comes_from_the_contribution_then_from_the_snapshot_then_from_the_address() -> None:
    old, new = (
        chamber(TITLE),
        chamber(TITLE, "infra:operatedBy <https://w3id.org/infrashare/id/organisation/x>"),
    )
    added = new + '<https://w3id.org/infrashare/id/organisation/x> skos:prefLabel "Own name" .'
    assert "“organisation/x”" in lines(old, new)[0]
    known = {ID["organisation/x"].value: {"en": "Known name", "et": "Tuntud nimi"}}
    assert "„Tuntud nimi“" in as_text(Telling(compare(old, new), names=known).as_json("et")).splitlines()[1]
    assert "“Own name”" in as_text(Telling(compare(old, added), names=known).as_json("en")).splitlines()[1]


def test_json_holds_summary_triples_and_each_change() -> None:
    found = compare(chamber(TITLE, SITE.format("Lommel")), chamber(TITLE, SITE.format("Genk")))
    told = as_json(found, "en", {INFRA["Facility"].value: {"en": "facility"}})
    assert json.loads(json.dumps(told)) == told
    assert told["counts"] == {
        "entities": {"added": 0, "changed": 1, "removed": 0},
        "triples": {"added": 3, "removed": 3},
    }
    for key in ("added", "removed"):
        text = "\n".join(told[key])
        assert {q.triple for q in parse(text, format=RdfFormat.N_TRIPLES)} == set(getattr(found, key))
    (entity,) = told["entities"]
    assert entity["entity"] == ID["facility/chamber"].value
    assert (entity["label"], entity["kind"], entity["text"]) == (
        "Climate chamber",
        "changed",
        "Changed: Climate chamber.",
    )
    assert entity["types"] == [{"id": INFRA["Facility"].value, "label": "facility"}]
    (change,) = entity["changes"]
    assert [iri.rpartition("#")[2] for iri in change["path"]] == ["hasSite", "address", "postName"]
    assert change["old"] == {"value": "Lommel", "datatype": XSD["string"].value}
    assert change["label"] == "town"
    assert change["text"] == "Climate chamber: town changed from “Lommel” to “Genk”."


def test_names_come_from_a_snapshot_where_there_is_one_and_else_from_what_ships() -> None:
    capability = "<https://w3id.org/infrashare/codelist/capability/robotics>"
    found = compare(
        chamber(TITLE),
        chamber(TITLE, f"infra:capability {capability}", "infra:operatedBy <../id/organisation/x>"),
    )
    shipped = as_text(Telling(found).as_json("nl"))
    assert "capaciteit toegevoegd: ‘robotica’" in shipped
    store = Store()
    store.load(path=str(ONTOLOGY / "infrashare.ttl"), format=RdfFormat.TURTLE, to_graph=GRAPH["ontology"])
    title = Literal("Rob’s works", language="en")
    store.add(Quad(ID["organisation/x"], DCT["title"], title, GRAPH["x/y"]))
    stored = as_text(Telling(found, Snapshot(Path(), store, 1), QueryCatalogue(QUERIES)).as_json("nl"))
    assert "geëxploiteerd door toegevoegd: ‘Rob’s works’" in stored
    assert "capaciteit toegevoegd: ‘cap:robotics’" in stored


def test_json_gives_codes_with_their_names_and_parts_with_their_statements() -> None:
    code = "https://w3id.org/infrashare/codelist/m/paid"
    found = compare(chamber(TITLE), chamber(TITLE, "infra:offersAccess [ infra:accessMode <m/paid> ]"))
    told = as_json(found, "nl", {code: {"nl": "betaald"}})
    assert told["entities"][0]["changes"][0]["new"] == {
        "statements": [
            {
                "path": [INFRA["accessMode"].value],
                "label": "infra:accessMode",
                "value": {"id": code, "label": "betaald"},
            }
        ]
    }


def test_the_page_shows_each_change_without_scripts_and_escaped(
    names: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    old = chamber(TITLE, SITE.format("Lommel"))
    new = chamber(TITLE, SITE.format("<script>alert(1)</script>"), "dct:source <javascript:alert%281%29>")
    for found in (compare(old, new), EVERYTHING, compare(old, old)):
        diff = as_json(found, "en", names)
        page = standalone("diff.html", {"diff": diff, "contribution": "partner/set", "from": 1, "to": 2})
        assert diff["summary"] in page
        assert "<script" not in page
        assert 'href="javascript' not in page
        assert " style=" not in page
        for entity in diff["entities"]:
            assert entity["label"] in page
            assert all(f">{change['label']}</" in page for change in entity["changes"])
    assert "&lt;script&gt;" in standalone(
        "diff.html", {"diff": as_json(compare(old, new), "en", names), "contribution": "p/d"}
    )


def test_the_page_leads_to_the_same_difference_as_data() -> None:
    path = "/contributions/partner/set/diff"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"from=1&to=2", "headers": []}
    request = Request({**scope, "scheme": "http", "server": ("testserver", 80)})
    context = {"diff": as_json(EVERYTHING, "nl", {}), "contribution": "partner/set"}
    page = templates().get_template("diff.html").render(request=request, language="nl", **context)
    assert f'href="{path}?from=1&amp;to=2&amp;format=json"' in page
    assert 'href="/id/facility/chamber"' in page


def test_the_page_says_where_it_leaves_something_out() -> None:
    many = "".join(f"id:f{number} a infra:Facility .\n" for number in range(501))
    page = standalone("diff.html", {"diff": as_json(compare("", many), "en", {}), "contribution": "p/d"})
    assert "first 500 of 501 entities" in page
    assert "first 500." in page
