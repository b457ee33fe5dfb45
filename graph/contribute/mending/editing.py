"""Edits of a partner's own Turtle or N-Triples: terms exchanged, statements added and taken out, all else left alone.

Comments, order, prefixes and layout stay. Where a wrong prefix stands behind many terms, its line is mended.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.mending.source import Source
from graph.contribute.mending.suggestion import Mend
from graph.iris import RDF, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_-])?", re.ASCII)
_SHORT = {
    XSD["integer"]: re.compile(r"[+-]?\d+"),
    XSD["decimal"]: re.compile(r"[+-]?\d*\.\d+"),
    XSD["boolean"]: re.compile(r"true|false"),
}
_TYPE = RDF["type"]


class Uneditable(Exception):  # noqa: N818 - says what the text is
    """The mends cannot be made in the text as it stands."""


@dataclass
class _Edits:
    """What is to be changed: terms by their token, cuts and insertions by offset."""

    terms: dict[int, object] = field(default_factory=dict)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    additions: dict[int, list[tuple[NamedNode, object]]] = field(default_factory=lambda: defaultdict(list))


def edited(text: str, base_iri: str, mends: Sequence[Mend], *, lines_only: bool) -> str:
    """The text with the mends made in it. ``lines_only`` is for N-Triples.

    Raises ``Uneditable`` where that cannot be done.
    """
    return _Editor(Source(text, base_iri), lines_only).edited(mends)


class _Editor:
    def __init__(self, source: Source, lines_only: bool) -> None:
        self._source = source
        self._lines_only = lines_only

    def edited(self, mends: Iterable[Mend]) -> str:
        edits = _Edits()
        cut: set[int] = set()
        for mend in mends:
            if len(mend.add) == len(mend.remove):
                for old, new in zip(mend.remove, mend.add, strict=True):
                    self._exchange(old, new, edits)
                continue
            for old in mend.remove:
                places = self._source.said.get(old)
                if not places:
                    raise Uneditable
                cut.update(said.value for said in places)
            for new in mend.add:
                self._add(new, edits)
        self._cut(cut, edits)
        return self._written(edits)

    def _exchange(self, old: Triple, new: Triple, edits: _Edits) -> None:
        places = self._source.said.get(old)
        if not places:
            raise Uneditable
        for said in places:
            for token, before, after in (
                (said.subject, old.subject, new.subject),
                (said.predicate, old.predicate, new.predicate),
                (said.value, old.object, new.object),
            ):
                if before != after and edits.terms.setdefault(token, after) != after:
                    raise Uneditable

    def _add(self, new: Triple, edits: _Edits) -> None:
        """Put a statement before the first one about its subject that says more than the type, else after the last."""
        about = sorted(self._source.about.get(new.subject, ()), key=lambda said: said.value)
        about = [said for said in about if said.subject == about[0].subject]
        if not about:
            raise Uneditable
        if self._lines_only:
            at = self._source.tokens[about[0].subject][2]
            edits.additions[at].append((new.predicate, new))
            return
        rest = [said for said in about if said.triple.predicate != _TYPE]
        at = self._source.tokens[rest[0].predicate][2] if rest else -self._source.end_of(about[-1].value)
        edits.additions[at].append((new.predicate, new.object))

    def _cut(self, values: set[int], edits: _Edits) -> None:
        for predicate in {self._source.predicate_of(value) for value in values}:
            objects = sorted(self._source.lists[predicate], key=lambda said: said.value)
            kept = [said for said in objects if said.value not in values]
            if not kept:
                edits.cuts.append(self._whole(predicate, objects[-1].value))
                continue
            for number, said in enumerate(objects):
                if said.value not in values:
                    continue
                if said.value < kept[0].value:
                    start, end = (
                        self._source.starts[said.value],
                        self._source.starts[objects[number + 1].value],
                    )
                else:
                    start, end = (
                        self._source.end_of(objects[number - 1].value),
                        self._source.end_of(said.value),
                    )
                edits.cuts.append((start, end))

    def _whole(self, predicate: int, last: int) -> tuple[int, int]:
        """The range of a predicate with all its objects and the semicolon that goes with it."""
        start, end = self._source.starts[predicate], self._source.end_of(last)
        after = self._source.token_at(end)
        if self._lines_only:
            return self._source.starts[predicate - 1], self._source.end_of_line(end)
        if self._source.tokens[after][1] == ";":
            end = self._source.starts[after] + 1
            blank = re.compile(r"[ \t]*(?:\r?\n[ \t]*)?").match(self._source.text, end)
            return start, blank.end() if blank else end
        if self._source.tokens[predicate - 1][1] == ";":
            return self._source.starts[predicate - 1], end
        if self._source.tokens[predicate - 1][1] == "[" and self._source.tokens[after][1] == "]":
            return start, end  # an unnamed node of which nothing is said any more stays
        first = predicate < 2 or self._source.tokens[predicate - 2][0] == "stop"
        if first and self._source.tokens[after][0] == "stop":
            return self._source.starts[predicate - 1], self._source.end_of_line(self._source.starts[after])
        raise Uneditable

    def _written(self, edits: _Edits) -> str:
        changed = self._directives_changed(edits)
        changes: list[tuple[int, int, str]] = [(start, end, "") for start, end in _joined(edits.cuts)]
        for token, namespace in changed.items():
            start = self._source.starts[token]
            changes.append((start, start + len(self._source.tokens[token][1]), f"<{namespace}>"))
        for token, term in edits.terms.items():
            prefixes = self._prefixes(self._source.starts[token], changed)
            changes.append(
                (self._source.starts[token], self._source.end_of(token), self._term(term, prefixes))
            )
        for place, said in edits.additions.items():
            at = abs(place)
            prefixes = self._prefixes(at, changed)
            changes.append((at, at, self._added(place, said, prefixes)))
        out, at = [], 0
        for start, end, new in sorted(changes, key=lambda change: (change[0], change[1])):
            if start < at:
                raise Uneditable
            out += [self._source.text[at:start], new]
            at = end
        return "".join([*out, self._source.text[at:]])

    def _added(
        self, place: int, said: Sequence[tuple[NamedNode, object]], prefixes: Mapping[str, str]
    ) -> str:
        if self._lines_only:
            return "".join(f"{triple} .\n" for _, triple in said)
        pairs = [
            f"{'a' if predicate == _TYPE else self._term(predicate, prefixes)} {self._term(value, prefixes)}"
            for predicate, value in said
        ]
        if place < 0:
            return "".join(f" ; {pair}" for pair in pairs)
        line = self._source.text[self._source.text.rfind("\n", 0, place) + 1 : place]
        separator = " " if line.strip() else f"\n{line}"
        return "".join(f"{pair} ;{separator}" for pair in pairs)

    def _directives_changed(self, edits: _Edits) -> dict[int, str]:
        """Namespaces to mend in their own line: those behind terms that all move to one other namespace.

        The terms that this mends are taken out of the edits.
        """
        changed: dict[int, str] = {}
        for directive in self._source.directives:
            users = self._source.users(directive)
            moves = {self._moved(token, self._new(token, edits)) for token in users}
            if users and len(moves) == 1 and (namespace := moves.pop()) is not None:
                changed[directive.token] = namespace
                for token in users:
                    self._take_out(token, edits)
        return changed

    def _new(self, token: int, edits: _Edits) -> object:
        """What is to stand in the place of a name, on its own or as the datatype of a literal."""
        if self._source.tokens[token - 1][0] != "caret":
            return edits.terms.get(token)
        literal = edits.terms.get(token - 2)
        return literal.datatype if isinstance(literal, Literal) else None

    def _take_out(self, token: int, edits: _Edits) -> None:
        if self._source.tokens[token - 1][0] != "caret":
            del edits.terms[token]
            return
        literal = edits.terms.get(token - 2)
        old = {said.triple.object for said in self._source.values[token - 2]}
        if isinstance(literal, Literal) and {v.value for v in old if isinstance(v, Literal)} == {
            literal.value
        }:
            del edits.terms[token - 2]

    def _moved(self, token: int, term: object) -> str | None:
        """The namespace that would turn a prefixed name into the term."""
        local = re.sub(r"\\(.)", r"\1", self._source.tokens[token][1].partition(":")[2])
        if not isinstance(term, NamedNode) or not term.value.endswith(local):
            return None
        return term.value[: len(term.value) - len(local)]

    def _prefixes(self, offset: int, changed: Mapping[int, str]) -> dict[str, str]:
        """The prefixes in force at an offset."""
        return {
            d.prefix: changed.get(d.token, d.namespace)
            for d in self._source.directives
            if self._source.starts[d.token] < offset
        }

    def _term(self, term: object, prefixes: Mapping[str, str]) -> str:
        if self._lines_only or isinstance(term, BlankNode):
            return str(term)
        if isinstance(term, NamedNode):
            fitting = [
                (len(base), f"{prefix}{term.value[len(base) :]}")
                for prefix, base in prefixes.items()
                if base and term.value.startswith(base) and _LOCAL.fullmatch(term.value[len(base) :])
            ]
            return max(fitting)[1] if fitting else str(term)
        if isinstance(term, Literal) and not term.language and term.datatype != XSD["string"]:
            short = _SHORT.get(term.datatype)
            if short is not None and short.fullmatch(term.value):
                return term.value
            return f"{Literal(term.value)}^^{self._term(term.datatype, prefixes)}"
        return str(term)


def _joined(cuts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cuts without overlaps: neighbours share the semicolon between them."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(cuts):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
