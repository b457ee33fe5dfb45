"""Inputs made to break things: each gets an answer that says what is wrong, and the worker that got it lives.

The timeout is that of the worker: an input that hangs or kills it fails here with ``LimitExceeded``.
"""

import gzip
import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from graph.contribute.checking import Checking
from graph.errors import InputError, SyntaxProblem, TooLarge

TURTLE, JSON, XML = "text/turtle", "application/ld+json", "application/rdf+xml"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
PREFIXES = b"""@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FACILITY = b"<https://w3id.org/infrashare/id/facility/x> a infra:Facility "


def nested_json(depth: int) -> bytes:
    return b'{"http://a":' * depth + b"1" + b"}" * depth


def chain(length: int) -> bytes:
    terms = {f"t{number}": f"t{number + 1}:x" for number in range(length)}
    return json.dumps({"@context": {**terms, f"t{length}": "http://a/"}, "t0:y": 1}).encode()


LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(9))
    + f"]><rdf:RDF {RDF}><rdf:Description rdf:about='http://a'><b xmlns='http://b/'>&j;</b></rdf:Description></rdf:RDF>"
).encode()

REFUSED: dict[str, tuple[bytes, str, str]] = {
    "turtle nested deep": (b"<http://a> <http://b> " + b"[<http://b> " * 50_000, TURTLE, "nest"),
    "turtle lists nested deep": (b"<http://a> <http://b> " + b"(" * 50_000, TURTLE, "nest"),
    "brackets behind an escaped quote": (
        rb"<http://a> <http://b> e:it\'" + b"[" * 50_000 + b"'",
        TURTLE,
        "nest",
    ),
    "triple terms nested deep": (
        b"<http://a> <http://b> " + b"<<(<http://a> <http://b> " * 20_000,
        TURTLE,
        "nest",
    ),
    "a triple term": (
        b"<http://a> <http://b> <<( <http://a> <http://b> 1 )>> .",
        TURTLE,
        "statements about statements",
    ),
    "json nested deep": (nested_json(5_000), JSON, "nests"),
    "json nested very deep": (b"[" * 500_000, JSON, "nests"),
    "xml nested deep": (
        f"<rdf:RDF {RDF}>".encode() + b"<a xmlns='http://b/'>" * 50_000,
        XML,
        "nest",
    ),
    "billion laughs": (LAUGHS, XML, "document type"),
    "external entity": (
        f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><rdf:RDF {RDF}>&e;</rdf:RDF>".encode(),
        XML,
        "document type",
    ),
    "external doctype": (
        f"<!DOCTYPE x SYSTEM 'http://example.org/x.dtd'><rdf:RDF {RDF}/>".encode(),
        XML,
        "document type",
    ),
    "gzip bomb": (gzip.compress(b" " * 200_000_000, 9), TURTLE, "bytes, the limit"),
    "too large": (b" " * 40_000_000, TURTLE, "bytes, the limit"),
    "damaged gzip": (gzip.compress(b"<http://a> <http://b> 1 .")[:-9], TURTLE, "gzip stream is damaged"),
    "remote context": (
        b'{"@context": "http://example.org/c", "@id": "http://a"}',
        JSON,
        "contexts are not fetched",
    ),
    "remote context in a list": (b'{"@context": [{}, "c.jsonld"], "b": 1}', JSON, "contexts are not fetched"),
    "remote context of a term": (
        b'{"@context": {"b": {"@id": "http://b", "@context": "file:///c"}}, "b": {"b": 1}}',
        JSON,
        "contexts are not fetched",
    ),
    "imported context": (
        b'{"@context": {"@import": "http://example.org/c"}, "b": 1}',
        JSON,
        "contexts are not fetched",
    ),
    "named graph": (
        b'{"@id": "http://g", "@graph": [{"@id": "http://a", "http://b": 1}]}',
        JSON,
        "named graphs",
    ),
    "named graph inside": (
        b'[{"http://x": {"@id": "http://g", "@graph": {"@id": "http://a", "http://b": 1}}}]',
        JSON,
        "named graphs",
    ),
    "trig": (b"<http://g> { <http://a> <http://b> 1 }", TURTLE, "line 1"),
    "json-ld without a context": (b'{"title": "Chamber"}', JSON, "0 triples"),
    "a number that is no number": (b'{"http://b": NaN, "@id": "http://a"}', JSON, "Unexpected char"),
    "huge literal": (b'<http://a> <http://b> "' + b"x" * 20_000_000 + b'" .', TURTLE, "characters"),
    "utf-16": ("<http://a> <http://b> 1 .".encode("utf-16"), TURTLE, "UTF-16"),
    "utf-16 without a mark": ("<http://a> <http://b> 1 .".encode("utf-16-le"), TURTLE, "UTF-16"),
    "latin-1": (
        "<http://a>\n <http://b> 'é' .".encode("latin-1"),
        TURTLE,
        "line 2, column 14: byte 0xe9 is not UTF-8",
    ),
    "nul": (b"<http://a> <http://b> <http://\0> .", TURTLE, "line 1"),
    "empty": (b"", TURTLE, "empty"),
    "blank": (b" \n\t ", JSON, "empty"),
    "only comments": (b"# nothing\n# here\n", TURTLE, "0 triples"),
    "only prefixes": (b"@prefix e: <http://e/> .", TURTLE, "0 triples"),
    "html": (b"\n<!DOCTYPE html><html></html>", TURTLE, "HTML page"),
    "html sent as xml": (b"<html><body/></html>", XML, "HTML page"),
    "alike nodes in a circle": (
        b"".join(b"_:n%d <http://p> _:n%d .\n" % (n, (n + 1) % 3_000) for n in range(3_000)),
        TURTLE,
        "cannot be told apart",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_reason(checking: Checking, name: str) -> None:
    data, media_type, reason = REFUSED[name]
    with pytest.raises(InputError, match=reason) as caught:
        checking.check(data, media_type)
    assert isinstance(caught.value, SyntaxProblem | TooLarge | InputError)
    assert len(caught.value.detail) < 2_000
    assert checking.check(b"<http://a> <http://b> 1 .", TURTLE).ntriples


FOUND: dict[str, tuple[bytes, str]] = {
    "relative iri": (PREFIXES + FACILITY + b"; dct:source <page> .", "graph-iri-relative"),
    "javascript iri": (PREFIXES + FACILITY + b"; dct:source <javascript:alert(1)> .", "graph-iri-scheme"),
    "file iri": (PREFIXES + FACILITY + b"; dct:source <file:///etc/passwd> .", "graph-iri-scheme"),
    "look-alike namespace": (
        PREFIXES + FACILITY + b"; <https://purl.org/dc/terms/title> 'x' .",
        "graph-namespace-look-alike",
    ),
    "look-alike ontology": (
        b"<https://w3id.org/infrashare/id/facility/x> a <http://w3id.org/infrashare/ontology#Facility> .",
        "graph-namespace-look-alike",
    ),
    "huge decimal": (
        PREFIXES + FACILITY + b'; infra:trlMin "1e999999999"^^xsd:decimal .',
        "facility-trl-min-valid",
    ),
    "huge integer": (
        PREFIXES + FACILITY + b"; infra:trlMin " + b"9" * 100_000 + b" .",
        "facility-trl-min-valid",
    ),
    "date that is none": (
        PREFIXES + FACILITY + b'; dct:modified "9" * 9 .'.replace(b" * 9", b"^^xsd:date"),
        "graph-date-valid",
    ),
    "huge year": (
        PREFIXES + FACILITY + b'; dct:modified "' + b"9" * 50_000 + b'-01-01"^^xsd:date .',
        "graph-date-valid",
    ),
    "code of one's own": (
        PREFIXES
        + FACILITY
        + b"; infra:capability <https://w3id.org/infrashare/codelist/capability/mine> ."
        + b"<https://w3id.org/infrashare/codelist/capability/mine> <http://www.w3.org/2004/02/skos/core#inScheme>"
        + b" <https://w3id.org/infrashare/codelist/capability> .",
        "facility-capability-known",
    ),
    "text in a pattern's way": (
        PREFIXES + FACILITY + b'; <https://schema.org/email> "' + b"a." * 200_000 + b'" .',
        "facility-email-valid",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_it_is_found_by_its_rule(checking: Checking, name: str) -> None:
    data, code = FOUND[name]
    report = checking.check(data, TURTLE).report
    assert code in report.by_code
    assert not report.conforms


CIRCLE = b"_:a infra:hasSite _:b . _:b infra:hasSite _:a , <javascript:x> ; infra:nothing 1 ."

SURVIVED: dict[str, Callable[[], tuple[bytes, str]]] = {
    "chain of terms": lambda: (chain(1_999), JSON),
    "very long chain of terms": lambda: (chain(20_000), JSON),
    "thousands of brackets in a text": lambda: (b'<http://a> <http://b> "' + b"[(" * 50_000 + b'" .', TURTLE),
    "nodes that are parts of each other": lambda: (PREFIXES + CIRCLE, TURTLE),
    "a list of thousands": lambda: (b"<http://a> <http://b> (" + b"1 " * 20_000 + b") .", TURTLE),
    "a wide node": lambda: (
        b"<http://a> <http://b> " + b",".join(b"[]" for _ in range(5_000)) + b" .",
        TURTLE,
    ),
    "many errors": lambda: (b"<http://a> .\n" * 100_000, TURTLE),
    "binary": lambda: (bytes(range(256)) * 1_000, TURTLE),
    "xml instead of turtle": lambda: (b"<?xml version='1.0'?><rdf:RDF/>", TURTLE),
    "json integer of thousands of digits": lambda: (
        b'{"@id": "http://a", "http://b": ' + b"9" * 10_000 + b"}",
        JSON,
    ),
    "json surrogates": lambda: (b'{"@id": "http://a", "http://b": "\\ud800"}', JSON),
    "quotes without end": lambda: (b'"' * 1_000_000, TURTLE),
    "a comment of megabytes": lambda: (b"#" + b"#" * 10_000_000, TURTLE),
}


@pytest.mark.parametrize("name", SURVIVED)
def test_the_worker_answers(checking: Checking, name: str) -> None:
    data, media_type = SURVIVED[name]()
    with suppress(InputError):
        checking.check(data, media_type)
    assert checking.check(b"<http://a> <http://b> 1 .", TURTLE).ntriples
