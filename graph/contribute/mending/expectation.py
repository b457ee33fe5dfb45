"""What each rule asks of a value, read from the shapes: datatypes, code list, class, form, bounds."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.iris import CODELIST, OWL, RDF, SH, SHAPES, SKOS, XSD

_FORMS: Final = {
    XSD["integer"]: re.compile(r"[+-]?[0-9]+"),
    XSD["decimal"]: re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    XSD["double"]: re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"),
    XSD["boolean"]: re.compile(r"true|false|1|0"),
}
_NUMBERS: Final = {XSD["integer"], XSD["decimal"], XSD["double"]}

_Facts = Mapping[object, Mapping[NamedNode, list[object]]]


@dataclass(frozen=True)
class Expectation:
    """What a rule asks of the values at the end of a path; nothing stated is nothing asked."""

    path: tuple[NamedNode, ...] = ()
    datatypes: frozenset[NamedNode] = frozenset()
    allowed: frozenset[object] = frozenset()
    scheme: str | None = None
    current: bool = False
    kinds: frozenset[NamedNode] = frozenset()
    iri: bool = False
    pattern: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    once: bool = False
    needed: bool = False

    def accepts(self, term: object) -> bool:
        """Whether a value has the form that is asked for. What needs other statements is not looked at."""
        if self.iri and not isinstance(term, NamedNode):
            return False
        if self.allowed and term not in self.allowed:
            return False
        text = term.value if isinstance(term, NamedNode | Literal) else ""
        if self.pattern is not None and not re.search(self.pattern, text):
            return False
        if not self.datatypes:
            return True
        if not isinstance(term, Literal) or term.datatype not in self.datatypes:
            return False
        form = _FORMS.get(term.datatype)
        if form is not None and not form.fullmatch(text):
            return False
        return term.datatype not in _NUMBERS or self._within(text)

    def _within(self, text: str) -> bool:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    @property
    def base(self) -> str | None:
        """The beginning that the pattern asks of an address, where it asks for one."""
        match = re.match(r"\^(http://(?:[\w/-]|\\\.|\[\.\])+/)", self.pattern or "")
        return re.sub(r"\\\.|\[\.\]", ".", match[1]) if match else None


class Expectations:
    """The expectations of all rules by code, and of each property by the datatypes that any rule takes."""

    def __init__(self, shapes: Iterable[Triple]) -> None:
        facts: dict[object, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
        for triple in shapes:
            facts[triple.subject][triple.predicate].append(triple.object)
        self._by_code: dict[str, Expectation] = {}
        self._datatypes: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self.terms: set[NamedNode] = set()
        for shape in list(facts):
            if isinstance(shape, NamedNode) and SH["severity"] in facts[shape]:
                wanted = _read(shape, facts)
                self._by_code[shape.value.removeprefix(SHAPES.base)] = wanted
                if wanted.path:
                    self._datatypes[wanted.path[-1]] |= wanted.datatypes
            for predicate in (SH["path"], SH["class"], SH["targetClass"]):
                for value in facts[shape].get(predicate, ()):
                    self.terms.update(_named(value, facts))

    def __getitem__(self, code: str) -> Expectation:
        return self._by_code.get(code) or Expectation()

    def datatypes(self, predicate: NamedNode) -> frozenset[NamedNode]:
        """The datatypes that some rule asks of a property."""
        return frozenset(self._datatypes.get(predicate, ()))


def _list(head: object, facts: _Facts) -> Iterator[object]:
    while head in facts and facts[head].get(RDF["first"]):
        yield facts[head][RDF["first"]][0]
        head = facts[head][RDF["rest"]][0]


def _named(node: object, facts: _Facts) -> Iterator[NamedNode]:
    """The properties or classes that a path or a class is written with."""
    if isinstance(node, NamedNode):
        yield node
        return
    for item in _list(node, facts):
        yield from _named(item, facts)
    if node in facts:
        for predicate, values in list(facts[node].items()):
            if predicate in {SH["alternativePath"], SH["inversePath"]}:
                for value in values:
                    yield from _named(value, facts)


def _path(shape: object, facts: _Facts) -> tuple[NamedNode, ...]:
    for path in facts[shape].get(SH["path"], ()):
        if isinstance(path, NamedNode):
            return (path,)
        steps = list(_list(path, facts))
        if steps and all(isinstance(step, NamedNode) for step in steps):
            return tuple(step for step in steps if isinstance(step, NamedNode))
    return ()


def _parts(shape: object, facts: _Facts, depth: int = 0) -> Iterator[object]:
    """The shape, and the shapes that its values must conform to as well: one by one or one of several."""
    yield shape
    if depth > 3 or shape not in facts:
        return
    for helper in facts[shape].get(SH["node"], ()):
        yield from _parts(helper, facts, depth + 1)
    for choice in facts[shape].get(SH["or"], ()):
        for branch in _list(choice, facts):
            yield from _parts(branch, facts, depth + 1)


def _read(shape: NamedNode, facts: _Facts) -> Expectation:
    found: dict[NamedNode, list[object]] = defaultdict(list)
    scheme: str | None = None
    current = False
    for part in _parts(shape, facts):
        for predicate, values in facts[part].items() if part in facts else ():
            found[predicate].extend(values)
        for inner in facts[part].get(SH["property"], ()) if part in facts and part != shape else ():
            path = facts[inner].get(SH["path"], [None])[0]
            for value in facts[inner].get(SH["hasValue"], ()):
                if path == SKOS["inScheme"] and isinstance(value, NamedNode):
                    scheme = value.value.removeprefix(CODELIST.base)
            current = current or path == OWL["deprecated"]
    datatypes = frozenset(value for value in found[SH["datatype"]] if isinstance(value, NamedNode))
    allowed = [value for head in found[SH["in"]] for value in _list(head, facts)]
    return Expectation(
        path=_path(shape, facts),
        datatypes=datatypes,
        allowed=frozenset(allowed),
        scheme=scheme,
        current=current,
        kinds=frozenset(value for value in found[SH["class"]] if isinstance(value, NamedNode)),
        iri=SH["IRI"] in found[SH["nodeKind"]],
        pattern=next((value.value for value in found[SH["pattern"]] if isinstance(value, Literal)), None),
        least=_bound(found[SH["minInclusive"]]),
        most=_bound(found[SH["maxInclusive"]]),
        once=any(_text(value) == "1" for value in facts[shape].get(SH["maxCount"], ())),
        needed=any(_text(value) == "1" for value in facts[shape].get(SH["minCount"], ())),
    )


def _text(value: object) -> str:
    return value.value if isinstance(value, Literal | NamedNode | BlankNode) else ""


def _bound(values: Iterable[object]) -> Decimal | None:
    for value in values:
        try:
            return Decimal(_text(value))
        except InvalidOperation:
            continue
    return None
