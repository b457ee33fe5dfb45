"""pySHACL on an oxigraph-backed graph: shapes are compiled once, results come as they are, without a report graph."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Store
from pyshacl import ShapesGraph, Validator
from pyshacl.graph_abstraction import DataGraph, OxigraphDataGraph
from pyshacl.monkey import apply_patches
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.namespace import SH

_LOG = logging.getLogger("infrashare.shacl")
_LOG.setLevel(logging.ERROR)


@dataclass(frozen=True)
class Result:
    """One validation result: the shape that gave it, focus node, path and value, and the engine's own words."""

    shape: str
    focus: NamedNode | Literal | None
    path: NamedNode | None
    value: NamedNode | Literal | None
    message: str


class Shapes:
    """A shapes graph that is compiled when first used and used again for every contribution."""

    def __init__(self, graph: Graph) -> None:
        apply_patches()
        self.graph = graph
        self.compiled = ShapesGraph(DataGraph.from_rdflib(graph), False, _LOG)

    def validate(self, store: Store) -> list[Result]:
        """All results for the default graph of a store. Nothing is inferred, nothing is fetched."""
        validator = _Validator(_DataGraph(store), self)
        validator.run()
        return validator.results


class _DataGraph(OxigraphDataGraph):  # type: ignore[misc]
    """The engine-backed graph of pySHACL, without two of its faults (0.40.1).

    It counted all triples whenever its truth was asked, once for each result; and it failed where a path leads on
    from a literal, as from ``infra:capability "welding"``.
    """

    def __bool__(self) -> bool:
        return True

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Iterator[Any]:
        if isinstance(subject, RdflibLiteral):
            return iter(())
        found: Iterator[Any] = super().objects(subject, predicate, unique)
        return found


class _Validator(Validator):  # type: ignore[misc]
    """Keeps results as they are: a report graph of thousands of results costs more than finding them."""

    results: list[Result]

    def __init__(self, data: _DataGraph, shapes: Shapes) -> None:
        options = {"inplace": True, "inference": None, "logger": _LOG}
        super().__init__(data, shacl_graph=shapes.graph, options=options)
        self.shacl_graph = shapes.compiled
        self.results = []

    def create_validation_report(  # type: ignore[override]
        self, _shapes: Any, _conforms: bool, results: list[tuple[Any, ...]]
    ) -> tuple[Graph, str]:
        self.results = [result for _text, node, triples in results if (result := _read(node, triples)) is not None]
        return Graph(), ""


def _read(node: Any, triples: list[Any]) -> Result | None:
    facts: dict[Any, Any] = {}
    for subject, predicate, value in triples:
        if subject == node:
            facts.setdefault(predicate, value[1] if isinstance(value, tuple) else value)
    shape = facts.get(SH.sourceShape)
    if not isinstance(shape, URIRef):
        return None
    path = term(facts.get(SH.resultPath))
    return Result(
        str(shape),
        term(facts.get(SH.focusNode)),
        path if isinstance(path, NamedNode) else None,
        term(facts.get(SH.value)),
        str(facts.get(SH.resultMessage, "")),
    )


def term(node: object) -> NamedNode | Literal | None:
    """The engine's term for one of rdflib's; ``None`` for blank nodes and nothing."""
    if isinstance(node, RdflibLiteral):
        if node.language:
            return Literal(str(node), language=node.language)
        if node.datatype:
            return Literal(str(node), datatype=NamedNode(str(node.datatype)))
        return Literal(str(node))
    return NamedNode(str(node)) if isinstance(node, URIRef) else None
