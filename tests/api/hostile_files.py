"""Files and requests made to break things, each with the answer that it gets.

``code`` is the kind of problem and, behind a stroke, the codes of all its errors (``not-own/graph-system-subject``);
for what is taken it is empty. ``trap.test`` stands for a place of the test's own, which nothing may ever ask.
"""

import gzip
import json
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

PARTNER: Final = "hostile-institute"
PATH: Final = f"/contributions/{PARTNER}/hostile"
TURTLE: Final = "text/turtle"
NTRIPLES: Final = "application/n-triples"
JSON: Final = "application/ld+json"
XML: Final = "application/rdf+xml"

Headers = Mapping[str, str]
Data = bytes | Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """A file, how it is sent, and the status and code of the answer."""

    name: str
    data: Data
    status: int
    code: str
    headers: Headers
    path: str = ""

    def body(self, trap: str) -> bytes:
        made = self.data if isinstance(self.data, bytes) else self.data()
        return made.replace(b"trap.test", trap.encode())


ID: Final = "https://w3id.org/infrashare/id/"
MINE: Final = f"{ID}organisation/hostile-institute"
IMEC: Final = f"{ID}organisation/imec"
ORGANISATION: Final = "http://www.w3.org/ns/org#Organization"
LABEL: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"
SOURCE: Final = "http://purl.org/dc/terms/source"

PREFIXES: Final = """\
@prefix infra: <https://w3id.org/infrashare/ontology#> .
@prefix shapes: <https://w3id.org/infrashare/shapes#> .
@prefix facility: <https://w3id.org/infrashare/id/facility/> .
@prefix equipment: <https://w3id.org/infrashare/id/equipment/> .
@prefix organisation: <https://w3id.org/infrashare/id/organisation/> .
@prefix code: <https://w3id.org/infrashare/codelist/> .
@prefix cap: <https://w3id.org/infrashare/codelist/capability/> .
@prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix nace: <http://data.europa.eu/ux2/nace2/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix schema: <https://schema.org/> .
"""
GOOD: Final = f"""{PREFIXES}
organisation:hostile-institute a org:Organization ;
  skos:prefLabel "Hostile Institute"@en ;
  dct:source <https://example.org/> .
"""
FACILITY: Final = f"""{GOOD}
facility:hostile-chamber a infra:Facility ;
  dct:identifier "hostile-chamber" ;
  dct:title "Hostile chamber"@en ;
  dct:description "Chamber for tests."@en ;
  infra:facilityKind <https://w3id.org/infrashare/codelist/facility-kind/test-laboratory> ;
  infra:operatedBy organisation:hostile-institute ;
  infra:inRegion nuts:BE225 ;
  infra:capability cap:climatic-testing ;
  dct:source <https://example.org/> .
"""
TAKEN: Final = ""
FOREIGN: Final = "not-own/contribution-entity-foreign"
VOCABULARY: Final = "not-own/graph-vocabulary-foreign"
SYSTEM: Final = "not-own/graph-system-subject"
SYNTAX: Final = "syntax-error/syntax"
NESTING: Final = "syntax-error/nesting"
DOCTYPE: Final = "syntax-error/doctype"
ENCODING: Final = "syntax-error/encoding"
EMPTY: Final = "syntax-error/empty"
DAMAGED: Final = "syntax-error/gzip"
TOO_LONG: Final = "syntax-error/literal-too-long"
TOO_LARGE: Final = "too-large/too-large"
INVALID: Final = "invalid-input/invalid-input"
UNSUPPORTED: Final = "unsupported-media-type/unsupported-media-type"


def rule(*codes: str) -> str:
    """What a file gets that breaks rules."""
    return f"does-not-conform/{' '.join(codes)}"


def sent(name: str, data: Data | str, status: int, code: str, kind: str = TURTLE, **headers: str) -> Case:
    """A file; further headers with ``_`` for ``-``."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Case(
        name,
        data.encode() if isinstance(data, str) else data,
        status,
        code,
        {"Content-Type": kind, **named},
    )


def more(name: str, text: str, status: int, code: str) -> Case:
    """A good file with something more in it."""
    return sent(name, f"{GOOD}\n{text}\n", status, code)


def mine(name: str, statement: str, status: int, code: str) -> Case:
    """A good file with one more statement about the partner's own organisation."""
    return more(name, f"organisation:hostile-institute {statement} .", status, code)


def facility(name: str, statement: str, status: int, code: str) -> Case:
    """A good file with one more statement about the partner's own facility."""
    return sent(name, f"{FACILITY}\nfacility:hostile-chamber {statement} .\n", status, code)


def rdf_xml(inner: str = "", before: str = "", attributes: str = "") -> bytes:
    return (
        f"{before}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns:org='http://www.w3.org/ns/org#' xmlns:skos='http://www.w3.org/2004/02/skos/core#' "
        f"xmlns:dct='http://purl.org/dc/terms/' {attributes}>"
        f"<org:Organization rdf:about='{MINE}'><skos:prefLabel xml:lang='en'>Hostile Institute</skos:prefLabel>"
        f"<dct:source rdf:resource='https://example.org/'/>{inner}</org:Organization></rdf:RDF>"
    ).encode()


def declaring(*declared: str) -> bytes:
    """RDF/XML with a document type that declares something."""
    return rdf_xml("<dct:title>&z;</dct:title>", f"<!DOCTYPE x [{''.join(declared)}]>")


def laughs() -> Iterator[str]:
    yield "<!ENTITY a 'ha'>"
    for number in range(25):
        yield f"<!ENTITY {chr(98 + number)} '{f'&{chr(97 + number)};' * 10}'>"


def json_ld(context: object = None, members: Mapping[str, Any] | None = None) -> bytes:
    document: dict[str, Any] = {
        "@id": MINE,
        "@type": ORGANISATION,
        LABEL: {"@value": "Hostile Institute", "@language": "en"},
        SOURCE: {"@id": "https://example.org/"},
        **(members or {}),
    }
    return json.dumps(document if context is None else {"@context": context, **document}).encode()


