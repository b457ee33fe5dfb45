"""Where each triple stands in an RDF/XML document: line and column of its property element or attribute.

The document is one that the parser has accepted, so what it would refuse is not looked for here.
Grammar: https://www.w3.org/TR/rdf-syntax-grammar/#section-Infoset-Grammar.
"""

import re
import xml.parsers.expat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.contribute.reading.position import OffsetPlaces, Placed
from graph.contribute.reading.relative import resolve
from graph.iris import RDF

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_BASE, _LANG = f"{_XML} base", f"{_XML} lang"
_SYNTAX: Final = frozenset(
    f"{RDF.base} {name}"
    for name in ("ID", "about", "nodeID", "resource", "datatype", "parseType", "version", "bagID")
)
_ABOUT, _ID, _NODE, _RESOURCE, _DATATYPE, _PARSE_TYPE = (
    f"{RDF.base} {name}" for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")
)
_TYPE, _FIRST, _REST, _NIL = RDF["type"], RDF["first"], RDF["rest"], RDF["nil"]
_START: Final = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")

_Attributes = Mapping[str, str]
_Term = NamedNode | BlankNode | Literal


@dataclass
class _Element:
    """An open element: its kind, what is in force in it, and the statement that it makes."""

    kind: str
    """``document``, ``node``, ``property``, ``collection``, or ``other`` for what makes no statement."""
    at: int
    base: str
    language: str | None
    subject: NamedNode | BlankNode | None = None
    subject_at: int = 0
    predicate: NamedNode | None = None
    value: _Term | None = None
    datatype: NamedNode | None = None
    statement: NamedNode | None = None
    text: list[str] = field(default_factory=list)
    items: list[tuple[_Term, int]] = field(default_factory=list)
    numbered: int = 0


class ElementIndex(OffsetPlaces):
    """Places of the triples of an RDF/XML document."""

    def __init__(self, text: str, base_iri: str) -> None:
        data = text.encode("utf-8", "replace")
        super().__init__(data, _Reader(data, base_iri).triples())


