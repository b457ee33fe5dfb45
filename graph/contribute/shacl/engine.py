"""Validation of triples against shapes that are compiled once."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple
from pyshacl.monkey import apply_patches
from pyshacl.pytypes import SHACLExecutor
from rdflib import Graph

from graph.contribute.shacl.constraint import Outcome
from graph.contribute.shacl.data import Data
from graph.contribute.shacl.shape import CompiledShapes
from graph.store.worker_process import report_progress

_LOG = logging.getLogger("infrashare.shacl")
_LOG.setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result: the shape that gave it, focus node, path and value as they were written."""

    shape: str
    focus: NamedNode | Literal | None
    path: NamedNode | None
    value: NamedNode | Literal | None
    outcome: Outcome

    @property
    def message(self) -> str:
        """The engine's own words."""
        return self.outcome.message


class Shapes:
    """A shapes graph that is compiled when first used and used again for every contribution."""

    def __init__(self, graph: Graph) -> None:
        apply_patches()  # type: ignore[no-untyped-call]
        self.graph = graph

    @cached_property
    def compiled(self) -> CompiledShapes:
        """The shapes with what was read of them so far."""
        return CompiledShapes(self.graph, _LOG)

    def validate(self, triples: Iterable[Triple]) -> list[Result]:
        """All results for a graph. Nothing is inferred, nothing is fetched."""
        data = Data(triples)
        executor = SHACLExecutor()
        results: list[Result] = []
        targeted = self.compiled.targeted
        for number, shape in enumerate(targeted):
            report_progress("check", number, len(targeted))
            _, found = shape.validate(executor, data)
            results.extend(_result(outcome, data) for _, outcome, _ in found)
        return results


def _result(outcome: Outcome, data: Data) -> Result:
    path = data.original(outcome.path)
    return Result(
        outcome.shape,
        data.original(outcome.focus),
        path if isinstance(path, NamedNode) else None,
        data.original(outcome.value),
        outcome,
    )
