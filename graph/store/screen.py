"""The screen before public queries: what is refused before any parser sees it."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from graph.errors import InputError, Place, Refused, SyntaxProblem, TooLarge

_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UNARY: Final = frozenset("!+-^")
_GRAPH_WORDS: Final = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_TERMS: Final = frozenset({"variable", "iri", "name"})
_OPERANDS: Final = _TERMS | {"string", "long", "word"}
_TOKEN = re.compile(
    r"""
    \s*+ (?:
    (?P<comment>\#[^\r\n]*)
  | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
  | (?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*''')
  | (?P<string>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<name>\w*:(?:[\w.:%-]|\\.)*)
  | (?P<word>@?\w+)
  | (?P<open>[\[({])
  | (?P<close>[\])}])
  | (?P<other>\\.|.)
  | (?P<end>\Z)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True)
class Screened:
    """A query that may run: its text, its form, and whether it names a dataset of its own by ``FROM``.

    ``calls`` says whether it calls services that are allowed; relative IRIs are meant against ``base``.
    """

    text: str
    form: str
    has_dataset: bool
    calls: bool = False
    base: str | None = None


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    in_parentheses: bool

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


def screen(query: str, max_bytes: int, max_nesting: int, services: frozenset[str] = frozenset()) -> Screened:
    """What a query is, if it may run at all; it may call the ``services`` only, by their full IRIs.

    Raises ``TooLarge``; ``Refused`` for updates, ``LOAD`` and ``SERVICE``, told apart from the same words in
    strings, comments, IRIs and names; ``InputError`` for deep nesting, which can end a process while parsing.

    The engine's grammar asks for no space between tokens: ``1e5SERVICE<…>`` and ``SERVICEx:y{`` are service
    calls to it, and ``?a<?b#>`` is a comparison with a comment. The screen refuses what can be read in a way
    that calls a service, even where another reading does not.
    """
    if len(query.encode("utf-8", "surrogatepass")) > max_bytes:
        raise TooLarge(f"the query has more than {max_bytes:,} bytes; shorten it or fetch a dump")
    tokens = _tokens(query, max_nesting)
    calls = _refuse_services(query, tokens, services)
    _refuse_two_readings(query, tokens)
    form = ""
    has_dataset = False
    depth = 0
    for token in tokens:
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
        if not (word := token.word):
            continue
        if not form and word in _FORMS:
            form = word
        elif not form and word.startswith(_UPDATES):
            raise _refused(
                query,
                token,
                f"{token.text} is an update; the public dataset changes only by contributions",
                "update-refused",
            )
        elif form and depth == 0 and word.startswith("FROM"):
            has_dataset = True
    if not form:
        raise SyntaxProblem(
            "no query form was found; begin with SELECT, ASK, CONSTRUCT or DESCRIBE",
            (Place("no query form", "syntax", 1, 1),),
        )
    return Screened(query, form, has_dataset, calls)


def _line(query: str, start: int) -> int:
    return query.count("\n", 0, start) + 1


def _refused(query: str, token: _Token, what: str, code: str) -> Refused:
    line = _line(query, token.start)
    return Refused(f"line {line}: {what}", (Place(what, code, line, value=token.text[:200]),))


def _tokens(query: str, max_nesting: int) -> list[_Token]:
    """The tokens but for space and comments. Raises ``InputError`` where they nest too deep."""
    tokens: list[_Token] = []
    stack: list[str] = []
    unary = 0
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "other"
        if kind in {"comment", "end"}:
            continue
        text = match[kind]
        unary = unary + 1 if text in _UNARY else 0
        inside = bool(stack) and stack[-1] == "("
        token = _Token(kind, text, match.start(kind), inside)
        if kind == "open":
            stack.append(text)
        elif kind == "close" and stack:
            stack.pop()
        hidden = text.count("(") + text.count("[") if kind == "iri" else 0  # no other bracket can be in one
        if len(stack) + hidden > max_nesting or unary > max_nesting:
            line = _line(query, token.start)
            raise InputError(
                f"line {line}: brackets or operators nest more than {max_nesting} deep; write the query flatter",
                (Place("nested too deep", "nesting", line),),
            )
        tokens.append(token)
    return tokens


def _refuse_services(query: str, tokens: Sequence[_Token], allowed: frozenset[str]) -> bool:
    """Whether it calls services that are allowed. Raises ``Refused`` where it can be read as calling another one."""
    why = "SERVICE is not allowed: this endpoint makes no requests to others"
    if allowed:
        why = (
            f"SERVICE is allowed only for {', '.join(f'<{iri}>' for iri in sorted(allowed))}, written as such"
        )
    calls = False
    if "SERVICE" not in query.upper() and "service" not in query.lower():
        return calls
    for position, token in enumerate(tokens):
        if token.word == "SERVICE" and _called(tokens, position) in allowed:
            calls = True
            continue
        if token.kind == "word" and "SERVICE" in token.word:
            raise _refused(query, token, why, "service-refused")
        if token.kind == "name" and "service" in token.text.lower() and _calls(tokens, position):
            remedy = f"{why}; if it is a name, put a full stop after the triple"
            raise _refused(query, token, remedy, "service-refused")
        if token.kind == "iri" and token.in_parentheses and _hides_call(token.text.lower()):
            raise _refused(query, token, why, "service-refused")
    return calls


def _called(tokens: Sequence[_Token], position: int) -> str:
    """The IRI that a call names, or nothing."""
    following = [token for token in tokens[position + 1 : position + 3] if token.word != "SILENT"]
    return following[0].text[1:-1] if following and following[0].kind == "iri" else ""


def _hides_call(iri: str) -> bool:
    """Whether ``<…)service…#…>`` read as a comparison would end a bracket, call a service and comment out the rest."""
    bracket = iri.find(")")
    word = iri.find("service", bracket) if bracket >= 0 else -1
    return word >= 0 and "#" in iri[word:]


def _calls(tokens: Sequence[_Token], position: int) -> bool:
    """Whether a name that holds the word stands where a service call would: before a term and a group."""
    following = list(tokens[position + 1 : position + 4])
    if following and following[0].text == "{":
        return position == 0 or tokens[position - 1].word not in _GRAPH_WORDS
    if following and following[0].word.startswith("SILENT"):
        return True
    return len(following) > 1 and following[0].kind in _TERMS and following[1].text == "{"


def _refuse_two_readings(query: str, tokens: Sequence[_Token]) -> None:
    """Raise ``InputError`` where ``<…#…>`` after an operand may be a comparison with a comment behind it.

    Both readings agree again at the end of the line, unless a string that begins on it goes on.
    """
    suspect: _Token | None = None
    line_end = -1
    for before, token in itertools.pairwise(tokens):
        if suspect is not None and token.start > line_end:
            suspect = None
        if suspect is not None and token.kind == "long" and token.start + len(token.text) > line_end:
            line = _line(query, suspect.start)
            raise InputError(
                f"line {line}: {suspect.text[:80]} can be read in two ways; put the long string on a line of its own",
                (Place("an IRI or a comparison", "ambiguous", line, value=suspect.text[:200]),),
            )
        may_compare = before.kind in _OPERANDS or before.text == ")"
        if may_compare and token.kind == "iri" and token.in_parentheses and "#" in token.text:
            suspect = token
            found = _LINE_END.search(query, token.start)
            line_end = found.start() if found else len(query)
