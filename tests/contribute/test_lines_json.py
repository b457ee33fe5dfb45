"""Places of triples in JSON-LD: by hand, on shipped data, and beside the parser."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.json_text import Number, plain, scan
from graph.contribute.reading.lines_json import KeyIndex
from graph.contribute.reading.parse import Parsed, read
from graph.contribute.reading.places import places
from graph.contribute.reading.position import Places, Position
from graph.errors import InputError, Unsupported
from graph.iris import GENID, RDF, XSD
from graph.resources import DATA
from graph.settings import MIB
from graph.store.formats import write_graph
from tests.contribute.test_hostile import FOUND, JSON, REFUSED, SURVIVED

BASE = "https://example.org/base/"
E = "http://example.org/"

TEXT = """{
  "@context": {
    "@base": "http://example.org/", "@vocab": "http://example.org/", "e": "http://example.org/",
    "id": "@id", "type": "@type",
    "owner": {"@type": "@id"},
    "price": {"@id": "e:price", "@type": "e:euro"},
    "title": {"@id": "e:title", "@container": "@language"},
    "steps": {"@id": "e:steps", "@container": "@list", "@type": "@id"},
    "partOf": {"@reverse": "e:part"}
  },
  "@graph": [
    {
      "type": ["Facility", "e:Laboratory"],
      "id": "a",
      "title": {"en": "A \\"B\\"",
                "nl": ["Gebouw äöü😀", "Hal"]}, "level": 5,
      "size": 2.50,
      "owner": ["b", "c"],
      "site": {"type": "Site", "town": "Gent"},
      "offer": {"price": "10"},
      "steps": ["one", "two"],
      "partOf": {"id": "whole", "level": 6},
      "note": {"@value": "deux", "@language": "fr"}
    },
    {"id": "_:n", "note": "unnamed"},
    {
      "@id": "d", "owner": "_:n"
    }
  ]
}
"""


def iri(name: str) -> NamedNode:
    return NamedNode(E + name)


def parsed(text: str) -> Parsed:
    return read(text.encode(), JSON, BASE, 10 * MIB)


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
        (None, None, '"id": "a"'),
        (RDF["type"], iri("Facility"), '"Facility"'),
        (RDF["type"], iri("Laboratory"), '"e:Laboratory"'),
        (iri("title"), Literal('A "B"', language="en"), '"A \\"B\\""'),
        (iri("title"), Literal("Hal", language="nl"), '"Hal"'),
        (iri("level"), Literal("5", datatype=XSD["integer"]), "5,"),
        (iri("size"), Literal("2.5E0", datatype=XSD["double"]), "2.50,"),
        (iri("owner"), iri("c"), '"c"'),
        (iri("site"), None, '{"type": "Site"'),
        (iri("note"), Literal("deux", language="fr"), '"deux"'),
        (iri("owner"), iri("nowhere"), '"b", "c"'),
        (iri("nothing"), None, '"id": "a"'),
        (None, iri("b"), '"b", "c"'),
    ],
)
def test_a_value_stands_where_it_is_written(
    predicate: NamedNode | None, value: object, expected: str
) -> None:
    assert at(TEXT, KeyIndex(TEXT, BASE), iri("a"), predicate, value).startswith(expected)


@pytest.mark.parametrize(
    ("predicate", "value", "expected"),
    [
        (iri("town"), "Gent", '"Gent"'),
        (iri("price"), "10", '"10"'),
        (RDF["first"], "one", '"one"'),
        (RDF["first"], "two", '"two"'),
        (iri("note"), "unnamed", '"unnamed"'),
    ],
)
def test_unnamed_nodes_have_places_of_their_own(predicate: NamedNode, value: str, expected: str) -> None:
    triple = statement(TEXT, predicate, value)
    found = at(TEXT, KeyIndex(TEXT, BASE), triple.subject, predicate, triple.object, iri("a"))
    assert found.startswith(expected)


def test_an_unnamed_node_starts_at_its_brace() -> None:
    site = statement(TEXT, iri("site"))
    assert at(TEXT, KeyIndex(TEXT, BASE), site.object).startswith('{"type": "Site"')


def test_what_is_said_the_other_way_round_is_found() -> None:
    index = KeyIndex(TEXT, BASE)
    assert at(TEXT, index, iri("whole"), iri("part"), iri("a")).startswith('{"id": "whole"')
    assert at(TEXT, index, iri("whole")).startswith('"id": "whole"')


def test_columns_count_characters() -> None:
    line = TEXT.split("\n")[15]
    assert KeyIndex(TEXT, BASE).find(iri("a"), iri("level")) == Position(16, line.index("5,") + 1)


def test_a_part_without_a_place_is_shown_at_its_entity() -> None:
    index = KeyIndex(TEXT, BASE)
    assert at(TEXT, index, GENID["x"], iri("p"), None, iri("d")).startswith('"@id": "d"')
    assert index.find(GENID["x"], None, None, iri("nobody")) is None


def test_line_ends_of_windows_count_once() -> None:
    index = KeyIndex(TEXT.replace("\n", "\r\n"), BASE)
    assert index.find(iri("a"), iri("note")) == KeyIndex(TEXT, BASE).find(iri("a"), iri("note"))


FORMS: list[Any] = [
    {"@id": "s", "p": [1, 1.0, 1.5, 1e3, -0.0, 123456789012345678901234567890, 5.0e-7, True, None]},
    {"@id": "s", "p": [{"@value": 1, "@type": XSD["double"].value}, {"@value": "a", "@language": "EN"}]},
    {"@id": "s", "p": {"@value": {"b": [1.0], "a": "x"}, "@type": "@json"}},
    {"@id": "s", "p": {"@set": [1, [2]]}, "q": {"@list": [1, {"@id": "k"}, {"p": 1}]}, "r": {"@list": []}},
    {"@context": {"p": "http://p"}, "@id": "s", "p:x": 1},
    {"@context": {"x": {"@id": "http://x/"}}, "@id": "x:a", "x:b": {"@id": "x:c"}},
    {"@context": {"x": {"@id": "http://x", "@prefix": True}}, "@id": "x:a", "x:b": "y"},
    {"@context": {"@vocab": "#"}, "@id": "", "k": 1, "@type": ["T", "http://u"]},
    {"@context": {"@base": "z/", "@language": "de"}, "@id": "s", "p": ["x", {"@value": "y"}]},
    {"@context": {"k": {"@id": "p", "@language": None}, "@language": "de"}, "@id": "s", "k": "x"},
    {
        "@context": {"k": {"@id": "p", "@container": "@language"}},
        "k": {"en": ["a"], "@none": "c", "de": None},
    },
    {"@context": {"k": {"@id": "p", "@container": "@index"}}, "k": {"one": ["a", "b"], "two": {"q": 1}}},
    {"@context": {"k": {"@id": "p", "@container": "@id"}}, "k": {"http://u": {"q": 1}, "_:b": {"q": 2}}},
    {"@context": {"k": {"@id": "p", "@container": "@type"}}, "k": {"http://T": {"q": 1}}},
    {"@context": {"k": {"@reverse": "p"}}, "@id": "s", "k": [{"@id": "u"}, {"q": 1}]},
    {"@id": "s", "@reverse": {"p": {"@id": "u", "q": 1}}},
    {"@id": "s", "@included": [{"@id": "u", "p": 1}], "q": {"@id": "u"}},
    {"@context": {"n": "@nest", "i": "@id"}, "n": {"p": 1, "i": "s"}},
    {"@context": {"k": {"@id": "p", "@context": {"l": "q"}}}, "@id": "s", "k": {"l": 1}, "l": 2},
    {"@context": {"T": {"@id": "http://T", "@context": {"l": "q"}}}, "@type": "T", "l": {"l": 2, "r": 3}},
    {"@context": {"k": {"@id": "p", "@type": "@vocab"}, "w": "http://w"}, "@id": "s", "k": ["w", "x", 5]},
    {"@context": {"t4": "http://t/", "t3": "t4:x", "t2": "t3", "t1": "t2"}, "t1": 1, "t4:y": 2},
    {"@context": [{"k": "p"}, None, {"l": "http://q"}], "@id": "s", "k": "dropped", "l": 1},
    {"@context": {"k": None}, "@id": "s", "k": "dropped", "p": 1, "relative": 2},
    {"@id": "not an iri", "p": {"q": 1}},
    {"@type": ["_:t", "T"], "p": {"@id": "_:t", "q": 1}},
    {"p": {"p": [{"p": 1}, {"p": {"@id": "_:x"}}]}, "q": {"@id": "_:x", "q": 3}},
]
NAMES = {"p": f"{E}p", "q": f"{E}q", "r": f"{E}r"}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_each_triple_of_the_parser_has_a_place(form: dict[str, Any]) -> None:
    text = json.dumps({"@context": NAMES, "@included": form}, indent=1)
    document = parsed(text)
    index = KeyIndex(text, BASE)
    lines = text.split("\n")
    first = lines.index(' "@included": {') + 1
    for triple in document.triples:
        unheard = NamedNode("http://unheard.of")
        assert index.find(triple.subject, unheard) is not None, triple  # type: ignore[arg-type]
        assert index.find(unheard, None, triple.object) is not None, triple
        found = index.find(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
        assert found is not None, triple
        assert found.line >= first
        assert lines[found.line - 1][found.column - 1] not in " ,:]}"


@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4), st.sampled_from([None, 0, 3]))
@settings(max_examples=60)
def test_whatever_is_read_can_be_placed(forms: list[Any], indent: int | None) -> None:
    text = json.dumps({"@context": NAMES, "@graph": forms}, indent=indent)
    try:
        document = parsed(text)
    except InputError:
        return
    index = KeyIndex(text, BASE)
    assert all(index.find(t.subject, t.predicate, t.object) for t in document.triples)  # type: ignore[arg-type]


HOSTILE = {
    **{name: (data, kind) for name, (data, kind, _) in REFUSED.items()},
    **{name: (data, "text/turtle") for name, (data, _) in FOUND.items()},
    **{name: make() for name, make in SURVIVED.items()},
}
ODD = {
    "names in escapes": b'{"\\u0040id": "http:\\/\\/a", "http://\\u0070": "\\ud83d\\ude00"}',
    "lists in lists": b'{"@id": "http://a", "http://p": ' + b"[" * 150 + b"1" + b"]" * 150 + b"}",
    "objects in objects": b'{"http://p":' * 150 + b"1" + b"}" * 150,
    "huge exponents": b'{"@id": "http://a", "http://p": [1e400, -1E-999999999, 1e99999999999999999999]}',
    "a context of odd things": b'{"@context": {"@version": 1.1, "a": {"@id": "http://p", "@index": "x"}}, "a": 1}',
    "an empty key": b'{"": 1, "@id": "http://a", "http://p": 1}',
    "control characters": b'{"@id": "http://a", "http://p": "\\u0000\\u2028"}\r\n',
    "a byte order mark": b'\xef\xbb\xbf{"@id": "http://a", "http://p": 1}',
}


@pytest.mark.parametrize("name", [*ODD, *HOSTILE])
def test_no_document_that_is_read_breaks_the_index(name: str) -> None:
    data, media_type = (ODD[name], JSON) if name in ODD else HOSTILE[name]
    try:
        document = read(data, media_type, BASE, 32 * MIB)
    except InputError:
        assert name not in ODD or name == "a context of odd things"
        return
    index = places(document.text, document.media_type, document.base_iri)
    some = document.triples[:200]
    found = [index.find(t.subject, t.predicate, t.object) for t in some]  # type: ignore[arg-type]
    assert media_type != JSON or all(found)


def test_a_format_without_lines_is_named() -> None:
    with pytest.raises(Unsupported, match="text/csv"):
        places("a", "text/csv", BASE)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.text(max_size=5)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=15,
)


@given(VALUES, st.sampled_from([None, 0, 2]), st.booleans())
@settings(max_examples=150)
def test_the_scanner_reads_what_json_reads(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(scan(text)) == json.loads(text, parse_int=Number, parse_float=Number)


SHIPPED = [
    *sorted(DATA.glob("*/facilities.ttl"))[:1],
    *sorted(DATA.glob("*/policy-instruments.ttl"))[:1],
    *sorted(DATA.glob("*/events.ttl")),
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("written", ["with unnamed nodes", "as downloaded"])
def test_shipped_data_is_found_value_by_value(path: Path, written: str) -> None:
    triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    if written == "as downloaded":
        text = write_graph(skolemise(triples), JSON).decode()
    else:
        data = serialize(triples, format=RdfFormat.JSON_LD)
        assert data is not None
        text = json.dumps(json.loads(data), ensure_ascii=False, indent=2)
    document = parsed(text)
    index = places(text, JSON, BASE)
    for triple in document.triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        assert isinstance(subject, NamedNode)
        if subject.value not in GENID:
            assert at(text, index, subject).startswith(f'"@id": "{subject.value}"')
        found = at(text, index, subject, predicate, value)
        if isinstance(value, Literal):
            assert value.value in {json.loads(found.rstrip(",} ")), found.rstrip(",")}
        elif isinstance(value, NamedNode) and value.value not in GENID:
            local = value.value.replace("#", "/").rstrip("/").rsplit("/", 1)[1]
            assert found.startswith("{") or local in found
