"""The data graph as pySHACL reads it: rdflib terms by predicate and subject, and a store for SPARQL alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
    serialize,
)
from pyshacl.graph_abstraction import OxigraphDataGraph, to_ox
from rdflib import BNode, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib import Variable as RdflibVariable
from rdflib.namespace import RDF, RDFS
from rdflib.query import Result

from graph.contribute.shacl.scan import same_places
from graph.iris import XSD

Term = NamedNode | BlankNode | Literal
Objects = dict[Any, list[Any]]
_NOTHING: Objects = {}
_STRING = XSD["string"]


class Terms(dict[Any, Any]):
    """The rdflib term for each term of the engine; each is made once."""

    def __missing__(self, term: Term) -> Any:
        found: Any
        if isinstance(term, NamedNode):
            found = URIRef(term.value)
        elif isinstance(term, BlankNode):
            found = BNode(term.value)
        elif term.language:
            found = RdflibLiteral(term.value, lang=term.language)
        elif term.datatype == _STRING:
            found = RdflibLiteral(term.value)
        else:
            # Not normalised: the value stays as it was written, and 1e999999999 does not become a gigabyte of digits.
            found = RdflibLiteral(term.value, datatype=self[term.datatype], normalize=False)
        self[term] = found
        return found


class Data(OxigraphDataGraph):
    """The triples of one validation, with what was worked out about them for one rule and serves the next."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        super().__init__(Store())
        self._triples = list(dict.fromkeys(triples))
        self._terms = terms = Terms()
        self._objects: dict[Any, Objects] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in self._triples:
            self._objects[terms[predicate]][terms[subject]].append(terms[value])
        self._subjects: dict[Any, Objects] = {}
        self.targeted: dict[Any, Any] = {}
        self.valued: dict[Any, Any] = {}
        self.conforming: dict[Any, Any] = {}

    def __bool__(self) -> bool:
        return True  # pySHACL asks for each result, and would have all triples counted

    def term(self, term: Term | None) -> Any:
        """The rdflib term for a term of the engine."""
        return None if term is None else self._terms[term]

    def original(self, term: Any) -> Any:
        """The engine's term for an rdflib term, as the contribution has it; ``None`` for blank nodes and nothing."""
        if term is None or isinstance(term, BNode):
            return None
        return self._originals.get(term) or to_ox(term)

    @cached_property
    def _originals(self) -> dict[Any, Term]:
        return {mine: theirs for theirs, mine in self._terms.items()}

    def _inverse(self, predicate: Any) -> Objects:
        found = self._subjects.get(predicate)
        if found is None:
            found = defaultdict(list)
            for subject, values in self._objects.get(predicate, _NOTHING).items():
                for value in values:
                    found[value].append(subject)
            self._subjects[predicate] = found
        return found

    def objects(  # type: ignore[override]
        self, subject: Any = None, predicate: Any = None, unique: bool = False
    ) -> Iterator[Any]:
        """The objects of the triples with this subject, or any of these subjects, and this predicate."""
        if isinstance(subject, list | tuple):
            return (value for one in subject for value in self.objects(one, predicate))
        if subject is None or predicate is None:
            return (value for _, value in self._pairs(subject, predicate))
        return iter(self._objects.get(predicate, _NOTHING).get(subject, ()))

    def reached(self, subject: Any, steps: Iterable[Any]) -> set[Any]:
        """The distinct nodes that a sequence of properties leads to from a node."""
        found = {subject}
        for predicate in steps:
            objects = self._objects.get(predicate, _NOTHING)
            found = {value for node in found for value in objects.get(node, ())}
        return found

    def subjects(  # type: ignore[override]
        self, predicate: Any = None, object_: Any = None, unique: bool = False
    ) -> Iterator[Any]:
        """The subjects of the triples with this predicate and this object, or any of these objects."""
        if isinstance(object_, list | tuple):
            return (subject for one in object_ for subject in self.subjects(predicate, one))
        return iter(self._inverse(predicate).get(object_, ()))

    def subject_objects(  # type: ignore[override]
        self, predicate: Any = None, unique: bool = False
    ) -> Iterator[tuple[Any, Any]]:
        """Subject and object of the triples with this predicate."""
        for subject, values in self._objects.get(predicate, _NOTHING).items():
            for value in values:
                yield subject, value

    def predicate_objects(  # type: ignore[override]
        self, subject: Any = None, unique: bool = False
    ) -> Iterator[tuple[Any, Any]]:
        """Predicate and object of the triples with this subject."""
        for predicate, by_subject in self._objects.items():
            for value in by_subject.get(subject, ()):
                yield predicate, value

    def _pairs(self, subject: Any, predicate: Any) -> Iterator[tuple[Any, Any]]:
        for one in self._objects if predicate is None else [predicate]:
            for about, value in self.subject_objects(one):
                if subject is None or about == subject:
                    yield about, value

    def __contains__(self, triple: Any) -> bool:
        subject, predicate, value = triple
        return value in self._objects.get(predicate, _NOTHING).get(subject, ())

    def instances(self, kind: Any) -> set[Any]:
        """All instances of a class and of the classes below it."""
        found = set(self.subjects(RDF.type, kind))
        for below in self.transitive_subjects(RDFS.subClassOf, kind):
            found.update(self.subjects(RDF.type, below))
        return found

    @cached_property
    def triple_store(self) -> Store:
        """The triples in a store."""
        return _loaded(self.impl, self._triples)

    @cached_property
    def places(self) -> Store:
        """A smaller store with the same terms in the same places, for queries that look at terms one by one."""
        return _loaded(Store(), same_places(self._triples))

    def query(self, query_object: Any, *_: Any, **options: Any) -> Any:  # type: ignore[override]
        """The answer to a SELECT query with bound variables, as pySHACL asks it."""
        bound = options.get("initBindings") or {}
        substitutions = {Variable(name): self.original(term) for name, term in bound.items()}
        solutions = self.triple_store.query(query_object, substitutions=substitutions)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("a SPARQL constraint is a SELECT query")
        answer = Result("SELECT")
        answer.vars = [RdflibVariable(variable.value) for variable in solutions.variables]
        answer.bindings = [
            {
                name: self.term(term)
                for name, term in zip(answer.vars, solution, strict=True)
                if term is not None
            }
            for solution in solutions
        ]
        return answer


def _loaded(store: Store, triples: Iterable[Triple]) -> Store:
    ntriples = serialize(triples, format=RdfFormat.N_TRIPLES)
    store.bulk_load(input=ntriples, format=RdfFormat.N_TRIPLES)
    return store
