"""What the page of a concept shows: what it means, what it is called in nine languages, and what uses it."""

from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from api.entity_look import Look, Shown, code_of
from graph.browse.around import TIED, nodes
from graph.browse.entity import PAGES
from graph.browse.listing import FILTERS
from graph.iris import CODELIST, DCT, ID, INFRA, LANGUAGES, NUTS, OWL, SKOS

_SHOWN: Final = 8
"""Things that are named of each list."""
NAMES: Final = (SKOS["prefLabel"], SKOS["altLabel"], SKOS["definition"], INFRA["answersProblem"])
"""Properties that the page tells in a table of its own, all values of them."""
_KIND_OF: Final = {listing: kind for kind, listing in PAGES.items()}
_NARROW: Final = 300


def concept(look: Look) -> Shown:
    """A concept: definition, names, its place in the code list, and the entities that use it."""
    entity = look.entity
    schemes = nodes(entity.objects(SKOS["inScheme"]))
    narrower = look.around.tied_to(entity.iri, SKOS["broader"])[:_NARROW]
    look.learn(narrower)
    scheme = schemes[0].value.removeprefix(CODELIST.base) if schemes else ""
    path = _path(look)
    return {
        "scheme": scheme,
        "notation": look.value(SKOS["notation"]) or code_of(entity.iri),
        "definitions": look.texts(SKOS["definition"]),
        "languages": [_in_language(look, language) for language in LANGUAGES],
        "path": path,
        "broader": look.of(SKOS["broader"]),
        "narrower": look.things(narrower),
        "related": look.of(SKOS["related"]),
        "matches": look.of(SKOS["closeMatch"], SKOS["broadMatch"], SKOS["exactMatch"]),
        "replaced_by": look.of(DCT["isReplacedBy"]),
        "is_retired": look.value(OWL["deprecated"]) in ("true", "1"),
        "region": entity.iri.value.removeprefix(NUTS.base) if entity.iri.value in NUTS else "",
        "uses": [use for listing in FILTERS for use in _uses(look, listing, scheme)],
    }


def _in_language(look: Look, language: str) -> dict[str, Any]:
    def texts(prop: NamedNode) -> list[str]:
        found = look.entity.objects(prop)
        return sorted(
            (one.value for one in found if isinstance(one, Literal) and one.language == language),
            key=str.casefold,
        )

    return {
        "language": language,
        "names": texts(SKOS["prefLabel"]),
        "others": texts(SKOS["altLabel"]),
        "problems": texts(INFRA["answersProblem"]),
    }


def _path(look: Look) -> list[Shown]:
    """What is broader, up to the top of the code list; the top first."""
    path: list[NamedNode] = []
    above = sorted(nodes(look.entity.objects(SKOS["broader"])), key=lambda one: one.value)
    while above and above[0] not in path and len(path) < 10:
        path.insert(0, above[0])
        told = look.around.told([above[0]], [SKOS["broader"]])
        above = nodes(told.get((above[0].value, SKOS["broader"].value), ()))
    look.learn(path)
    return [look.thing(one) for one in path]


def _uses(look: Look, listing: str, scheme: str) -> list[Shown]:
    """The entities of a list that a filter for this concept would show; all of them up to a limit."""
    found = []
    for name, (prop, of_scheme) in FILTERS[listing].items():
        if of_scheme != scheme:
            continue
        tied = look.around.tied_to(look.entity.iri, prop, ID[f"{_KIND_OF[listing]}/"].value)
        if tied:
            look.learn(tied[:_SHOWN])
            found.append(
                {
                    "listing": listing,
                    "filter": name,
                    "number": len(tied),
                    "is_more": len(tied) >= TIED,
                    "things": look.placed(look.things(tied[:_SHOWN])),
                }
            )
    return found
