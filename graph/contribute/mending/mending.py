"""Mends that are certain: what a rule asks for, and the one value that was meant.

Nothing is guessed. Where two values could be meant, or none, there is no mend, and the rule's message stands alone.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.contribute.mending.codes import CodeLists, folded, local_name, only_near
from graph.contribute.mending.contact import contact_readings, pages
from graph.contribute.mending.expectation import Expectation, Expectations
from graph.contribute.mending.forms import readings
from graph.contribute.mending.naming import plain_address
from graph.contribute.mending.point import point_in_place
from graph.contribute.mending.statements import Statements, is_part
from graph.contribute.mending.suggestion import Mend
from graph.contribute.mending.terms import Terms
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.shacl import Result
from graph.contribute.words import Words
from graph.iris import BASE, DCT, GEO, ID, INFRA, NUTS, RDF, RELATIVE, SLUG, XSD

_GRAPH_WIDE: Final = "graph"
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
_RELATIVE: Final = RELATIVE.base
_EUROPE = re.compile(r"https?://(www\.)?data\.europa\.eu/")
_CURIE = re.compile(r"([a-z-]+):([a-z0-9-]+)")


class Menders:
    """What mends are looked up in: rules, code lists, terms and known entities; read when first needed."""

    def __init__(self, rules: Rules, reference: Reference, ontology: Path) -> None:
        self._rules = rules
        self._ontology = ontology
        self.reference = reference
        self.codes = CodeLists(ontology / "codelists")

    @cached_property
    def words(self) -> Words:
        return Words(self._ontology / "report.json")

    @cached_property
    def expectations(self) -> Expectations:
        return Expectations(self._rules.triples)

    @cached_property
    def terms(self) -> Terms:
        return Terms(self._ontology, self.expectations.terms)

    def is_graph_wide(self, code: str) -> bool:
        return self._rules[code].file == _GRAPH_WIDE


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
        self._snapshot = snapshot
        self._replacing = replacing
        self._found: dict[tuple[object, ...], NamedNode | None] = {}
        self._names: dict[frozenset[NamedNode], dict[str, set[NamedNode]]] = {}
        self._titles: dict[frozenset[NamedNode], dict[str, set[NamedNode]]] = {}

    @property
    def words(self) -> Words:
        """What suggestions are said with."""
        return self._menders.words

    def of(self, code: str, result: Result) -> Mend | None:
        """The mend of a result, where one is certain. Long texts are not looked into."""
        if isinstance(result.value, Literal) and len(result.value.value) > _LONGEST:
            return None
        if self._menders.is_graph_wide(code):
            return self._of_term(result.value) if code in _RESPELT else None
        wanted = self._menders.expectations[code]
        path = (result.path,) if result.path else wanted.path
        if not path:
            return self._address_of(result.focus) if result.value == result.focus else None
        if result.value is None:
            return self._missing(result.focus, path[-1], wanted) or self._surplus(result.focus, path, wanted)
        statements = self._said.at(result.focus, path, result.value)
        for way in self._ways(wanted, path[-1]):
            mends = [mend for triple in statements if (mend := way(triple, wanted)) is not None]
            if mends and len(mends) == len(statements):
                return _together(mends)
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
                return _instead(triple, new, "address" if isinstance(new, NamedNode) else "value")
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
            curie = _CURIE.fullmatch(text)
            new = codes.find(
                local_name(text) if is_address else curie[2] if curie else text, value.language or None
            )
        else:
            return None
        if new is None or new == value:
            return None
        return _instead(triple, new, "code", codes.labels.get(new, {}))

    def _successor(self, triple: Triple, _wanted: Expectation) -> Mend | None:
        value = triple.object
        codes = self._menders.codes.of(value) if isinstance(value, NamedNode) else None
        new = codes.successor(value) if codes and isinstance(value, NamedNode) else None
        return _instead(triple, new, "successor", codes.labels.get(new, {})) if codes and new else None

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
            None if new is None or new == value else _instead(triple, new, "swapped" if swapped else "value")
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
        key = (wanted.kinds, value)
        if key not in self._found:
            self._found[key] = self._known(value, wanted.kinds)
        found = self._found[key]
        return _instead(triple, found, "entity") if found and found != value else None

    def _known(self, value: object, kinds: frozenset[NamedNode]) -> NamedNode | None:
        by_name = self._by_name(kinds)
        known = set().union(*by_name.values())
        if isinstance(value, Literal):
            text = value.value.strip().strip("<>")
            if text.startswith(("http://", "https://")):
                return self._known(_node(text), kinds)
            curie = _CURIE.fullmatch(text)
            if curie:
                return _only(by_name.get(curie[2], ()))
            own = self._by_title(kinds).get(folded(text), set())
            return _only(own)
        if not isinstance(value, NamedNode) or value in known:
            return value if isinstance(value, NamedNode) and value in known else None
        found = self._menders.terms.namespace_of(value.value)
        if found is None or found[0] != BASE:
            return None
        name = folded(local_name(value.value)).replace(" ", "-")
        if name in by_name:
            return _only(by_name[name])
        return only_near(name, by_name)

    def _by_name(self, kinds: frozenset[NamedNode]) -> dict[str, set[NamedNode]]:
        """The known entities of some classes by the last part of their address."""
        if kinds not in self._names:
            known = self._menders.reference.entities(kinds, self._snapshot, self._replacing)
            names: dict[str, set[NamedNode]] = defaultdict(set)
            for node in self._said.of_kind(kinds) | known:
                if node.value in ID and "#" not in node.value:
                    names[local_name(node.value)].add(node)
            self._names[kinds] = names
        return self._names[kinds]

    def _by_title(self, kinds: frozenset[NamedNode]) -> dict[str, set[NamedNode]]:
        """The entities of some classes that the contribution describes, by their names."""
        if kinds not in self._titles:
            titles: dict[str, set[NamedNode]] = defaultdict(set)
            for node in self._said.of_kind(kinds):
                for name in self._said.named(node):
                    titles[folded(name)].add(node)
            self._titles[kinds] = titles
        return self._titles[kinds]

    def _identifier(self, triple: Triple, _wanted: Expectation) -> Mend | None:
        new = _slug_literal(triple.subject)
        return _instead(triple, new) if new is not None and new != triple.object else None

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

    def _address_of(self, node: object) -> Mend | None:
        """An entity's address in its plain form, wherever it is used."""
        if not isinstance(node, NamedNode):
            return None
        new = plain_address(node.value, self._said.kinds(node), self._menders.terms)
        if new is None or new == node.value or self._said.about(_node(new)):
            return None
        used = self._said.with_iri(node.value)
        moved = [_moved(triple, node.value, new) for triple in used]
        return Mend("value", add=tuple(moved), remove=tuple(used), old=node, new=_node(new))

    # The contribution as a whole

    def _of_term(self, value: object) -> Mend | None:
        if isinstance(value, Literal):
            return self._literal(value)
        if not isinstance(value, NamedNode):
            return None
        return self._respelt(value) or self._address_of(value) or self._scheme_of(value)

    def _scheme_of(self, value: NamedNode) -> Mend | None:
        """An address that became a relative one by a slip in its beginning, such as ``https//example.org``."""
        new = (
            next(pages(value.value.removeprefix(_RELATIVE)), None)
            if value.value.startswith(_RELATIVE)
            else None
        )
        used = [t for t in self._said.leading_to(value) if new is not None]
        if new is None or not used:
            return None
        return _together([_instead(triple, new) for triple in used])

    def _literal(self, value: Literal) -> Mend | None:
        """A date or number whose text does not fit its type, wherever it stands."""
        mends = []
        for triple in self._said.leading_to(value):
            datatypes = self._menders.expectations.datatypes(triple.predicate) | {value.datatype}
            wanted = Expectation(datatypes=frozenset(datatypes))
            found = readings(value, triple.predicate, datatypes - {XSD["string"], RDF["langString"]})
            new = next((term for term in found if term != value and wanted.accepts(term)), None)
            if new is None:
                return None
            mends.append(_instead(triple, new))
        return _together(mends) if mends else None

    def _respelt(self, term: NamedNode) -> Mend | None:
        mends = []
        property_ = self._menders.terms.respelt(term, kind=False)
        for triple in self._said.using(term) if property_ else ():
            value = self._datatype_respelt(triple.object, term)
            mends.append((triple, Triple(triple.subject, property_, value)))  # type: ignore[arg-type]
        kind = self._menders.terms.respelt(term, kind=True)
        for triple in self._said.leading_to(term) if kind else ():
            if triple.predicate == RDF["type"]:
                mends.append((triple, Triple(triple.subject, triple.predicate, kind)))  # type: ignore[arg-type]
        if not mends:
            return None
        old, new = zip(*mends, strict=True)
        meant = property_ if self._said.using(term) else kind
        return Mend("value", add=new, remove=old, old=term, new=meant)

    def _datatype_respelt(self, value: object, term: NamedNode) -> object:
        """A literal whose datatype has the same look-alike namespace as the property."""
        if not isinstance(value, Literal):
            return value
        shared = term.value[: len(term.value) - len(local_name(term.value))]
        found = self._menders.terms.namespace_of(value.datatype.value)
        if not value.datatype.value.startswith(shared) or found is None:
            return value
        return Literal(value.value, datatype=_node(found[0] + found[1]))


