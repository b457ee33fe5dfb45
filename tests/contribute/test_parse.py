"""Bytes to triples: the same content in each format, and errors with their places."""

import gzip

import pytest
from pyoxigraph import NamedNode, RdfFormat, serialize

from graph.contribute.reading.parse import (
    MAX_SYNTAX_ERRORS,
    canonical_ntriples,
    from_ntriples,
    media_type_of,
    read,
    unpack,
)
from graph.errors import GraphError, SyntaxProblem, TooLarge, Unsupported
from graph.resources import DATA, turtle_files

BASE = "https://w3id.org/infrashare/relative/"
LIMIT = 10_000_000
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
SHIPPED = DATA / "tartu-city" / "facilities.ttl"


@pytest.mark.parametrize("media_type", FORMATS)
def test_all_formats_give_the_same_contribution(media_type: str) -> None:
    turtle = read(SHIPPED.read_bytes(), "text/turtle", BASE, LIMIT)
    from pyoxigraph import parse

    raw = [quad.triple for quad in parse(path=str(SHIPPED), format=RdfFormat.TURTLE)]
    written = serialize(reversed(raw), format=FORMATS[media_type])
    assert written is not None
    other = read(written, media_type, BASE, LIMIT)
    assert set(other.triples) == set(turtle.triples)
    assert canonical_ntriples(other.triples) == canonical_ntriples(turtle.triples)


@pytest.mark.parametrize("path", turtle_files(DATA), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_canonical_form_reads_back_and_is_its_own_canonical_form(path: object) -> None:
    parsed = read(path.read_bytes(), "text/turtle", BASE, LIMIT)  # type: ignore[attr-defined]
    canonical = canonical_ntriples(parsed.triples)
    assert set(from_ntriples(canonical)) == set(parsed.triples)
    assert canonical_ntriples(reversed(from_ntriples(canonical))) == canonical
    assert canonical.decode().splitlines() == sorted(
        {f"{t.subject} {t.predicate} {t.object} ." for t in parsed.triples}
    )


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf<http://a> <http://b> 1 .",
        b"<http://a> <http://b>\r\n 1 .\r\n",
        gzip.compress(b"<http://a> <http://b> 1 ."),
        b"PREFIX : <http://>\n:a :b 1 ; .",
    ],
    ids=["byte-order-mark", "crlf", "gzip", "prefix"],
)
def test_ways_to_write_the_same(data: bytes) -> None:
    parsed = read(data, "text/turtle; charset=utf-8", BASE, LIMIT)
    assert [str(t) for t in parsed.triples] == [
        '<http://a> <http://b> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def test_all_syntax_errors_are_found_at_once_each_with_its_place() -> None:
    text = "@prefix e: <http://e/> .\ne:a e:b .\ne:a e:b e:c .\nno:a e:b 1 .\ne:a <b c> 2 .\n"
    with pytest.raises(SyntaxProblem) as caught:
        read(text.encode(), "text/turtle", BASE, LIMIT)
    assert [place.line for place in caught.value.places] == [2, 4, 5]
    assert all(place.column and place.message for place in caught.value.places)
    assert "3 errors" in caught.value.detail


def test_the_number_of_syntax_errors_is_bounded() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read(b"<http://a> <http://b> .\n" * 1_000, "text/turtle", BASE, LIMIT)
    assert len(caught.value.places) == MAX_SYNTAX_ERRORS


@pytest.mark.parametrize(
    ("data", "media_type", "line", "column"),
    [
        (b'{\n "@id": "http://a",\n "http://b": }', "application/ld+json", 3, 14),
        (b"<a>\n <b></c>\n</a>", "application/rdf+xml", 2, 7),
        (b"<http://a> <http://b> <http://c> .\n<http://a> <http://b> 1\n", "application/n-triples", 2, None),
        ("<http://a> <http://ä> 'é".encode() + b"\xff' .", "text/turtle", 1, 25),
    ],
)
def test_errors_have_line_and_column(data: bytes, media_type: str, line: int, column: int | None) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read(data, media_type, BASE, LIMIT)
    assert caught.value.places[0].line == line
    assert column is None or caught.value.places[0].column == column


@pytest.mark.parametrize("media_type", ["", "text/html", "application/trig", "application/n-quads", "a/b;c"])
def test_other_formats_are_not_taken(media_type: str) -> None:
    with pytest.raises(Unsupported, match="text/turtle"):
        read(b"<http://a> <http://b> 1 .", media_type, BASE, LIMIT)


def test_relative_iris_are_resolved_where_a_rule_finds_them() -> None:
    parsed = read(b"<a> <http://b> <c> .", "text/turtle", BASE, LIMIT)
    assert parsed.triples[0].subject == NamedNode(BASE + "a")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("x.ttl", "text/turtle"), ("X.TTL.GZ", "text/turtle"), ("x.nt", "application/n-triples")],
)
def test_a_file_name_tells_the_format(name: str, media_type: str) -> None:
    assert media_type_of(name) == media_type
    with pytest.raises(Unsupported):
        media_type_of("x.csv")


def test_limits_count_bytes_packed_and_unpacked() -> None:
    assert unpack(b"x" * 10, 10) == b"x" * 10
    with pytest.raises(TooLarge):
        unpack(b"x" * 11, 10)
    with pytest.raises(TooLarge):
        unpack(gzip.compress(b"x" * 1_000), 500)
    packed = gzip.compress(b"x" * 1_000)
    for damaged in (packed[:-5], packed[:15] + b"\0\0\0" + packed[18:], b"\x1f\x8b"):
        with pytest.raises(GraphError, match="damaged"):
            unpack(damaged, 10_000)
