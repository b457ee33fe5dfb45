"""What mends are looked up in."""

from functools import cached_property
from pathlib import Path
from typing import Final

from graph.contribute.mending.codes import CodeLists
from graph.contribute.mending.expectation import Expectations
from graph.contribute.mending.terms import Terms
from graph.contribute.reference import Reference
from graph.contribute.rules import Rules
from graph.contribute.words import Words

_GRAPH_WIDE: Final = "graph"


class Menders:
    """Rules, code lists, terms and known entities; read when first needed."""

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
