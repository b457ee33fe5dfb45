"""Entities one by one: every statement about each, as data and as a page."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pyoxigraph import Literal, NamedNode
from rapidfuzz import process

from api import schemas
from api.moments import REVISION, lasts, moment, shown, tag
from api.negotiation import HTML, JSON, RDF, SUFFIXES, language, wanted, without_suffix
from api.pages import render
from api.schemas import answers, errors
from api.state import reading, service, typed
from graph.browse.entity import Entity, address, read_entity
from graph.browse.listing import CLASSES, Selection, members
from graph.contribute.keeping.past import Moment
from graph.errors import NotFound
from graph.iris import ID, KINDS, NUTS
from graph.store.formats import write_graph

router = APIRouter(tags=["entities"])

_KIND_OF = {plural: kind for kind, plural in KINDS.items()}
_TWINS = ("ttl", "jsonld", "nt", "rdf", "json", "html")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*")
_EXAMPLES = {
    "facilities": "holst-centre",
    "equipment": "bi-rex-pilot-line-additive-manufacturing-area",
    "services": "ai-innovation-center-eindhoven-training",
    "organisations": "flanders-make",
    "policy-instruments": "affarsutvecklingscheckar-skane",
    "practices": "adapter-estonia",
    "action-plans": "brainport-development-action-plan",
    "events": "final-event-2020-1",
    "projects": "inno-infra-share",
    "regions": "BE2",
}


@router.get(
    "/id/{kind}/{slug}",
    summary="An entity's IRI leads to its document",
    operation_id="identified",
    status_code=303,
    responses=errors(status_404="Nothing has this IRI, or had it at that revision."),
)
def identified(
    request: Request,
    kind: Annotated[str, Path(description="The kind of entity.", examples=["facility"])],
    slug: Annotated[str, Path(description="Its name.", examples=["holst-centre"])],
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """303 to the document, which is then negotiated."""
    if kind not in KINDS:
        raise NotFound(f"no kind of entity is named {kind!r}; there are {', '.join(KINDS)}")
    listing = KINDS[kind]
    bare, _ = without_suffix(slug)
    _entity(request, listing, bare, moment(request))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{listing}/{slug}{query}", status_code=303)


def _entity(request: Request, listing: str, slug: str, at: Moment) -> Entity:
    """The entity of a list with this name. Raises ``NotFound`` with near names."""
    running = service(request)
    snapshot = at.snapshot()
    if _NAME.fullmatch(slug):
        iri = NUTS[slug.upper()] if listing == "regions" else ID[f"{_KIND_OF[listing]}/{slug}"]
        entity = read_entity(iri, snapshot, running.catalogue)
        if entity is not None:
            return entity
    known = members(Selection(listing), snapshot, running.catalogue)
    slugs = [node.value.rsplit("/", 1)[-1] for node in known]
    near = [match for match, _, _ in process.extract(slug, slugs, limit=3, score_cutoff=60)]
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    then = f" at revision {at.revision}" if at.is_past else ""
    raise NotFound(f"nothing is named {slug[:200]!r} in {listing}{then}{hint}")


def _route(listing: str) -> None:
    """Make the route of the entities of one list."""

    @router.get(
        f"/{listing}/{{slug}}",
        summary=f"One of the {listing.replace('-', ' ')}",
        operation_id=f"get-{listing}",
        responses={
            **answers(schemas.Entity, "Every statement about it.", *RDF, HTML),
            **errors(status_404="Nothing has this name, or had it at that revision."),
        },
    )
    def one(
        request: Request,
        slug: Annotated[str, Path(description="The end of its IRI.", examples=[_EXAMPLES[listing]])],
        revision: Annotated[str | None, REVISION] = None,
    ) -> Response:
        """All statements of contributions about the entity and its parts; a suffix such as .ttl names the format."""
        return _one(request, listing, *without_suffix(slug))


def _one(request: Request, listing: str, slug: str, suffix: str | None) -> Response:
    at = moment(request)
    kind = wanted(request, [JSON, *RDF, HTML], suffix)

    def made() -> Response:
        entity = _entity(request, listing, slug, at)
        if kind == JSON:
            answer: Response = JSONResponse(entity.as_json(language(request)))
        elif kind == HTML:
            context = _context(listing, slug, entity, language(request))
            answer = render(request, "entity.html", {**context, **shown(request, at)})
        else:
            answer = typed(write_graph(entity.triples(), kind), kind)
        then = f"?revision={at.revision}" if at.is_past else ""
        answer.headers["Link"] = ", ".join(
            f'</{listing}/{slug}.{ending}{then}>; rel="alternate"; type="{SUFFIXES[ending]}"'
            for ending in _TWINS
        )
        return answer

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))


def _context(listing: str, slug: str, entity: Entity, lang: str) -> dict[str, Any]:
    """What the page of an entity shows: fields in order with their parts, what points to it, and its graphs."""
    return {
        "listing": listing,
        "slug": slug,
        "title": entity.name(entity.iri.value, lang),
        "iri": entity.iri.value,
        "fields": _fields(entity, entity.iri, lang),
        "inverse": [
            {"text": entity.name(subject, lang), "url": address(subject), "label": entity.name(prop, lang)}
            for subject, prop in entity.inverse
        ],
        "graphs": sorted(
            {quad.graph_name.value for quad in entity.quads if isinstance(quad.graph_name, NamedNode)}
        ),
    }


def _fields(entity: Entity, subject: NamedNode, lang: str, depth: int = 0) -> list[dict[str, Any]]:
    """The statements about a subject by property, those of its parts below them."""
    fields: dict[str, dict[str, Any]] = {}
    for quad in entity.quads:
        if quad.subject != subject:
            continue
        iri = quad.predicate.value
        field = fields.setdefault(iri, {"label": entity.name(iri, lang), "iri": iri, "values": []})
        value = quad.object
        if isinstance(value, Literal):
            field["values"].append({"text": value.value, "language": value.language})
        elif isinstance(value, NamedNode):
            has_parts = depth < 3 and value != entity.iri
            field["values"].append(
                {
                    "text": entity.name(value.value, lang),
                    "iri": value.value,
                    "url": address(value.value),
                    "parts": _fields(entity, value, lang, depth + 1) if has_parts else [],
                }
            )
    return list(fields.values())


for _listing in CLASSES:
    _route(_listing)
