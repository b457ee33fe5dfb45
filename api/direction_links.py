"""Which direction leads on from the page of an entity, with its address and what it is called."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import Request

from api.negotiation import language
from api.practice_links import same_as
from api.state import service


@dataclass(frozen=True)
class Direction:
    """A direction of matching: the end of its address, and the code of its title."""

    ending: str
    title: str


FIT: Final = Direction("fit", "direction-fit-title")
GAPS: Final = Direction("facilities-abroad", "direction-gaps-title")
SCHEME: Final = Direction("facilities", "direction-scheme-title")
RECORD: Final = Direction("record", "practice-record-title")
DIRECTIONS: Final = {
    "facilities": (FIT,),
    "regions": (Direction("profile", "region-profile"), GAPS, Direction("exchange", "exchange-title")),
    "policy-instruments": (SCHEME,),
    "practices": (RECORD,),
}
"""By the list that an entity belongs to; of practices it is their record."""


def title(request: Request, direction: Direction) -> str:
    """What the direction is called in the reader's language."""
    return service(request).matcher.reasons.sentence(direction.title, language(request))


def leading_on(request: Request, listing: str, path: str) -> list[dict[str, str]]:
    """The directions that lead on from an entity at a path."""
    on = [
        {"href": f"{quote(path)}/{one.ending}", "label": title(request, one)}
        for one in DIRECTIONS.get(listing, ())
    ]
    return [*on, *same_as(request, path)] if listing == "practices" else on
