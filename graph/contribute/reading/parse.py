"""Bytes become triples: formats, unpacking, parsing under limits, blank nodes given stable IRIs.

Runs in a worker process. Nothing here fetches anything, and named graphs are refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.contribute.reading.allocation import without_collection
from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.packing import unpack
from graph.contribute.reading.screening import screen_json, screen_turtle, screen_xml
from graph.errors import Place, SyntaxProblem, Unsupported
from graph.store.formats import ntriples

MAX_SYNTAX_ERRORS: Final = 50
MAX_LITERAL: Final = 1024 * 1024
"""Longest literal in characters: a description is shorter, and the engine ends the process at 16 MiB."""
MAX_IRI: Final = 8_192
"""Longest IRI in characters: browsers and servers cut off longer ones."""
MAX_LANGUAGE: Final = 255
"""Longest language tag in characters; RFC 5646, section 4.4.1, needs room for 35."""
_SHORTER: Final = f"link to the document instead; the limit is {MAX_LITERAL:,} characters"

FORMATS: Final[dict[str, RdfFormat]] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
"""Media types taken, with their format. N-Triples is a part of Turtle, so plain text is read as Turtle."""

SUFFIXES: Final[dict[str, str]] = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".xml": "application/rdf+xml",
}
"""File name endings, with the media type they stand for; ``.gz`` may follow."""

_TAKEN = "text/turtle, application/n-triples, application/ld+json, application/rdf+xml"
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_UTF_8 = ("utf-8", "utf8", "us-ascii")
"""Names of UTF-8, and of a part of it."""
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""Byte order marks with their encodings; that of UTF-32 begins with that of UTF-16."""


@dataclass(frozen=True)
class Parsed:
    """A document that was read: its triples in document order, blank nodes skolemised, and its text."""

    triples: tuple[Triple, ...]
    text: str
    media_type: str
    base_iri: str


def media_type_of(name: str) -> str:
    """The media type for a file name. Raises ``Unsupported`` where the ending is not known."""
    lower = name.lower().removesuffix(".gz")
    for suffix, media_type in SUFFIXES.items():
        if lower.endswith(suffix):
            return media_type
    raise Unsupported(
        f"{name}: the ending tells no RDF format; use one of {', '.join(SUFFIXES)}, or state the media type"
    )


def decode(data: bytes) -> str:
    """UTF-8 text without a byte order mark. Raises ``SyntaxProblem`` with line and column of a bad byte."""
    for mark, encoding in _BOMS:
        if data.startswith(mark) and encoding != "utf-8":
            raise SyntaxProblem(
                f"the text is encoded as {encoding.upper()}; save it as UTF-8",
                (Place(f"encoded as {encoding.upper()}", "encoding", 1, 1, help="save the file as UTF-8"),),
            )
    if b"\0" in data[:4]:
        raise SyntaxProblem(
            "the text is encoded as UTF-16 or UTF-32; save it as UTF-8",
            (Place("encoded as UTF-16 or UTF-32", "encoding", 1, 1, help="save the file as UTF-8"),),
        )
    try:
        return data.removeprefix(_BOMS[0][0]).decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
        value = f"byte 0x{data[error.start]:02x}"
        raise SyntaxProblem(
            f"line {line}, column {column}: {value} is not UTF-8; save the file as UTF-8",
            (Place("not UTF-8", "encoding", line, column, value, "save the file as UTF-8"),),
        ) from error


@without_collection
def read(data: bytes, media_type: str, base_iri: str, limit: int) -> Parsed:
    """Read a document into triples.

    Raises ``Unsupported`` for a format that is not taken, ``TooLarge`` past the limit, and ``SyntaxProblem``
    with all syntax errors found, each with line and column where the format has them.
    """
    kind = media_type.split(";", maxsplit=1)[0].strip().lower()
    if kind not in FORMATS:
        raise Unsupported(f"{kind[:100] or 'no media type'} is not taken; send one of {_TAKEN}")
    charset = _CHARSET.search(media_type)
    if charset and charset[1].lower() not in _UTF_8:
        raise Unsupported(
            f"charset={charset[1][:40]} is not taken; save the file as UTF-8 and say charset=utf-8"
        )
    text = decode(unpack(data, limit))
    if not text.strip():
        raise SyntaxProblem(
            "the document is empty; it must hold at least one statement",
            (Place("empty document", "empty", 1, 1, help="describe at least one entity"),),
        )
    start = text.lstrip()[:15].lower()
    if start.startswith(("<!doctype html", "<html")):
        raise SyntaxProblem(
            "this is an HTML page, not RDF; download the data itself and send that",
            (Place("an HTML page", "html", 1, 1, help="send Turtle, N-Triples, JSON-LD or RDF/XML"),),
        )
    form = FORMATS[kind]
    if form == RdfFormat.RDF_XML:
        screen_xml(text)
        # https://www.w3.org/TR/xml/#sec-line-ends, which the engine's parser does not do.
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    elif form == RdfFormat.JSON_LD:
        screen_json(text)
    else:
        screen_turtle(text)
    triples = _parse(text, form, base_iri)
    if not triples:
        hint = (
            " JSON-LD keys without a term in the @context are dropped." if form == RdfFormat.JSON_LD else ""
        )
        raise SyntaxProblem(
            f"0 triples: the document holds no statement.{hint}",
            (Place("no statement", "empty", 1, 1, help="describe at least one entity"),),
        )
    _refuse_terms(triples, text)
    return Parsed(tuple(skolemise(triples)), text, kind, base_iri)


