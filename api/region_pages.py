"""The pages of regions: what their templates need beside the data, in a request or as one file to mail."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.pages import standalone
from graph.match.view import View
from graph.regions.holdings import Place


def profile_context(
    whole: Mapping[str, Any], places: Sequence[Place], view: View, day: str
) -> dict[str, Any]:
    """What the template of a profile takes."""
    return {"profile": whole, "words": view.say, "day": day}


def comparison_context(whole: Mapping[str, Any], view: View, day: str) -> dict[str, Any]:
    """What the template of a comparison takes."""
    return {"comparison": whole, "words": view.say, "day": day}


def profile_page(whole: Mapping[str, Any], places: Sequence[Place], view: View, day: str) -> str:
    """The profile of a region as one HTML file that needs nothing else."""
    return standalone("profile.html", profile_context(whole, places, view, day), view.language)


def comparison_page(whole: Mapping[str, Any], view: View, day: str) -> str:
    """A comparison as one HTML file that needs nothing else."""
    return standalone("compare.html", comparison_context(whole, view, day), view.language)
