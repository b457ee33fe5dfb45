"""Where each triple stands in a Turtle or N-Triples document: line and column of its object.

The engine's parser says what a document means but not where. This reader goes over a document that the parser
has already accepted and yields each triple with its place; blank nodes are then skolemised exactly as those of
the parser were, so that the same triple has the same terms on both sides.

Grammar: https://www.w3.org/TR/turtle/#sec-grammar. Columns count characters from 1, as editors do.
"""

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.parse import skolemise
from graph.iris import RDF, XSD

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[ \t\r\n]+|\#[^\r\n]*)+)
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*''')
  | (?P<string>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<caret>\^\^)
  | (?P<number>[+-]?(?:\d+\.\d*(?:[eE][+-]?\d+)?|\.?\d+(?:[eE][+-]?\d+)?)(?![\w:]))
  | (?P<bnode>_:[\w][\w.\-·]*(?<!\.))
  | (?P<name>(?:[^\W\d_][\w.\-·]*(?<!\.))?:(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]|\.(?=[\w:\-%\\.]))*)
  | (?P<word>[A-Za-z]+)
  | (?P<punct>[\[\]();,.])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_Statements = Generator[tuple[Triple, int, int], None, Any]
_TYPE, _FIRST, _REST, _NIL = RDF["type"], RDF["first"], RDF["rest"], RDF["nil"]


@dataclass(frozen=True)
class Position:
    """A place in a text, both counted from 1."""

    line: int
    column: int


class LineIndex:
    """Places of triples, of subjects, and of any statement of a subject with a predicate."""

    def __init__(self, text: str, base_iri: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        places = list(_Reader(text, base_iri).statements())
        triples = skolemise([triple for triple, _, _ in places])
        self._triples: dict[Triple, int] = {}
        self._pairs: dict[tuple[object, object], int] = {}
        self._subjects: dict[object, int] = {}
        self._mentions: dict[object, tuple[object, int]] = {}
        for triple, (_, subject_at, object_at) in zip(triples, places, strict=True):
            self._triples.setdefault(triple, object_at)
            self._pairs.setdefault((triple.subject, triple.predicate), object_at)
            self._subjects.setdefault(triple.subject, subject_at)
            for term, at in ((triple.subject, subject_at), (triple.predicate, object_at), (triple.object, object_at)):
                self._mentions.setdefault(term, (triple.subject, at))

    def _position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def find(
        self, subject: object, predicate: object | None = None, value: object | None = None
    ) -> Position | None:
        """The place of the triple; else of the subject's first statement with the predicate; else of the subject."""
        offset: int | None = None
        if predicate is not None and value is not None:
            offset = self._triples.get(Triple(subject, predicate, value))  # type: ignore[arg-type]
        if offset is None and predicate is not None and value is None:
            offset = self._pairs.get((subject, predicate))
        if offset is None:
            offset = self._subjects.get(subject)
        return None if offset is None else self._position(offset)

    def mention(self, term: object) -> tuple[object, Position] | None:
        """The subject of the first statement that has the term, and the statement's place."""
        found = self._mentions.get(term)
        return None if found is None else (found[0], self._position(found[1]))


class _Reader:
    """Reads statements; raises ``StopIteration`` quietly at the end of the text."""

    def __init__(self, text: str, base_iri: str) -> None:
        self._text = text
        self._base = base_iri
        self._prefixes: dict[str, str] = {}
        self._labels: dict[str, BlankNode] = {}
        self._tokens = self._scan()
        self._token = next(self._tokens)

    def _scan(self) -> Iterator[tuple[str, str, int]]:
        offset = 0
        while offset < len(self._text):
            match = _TOKEN.match(self._text, offset)
            if match is None:
                break
            if match.lastgroup != "space":
                yield match.lastgroup or "", match[0], offset
            offset = match.end()
        yield "end", "", len(self._text)

    def _next(self) -> tuple[str, str, int]:
        token = self._token
        self._token = next(self._tokens, ("end", "", len(self._text)))
        return token

    def statements(self) -> Iterator[tuple[Triple, int, int]]:
        """All triples with the offsets of their subject and of their object."""
        while self._token[0] != "end":
            kind, text, at = self._token
            if text in {"@prefix", "@base"} or (kind == "word" and text.lower() in {"prefix", "base"}):
                self._directive(self._next()[1])
                continue
            if text == "[":
                self._next()
                subject = BlankNode()
                yield from self._predicates(subject, at)
                self._next()
            elif text == "(":
                subject = yield from self._collection()
            else:
                subject = self._term()
            if self._token[1] != ".":
                yield from self._predicates(subject, at)
            self._next()

    def _directive(self, word: str) -> None:
        if word.lower().endswith("prefix"):
            name = self._next()[1].removesuffix(":")
            self._prefixes[name] = self._iri(self._next()[1])
        else:
            self._base = self._iri(self._next()[1])
        if word.startswith("@"):
            self._next()

    def _predicates(self, subject: object, subject_at: int) -> Iterator[tuple[Triple, int, int]]:
        """Predicates and objects of a subject, up to but without the closing ``.`` or ``]``."""
        while self._token[1] not in {".", "]"} and self._token[0] != "end":
            if self._token[1] == ";":
                self._next()
                continue
            if self._token[:2] == ("word", "a"):
                self._next()
                predicate: object = _TYPE
            else:
                predicate = self._term()
            while True:
                at = self._token[2]
                value = yield from self._object()
                yield Triple(subject, predicate, value), subject_at, at  # type: ignore[arg-type]
                if self._token[1] != ",":
                    break
                self._next()

    def _object(self) -> _Statements:
        if self._token[1] == "[":
            at = self._next()[2]
            node = BlankNode()
            yield from self._predicates(node, at)
            self._next()
            return node
        if self._token[1] == "(":
            return (yield from self._collection())
        return self._term()

    def _collection(self) -> _Statements:
        opened = self._next()[2]
        head: object = _NIL
        last: BlankNode | None = None
        while self._token[1] != ")" and self._token[0] != "end":
            at = self._token[2]
            value = yield from self._object()
            cell = BlankNode()
            if last is None:
                head = cell
            else:
                yield Triple(last, _REST, cell), opened, at
            yield Triple(cell, _FIRST, value), opened, at  # type: ignore[arg-type]
            last = cell
        closed = self._next()[2]
        if last is not None:
            yield Triple(last, _REST, _NIL), opened, closed
        return head

    def _term(self) -> NamedNode | BlankNode | Literal:
        kind, text, _ = self._next()
        if kind == "iri":
            return NamedNode(self._iri(text))
        if kind == "name":
            return NamedNode(self._expand(text))
        if kind == "bnode":
            return self._labels.setdefault(text, BlankNode())
        if kind in {"string", "long"}:
            return self._literal(text[3:-3] if kind == "long" else text[1:-1])
        if kind == "number":
            if "e" in text or "E" in text:
                return Literal(text, datatype=XSD["double"])
            return Literal(text, datatype=XSD["decimal" if "." in text else "integer"])
        return Literal(text, datatype=XSD["boolean"])

    def _literal(self, raw: str) -> Literal:
        value = _unescape(raw) if "\\" in raw else raw
        if self._token[0] == "lang":
            return Literal(value, language=self._next()[1][1:])
        if self._token[0] == "caret":
            self._next()
            datatype = self._term()
            if isinstance(datatype, NamedNode):
                return Literal(value, datatype=datatype)
        return Literal(value)

    def _iri(self, text: str) -> str:
        iri = _unescape(text[1:-1]) if "\\" in text else text[1:-1]
        return iri if _SCHEME.match(iri) else urljoin(self._base, iri)

    def _expand(self, text: str) -> str:
        prefix, _, local = text.partition(":")
        return self._prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)





def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])

    return _ESCAPE.sub(character, text)
