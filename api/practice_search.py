"""What a search in the list of practices finds beside the text: practices that carry what its words mean."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from pyoxigraph import NamedNode

from api.negotiation import language
from api.state import service
from graph.browse.listing import Selection, members
from graph.store.protocol import State


@dataclass(frozen=True)
class Meant:
    """What was understood of a search, as answers give it, and the practices that it adds."""

    understood: dict[str, Any] | None = None
    more: tuple[NamedNode, ...] = ()


def sought(request: Request, chosen: Selection, found: Sequence[NamedNode], snapshot: State) -> Meant:
    """What the words of a selection of practices mean; nothing for other lists and without words."""
    if chosen.listing != "practices" or not chosen.q.strip():
        return Meant()
    running = service(request)
    tongue = language(request)
    heard = running.practice_search.heard(chosen.q, tongue, snapshot)
    view = running.view(snapshot, tongue)
    view.learn(one.concept for one in heard.meanings)
    understood = {
        "concepts": [one.told(view) for one in heard.meanings],
        "all": heard.has_all,
        "note": None if heard.has_all else view.say("practice-understood-any"),
    }
    allowed = members(replace(chosen, q=""), snapshot, running.catalogue)
    known = set(found)
    return Meant(understood, tuple(one for one in allowed if one in heard.entities and one not in known))
