"""What a partner sends: a file for a contribution, on what terms, and the refusal of what is not theirs to say."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.contribute.accept import Precondition, graph_of
from graph.contribute.report import Report
from graph.errors import Place, Refused
from graph.store.ledger import ACCEPTED
from graph.store.replies import Request

FOREIGN_CODES: Final = frozenset(
    {"contribution-entity-foreign", "graph-vocabulary-foreign", "graph-system-subject"}
)
"""Rules whose findings mean: these statements are not the partner's to make."""


@dataclass(frozen=True)
class Sent:
    """A file that is sent as the new version of a contribution."""

    partner: str
    dataset: str
    data: bytes
    media_type: str
    agent: str
    message: str = ""
    language: str = "en"
    change: str = ACCEPTED
    restores: int | None = None

    @property
    def graph(self) -> NamedNode:
        """The graph that it is for. Raises ``InputError`` for names that cannot be used."""
        return graph_of(self.partner, self.dataset)


@dataclass(frozen=True)
class Terms:
    """How a change is asked for: only to see it, only on a certain version, and as a request that may be repeated."""

    dry_run: bool = False
    precondition: Precondition | None = None
    request: Request | None = None


class NotOwn(Refused):
    """The contribution makes statements that are not the partner's to make; ``report`` names each."""

    problem = "not-own"

    def __init__(self, report: Report) -> None:
        found = [finding for finding in report.findings if finding.code in FOREIGN_CODES]
        number = sum(report.by_code.get(code, 0) for code in FOREIGN_CODES)
        first = found[0]
        where = f"line {first.line}: " if first.line else ""
        more = f" ({number} in all)" if number > 1 else ""
        super().__init__(
            f"{where}{first.focusNode or first.value}: {first.message}{more}",
            tuple(Place(f.message, f.code, f.line, f.column, f.focusNode or f.value, f.help) for f in found),
        )
        self.report = report

    def __reduce__(self) -> tuple[type["NotOwn"], tuple[Report]]:  # type: ignore[override]
        return type(self), (self.report,)
