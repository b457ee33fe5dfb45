"""What a search in a list finds beside the text: entities that carry what its words mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from pyoxigraph import NamedNode

from api.negotiation import language
from api.state import service
from graph.browse.listing import Selection
from graph.match.heard import Heard
from graph.service import Service
from graph.store.protocol import State


@dataclass(frozen=True)
class Meant:
    """What was understood of a search, as answers give it, and the entities that it adds."""

    understood: dict[str, Any] | None = None
    more: tuple[NamedNode, ...] = ()


def sought(request: Request, chosen: Selection, found: Sequence[NamedNode], snapshot: State) -> Meant:
    """What the words of a selection mean; nothing without words, and for lists that no code list is a filter of.

    What is added meets the filters of the selection, too.
    """
    if not chosen.q.strip():
        return Meant()
    running = service(request)
    tongue = language(request)
    heard = _heard(chosen, tongue, snapshot, running)
    if heard is None:
        return Meant()
    view = running.view(snapshot, tongue)
    view.learn(one.concept for one in heard.meanings)
    practices = chosen.listing == "practices"
    note = view.say("practice-understood-any" if practices else "search-understood-any")
    understood = {
        "concepts": [one.told(view) for one in heard.meanings],
        "all": heard.has_all,
        "note": None if heard.has_all else note,
    }
    allowed = running.facets.of(chosen.listing, snapshot).meeting(chosen.filters)
    more = heard.entities.difference(found)
    if allowed is not None:
        more &= allowed
    return Meant(understood, tuple(sorted(more, key=lambda node: node.value)))


def _heard(chosen: Selection, tongue: str, snapshot: State, running: Service) -> Heard[Any] | None:
    if chosen.listing == "practices":
        return running.practice_search.heard(chosen.q, tongue, snapshot)
    carriers = running.facets.of(chosen.listing, snapshot).by_scheme(chosen.listing)
    return running.list_search.heard(chosen.q, tongue, snapshot, carriers) if carriers else None
