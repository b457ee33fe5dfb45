"""Where each triple stands in a Turtle or N-Triples document: line and column of its object.

The engine's parser says what a document means but not where. A document that the parser has accepted is cut into
statements once; those of a subject are read when the subject is asked for, and their blank nodes get the names that
they have in the whole document. So the places of a few triples in a large document cost little.

Grammar: https://www.w3.org/TR/turtle/#sec-grammar. Columns count characters from 1, as editors do.
"""

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.reading.position import Lines, Offsets, Placed, Position
from graph.contribute.reading.relative import is_absolute, resolve
from graph.iris import GENID, RDF, XSD

_CHAR = r"[-0-9A-Za-z_\x80-\U0010FFFF]"
_TOKENS: Final = {
    "space": r"(?:[ \t\r\n]++|\#[^\r\n]*+)++",
    "iri": r'<[^<>"{}|^`\x00-\x20]*+>',
    "long": r'"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+\'\'\'',
    "string": r'"(?:[^"\\\r\n]|\\.)*+"|\'(?:[^\'\\\r\n]|\\.)*+\'',
    "lang": r"@[A-Za-z]+(?:-{1,2}[A-Za-z0-9]+)*+",
    "caret": r"\^\^",
    "bnode": rf"_:{_CHAR}++(?:\.++{_CHAR}++)*+",
    "name": rf"(?:[A-Za-z\x80-\U0010FFFF](?:{_CHAR}|\.(?=\.*{_CHAR}))*+)?"
    rf":(?:(?:{_CHAR}|:|%[0-9A-Fa-f]{{2}}|\\.)(?:{_CHAR}|:|%[0-9A-Fa-f]{{2}}|\\.|\.(?=\.*(?:{_CHAR}|[:%\\])))*+)?",
    "number": r"[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)",
    "word": r"[A-Za-z]++",
    "punct": r"[\[\]();,]",
}
_TOKEN = re.compile(
    "|".join(f"(?P<{kind}>{form})" for kind, form in _TOKENS.items()) + r"|(?P<stop>\.)", re.DOTALL
)
_STATEMENT = re.compile("(?:" + "|".join(_TOKENS.values()) + r")*+\.", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_DIRECTIVES = {"@prefix", "@base", "@version"}
_TYPE, _FIRST, _REST, _NIL = RDF["type"], RDF["first"], RDF["rest"], RDF["nil"]

Token = tuple[str, str, int]
_Statements = Generator[Placed, None, Any]
_SKOLEM = GENID.base.rsplit("/", 2)[1]


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a Turtle text without space and comments: kind, text and offset."""
    return (
        (match.lastgroup or "", match[0], match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "space"
    )


@dataclass(frozen=True)
class _Scope:
    """The prefixes and the base in force at a place."""

    base: str
    prefixes: dict[str, str] = field(default_factory=dict)

    def iri(self, text: str) -> str:
        iri = _unescape(text[1:-1])
        named = None if is_absolute(iri) else resolve(self.base, iri)
        return named.value if named else iri

    def expand(self, text: str) -> str:
        prefix, _, local = text.partition(":")
        return self.prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)

    def after(self, directive: Iterable[Token]) -> "_Scope":
        word, *rest = (text for kind, text, _ in directive if kind not in {"space", "stop"})
        if word.lower().endswith("prefix"):
            return _Scope(self.base, {**self.prefixes, rest[0].removesuffix(":"): self.iri(rest[1])})
        return _Scope(self.iri(rest[0]), self.prefixes) if word.lower().endswith("base") else self


@dataclass(frozen=True)
class _Statement:
    start: int
    end: int
    scope: _Scope


class LineIndex:
    """Places of the triples of a document."""

    def __init__(self, text: str, base_iri: str) -> None:
        self._text = text
        self._about: dict[str, list[_Statement]] = defaultdict(list)
        self._all: list[_Statement] = []
        self._connected = "_:" in text or _SKOLEM in text
        self._read: dict[str | None, Offsets] = {}
        self._cut(_Scope(base_iri))

    def _cut(self, scope: _Scope) -> None:
        """Cut the text into statements, by subject. Blank nodes that may be shared tie all of them together."""
        at = 0
        while (token := self._token(at)) is not None:
            kind, text, at = token
            if kind in {"space", "stop"}:
                at += len(text)
                continue
            if text in _DIRECTIVES or (kind == "word" and f"@{text.lower()}" in _DIRECTIVES):
                directive = list(self._some_tokens(at, 3 if text.lower().endswith("prefix") else 2))
                scope = scope.after(directive)
                last = directive[-1]
                at = last[2] + len(last[1])
                continue
            found = _STATEMENT.match(self._text, at)
            end = found.end() if found else len(self._text)
            statement = _Statement(at, end, scope)
            self._all.append(statement)
            if kind == "iri":
                self._about[scope.iri(text)].append(statement)
            elif kind == "name":
                self._about[scope.expand(text)].append(statement)
            else:
                self._connected = True
            at = end

    def _token(self, at: int) -> Token | None:
        match = _TOKEN.match(self._text, at)
        return None if match is None else (match.lastgroup or "", match[0], at)

    def _some_tokens(self, at: int, count: int) -> Iterator[Token]:
        while count and (token := self._token(at)) is not None:
            yield token
            at += len(token[1])
            count -= token[0] != "space"

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text)

    def _offsets(self, subject: NamedNode) -> Offsets:
        key = None if self._connected else subject.value
        offsets = self._read.get(key)
        if offsets is None:
            statements = self._all if key is None else self._about.get(key, [])
            labels: dict[str, BlankNode] = {}
            offsets = self._read[key] = Offsets(
                placed
                for statement in statements
                for placed in _Reader(self._text, statement, labels).statement()
            )
        return offsets

    def placed(self) -> Iterator[Placed]:
        """All triples in the order of the text, blank nodes as they are."""
        labels: dict[str, BlankNode] = {}
        for statement in self._all:
            yield from _Reader(self._text, statement, labels).statement()

    def find(
        self,
        subject: NamedNode,
        predicate: object | None = None,
        value: object | None = None,
        part_of: NamedNode | None = None,
    ) -> Position | None:
        """The place of the triple, or what comes nearest to it (see ``Places.find``)."""
        offset = self._offsets(part_of or subject).nearest(subject, predicate, value, part_of)
        return None if offset is None else self._lines.position(offset)


class _Reader:
    """Reads the triples of one statement with the offsets of their subjects and objects."""

    def __init__(self, text: str, statement: _Statement, labels: dict[str, BlankNode]) -> None:
        self._text = text
        self._statement = statement
        self._scope = statement.scope
        self._labels = labels
        self._tokens = self._scan()
        self._token = next(self._tokens)

    def _scan(self) -> Iterator[Token]:
        at, end = self._statement.start, self._statement.end
        while at < end and (match := _TOKEN.match(self._text, at)) is not None:
            if match.lastgroup != "space":
                yield match.lastgroup or "", match[0], at
            at = match.end()
        yield "end", "", at

    def _next(self) -> Token:
        token = self._token
        self._token = next(self._tokens, ("end", "", self._statement.end))
        return token

    def statement(self) -> Iterator[Placed]:
        """All triples of the statement."""
        _, text, at = self._token
        subject: object
        if text == "[":
            self._next()
            subject = BlankNode()
            yield from self._predicates(subject, at)
            self._next()
        elif text == "(":
            subject = yield from self._collection()
        else:
            subject = self._term()
        yield from self._predicates(subject, at)

    def _predicates(self, subject: object, subject_at: int) -> Iterator[Placed]:
        """Predicates and objects of a subject, up to but without the closing ``.`` or ``]``."""
        while self._token[1] != "]" and self._token[0] not in {"stop", "end"}:
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
        while self._token[1] != ")" and self._token[0] not in {"stop", "end"}:
            at = self._token[2]
            value = yield from self._object()
            cell = BlankNode()
            if last is None:
                head = cell
            else:
                yield Triple(last, _REST, cell), opened, at
            yield Triple(cell, _FIRST, value), opened, at
            last = cell
        closed = self._next()[2]
        if last is not None:
            yield Triple(last, _REST, _NIL), opened, closed
        return head

    def _term(self) -> NamedNode | BlankNode | Literal:
        kind, text, _ = self._next()
        if kind == "iri":
            return NamedNode(self._scope.iri(text))
        if kind == "name":
            return NamedNode(self._scope.expand(text))
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
        value = _unescape(raw)
        if self._token[0] == "lang":
            return Literal(value, language=self._next()[1][1:].partition("--")[0])
        if self._token[0] == "caret":
            self._next()
            datatype = self._term()
            if isinstance(datatype, NamedNode):
                return Literal(value, datatype=datatype)
        return Literal(value)


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])

    return _ESCAPE.sub(character, text) if "\\" in text else text
