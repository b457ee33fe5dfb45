"""A list as a page: links that add and take out filters, with counts, and rows with capabilities."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from pyoxigraph import NamedNode

from api.moments import shown
from api.negotiation import language
from api.pages import render
from api.state import service
from graph.browse.entity import names_of
from graph.browse.facets import Held
from graph.browse.listing import FILTERS, Page, able
from graph.contribute.keeping.past import Moment
from graph.errors import InputError
from graph.iris import INFRA, NUTS

VIEWS: Final = ("table", "map", "cards")
WITH_PLACES: Final = frozenset({"facilities"})
"""Lists whose entities have points."""
_SHOWN, _MORE = 8, 40
_CHIPS: Final = 4
_SUGGESTED: Final = {"capability": "capability", "service": "service-kind", "sector": "nace", "place": "nuts"}
"""The code list that each kind of suggestion is of."""
_OWN: Final = {"facilities": "facility", "practices": "practice", "organisations": "organisation"}
_GONE: Final = frozenset({"after", "format"})
"""Parameters that links to another selection do not keep."""


@dataclass(frozen=True)
class Chosen:
    """A filter of the address: its name, the code as it stands there, and the concept that it is."""

    name: str
    code: str
    concept: NamedNode


def view(request: Request) -> str:
    """The view that the address asks for. Raises ``InputError`` for another."""
    asked = request.query_params.get("view") or VIEWS[0]
    if asked not in VIEWS:
        raise InputError(f"view {asked[:100]!r} is not there; use {', '.join(VIEWS)}")
    return asked


def list_page(
    request: Request,
    listing: str,
    chosen: Sequence[Chosen],
    selected: Sequence[NamedNode],
    part: Page,
    rows: Sequence[dict[str, Any]],
    at: Moment,
    understood: dict[str, Any] | None,
) -> Response:
    """The page of a list."""
    running = service(request)
    snapshot = at.snapshot()
    tongue = language(request)
    links = _Links(request)
    held = running.facets.of(listing, snapshot)
    schemes = running.scheme(snapshot)
    pairs = [(one.name, one.concept) for one in chosen]
    nodes = [NamedNode(one["id"]) for one in rows]
    stated = able(nodes, snapshot, running.catalogue)
    wanted = {concept for _, concept in pairs}
    chips = {
        iri: sorted(
            several,
            key=lambda one: (
                not (wanted & {one, *schemes.ancestors.get(one, ())}),
                -schemes.content(one),
                one.value,
            ),
        )[:_CHIPS]
        for iri, several in stated.items()
    }
    kinds = _kinds(held) if listing == "services" else {}
    regions = {NUTS.base + one["region"] for one in rows if "region" in one}
    capabilities = {one.value for several in chips.values() for one in several}
    taken = {one.concept.value for one in chosen}
    names = names_of(regions | capabilities | taken, snapshot, running.catalogue)
    naming = Held({}, names)
    filters = FILTERS.get(listing, {})
    facets = [
        {
            "name": facet.name,
            "codes": facet.codes,
            "choices": [
                {
                    "label": held.name(one.value, tongue),
                    "count": one.count,
                    "href": links.adding(facet.name, _code(one.value, facet.codes, schemes.notations)),
                }
                for one in facet.choices[: _SHOWN + _MORE]
            ],
        }
        for facet in held.facets(listing, selected, pairs, schemes.ancestors)
    ]
    context = {
        "listing": listing,
        "part": part,
        "rows": [
            {
                **one,
                "tongues": part.tongues.get(one["id"], {}),
                "region_name": naming.name(NUTS[one["region"]], tongue) if "region" in one else None,
                "capabilities": [
                    {
                        "label": naming.name(node, tongue),
                        "href": links.adding(
                            "capability",
                            _code(node, "capability", schemes.notations),
                            only="capability" in filters,
                        ),
                    }
                    for node in chips.get(one["id"], ())
                ],
                "kinds": [
                    {
                        "label": held.name(node, tongue),
                        "href": links.adding("kind", _code(node, "service-kind", schemes.notations)),
                    }
                    for node in kinds.get(one["id"], ())
                ],
            }
            for one in rows
        ],
        "q": request.query_params.get("q", "").strip(),
        "without_q": links.without("q"),
        "clear": links.only(),
        "chosen": [
            {
                "name": one.name,
                "code": one.code,
                "label": naming.name(one.concept, tongue),
                "href": links.without(one.name, one.code),
            }
            for one in chosen
        ],
        "filters": filters,
        "facets": facets,
        "shown": _SHOWN,
        "view": view(request),
        "views": {name: links.setting("view", name if name != VIEWS[0] else "") for name in VIEWS},
        "has_places": listing in WITH_PLACES,
        "geojson": f"/{listing}.geojson{links.setting('limit', '200', without=('view',))}",
        "twins": {
            suffix: f"/{listing}.{suffix}{links.setting('view', '')}" for suffix in ("csv", "geojson", "json")
        },
        "kept": links.kept(without=("q",)),
        "kept_all": links.kept(without=()),
        "suggested": _suggested(listing),
        "suggested_filters": _suggested_filters(listing),
        "first": links.setting("after", ""),
        "next": None if part.after is None else links.setting("after", part.after),
        "understood": understood,
    }
    return render(request, "list.html", {**context, **shown(request, at)})


def _kinds(held: Held) -> dict[str, list[NamedNode]]:
    """The kinds of each service."""
    kinds: dict[str, list[NamedNode]] = defaultdict(list)
    for kind, services in held.entities.get(INFRA["serviceKind"], {}).items():
        for one in services:
            kinds[one.value].append(kind)
    return kinds


def _suggested(listing: str) -> list[str]:
    """The kinds of things that are suggested for words to find: entities of the list, and values of its filters."""
    return [*([_OWN[listing]] if listing in _OWN else []), *_suggested_filters(listing)]


def _suggested_filters(listing: str) -> dict[str, str]:
    """By kind of suggestion the filter of the list that takes it: of several the first."""
    filters = {codes: name for name, (_, codes) in reversed([*FILTERS.get(listing, {}).items()])}
    return {kind: filters[codes] for kind, codes in _SUGGESTED.items() if codes in filters}


def _code(value: NamedNode, codes: str, notations: Any) -> str:
    """What the address takes for a value: its notation, or its IRI where it has none."""
    notation = notations.get(value)
    if isinstance(notation, str):
        return notation
    if value.value.startswith(NUTS.base):
        return value.value.removeprefix(NUTS.base)
    end = value.value.rsplit("/", 1)[-1]
    return end if value.value.endswith(f"/codelist/{codes}/{end}") else value.value


class _Links:
    """Addresses of the same list with other parameters; all but those of a page of it are kept."""

    def __init__(self, request: Request) -> None:
        self._path = request.url.path
        self._all = [(name, value) for name, value in request.query_params.multi_items() if value.strip()]
        self._asked = [(name, value) for name, value in self._all if name not in _GONE]

    def adding(self, name: str, code: str, only: bool = True) -> str | None:
        """With one more value of a filter; nothing where the list has no such filter, or has it already."""
        if not only or (name, code) in self._asked:
            return None
        return self._written([*self._asked, (name, code)])

    def without(self, name: str, code: str | None = None) -> str:
        """Without a value of a filter, or without any."""
        return self._written(
            [(n, v) for n, v in self._asked if n != name or (code is not None and v.strip() != code)]
        )

    def only(self) -> str:
        """Without any filter or words."""
        return self._written([(n, v) for n, v in self._asked if n in {"lang", "view", "revision"}])

    def setting(self, name: str, value: str, without: Sequence[str] = ()) -> str:
        """With a parameter set to one value; taken out where that is empty."""
        rest = [(n, v) for n, v in self._asked if n not in {name, *without}]
        return self._written([*rest, (name, value)] if value else rest)

    def kept(self, without: Sequence[str]) -> list[tuple[str, str]]:
        """What a form has to keep."""
        return [(name, value) for name, value in self._asked if name not in without]

    def _written(self, asked: Sequence[tuple[str, str]]) -> str:
        return f"?{urlencode(asked)}" if asked else "?"