class _Reader:
    """Reads the triples of a document with the offsets, in bytes, of their subjects and objects."""

    def __init__(self, data: bytes, base_iri: str) -> None:
        self._data = data
        self._placed: list[Placed] = []
        self._labels: dict[str, BlankNode] = {}
        self._open = [_Element("document", 0, base_iri, None)]
        self._parser = xml.parsers.expat.ParserCreate("utf-8", " ")
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def triples(self) -> list[Placed]:
        """All triples, up to where expat and the engine's parser disagree on what is XML."""
        try:
            self._parser.Parse(self._data, True)
        except xml.parsers.expat.ExpatError:
            return self._placed
        return self._placed

    def _start(self, name: str, listed: list[str]) -> None:
        attributes = dict(zip(listed[::2], listed[1::2], strict=True))
        parent = self._open[-1]
        base = parent.base
        if _BASE in attributes:
            named = resolve(base, attributes[_BASE])
            base = named.value if named else base
        language = attributes.get(_LANG, parent.language)
        element = _Element("other", self._parser.CurrentByteIndex, base, language)
        self._open.append(element)
        if parent.kind == "node":
            self._property(parent, element, name, attributes)
        elif parent.kind == "document" and name == f"{RDF.base} RDF":
            element.kind = "document"
        elif parent.kind != "other":
            self._node(element, name, attributes)
            if parent.kind == "collection" and element.subject is not None:
                parent.items.append((element.subject, element.at))
            elif parent.kind == "property":
                parent.value = element.subject

    def _node(self, element: _Element, name: str, attributes: _Attributes) -> None:
        """A node element: its subject, type and property attributes."""
        subject: NamedNode | BlankNode | None
        if _ABOUT in attributes:
            subject = resolve(element.base, attributes[_ABOUT])
        elif _ID in attributes:
            subject = resolve(element.base, f"#{attributes[_ID]}")
        elif _NODE in attributes:
            subject = self._labelled(attributes[_NODE])
        else:
            subject = BlankNode()
        if subject is None:
            return
        element.kind, element.subject, element.subject_at = "node", subject, element.at
        if name != f"{RDF.base} Description":
            self._say(subject, _TYPE, _name(name), element.at, element.at)
        self._property_attributes(subject, element, attributes)

    def _property(self, node: _Element, element: _Element, name: str, attributes: _Attributes) -> None:
        """A property element: the predicate, and the value as far as its attributes tell it."""
        if name == f"{RDF.base} li":
            node.numbered += 1
            element.predicate = RDF[f"_{node.numbered}"]
        else:
            element.predicate = _name(name)
        element.subject, element.subject_at = node.subject, node.subject_at
        if _ID in attributes:
            element.statement = resolve(element.base, f"#{attributes[_ID]}")
        kind = attributes.get(_PARSE_TYPE)
        if kind == "Resource":
            element.value = BlankNode()
            self._close_property(element)
            element.kind, element.subject, element.subject_at = "node", element.value, element.at
        elif kind == "Collection":
            element.kind = "collection"
        elif kind == "Literal":
            element.datatype = RDF["XMLLiteral"]
            element.value = Literal("", datatype=element.datatype)
            self._close_property(element)
        elif kind is None:
            element.kind = "property"
            if _DATATYPE in attributes:
                element.datatype = resolve(element.base, attributes[_DATATYPE])
            if _RESOURCE in attributes:
                element.value = resolve(element.base, attributes[_RESOURCE])
            elif _NODE in attributes:
                element.value = self._labelled(attributes[_NODE])
            elif any(_is_property(attribute) for attribute in attributes):
                element.value = BlankNode()
            if isinstance(element.value, NamedNode | BlankNode):
                self._property_attributes(element.value, element, attributes)

    def _property_attributes(
        self, subject: NamedNode | BlankNode, element: _Element, attributes: _Attributes
    ) -> None:
        if not any(_is_property(attribute) for attribute in attributes):
            return
        places = self._attribute_places(element.at, attributes)
        for attribute, text in attributes.items():
            if _is_property(attribute):
                predicate = _name(attribute)
                value = (
                    resolve(element.base, text)
                    if predicate == _TYPE
                    else _literal(text, element.language, None)
                )
                self._say(subject, predicate, value, element.at, places.get(attribute, element.at))

    def _attribute_places(self, at: int, attributes: Iterable[str]) -> dict[str, int]:
        """Where the attributes of a start tag stand; expat tells them in the order of the tag, without ``xmlns``."""
        tag = _START.match(self._data, at)
        places: list[int] = []
        end = tag.end() if tag else at
        while (match := _ATTRIBUTE.match(self._data, end)) is not None:
            if not re.match(rb"xmlns(?::|$)", match[1]):
                places.append(match.start(1))
            end = match.end()
        return dict(zip(attributes, places, strict=False))

    def _characters(self, text: str) -> None:
        if self._open[-1].kind == "property":
            self._open[-1].text.append(text)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if element.kind == "property":
            if element.value is None:
                element.value = _literal("".join(element.text), element.language, element.datatype)
            self._close_property(element)
        elif element.kind == "collection":
            self._collection(element)

    def _collection(self, element: _Element) -> None:
        cells = [BlankNode() for _ in element.items]
        element.value = cells[0] if cells else _NIL
        self._close_property(element)
        following: list[_Term] = [*cells[1:], _NIL]
        for cell, (item, at), rest in zip(cells, element.items, following, strict=False):
            self._say(cell, _REST, rest, element.at, at)
            self._say(cell, _FIRST, item, element.at, at)

    def _close_property(self, element: _Element) -> None:
        """The statement of a property element, and those about the statement where it has an ``rdf:ID``."""
        subject, predicate, value, at = element.subject, element.predicate, element.value, element.at
        self._say(subject, predicate, value, element.subject_at, at)
        if element.statement is not None:
            about = {"subject": subject, "predicate": predicate, "object": value, "type": RDF["Statement"]}
            for part, term in about.items():
                self._say(element.statement, RDF[part], term, at, at)

    def _say(self, subject: Any, predicate: Any, value: Any, subject_at: int, value_at: int) -> None:
        if subject is not None and predicate is not None and value is not None:
            self._placed.append((Triple(subject, predicate, value), subject_at, value_at))

    def _labelled(self, label: str) -> BlankNode:
        return self._labels.setdefault(label, BlankNode())


def _is_property(attribute: str) -> bool:
    return attribute not in _SYNTAX and " " in attribute and not attribute.startswith(f"{_XML} ")


def _name(name: str) -> NamedNode | None:
    """The IRI of an element's or attribute's name: its namespace and its local name."""
    try:
        return NamedNode("".join(name.rsplit(" ", 1)))
    except ValueError:
        return None


def _literal(text: str, language: str | None, datatype: NamedNode | None) -> Literal | None:
    try:
        if datatype is not None:
            return Literal(text, datatype=datatype)
        return Literal(text, language=language) if language else Literal(text)
    except ValueError:
        return None
