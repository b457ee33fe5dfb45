"""Entities one by one: every statement about each, as data and as a page."""

import re
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from rapidfuzz import process

from api import schemas
from api.entity_document import AFTER, Address, after, document
from api.moments import REVISION, moment
from api.negotiation import HTML, RDF, without_suffix
from api.schemas import answers, errors
from api.state import service
from graph.browse.entity import PAGES, Entity, read_entity
from graph.browse.listing import CLASSES, Selection, members
from graph.contribute.keeping.past import Moment
from graph.errors import NotFound
from graph.iris import ID, NUTS

router = APIRouter(tags=["entities"])

_KIND_OF = {plural: kind for kind, plural in PAGES.items()}
_CRUMBS = {"s3-priorities": ("/regions", "regions")}
"""Pages of entities that have no list of their own, and the list that leads to them."""
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
    "s3-priorities": "be2-smart-manufacturing",
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
    if kind not in PAGES:
        raise NotFound(f"no kind of entity is named {kind!r}; there are {', '.join(PAGES)}")
    listing = PAGES[kind]
    bare, _ = without_suffix(slug)
    found(request, listing, bare, moment(request))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{listing}/{slug}{query}", status_code=303)


def found(request: Request, listing: str, slug: str, at: Moment) -> Entity:
    """The entity of a list with this name at a moment. Raises ``NotFound`` with near names."""
    running = service(request)
    snapshot = at.snapshot()
    if _NAME.fullmatch(slug):
        iri = NUTS[slug.upper()] if listing == "regions" else ID[f"{_KIND_OF[listing]}/{slug}"]
        entity = read_entity(iri, snapshot, running.catalogue, after(request))
        if entity is not None:
            return entity
    known = members(Selection(listing), snapshot, running.catalogue) if listing in CLASSES else []
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
        after: Annotated[str | None, AFTER] = None,
    ) -> Response:
        """All statements of contributions about the entity and its parts; a suffix such as .ttl names the format."""
        return _one(request, listing, *without_suffix(slug))


def _one(request: Request, listing: str, slug: str, suffix: str | None) -> Response:
    where = Address(f"/{listing}/{slug}", listing, _CRUMBS.get(listing, (f"/{listing}", listing)))
    return document(request, where, lambda at: found(request, listing, slug, at), suffix)


for _listing in (*CLASSES, *_CRUMBS):
    _route(_listing)
