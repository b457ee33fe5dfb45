"""Who refers to what a version drops: a warning for each entity that others point to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from graph.contribute.report import Finding, Report
from graph.contribute.rules import Rules
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Engine

_REFERENCED: Final = "contribution-entity-referenced"
_LISTED: Final = 10
"""Referrers that a warning names; further ones are counted."""


class Referrers:
    """The current contributions, asked who refers to an entity."""

    def __init__(self, engine: Engine, queries: QueryCatalogue, rules: Callable[[], Rules]) -> None:
        self._engine = engine
        self._queries = queries
        self._rules = rules

    def warned(self, report: Report, dropped: Sequence[str], graph: NamedNode, language: str) -> Report:
        """The report with a warning for each entity that ``graph`` drops although others refer to it."""
        referrers = self._of(dropped, graph)
        if not referrers:
            return report
        rule = self._rules()[_REFERENCED]
        warnings = tuple(
            Finding(
                code=rule.code,
                severity=rule.severity,
                message=rule.message(language),
                focusNode=entity,
                value=_listed(names),
                help=f"/shapes#{rule.code}",
            )
            for entity, names in referrers.items()
        )
        counts = {**report.counts, rule.severity: report.counts[rule.severity] + len(warnings)}
        by_code = {**report.by_code, rule.code: len(warnings)}
        return replace(report, counts=counts, by_code=by_code, findings=(*report.findings, *warnings))

    def _of(self, entities: Sequence[str], graph: NamedNode) -> dict[str, list[str]]:
        """For each entity that others refer to, who does."""
        found: dict[str, list[str]] = {}
        nodes = [NamedNode(entity) for entity in entities]
        if nodes:
            query = self._queries["contribute-referrers"].bind(entity=nodes, graph=[graph])
            for row in self._engine.reader().select(query).dicts():
                entity, referrer = str(row["entity"]).strip("<>"), str(row["referrer"]).strip("<>")
                names = found.setdefault(entity, [])
                if referrer not in names:
                    names.append(referrer)
        return found


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