def members(number: int, content: bytes = b"") -> bytes:
    """Gzip of many members."""
    return gzip.compress(content, mtime=0) * number


def with_file_name(length: int) -> bytes:
    """Gzip whose header holds a file name of that length."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = packer.compress(GOOD.encode()) + packer.flush()
    head = b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"x" * length + b"\0"
    return head + body + struct.pack("<II", zlib.crc32(GOOD.encode()), len(GOOD.encode()))


def described(text: str) -> bytes:
    """A good file with a description."""
    return f'{GOOD}organisation:hostile-institute dct:description """{text}""" .'.encode()


def circle(length: int) -> str:
    return "".join(f"_:n{n} skos:related _:n{(n + 1) % length} .\n" for n in range(length))


def clique(size: int) -> str:
    return "".join(f"_:n{a} skos:related _:n{b} .\n" for a in range(size) for b in range(size) if a != b)


def chain(length: int) -> str:
    return "".join(f"_:n{n} dct:hasPart _:n{n + 1} .\n" for n in range(length))


START: Final = b"<http://a> <http://b> "
NESTED: Final = (
    sent("brackets nested deep", START + b"[<http://b> " * 50_000, 400, NESTING),
    sent("lists nested deep", START + b"(" * 50_000, 400, NESTING),
    sent("brackets behind an escape", START + rb"e:it\'" + b"[" * 50_000 + b"'", 400, NESTING),
    sent("brackets behind a broken address", b'<http://a "' + b"[" * 50_000 + b'" .', 400, SYNTAX),
    sent("brackets behind a quote without end", b'"\n' + b"[" * 50_000, 400, NESTING),
    sent("triple terms nested deep", START + b"<<(<http://a> <http://b> " * 20_000, 400, NESTING),
    sent("reified triples nested deep", START + b"<<<http://a> <http://b> " * 20_000, 400, SYNTAX),
    sent("annotations nested deep", START + b"1 " + b"{| <http://b> 1 " * 20_000, 400, SYNTAX),
    sent("triple terms in n-triples", START + b"<<(<http://a> <http://b> " * 20_000, 400, NESTING, NTRIPLES),
    mine("a triple term", "rdf:reifies <<( <http://a> <http://b> 1 )>>", 400, "syntax-error/triple-term"),
    mine("an annotation", "dct:title 'x'@en {| dct:source <http://a> |}", 400, "syntax-error/triple-term"),
    sent("objects nested deep", b'{"http://a":' * 5_000 + b"1" + b"}" * 5_000, 400, NESTING, JSON),
    sent("arrays nested very deep", b"[" * 500_000, 400, NESTING, JSON),
    sent(
        "contexts nested deep",
        b'{"@context":' + b'{"t": {"@id": "http://t", "@context":' * 300 + b"{}" + b"}}" * 300 + b"}",
        400,
        NESTING,
        JSON,
    ),
    sent(
        "a chain of thousands of terms",
        json_ld({f"t{n}": f"t{n + 1}:x" for n in range(20_000)}),
        400,
        INVALID,
        JSON,
    ),
    sent(
        "a chain of terms hidden by saying it twice",
        b'{"http://x": '
        + json_ld({f"t{n}": f"t{n + 1}:x" for n in range(20_000)}, {"t0:y": 1})
        + b', "http://x": 1}',
        400,
        "syntax-error/duplicate-key",
        JSON,
    ),
    sent("elements nested deep", rdf_xml("<dct:title>" * 50_000), 400, NESTING, XML),
)

ENTITIES: Final = (
    sent("billion laughs", declaring(*laughs()), 400, DOCTYPE, XML),
    sent(
        "quadratic blow-up",
        declaring("<!ENTITY a '", "x" * 100_000, "'>", "<!ENTITY z '", "&a;" * 50_000, "'>"),
        400,
        DOCTYPE,
        XML,
    ),
    sent("parameter entity", declaring("<!ENTITY % a '<!ENTITY z \"x\">'> %a;"), 400, DOCTYPE, XML),
    sent(
        "parameter entity of the web",
        declaring("<!ENTITY % a SYSTEM 'http://trap.test/a'> %a;"),
        400,
        DOCTYPE,
        XML,
    ),
    sent("entity of the disk", declaring("<!ENTITY z SYSTEM 'file:///etc/passwd'>"), 400, DOCTYPE, XML),
    sent("entity of the web", declaring("<!ENTITY z SYSTEM 'http://trap.test/z'>"), 400, DOCTYPE, XML),
    sent("attribute list", declaring("<!ATTLIST x y CDATA 'z'>"), 400, DOCTYPE, XML),
    sent(
        "document type of the web",
        rdf_xml("", "<!DOCTYPE rdf:RDF SYSTEM 'http://trap.test/x'>"),
        400,
        DOCTYPE,
        XML,
    ),
    sent(
        "public document type",
        rdf_xml("", "<!DOCTYPE rdf:RDF PUBLIC '-//x' 'http://trap.test/x'>"),
        400,
        DOCTYPE,
        XML,
    ),
    sent("entity without a declaration", rdf_xml("<dct:title>&nbsp;</dct:title>"), 400, SYNTAX, XML),
    sent(
        "stylesheet",
        rdf_xml("", "<?xml-stylesheet href='http://trap.test/x.xsl' type='text/xsl'?>"),
        201,
        TAKEN,
        XML,
    ),
    sent(
        "xinclude",
        rdf_xml("<xi:include href='http://trap.test/x'/>", "", "xmlns:xi='http://www.w3.org/2001/XInclude'"),
        400,
        SYNTAX,
        XML,
    ),
    sent(
        "another's by the base of xml",
        rdf_xml(f"<dct:relation><org:Organization xml:base='{IMEC}' rdf:about=''/></dct:relation>"),
        403,
        FOREIGN,
        XML,
    ),
    sent(
        "another's part by rdf:ID",
        rdf_xml(f"<dct:relation><org:Site xml:base='{IMEC}' rdf:ID='site'/></dct:relation>"),
        403,
        FOREIGN,
        XML,
    ),
    sent(
        "declared as latin-1", rdf_xml("", "<?xml version='1.0' encoding='ISO-8859-1'?>"), 400, ENCODING, XML
    ),
    sent("declared as utf-7", rdf_xml("", "<?xml version='1.0' encoding='UTF-7'?>"), 400, ENCODING, XML),
    sent("a control character by number", rdf_xml("<dct:title>&#1;</dct:title>"), 400, SYNTAX, XML),
)

PACKED: Final = gzip.compress(GOOD.encode(), mtime=0)


def packed(name: str, data: Data, status: int, code: str, coding: str = "gzip") -> Case:
    return sent(name, data, status, code, Content_Encoding=coding)


PACKINGS: Final = (
    packed("gzip bomb", lambda: gzip.compress(b" " * 100_000_000, 1), 413, TOO_LARGE),
    sent("gzip bomb that does not say so", lambda: gzip.compress(b" " * 40_000_000, 1), 413, TOO_LARGE),
    packed("a bomb of members", lambda: members(60, b" " * 1_000_000), 413, TOO_LARGE),
    packed("a million empty members", lambda: members(1_000_000) + PACKED, 400, DAMAGED),
    packed("gzip in gzip", gzip.compress(PACKED), 400, ENCODING),
    packed("gzip in gzip, and again", gzip.compress(gzip.compress(PACKED)), 400, ENCODING),
    packed(
        "two members", gzip.compress(GOOD[:400].encode()) + gzip.compress(GOOD[400:].encode()), 201, TAKEN
    ),
    packed("blanks of a tape", PACKED + bytes(5_000), 201, TAKEN),
    packed("a file name of megabytes", lambda: with_file_name(20_000_000), 201, TAKEN),
    packed("something behind gzip", PACKED + b"garbage", 400, DAMAGED),
    packed("gzip that is cut off", PACKED[:-9], 400, DAMAGED),
    packed("a wrong checksum", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], 400, DAMAGED),
    packed("a wrong length", PACKED[:-4] + b"\0\0\0\0", 400, DAMAGED),
    packed("only the head of gzip", PACKED[:10], 400, DAMAGED),
    packed("a method of nobody", b"\x1f\x8b\x09" + PACKED[3:], 400, DAMAGED),
    packed("an empty packing", gzip.compress(b""), 400, EMPTY),
    sent("gzip that does not say so", PACKED, 201, TAKEN),
    packed("what only says that it is gzip", GOOD.encode(), 400, INVALID),
    packed("gzip said twice", gzip.compress(PACKED), 415, UNSUPPORTED, "gzip, gzip"),
    packed("deflate", zlib.compress(GOOD.encode()), 415, UNSUPPORTED, "deflate"),
    packed("brotli", GOOD.encode(), 415, UNSUPPORTED, "br"),
    packed("a packing of nobody", GOOD.encode(), 415, UNSUPPORTED, "x" * 5_000),
    sent("too large", lambda: b" " * 40_000_000, 413, TOO_LARGE),
)

REMOTE: Final = "http://trap.test/c"
CONTEXTS: Final = (
    *(
        sent(name, json_ld(context), 400, INVALID, JSON)
        for name, context in (
            ("remote context", REMOTE),
            ("remote context in a list", [{}, REMOTE]),
            ("remote context of a term", {"t": {"@id": "http://t", "@context": REMOTE}}),
            ("remote context of a kind", {"Org": {"@id": ORGANISATION, "@context": [REMOTE]}}),
            ("remote context that is propagated", [{"@propagate": False}, REMOTE]),
            ("remote context by a relative address", "c.jsonld"),
            ("context of the disk", "file:///etc/passwd"),
            ("imported context", {"@import": REMOTE}),
            ("imported context of a term", {"t": {"@id": "http://t", "@context": {"@import": REMOTE}}}),
        )
    ),
    sent(
        "remote context inside",
        json_ld(None, {SOURCE: {"@context": REMOTE, "@id": "http://a"}}),
        400,
        INVALID,
        JSON,
    ),
    sent(
        "remote context said twice",
        json_ld(REMOTE)[:-1] + b', "@context": {}}',
        400,
        "syntax-error/duplicate-key",
        JSON,
    ),
    sent("a named graph", json.dumps({"@id": "http://g", "@graph": []}).encode(), 400, INVALID, JSON),
    sent(
        "a named graph inside",
        json_ld(None, {SOURCE: {"@id": "http://g", "@graph": {"@id": MINE, "http://b": 1}}}),
        400,
        INVALID,
        JSON,
    ),
    sent(
        "a named graph by other names",
        json.dumps(
            {"@context": {"i": "@id", "g": "@graph"}, "i": "http://g", "g": json.loads(json_ld())}
        ).encode(),
        400,
        SYNTAX,
        JSON,
    ),
    sent(
        "graphs by container",
        json_ld({"t": {"@id": "http://t", "@container": "@graph"}}, {"t": {"@id": MINE, "http://b": 1}}),
        400,
        SYNTAX,
        JSON,
    ),
    sent("another's by the base of the context", json_ld({"@base": IMEC}, {"@id": ""}), 403, FOREIGN, JSON),
    sent("another's by reversal", json_ld(None, {"@reverse": {SOURCE: {"@id": IMEC}}}), 403, FOREIGN, JSON),
    sent(
        "another's by an included block",
        json_ld(None, {"@included": {"@id": IMEC, SOURCE: {"@id": "https://example.org/"}}}),
        403,
        FOREIGN,
        JSON,
    ),
    sent(
        "another's by a prefix",
        json_ld(
            {"im": {"@id": f"{ID}organisation/im", "@prefix": True}},
            {"@included": {"@id": "im:ec", SOURCE: {"@id": "https://example.org/"}}},
        ),
        403,
        FOREIGN,
        JSON,
    ),
    sent(
        "a number beyond all bounds",
        json_ld(None, {"http://b": 0}).replace(b": 0", b": 1e999999999"),
        201,
        TAKEN,
        JSON,
    ),
    sent(
        "a number that is none", json_ld(None, {"http://b": 0}).replace(b": 0", b": NaN"), 400, SYNTAX, JSON
    ),
    sent("half of a pair of surrogates", json_ld().replace(b"Hostile", b"\\ud800"), 400, SYNTAX, JSON),
    sent("json without a context", b'{"title": "Chamber"}', 400, EMPTY, JSON),
    sent("json that stops", json_ld()[:-5], 400, SYNTAX, JSON),
    sent(
        "a list of thousands of lists",
        json_ld(None, {"http://b": {"@list": [{"@list": [1]}] * 1_000}}),
        201,
        TAKEN,
        JSON,
    ),
)

GRAPHS: Final = (
    sent("trig", f"{PREFIXES}<http://g> {{ <{MINE}> a org:Organization }}", 400, SYNTAX),
    sent("trig with a word", f"{PREFIXES}GRAPH <http://g> {{ <{MINE}> a org:Organization }}", 400, SYNTAX),
    sent("n-quads as n-triples", f"<{MINE}> <{SOURCE}> <http://a> <http://g> .", 400, SYNTAX, NTRIPLES),
    sent("trig by its name", GOOD, 415, UNSUPPORTED, "application/trig"),
    sent("n-quads by its name", GOOD, 415, UNSUPPORTED, "application/n-quads"),
    sent("notation 3 by its name", GOOD, 415, UNSUPPORTED, "text/n3"),
    sent(
        "rules of notation 3",
        f"{GOOD}{{ ?a a org:Organization }} => {{ ?a a infra:Facility }} .",
        400,
        SYNTAX,
    ),
)

MEGABYTE: Final = "x" * 1_000_000
LONG: Final = (
    sent("a text of 20 MB", lambda: described(MEGABYTE * 20), 400, TOO_LONG),
    sent("lines of 20 MB", lambda: described("x\n" * 10_000_000), 400, TOO_LONG),
    sent("a text of 20 MB in json", lambda: json_ld(None, {"http://b": MEGABYTE * 20}), 400, TOO_LONG, JSON),
    sent(
        "a text of 20 MB in xml",
        lambda: rdf_xml(f"<dct:title>{MEGABYTE * 20}</dct:title>"),
        400,
        TOO_LONG,
        XML,
    ),
    mine("a text of 2 MB", f'dct:description "{MEGABYTE * 2}"', 400, TOO_LONG),
    mine("an address of a megabyte", f"foaf:page <https://a/{MEGABYTE}>", 400, "syntax-error/iri-too-long"),
    mine("a property of a megabyte", f"<https://a/{MEGABYTE}> 1", 400, "syntax-error/iri-too-long"),
    mine(
        "a datatype of a megabyte", f'dct:title "x"^^<https://a/{MEGABYTE}>', 400, "syntax-error/iri-too-long"
    ),
    more(
        "a subject of a megabyte",
        f"<https://a/{MEGABYTE}> a foaf:Document .",
        400,
        "syntax-error/iri-too-long",
    ),
    mine(
        "a language of a megabyte",
        f'dct:title "x"@en{"-abcdefgh" * 100_000}',
        400,
        "syntax-error/language-tag-too-long",
    ),
    mine("a language that is none", f'dct:title "x"@{MEGABYTE}', 400, SYNTAX),
    more("a blank node's label of a megabyte", f"_:{MEGABYTE} a foaf:Document .", 201, TAKEN),
    facility(
        "an integer of 100,000 digits", f"infra:trlMin {'9' * 100_000}", 422, rule("facility-trl-min-valid")
    ),
    facility(
        "a decimal beyond all bounds",
        'infra:trlMin "1e999999999"^^xsd:decimal',
        422,
        rule("facility-trl-min-valid", "graph-date-valid"),
    ),
    facility("a double beyond all bounds", "infra:trlMin 1e999999999", 422, rule("facility-trl-min-valid")),
    mine(
        "a year beyond all bounds",
        f'dct:modified "{"9" * 50_000}-01-01"^^xsd:date',
        422,
        rule("graph-date-valid"),
    ),
    facility(
        "a text made to stall a pattern",
        f'schema:email "{"a." * 200_000}"',
        422,
        rule("facility-email-valid"),
    ),
    facility(
        "thousands of codes that are none",
        f"infra:capability {', '.join(f'cap:x{n}' for n in range(3_000))}",
        422,
        rule("facility-capability-known"),
    ),
    facility(
        "thousands of terms that are none",
        f"{' ; '.join(f'infra:nothing{n} 1' for n in range(3_000))}",
        422,
        rule("graph-term-unknown"),
    ),
    mine(
        "thousands of names",
        f"skos:prefLabel {', '.join(f'{chr(34)}{n}{chr(34)}@en' for n in range(5_000))}",
        422,
        rule("organisation-name-one"),
    ),
    sent("errors in every line", b"<http://a> .\n" * 100_000, 400, SYNTAX),
    sent("quotes without end", b'"' * 1_000_000, 400, SYNTAX),
    sent("a comment of megabytes", b"#" * 10_000_000, 400, EMPTY),
    mine("a list of thousands", f"dct:relation ({'1 ' * 5_000})", 201, TAKEN),
    mine("a wide node", f"dct:relation {','.join(['[]'] * 2_000)}", 201, TAKEN),
)

ENCODED: Final = (
    sent("utf-16", GOOD.encode("utf-16"), 400, ENCODING),
    sent("utf-16 from the other end", b"\xfe\xff" + GOOD.encode("utf-16-be"), 400, ENCODING),
    sent("utf-16 without a mark", GOOD.encode("utf-16-le"), 400, ENCODING),
    sent("utf-16 from the other end without a mark", GOOD.encode("utf-16-be"), 400, ENCODING),
    sent("utf-32", GOOD.encode("utf-32"), 400, ENCODING),
    sent("utf-32 from the other end", b"\0\0\xfe\xff" + GOOD.encode("utf-32-be"), 400, ENCODING),
    sent("utf-32 without a mark", GOOD.encode("utf-32-le"), 400, ENCODING),
    sent("utf-16 in json", json_ld().decode().encode("utf-16-le"), 400, ENCODING, JSON),
    sent("utf-16 in xml", rdf_xml().decode().encode("utf-16-be"), 400, ENCODING, XML),
    sent("latin-1", GOOD.replace("Hostile", "Hôtel").encode("latin-1"), 400, ENCODING),
    sent("windows-1252", GOOD.replace("Hostile", "“Hostile”").encode("cp1252"), 400, ENCODING),
    sent("overlong utf-8", GOOD.encode().replace(b"Hostile", b"\xc0\xaf"), 400, ENCODING),
    sent("surrogates in utf-8", GOOD.encode().replace(b"Hostile", b"\xed\xa0\x80"), 400, ENCODING),
    sent("beyond unicode", GOOD.encode().replace(b"Hostile", b"\xf5\x80\x80\x80"), 400, ENCODING),
    sent("a surrogate by escape", GOOD.replace("Hostile", r"\uD800"), 400, SYNTAX),
    sent("beyond unicode by escape", GOOD.replace("Hostile", r"\U00110000"), 400, SYNTAX),
    sent("nul in an address", GOOD.replace("example.org/", "example.org/\0"), 400, SYNTAX),
    sent("nul in a text", GOOD.replace("Hostile", "\0"), 422, rule("graph-control-character")),
    sent("nul by escape", GOOD.replace("Hostile", r"\u0000"), 422, rule("graph-control-character")),
    sent(
        "nul in json", json_ld().replace(b"Hostile", rb"\u0000"), 422, rule("graph-control-character"), JSON
    ),
    sent("a bell", GOOD.replace("Hostile", "\a"), 422, rule("graph-control-character")),
    sent("colours of a terminal", GOOD.replace("Hostile", "\x1b[31m"), 422, rule("graph-control-character")),
    sent(
        "colours of a terminal in one",
        GOOD.replace("Hostile", "\x9b31m"),
        422,
        rule("graph-control-character"),
    ),
    sent(
        "text turned round", GOOD.replace("Hostile", "\u202eelitsoH\u202c"), 422, rule("graph-bidi-control")
    ),
    sent("text set apart", GOOD.replace("Hostile", "\u2066Hostile\u2069"), 422, rule("graph-bidi-control")),
    sent("words parted without width", GOOD.replace("Hostile", "Ho\u200bstile"), 201, TAKEN),
    sent("binary", bytes(range(256)) * 1_000, 400, ENCODING),
    sent("a mark of the byte order", "\ufeff" + GOOD, 201, TAKEN),
    sent("a mark of the byte order in json", "\ufeff".encode() + json_ld(), 201, TAKEN, JSON),
    sent("a mark of the byte order in xml", "\ufeff".encode() + rdf_xml(), 201, TAKEN, XML),
    sent("line ends of windows", GOOD.replace("\n", "\r\n"), 201, TAKEN),
    sent("line ends of old", GOOD.replace("\n", "\r"), 201, TAKEN),
    sent("line ends of windows in xml", rdf_xml("\r\n"), 201, TAKEN, XML),
)

SCHEMES: Final = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "file:///etc/passwd",
    "vbscript:msgbox(1)",
    "blob:https://example.org/1",
    "view-source:https://example.org/",
    "about:blank",
)
ADDRESSES: Final = (
    mine("a relative address", "foaf:page <page>", 422, rule("graph-iri-relative")),
    mine("an empty address", "foaf:page <>", 422, rule("graph-iri-relative")),
    mine("an address without a scheme", "foaf:page <//example.org/>", 422, rule("graph-iri-relative")),
    mine("an address up the tree", "foaf:page <../../../etc/passwd>", 422, rule("graph-iri-relative")),
    sent("another's by @base", f'{PREFIXES}@base <{IMEC}> .\n<> skos:altLabel "x"@en .', 403, FOREIGN),
    sent("another's part by @base", f"{PREFIXES}BASE <{IMEC}>\n<#site> a org:Site .", 403, FOREIGN),
    sent(
        "another's by @base and dots",
        f'{PREFIXES}@base <{MINE}> .\n<../organisation/imec> skos:altLabel "x"@en .',
        403,
        FOREIGN,
    ),
    sent(
        "@base of javascript",
        f"{GOOD}@base <javascript:alert(1)> .\norganisation:hostile-institute foaf:page <#x> .",
        422,
        rule("graph-iri-scheme"),
    ),
    sent(
        "a prefix that changes its meaning",
        f'{PREFIXES}@prefix o: <{MINE}> .\n@prefix o: <{IMEC}> .\no: skos:altLabel "x"@en .',
        403,
        FOREIGN,
    ),
    sent(
        "another's in two halves",
        f'{PREFIXES}PREFIX i: <{IMEC[:-2]}>\ni:ec skos:altLabel "x"@en .',
        403,
        FOREIGN,
    ),
    sent("another's by escape", f'{PREFIXES}<{IMEC[:-1]}\\u0063> skos:altLabel "x"@en .', 403, FOREIGN),
    *(
        mine(f"an address: {iri[:25]}", f"foaf:page <{iri}>", 422, rule("graph-iri-scheme"))
        for iri in SCHEMES
    ),
    mine("a property of javascript", "<javascript:alert(1)> 1", 422, rule("graph-iri-scheme")),
    mine("a datatype of javascript", '<http://a> "x"^^<javascript:alert(1)>', 422, rule("graph-iri-scheme")),
    mine("a class of javascript", "a <javascript:alert(1)>", 422, rule("graph-iri-scheme")),
)

LOOKS_LIKE: Final = "graph-namespace-look-alike"
CONFUSABLE: Final = "graph-iri-confusable"
HOST: Final = "https://w3id.org/infrashare/id/organisation"
OTHERS: Final = (
    *(
        more(
            f"another's with {how}",
            f'<{iri}> a foaf:Agent ; foaf:name "imec" .',
            422,
            rule(*codes),
        )
        for how, iri, *codes in (
            ("http", "http://w3id.org/infrashare/id/organisation/imec", LOOKS_LIKE),
            ("www", "https://www.w3id.org/infrashare/id/organisation/imec", LOOKS_LIKE),
            ("an upper-case host", "https://W3ID.org/infrashare/id/organisation/imec", CONFUSABLE),
            ("an upper-case scheme", "HTTPS://w3id.org/infrashare/id/organisation/imec", CONFUSABLE),
            ("a dot behind the host", "https://w3id.org./infrashare/id/organisation/imec", CONFUSABLE),
            ("a port", "https://w3id.org:443/infrashare/id/organisation/imec", CONFUSABLE),
            ("a user", "https://user@w3id.org/infrashare/id/organisation/imec", CONFUSABLE),
            ("a host as user", "https://w3id.org@example.org/infrashare/id/organisation/imec", CONFUSABLE),
            ("a host in cyrillic", "https://wЗid.org/infrashare/id/organisation/imec", CONFUSABLE),
            ("a host in punycode", "https://xn--wid-7ed.org/infrashare/id/organisation/imec", CONFUSABLE),
            ("dots in the path", f"{HOST}/x/../imec", "graph-entity-iri"),
            ("a dot in the path", f"{HOST}/./imec", "graph-entity-iri"),
            ("percent signs", f"{HOST}/%69mec", "graph-entity-iri"),
            ("a letter in cyrillic", f"{HOST}/іmec", "graph-entity-iri"),
            ("a mark without width", f"{HOST}/im\u200bec", "graph-bidi-control", "graph-entity-iri"),
            ("two strokes", f"{HOST}//imec", "graph-entity-iri"),
            ("upper case", f"{HOST}/IMEC", "graph-entity-iri"),
            ("a stroke at the end", f"{HOST}/imec/", "graph-entity-iri"),
            ("a question", f"{HOST}/imec?x=1", "graph-entity-iri"),
        )
    ),
    more(
        "another's with a stroke by percent signs",
        "<https://w3id.org/infrashare/id%2Forganisation/imec> a foaf:Agent .",
        403,
        SYSTEM,
    ),
    more("another's entity", 'organisation:imec skos:altLabel "x"@en .', 403, FOREIGN),
    more("another's entity of a further class", "organisation:imec a foaf:Agent .", 403, FOREIGN),
    more("a part of another's entity", f"<{IMEC}#site> a org:Site .", 403, FOREIGN),
    more(
        "another's in capitals, of no class of ours",
        f"<{HOST}/IMEC> a foaf:Agent .",
        422,
        rule("graph-entity-iri"),
    ),
    more("another's region", 'nuts:BE2 infra:factNote "Nothing here."@en .', 403, FOREIGN),
    more(
        "equipment in another's facility",
        "equipment:hostile-oven a infra:Equipment ; dct:title 'Oven'@en ; infra:capability cap:welding ; "
        "sosa:isHostedBy facility:holst-centre ; dct:source <https://example.org/> .",
        201,
        TAKEN,
    ),
    more(
        "a namespace with https", '<http://a> <https://purl.org/dc/terms/title> "x" .', 422, rule(LOOKS_LIKE)
    ),
    more(
        "the ontology with http",
        "<http://a> a <http://w3id.org/infrashare/ontology#Facility> .",
        422,
        rule(LOOKS_LIKE),
    ),
    more(
        "the ontology with a stroke",
        "<http://a> a <https://w3id.org/infrashare/ontology/Facility> .",
        422,
        rule(LOOKS_LIKE),
    ),
    more(
        "a namespace without www", "<http://a> a <http://w3.org/ns/org#Organization> .", 422, rule(LOOKS_LIKE)
    ),
    more("a term that is none", "<http://a> infra:capabilty 1 .", 422, rule("graph-term-unknown")),
)

SCHEMA: Final = "graph-schema-in-data"
SHAPE: Final = "graph-shapes-in-data"
MEANINGS: Final = (
    more(
        "a code of one's own",
        'cap:mine skos:inScheme code:capability ; skos:prefLabel "x"@en .',
        403,
        VOCABULARY,
    ),
    more("a code renamed", 'cap:climatic-testing skos:altLabel "3D printing"@en .', 403, VOCABULARY),
    more("a code retired", "cap:climatic-testing owl:deprecated true .", 403, VOCABULARY),
    more("an industry renamed", 'nace:C30 skos:altLabel "3D printing"@en .', 403, SYSTEM),
    more(
        "a language of the EU renamed",
        "<http://publications.europa.eu/resource/authority/language/DEU> skos:prefLabel 'Dutch'@en .",
        403,
        SYSTEM,
    ),
    more("a region renamed", 'nuts:DE111 skos:prefLabel "Nowhere"@en .', 422, rule("region-naming-absent")),
    more(
        "a region given a further name",
        'nuts:DE111 skos:altLabel "Nowhere"@en .',
        422,
        rule("region-naming-absent"),
    ),
    more("a region moved", "nuts:DE111 skos:broader nuts:BE .", 422, rule("region-naming-absent")),
    more("a region replaced", "nuts:DE111 dct:isReplacedBy nuts:BE2 .", 403, VOCABULARY),
    more("a term redefined", 'infra:Facility rdfs:comment "Anything"@en .', 403, VOCABULARY),
    more("a rule switched off", "shapes:facility-region-required rdfs:comment 'no'@en .", 403, VOCABULARY),
    more("the ontology itself", "<https://w3id.org/infrashare/ontology> dct:title '9' .", 403, VOCABULARY),
    more("a code list itself", "code:capability skos:member <http://a> .", 403, VOCABULARY),
    more("a term of a standard", 'foaf:homepage rdfs:label "x"@en .', 403, SYSTEM),
    more(
        "a code smuggled into a list",
        '<http://a> a skos:Concept ; skos:inScheme code:capability ; skos:notation "climatic-testing" .',
        422,
        rule(SCHEMA),
    ),
    more(
        "a code smuggled below another", "<http://a> skos:broader cap:climatic-testing .", 422, rule(SCHEMA)
    ),
    mine("a code smuggled above another", "skos:narrower cap:climatic-testing", 422, rule(SCHEMA)),
    more(
        "a graph of another's",
        "<https://w3id.org/infrashare/graph/imec/facilities> dct:title 'x'@en .",
        403,
        SYSTEM,
    ),
    more(
        "provenance",
        f"<https://w3id.org/infrashare/graph/{PARTNER}/hostile> prov:wasAttributedTo organisation:imec .",
        403,
        SYSTEM,
    ),
    facility("what is computed", "infra:coversCapability cap:welding", 422, rule("graph-term-computed")),
    facility("a region that is computed", "infra:withinRegion nuts:SE", 422, rule("graph-term-computed")),
    more(
        "a node that stands for a blank node",
        f"<https://w3id.org/infrashare/.well-known/genid/{'0' * 32}> dct:title 'x'@en .",
        201,
        TAKEN,
    ),
    mine("a rule", "sh:property [ sh:path dct:title ; sh:minCount 5 ]", 422, rule(SHAPE)),
    more(
        "a shape with a query",
        "<http://a> a sh:NodeShape ; sh:sparql [ sh:select 'SELECT $this { SERVICE <http://trap.test/> {} }' ] .",
        422,
        rule(SHAPE),
    ),
    more("a rule in javascript", "<http://a> sh:jsLibraryURL 'http://trap.test/x.js' .", 422, rule(SHAPE)),
    more("an import", "<http://a> owl:imports <http://trap.test/o> .", 422, rule("graph-import")),
    mine("the same as another's", "owl:sameAs organisation:imec", 422, rule("organisation-same-as-absent")),
    more(
        "the same as another's, from outside",
        "<http://a> owl:sameAs organisation:imec .",
        422,
        rule("graph-same-as"),
    ),
    more("a class of one's own", "<http://a> rdfs:subClassOf org:Organization .", 422, rule(SCHEMA)),
    more("a property of one's own", "<http://a> rdfs:subPropertyOf infra:capability .", 422, rule(SCHEMA)),
    more("a class equal to ours", "<http://a> owl:equivalentClass infra:Facility .", 422, rule(SCHEMA)),
    more("a property with a range", "<http://a> rdfs:range infra:Facility .", 422, rule(SCHEMA)),
    mine(
        "another that is not there",
        "org:subOrganizationOf organisation:nobody",
        422,
        rule("graph-reference-unknown"),
    ),
)

TANGLES: Final = (
    more("alike nodes in a circle", circle(3_000), 400, "syntax-error/blank-nodes"),
    more("alike nodes, each with each", clique(12), 201, TAKEN),
    more("many alike nodes, each with each", clique(300), 400, "syntax-error/blank-nodes"),
    more(
        "parts of each other",
        "_:a dct:hasPart _:b . _:b dct:hasPart _:a , <javascript:x> .",
        422,
        rule("graph-iri-scheme"),
    ),
    more("a list that ends in itself", "_:l rdf:first 1 ; rdf:rest _:l .", 201, TAKEN),
    more("a list with two ends", "_:l rdf:first 1 , 2 ; rdf:rest () , ( 3 ) .", 201, TAKEN),
    mine("a long chain of parts", f"dct:hasPart _:n0 . {chain(3_000)} _:n3000 dct:title 'x'@en", 201, TAKEN),
)

NOT_RDF: Final = (
    sent("html", b"\n<!DOCTYPE html><html></html>", 400, "syntax-error/html"),
    sent("html as xml", b"<html><body/></html>", 400, "syntax-error/html", XML),
    sent("html as json", b"<html><body/></html>", 400, "syntax-error/html", JSON),
    sent("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", 400, ENCODING),
    sent("zip", b"PK\x03\x04\x14\0\0\0\x08\0" + b"\x99" * 200, 400, ENCODING),
    sent("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 400, ENCODING),
    sent("csv", b"title,region\nClimate chamber,BE225\n", 400, SYNTAX),
    sent("json as turtle", json_ld(), 400, SYNTAX),
    sent("xml as turtle", rdf_xml(), 400, SYNTAX),
    sent("turtle as json", GOOD, 400, SYNTAX, JSON),
    sent("turtle as xml", GOOD, 400, SYNTAX, XML),
    sent("a query", "SELECT * WHERE { SERVICE <http://trap.test/> { ?s ?p ?o } }", 400, SYNTAX),
    sent("an update", "LOAD <http://trap.test/>", 400, SYNTAX),
    sent("nothing", b"", 400, EMPTY),
    sent("blanks", b" \n\t ", 400, EMPTY),
    sent("only comments", b"# nothing\n# here\n", 400, EMPTY),
    sent("only prefixes", PREFIXES, 400, EMPTY),
    sent("an empty object", b"{}", 400, EMPTY, JSON),
    sent("no elements", b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", 400, EMPTY, XML),
)

SCRIPT: Final = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}"
QUERY: Final = "} ; DROP ALL ; SELECT * { SERVICE <http://trap.test/> { ?s ?p ?o } } #"
TEXTS: Final = (
    sent("a script in a name", GOOD.replace("Hostile Institute", SCRIPT), 201, TAKEN),
    mine("a query in a text", f'dct:description "{QUERY}"@en', 201, TAKEN),
    mine("sql in a text", 'dct:description "x\'; DROP TABLE versions; --"@en', 201, TAKEN),
    mine("a format in a text", 'dct:description "{0.__class__} %s %n {message}"@en', 201, TAKEN),
)

KINDS: Final = (
    sent("a type in capitals", GOOD, 201, TAKEN, "TEXT/TURTLE;CHARSET=UTF-8"),
    sent("a type with odd parameters", GOOD, 201, TAKEN, 'text/turtle;;x="y;z" ; q'),
    sent(
        "json with a profile",
        json_ld(),
        201,
        TAKEN,
        f'{JSON};profile="http://www.w3.org/ns/json-ld#expanded"',
    ),
    sent("another encoding in the type", GOOD, 415, UNSUPPORTED, "text/turtle; charset=iso-8859-1"),
    sent("several types", GOOD, 415, UNSUPPORTED, "text/turtle, application/rdf+xml"),
    sent("any type", GOOD, 415, UNSUPPORTED, "*/*"),
    sent("a form", GOOD, 415, UNSUPPORTED, "application/x-www-form-urlencoded"),
    sent("a form of parts", GOOD, 415, UNSUPPORTED, "multipart/form-data; boundary=x"),
    sent("an html type", GOOD, 415, UNSUPPORTED, "text/html"),
    sent("a type of megabytes", GOOD, 415, UNSUPPORTED, "x" * 60_000),
    sent("a type of blanks", GOOD, 415, UNSUPPORTED, " ; "),
    Case("no type", GOOD.encode(), 415, UNSUPPORTED, {}),
)


def at(name: str, path: str, status: int, code: str) -> Case:
    return Case(name, GOOD.encode(), status, code, {"Content-Type": TURTLE}, path)


NOT_FOUND: Final = "not-found/not-found"
PLACES: Final = (
    at("up the tree", f"/contributions/{PARTNER}/..", 400, INVALID),
    at("a partner up the tree", "/contributions/../hostile", 400, INVALID),
    at("up the tree by percent signs", f"/contributions/{PARTNER}/%2e%2e", 400, INVALID),
    at(
        "a stroke by percent signs",
        f"/contributions/{PARTNER}/..%2Fflanders-make%2Ffacilities",
        404,
        NOT_FOUND,
    ),
    at("a backslash", f"/contributions/{PARTNER}/..%5Cfacilities", 400, INVALID),
    at("upper case", f"/contributions/{PARTNER}/Hostile", 400, INVALID),
    at("an upper-case partner", "/contributions/Hostile-Institute/hostile", 400, INVALID),
    at("a very long name", f"/contributions/{PARTNER}/{'x' * 5_000}", 400, INVALID),
    at("a very long partner", f"/contributions/{'x' * 5_000}/hostile", 400, INVALID),
    at("nul", f"/contributions/{PARTNER}/a%00b", 400, INVALID),
    at("a line end", f"/contributions/{PARTNER}/a%0d%0aX-Header:1", 400, INVALID),
    at("no utf-8", f"/contributions/{PARTNER}/%ff%fe", 400, INVALID),
    at("a script", f"/contributions/{PARTNER}/%3Cscript%3E", 400, INVALID),
    at("cyrillic", f"/contributions/{PARTNER}/%D1%85", 400, INVALID),
    at("digits of another script", f"/contributions/{PARTNER}/%D9%A1", 400, INVALID),
    at("no name", f"/contributions/{PARTNER}/", 404, NOT_FOUND),
    at("no partner", "/contributions//hostile", 404, NOT_FOUND),
    at("another partner", "/contributions/flanders-make/facilities", 403, "refused/partner-foreign"),
    at("the service itself", "/contributions/infrashare/ontology", 400, INVALID),
    at("the ontology's graph", "/contributions/ontology/x", 403, "refused/partner-foreign"),
    at("a message of kilobytes", f"{PATH}?message={'x' * 5_000}", 400, INVALID),
    at("a dry run of nobody", f"{PATH}?dry_run=perhaps", 400, "invalid-input/bool_parsing"),
)

UNAUTHORISED: Final = "unauthorised/unauthorised"


def headed(name: str, status: int, code: str, **headers: str) -> Case:
    return sent(name, GOOD, status, code, **headers)


HEADERS: Final = (
    headed("a key of 10 kB", 400, INVALID, Idempotency_Key="k" * 10_000),
    headed("a tag that is none", 400, INVALID, If_Match="garbage"),
    headed("a tag of 10 kB", 400, INVALID, If_Match=f'"{"v" * 10_000}"'),
    headed(
        "thousands of tags",
        412,
        "precondition-failed/precondition-failed",
        If_Match=", ".join(['"v9"'] * 5_000),
    ),
    headed(
        "a version beyond all bounds",
        400,
        INVALID,
        If_Match=f'"v{"9" * 5_000}"',
    ),
    headed("a language of kilobytes", 201, TAKEN, Accept_Language="xx-" * 5_000),
    headed(
        "languages that are none",
        201,
        TAKEN,
        Accept_Language="*;q=nan, ../../etc/passwd;q=1e999, <script>;q=-1",
    ),
    headed("a host of somebody else", 201, TAKEN, Host="evil.example"),
    headed(
        "forwarded by somebody else",
        201,
        TAKEN,
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="javascript",
    ),
    headed("no token", 401, UNAUTHORISED, Authorization=""),
    headed("another scheme", 401, UNAUTHORISED, Authorization="Basic aG9zdGlsZTp4"),
    headed("a scheme alone", 401, UNAUTHORISED, Authorization="Bearer"),
    headed("a token of nobody", 401, UNAUTHORISED, Authorization=f"Bearer infrashare_00000000_{'A' * 43}"),
    headed("a token of 50 kB", 401, UNAUTHORISED, Authorization=f"Bearer {'x' * 50_000}"),
    headed("sql as token", 401, UNAUTHORISED, Authorization="Bearer ' OR 1=1 --"),
    headed("a token beyond latin-1", 401, UNAUTHORISED, Authorization="Bearer infrashare_é_ÿ\x80"),
    headed("two tokens", 401, UNAUTHORISED, Authorization="Bearer {valid}, Bearer {valid}"),
    headed("a token cut short", 401, UNAUTHORISED, Authorization="Bearer {cut}"),
    headed("an expired token", 401, UNAUTHORISED, Authorization="Bearer {expired}"),
    headed("a revoked token", 401, UNAUTHORISED, Authorization="Bearer {revoked}"),
    headed("another partner's token", 403, "refused/partner-foreign", Authorization="Bearer {other}"),
)

CASES: Final = (
    *NESTED,
    *ENTITIES,
    *PACKINGS,
    *CONTEXTS,
    *GRAPHS,
    *LONG,
    *ENCODED,
    *ADDRESSES,
    *OTHERS,
    *MEANINGS,
    *TANGLES,
    *NOT_RDF,
    *TEXTS,
    *KINDS,
    *PLACES,
    *HEADERS,
)
