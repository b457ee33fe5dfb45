"""Queries that look at terms one by one: their rows follow from which terms stand where, not from the statements.

``{ ?s ?p ?value } UNION { ?value ?p ?o } FILTER (STRSTARTS(STR(?value), "http://schema.org/"))`` is such a query. Any
graph with the same subjects, predicates, objects and classes gives the same rows, so a smaller one can be asked.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.iris import RDF

_VALUE: Final = "?value"
_TYPE: Final = RDF["type"]
_TEXT: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>')
_TOKEN: Final = re.compile(r"[{}().]|[?$]\w+|[^\s{}().?$]+")
_BODY: Final = re.compile(r"\bSELECT\s+(?:DISTINCT\s+)?[?$]this\s+\?value\s+WHERE\s*(\{.*\})\s*$", re.DOTALL)


def is_scan(query: str) -> bool:
    """Whether a query takes ``?value`` from one triple pattern at a time and chooses among the values by themselves.

    Only what is surely so is taken for it: nested groups, ``UNION``, ``FILTER`` and ``BIND`` on ``?value`` alone.
    """
    body = _BODY.search(_TEXT.sub('""', query))
    if body is None or "#" in body[1] or "'" in body[1]:
        return False
    group = _Group(_TOKEN.findall(body[1]))
    try:
        return group.is_scan() and group.is_at_end
    except IndexError:
        return False


class _Group:
    """The tokens of a group, read from the front."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens[::-1]

    @property
    def is_at_end(self) -> bool:
        return not self._tokens

    def is_scan(self) -> bool:
        """Whether the group, to its closing brace, has one source of values, and nothing but conditions on them."""
        if self._tokens.pop() != "{":
            return False
        sources = 0
        known = {_VALUE}
        while (word := self._tokens.pop()) != "}":
            if word == "{":
                self._tokens.append(word)
                if not self._union():
                    return False
                sources += 1
            elif word == "FILTER":
                if not self._expression(known):
                    return False
            elif word == "BIND":
                if not self._expression(known, naming=True):
                    return False
            elif self._takes_one(word):
                sources += 1
            else:
                return False
        return sources == 1

    def _union(self) -> bool:
        scans = self.is_scan()
        while scans and self._tokens[-1] == "UNION":
            self._tokens.pop()
            scans = self.is_scan()
        return scans

    def _expression(self, known: set[str], naming: bool = False) -> bool:
        """An expression in parentheses that needs nothing but what is known; it may name its outcome."""
        if self._tokens.pop() != "(":
            return False
        depth, inner = 1, []
        while depth:
            word = self._tokens.pop()
            depth += (word == "(") - (word == ")")
            inner.append(word)
        if naming:
            if inner[-3] != "AS" or inner[-2] in known:
                return False
            new = inner[-2]
            inner = inner[:-3]
        variables = {word for word in inner if word[0] in "?$"}
        if not variables <= known or "{" in inner:
            return False
        if naming:
            known.add(new)
        return True

    def _takes_one(self, subject: str) -> bool:
        """A triple pattern of three different variables, or of a variable and its classes."""
        terms = (subject, self._tokens.pop(), self._tokens.pop())
        if self._tokens[-1] == ".":
            self._tokens.pop()
        free = [term for term in terms if term.startswith("?")]
        if len(set(free)) != len(free) or _VALUE not in free or "?this" in free:
            return False
        return len(free) == 3 or (len(free) == 2 and terms[1:] == ("a", _VALUE))


def same_places(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Few triples that have each subject, predicate and object of others in its place, and the same classes.

    They stand for places alone and state nothing.
    """
    subjects: dict[NamedNode | BlankNode, None] = {}
    predicates: dict[NamedNode, None] = {}
    objects: dict[NamedNode | BlankNode | Literal, None] = {}
    classes: dict[NamedNode | BlankNode | Literal, None] = {}
    for subject, predicate, value in triples:
        subjects[subject] = None
        (classes if predicate == _TYPE else objects)[value] = None
        predicates[predicate] = None
    predicates.pop(_TYPE, None)
    first, links, last, kinds = list(subjects), list(predicates), list(objects), list(classes)
    for number in range(max(len(first), len(links), len(last)) if links else 0):
        yield Triple(first[number % len(first)], links[number % len(links)], last[number % len(last)])
    for number in range(len(kinds) if links else max(len(first), len(kinds))):
        yield Triple(first[number % len(first)], _TYPE, kinds[number % len(kinds)])
