"""The page of all regions: a map, a table with figures, ways to compare them, and other regions with facilities."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from api.moments import shown
from api.negotiation import language
from api.pages import render
from api.region_pages import drawn
from api.state import service
from graph.contribute.keeping.past import Moment
from graph.match.view import View
from graph.regions.overview import Glance, elsewhere, overview
from graph.regions.pictures.circles import Circle, Circles
from graph.regions.pictures.figure import Figure

MOST: Final = 8
"""Regions that can be compared at once."""


def regions_page(request: Request, at: Moment) -> Response:
    """The HTML twin of the list of regions."""
    view = service(request).view(at.snapshot(), language(request))
    glances = overview(view)
    heads = {
        "facilities": view.say("region-facilities"),
        "capabilities": view.say("region-capabilities"),
        "practices": view.say("region-practices"),
        "instruments": view.say("exchange-label-instruments"),
    }
    context = {
        "regions": [one.as_json(view) for one in glances],
        "others": elsewhere(view),
        "heads": heads,
        "words": view.say,
        "most": MOST,
        **drawn({"map": _map(glances, heads, view)}),
        **shown(request, at),
    }
    return render(request, "regions.html", context)


def _map(glances: list[Glance], heads: dict[str, str], view: View) -> Circles:
    return Circles(
        title=view.say("region-map"),
        description=view.say("region-map-about"),
        language=view.language,
        nothing=view.say("region-nothing"),
        heads=(view.say("network-region"), view.say("region-part-of"), heads["facilities"]),
        circles=tuple(_circle(one, heads, view) for one in glances),
        missing=view.say("region-map-missing", count="{count}", names="{names}"),
    )


def _circle(one: Glance, heads: dict[str, str], view: View) -> Circle:
    told = one.as_json(view)
    country = told["country"]["label"] if told["country"] else ""
    return Circle(
        told["label"],
        country,
        one.point,
        Figure(one.counts["facilities"]),
        (
            ", ".join(filter(None, (told["label"], country))),
            *(f"{name}: {one.counts[key]}" for key, name in heads.items()),
        ),
        f"/regions/{told['notation']}/profile",
    )
