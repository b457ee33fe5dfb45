"""pySHACL's constraint components with brief results, and SPARQL constraints asked for all focus nodes at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import QuerySolutions
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from rdflib import URIRef

from graph.contribute.shacl.data import Data
from graph.contribute.shacl.scan import is_scan

_WHERE = re.compile(r"\bWHERE\s*\{", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:OPTIONAL|MINUS|VALUES|SERVICE|LIMIT|OFFSET|GROUP|HAVING|COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\b"
    r"|\bWHERE\b.*\bSELECT\b",
    re.IGNORECASE | re.DOTALL,
)
"""With none of these, the rows for many focus nodes are the rows for each of them put together: what remains are
joins, unions, filters and assignments, and a join with one more table distributes over the rows of that table
(https://www.w3.org/TR/sparql11-query/#sparqlAlgebra)."""
_NAMES = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|[\w-]*:[\w-]*')
_WANTED = ("this", "path", "value")

_TOGETHER = 200
"""Focus nodes in one query. With thousands the engine joins some patterns row by row with all of them."""

Report = tuple[str, Any, list[Any]]


@dataclass(frozen=True)
class Asked:
    """A query before and after the place where focus nodes are bound, and whether it looks at terms one by one."""

    before: str
    after: str
    is_scan: bool


class Outcome:
    """One validation result as it leaves a constraint: shape, focus node, path and value in rdflib's terms."""

    __slots__ = ("_component", "_data", "focus", "path", "shape", "value")

    def __init__(self, component: Any, data: Data, focus: Any, value: Any, path: Any) -> None:
        self._component = component
        self._data = data
        self.shape = str(component.shape.node)
        self.focus = focus
        self.value = value
        self.path = path

    @property
    def message(self) -> str:
        """The engine's own words, made when they are read: most results of a large contribution are only counted."""
        words = self._component.make_generic_messages(self._data, self.focus, self.value)
        return str(words[0]) if words else ""


class _Brief:
    """Makes an ``Outcome`` of a result, where pySHACL makes ten triples and a page of text."""

    shape: Any

    def make_v_result(
        self,
        datagraph: Data,
        focus_node: Any,
        value_node: Any = None,
        result_path: Any = None,
        **_further: Any,
    ) -> Report:
        path = self.shape.path() if result_path is None and self.shape.is_property_shape else result_path
        return "", Outcome(self, datagraph, focus_node, value_node, path), []


class _BulkSparql(_Brief, SPARQLBasedConstraint):  # type: ignore[misc]
    """A SPARQL constraint that is one query for all focus nodes, where that gives the same rows."""

    def __init__(self, shape: Any) -> None:
        super().__init__(shape)
        self._asked: dict[Any, Asked | None] = {}

    def _evaluate_sparql_constraint(
        self, sparql_constraint: Any, target_graph: Data, f_v_dict: Mapping[Any, Any]
    ) -> tuple[bool, list[Report]]:
        if sparql_constraint not in self._asked:
            self._asked[sparql_constraint] = _split(sparql_constraint)
        asked = self._asked[sparql_constraint]
        if asked is None:
            found: tuple[bool, list[Report]] = super()._evaluate_sparql_constraint(  # type: ignore[no-untyped-call]
                sparql_constraint, target_graph, f_v_dict
            )
            return found
        rows = _rows(asked, target_graph, f_v_dict)
        reports: list[Report] = []
        for focus in f_v_dict:
            for path, value in rows.get(focus, ()):
                shown = focus if value is None and not self.shape.is_property_shape else value
                reports.append(self.make_v_result(target_graph, focus, shown, path))
        return bool(reports), reports


def _split(constraint: Any) -> Asked | None:
    """What is asked, for all focus nodes at once; ``None`` where they go one by one."""
    _, text = constraint.pre_bind_variables(URIRef("urn:focus"))
    start = _WHERE.search(text)
    if start is None or _APART.search(_NAMES.sub(" ", text)):
        return None
    prefixed = constraint.apply_prefixes(text[: start.end()])
    return Asked(prefixed, text[start.end() :], is_scan(text))


def _rows(asked: Asked, data: Data, focus: Iterable[Any]) -> Mapping[Any, Mapping[Any, None]]:
    """Distinct pairs of path and value for each focus node that has any."""
    rows: dict[Any, dict[Any, None]] = defaultdict(dict)
    nodes = [str(data.original(node)) for node in focus]
    store = data.places if asked.is_scan else data.triple_store
    for start in range(0, len(nodes), _TOGETHER):
        bound = " ".join(nodes[start : start + _TOGETHER])
        solutions = store.query(f"{asked.before} VALUES ?this {{ {bound} }} {asked.after}")
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("a SPARQL constraint is a SELECT query")
        names = [variable.value for variable in solutions.variables]
        places = [names.index(name) if name in names else None for name in _WANTED]
        for solution in solutions:
            this, path, value = (None if i is None else data.term(solution[i]) for i in places)
            rows[this][path, value] = None
    return rows


_KINDS: dict[type[ConstraintComponent], type[ConstraintComponent]] = {SPARQLBasedConstraint: _BulkSparql}
for _kind in CONSTRAINT_PARAMETERS_MAP.values():
    _KINDS.setdefault(_kind, type(_kind.__name__, (_Brief, _kind), {"__slots__": ()}))

COMPONENTS = {parameter: _KINDS[kind] for parameter, kind in CONSTRAINT_PARAMETERS_MAP.items()}
"""The constraint component for each parameter, such as ``sh:minCount``."""
