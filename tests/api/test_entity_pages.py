"""Pages of entities and concepts: what comes first, then every fact with its contribution and age, and what to do."""

import html
import re
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from api.entity_facts import Facts, months
from api.mail import mailto
from api.pages import templates
from graph.browse import around
from graph.browse.entity import Entity
from graph.browse.inverse import Inverse
from graph.browse.stated import Stated
from graph.browse.terms import inverse, plain, term
from graph.contribute.keeping.past import Moment
from graph.iris import BASE, CODELIST, DCT, GENID, GRAPH, ID, INFRA, LANGUAGES, RDF, SCHEMA, XSD, compact
from graph.service import Service
from tests.api.conftest import PARTNER, Writable

HTML = {"Accept": "text/html"}
EVERYTHING = 'id="facts"'

FIRST = {
    "facilities/holst-centre": (
        "<h1>Holst Centre</h1>",
        "innovation hub",
        "Joint centre of TNO and imec",
        "/match/why-not?facility=holst-centre",
        "/match?capability=",
        "What it can do",
        "/codelists/capability/photonics",
        "not stated",
        "How to get access",
        "partner programme",
        "Open to small and medium-sized firms",
        "Eindhoven, Netherlands",
        "holstcentre.com",
        'id="equipment"',
        'id="services"',
        "Similar facilities",
        "Policy instruments of its region",
    ),
    "equipment/vsc-tier1-supercomputer-tier-1-supercomputer": (
        "Does its facility fit my need?",
        "Stands at",
        "/facilities/vsc-tier1-supercomputer",
        "What it can do",
    ),
    "services/holst-centre-prototyping": ("Who else offers this?", "Provided by", "/facilities/holst-centre"),
    "organisations/vlaio": ("Kind", "Policy instruments that it answers for", "/policy-instruments/vlaio-"),
    "policy-instruments/vlaio-kmo-portefeuille": (
        "/policy-instruments/vlaio-kmo-portefeuille/facilities",
        "What it pays for",
        "Who may apply",
        "Flemish SMEs.",
        "Holds in",
        "/regions/BE2",
        "What is accepted",
        "training",
    ),
    "practices/open-lab-skane": (
        "Owner",
        "/practices/open-lab-skane/record",
        "Need addressed",
        "How it works",
        "Resources needed",
        "Evidence of success",
        "Difficulties encountered",
        "Potential for learning or transfer",
    ),
    "events/study-visit-nl-be-2017": ("When", "Where", "Host", "Programme", "What was visited"),
    "action-plans/vidzeme-planning-region-action-plan": ("Whose plan", "Actions", "<ol>"),
    "projects/inno-infra-share": ("January 2017 to December 2020", "Partners", "Action plans"),
    "regions/BE2": ("/regions/BE2/profile", "/facilities?region=BE2", "What it wants to be good at"),
    "s3-priorities/be2-smart-manufacturing": ("Region", "/regions/BE2", "Capabilities that serve it"),
    "codelists/capability/additive-manufacturing": (
        "Building parts layer by layer",
        "Also called:",
        "3D printing",
        "Answers problems such as:",
        "/match?capability=additive-manufacturing",
        "/facilities?capability=additive-manufacturing",
        "Its place in the code list",
        "Names in nine languages",
        'lang="lv"',
    ),
}
"""Pages, and what stands on them in this order before everything that is stated."""


