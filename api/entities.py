"""Lists and entities: what is in the graph, page by page and one by one."""

import csv
import io
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pyoxigraph import Literal, NamedNode, serialize
from rapidfuzz import process

from api.negotiation import HTML, JSON, SUFFIXES, TURTLE, language, wanted
from api.pages import render
from api.state import etag, reading, service
from graph.browse.entity import address, read_entity
from graph.browse.listing import CLASSES, FILTERS, Page, members, page, scheme
from graph.errors import InputError, NotFound
from graph.iris import ID, KINDS, NUTS, PREFIXES
from graph.service import Service
from graph.store.public import GRAPH_FORMATS

router = APIRouter(tags=["entities"])

GEOJSON = "application/geo+json"
_LISTS = "|".join(CLASSES)
_KIND_OF = {plural: kind for kind, plural in KINDS.items()}
_PLAIN = frozenset({"q", "limit", "after", "lang", "format"})


@router.get("/id/{kind}/{slug}", summary="An entity's IRI leads to its document", status_code=303)
def identified(request: Request, kind: str, slug: str) -> Response:
    """303 to the document, which is then negotiated."""
    name, dot, suffix = slug.rpartition(".")
    bare = name if dot and suffix in SUFFIXES else slug
    if kind not in KINDS:
        raise NotFound(f"no kind of entity is named {kind!r}; there are {', '.join(KINDS)}")
    running = service(request)
    if read_entity(ID[f"{kind}/{bare}"], running.snapshot, running.catalogue) is None:
        raise NotFound(_missing(request, KINDS[kind], bare))
    return RedirectResponse(f"/{KINDS[kind]}/{slug}", status_code=303)


def _iri(listing: str, slug: str) -> NamedNode:
    return NUTS[slug.upper()] if listing == "regions" else ID[f"{_KIND_OF[listing]}/{slug}"]


def _missing(request: Request, listing: str, slug: str) -> str:
    running = service(request)
    known = members(listing, {}, "", running.snapshot, running.catalogue)
    slugs = [node.value.rsplit("/", 1)[-1] for node in known]
    near = [match for match, _, _ in process.extract(slug, slugs, limit=3, score_cutoff=60)]
    return f"nothing is named {slug!r} in {listing}" + (f"; did you mean {', '.join(near)}?" if near else "")


def _list_route(listing: str) -> None:
    """Make the routes of one list and of its entities."""

    @router.get(f"/{listing}.{{suffix}}", include_in_schema=False)
    @router.get(
        f"/{listing}",
        summary=f"List of {listing.replace('-', ' ')}",
        name=f"list_{listing}",
        openapi_extra={"parameters": _filter_parameters(listing)},
    )
    def listed(
        request: Request,
        q: Annotated[str, Query(max_length=200, description="Text to find in names and descriptions.")] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after: Annotated[str | None, Query(description="Key of the last entity of the page before.")] = None,
        suffix: str | None = None,
    ) -> Response:
        return _listed(request, listing, q, limit, after, suffix)

    @router.get(f"/{listing}/{{slug}}", summary=f"One of the {listing.replace('-', ' ')}", name=f"one_{listing}")
    def one(request: Request, slug: str) -> Response:
        name, dot, suffix = slug.rpartition(".")
        if dot and suffix in SUFFIXES:
            return _one(request, listing, name, suffix)
        return _one(request, listing, slug, None)


def _filter_parameters(listing: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"A notation or IRI of the code list {codes}.",
            "schema": {"type": "string"},
        }
        for name, (_, codes) in FILTERS.get(listing, {}).items()
    ]


def _listed(
    request: Request, listing: str, q: str, limit: int, after: str | None, suffix: str | None
) -> Response:
    running = service(request)
    snapshot = running.snapshot
    kind = wanted(request, [JSON, HTML, "text/csv", GEOJSON], suffix)
    lang = language(request)
    given: dict[str, str] = {}
    filters: dict[NamedNode, list[NamedNode]] = {}
    for name in request.query_params:
        if name in _PLAIN:
            continue
        if name not in FILTERS.get(listing, {}):
            known = ", ".join([*FILTERS.get(listing, {}), *sorted(_PLAIN)])
            raise InputError(f"{listing} has no filter {name!r}; use {known}")
        prop, codes = FILTERS[listing][name]
        for code in request.query_params.getlist(name):
            if code:
                given[name] = code
                filters.setdefault(prop, []).append(_concept(running, code, codes, name))
    tag = etag(snapshot.revision, listing, kind, lang, str(request.query_params))
    found = members(listing, filters, q, snapshot, running.catalogue)
    part = page(found, after, limit, lang, snapshot, running.catalogue)
    answer = _written(request, listing, part, kind, given | ({"q": q} if q else {}))
    if part.after is not None:
        parameters = {**given, **({"q": q} if q else {}), "limit": str(limit), "after": part.after}
        answer.headers["Link"] = f'</{listing}?{urlencode(parameters)}>; rel="next"'
    return reading(request, snapshot.revision, tag, answer)


