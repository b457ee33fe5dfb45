"""The code lists and their entries, each by negotiation."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import Literal, NamedNode, Triple

from api import schemas
from api.entity_document import AFTER, Address, document
from api.entity_document import after as key_after
from api.model import twins
from api.moments import REVISION
from api.negotiation import HTML, JSON, RDF, language, wanted, without_suffix
from api.pages import render
from api.schemas import answers, errors, texts
from api.state import etag, reading, service, typed
from graph.browse.entity import Entity, address, read_entity
from graph.contribute.keeping.past import Moment
from graph.errors import InputError, NotFound
from graph.iris import CODELIST, NACE, NUTS, SKOS
from graph.resources import CODELISTS
from graph.store.formats import write_graph

router = APIRouter(tags=["model"])

_NO_SCHEMES = ("nace-labels", "capability-words")
"""The files that only add labels to another list."""


@router.get("/codelists.{suffix}", include_in_schema=False)
@router.get(
    "/codelists",
    summary="The code lists",
    operation_id="listCodeLists",
    responses=answers(schemas.CodeLists, "The names of all code lists.", HTML),
)
def codelists(request: Request, suffix: str | None = None) -> Response:
    """The names of all code lists."""
    revision = service(request).snapshot.revision
    kind = wanted(request, [JSON, HTML], suffix)

    def made() -> Response:
        names = sorted(path.stem for path in CODELISTS.glob("*.ttl") if path.stem not in _NO_SCHEMES)
        if kind == HTML:
            return render(request, "codelists.html", {"names": names, "revision": revision})
        return JSONResponse({"codelists": names})

    return reading(request, revision, etag(request, revision, kind), made)


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
        try:
            query = running.catalogue["browse-codelist"].bind_strings({"scheme": [CODELIST.base + bare]})
        except InputError as error:
            raise _no_list(bare) from error
        triples = [Triple(*row) for row in snapshot.select(query).rows]  # type: ignore[arg-type]  # three columns
        if not triples:
            raise _no_list(bare)
        links = twins(f"/codelists/{bare}", f'<{CODELIST.base}{bare}>; rel="describes"')
        if kind != HTML:
            answer = typed(write_graph(triples, kind), kind)
            answer.headers["Link"] = links
            return answer
        context = {"scheme": bare, "tree": _tree(triples, language(request)), "revision": snapshot.revision}
        return render(request, "codelist.html", context, headers={"Link": links})

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


def _no_list(name: str) -> NotFound:
    return NotFound(f"no code list is named {name!r}; /codelists lists them")


def _tree(triples: list[Triple], lang: str) -> list[dict[str, object]]:
    """Concepts in the order of the tree, each with depth, notation, label and other words in the language."""
    labels: dict[NamedNode, dict[str, str]] = {}
    others: dict[NamedNode, list[str]] = {}
    notation: dict[NamedNode, str] = {}
    children: dict[NamedNode | None, list[NamedNode]] = {}
    concepts: set[NamedNode] = set()
    parents: dict[NamedNode, NamedNode] = {}
    for t in triples:
        if not isinstance(t.subject, NamedNode):
            continue
        if t.predicate == SKOS["inScheme"]:
            concepts.add(t.subject)
        elif t.predicate == SKOS["broader"] and isinstance(t.object, NamedNode):
            parents.setdefault(t.subject, t.object)
        elif isinstance(t.object, Literal):
            if t.predicate == SKOS["notation"]:
                notation[t.subject] = t.object.value
            elif t.predicate == SKOS["prefLabel"]:
                labels.setdefault(t.subject, {})[t.object.language or "en"] = t.object.value
            elif t.predicate == SKOS["altLabel"] and t.object.language == lang:
                others.setdefault(t.subject, []).append(t.object.value)
    for concept in sorted(concepts, key=lambda c: notation.get(c, c.value)):
        children.setdefault(parents.get(concept), []).append(concept)
    rows: list[dict[str, object]] = []
    stack = [(concept, 0) for concept in reversed(children.get(None, []))]
    while stack:
        concept, depth = stack.pop()
        names = labels.get(concept, {})
        rows.append(
            {
                "iri": concept.value,
                "url": address(concept.value),
                "depth": depth,
                "notation": notation.get(concept, ""),
                "label": names.get(lang) or names.get("en") or concept.value,
                "others": sorted(others.get(concept, [])),
            }
        )
        stack.extend((child, depth + 1) for child in reversed(children.get(concept, [])))
    return rows