def _parse(text: str, form: RdfFormat, base_iri: str) -> list[Triple]:
    triples: list[Triple] = []
    problems: list[Place] = []
    parser = iter(parse(text, form, base_iri=base_iri, without_named_graphs=True))
    while len(problems) < MAX_SYNTAX_ERRORS:
        try:
            triples.extend(quad.triple for quad in parser)
            break
        except SyntaxError as error:
            place = _place(error)
            if problems and (place.line, place.column) == (problems[-1].line, problems[-1].column):
                break
            problems.append(place)
            if form in {RdfFormat.RDF_XML, RdfFormat.JSON_LD}:
                break
        except (ValueError, OSError) as error:
            problems.append(Place(str(error), "syntax"))
            break
        except MemoryError:
            if len(text) <= MAX_LITERAL:
                raise
            problems.append(Place("a text of many million characters", "literal-too-long", help=_SHORTER))
            break
    if problems:
        first = problems[0]
        where = f"line {first.line}, column {first.column}: " if first.line else ""
        more = f" ({len(problems)} errors in all)" if len(problems) > 1 else ""
        raise SyntaxProblem(f"{where}{first.message}{more}", tuple(problems))
    return triples


def _place(error: SyntaxError) -> Place:
    message = str(error.msg).strip()
    message = (
        message.split("Parser error at line")[-1].split(": ", 1)[-1] if "Parser error" in message else message
    )
    return Place(message, "syntax", error.lineno, error.offset, help="mend this place and check again")


def canonical_ntriples(triples: Iterable[Triple]) -> bytes:
    """Sorted, distinct N-Triples of a graph without blank nodes: its canonical form (RDFC-1.0)."""
    return b"".join(line + b"\n" for line in sorted(set(ntriples(triples).split(b"\n")[:-1])))


def from_ntriples(ntriples: bytes) -> list[Triple]:
    """The triples of canonical N-Triples that this service wrote itself."""
    return [quad.triple for quad in parse(ntriples, RdfFormat.N_TRIPLES)]


def _refuse_terms(triples: Iterable[Triple], text: str) -> None:
    """Refuse what the engine, SHACL or readers cannot hold: terms too long, and statements about statements."""
    for triple in triples:
        value = triple.object
        if isinstance(value, Triple):
            line = text.count("\n", 0, max(0, text.find("<<"))) + 1
            message = "statements about statements (RDF 1.2 triple terms) are not taken"
            place = Place(message, "triple-term", line, help="describe the entity itself")
            raise SyntaxProblem(f"{message}: {triple}"[:1_000], (place,))
        _refuse_iri(triple.subject)
        _refuse_iri(triple.predicate)
        if isinstance(value, Literal):
            _refuse_literal(value, f"{triple.subject} {triple.predicate}")
        else:
            _refuse_iri(value)


def _refuse_iri(term: object) -> None:
    if isinstance(term, NamedNode) and len(term.value) > MAX_IRI:
        message = (
            f"the address {term.value[:100]}… has {len(term.value):,} characters; the limit is {MAX_IRI:,}"
        )
        raise SyntaxProblem(message, (Place(message, "iri-too-long", help="use a shorter address"),))


def _refuse_literal(value: Literal, where: str) -> None:
    if len(value.value) > MAX_LITERAL:
        about = f"{where}: a text of {len(value.value):,} characters"
        raise SyntaxProblem(f"{about}; {_SHORTER}", (Place(about, "literal-too-long", help=_SHORTER),))
    if value.language and len(value.language) > MAX_LANGUAGE:
        about = f"{where}: the language tag {value.language[:40]}… has {len(value.language):,} characters"
        message = f"{about}; the limit is {MAX_LANGUAGE}"
        place = Place(message, "language-tag-too-long", help="use a tag such as en or nl-BE")
        raise SyntaxProblem(message, (place,))
    _refuse_iri(value.datatype)
