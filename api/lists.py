"""Lists of entities: filters, text, pages by key, and the forms that tables and maps need."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import NamedNode

from api import schemas
from api.list_page import Chosen, list_page, view
from api.list_search import Meant, sought
from api.moments import NOT_YET, REVISION, lasts, moment, tag
from api.negotiation import HTML, JSON, language, wanted
from api.region_map import regions_page
from api.schemas import answers
from api.state import reading, service, typed
from graph.browse.entity import address
from graph.browse.listing import CLASSES, FILTERS, Page, Selection, members, page, scheme
from graph.cells import cell
from graph.errors import InputError
from graph.match.scheme import Scheme
from graph.store.protocol import State

router = APIRouter(tags=["lists"])

GEOJSON = "application/geo+json"
CSV = "text/csv"
_COLUMNS = ("id", "label", "description", "region", "country", "city", "lat", "lon")
_OF_FACILITIES = dict.fromkeys(("equipment", "services"), ("facility", "facility_label"))
"""More columns of lists whose entities are of facilities."""
_PLAIN = ("q", "limit", "after", "lang", "format", "revision", "view")


def _route(listing: str) -> None:
    """Make the routes of one list."""

    @router.get(f"/{listing}.{{suffix}}", include_in_schema=False)
    @router.get(
        f"/{listing}",
        summary=f"List of {listing.replace('-', ' ')}",
        operation_id=f"list-{listing}",
        responses={
            **answers(schemas.Listing, "A page of the list; Link rel=next leads on.", CSV, GEOJSON, HTML),
            **NOT_YET,
        },
        openapi_extra={"parameters": _filter_parameters(listing)},
    )
    def listed(
        request: Request,
        q: Annotated[
            str,
            Query(
                max_length=200,
                description="Text to find in names and descriptions; what it means counts too, in nine languages.",
                examples=["a"],
            ),
        ] = "",
        limit: Annotated[int, Query(ge=1, le=200, examples=[20])] = 50,
        after: Annotated[str | None, Query(description="Key of the last entity of the page before.")] = None,
        revision: Annotated[str | None, REVISION] = None,
        suffix: str | None = None,
    ) -> Response:
        """Entities that meet all filters, ordered by IRI, so that a page stays right while others write."""
        return _listed(request, Selection(listing, q=q), (after, limit), suffix)


def _filter_parameters(listing: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"A notation, IRI or, where it has one, name of the code list {codes}; may be repeated.",
            "schema": {"type": "array", "items": {"type": "string"}},
            "example": [_EXAMPLES[codes]],
        }
        for name, (_, codes) in FILTERS.get(listing, {}).items()
    ]


_EXAMPLES = {
    "nuts": "BE2",
    "capability": "additive-manufacturing",
    "service-kind": "testing",
    "ket": "nanotechnology",
    "nace": "C29",
    "facility-kind": "clean-room",
    "practice-theme": "cross-border",
    "policy-instrument-kind": "innovation-voucher",
    "organisation-kind": "university",
    "access-mode": "fee-for-service",
}

_NAMED = {"nuts": "place", "capability": "capability", "service-kind": "service", "nace": "sector"}
"""Code lists whose values may also be given by their names."""


def _chosen(request: Request, listing: str, snapshot: State) -> list[Chosen]:
    """The filters of the address. Raises ``InputError`` for a filter or code not known."""
    known = FILTERS.get(listing, {})
    given: list[tuple[str, str]] = []
    for name, code in request.query_params.multi_items():
        if name in _PLAIN:
            continue
        if name not in known:
            raise InputError(f"{listing} has no filter {name!r}; use {', '.join([*known, *_PLAIN])}")
        if code.strip():
            given.append((name, code.strip()))
    if not given:
        return []
    schemes = service(request).scheme(snapshot)
    chosen = []
    for name, code in given:
        codes = known[name][1]
        try:
            concept = _concept(code, codes, name, snapshot, schemes)
        except InputError:
            called = _called(request, code, codes)
            if called is None:
                raise
            concept = _concept(called, codes, name, snapshot, schemes)
        chosen.append(Chosen(name, code, concept))
    return chosen


def _called(request: Request, text: str, codes: str) -> str | None:
    """The code of what somebody typed by its name, who has no suggestions to choose from."""
    kind = _NAMED.get(codes)
    running = service(request)
    return running.suggestions.meant(text, kind, language(request), running.snapshot) if kind else None


def _concept(code: str, codes: str, name: str, snapshot: State, schemes: Scheme) -> NamedNode:
    """The concept of a filter's value. Raises ``InputError`` where there is none."""
    where = scheme(codes)
    try:
        if schemes.in_scheme.get(where):
            return schemes.resolve(code, where, name)
        node = NamedNode(code if ":" in code else f"{where.value}/{code}")
    except ValueError as error:  # it cannot be a part of an IRI
        raise _unknown(code, codes, name) from error
    if not snapshot.mentions(node):
        raise _unknown(code, codes, name)
    return node


