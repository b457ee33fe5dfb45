"""The code lists and their entries, each by negotiation."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import Literal, NamedNode, Triple

from api import schemas
from api.codelist_pages import no_list, tree_page
from api.entity_document import AFTER, Address, document
from api.entity_document import after as key_after
from api.model import twins
from api.moments import REVISION
from api.negotiation import HTML, JSON, RDF, wanted, without_suffix
from api.pages import render
from api.schemas import answers, errors, texts
from api.state import etag, reading, service, typed
from graph.browse.entity import Entity, read_entity
from graph.contribute.keeping.past import Moment
from graph.errors import InputError, NotFound
from graph.iris import CODELIST, NACE, NUTS, SKOS
from graph.resources import CODELISTS
from graph.store.formats import write_graph

router = APIRouter(tags=["model"])

_NO_SCHEMES = ("nace-labels", "capability-special", "capability-words")
"""The files that only add entries or labels to another list."""


@router.get("/codelists.{suffix}", include_in_schema=False)
@router.get(
    "/codelists",
    summary="The code lists",
    operation_id="listCodeLists",
    responses=answers(schemas.CodeLists, "The names of all code lists.", HTML),
)
def codelists(request: Request, suffix: str | None = None) -> Response:
    """The names of all code lists."""
    running = service(request)
    snapshot = running.snapshot
    kind = wanted(request, [JSON, HTML], suffix)

    def made() -> Response:
        names = sorted(path.stem for path in CODELISTS.glob("*.ttl") if path.stem not in _NO_SCHEMES)
        if kind != HTML:
            return JSONResponse({"codelists": names})
        rows = snapshot.select(running.catalogue["browse-schemes"].text).rows
        entries = {
            scheme.value.removeprefix(CODELIST.base): int(number.value)
            for scheme, *_, number in rows
            if isinstance(scheme, NamedNode) and isinstance(number, Literal)
        }
        context = {"names": names, "entries": entries, "revision": snapshot.revision}
        return render(request, "codelists.html", context)

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)


@router.get(
    "/codelists/{scheme}",
    summary="A code list",
    operation_id="codeList",
    responses={
        **texts("The list as SKOS, or as a page with its tree.", *RDF, HTML),
        **errors(status_404="No code list has this name."),
    },
)
def codelist(
    request: Request,
    scheme: Annotated[str, Path(description="The name of a list in /codelists.", examples=["service-kind"])],
) -> Response:
    """A code list as SKOS, or as a page with its tree."""
    running = service(request)
    snapshot = running.snapshot
    bare, suffix = without_suffix(scheme)
    kind = wanted(request, [*RDF, HTML], suffix)

    def made() -> Response:
        links = twins(f"/codelists/{bare}", f'<{CODELIST.base}{bare}>; rel="describes"')
        if kind == HTML:
            context = tree_page(request, bare, snapshot, running.catalogue)
            return render(request, "codelist.html", context, headers={"Link": links})
        try:
            query = running.catalogue["browse-codelist"].bind_strings({"scheme": [CODELIST.base + bare]})
        except InputError as error:
            raise no_list(bare) from error
        triples = [Triple(*row) for row in snapshot.select(query).rows]  # type: ignore[arg-type]  # three columns
        if not triples:
            raise no_list(bare)
        answer = typed(write_graph(triples, kind), kind)
        answer.headers["Link"] = links
        return answer

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)


@router.get(
    "/codelists/{scheme}/{notation}",
    summary="An entry of a code list",
    operation_id="concept",
    responses={
        **answers(schemas.Entity, "Every statement about it, and what uses it.", *RDF, HTML),
        **errors(status_404="The list has no such entry, or had none at that revision."),
    },
)
def concept(
    request: Request,
    scheme: Annotated[str, Path(description="The name of a list in /codelists.", examples=["capability"])],
    notation: Annotated[
        str, Path(description="The code; a suffix such as .ttl names the format.", examples=["microscopy"])
    ],
    revision: Annotated[str | None, REVISION] = None,
    after: Annotated[str | None, AFTER] = None,
) -> Response:
    """One code with its names, and the entities that use it."""
    bare, suffix = without_suffix(notation)
    where = Address(
        f"/codelists/{scheme}/{bare}", "codelists", (f"/codelists/{scheme}", f"code list {scheme}")
    )
    return document(request, where, lambda at: _concept(request, scheme, bare, at), suffix)


_OF_THE_EU = {"nuts": NUTS, "nace": NACE}


def _concept(request: Request, scheme: str, notation: str, at: Moment) -> Entity:
    """The entry of a code list with this code. Raises ``NotFound``."""
    running, snapshot = service(request), at.snapshot()
    try:
        node = _OF_THE_EU[scheme][notation] if scheme in _OF_THE_EU else CODELIST[f"{scheme}/{notation}"]
    except ValueError as error:
        raise _no_concept(scheme, notation) from error
    entity = read_entity(node, snapshot, running.catalogue, key_after(request))
    if entity is None or SKOS["inScheme"] not in {quad.predicate for quad in entity.quads}:
        raise _no_concept(scheme, notation)
    return entity


def _no_concept(scheme: str, notation: str) -> NotFound:
    return NotFound(
        f"the code list {scheme[:100]!r} has no entry {notation[:100]!r}; /codelists lists the lists"
    )
