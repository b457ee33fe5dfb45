"""Mends that are certain: what a rule asks for, and the one value that was meant.

Nothing is guessed. Where two values could be meant, or none, there is no mend, and the rule's message stands alone.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.contribute.mending.codes import local_name
from graph.contribute.mending.contact import contact_readings
from graph.contribute.mending.entities import CURIE, Entities
from graph.contribute.mending.expectation import Expectation
from graph.contribute.mending.forms import readings
from graph.contribute.mending.menders import Menders
from graph.contribute.mending.point import point_in_place
from graph.contribute.mending.respelling import Respelling
from graph.contribute.mending.statements import Statements, is_part
from graph.contribute.mending.suggestion import Mend, as_one, instead
from graph.contribute.shacl import Result
from graph.contribute.words import Words
from graph.iris import BASE, DCT, GEO, ID, INFRA, NUTS, RDF, SLUG

_RESPELT: Final = frozenset(
    f"graph-{name}"
    for name in (
        *("namespace-look-alike", "term-unknown", "schema-org-http"),
        *("iri-relative", "iri-scheme", "entity-iri", "date-valid"),
    )
)
"""The rules for a contribution as a whole that ask for another spelling. Others ask for other statements."""
_IDENTIFIER, _REGION, _WKT = DCT["identifier"], INFRA["inRegion"], GEO["asWKT"]
_LONGEST: Final = 2_000
_EUROPE = re.compile(r"https?://(www\.)?data\.europa\.eu/")


class Mending:
    """The mends of one contribution."""

    def __init__(
        self,
        menders: Menders,
        said: Statements,
        snapshot: Store | None = None,
        replacing: NamedNode | None = None,
    ) -> None:
        self._menders = menders
        self._said = said
        self._entities = Entities(menders, said, snapshot, replacing)
        self._respelling = Respelling(menders, said)

    @property
    def words(self) -> Words:
        """What suggestions are said with."""
        return self._menders.words

    def of(self, code: str, result: Result) -> Mend | None:
        """The mend of a result, where one is certain. Long texts are not looked into."""
        if isinstance(result.value, Literal) and len(result.value.value) > _LONGEST:
            return None
        if self._menders.is_graph_wide(code):
            return self._respelling.of_term(result.value) if code in _RESPELT else None
        wanted = self._menders.expectations[code]
        path = (result.path,) if result.path else wanted.path
        if not path:
            return self._respelling.address_of(result.focus) if result.value == result.focus else None
        if result.value is None:
            return self._missing(result.focus, path[-1], wanted) or self._surplus(result.focus, path, wanted)
        statements = self._said.at(result.focus, path, result.value)
        for way in self._ways(wanted, path[-1]):
            mends = [mend for triple in statements if (mend := way(triple, wanted)) is not None]
            if mends and len(mends) == len(statements):
                return as_one(mends)
        return None

    def _ways(
        self, wanted: Expectation, predicate: NamedNode
    ) -> Iterable[Callable[[Triple, Expectation], Mend | None]]:
        if predicate == _IDENTIFIER:
            yield self._identifier
        if predicate == _WKT:
            yield self._point
        if wanted.current:
            yield self._successor
        if wanted.scheme:
            yield self._code
        if wanted.kinds:
            yield self._entity
        if wanted.pattern == "\\S":
            yield self._empty
        elif wanted.datatypes or wanted.allowed or wanted.pattern or wanted.iri:
            yield self._form

    # Values

    def _form(self, triple: Triple, wanted: Expectation) -> Mend | None:
        """A value in the form that is asked for: a datatype, an address, a contact."""
        value, predicate = triple.object, triple.predicate
        datatypes = wanted.datatypes or {
            term.datatype for term in wanted.allowed if isinstance(term, Literal)
        }
        for new in (*readings(value, predicate, datatypes), *contact_readings(value, predicate, wanted)):
            if new != value and wanted.accepts(new):
                return instead(triple, new, "address" if isinstance(new, NamedNode) else "value")
        return None

    def _code(self, triple: Triple, wanted: Expectation) -> Mend | None:
        value = triple.object
        codes = self._menders.codes[wanted.scheme or ""]
        if isinstance(value, NamedNode):
            if not (value.value.startswith(BASE) or _EUROPE.match(value.value)):
                look_alike = self._menders.terms.namespace_of(value.value)
                if look_alike is None:
                    return None
            new = codes.find(local_name(value.value))
        elif isinstance(value, Literal):
            text = value.value.strip().strip("<>")
            is_address = text.startswith(("http://", "https://"))
            curie = CURIE.fullmatch(text)
            new = codes.find(
                local_name(text) if is_address else curie[2] if curie else text, value.language or None
            )
        else:
            return None
        if new is None or new == value:
            return None
        return instead(triple, new, "code", codes.labels.get(new, {}))

    def _successor(self, triple: Triple, _wanted: Expectation) -> Mend | None:
        value = triple.object
        codes = self._menders.codes.of(value) if isinstance(value, NamedNode) else None
        new = codes.successor(value) if codes and isinstance(value, NamedNode) else None
        return instead(triple, new, "successor", codes.labels.get(new, {})) if codes and new else None

    def _point(self, triple: Triple, _wanted: Expectation) -> Mend | None:
        value = triple.object
        if not isinstance(value, Literal):
            return None
        regions = [
            t.object
            for t in self._said.owner_with(triple.subject, _REGION)
            if isinstance(t.object, NamedNode)
        ]
        new, swapped = point_in_place(
            value, regions[0] if len(regions) == 1 else None, self._menders.reference
        )
        return (
            None if new is None or new == value else instead(triple, new, "swapped" if swapped else "value")
        )

    def _empty(self, triple: Triple, _wanted: Expectation) -> Mend | None:
        """A text that says nothing may go where another one says something."""
        others = self._said.values(triple.subject, triple.predicate)
        filled = any(isinstance(t.object, Literal) and t.object.value.strip() for t in others)
        return Mend("empty", remove=(triple,), old=triple.object) if filled else None

    # Entities

    def _entity(self, triple: Triple, wanted: Expectation) -> Mend | None:
        """A described entity that the value names in another way, or the type that a nested description lacks."""
        value = triple.object
        if is_part(value) and not self._said.kinds(value) and self._said.about(value):
            (kind,) = wanted.kinds if len(wanted.kinds) == 1 else (None,)
            typed = Triple(value, RDF["type"], kind) if kind and isinstance(value, NamedNode) else None
            return Mend("kind", add=(typed,), new=kind) if typed else None
        found = self._entities.meant(value, wanted.kinds)
        return instead(triple, found, "entity") if found and found != value else None

    def _identifier(self, triple: Triple, _wanted: Expectation) -> Mend | None:
        new = _slug_literal(triple.subject)
        return instead(triple, new) if new is not None and new != triple.object else None

    def _missing(self, focus: object, predicate: NamedNode, wanted: Expectation) -> Mend | None:
        new = _slug_literal(focus) if wanted.needed and predicate == _IDENTIFIER else None
        if new is None or not isinstance(focus, NamedNode):
            return None
        return Mend("identifier", add=(Triple(focus, predicate, new),), new=new)

    def _surplus(self, focus: object, path: tuple[NamedNode, ...], wanted: Expectation) -> Mend | None:
        """Values beside the one that is right: the identifier, or the smallest of regions within one another."""
        if not wanted.once or len(path) != 1:
            return None
        given = self._said.values(focus, path[0])
        if path[0] == _IDENTIFIER:
            kept: object | None = _slug_literal(focus)
        elif path[0] == _REGION:
            kept = max(
                (t.object for t in given), key=lambda term: len(getattr(term, "value", "")), default=None
            )
            inside = isinstance(kept, NamedNode) and kept.value in NUTS
            if not inside or not all(str(kept)[:-1].startswith(str(t.object)[:-1]) for t in given):
                return None
        else:
            return None
        others = tuple(triple for triple in given if triple.object != kept)
        if not others or len(others) == len(given):
            return None
        return Mend("surplus", remove=others, old=others[0].object, new=kept)


def _slug_literal(node: object) -> Literal | None:
    """The identifier that follows from an entity's address."""
    if not isinstance(node, NamedNode) or node.value not in ID or "#" in node.value:
        return None
    slug = local_name(node.value)
    return Literal(slug) if SLUG.fullmatch(slug.removesuffix("-")) else None