def _page(client: httpx.Client, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("path", FIRST)
def test_what_one_wants_comes_first(client: httpx.Client, path: str) -> None:
    page = html.unescape(_page(client, f"/{path}"))
    at = page.index("<h1>")
    for text in (*FIRST[path], EVERYTHING):
        found = page.find(text, at)
        assert found >= 0, text
        at = found


def _shown_terms(page: str) -> list[str]:
    """What stands in the heads of rows and lists of facts."""
    found = re.findall(r'<th scope="row">(.*?)</th>|<dt>(.*?)</dt>', page, re.DOTALL)
    return [html.unescape(re.sub("<.*?>", "", one or other)).strip() for one, other in found]


CODE = re.compile(r"^(?:[a-z]+:[A-Za-z]+|https?://\S+)$|Note$|[a-z][A-Z]")


@pytest.mark.parametrize(
    "listing",
    [
        "facilities",
        "equipment",
        "services",
        "organisations",
        "policy-instruments",
        "practices",
        "events",
        "action-plans",
        "projects",
    ],
)
@pytest.mark.parametrize("language", ["en", "lv"])
def test_no_property_is_called_by_a_code(client: httpx.Client, listing: str, language: str) -> None:
    rows = client.get(f"/{listing}.json", params={"limit": 200}).json()["items"]
    for row in rows[:: max(1, len(rows) // 4)]:
        page = _page(client, f"/{listing}/{row['id'].rsplit('/', 1)[-1]}?lang={language}")
        facts = page[page.index(EVERYTHING) : page.index('id="origins"')]
        terms = _shown_terms(facts)
        assert len(terms) > 1
        assert [one for one in terms if CODE.search(one)] == []


def test_all_properties_and_types_of_the_data_have_names_in_nine_languages(
    data_graph: Store, codelist_graph: Store, ontology_graph: Store
) -> None:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    used = {quad.predicate.value for graph in (data_graph, codelist_graph) for quad in graph}
    used |= {quad.object.value for quad in data_graph.quads_for_pattern(None, RDF["type"], None, None)}  # type: ignore[union-attr]
    for iri in used:
        quads = ontology_graph.quads_for_pattern(NamedNode(iri), label, None, None)
        names = {iri: {quad.object.language: quad.object.value for quad in quads}}  # type: ignore[union-attr]
        assert not CODE.search(term(iri, names, "en")), iri
        told = {language: term(iri, names, language) for language in LANGUAGES}
        assert len(set(told.values())) > 1 or told["en"] in ("code", "model"), (iri, told)


def test_a_property_that_nobody_named_is_called_by_its_words() -> None:
    assert plain("http://example.org/leadTimeDays") == "lead time days"
    assert plain("http://example.org/x#hasISOStatus/") == "has ISOStatus"
    assert term("http://example.org/a-b_c", {}, "nl") == "a b c"
    assert term("javascript:alert(1)", {}, "nl") == "alert(1)"
    assert term(DCT["title"].value, {}, "nl") == "naam"


def test_a_property_is_told_from_its_other_end() -> None:
    assert inverse(INFRA["operatedBy"].value, {}, "en") == "operates"
    assert inverse(INFRA["operatedBy"].value, {}, "de") == "betreibt"
    assert inverse("http://example.org/unknownTie", {}, "en") == "unknown tie"


def test_a_page_says_where_each_fact_comes_from(client: httpx.Client) -> None:
    page = html.unescape(_page(client, "/facilities/holst-centre"))
    facts = page[page.index(EVERYTHING) : page.index('id="origins"')]
    rows = re.findall(r"<tr>.*?</tr>", facts, re.DOTALL)
    assert len(rows) > 15
    assert all('href="#origin-1"' in row and "<time datetime=" in row for row in rows if "<td>" in row)
    assert 'id="origin-1"' in page
    origin = page[page.index('id="origin-1"') :]
    assert "/contributions/brainport-development/facilities/versions" in origin
    assert "version 1" in origin
    assert "It came with InfraShare, put together from the sources below" in origin
    assert "Founders, 180 employees, 56 partners" in origin
    assert "https://holstcentre.com/insights/features/15-years-of-open-innovation/" in origin


def test_pages_know_their_twins_and_how_to_be_cited(client: httpx.Client) -> None:
    page = html.unescape(_page(client, "/practices/open-lab-skane"))
    end = page[page.index('id="data"') :]
    revision = client.get("/practices/open-lab-skane").headers["dataset-revision"]
    for suffix in ("ttl", "jsonld", "nt", "rdf", "json"):
        assert f'href="/practices/open-lab-skane.{suffix}"' in end
    assert f"InfraShare, revision {revision}" in end
    assert f"{ID.base}practice/open-lab-skane" in end
    assert f"/practices/open-lab-skane?revision={revision}" in end


def test_without_an_address_for_mail_the_page_says_who_is_responsible(client: httpx.Client) -> None:
    page = html.unescape(_page(client, "/facilities/holst-centre"))
    wrong = page[page.index('id="wrong"') : page.index('id="data"')]
    assert "Brainport Development" in wrong
    assert "https://www.brainport.nl" in wrong
    assert "mailto:" not in wrong


def test_values_are_readable(client: httpx.Client) -> None:
    scheme = next(
        row["id"]
        for row in client.get("/policy-instruments.json", params={"limit": 200}).json()["items"]
        if "infra:fundingRate"
        in client.get(f"/policy-instruments/{row['id'].rsplit('/', 1)[-1]}.json").json()
    )
    page = html.unescape(_page(client, f"/policy-instruments/{scheme.rsplit('/', 1)[-1]}?lang=de"))
    assert re.search(r"\b\d{2}\s%", page)
    assert "0.7" not in re.sub(r"<[^>]*>", "", page)
    project = html.unescape(_page(client, "/projects/inno-infra-share?lang=de"))
    assert "Januar 2017" in project
    assert "2017-01" not in re.sub(r"<[^>]*>|https?://\S+", "", project)


def test_many_of_a_kind_are_told_apart(client: httpx.Client) -> None:
    page = html.unescape(_page(client, "/codelists/capability/additive-manufacturing"))
    devices = page[page.index('id="use-equipment') : page.index('id="names"')]
    assert re.search(r">3D printers</a> <span class=\"from\">\w", devices)


TITLE = 'Lab "A" & <b>B</b> ?cc=evil@example.org'


def _lab(title: str, more: str = "") -> str:
    quoted = title.replace('"', '\\"')
    return f"""\
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{ID.base}organisation/{PARTNER}> a org:Organization ; dct:source <https://example.org/> ;
  skos:prefLabel "Example Institute"@en ; schema:email "desk@example.org" ;
  org:classification <{BASE}codelist/organisation-kind/rto> .
<{ID.base}organisation/example-lab> a org:Organization ; dct:source <https://example.org/> ;
  skos:prefLabel "{quoted}"@en ; {more}
  org:classification <{BASE}codelist/organisation-kind/rto> ."""


@pytest.fixture(scope="module")
def sent(writable: Writable) -> tuple[httpx.Client, list[int]]:
    """A partner's entry in two versions, the second said to be last changed long ago; with their revisions."""
    revisions = []
    for data in (_lab("The first name"), _lab(TITLE, 'dct:modified "2019-03-05"^^xsd:date ;')):
        answer = writable.put("labs", data)
        answer.raise_for_status()
        revisions.append(int(writable.client.get("/organisations/example-lab").headers["dataset-revision"]))
    return writable.client, revisions


def test_mail_to_the_partner_names_entity_and_revision(sent: tuple[httpx.Client, list[int]]) -> None:
    client, revisions = sent
    page = _page(client, "/organisations/example-lab")
    (href,) = re.findall(r'href="(mailto:[^"]*subject[^"]*)"', page)
    address = urlsplit(html.unescape(href))
    told = parse_qs(address.query, strict_parsing=True)
    assert unquote(address.path) == "desk@example.org"
    assert set(told) == {"subject", "body"}
    assert TITLE in told["subject"][0]
    assert f"{ID.base}organisation/example-lab" in told["body"][0]
    assert f"Revision: {revisions[-1]}" in told["body"][0]


def test_names_of_partners_are_harmless(sent: tuple[httpx.Client, list[int]]) -> None:
    client, _ = sent
    page = _page(client, "/organisations/example-lab")
    assert "<b>" not in page
    assert "&lt;b&gt;B&lt;/b&gt;" in page


def test_what_is_older_than_two_years_is_marked(sent: tuple[httpx.Client, list[int]]) -> None:
    client, _ = sent
    page = _page(client, "/organisations/example-lab")
    assert "5 March 2019" in page
    assert "older than two years" in page
    assert "Sent by the partner" in page
    assert "That is more than two years ago" in page
    assert "older than two years" not in _page(client, f"/organisations/{PARTNER}")


def test_a_page_of_the_past_tells_the_version_of_then(sent: tuple[httpx.Client, list[int]]) -> None:
    client, revisions = sent
    then = _page(client, f"/organisations/example-lab?revision={revisions[0]}")
    now = _page(client, "/organisations/example-lab")
    assert "The first name" in then
    assert "version 1" in then
    assert "/diff?" not in then
    assert f"/organisations/example-lab.ttl?revision={revisions[0]}" in then
    assert "As of revision" in then
    assert "version 2" in now
    assert f"/contributions/{PARTNER}/labs/diff?from=1&amp;to=2" in now
    past = _page(client, f"/facilities/holst-centre?revision={revisions[0]}")
    assert "Similar facilities" in past
    assert "/codelists/capability/photonics" in past


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "ftp://x", '"><b>']
)
def test_unsafe_addresses_are_never_links(address: str) -> None:
    page = templates().from_string(
        '{% import "_facts.html" as f with context %}{{ f.web(one) }}'
        '{{ f.thing({"kind": "thing", "text": one, "iri": one, "url": none}) }}'
    )
    shown = page.render(one=address, language="en", request=None)
    assert "href" not in shown
    assert "<b>" not in shown


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c",
        "a b@c.example",
        "a@b.example?cc=x@y.example",
        "a@b.example\r\nBcc: x",
        "javascript:x@y.z",
    ],
)
def test_texts_that_are_no_address_get_no_mail(address: str) -> None:
    assert mailto(address, "s", "b") is None


