"""Bytes become triples: formats, unpacking, parsing under limits, blank nodes given stable IRIs.

Runs in a worker process. Nothing here fetches anything, and named graphs are refused.
"""

import gzip
import hashlib
import io
import json
import xml.parsers.expat
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from graph.errors import InputError, Place, SyntaxProblem, TooLarge, Unsupported
from graph.iris import GENID

MAX_SYNTAX_ERRORS: Final = 50
MAX_LITERAL: Final = 16 * 1024 * 1024
MAX_NESTING: Final = 200

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
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


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


def unpack(data: bytes, limit: int) -> bytes:
    """Gunzip if the bytes are gzip. Raises ``TooLarge`` past ``limit`` bytes, packed or not."""
    if len(data) > limit:
        raise TooLarge(_too_large(limit))
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SyntaxProblem(f"the gzip stream is damaged: {error}. Pack the file again.") from error
    if len(unpacked) > limit:
        raise TooLarge(_too_large(limit))
    return unpacked


def _too_large(limit: int) -> str:
    return f"more than {limit:,} bytes, the limit for one contribution; split it into several datasets"


def decode(data: bytes) -> str:
    """UTF-8 text without a byte order mark. Raises ``SyntaxProblem`` with line and column of a bad byte."""
    for mark, encoding in _BOMS:
        if data.startswith(mark) and encoding != "utf-8":
            raise SyntaxProblem(
                f"the text is encoded as {encoding.upper()}; save it as UTF-8",
                (Place(f"encoded as {encoding.upper()}", "encoding", 1, 1, help="save the file as UTF-8"),),
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


def read(data: bytes, media_type: str, base_iri: str, limit: int) -> Parsed:
    """Read a document into triples.

    Raises ``Unsupported`` for a format that is not taken, ``TooLarge`` past the limit, and ``SyntaxProblem``
    with all syntax errors found, each with line and column where the format has them.
    """
    kind = media_type.split(";")[0].strip().lower()
    if kind not in FORMATS:
        raise Unsupported(f"{kind or 'no media type'} is not taken; send one of {_TAKEN}")
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
        _screen_xml(text)
    elif form == RdfFormat.JSON_LD:
        _screen_json(text)
    else:
        _screen_nesting(text)
    triples = _parse(text, form, base_iri)
    if not triples:
        hint = " JSON-LD keys without a term in the @context are dropped." if form == RdfFormat.JSON_LD else ""
        raise SyntaxProblem(
            f"0 triples: the document holds no statement.{hint}",
            (Place("no statement", "empty", 1, 1, help="describe at least one entity"),),
        )
    return Parsed(tuple(skolemise(triples)), text, kind, base_iri)


def _parse(text: str, form: RdfFormat, base_iri: str) -> list[Triple]:
    triples: list[Triple] = []
    problems: list[Place] = []
    try:
        parser = iter(parse(text, form, base_iri=base_iri, without_named_graphs=True))
    except (SyntaxError, ValueError) as error:
        raise SyntaxProblem(str(error), (Place(str(error), "syntax", 1, 1),)) from error
    while len(problems) < MAX_SYNTAX_ERRORS:
        try:
            quad = next(parser)
        except StopIteration:
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
        else:
            triples.append(quad.triple)
    if problems:
        first = problems[0]
        where = f"line {first.line}, column {first.column}: " if first.line else ""
        more = f" ({len(problems)} errors in all)" if len(problems) > 1 else ""
        raise SyntaxProblem(f"{where}{first.message}{more}", tuple(problems))
    return triples


def _place(error: SyntaxError) -> Place:
    message = str(error.msg).strip()
    message = message.split("Parser error at line")[-1].split(": ", 1)[-1] if "Parser error" in message else message
    return Place(message, "syntax", error.lineno, error.offset, help="mend this place and check again")


def _screen_nesting(text: str) -> None:
    """Refuse Turtle whose brackets nest so deep that they could end the process."""
    depth = deepest = 0
    for line_number, line in enumerate(text.splitlines(), 1):
        for character in line:
            if character in "[(":
                depth += 1
                deepest = max(deepest, depth)
            elif character in "])":
                depth = max(0, depth - 1)
        if deepest > MAX_NESTING:
            raise SyntaxProblem(
                f"line {line_number}: brackets nest more than {MAX_NESTING} deep",
                (Place("nested too deep", "nesting", line_number, 1, help="give the inner nodes IRIs"),),
            )


def _screen_xml(text: str) -> None:
    """Refuse document types and entities, and find syntax errors with line and column."""
    screen = xml.parsers.expat.ParserCreate()
    depth = 0

    def doctype(*_: object) -> None:
        raise SyntaxProblem(
            "a document type declaration is not taken: entities in it could be made to explode",
            (
                Place(
                    "DOCTYPE",
                    "doctype",
                    screen.CurrentLineNumber,
                    screen.CurrentColumnNumber + 1,
                    help="remove the DOCTYPE and write the IRIs in full",
                ),
            ),
        )

    def opened(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_NESTING:
            place = Place(name, "nesting", screen.CurrentLineNumber, screen.CurrentColumnNumber + 1)
            raise SyntaxProblem(f"elements nest more than {MAX_NESTING} deep", (place,))

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    screen.StartDoctypeDeclHandler = doctype
    screen.StartElementHandler = opened
    screen.EndElementHandler = closed
    try:
        screen.Parse(text, True)
    except xml.parsers.expat.ExpatError as error:
        place = Place(xml.parsers.expat.ErrorString(error.code), "syntax", error.lineno, error.offset + 1)
        raise SyntaxProblem(f"line {place.line}, column {place.column}: {place.message}", (place,)) from error


def _screen_json(text: str) -> None:
    """Find JSON errors with line and column; refuse deep nesting, remote contexts and named graphs."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(error.msg, "syntax", error.lineno, error.colno)
        raise SyntaxProblem(f"line {error.lineno}, column {error.colno}: {error.msg}", (place,)) from error
    except RecursionError as error:
        raise SyntaxProblem(f"the JSON nests more than {MAX_NESTING} deep") from error
    stack: list[tuple[Any, int]] = [(document, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_NESTING:
            raise SyntaxProblem(f"the JSON nests more than {MAX_NESTING} deep")
        if isinstance(node, dict):
            contexts = node.get("@context", [])
            for context in contexts if isinstance(contexts, list) else [contexts]:
                if isinstance(context, str):
                    raise InputError(
                        f"the context {context!r} is remote; contexts are not fetched. Put it into the document "
                        "(the one of InfraShare is at /context.jsonld)"
                    )
                if isinstance(context, dict) and len(context) > 2_000:
                    raise InputError("the @context has more than 2,000 terms")
            if depth > 0 and "@graph" in node and "@id" in node:
                raise InputError("named graphs (@graph with @id) are not taken; send one graph")
            stack.extend((value, depth + 1) for value in node.values())
        elif isinstance(node, list):
            stack.extend((value, depth + 1) for value in node)


def skolemise(triples: Sequence[Triple]) -> list[Triple]:
    """Give each blank node an IRI that depends on what it says, not on its label or place.

    A node's IRI is the hash of its own statements, of those that lead to it and, by refinement, of its
    neighbourhood. Nodes that cannot be told apart that way are numbered in document order. The same content
    gives the same IRIs in any order and format, so a contribution that did not change compares as unchanged.
    """
    nodes: dict[BlankNode, None] = {}
    for triple in triples:
        for term in (triple.subject, triple.object):
            if isinstance(term, BlankNode):
                nodes.setdefault(term)
    if not nodes:
        return list(triples)
    colours = _refine(triples, nodes)
    seen: dict[str, int] = defaultdict(int)
    names: dict[BlankNode, NamedNode] = {}
    for node in nodes:
        colour = colours[node]
        number = seen[colour]
        seen[colour] += 1
        names[node] = GENID[colour[:32] + (f"-{number}" if number else "")]

    def named(term: Any) -> Any:
        return names[term] if isinstance(term, BlankNode) else term

    return [Triple(named(t.subject), t.predicate, named(t.object)) for t in triples]


def _refine(triples: Sequence[Triple], nodes: Iterable[BlankNode]) -> dict[BlankNode, str]:
    """Colour refinement: each round a node's colour takes in those of its neighbours, until nothing splits."""
    around: dict[BlankNode, list[tuple[str, str, Any]]] = {node: [] for node in nodes}
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            around[triple.subject].append((">", triple.predicate.value, triple.object))
        if isinstance(triple.object, BlankNode):
            around[triple.object].append(("<", triple.predicate.value, triple.subject))
    colours: dict[BlankNode, str] = dict.fromkeys(around, "")
    classes = 1
    while True:
        new: dict[BlankNode, str] = {}
        for node, statements in around.items():
            lines = sorted(
                f"{way} {predicate} {'_' + colours[term] if isinstance(term, BlankNode) else term}"
                for way, predicate, term in statements
            )
            new[node] = hashlib.sha256("\n".join([colours[node], *lines]).encode()).hexdigest()
        count = len(set(new.values()))
        colours = new
        if count == classes or count == len(around):
            # One more round than needed does no harm; a fixed number of rounds would not be canonical.
            return colours
        classes = count


def canonical_ntriples(triples: Iterable[Triple]) -> bytes:
    """Sorted, distinct N-Triples of a graph without blank nodes: its canonical form (RDFC-1.0)."""
    lines = {f"{t.subject} {t.predicate} {t.object} .\n" for t in triples}
    return "".join(sorted(lines)).encode()


def from_ntriples(ntriples: bytes) -> list[Triple]:
    """The triples of canonical N-Triples that this service wrote itself."""
    return [quad.triple for quad in parse(ntriples, RdfFormat.N_TRIPLES)]


def oversized_literal(triples: Iterable[Triple]) -> Literal | None:
    """A literal that is longer than the engine can hold, if there is one."""
    for triple in triples:
        if isinstance(triple.object, Literal) and len(triple.object.value) > MAX_LITERAL:
            return triple.object
    return None
