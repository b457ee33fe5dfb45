"""Places of triples in RDF/XML: by hand, on shipped data, and beside the parser."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.lines_xml import ElementIndex
from graph.contribute.reading.parse import Parsed, read
from graph.contribute.reading.places import places
from graph.contribute.reading.position import Places, Position
from graph.errors import InputError
from graph.iris import GENID, RDF
from graph.resources import DATA
from graph.settings import MIB
from graph.store.formats import write_graph

BASE = "https://example.org/base/"
E = "http://example.org/"
XML = "application/rdf+xml"
OPEN = f'<rdf:RDF xmlns:rdf="{RDF.base}" xmlns:e="{E}" xml:base="{E}">'

TEXT = f"""<?xml version="1.0"?>
{OPEN}
  <!-- <e:Facility rdf:about="a"/> -->
  <e:Facility rdf:about="a" e:code="A1"
              e:name="first">
    <e:title xml:lang="en">A &amp; B</e:title>
    <e:title
      xml:lang="nl">Gebouw äöü😀</e:title><e:level>5</e:level>
    <e:site><e:Site><e:town>Gent</e:town></e:Site></e:site>
    <e:offer rdf:parseType="Resource">
      <e:price rdf:datatype="{E}euro">10</e:price>
    </e:offer>
    <e:steps rdf:parseType="Collection">
      <rdf:Description rdf:about="one"/>
      <e:Step rdf:about="two"/>
    </e:steps>
    <e:owner rdf:resource="b"/>
    <rdf:type rdf:resource="Laboratory"/>
  </e:Facility>
  <rdf:Description rdf:ID="c" xml:base="http://other.org/x"><e:owner rdf:nodeID="n"/></rdf:Description>
  <rdf:Description rdf:nodeID="n">
    <e:note><![CDATA[<b> & co]]></e:note>
    <rdf:li>first</rdf:li>
    <rdf:li>second</rdf:li>
  </rdf:Description>