def _concept(running: Service, code: str, codes: str, name: str) -> NamedNode:
    """The concept of a filter's value. Raises ``InputError`` where there is none."""
    known = running.matcher.knowledge(running.snapshot).scheme
    where = scheme(codes)
    if known.in_scheme.get(where):
        return known.resolve(code, where, name)
    node = NamedNode(code) if ":" in code else NamedNode(f"{where.value}/{code}")
    if not any(True for _ in running.snapshot.store.quads_for_pattern(node, None, None, None)):
        raise InputError(f"{name} {code!r} is not in the code list; see /codelists/{codes}")
    return node


def _written(request: Request, listing: str, part: Page, kind: str, given: dict[str, str]) -> Response:
    rows = [{**one, "url": address(one["id"]) or f"/regions/{one['id'].rsplit('/', 1)[-1]}"} for one in part.entities]
    if kind == JSON:
        return JSONResponse({"total": part.total, "items": rows, "next": part.after})
    if kind == GEOJSON:
        features = [
            {
                "type": "Feature",
                "id": one["id"],
                "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
                "properties": {key: value for key, value in one.items() if key not in {"lon", "lat"}},
            }
            for one in rows
            if "lon" in one
        ]
        return JSONResponse({"type": "FeatureCollection", "features": features}, media_type=GEOJSON)
    if kind == HTML:
        context = {"listing": listing, "part": part, "rows": rows, "given": given, "filters": FILTERS.get(listing, {})}
        return render(request, "list.html", context)
    output = io.StringIO()
    columns = ["id", "label", "description", "region", "country", "city", "lat", "lon"]
    writer = csv.DictWriter(output, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in one.items()} for one in rows)
    return Response(output.getvalue(), media_type="text/csv; charset=utf-8")


def _cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _one(request: Request, listing: str, slug: str, suffix: str | None) -> Response:
    running = service(request)
    snapshot = running.snapshot
    entity = read_entity(_iri(listing, slug), snapshot, running.catalogue)
    if entity is None:
        raise NotFound(_missing(request, listing, slug))
    rdf = [TURTLE, "application/ld+json", "application/n-triples", "application/rdf+xml"]
    kind = wanted(request, [HTML, JSON, *rdf] if "text/html" in request.headers.get("accept", "") else [JSON, *rdf, HTML], suffix)
    lang = language(request)
    tag = etag(snapshot.revision, entity.iri.value, kind, lang)
    if kind == JSON:
        answer: Response = JSONResponse(entity.as_json(lang))
    elif kind == HTML:
        answer = render(request, "entity.html", _context(listing, slug, entity, lang))
    else:
        content = serialize(entity.triples(), format=GRAPH_FORMATS[kind], prefixes=PREFIXES)
        answer = Response(content, media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
    answer.headers["Link"] = ", ".join(
        f'</{listing}/{slug}.{ending}>; rel="alternate"; type="{SUFFIXES[ending]}"'
        for ending in ("ttl", "jsonld", "nt", "rdf", "json", "html")
    )
    return reading(request, snapshot.revision, tag, answer)


def _context(listing: str, slug: str, entity: Any, lang: str) -> dict[str, Any]:
    """What the page of an entity shows: fields in order, parts below them, what points to it, and its graphs."""

    def values(subject: NamedNode, depth: int = 0) -> list[dict[str, Any]]:
        fields: dict[str, dict[str, Any]] = {}
        for quad in entity.quads:
            if quad.subject != subject:
                continue
            iri = quad.predicate.value
            one = fields.setdefault(iri, {"label": entity.name(iri, lang), "iri": iri, "values": []})
            value = quad.object
            if isinstance(value, Literal):
                one["values"].append({"text": value.value, "language": value.language})
            elif isinstance(value, NamedNode):
                parts = values(value, depth + 1) if depth < 3 and value != entity.iri else []
                one["values"].append(
                    {
                        "text": entity.name(value.value, lang),
                        "iri": value.value,
                        "url": address(value.value),
                        "parts": parts,
                    }
                )
        return list(fields.values())

    return {
        "listing": listing,
        "slug": slug,
        "title": entity.name(entity.iri.value, lang),
        "iri": entity.iri.value,
        "fields": values(entity.iri),
        "inverse": [
            {"text": entity.name(subject, lang), "url": address(subject), "label": entity.name(prop, lang)}
            for subject, prop in entity.inverse
        ],
        "graphs": sorted({quad.graph_name.value for quad in entity.quads}),
    }


for _name in CLASSES:
    _list_route(_name)
