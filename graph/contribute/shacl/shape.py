"""pySHACL's shapes with their parameters read once, and with what rules share worked out once for each contribution."""

import logging
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from pyshacl import ShapesGraph
from pyshacl.errors import ShapeLoadError
from pyshacl.helper.expression_helper import value_nodes_from_path
from pyshacl.shape import Shape
from rdflib import Graph, URIRef

from graph.contribute.shacl.constraint import COMPONENTS
from graph.contribute.shacl.data import Data

Conformance = tuple[bool, list[Any]]
_RECURSION = "https://www.w3.org/TR/shacl/#shapes-recursion"


class _ReadGraph(Graph):
    """A shapes graph that no longer changes and remembers what was read: pySHACL reads paths for each focus node."""

    def __init__(self, graph: Graph, further: Iterable[Any]) -> None:
        super().__init__()
        for prefix, base in graph.namespaces():
            self.bind(prefix, base)
        for triple in (*graph, *further):
            self.add(triple)
        self._read: dict[tuple[Any, Any], list[Any]] = {}
        self._lists: dict[Any, list[Any]] = {}

    def objects(  # type: ignore[override]
        self, subject: Any = None, predicate: Any = None, unique: bool = False
    ) -> Iterator[Any]:
        key = (subject, predicate)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = list(super().objects(subject, predicate, unique))
        return iter(found)

    def items(self, list: Any) -> Iterator[Any]:  # type: ignore[override]
        found = self._lists.get(list)
        if found is None:
            found = self._lists[list] = [*super().items(list)]
        return iter(found)


class CompiledShape(Shape):
    """A shape that knows its constraints and targets. It must not lead back to itself."""

    __slots__ = ("_constraints", "_steps", "_targets")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._constraints: list[Any] | None = None
        self._targets: tuple[frozenset[Any], ...] | None = None
        self._steps: list[Any] | None = None

    @property
    def constraints(self) -> list[Any]:
        """The constraint components of the shape, one of each kind."""
        if self._constraints is None:
            kinds = (COMPONENTS[p] for p, _ in self.sg.predicate_objects(self.node) if p in COMPONENTS)  # type: ignore[no-untyped-call]
            self._constraints = [kind(self) for kind in dict.fromkeys(kinds)]
        return self._constraints

    @property
    def targets(self) -> tuple[frozenset[Any], ...]:
        """Target nodes, classes, implicit classes, and predicates by whose objects and subjects it targets."""
        if self._targets is None:
            self._targets = tuple(frozenset(part) for part in self.target())  # type: ignore[no-untyped-call]
        return self._targets

    def validate(  # type: ignore[override]
        self, executor: Any, target_graph: Data, focus: Any = None, _evaluation_path: list[Any] | None = None
    ) -> Conformance:
        """Whether all focus nodes conform, and the results: for the targets, or for one node."""
        if self.deactivated:
            return True, []
        path = _evaluation_path or []
        if any(step is self for step in path):
            raise ShapeLoadError(f"the shape {self.node} leads back to itself", _RECURSION)  # type: ignore[no-untyped-call]
        if focus is None:
            return self._check(executor, target_graph, self._values_of_targets(target_graph), path)
        key = (self.node, focus)
        found: Conformance | None = target_graph.conforming.get(key)
        if found is None:
            found = self._check(executor, target_graph, self.value_nodes(target_graph, focus), path)
            target_graph.conforming[key] = found
        return found

    def value_nodes(  # type: ignore[override]
        self, target_graph: Data, focus: Any, **_further: Any
    ) -> dict[Any, set[Any]]:
        """The values that the shape's path leads to from each focus node; of a node shape, the node itself."""
        nodes = focus if isinstance(focus, list) else [focus]
        path = self.path()  # type: ignore[no-untyped-call]
        if path is None:
            return {node: {node} for node in nodes}
        if self._steps is None:
            self._steps = _steps(self.sg.graph, path)
        if not self._steps:
            return {node: value_nodes_from_path(self.sg, node, path, target_graph) for node in nodes}
        return {node: target_graph.reached(node, self._steps) for node in nodes}

    def _values_of_targets(self, data: Data) -> dict[Any, set[Any]]:
        key = (self.targets, self.path())  # type: ignore[no-untyped-call]
        values: dict[Any, set[Any]] | None = data.valued.get(key)
        if values is None:
            focus = data.targeted.get(self.targets)
            if focus is None:
                focus = data.targeted[self.targets] = _focus_nodes(self.targets, data)
            values = data.valued[key] = self.value_nodes(data, focus) if focus else {}
        return values

    def _check(self, executor: Any, data: Data, values: dict[Any, set[Any]], path: list[Any]) -> Conformance:
        results: list[Any] = []
        conforms = True
        if values:
            for constraint in self.constraints:
                met, found = constraint.evaluate(executor, data, values, [*path, self, constraint])
                conforms = conforms and met
                results.extend(found)
        return conforms, results


def _steps(graph: Graph, path: Any) -> list[Any]:
    """The properties of a path that is a property, or a sequence of properties; of other paths none."""
    steps = [path] if isinstance(path, URIRef) else list(graph.items(path))
    return steps if all(isinstance(step, URIRef) for step in steps) else []


def _focus_nodes(targets: tuple[frozenset[Any], ...], data: Data) -> list[Any]:
    nodes, classes, implicit, objects_of, subjects_of = targets
    found = dict.fromkeys(nodes)
    for kind in sorted(classes | implicit):
        found.update(dict.fromkeys(data.instances(kind)))
    for predicate in sorted(subjects_of):
        found.update(dict.fromkeys(subject for subject, _ in data.subject_objects(predicate)))
    for predicate in sorted(objects_of):
        found.update(dict.fromkeys(value for _, value in data.subject_objects(predicate)))
    return list(found)


class CompiledShapes(ShapesGraph):
    """All shapes of a shapes graph, compiled."""

    def __init__(self, graph: Graph, log: logging.Logger) -> None:
        super().__init__(_ReadGraph(graph, self.system_triples), False, log)
        if self.custom_constraints:
            raise ShapeLoadError("constraint components of one's own are not taken", _RECURSION)  # type: ignore[no-untyped-call]

    @cached_property
    def targeted(self) -> list[CompiledShape]:
        """The shapes that have targets: all others are checked where these refer to them."""
        return [shape for shape in self.shapes if any(shape.targets)]

    def _add_system_triples(self) -> None:
        """They are in the graph already, which no longer changes."""

    def _build_node_shape_cache(self) -> None:
        super()._build_node_shape_cache()  # type: ignore[no-untyped-call]
        self._node_shape_cache = {
            node: CompiledShape(self, node, shape.is_property_shape, shape._path, self.logger)
            for node, shape in self._node_shape_cache.items()
        }
