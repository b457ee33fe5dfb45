"""Terms that were meant: look-alike namespaces set right, and misspelt names of our own terms."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from graph.contribute.mending.codes import folded, only_near
from graph.iris import BASE, CODELIST, INFRA, NACE, NUTS, OWL, PREFIXES, RDF, RDFS, SCHEMA

_ELEMENTS: Final = "purl.org/dc/elements/1.1/"
_OWN_LOOK_ALIKE = re.compile(r"infrashare\.[a-z]+/")
_CLASSES = {OWL["Class"], RDFS["Class"]}


def _skeleton(iri: str) -> str:
    """What look-alikes have in common: no scheme, no ``www.``, no case, and ``/`` for ``#``."""
    bare = re.sub(r"^https?://(www\.)?", "", iri.casefold()).replace("#", "/")
    return (
        _OWN_LOOK_ALIKE.sub("w3id.org/infrashare/", bare, count=1) if bare.startswith("infrashare.") else bare
    )


class Terms:
    """The classes and properties that a contribution may use, and the namespaces of the vocabularies."""

    def __init__(self, ontology: Path, used: Iterable[NamedNode]) -> None:
        self._classes: set[NamedNode] = set()
        self._properties: set[NamedNode] = set()
        self._used = set(used)
        for quad in parse(path=str(ontology / "infrashare.ttl"), format=RdfFormat.TURTLE):
            if quad.predicate == RDF["type"] and isinstance(quad.subject, NamedNode):
                (self._classes if quad.object in _CLASSES else self._properties).add(quad.subject)
        bases = {*PREFIXES.values(), CODELIST.base, NUTS.base, NACE.base, BASE}
        self._bases = {_skeleton(base): base for base in sorted(bases)}
        self._locals: dict[str, set[NamedNode]] = defaultdict(set)
        for term in self._used:
            self._locals[_local(term)].add(term)

        self._own_kinds = _by_name(self._classes)
        self._own_properties = _by_name(self._properties)

    def namespace_of(self, iri: str) -> tuple[str, str] | None:
        """The namespace that an IRI's own looks like, and the rest of the IRI; ``None`` where it is like none."""
        skeleton = _skeleton(iri)
        for length in range(len(skeleton), 0, -1):
            base = self._bases.get(skeleton[:length])
            if base is not None:
                rest = iri[len(iri) - (len(skeleton) - length) :]
                return base, rest
        return None

    def respelt(self, term: NamedNode, *, kind: bool) -> NamedNode | None:
        """The one term that a term with a look-alike namespace or a misspelt name is meant to be.

        ``kind`` says that it stands for a kind of thing, a class, and not for a property.
        """
        if _skeleton(term.value).startswith(_ELEMENTS):
            meant = NamedNode(PREFIXES["dct"] + _local(term))
            return meant if meant in self._used else None
        found = self.namespace_of(term.value)
        if found is None:
            return None
        base, rest = found
        if base in {BASE, INFRA.base}:
            return self._own(rest, kind=kind)
        meant = NamedNode(base + rest)
        certain = base != SCHEMA.base or re.fullmatch(r"[A-Za-z0-9]+", rest)
        return meant if meant != term and certain and re.fullmatch(r"[\w.-]+", rest) else None

    def _own(self, name: str, *, kind: bool) -> NamedNode | None:
        known = self._classes if kind else self._properties
        meant = INFRA[name] if re.fullmatch(r"[\w-]+", name) else None
        if meant in known:
            return meant
        own = self._own_kinds if kind else self._own_properties
        same = own.get(folded(name), set())
        if len(same) == 1:
            return next(iter(same))
        near = only_near(folded(name), own)
        if near is not None or same:
            return near
        elsewhere = {term for term in self._locals.get(name, ()) if term.value not in INFRA}
        return elsewhere.pop() if len(elsewhere) == 1 else None


def _by_name(terms: Iterable[NamedNode]) -> dict[str, set[NamedNode]]:
    """The terms of our own by their names, in small letters."""
    named: dict[str, set[NamedNode]] = defaultdict(set)
    for term in terms:
        if term.value in INFRA:
            named[folded(_local(term))].add(term)
    return named


def _local(term: NamedNode) -> str:
    return re.split(r"[/#]", term.value)[-1]
