"""Mends of how a term is written, wherever a contribution uses it: addresses, names of properties, dates, numbers."""

from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.contribute.mending.codes import local_name
from graph.contribute.mending.contact import pages
from graph.contribute.mending.expectation import Expectation
from graph.contribute.mending.forms import readings
from graph.contribute.mending.menders import Menders
from graph.contribute.mending.naming import plain_address
from graph.contribute.mending.statements import Statements
from graph.contribute.mending.suggestion import Mend, as_one, instead
from graph.iris import RDF, RELATIVE, XSD

_RELATIVE: Final = RELATIVE.base


class Respelling:
    """The right spelling of the terms of one contribution."""

    def __init__(self, menders: Menders, said: Statements) -> None:
        self._menders = menders
        self._said = said

    def of_term(self, value: object) -> Mend | None:
        """A term as it should be written, in all statements that use it."""
        if isinstance(value, Literal):
            return self._literal(value)
        if not isinstance(value, NamedNode):
            return None
        return self._respelt(value) or self.address_of(value) or self._scheme_of(value)

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
        return as_one([instead(triple, new) for triple in used])

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
            mends.append(instead(triple, new))
        return as_one(mends) if mends else None

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
        return Literal(value.value, datatype=NamedNode(found[0] + found[1]))

    def address_of(self, node: object) -> Mend | None:
        """An entity's address in its plain form, wherever it is used."""
        if not isinstance(node, NamedNode):
            return None
        new = plain_address(node.value, self._said.kinds(node), self._menders.terms)
        if new is None or new == node.value or self._said.about(NamedNode(new)):
            return None
        used = self._said.with_iri(node.value)
        moved = [_moved(triple, node.value, new) for triple in used]
        return Mend("value", add=tuple(moved), remove=tuple(used), old=node, new=NamedNode(new))


def _moved(triple: Triple, old: str, new: str) -> Triple:
    def term(node: object) -> object:
        if isinstance(node, NamedNode) and (node.value == old or node.value.startswith(old + "#")):
            return NamedNode(new + node.value[len(old) :])
        return node

    return Triple(term(triple.subject), triple.predicate, term(triple.object))  # type: ignore[arg-type]
