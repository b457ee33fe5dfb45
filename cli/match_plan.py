"""How a match was done, step by step: as a table for people and as JSON for programs."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from graph.match.plan import Plan, Step

_QUERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "candidates": ("match-candidates",),
    "describe": ("match-describe", "match-parts", "match-evidence", "match-range-statement", "match-wording"),
    "support": ("match-support",),
    "practices": ("match-practices", "match-practices-about", "match-practices-of-schemes"),
    "words of records": ("match-record",),
}
"""The catalogued queries that a step may ask."""

_PLACE: Final = ("distance", "nearness")
_CRITERIA: Final[Mapping[str, tuple[str, ...]]] = {
    "x": _PLACE,
    "y": _PLACE,
    "z": _PLACE,
    "middle": _PLACE,
    "trl-min": ("trl",),
    "trl-max": ("trl",),
    "range": ("quantity",),
}
"""The criteria that look at a fact, where their names are not the fact's."""


def written(plan: Plan) -> dict[str, Any]:
    """The plan as JSON data; times in milliseconds."""
    return {"milliseconds": _milliseconds(plan.seconds), "steps": [_step(step) for step in plan.steps]}


def _step(step: Step) -> dict[str, Any]:
    members: dict[str, Any] = {"step": step.name}
    if step.fact is not None:
        members |= {"fact": step.fact, "criteria": list(_criteria(step.fact))}
    if queries := _queries(step):
        members["queries"] = list(queries)
    if step.how is not None:
        members["how"] = step.how.value
    return {**members, "counts": dict(step.figures), "milliseconds": _milliseconds(step.seconds)}


def print_plan(plan: Plan) -> None:
    """Print the steps as a table, in the order in which they were done."""
    table = Table(title="How it was done", show_footer=True)
    table.add_column("step", footer="all")
    table.add_column("for", overflow="fold")
    table.add_column("how", overflow="fold")
    table.add_column("counted", overflow="fold")
    table.add_column("ms", justify="right", footer=f"{plan.seconds * 1_000:,.1f}")
    for step in plan.steps:
        counted = ", ".join(f"{name} {number:,}" for name, number in step.figures)
        what = step.name if step.fact is None else f"{step.name} {step.fact}"
        for_ = "" if step.fact is None else " or ".join(_criteria(step.fact))
        table.add_row(what, for_, step.how or "", counted, f"{step.seconds * 1_000:,.1f}")
    Console().print(table)


def _criteria(fact: str) -> tuple[str, ...]:
    return _CRITERIA.get(fact, (fact,))


def _queries(step: Step) -> tuple[str, ...]:
    return _QUERIES.get(step.name, ()) if step.fact is None else (f"match-fact-{step.fact}",)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1_000, 3)
