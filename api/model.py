"""The model: ontology, shapes, code lists and the JSON-LD context, each by negotiation."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pyoxigraph import Literal, NamedNode, Triple, serialize

from api.negotiation import HTML, JSON, TURTLE, language, wanted
from api.pages import render
from api.problems import PROBLEMS
from api.state import etag, reading, service
from graph.errors import NotFound
from graph.iris import CODELIST, LANGUAGES, ONTOLOGY_GRAPH, PREFIXES, RDFS, SKOS
from graph.resources import ONTOLOGY
from graph.store.public import GRAPH_FORMATS

router = APIRouter(tags=["model"])


def _rdf(triples: list[Triple], kind: str) -> Response:
    content = serialize(triples, format=GRAPH_FORMATS[kind], prefixes=PREFIXES)
    return Response(content, media_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)


@router.get("/ontology", summary="The ontology")
@router.get("/ontology.{suffix}", include_in_schema=False)
def ontology(request: Request, suffix: str | None = None) -> Response:
    """Classes and properties with labels in nine languages."""
    snapshot = service(request).snapshot
    kind = wanted(request, [TURTLE, *(k for k in GRAPH_FORMATS if k != TURTLE), HTML], suffix)
    tag = etag(snapshot.revision, "ontology", kind, language(request))
    triples = [q.triple for q in snapshot.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)]
    if kind != HTML:
        return reading(request, snapshot.revision, tag, _rdf(triples, kind))
    lang = language(request)
    terms: dict[str, dict[str, str]] = {}
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, Literal):
            continue
        term = terms.setdefault(triple.subject.value, {})
        if triple.predicate == RDFS["label"] and triple.object.language in {lang, "en"}:
            if triple.object.language == lang or "label" not in term:
                term["label"] = triple.object.value
        elif triple.predicate == SKOS["definition"]:
            term["definition"] = triple.object.value
    rows = sorted((iri, term) for iri, term in terms.items() if "definition" in term)
    return reading(request, snapshot.revision, tag, render(request, "ontology.html", {"terms": rows}))


@router.get("/shapes", summary="The shapes and their rules")
@router.get("/shapes.{suffix}", include_in_schema=False)
def shapes(request: Request, suffix: str | None = None) -> Response:
    """SHACL as Turtle; the rule catalogue as JSON or a page."""
    running = service(request)
    kind = wanted(request, [TURTLE, JSON, HTML], suffix)
    revision = running.snapshot.revision
    tag = etag(revision, "shapes", kind, language(request))
    if kind == TURTLE:
        return reading(request, revision, tag, Response(running.rules.turtle(), media_type="text/turtle; charset=utf-8"))
    lang = language(request)
    rules = [
        {
            "code": rule.code,
            "class": rule.file,
            "severity": rule.severity,
            "name": rule.name,
            "description": rule.description,
            "message": rule.message(lang),
        }
        for rule in running.rules.all()
    ]
    if kind == HTML:
        return reading(request, revision, tag, render(request, "shapes.html", {"rules": rules}))
    return reading(request, revision, tag, JSONResponse({"rules": rules}))


@router.get("/codelists", summary="The code lists", include_in_schema=False)
def codelists(request: Request) -> Response:
    """The names of all code lists."""
    running = service(request)
    names = sorted(path.stem for path in (ONTOLOGY / "codelists").glob("*.ttl") if path.stem != "nace-labels")
    kind = wanted(request, [JSON, HTML])
    tag = etag(running.snapshot.revision, "codelists", kind)
    if kind == HTML:
        return reading(request, running.snapshot.revision, tag, render(request, "codelists.html", {"names": names}))
    return reading(request, running.snapshot.revision, tag, JSONResponse({"codelists": names}))


@router.get("/codelists/{scheme}.{suffix}", include_in_schema=False)
@router.get("/codelists/{scheme}", summary="A code list")
def codelist(request: Request, scheme: str, suffix: str | None = None) -> Response:
    """A code list as SKOS, or as a page with its tree."""
    running = service(request)
    snapshot = running.snapshot
    query = running.catalogue["browse-codelist"].bind_strings({"scheme": [CODELIST.base + scheme]})
    triples = [Triple(*row) for row in snapshot.select(query).rows]  # type: ignore[arg-type]
    if not triples:
        raise NotFound(f"no code list is named {scheme!r}; /codelists lists them")
    kind = wanted(request, [TURTLE, *(k for k in GRAPH_FORMATS if k != TURTLE), HTML], suffix)
    tag = etag(snapshot.revision, scheme, kind, language(request))
    if kind != HTML:
        return reading(request, snapshot.revision, tag, _rdf(triples, kind))
    context = {"scheme": scheme, "tree": _tree(triples, language(request))}
    return reading(request, snapshot.revision, tag, render(request, "codelist.html", context))


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
                "depth": depth,
                "notation": notation.get(concept, ""),
                "label": names.get(lang) or names.get("en") or concept.value,
                "others": sorted(others.get(concept, [])),
            }
        )
        stack.extend((child, depth + 1) for child in reversed(children.get(concept, [])))
    return rows


@router.get("/context.jsonld", summary="The JSON-LD context")
def context() -> Response:
    """The context that JSON-LD contributions and answers use."""
    return FileResponse(ONTOLOGY / "context.jsonld", media_type="application/ld+json")


@router.get("/problems/{name}", summary="What a kind of problem means")
def problem(request: Request, name: str) -> Response:
    """The page behind the ``type`` of a problem."""
    if name not in PROBLEMS:
        raise NotFound(f"no problem is named {name!r}; there are {', '.join(PROBLEMS)}")
    entry = PROBLEMS[name]
    kind = wanted(request, [JSON, HTML])
    data = {"type": f"/problems/{name}", "title": entry.title, "status": entry.status, "help": entry.help}
    if kind == HTML:
        return render(request, "problem-kind.html", {"entry": data})
    return JSONResponse(data)

