"""What a region can learn from others, from a terminal."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.opening import service_of
from graph.errors import InputError
from graph.match.view import View
from graph.regions.exchange.answer import exchange as exchange_of
from graph.regions.exchange.answer import themes_of
from graph.regions.exchange.picture import paths_picture
from graph.regions.exchange.weights import Weights
from graph.regions.region import region_of


def exchange(options: argparse.Namespace) -> int:
    """Print practices to adopt, regions to visit and paths, as text, as JSON with the evidence, or as a page."""
    if options.limit < 1:
        raise InputError(f"--limit {options.limit}: give 1 or more")
    weights = Weights.read()
    with service_of(options) as service:
        at = service.moment(options.revision)
        view = service.view(at.snapshot(), options.lang)
        region = region_of(options.region, view)
        themes = themes_of(options.theme, view)
        told = {"run": view.run, **exchange_of(region, view, options.limit, themes, weights)}
        if options.format == "json":
            print(json_of(told))
        elif options.format == "html":
            _print_page(told, view, service.ledger.time_of(at.revision)[:10], weights)
        else:
            _print_text(told, view)
    return DONE if told["practices"] or told["partners"] else NOTHING


def _print_page(told: dict[str, Any], view: View, day: str, weights: Weights) -> None:
    from api.pages import standalone
    from api.region_pages import drawn

    pictures = drawn({"paths": paths_picture(told, view)}, linked=False)
    context = {"answer": told, "words": view.say, "day": day, "least": weights.sure, **pictures}
    print(standalone("exchange.html", context, view.language))


def _print_text(told: dict[str, Any], view: View) -> None:
    console = Console(soft_wrap=True, highlight=False)

    def line(text: str, style: str = "") -> None:
        console.print(Text(plain(text), style=style))

    line(f"{view.say('exchange-title')}: {told['region']['label']}", "bold")
    for note in told["lacks"]["notes"]:
        line(note)
    line(f"\n{view.say('exchange-heading-practices')}{_of(told['practices'], told['total'], view)}", "bold")
    if told["note"]:
        line(told["note"])
    for one in told["practices"]:
        line(f"{_score(one, view)}  {one['label']}  [{_names(one['regions'])}]")
        if one["warning"]:
            line(f"      ! {one['warning']}")
        for part in one["parts"]:
            line(f"      {_value(part['value'])}  {part['label']}: {part['reason']}", "dim")
        for said in one["difficulties"]:
            line(f"      {view.say('exchange-label-difficulties')}: {said['text']}")
    if told["own"]:
        line(f"\n{view.say('exchange-heading-own')}{_of(told['own'], told['own_total'], view)}", "bold")
    for one in told["own"]:
        line(f"{one['label']}: {one['reason']}")
    line(
        f"\n{view.say('exchange-heading-partners')}{_of(told['partners'], told['partners_total'], view)}",
        "bold",
    )
    for one in told["partners"]:
        line(f"{_score(one, view)}  {one['label']}")
        for part in one["parts"]:
            line(f"      {_value(part['value'])}  {part['label']}: {part['reason']}", "dim")
        for sight in one["facilities"]:
            line(f"      {sight['label']}: {' '.join(sight['reasons'])}")
        for event in one["events"]:
            line(f"      {event['start'] or '?'}  {event['label']}: {event['reason']}")
    line(f"\n{view.say('exchange-heading-paths')}", "bold")
    for path in told["paths"]:
        _print_path(path, view, line)


def _print_path(path: dict[str, Any], view: View, line: Callable[..., None]) -> None:
    line(f"{path['plan']['label']}  [{_names(path['owners'])}]")
    labels = {node["key"]: node["label"] for node in path["nodes"]}
    for link in path["links"]:
        if link["stated"]:
            line(f"      {labels[link['from']]} — {link['label']} → {labels[link['to']]}", "dim")
    for end in path["open"]:
        line(f"      ? {' '.join([end['reason'], *(note['text'] for note in end['notes'])])}", "dim")
    for said in path["improved"]["progress"]:
        line(f"      {view.say('exchange-heading-improved')}: {said['text']}")


def _score(one: dict[str, Any], view: View) -> str:
    mark = " " if one["safe"] else "?"
    known = view.say("exchange-label-known", share=f"{100 * one['confidence']:.0f} %")
    return f"{_value(one['score'])}{mark} ({known})"


def _value(value: float | None) -> str:
    return "   ?" if value is None else f"{value:.2f}"


def _names(items: Iterable[dict[str, Any]]) -> str:
    return ", ".join(one["label"] for one in items)


def _of(shown: list[Any], total: int, view: View) -> str:
    """How many of how many are shown, where that is not all."""
    if len(shown) == total:
        return ""
    return f" ({view.say('exchange-label-of', shown=str(len(shown)), total=str(total))})"
