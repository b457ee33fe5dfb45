"""The JSON-LD context: generated, up to date, and a way there and back that loses nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from graph.contribute.checking import RELATIVE_BASE
from graph.contribute.reading.parse import read, skolemise
from graph.iris import DCT, FOAF, GEO, INFRA, NUTS, RDF, SCHEMA, SKOS, XSD
from graph.jsonld import document
from graph.resources import CODELISTS, DATA, ONTOLOGY, turtle_files
from ontology import context as generator

CONTEXT: dict[str, Any] = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
ENTITY = NamedNode("https://w3id.org/infrashare/id/facility/example")


def triples_of(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


def there_and_back(triples: list[Triple]) -> set[Triple]:
    """The triples as a JSON-LD document, read again the way a contribution is read."""
    text = json.dumps(document(triples, CONTEXT)).encode()
    return set(read(text, "application/ld+json", RELATIVE_BASE, len(text)).triples)


def only_node(triples: list[Triple]) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = document(triples, CONTEXT)["@graph"]
    assert len(nodes) == 1
    return nodes[0]


def test_the_context_is_up_to_date() -> None:
    written = generator.FILE.read_text(encoding="utf-8")
    assert written == generator.serialised(), "run python -m ontology.context"


def test_the_context_has_each_own_term() -> None:
    own = {
        quad.subject.value.removeprefix(INFRA.base)
        for quad in parse(path=str(ONTOLOGY / "infrashare.ttl"), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode) and quad.subject.value in INFRA
    }
    assert {name for name in own if CONTEXT.get(name, {}).get("@id") != f"infra:{name}"} == set()


def test_the_context_has_each_property_and_class_of_the_data() -> None:
    bases = {name: base for name, base in CONTEXT.items() if isinstance(base, str)}
    known = set()
    for definition in CONTEXT.values():
        if isinstance(definition, dict):
            prefix, _, local = definition["@id"].partition(":")
            known.add(bases[prefix] + local)
    used = set()
    for path in turtle_files(DATA):
        for triple in triples_of(path):
            is_type = triple.predicate == RDF["type"]
            used.add(triple.object.value if is_type else triple.predicate.value)
    assert used - known == set()


@pytest.mark.parametrize(
    ("term", "definition"),
    [
        ("title", {"@id": "dct:title", "@container": "@language"}),
        ("capability", {"@id": "infra:capability", "@type": "@id", "@container": "@set"}),
        ("source", {"@id": "dct:source", "@type": "@id", "@container": "@set"}),
        ("trlMin", {"@id": "infra:trlMin", "@type": "xsd:integer"}),
        ("asWKT", {"@id": "geo:asWKT", "@type": "geo:wktLiteral"}),
        ("identifier", {"@id": "dct:identifier"}),
        ("Facility", {"@id": "infra:Facility"}),
    ],
)
def test_a_term_is_defined_by_what_its_values_are(term: str, definition: dict[str, str]) -> None:
    found = CONTEXT.get(term)
    assert found == definition


@pytest.mark.parametrize("path", turtle_files(DATA), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_contribution_goes_there_and_back(path: Path) -> None:
    triples = triples_of(path)
    assert there_and_back(triples) == set(skolemise(triples))


def test_a_region_goes_there_and_back() -> None:
    about = {NUTS["NL414"], NamedNode(NUTS["NL414"].value + "#point"), NUTS["BE"]}
    triples = [triple for triple in triples_of(CODELISTS / "nuts.ttl") if triple.subject in about]
    assert len(triples) > 20
    assert there_and_back(triples) == set(triples)


@pytest.mark.parametrize("name", ["capability", "nace", "confidence"])
def test_a_code_list_goes_there_and_back(name: str) -> None:
    triples = triples_of(CODELISTS / f"{name}.ttl")
    assert there_and_back(triples) == set(triples)


def test_a_node_reads_well() -> None:
    node = only_node(
        [
            Triple(ENTITY, RDF["type"], INFRA["Facility"]),
            Triple(ENTITY, DCT["title"], Literal("Klimaatkamer", language="nl")),
            Triple(ENTITY, DCT["title"], Literal("Climatic chamber", language="en")),
            Triple(ENTITY, INFRA["trlMin"], Literal("5", datatype=XSD["integer"])),
            Triple(ENTITY, INFRA["openToSmes"], Literal("true", datatype=XSD["boolean"])),
            Triple(ENTITY, INFRA["inRegion"], NUTS["BE211"]),
            Triple(ENTITY, DCT["identifier"], Literal("example")),
        ]
    )
    assert node == {
        "@id": ENTITY.value,
        "@type": ["Facility"],
        "title": {"en": "Climatic chamber", "nl": "Klimaatkamer"},
        "trlMin": 5,
        "openToSmes": True,
        "inRegion": [NUTS["BE211"].value],
        "identifier": "example",
    }


@pytest.mark.parametrize(
    ("predicate", "values"),
    [
        (DCT["title"], [Literal("a", language="en"), Literal("b", language="en"), Literal("no language")]),
        (DCT["title"], [Literal("5", datatype=XSD["integer"]), Literal("a", language="en")]),
        (DCT["title"], [NUTS["BE2"]]),
        (INFRA["capability"], [Literal("welding"), Literal("lassen", language="nl"), NUTS["BE2"]]),
        (INFRA["areaKm2"], [Literal("13522.0", datatype=XSD["decimal"])]),
        (INFRA["areaKm2"], [Literal("2.270", datatype=XSD["decimal"]), Literal("2.270")]),
        (INFRA["trlMin"], [Literal("05", datatype=XSD["integer"]), Literal("5", datatype=XSD["int"])]),
        (INFRA["population"], [Literal("12345678901234567890", datatype=XSD["integer"])]),
        (
            INFRA["openToSmes"],
            [Literal("1", datatype=XSD["boolean"]), Literal("yes", datatype=XSD["boolean"])],
        ),
        (SCHEMA["startDate"], [Literal("2017", datatype=XSD["gYear"]), Literal("2017")]),
        (RDF["type"], [Literal("Facility"), INFRA["Facility"], NamedNode("urn:x:Thing")]),
        (NamedNode("urn:x:unknown"), [Literal("a", language="en"), Literal("a"), NUTS["BE2"]]),
        (FOAF["homepage"], [NamedNode("geo:51.2,4.4"), NamedNode("schema:x"), NamedNode("title:x")]),
        (GEO["asWKT"], [Literal("POINT (4 51)"), Literal("POINT (4 51)", datatype=GEO["wktLiteral"])]),
    ],
)
def test_values_that_do_not_fit_their_term_survive(predicate: NamedNode, values: list[Any]) -> None:
    triples = [Triple(ENTITY, predicate, value) for value in values]
    assert there_and_back(triples) == set(triples)


def test_unnamed_nodes_keep_what_they_say_and_who_says_it() -> None:
    site, point = BlankNode(), BlankNode()
    triples = [
        Triple(ENTITY, INFRA["hasSite"], site),
        Triple(site, GEO["hasGeometry"], point),
        Triple(point, GEO["asWKT"], Literal("POINT (4 51)", datatype=GEO["wktLiteral"])),
        Triple(point, RDF["type"], BlankNode()),
    ]
    assert there_and_back(triples) == set(skolemise(triples))


def test_the_same_triples_give_the_same_document_in_any_order() -> None:
    triples = triples_of(CODELISTS / "confidence.ttl")
    assert document(triples, CONTEXT) == document(list(reversed(triples)), CONTEXT)


local_names = st.text(
    st.characters(categories=["L", "N"], include_characters="-_./:"), min_size=1, max_size=12
)
iris = st.one_of(
    st.builds(
        lambda base, local: NamedNode(base + local), st.sampled_from([INFRA.base, NUTS.base]), local_names
    ),
    st.builds(
        lambda scheme, local: NamedNode(f"{scheme}:{local}"), st.sampled_from(["geo", "urn"]), local_names
    ),
    st.sampled_from([ENTITY, DCT["title"], INFRA["Facility"], NUTS["BE2"]]),
)
literals = st.one_of(
    st.builds(Literal, st.text(max_size=20)),
    st.builds(
        lambda text, tag: Literal(text, language=tag), st.text(max_size=20), st.sampled_from(["en", "nl-be"])
    ),
    st.builds(
        lambda text, name: Literal(text, datatype=XSD[name]),
        st.one_of(st.integers().map(str), st.sampled_from(["true", "1.0", "-0", "007", "x"])),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date", "string"]),
    ),
    st.builds(lambda text: Literal(text, datatype=RDF["JSON"]), st.sampled_from(["{}", "1", '"a"'])),
)
OWN = ("trlMin", "openToSmes", "keyword", "weight", "sphereX", "capability")
OTHERS = (DCT["title"], DCT["source"], SKOS["notation"], RDF["type"], SCHEMA["startDate"], FOAF["nick"])
properties = st.sampled_from([*(INFRA[name] for name in OWN), *OTHERS])


@settings(max_examples=200)
@given(st.lists(st.builds(Triple, iris, properties, st.one_of(iris, literals)), min_size=1, max_size=8))
def test_any_triples_go_there_and_back(triples: list[Triple]) -> None:
    assert there_and_back(triples) == set(triples)
