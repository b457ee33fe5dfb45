"""Matching a need from a terminal."""

import argparse
import json
import sys
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.match_plan import print_plan, written
from cli.opening import fault, service_of, text_of
from graph.errors import InputError
from graph.match import run_graph
from graph.match.need import Need
from graph.match.plan import UNSEEN, Plan
from graph.turtle import turtle


def match(options: argparse.Namespace) -> int:
    """Match a need and print a table, or the whole answer as JSON or Turtle; with how it was done where asked."""
    if options.explain and options.format == "turtle":
        raise InputError("--explain cannot be written as Turtle; use --format text or json")
    members: dict[str, Any] = {}
    if options.need:
        text = sys.stdin.read() if options.need == "-" else text_of(options.need)
        try:
            members = json.loads(text)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{options.need}: line {error.lineno}, column {error.colno}: {error.msg}"
            ) from error
        if not isinstance(members, dict):
            raise InputError(f"{options.need}: a need is a JSON object")
    given = {"text": options.text, "region": options.region, "lang": options.lang, "limit": options.limit}
    members = {**{key: value for key, value in given.items() if value is not None}, **members}
    try:
        need = Need.model_validate(members)
    except ValidationError as error:
        raise InputError(fault(error)) from error
    plan = Plan() if options.explain else UNSEEN
    with service_of(options) as service:
        state = service.snapshot
        answer = service.matcher.match(need, state, plan)
        if options.format == "turtle":
            scheme = service.matcher.knowledge(state).scheme
            print(turtle(run_graph.triples(answer, need, scheme, state, service.catalogue)).decode(), end="")
    if options.format == "json":
        print(json_of({**answer, "plan": written(plan)} if options.explain else answer))
    elif options.format == "text":
        _print_answer(answer)
        if options.explain:
            print_plan(plan)
    return DONE if answer["results"] else NOTHING


def _print_dim(console: Console, text: str) -> None:
    console.print(Text(plain(text), style="dim"))


def _why(criteria: list[dict[str, Any]]) -> list[str]:
    """Why a facility is there: what it can do of what was asked, else what the words of the text tell."""
    for kind in ("capability", "vocabulary", "text"):
        if reasons := [c["reason"] for c in criteria if c["criterion"] == kind and c["score"] > 0]:
            return reasons
    return []


def _print_answer(answer: dict[str, Any]) -> None:
    console = Console()
    understood = answer["understood"]
    for kind in ("capabilities", "materials", "services", "sectors", "accessModes"):
        for link in understood[kind]:
            stress = "" if link["importance"] == "wished" else f", {link['importance']}"
            _print_dim(console, f"understood: {link['label']}  ({kind}, from “{link['because']}”{stress})")
    for place in understood["places"]:
        about = "search in" if place["role"] == "search-in" else "measure from"
        _print_dim(console, f"understood: {place['label']}  ({about}, from “{place['because']}”)")
    if understood["distance"]:
        distance = understood["distance"]
        _print_dim(console, f"understood: at most {distance['km']:g} km  (from “{distance['because']}”)")
    for quantity in understood["quantities"]:
        counts = "quantity" if quantity["used"] else "quantity, of no equipment"
        _print_dim(console, f"understood: {quantity['because']}  ({counts})")
    for link in understood["excluded"]:
        _print_dim(console, f"not wished: {link['label']}  (from “{link['because']}”)")
    for phrase in understood["refused"]:
        _print_dim(console, f"not wished: {phrase}")
    if understood["not_understood"]:
        _print_dim(console, f"not understood: {', '.join(understood['not_understood'])}")
    if not answer["results"]:
        console.print("No facility in the graph fits this need.")
        return
    table = Table(title=f"{len(answer['results'])} of {answer['total']} facilities")
    for name, justify in (
        ("score", "right"),
        ("facility", "left"),
        ("town", "left"),
        ("km", "right"),
        ("why", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for result in answer["results"]:
        why = _why(result["criteria"])
        km = "" if result["distance_km"] is None else f"{result['distance_km']:.0f}"
        town = ", ".join(part for part in (result["city"], result["country"]) if part)
        cells = (f"{result['score']:.2f}", result["label"], town, km, "\n".join(why))
        table.add_row(*(Text(plain(cell)) for cell in cells))
    console.print(table)
