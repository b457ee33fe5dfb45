"""The pages of regions: what their templates need beside the data, in a request or as one file to mail."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from api.negotiation import SVG
from api.pages import standalone
from api.state import typed
from graph.match.view import View
from graph.regions.comparison import Comparison
from graph.regions.illustrations import of_comparison, of_profile
from graph.regions.pictures.page import Picture, inline
from graph.regions.pictures.page import standalone as standalone_picture
from graph.regions.profile import Profile


def profile_context(
    whole: Mapping[str, Any], told: Profile, view: View, day: str, *, linked: bool = True
) -> dict[str, Any]:
    """What the template of a profile takes."""
    address = f"/regions/{view.scheme.notations[told.region]}/profile"
    return {"profile": whole, "address": address, **_context(of_profile(told, view), view, day, linked)}


def comparison_context(
    whole: Mapping[str, Any], told: Comparison, view: View, day: str, *, linked: bool = True
) -> dict[str, Any]:
    """What the template of a comparison takes."""
    pictures = of_comparison(told, view)
    return {"comparison": whole, "address": "/regions/compare", **_context(pictures, view, day, linked)}


def profile_page(whole: Mapping[str, Any], told: Profile, view: View, day: str) -> str:
    """The profile of a region as one HTML file that needs nothing else."""
    return standalone("profile.html", profile_context(whole, told, view, day, linked=False), view.language)


def comparison_page(whole: Mapping[str, Any], told: Comparison, view: View, day: str) -> str:
    """A comparison as one HTML file that needs nothing else."""
    return standalone("compare.html", comparison_context(whole, told, view, day, linked=False), view.language)


def _context(pictures: Mapping[str, Picture], view: View, day: str, linked: bool) -> dict[str, Any]:
    return {"words": view.say, "day": day, **drawn(pictures, linked=linked)}


def drawn(pictures: Mapping[str, Picture], *, linked: bool = True) -> dict[str, Any]:
    """Pictures and their data, by name, as templates take them."""
    return {
        "pictures": {name: Markup(inline(one, linked=linked)) for name, one in pictures.items()},  # noqa: S704 - escaped by its maker
        "tables": {name: one.table() for name, one in pictures.items()},
    }


def svg(picture: Picture, request: Request) -> Response:
    """A picture as a file, with the rules for what it may load: nothing but its own style."""
    answer = typed(standalone_picture(picture, base=str(request.base_url)), SVG)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer
