"""The home page: ways in with counts, how much is stated, and what came last."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from pyoxigraph import Literal

from api.negotiation import language
from api.pages import render
from api.state import service
from graph.browse.facets import Held
from graph.iris import CODELIST, NUTS
from graph.store.ledger import Version
from graph.store.protocol import State

FIELDS: Final = ("point", "services", "homepage", "trl", "conditions", "contact", "smes")
"""Fields that a firm decides by, in the order shown."""
_NEWEST: Final = 5
_THEMES: Final = 12


def home_page(request: Request, snapshot: State, data: dict[str, Any]) -> Response:
    """The page; ``data`` is what programs get, with the structured data of the dataset."""
    running = service(request)
    tongue = language(request)
    facilities = running.facets.of("facilities", snapshot)
    practices = running.facets.of("practices", snapshot)
    ancestors = running.scheme(snapshot).ancestors
    all_facilities = facilities.members
    stated = {
        field.value: int(count.value)
        for field, count in snapshot.select(running.catalogue["browse-completeness"].text).rows
        if isinstance(field, Literal) and isinstance(count, Literal)
    }
    of_facilities = {one.name: one for one in facilities.facets("facilities", all_facilities, [], ancestors)}
    of_practices = {one.name: one for one in practices.facets("practices", practices.members, [], ancestors)}
    regions: list[dict[str, Any]] = [
        {
            "label": facilities.name(one.value, tongue),
            "code": one.value.value.removeprefix(NUTS.base),
            "count": one.count,
        }
        for one in (of_facilities["region"].choices if "region" in of_facilities else ())
        if one.value in facilities.described
    ]
    context = {
        "capabilities": _ways(facilities, of_facilities, "capability", "capability", tongue),
        "themes": _ways(practices, of_practices, "kind", "practice-theme", tongue)[:_THEMES],
        "regions": sorted(regions, key=lambda one: str(one["label"][0]).casefold()),
        "total": data["counts"]["facilities"],
        "stated": [(field, stated.get(field, 0)) for field in FIELDS],
        "newest": _newest(running.ledger.current()),
    }
    return render(request, "home.html", {**data, **context})


def _ways(held: Held, facets: dict[str, Any], name: str, codes: str, tongue: str) -> list[dict[str, Any]]:
    """The choices of a facet with their codes, most first."""
    base = CODELIST[codes].value + "/"
    return [
        {
            "label": held.name(one.value, tongue),
            "code": one.value.value.removeprefix(base),
            "count": one.count,
        }
        for one in (facets[name].choices if name in facets else ())
    ]


def _newest(versions: list[Version]) -> list[Version]:
    """The versions of partners that were accepted last; those of the software's own code lists are no news."""
    partners = [one for one in versions if one.partner != "infrashare"]
    return sorted(partners, key=lambda one: (one.accepted_at, one.revision), reverse=True)[:_NEWEST]
