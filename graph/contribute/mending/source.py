"""A Turtle or N-Triples text as its tokens, with where each statement and each prefix stands."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Triple

from graph.contribute.reading.blank_nodes import skolemise
from graph.contribute.reading.lines import LineIndex, tokens

_PAIRS = {"[": "]", "(": ")"}


@dataclass(frozen=True)
class Directive:
    """A line that declares a prefix: from where it is in force, and the token of its namespace."""

    prefix: str
    namespace: str
    token: int


@dataclass
class Said:
    """Where a triple stands: the tokens of subject, predicate and object."""

    triple: Triple
    subject: int
    predicate: int
    value: int


class Source:
    """The tokens of a text, and the tokens of each statement in it."""

    def __init__(self, text: str, base_iri: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.starts = [token[2] for token in self.tokens]
        placed = list(LineIndex(text, base_iri).placed())
        self.said: dict[Triple, list[Said]] = defaultdict(list)
        self.about: dict[object, list[Said]] = defaultdict(list)
        self.lists: dict[int, list[Said]] = defaultdict(list)
        self._predicates: dict[int, int] = {}
        for triple, (_, subject_at, object_at) in zip(skolemise([p[0] for p in placed]), placed, strict=True):
            value = self.token_at(object_at)
            said = Said(triple, self.token_at(subject_at), self.predicate_of(value), value)
            self.said[triple].append(said)
            self.about[triple.subject].append(said)
            self.lists[said.predicate].append(said)
        self.directives = list(self._declared())

    def token_at(self, offset: int) -> int:
        """The token that begins at an offset, or the next one after it."""
        return bisect_left(self.starts, offset)

    def predicate_of(self, value: int) -> int:
        """The token of the predicate that an object belongs to: before it, and before other objects of its list."""
        passed, first = [value], value
        while first - 1 > 0 and self.tokens[first - 1][1] == "," and first not in self._predicates:
            first = self._first(first - 2)
            passed.append(first)
        found = self._predicates.get(first, first - 1)
        self._predicates.update(dict.fromkeys(passed, found))
        return found

    def _first(self, last: int) -> int:
        """The first token of the term that ends with a token."""
        kind, text, _ = self.tokens[last]
        if text in {"]", ")"}:
            depth = 0
            for at in range(last, -1, -1):
                depth += (self.tokens[at][1] in {"]", ")"}) - (self.tokens[at][1] in {"[", "("})
                if depth == 0:
                    return at
        if kind == "lang":
            return last - 1
        return last - 2 if last >= 2 and self.tokens[last - 1][0] == "caret" else last

    def end_of(self, first: int) -> int:
        """The offset behind the term that begins with a token."""
        last, (kind, text, _) = first, self.tokens[first]
        if text in _PAIRS:
            depth = 0
            for at in range(first, len(self.tokens)):
                depth += (self.tokens[at][1] in _PAIRS) - (self.tokens[at][1] in {"]", ")"})
                if depth == 0:
                    last = at
                    break
        elif kind in {"string", "long"} and first + 1 < len(self.tokens):
            following = self.tokens[first + 1][0]
            last = first + {"lang": 1, "caret": 2}.get(following, 0)
        return self.tokens[last][2] + len(self.tokens[last][1])

    def _declared(self) -> Iterable[Directive]:
        for number, (kind, text, _) in enumerate(self.tokens[:-2]):
            if kind in {"lang", "word"} and text.lower() in {"@prefix", "prefix"}:
                name, iri = self.tokens[number + 1], self.tokens[number + 2]
                if name[0] == "name" and name[1].endswith(":") and iri[0] == "iri":
                    yield Directive(name[1], iri[1][1:-1], number + 2)

    def users(self, directive: Directive) -> list[int]:
        """The tokens that are written with a prefix, from its declaration up to the next of the same prefix."""
        following = [
            d.token for d in self.directives if d.prefix == directive.prefix and d.token > directive.token
        ]
        end = (following[0] - 2) if following else len(self.tokens)
        return [number for number in self._by_prefix[directive.prefix] if directive.token < number < end]

    @cached_property
    def _by_prefix(self) -> Mapping[str, list[int]]:
        users: dict[str, list[int]] = defaultdict(list)
        for number, (kind, text, _) in enumerate(self.tokens):
            if kind == "name":
                users[text.partition(":")[0] + ":"].append(number)
        return users

    @cached_property
    def values(self) -> Mapping[int, list[Said]]:
        """The statements by the token of their object."""
        values: dict[int, list[Said]] = defaultdict(list)
        for places in self.said.values():
            for said in places:
                values[said.value].append(said)
        return values

    def end_of_line(self, at: int) -> int:
        """The offset behind the dot at or after an offset, and behind the line's end where nothing follows."""
        dot = self.text.index(".", at) + 1
        blank = re.compile(r"[ \t]*\r?\n").match(self.text, dot)
        return blank.end() if blank else dot
