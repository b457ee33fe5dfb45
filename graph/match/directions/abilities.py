"""What facilities state that they can do, with the statements: their own, their services', their equipment's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.iris import INFRA
from graph.match.scheme import Scheme
from graph.match.view import View, node_of, statement

_CAPABILITY: Final = INFRA["capability"]


@dataclass(frozen=True)
class Abilities:
    """Statements of capabilities by facility and capability."""

    _stated: Mapping[NamedNode, Mapping[NamedNode, list[dict[str, str]]]]
    _scheme: Scheme

    @classmethod
    def read(cls, facilities: Iterable[NamedNode], view: View) -> "Abilities":
        """What these facilities state."""
        found: dict[NamedNode, dict[NamedNode, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for row in view.rows_of("directions-ability", "facility", facilities):
            facility, subject, capability, graph = node_of(row, "facility", "subject", "capability", "graph")
            found[facility][capability].append(statement(subject, _CAPABILITY, capability, graph))
        return cls(found, view.scheme)

    def evidence(self, facility: NamedNode, capability: NamedNode) -> list[dict[str, str]]:
        """The statements by which a facility covers a capability: of it, or of a narrower one."""
        return sorted(
            (
                one
                for stated, statements in self._stated.get(facility, {}).items()
                if stated == capability or capability in self._scheme.ancestors.get(stated, ())
                for one in statements
            ),
            key=lambda one: (one["o"], one["s"], one["graph"]),
        )