def test_mail_is_encoded() -> None:
    assert (
        mailto("a+b@c.example", "x&y", "one\ntwo") == "mailto:a%2Bb@c.example?subject=x%26y&body=one%0D%0Atwo"
    )
    assert mailto("mailto:a@c.example") == "mailto:a@c.example"


@pytest.mark.parametrize(
    ("day", "age"),
    [("2024-11-30", 24), ("2024-11", 24), ("2024", 34), ("2026-11-28T09:00:00Z", 0), ("soon", None)],
)
def test_ages_are_whole_months(day: str, age: int | None) -> None:
    assert months(day, date(2026, 11, 28)) == age


def _facts(*triples: tuple[NamedNode, NamedNode, NamedNode | Literal]) -> Facts:
    lab, graph = ID["organisation/lab"], GRAPH["a/labs"]
    quads = tuple(Quad(*triple, graph) for triple in triples)
    stated = {
        graph.value: Stated(graph.value, ID["organisation/a"].value, 3, 7, "2026-01-02T03:04:05Z", False)
    }
    return Facts(Entity(lab, quads, {}, Inverse((), 0, None), ()), stated, "en", date(2026, 11, 28))


def test_the_date_of_a_record_goes_before_that_of_its_contribution() -> None:
    lab = ID["organisation/lab"]
    changed = (lab, DCT["modified"], Literal("2021-05", datatype=XSD["gYearMonth"]))
    named = (lab, DCT["title"], Literal("Lab", language="en"))
    assert {(f["day"], f["is_old"]) for g in _facts(named).groups() for f in g["facts"]} == {
        ("2026-01-02", False)
    }
    assert {(f["day"], f["is_old"]) for g in _facts(named, changed).groups() for f in g["facts"]} == {
        ("2021-05", True)
    }