def _unknown(code: str, codes: str, name: str) -> InputError:
    return InputError(f"{name} {code[:100]!r} is not in the code list; see /codelists/{codes}")


def _listed(
    request: Request, selection: Selection, window: tuple[str | None, int], suffix: str | None
) -> Response:
    running = service(request)
    at = moment(request)
    kind = wanted(request, [JSON, HTML, CSV, GEOJSON], suffix)

    def made() -> Response:
        snapshot = at.snapshot()
        filters = _chosen(request, selection.listing, snapshot)
        known = FILTERS.get(selection.listing, {})
        chosen = replace(selection, filters=tuple((known[one.name][0], one.concept) for one in filters))
        view(request)
        if chosen.listing == "regions" and kind == HTML:
            return regions_page(request, at)
        found = members(chosen, snapshot, running.catalogue)
        meant = sought(request, chosen, found, snapshot)
        part = page(
            [*found, *meant.more],
            window,
            language(request),
            snapshot,
            running.catalogue,
            later=frozenset(meant.more),
        )
        rows = [
            {**one, "url": address(one["id"]) or f"/{selection.listing}/{one['id'].rsplit('/', 1)[-1]}"}
            for one in part.entities
        ]
        if kind == HTML:
            answer = list_page(
                request, selection.listing, filters, [*found, *meant.more], part, rows, at, meant.understood
            )
        else:
            answer = _written(rows, part, kind, meant, selection.listing)
        if part.after is not None:
            answer.headers["Link"] = f'<{_next(request, part.after)}>; rel="next"'
        return answer

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))


def _next(request: Request, after: str) -> str:
    """The next page as a path, which is right behind any proxy: what was asked, after the last entity shown."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "after" and value]
    return f"{request.url.path}?{urlencode([*asked, ('after', after)])}"


def _written(rows: list[dict[str, Any]], part: Page, kind: str, meant: Meant, listing: str) -> Response:
    if kind == GEOJSON:
        features = [_feature(one) for one in rows if "lon" in one]
        return JSONResponse({"type": "FeatureCollection", "features": features}, media_type=GEOJSON)
    if kind == CSV:
        return typed(_table(rows, _OF_FACILITIES.get(listing, ())), CSV)
    told = {} if meant.understood is None else {"understood": meant.understood}
    return JSONResponse({"total": part.total, "items": rows, "next": part.after, **told})


def _feature(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": one["id"],
        "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
        "properties": {key: value for key, value in one.items() if key not in {"lon", "lat"}},
    }


def _table(rows: list[dict[str, Any]], more: Sequence[str]) -> str:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow([*_COLUMNS, *more])
    for one in rows:
        facility = one.get("facility", {})
        told = {**one, "facility": facility.get("id", ""), "facility_label": facility.get("label", "")}
        writer.writerow([cell(told.get(column, "")) for column in (*_COLUMNS, *more)])
    return output.getvalue()


for _listing in CLASSES:
    _route(_listing)
