"""Facilities by what people call them: an IRI, the end of one, or words of its name."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from graph.browse.listing import Selection, members, page
from graph.iris import ID
from graph.match.suggestions import Suggestions
from graph.store.catalogue import QueryCatalogue
from graph.store.protocol import Reader

_MOST: Final = 20
_ENDING: Final = ID["facility/"].value


@dataclass(frozen=True)
class Named:
    """A facility that may be meant."""

    node: NamedNode
    label: str
    where: str

    @property
    def slug(self) -> str:
        """The end of its IRI, or all of it where it is not one of ours."""
        return self.node.value.removeprefix(_ENDING)


def facilities_named(
    text: str, language: str, reader: Reader, queries: QueryCatalogue, suggestions: Suggestions
) -> list[Named]:
    """The facilities that a text may mean: the one whose IRI or whole name it is, else all that hold the words, else
    those whose names are suggested for it, as for a slip."""
    if not text:
        return []
    try:
        node = NamedNode(text) if "://" in text else ID[f"facility/{text}"]
        if reader.select(queries["derive-known-facilities"].bind(facility=[node])).rows:
            return _described([node], language, reader, queries)
    except ValueError:
        pass  # words, which are no IRI
    found = _described(
        members(Selection("facilities", q=text), reader, queries)[:_MOST], language, reader, queries
    )
    if not found:
        slugs = [one.thing.value for one in suggestions.find(text, ["facility"], language, reader)]
        return _described([ID[f"facility/{slug}"] for slug in slugs], language, reader, queries)
    wanted = text.casefold()
    exact = [one for one in found if one.label.casefold() == wanted]
    return exact or [one for one in found if wanted in one.label.casefold()] or found


def _described(nodes: list[NamedNode], language: str, reader: Reader, queries: QueryCatalogue) -> list[Named]:
    if not nodes:
        return []
    part = page(nodes, (None, _MOST), language, reader, queries)
    return [
        Named(
            NamedNode(one["id"]),
            one["label"],
            ", ".join(str(one[name]) for name in ("city", "country") if name in one),
        )
        for one in part.entities
    ]