</rdf:RDF>
"""


def iri(name: str) -> NamedNode:
    return NamedNode(E + name)


def parsed(text: str) -> Parsed:
    return read(text.encode(), XML, BASE, 10 * MIB)


def at(text: str, index: Places, *terms: object) -> str:
    """What stands at the place that is found, up to the end of the line."""
    position = index.find(*terms)  # type: ignore[arg-type]
    assert position is not None, terms
    return text.split("\n")[position.line - 1][position.column - 1 :]


def statement(text: str, predicate: NamedNode, value: str | None = None) -> Triple:
    return next(
        t
        for t in parsed(text).triples
        if t.predicate == predicate and (value is None or getattr(t.object, "value", "").endswith(value))
    )


@pytest.mark.parametrize(
    ("predicate", "value", "expected"),
    [
        (None, None, '<e:Facility rdf:about="a" e:code'),
        (RDF["type"], iri("Facility"), '<e:Facility rdf:about="a" e:code'),
        (RDF["type"], iri("Laboratory"), "<rdf:type rdf:resource="),
        (iri("code"), Literal("A1"), 'e:code="A1"'),
        (iri("name"), Literal("first"), 'e:name="first"'),
        (iri("title"), Literal("A & B", language="en"), '<e:title xml:lang="en">A &amp; B<'),
        (iri("title"), Literal("Gebouw äöü😀", language="nl"), "<e:title"),
        (iri("level"), Literal("5"), "<e:level>5<"),
        (iri("owner"), iri("b"), '<e:owner rdf:resource="b"/>'),
        (iri("title"), Literal("nowhere"), '<e:title xml:lang="en">'),
        (iri("nothing"), None, '<e:Facility rdf:about="a" e:code'),
        (None, Literal("5"), "<e:level>5<"),
    ],
)
def test_a_value_stands_at_its_element_or_attribute(
    predicate: NamedNode | None, value: object, expected: str
) -> None:
    assert at(TEXT, ElementIndex(TEXT, BASE), iri("a"), predicate, value).startswith(expected)


@pytest.mark.parametrize(
    ("predicate", "value", "expected"),
    [
        (iri("site"), None, "<e:site><e:Site>"),
        (iri("town"), "Gent", "<e:town>Gent"),
        (iri("offer"), None, "<e:offer rdf:parseType"),
        (iri("price"), "10", "<e:price rdf:datatype"),
        (iri("steps"), None, "<e:steps rdf:parseType"),
        (RDF["first"], "one", '<rdf:Description rdf:about="one"/>'),
        (RDF["first"], "two", '<e:Step rdf:about="two"/>'),
        (iri("note"), "<b> & co", "<e:note><![CDATA["),
        (RDF["_2"], "second", "<rdf:li>second"),
    ],
)
def test_unnamed_nodes_have_places_of_their_own(
    predicate: NamedNode, value: str | None, expected: str
) -> None:
    triple = statement(TEXT, predicate, value)
    found = at(TEXT, ElementIndex(TEXT, BASE), triple.subject, predicate, triple.object, iri("a"))
    assert found.startswith(expected)


def test_the_base_in_force_names_the_subject() -> None:
    index = ElementIndex(TEXT, BASE)
    assert at(TEXT, index, NamedNode("http://other.org/x#c")).startswith('<rdf:Description rdf:ID="c"')
    assert index.find(iri("#c")) is None


def test_columns_count_characters() -> None:
    line = TEXT.split("\n")[7]
    assert ElementIndex(TEXT, BASE).find(iri("a"), iri("level")) == Position(8, line.index("<e:level>") + 1)


def test_a_part_without_a_place_is_shown_at_its_entity() -> None:
    index = ElementIndex(TEXT, BASE)
    assert at(TEXT, index, GENID["x"], iri("p"), None, iri("a")).startswith('<e:Facility rdf:about="a"')
    assert index.find(GENID["x"], None, None, iri("nobody")) is None


def test_the_first_of_two_elements_of_an_entity_counts() -> None:
    text = f'{OPEN}\n<e:T rdf:about="a"/>\n<e:T rdf:about="a"><e:p>1</e:p></e:T></rdf:RDF>'
    assert ElementIndex(text, BASE).find(iri("a")) == Position(2, 1)
    assert ElementIndex(text, BASE).find(iri("a"), iri("p")) == Position(3, 20)


def test_line_ends_of_windows_count_once_and_are_no_part_of_texts() -> None:
    text = TEXT.replace("\n", "\r\n").replace("A &amp; B", "A\r\nB")
    document = parsed(text)
    assert Triple(iri("a"), iri("title"), Literal("A\nB", language="en")) in document.triples
    index = places(document.text, document.media_type, document.base_iri)
    assert index.find(iri("a"), iri("title"), Literal("A\nB", language="en")) == Position(6, 5)
    assert index.find(iri("a"), iri("owner")) == Position(18, 5)


FORMS = [
    "<e:T/>",
    '<rdf:Description rdf:about=""><e:p/></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p e:q="1" e:r="2"/></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p e:q="1" rdf:resource="o"/></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p rdf:nodeID="n" xml:lang="de" e:q="eins"/></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p rdf:ID="r">v</e:p></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p rdf:ID="r" rdf:parseType="Resource"><e:q>1</e:q></e:p></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p rdf:parseType="Collection"></e:p></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p> <e:T> <e:q> x </e:q> </e:T> </e:p></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p rdf:datatype="d" xml:lang="en">5</e:p></rdf:Description>',
    '<e:T rdf:about="s" rdf:type="t" e:q="a&#10;b &quot;"/>',
    "<rdf:Bag><rdf:li>1</rdf:li><rdf:_7>2</rdf:_7><rdf:li>3</rdf:li></rdf:Bag>",
    '<p:T xmlns:p="http://p/" p:q="1"><q xmlns="http://q/" rdf:resource="../up"/></p:T>',
    '<rdf:Description rdf:about="http://x/../y#z"><e:p xml:base="http://o/a/b" rdf:resource="./c#"/></rdf:Description>',
    '<rdf:Description rdf:about="s"><e:p rdf:parseType="other"><e:T/></e:p><e:q>1</e:q></rdf:Description>',
]


@pytest.mark.parametrize("form", FORMS)
def test_each_triple_of_the_parser_has_a_place(form: str) -> None:
    text = f"{OPEN}\n\n{form}</rdf:RDF>"
    index = ElementIndex(text, BASE)
    for triple in parsed(text).triples:
        unheard = NamedNode("http://unheard.of")
        assert index.find(triple.subject, unheard) is not None, triple  # type: ignore[arg-type]
        assert index.find(unheard, None, triple.object) is not None, triple
        found = index.find(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
        assert found is not None, triple
        assert found.line == 3
        assert text.split("\n")[2][found.column - 1] != " "


def test_a_node_alone_is_a_document() -> None:
    text = f'<e:T xmlns:e="{E}" xmlns:rdf="{RDF.base}"\n rdf:about="{E}a" e:p="1"/>'
    assert ElementIndex(text, BASE).find(iri("a"), iri("p")) == Position(
        2, text.split("\n")[1].index("e:p") + 1
    )


@given(st.lists(st.sampled_from(FORMS), max_size=4), st.sampled_from(["", "\n", " <!-- x -->\n\t"]))
@settings(max_examples=60)
def test_whatever_is_read_can_be_placed(forms: list[str], space: str) -> None:
    text = f'{OPEN}{space}{space.join(forms)}{space}<e:T rdf:about="last"/></rdf:RDF>'
    try:
        document = parsed(text)
    except InputError:
        return
    index = ElementIndex(document.text, BASE)
    assert all(index.find(t.subject, t.predicate, t.object) for t in document.triples)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        f'<?xml version="1.0" encoding="utf-8"?>\n{OPEN}<e:T rdf:about="é"/></rdf:RDF>',
        f'{OPEN}<e:T rdf:about="a"><e:p rdf:parseType="Literal"><b xmlns="http://b/">x</b></e:p></e:T></rdf:RDF>',
        f'{OPEN}<e:ä rdf:about="a" e:ö="&#x1F600;"/></rdf:RDF>',
        f'{OPEN}<e:T rdf:about="a"\te:p = "x>y"\n e:q=\'"\'/></rdf:RDF>',
    ],
)
def test_what_is_odd_but_read_is_placed(text: str) -> None:
    document = parsed(text)
    index = ElementIndex(document.text, BASE)
    for triple in document.triples:
        assert index.find(triple.subject, triple.predicate, triple.object) is not None  # type: ignore[arg-type]


SHIPPED = [
    *sorted(DATA.glob("*/facilities.ttl"))[:1],
    *sorted(DATA.glob("*/policy-instruments.ttl"))[:1],
    *sorted(DATA.glob("*/events.ttl")),
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("written", ["with unnamed nodes", "as downloaded"])
def test_shipped_data_is_found_element_by_element(path: Path, written: str) -> None:
    triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    data = (
        serialize(triples, format=RdfFormat.RDF_XML)
        if written == "with unnamed nodes"
        else write_graph(skolemise(triples), XML)
    )
    assert data is not None
    document = read(data, XML, BASE, 10 * MIB)
    index = places(document.text, XML, BASE)
    for triple in document.triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        assert isinstance(subject, NamedNode)
        if subject.value not in GENID:
            assert f'rdf:about="{subject.value}"' in at(document.text, index, subject)
        found = at(document.text, index, subject, predicate, value)
        name = predicate.value.replace("#", "/").rsplit("/", 1)[1]
        typed = predicate == RDF["type"]
        element = found.partition(" ")[0].partition(">")[0].removeprefix("<").rpartition(":")[2]
        assert element == name or (typed and isinstance(value, NamedNode))
        if isinstance(value, Literal) and "\n" not in value.value and not set(value.value) & set("&<>\"'"):
            assert value.value in found
        elif isinstance(value, NamedNode) and value.value not in GENID and not typed:
            assert value.value.replace("&", "&amp;") in found
