"""Where practices were put to work, how that ended, and who took them up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from graph.iris import CODELIST, INFRA
from graph.match.view import Statement, View, node_of

SUCCESS: Final = CODELIST["practice-outcome/success"]
FAILED: Final = CODELIST["practice-outcome/failed"]

OPEN: Final = "unknown"


@dataclass(frozen=True)
class Implementation:
    """A practice at work at a place and time."""

    node: NamedNode
    practice: NamedNode
    regions: tuple[NamedNode, ...]
    outcomes: tuple[NamedNode, ...]
    start: str | None
    end: str | None

    def statements(self) -> list[Statement]:
        """What says that it is one of the practice, where, and how it ended."""
        return [
            (self.node, INFRA["implementationOf"], self.practice),
            *((self.node, INFRA["inRegion"], region) for region in self.regions),
            *((self.node, INFRA["practiceOutcome"], outcome) for outcome in self.outcomes),
        ]

    def told(self, view: View) -> dict[str, Any]:
        """As answers give it."""
        return {
            "id": self.node.value,
            "regions": [view.concept(one) for one in self.regions],
            "outcomes": [_code(one) for one in self.outcomes],
            "start": self.start,
            "end": self.end,
        }


def implementations(view: View) -> Mapping[NamedNode, Sequence[Implementation]]:
    """All implementations by practice."""
    found: dict[tuple[NamedNode, NamedNode], dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
    for row in view.rows("regions-exchange-implementations"):
        node, practice = node_of(row, "implementation", "practice")
        about = found[node, practice]
        for column, kind in (
            ("region", NamedNode),
            ("outcome", NamedNode),
            ("start", Literal),
            ("end", Literal),
        ):
            if isinstance(value := row.get(column), kind):
                about[column].add(value if isinstance(value, NamedNode) else value.value)
    by_practice: dict[NamedNode, list[Implementation]] = defaultdict(list)
    for (node, practice), about in sorted(found.items(), key=str):
        by_practice[practice].append(
            Implementation(
                node,
                practice,
                tuple(sorted(about["region"], key=str)),
                tuple(sorted(about["outcome"], key=str)),
                min(about["start"], default=None),
                max(about["end"], default=None),
            )
        )
    return by_practice


def standing(several: Iterable[Implementation]) -> str:
    """How a practice fared: ``success`` or ``failed`` where all that is stated says so, else ``mixed``; ``unknown``
    where no outcome is stated."""
    outcomes = {outcome for one in several for outcome in one.outcomes}
    if not outcomes:
        return OPEN
    if len(outcomes) > 1:
        return "mixed"
    return _code(outcomes.pop())


def warning(how: str, view: View) -> str | None:
    """What to beware of with a practice that fared so."""
    return view.say(f"exchange-warning-{how}") if how in {"failed", "mixed"} else None


def _code(outcome: NamedNode) -> str:
    return outcome.value.rpartition("/")[2]
