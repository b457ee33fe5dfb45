"""Which other practices may be the same as one, as links on its page."""

from urllib.parse import quote

from fastapi import Request

from api.moments import moment
from api.negotiation import language
from api.state import service
from graph.browse.entity import address
from graph.iris import ID


def same_as(request: Request, path: str) -> list[dict[str, str]]:
    """The practices that may be the same as the one at a path, the likeliest first."""
    running = service(request)
    tongue = language(request)
    kept = running.practices.of(moment(request).snapshot())
    one = ID[f"practice/{path.rsplit('/', 1)[-1]}"]
    heading = running.matcher.reasons.sentence("practice-same-heading", tongue)
    links = []
    for likeness in kept.likenesses.near(one):
        other = likeness.of(one)
        where = address(other.value) or other.value
        links.append({"href": quote(where), "label": f"{heading}: {kept.told[other].title(tongue)}"})
    return links
