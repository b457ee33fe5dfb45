"""What is refused before a parser sees it: nesting, entities and contexts that could crash it or make it fetch.

Errors that the parsers report without a place (XML, JSON) are found here with line and column.
"""

import json
import re
import xml.parsers.expat
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Never

from graph.errors import InputError, Place, SyntaxProblem

MAX_NESTING: Final = 200
MAX_CONTEXT_TERMS: Final = 2_000
_TURTLE = re.compile(
    r"""
    \#[^\r\n]*+
  | \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
  | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+'
  | <[^<>"{}|^`\x00-\x20]*+>
  | \\.
  | (?P<open>[\[(]) | (?P<close>[\])])
    """,
    re.VERBOSE | re.DOTALL,
)


def screen_turtle(text: str) -> None:
    """Refuse Turtle whose brackets nest so deep that they could end the process. Brackets in texts do not count."""
    if text.count("[") + text.count("(") <= MAX_NESTING:
        return
    depth = 0
    for match in _TURTLE.finditer(text):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            if depth > MAX_NESTING:
                line = text.count("\n", 0, match.start()) + 1
                column = match.start() - text.rfind("\n", 0, match.start())
                place = Place("nested too deep", "nesting", line, column, help="give the inner nodes IRIs")
                raise SyntaxProblem(f"line {line}: brackets nest more than {MAX_NESTING} deep", (place,))
        elif kind == "close":
            depth = max(0, depth - 1)


def screen_xml(text: str) -> None:
    """Refuse document types and entities, and find syntax errors with line and column."""
    screen = xml.parsers.expat.ParserCreate()
    depth = 0

    def refuse(message: str, what: str, code: str, remedy: str) -> Never:
        place = Place(what, code, screen.CurrentLineNumber, screen.CurrentColumnNumber + 1, help=remedy)
        raise SyntaxProblem(message, (place,))

    def doctype(*_: object) -> None:
        message = "a document type declaration is not taken: entities in it could be made to explode"
        refuse(message, "DOCTYPE", "doctype", "remove the DOCTYPE and write the IRIs in full")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in {"utf-8", "utf8"}:
            message = f"the first line says that the file is encoded as {encoding[:40]}; save it as UTF-8 and say so"
            refuse(message, message, "encoding", "save the file as UTF-8")

    def opened(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_NESTING:
            refuse(
                f"elements nest more than {MAX_NESTING} deep", name, "nesting", "give the inner nodes IRIs"
            )

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    screen.XmlDeclHandler = declared
    screen.StartDoctypeDeclHandler = doctype
    screen.StartElementHandler = opened
    screen.EndElementHandler = closed
    try:
        screen.Parse(text, True)
    except xml.parsers.expat.ExpatError as error:
        place = Place(xml.parsers.expat.ErrorString(error.code), "syntax", error.lineno, error.offset + 1)
        raise SyntaxProblem(f"line {place.line}, column {place.column}: {place.message}", (place,)) from error


def screen_json(text: str) -> None:
    """Find JSON errors with line and column; refuse deep nesting, remote contexts and named graphs."""
    deep = SyntaxProblem(
        f"the JSON nests more than {MAX_NESTING} deep",
        (Place("nested too deep", "nesting", help="give the inner nodes an @id"),),
    )
    try:
        document = json.loads(text, parse_int=str, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = Place(error.msg, "syntax", error.lineno, error.colno)
        raise SyntaxProblem(f"line {error.lineno}, column {error.colno}: {error.msg}", (place,)) from error
    except RecursionError as error:
        raise deep from error
    stack: list[tuple[Any, int]] = [(document, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_NESTING:
            raise deep
        if isinstance(node, dict):
            _screen_object(node)
            stack.extend((value, depth + 1) for value in node.values())
        elif isinstance(node, list):
            stack.extend((value, depth + 1) for value in node)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. What is said twice is refused: readers differ in which of the two they take."""
    made = dict(pairs)
    if len(made) < len(pairs):
        (key, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        message = f"{key[:200]!r} is there twice in one object"
        place = Place(message, "duplicate-key", value=key[:200], help="put the values into one list")
        raise SyntaxProblem(f"{message}; put the values into one list", (place,))
    return made


def _screen_object(node: dict[str, Any]) -> None:
    for context in _contexts(node):
        if isinstance(context, str):
            raise InputError(
                f"the context {context!r} is remote; contexts are not fetched. Put it into the document "
                "(the one of InfraShare is at /context.jsonld)"
            )
        if isinstance(context, dict):
            if "@import" in context:
                raise InputError(
                    f"the @context imports {context['@import']!r}; contexts are not fetched. Put it into the document"
                )
            if len(context) > MAX_CONTEXT_TERMS:
                raise InputError(f"the @context has more than {MAX_CONTEXT_TERMS:,} terms")
    if "@graph" in node and "@id" in node:
        raise InputError("named graphs (@graph with @id) are not taken; send one graph")


def _contexts(node: dict[str, Any]) -> Iterator[Any]:
    context = node.get("@context", [])
    yield from context if isinstance(context, list) else [context]