def test_amounts_have_their_currency_and_ranges_their_unit() -> None:
    lab, part = ID["organisation/lab"], NamedNode(f"{GENID.base}x1")
    facts = _facts(
        (lab, INFRA["range"], part),
        (part, INFRA["quantityKind"], NamedNode("http://qudt.org/vocab/quantitykind/Temperature")),
        (part, INFRA["lowerBound"], Literal("-60.0", datatype=XSD["decimal"])),
        (part, INFRA["upperBound"], Literal("60.0", datatype=XSD["decimal"])),
        (part, INFRA["unitCode"], Literal("DEG_C")),
        (lab, INFRA["hasFigure"], NamedNode(f"{lab.value}#figure-1")),
        (NamedNode(f"{lab.value}#figure-1"), INFRA["figureValue"], Literal("5", datatype=XSD["integer"])),
        (NamedNode(f"{lab.value}#figure-1"), SCHEMA["currency"], Literal("SEK")),
    )
    told = {compact(f["property"]): f["values"][0] for g in facts.groups() for f in g["facts"]}
    assert told["infra:range"] == {
        "kind": "range",
        "text": "temperature",
        "lower": "-60.0",
        "upper": "60.0",
        "unit": "°C",
    }
    (figure,) = told["infra:hasFigure"]["fields"]
    assert figure["values"] == [{"kind": "money", "text": "5", "currency": "SEK"}]


def test_similar_facilities_share_what_they_are_said_to_share(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = around.Around(service.snapshot, service.catalogue)
    holst = ID["facility/holst-centre"]
    capabilities = looking.capabilities(holst)
    alike = looking.alike(holst, capabilities)
    assert 0 < len(alike) <= around.ALIKE
    for one in alike:
        assert one.facility != holst
        assert set(one.shared) <= set(capabilities) & set(looking.capabilities(one.facility))
    monkeypatch.setattr(around, "COMMON", 0)
    assert looking.alike(holst, capabilities) == []


def test_queries_around_an_entity_end_at_a_limit(service: Service) -> None:
    for name in ("told", "tied", "capable", "practices-about", "instruments-of"):
        assert "LIMIT" in service.catalogue[f"browse-{name}"].text
    looking = around.Around(service.snapshot, service.catalogue)
    assert looking.tied_to(CODELIST["confidence/high"], INFRA["confidence"], ID["event/"].value) == []
    assert isinstance(service.moment(), Moment)


def test_what_the_page_lists_above_is_not_listed_again_among_what_points_to_it(client: httpx.Client) -> None:
    organisation = client.get("/organisations/imec", headers=HTML).text
    assert organisation.partition(EVERYTHING)[0].count('href="/facilities/city-of-things-antwerp"') <= 1
    assert 'id="inverse"' not in organisation
    region = (
        client.get("/regions/BE2", headers=HTML).text.partition('id="inverse"')[2].partition(EVERYTHING)[0]
    )
    assert "What else points here" in region
    assert "/policy-instruments/" in region
    assert "/s3-priorities/" not in region
