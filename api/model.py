"""The model: ontology, shapes, code lists and the JSON-LD context, each by negotiation."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from api import schemas
from api.entity_document import AFTER, Address, document
from api.entity_document import after as key_after
from api.moments import REVISION
from api.negotiation import HTML, JSON, JSON_LD, RDF, TURTLE, alternates, language, wanted, without_suffix
from api.pages import HEADERS as PAGE_HEADERS
from api.pages import render
from api.problems import PROBLEMS
from api.schemas import answers, errors, texts
from api.state import etag, reading, service, typed
from graph.browse.entity import Entity, address, read_entity
from graph.contribute.keeping.past import Moment
from graph.errors import InputError, NotFound
from graph.iris import BASE, CODELIST, INFRA, NACE, NUTS, ONTOLOGY_GRAPH, OWL, RDFS, SKOS
from graph.resources import CODELISTS, ONTOLOGY, WEB
from graph.store.formats import write_graph

router = APIRouter(tags=["model"])

_NO_SCHEME = "nace-labels"
"""The file that only adds labels to another list."""


@router.get("/ontology.{suffix}", include_in_schema=False)
@router.get(
    "/ontology",
    summary="The ontology",
    operation_id="ontology",
    responses=texts("Classes and properties with labels in nine languages.", *RDF, HTML),
)
def ontology(request: Request, suffix: str | None = None) -> Response:
    """Classes and properties with labels in nine languages."""
    snapshot = service(request).snapshot
    kind = wanted(request, [*RDF, HTML], suffix)

    def made() -> Response:
        triples = snapshot.graph(ONTOLOGY_GRAPH)
        links = _links("/ontology", '</context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"')
        if kind != HTML:
            answer = typed(write_graph(triples, kind), kind)
            answer.headers["Link"] = links
            return answer
        rows = sorted(_terms(triples, language(request)).items())
        context = {"terms": rows, "revision": snapshot.revision}
        return render(request, "ontology.html", context, headers={"Link": links})

    return reading(request, snapshot.revision, etag(request, snapshot.revision, kind), made)


@router.get(
    "/ontology/reference",
    summary="The reference of the ontology for people",
    operation_id="ontologyReference",
    responses=texts("Each term with its definition, place and alignments, made by pyLODE.", HTML),
)
def ontology_reference(request: Request) -> Response:
    """The reference of the ontology, as it was written when the ontology last changed."""
    revision = service(request).snapshot.revision
    kind = wanted(request, [HTML])

    def made() -> Response:
        page = (WEB / "reference" / "ontology.html").read_bytes()
        return Response(page, headers={**PAGE_HEADERS, "Content-Type": "text/html; charset=utf-8"})

    return reading(request, revision, etag(request, revision, kind), made)


@router.get(
    "/ontology/{version}",
    summary="A version of the ontology",
    operation_id="ontologyVersion",
    responses={
        **texts("The ontology, where this is its version.", *RDF, HTML),
        **errors(status_404="The ontology has another version now."),
    },
)
def ontology_version(
    request: Request,
    version: Annotated[
        str, Path(description="Its number; a suffix such as .ttl names the format.", examples=["1.0.0"])
    ],
) -> Response:
    """The ontology by the IRI of its version."""
    snapshot = service(request).snapshot
    bare, suffix = without_suffix(version)
    ontology_node, versioned = NamedNode(f"{BASE}ontology"), OWL["versionInfo"]
    numbers = [
        str(triple.object.value)  # type: ignore[union-attr]  # the version is a literal
        for triple in snapshot.graph(ONTOLOGY_GRAPH)
        if triple.subject == ontology_node and triple.predicate == versioned
    ]
    if bare not in numbers:
        raise NotFound(f"the ontology has the version {', '.join(numbers)} and not {bare[:40]!r}")
    return ontology(request, suffix)


def _links(path: str, *others: str) -> str:
    """The header ``Link`` of a page whose twins are graphs."""
    return ", ".join([*alternates(path, ("ttl", "jsonld", "nt", "rdf", "html")), *others])


def _terms(triples: list[Triple], lang: str) -> dict[str, dict[str, str]]:
    """Label and definition of each term of ours."""
    terms: dict[str, dict[str, str]] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, Literal):
            continue
        term = terms.setdefault(subject.value, {})
        if triple.predicate == RDFS["label"] and value.language in {lang, "en"}:
            if value.language == lang or "label" not in term:
                term["label"] = value.value
        elif triple.predicate == SKOS["definition"]:
            term["definition"] = value.value
    return {iri: term for iri, term in terms.items() if iri in INFRA}


@router.get("/shapes.{suffix}", include_in_schema=False)
@router.get(
    "/shapes",
    summary="The shapes and their rules",
    operation_id="shapes",
    responses=answers(schemas.RuleCatalogue, "SHACL; as JSON the catalogue of rules.", *RDF, HTML),
)
def shapes(request: Request, suffix: str | None = None) -> Response:
    """SHACL as RDF; the rule catalogue as JSON or a page."""
    running = service(request)
    kind = wanted(request, [TURTLE, JSON, *(kind for kind in RDF if kind != TURTLE), HTML], suffix)
    revision = running.snapshot.revision

    def made() -> Response:
        if kind == TURTLE:
            return typed(running.rules.turtle(), TURTLE)
        if kind in RDF:
            quads = parse(running.rules.turtle(), RdfFormat.TURTLE)
            return typed(write_graph([quad.triple for quad in quads], kind), kind)
        rules = [
            {
                "code": rule.code,
                "class": rule.file,
                "severity": rule.severity,
                "name": rule.name,
                "description": rule.description,
                "message": rule.message(language(request)),
            }
            for rule in running.rules.all()
        ]
        if kind == HTML:
            others = running.rules.others
            return render(request, "shapes.html", {"rules": rules, "others": others, "revision": revision})
        return JSONResponse({"rules": rules})

    return reading(request, revision, etag(request, revision, kind), made)


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
        names = sorted(path.stem for path in CODELISTS.glob("*.ttl") if path.stem != _NO_SCHEME)
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
        links = _links(f"/codelists/{bare}", f'<{CODELIST.base}{bare}>; rel="describes"')
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


@router.get(
    "/context.jsonld",
    summary="The JSON-LD context",
    operation_id="context",
    responses=texts("The context that JSON-LD contributions and answers use.", JSON_LD),
)
def context(request: Request) -> Response:
    """The context that JSON-LD contributions and answers use."""
    revision = service(request).snapshot.revision

    def made() -> Response:
        return typed((ONTOLOGY / "context.jsonld").read_bytes(), JSON_LD)

    return reading(request, revision, etag(request, revision), made)


@router.get(
    "/problems/{name}",
    summary="What a kind of problem means",
    operation_id="problem",
    responses={
        **answers(schemas.ProblemKind, "Title, status and what helps.", HTML),
        **errors(status_404="No problem has this name."),
    },
)
def problem(
    request: Request,
    name: Annotated[str, Path(description="The end of a problem's type.", examples=["invalid-input"])],
) -> Response:
    """The page behind the ``type`` of a problem; it is there while the dataset is still being loaded."""
    bare, suffix = without_suffix(name)
    if bare not in PROBLEMS:
        raise NotFound(f"no problem is named {bare!r}; there are {', '.join(PROBLEMS)}")
    entry = PROBLEMS[bare]
    kind = wanted(request, [JSON, HTML], suffix)
    data = {"type": f"/problems/{bare}", "title": entry.title, "status": entry.status, "help": entry.help}
    if kind == HTML:
        return render(request, "problem-kind.html", {"entry": data})
    return JSONResponse(data, headers={"Vary": "Accept"})
