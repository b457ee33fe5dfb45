"""Where each triple stands in a JSON-LD document: line and column of its value, and of a subject's ``@id``.

The document is one that the parser has accepted. It is read as far as contributions use JSON-LD; a triple that
is written in another way is shown at its subject, or at the entity that it belongs to.

Algorithms: https://www.w3.org/TR/json-ld11-api/#expansion-algorithms.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.reading.json_text import Json, Member, Members, Number, plain, scan
from graph.contribute.reading.jsonld_context import Context, Term
from graph.contribute.reading.jsonld_literal import json_literal, text_literal, typed_literal
from graph.contribute.reading.position import OffsetPlaces, Placed
from graph.iris import RDF

_TYPE, _FIRST, _REST, _NIL = RDF["type"], RDF["first"], RDF["rest"], RDF["nil"]
_PLAIN: Final = Term(None)

_Node = NamedNode | BlankNode
_Value = _Node | Literal


class KeyIndex(OffsetPlaces):
    """Places of the triples of a JSON-LD document."""

    def __init__(self, text: str, base_iri: str) -> None:
        placed = sorted(_Reader(base_iri).triples(scan(text)), key=lambda placed: placed[2])
        super().__init__(text, placed)


class _Reader:
    """Reads the triples of a document with the offsets of their subjects and values.

    Node objects wait in a queue, so that nesting costs no recursion.
    """

    def __init__(self, base_iri: str) -> None:
        self._context = Context(base_iri, base_iri)
        self._placed: list[Placed] = []
        self._labels: dict[str, BlankNode] = {}
        self._waiting: deque[tuple[_Node | None, int, Iterable[Member], Context]] = deque()

    def triples(self, document: Json) -> list[Placed]:
        """All triples that were understood."""
        for item in _items(document):
            self._node(item, self._context)
        while self._waiting:
            subject, at, members, context = self._waiting.popleft()
            for member in members:
                self._member(subject, at, member, context)
        return self._placed

    def _node(
        self, node: Json, context: Context, term: Term = _PLAIN, *, named: _Node | None = None, kind: str = ""
    ) -> tuple[_Node | None, int]:
        """The name of a node object and where it stands; what the object says is put in the queue.

        ``named`` and ``kind`` are name and type where they are keys of the object that the node object is in.
        """
        members = node.value
        if not isinstance(members, Members):
            return None, node.at
        if context.outside is not None and not _is_reference(members, context):
            context = context.outside
        if term.has_context:
            context = context.with_local(term.context)
        local = members.get("@context")
        if local is not None:
            context = context.with_local(plain(local))
        names = [*_texts(members, "@type", context), *([kind] if kind else [])]
        untyped = context
        for name in sorted(names):
            own = untyped.terms.get(name, _PLAIN)
            if own.has_context:
                context = context.with_local(own.context, holds_inside=False)
        context = context if context is untyped else replace(context, outside=untyped)
        subject, at = named, node.at
        for member in _members_of(members, context):
            if context.key(member.key) == "@id" and isinstance(member.value.value, str):
                subject, at = self._reference(member.value.value, context), member.at
                break
        else:
            subject = subject or BlankNode()
        if kind and subject is not None:
            self._say(subject, _TYPE, self._reference(kind, untyped, vocabulary=True), at, node.at)
        self._waiting.append((subject, at, members, context))
        return subject, at

    def _member(self, subject: _Node | None, at: int, member: Member, context: Context) -> None:
        """What a key of a node object says."""
        key, value = context.key(member.key), member.value
        term = context.terms.get(member.key, _PLAIN)
        if key == "@type":
            before = context.outside or context
            for item in _items(value):
                if isinstance(item.value, str):
                    kind = self._reference(item.value, before, vocabulary=True)
                    self._say(subject, _TYPE, kind, at, item.at)
        elif key in {"@graph", "@included"}:
            for item in _items(value):
                self._node(item, context)
        elif key == "@nest":
            inner = context.with_local(term.context) if term.has_context else context
            for item in _items(value):
                if isinstance(item.value, Members):
                    self._waiting.append((subject, at, item.value, inner))
        elif key == "@reverse" and isinstance(value.value, Members):
            for inverse in value.value:
                inverse_term = context.terms.get(inverse.key, _PLAIN)
                self._statements(
                    subject, at, inverse, inverse_term, context, reverse=not inverse_term.reverse
                )
        elif key is not None and not key.startswith("@"):
            self._statements(subject, at, member, term, context, reverse=term.reverse)

    def _statements(
        self, subject: _Node | None, at: int, member: Member, term: Term, context: Context, *, reverse: bool
    ) -> None:
        """The statements with one property."""
        predicate = _named(context.key(member.key))
        for value, value_at, subject_at in self._values(member.value, term, context):
            if reverse:
                self._say(value, predicate, subject, subject_at, value_at)
            else:
                self._say(subject, predicate, value, at, value_at)

    def _values(self, node: Json, term: Term, context: Context) -> Iterator[tuple[_Value | None, int, int]]:
        """The values of a property, each with its place and the place where it is named."""
        inside = node.value
        if term.coercion == "@json":
            yield json_literal(node), node.at, node.at
        elif isinstance(inside, Members) and term.containers & {"@language", "@index", "@id", "@type"}:
            for member in inside:
                for item in _items(member.value):
                    yield self._contained(member.key, item, term, context)
        elif "@list" in term.containers and not _is_list(node, context):
            yield self._list(node, node, term, context), node.at, node.at
        else:
            for item in _items(node):
                if isinstance(item.value, Members):
                    sets = [m for m in item.value if context.key(m.key) == "@set"]
                    if sets:
                        for member in sets:
                            for value in _items(member.value):
                                yield self._value(value, term, context)
                        continue
                yield self._value(item, term, context)

    def _contained(
        self, key: str, item: Json, term: Term, context: Context
    ) -> tuple[_Value | None, int, int]:
        """A value that stands under a language, an index, a name or a type."""
        expanded = context.key(key)
        if "@language" in term.containers and isinstance(item.value, str):
            return text_literal(item.value, None if expanded == "@none" else key), item.at, item.at
        if "@id" in term.containers:
            named = None if expanded == "@none" else self._reference(key, context)
            node, at = self._node(item, context, term, named=named)
            return node, item.at, at
        if "@type" in term.containers and isinstance(item.value, Members):
            kind = "" if expanded == "@none" else key
            node, at = self._node(item, context, term, kind=kind)
            return node, item.at, at
        return self._value(item, term, context)

    def _value(self, node: Json, term: Term, context: Context) -> tuple[_Value | None, int, int]:
        """One value, with its place and the place where it is named."""
        inside = node.value
        if not isinstance(inside, Members):
            return self._scalar(inside, term, context), node.at, node.at
        scoped = context.with_local(term.context) if term.has_context else context
        local = inside.get("@context")
        scoped = scoped.with_local(plain(local)) if local is not None else scoped
        keys = {scoped.key(member.key): member.value for member in inside}
        if "@value" in keys:
            return self._value_object(keys, scoped), keys["@value"].at, node.at
        if "@list" in keys:
            return (
                self._list(keys["@list"], node, replace(term, containers=frozenset()), context),
                node.at,
                node.at,
            )
        subject, at = self._node(node, context, term)
        return subject, node.at, at

    def _scalar(self, value: object, term: Term, context: Context) -> _Value | None:
        coercion = term.coercion
        if isinstance(value, str) and not isinstance(value, Number):
            if coercion in {"@id", "@vocab"}:
                return self._reference(value, context, vocabulary=coercion == "@vocab")
            if coercion is None:
                return text_literal(value, term.language_in(context))
        return typed_literal(value, _named(coercion))

    def _value_object(self, keys: dict[str | None, Json], context: Context) -> _Value | None:
        value = keys["@value"]
        kind, language = (keys[key].value if key in keys else None for key in ("@type", "@language"))
        if isinstance(kind, str):
            named = context.expand(kind, relative=True)
            return json_literal(value) if named == "@json" else typed_literal(value.value, _named(named))
        if isinstance(value.value, str) and not isinstance(value.value, Number):
            return text_literal(value.value, language if isinstance(language, str) else None)
        return typed_literal(value.value, None)

    def _list(self, items: Json, whole: Json, term: Term, context: Context) -> _Node:
        """The first cell of a list. Lists in lists are taken as one."""
        found = [self._value(item, replace(term, containers=frozenset()), context) for item in _items(items)]
        kept = [(value, at) for value, at, _ in found if value is not None]
        cells = [BlankNode() for _ in kept]
        following: list[_Node] = [*cells[1:], _NIL]
        for cell, (value, at), rest in zip(cells, kept, following, strict=False):
            self._say(cell, _FIRST, value, whole.at, at)
            self._say(cell, _REST, rest, whole.at, at)
        return cells[0] if cells else _NIL

    def _reference(self, text: str, context: Context, *, vocabulary: bool = False) -> _Node | None:
        """The node that a text names."""
        iri = context.expand(text, vocabulary=vocabulary, relative=True)
        if iri is not None and iri.startswith("_:"):
            return self._labels.setdefault(iri, BlankNode())
        return _named(iri)

    def _say(self, subject: Any, predicate: Any, value: Any, subject_at: int, value_at: int) -> None:
        if isinstance(subject, NamedNode | BlankNode) and predicate is not None and value is not None:
            self._placed.append((Triple(subject, predicate, value), subject_at, value_at))


def _items(node: Json) -> Iterator[Json]:
    """The items of a list, and of the lists in it; anything else is one item."""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item.value, list) and not isinstance(item.value, Members):
            stack.extend(reversed(item.value))
        else:
            yield item


def _members_of(members: Members, context: Context) -> Iterator[Member]:
    """The members of a node object, with those that are nested in it for order only."""
    for member in members:
        yield member
        if context.key(member.key) == "@nest":
            for item in _items(member.value):
                if isinstance(item.value, Members):
                    yield from item.value


def _texts(members: Members, keyword: str, context: Context) -> list[str]:
    return [
        item.value
        for member in members
        if context.key(member.key) == keyword
        for item in _items(member.value)
        if isinstance(item.value, str)
    ]


def _is_reference(members: Members, context: Context) -> bool:
    """Whether an object is a value, or no more than the name of a node."""
    keys = [context.key(member.key) for member in members]
    return "@value" in keys or keys == ["@id"]


def _is_list(node: Json, context: Context) -> bool:
    return isinstance(node.value, Members) and any(context.key(m.key) == "@list" for m in node.value)


def _named(iri: str | None) -> NamedNode | None:
    if iri is None or iri.startswith("@"):
        return None
    try:
        return NamedNode(iri)
    except ValueError:
        return None
