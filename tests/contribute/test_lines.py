"""Places of triples in Turtle, compared with what a generator knows it wrote."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.lines import LineIndex
from graph.contribute.reading.position import Position
from graph.iris import GENID

BASE = "https://example.org/base/"
E = "http://example.org/"


@dataclass
class Writer:
    """Writes Turtle and notes where each object starts."""

    text: str = ""
    places: list[tuple[str, str, str | None, int]] = field(default_factory=list)

    def position(self, offset: int) -> Position:
        before = self.text[:offset]
        return Position(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


SPACES = st.sampled_from([" ", "\n", "\t ", "\r\n", ' # it\'s a "comment" . ; [ \n', "\n\n  "])
NAMES = st.sampled_from(["a", "b1", "a.b", "a-b", "ä", "x%41y", r"it\'s", "c:d", "1", "😀"])
LITERALS = st.sampled_from(
    [
        '"plain"',
        "'it is'",
        '"a \\"quoted\\" . text"@en',
        '"""long\n"with" quotes . and # signs\r\n"""@nl',
        "'''a'b''c'''",
        '"5.0"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"x"^^e:type',
        "5",
        "-5.25",
        "1.5e3",
        ".5",
        "+7",
        "true",
        "false",
        '"\\u00e9\\U0001F600\\t"',
        '"<not> [ an ( iri"',
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Writer:
    """Statements with prefixes, comments, long strings, nested nodes, lists and CRLF."""
    out = Writer()

    def write(text: str) -> None:
        out.text += text

    def space() -> None:
        write(draw(SPACES))

    def term() -> str:
        return f"e:{draw(NAMES)}" if draw(st.booleans()) else f"<{E}i{draw(st.integers(0, 3))}>"

    def value(depth: int) -> None:
        kind = draw(st.sampled_from(["literal", "term", "node", "list"] if depth else ["literal", "term"]))
        if kind == "literal":
            write(draw(LITERALS))
        elif kind == "term":
            write(term())
        elif kind == "node":
            write("[")
            space()
            properties("", depth - 1)
            space()
            write("]")
        else:
            write("(")
            for _ in range(draw(st.integers(0, 2))):
                space()
                value(depth - 1)
            space()
            write(")")

    def properties(subject: str, depth: int) -> None:
        for number in range(draw(st.integers(1, 3))):
            if number:
                space()
                write(";")
                space()
            predicate = draw(st.sampled_from(["a", "e:p", "e:q", f"<{E}r>"]))
            write(predicate)
            for more in range(draw(st.integers(1, 2))):
                space()
                if more:
                    write(",")
                    space()
                at = len(out.text)
                value(depth)
                written = out.text[at:]
                if subject:
                    out.places.append((subject, predicate, written, at))

    if draw(st.booleans()):
        write(draw(st.sampled_from([f"@prefix e: <{E}> .", f"PREFIX e: <{E}>"])))
    else:
        write(f"@prefix f: <{BASE}> . @base <{E}> . @prefix e: <> .")
    for _ in range(draw(st.integers(1, 4))):
        space()
        subject = term()
        write(subject)
        space()
        properties(subject, 2)
        space()
        write(".")
    if draw(st.booleans()):
        space()
    return out


def triples_of(text: str) -> list[object]:
    return skolemise([quad.triple for quad in parse(text, RdfFormat.TURTLE, base_iri=BASE)])


@given(documents())
@settings(max_examples=300)
def test_each_value_is_found_where_it_was_written(document: Writer) -> None:
    index = LineIndex(document.text, BASE)
    first: dict[object, Position] = {}
    for subject, predicate, value, at in document.places:
        head = f"@prefix e: <{E}> . "
        parsed = [
            t
            for t in triples_of(f"{head} {subject} {predicate} {value} .")
            if t.predicate.value[:4] == "http"
        ]  # type: ignore[attr-defined]
        triple = next(t for t in parsed if t.subject == _named(subject))  # type: ignore[attr-defined]
        if not isinstance(triple.object, NamedNode) or triple.object.value not in GENID:  # type: ignore[attr-defined]
            first.setdefault(triple, document.position(at))
    for triple, position in first.items():
        assert index.find(triple.subject, triple.predicate, triple.object) == position  # type: ignore[attr-defined]


def _named(subject: str) -> NamedNode:
    parsed = parse(f"@prefix e: <{E}> . {subject} a e:x .", RdfFormat.TURTLE)
    return next(iter(parsed)).subject  # type: ignore[return-value]


@given(documents())
@settings(max_examples=300)
def test_every_triple_of_the_parser_has_a_place_of_its_own(document: Writer) -> None:
    index = LineIndex(document.text, BASE)
    triples = triples_of(document.text)
    owner = {t.object: t.subject for t in triples}  # type: ignore[attr-defined]
    lines = document.text.split("\n")
    for triple in triples:
        entity = triple.subject  # type: ignore[attr-defined]
        while entity.value in GENID:
            entity = owner[entity]
        found = index.find(triple.subject, triple.predicate, triple.object, entity)  # type: ignore[attr-defined]
        assert found is not None, triple
        assert index.find(triple.subject, None, None, entity) is not None  # type: ignore[attr-defined]
        assert lines[found.line - 1][found.column - 1 : found.column].strip() != ""


TEXT = """@prefix e: <http://example.org/> .
e:a e:p 5.
e:b e:p [ e:q "x" ] ,
  e:c ; a e:T .
_:n e:p e:shared .
e:d e:p _:n .
"""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "place"),
    [
        ("a", "p", None, (2, 9)),
        ("b", "p", "c", (4, 3)),
        ("b", None, None, (3, 1)),
        ("b", "p", "nowhere", (3, 9)),
        ("b", "nothing", None, (3, 1)),
        ("b", None, "c", (4, 3)),
        ("d", "p", None, (6, 9)),
        ("nobody", "p", None, None),
    ],
)
def test_what_is_not_there_is_shown_at_the_nearest_place(
    subject: str, predicate: str | None, value: str | None, place: tuple[int, int] | None
) -> None:
    def node(name: str | None) -> NamedNode | None:
        return NamedNode(E + name) if name else None

    found = LineIndex(TEXT, BASE).find(NamedNode(E + subject), node(predicate), node(value))
    assert found == (Position(*place) if place else None)


def test_nodes_shared_between_statements_are_found() -> None:
    index = LineIndex(TEXT, BASE)
    shared = next(t for t in triples_of(TEXT) if str(t.object).endswith("shared>"))  # type: ignore[attr-defined]
    assert index.find(shared.subject, shared.predicate, shared.object) == Position(5, 9)  # type: ignore[attr-defined]


def test_prefixes_may_change_their_meaning_on_the_way() -> None:
    text = "@prefix e: <http://one/> . e:a e:p 1 .\n@prefix e: <http://two/> .\ne:a e:p 2 ."
    index = LineIndex(text, BASE)
    assert index.find(NamedNode("http://one/a"), NamedNode("http://one/p")) == Position(1, 36)
    assert index.find(NamedNode("http://two/a"), NamedNode("http://two/p")) == Position(3, 9)


def test_columns_count_characters_not_bytes() -> None:
    text = '<http://a> <http://p> "äöü😀"@de , "x" .'
    from pyoxigraph import Literal

    found = LineIndex(text, BASE).find(NamedNode("http://a"), NamedNode("http://p"), Literal("x"))
    assert found == Position(1, text.index('"x"') + 1)