def _slug_literal(node: object) -> Literal | None:
    """The identifier that follows from an entity's address."""
    if not isinstance(node, NamedNode) or node.value not in ID or "#" in node.value:
        return None
    slug = local_name(node.value)
    return Literal(slug) if SLUG.fullmatch(slug.removesuffix("-")) else None


def _only(nodes: Collection[NamedNode]) -> NamedNode | None:
    return next(iter(nodes)) if len(nodes) == 1 else None


def _node(iri: str) -> NamedNode:
    return NamedNode(iri)


def _moved(triple: Triple, old: str, new: str) -> Triple:
    def term(node: object) -> object:
        if isinstance(node, NamedNode) and (node.value == old or node.value.startswith(old + "#")):
            return NamedNode(new + node.value[len(old) :])
        return node

    return Triple(term(triple.subject), triple.predicate, term(triple.object))  # type: ignore[arg-type]


def _instead(triple: Triple, new: object, kind: str = "value", labels: dict[str, str] | None = None) -> Mend:
    changed = Triple(triple.subject, triple.predicate, new)  # type: ignore[arg-type]
    return Mend(kind, add=(changed,), remove=(triple,), old=triple.object, new=new, labels=labels or {})


def _together(mends: list[Mend]) -> Mend:
    """Several mends of one result as one."""
    first = mends[0]
    return Mend(
        first.kind,
        add=tuple(triple for mend in mends for triple in mend.add),
        remove=tuple(triple for mend in mends for triple in mend.remove),
        old=first.old,
        new=first.new,
        labels=first.labels,
    )
