"""Profiles and comparisons of regions from a terminal."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.arguments import DONE, NOTHING, json_of, plain
from cli.opening import service_of
from graph.errors import InputError
from graph.match.view import View
from graph.regions.comparison import comparison
from graph.regions.formats import shown
from graph.regions.indicators import Indicator
from graph.regions.observations import CUBE_PREFIXES, triples
from graph.regions.profile import profile as profile_of
from graph.regions.region import region_of, regions_of
from graph.regions.tables import table
from graph.turtle import turtle

_MOST_ITEMS = 8
"""Items of an indicator that the tables show; the other forms have all."""


def profile(options: argparse.Namespace) -> int:
    """Print the profile of a region; exit code 1 where nothing is described there."""
    with service_of(options) as service:
        moment = service.moment(options.revision)
        view = service.view(moment.snapshot(), options.lang)
        region = region_of(options.nuts, view)
        told = profile_of(region, view, service.ledger)
        since = None
        if options.since is not None:
            if options.since >= moment.revision:
                raise InputError(f"--since {options.since}: give a revision before {moment.revision}")
            since = told.since(service.view(service.snapshot_at(options.since), options.lang), view)
        whole = {"run": view.run, **told.data, "since": since}
        day = service.ledger.time_of(moment.revision)[:10]
        if options.format == "text":
            _print_profile(whole, view)
        elif options.format == "json":
            print(json_of(whole))
        elif options.format == "html":
            from api.region_pages import profile_page

            print(profile_page(whole, told, view, day))
        else:
            _print_figures(options.format, {region: list(told.indicators.values())}, view)
        return DONE if told.data["facilities"]["total"] else NOTHING


def compare(options: argparse.Namespace) -> int:
    """Print the comparison of regions."""
    with service_of(options) as service:
        moment = service.moment(options.revision)
        view = service.view(moment.snapshot(), options.lang)
        told = comparison(regions_of(options.nuts, view), view)
        whole = {"run": view.run, **told.data}
        day = service.ledger.time_of(moment.revision)[:10]
        if options.format == "text":
            _print_comparison(whole, view)
        elif options.format == "json":
            print(json_of(whole))
        elif options.format == "html":
            from api.region_pages import comparison_page

            print(comparison_page(whole, told, view, day))
        else:
            _print_figures(options.format, {region: told.of(region) for region in told.regions}, view)
        return DONE


def _print_figures(form: str, indicators: Mapping[NamedNode, Sequence[Indicator]], view: View) -> None:
    if form == "turtle":
        said = [one for region, several in indicators.items() for one in triples(region, several, view)]
        print(turtle(said, CUBE_PREFIXES).decode(), end="")
        return
    every = [one for several in indicators.values() for one in several]
    sys.stdout.write(table(every, view))


def _print_profile(whole: Mapping[str, Any], view: View) -> None:
    console = Console()
    region = whole["region"]
    console.print(
        _text(view.say("region-profile-of", region=f"{region['label']} ({region['notation']})")), style="bold"
    )
    if whole["note"]:
        console.print(_text(whole["note"]))
    _print_list(console, view.say("region-priorities"), (one["label"] for one in whole["priorities"]))
    _print_list(console, view.say("region-strengths"), (one["reason"] for one in whole["strengths"]))
    _print_list(console, view.say("region-gaps"), (_gap(one, view) for one in whole["gaps"]["items"]))
    for one in whole["indicators"]:
        if one["indicator"] != "capability-quotient":
            _print_indicator(console, one, view)
    for member, code in (
        ("policy_instruments", "region-policy"),
        ("practices", "region-practices"),
        ("action_plans", "region-plans"),
    ):
        _print_list(console, view.say(code), (one["label"] for one in whole[member]["items"]))
    _print_list(
        console, view.say("region-changes"), (f"{one['text']} {one['reason']}" for one in whole["changes"])
    )
    if whole["since"]:
        _print_since(console, whole["since"], view)


def _gap(gap: Mapping[str, Any], view: View) -> str:
    """A gap with the nearest facility that would fill it."""
    if not gap["facilities"]:
        return f"{gap['label']}. {view.say('region-nowhere')}"
    first = gap["facilities"][0]
    if first["distance_km"] is None:
        return f"{gap['label']}. {view.say('region-nearest-unplaced', facility=first['label'])}"
    km = f"{first['distance_km']:.0f}"
    return f"{gap['label']}. {view.say('region-nearest', facility=first['label'], km=km)}"


def _print_list(console: Console, title: str, items: Iterable[str]) -> None:
    found = list(items)
    if not found:
        return
    console.print()
    console.print(_text(title), style="bold")
    for item in found:
        console.print(_text(f"  • {item}"))


def _print_indicator(console: Console, one: Mapping[str, Any], view: View) -> None:
    figures, coverage = one["figures"], one["coverage"]
    console.print()
    if not figures:
        console.print(_text(f"{one['title']}: {view.say('region-not-known')}"))
        return
    how = "region-coverage" if coverage["safe"] else "region-unsafe"
    covered = view.say(how, known=str(coverage["known"]), of=str(coverage["of"]))
    if len(figures) == 1 and figures[0]["item"] is None:
        value = shown(figures[0]["value"], one["unit"], view.language)
        console.print(_text(f"{one['title']}: {value}. {covered}"))
        return
    table = Table(
        title=_text(one["title"]), title_justify="left", caption=_text(covered), caption_justify="left"
    )
    for code, justify in (("region-item", "left"), ("region-value", "right"), ("region-numerator", "right")):
        table.add_column(_text(view.say(code)), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for figure in figures[:_MOST_ITEMS]:
        table.add_row(
            _text(figure["item"]["label"] if figure["item"] else ""),
            shown(figure["value"], one["unit"], view.language),
            shown(figure["numerator"], "", view.language),
        )
    if len(figures) > _MOST_ITEMS:
        table.add_row(_text(view.say("region-more", count=str(len(figures) - _MOST_ITEMS))), "", "")
    console.print(table)


def _print_since(console: Console, since: Mapping[str, Any], view: View) -> None:
    revision = str(since["revision"])
    console.print()
    if not since["figures"]:
        console.print(_text(view.say("region-since-none", revision=revision)))
        return
    table = Table(title=_text(view.say("region-since", revision=revision)), title_justify="left")
    for code in ("region-figure", "region-item", "region-before", "region-value"):
        table.add_column(_text(view.say(code)), overflow="fold")
    for one in since["figures"]:
        table.add_row(
            _text(one["title"]),
            _text(one["item"]["label"] if one["item"] else ""),
            shown(one["before"], one["unit"], view.language),
            shown(one["value"], one["unit"], view.language),
        )
    console.print(table)


def _print_comparison(whole: Mapping[str, Any], view: View) -> None:
    console = Console()
    regions = [one["notation"] for one in whole["regions"]]
    names = {one["notation"]: one["label"] for one in whole["regions"]}
    console.print(_text(view.say("region-compare-of", regions=", ".join(names.values()))), style="bold")
    table = Table(title=_text(view.say("region-side-by-side")), title_justify="left")
    table.add_column(_text(view.say("region-figure")), overflow="fold")
    for code in regions:
        table.add_column(_text(names[code]), justify="right")
    for row in whole["figures"]:
        cells = [
            shown(one["value"], row["unit"], view.language)
            + ("" if one["safe"] or one["value"] is None else " ?")
            for one in row["values"]
        ]
        table.add_row(_text(row["title"]), *cells)
    console.print(table)
    spread = whole["capabilities"]
    _print_list(console, view.say("region-common"), (one["label"] for one in spread["common"]))
    for own in spread["specific"]:
        _print_list(
            console,
            view.say("region-specific", region=names[own["region"]]),
            (one["label"] for one in own["items"]),
        )
    for facet in whole["facets"]:
        _print_facet(console, facet, regions, view)


def _print_facet(console: Console, facet: Mapping[str, Any], regions: Sequence[str], view: View) -> None:
    if not facet["items"]:
        return
    table = Table(title=_text(facet["title"]), title_justify="left")
    table.add_column(_text(view.say("region-item")), overflow="fold")
    for code in regions:
        table.add_column(code, justify="right")
    for item in facet["items"]:
        cells = ["–" if one["count"] is None else str(one["count"]) for one in item["cells"]]
        table.add_row(_text(item["label"]), *cells)
    console.print()
    console.print(table)


def _text(value: str) -> Text:
    return Text(plain(value))
