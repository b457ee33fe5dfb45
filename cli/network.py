"""The network of regions from a terminal: tables, JSON, or a file for Gephi or Cytoscape."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.opening import service_of
from graph.errors import InputError
from graph.regions.network.files import cytoscape, graphml
from graph.regions.network.question import MOST, NetworkQuestion

Say = Callable[..., str]


def network(options: argparse.Namespace) -> int:
    """Print the network; exit code 1 where no two regions are linked."""
    if not 1 <= options.limit <= MOST:
        raise InputError(f"--limit {options.limit}: give a number from 1 to {MOST}")
    question = NetworkQuestion.of(
        options.region, options.min_similarity, options.min_complementarity, options.limit
    )
    with service_of(options) as service:
        view = service.view(service.snapshot_at(options.revision), options.lang)
        answer = {"run": view.run, **question.answer(view)}
        if options.format == "json":
            print(json_of(answer))
        elif options.format == "graphml":
            print(graphml(answer), end="")
        elif options.format == "cytoscape":
            print(json_of(cytoscape(answer)))
        else:
            _print(answer, view.say)
    return DONE if answer["links"] else NOTHING


def _print(answer: dict[str, Any], say: Say) -> None:
    console = Console()
    names = {node["id"]: node["label"] for node in answer["nodes"]}
    capabilities = answer["capabilities"]

    def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        table = Table(title=Text(say(f"network-{title}")), title_justify="left")
        for column in columns:
            table.add_column(Text(say(f"network-{column}")), overflow="fold")
        for row in rows:
            table.add_row(
                *(Text(say("network-unknown") if cell is None else plain(str(cell))) for cell in row)
            )
        console.print(table if table.rows else Text(f"{say(f'network-{title}')}: {say('network-none')}"))

    def able(link: dict[str, Any]) -> str:
        return ", ".join(capabilities[one["code"]]["label"] for one in link["capabilities"])

    def tied(one: dict[str, Any]) -> str:
        return "; ".join(
            f"{names[there['region']]}: {', '.join(tie['label'] for tie in there['ties'])}"
            for there in one["regions"]
        )

    counts = ("facilities", "described", "capabilities", "gaps", "links", "centrality", "group")
    show(
        "regions",
        ("region", *counts),
        ([f"{node['id']} {node['label']}", *(node[name] for name in counts)] for node in answer["nodes"]),
    )
    strongest = sorted(answer["links"], key=lambda link: -link["weight"])
    show(
        "similarity",
        ("region", "other", "similarity", "shared"),
        (
            (names[link["source"]], names[link["target"]], f"{link['weight']:.2f}", able(link))
            for link in strongest
            if link["kind"] == "similarity"
        ),
    )
    show(
        "complementarity",
        ("lacking", "having", "filled", "capabilities"),
        (
            (names[link["source"]], names[link["target"]], f"{link['weight']:.0%}", able(link))
            for link in strongest
            if link["kind"] == "complementarity"
        ),
    )
    show(
        "groups",
        ("group", "regions", "common"),
        ((one["group"], ", ".join(names[c] for c in one["regions"]), able(one)) for one in answer["groups"]),
    )
    show("organisations", ("organisation", "ties"), ((o["label"], tied(o)) for o in answer["organisations"]))
    show("projects", ("project", "ties"), ((one["label"], tied(one)) for one in answer["projects"]))
    show(
        "central",
        ("facility", "region", "weight", "reached"),
        (
            (
                one["label"],
                ", ".join(names[code] for code in one["home"]),
                one["weight"],
                ", ".join(one["reached"]),
            )
            for one in answer["facilities"]
        ),
    )
    for one in answer["unknown"]:
        console.print(Text(plain(one["reason"])))
