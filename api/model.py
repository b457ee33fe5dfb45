"""The model: ontology, shapes and the JSON-LD context, each by negotiation; what kinds of problem mean."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from api import schemas
from api.negotiation import HTML, JSON, JSON_LD, RDF, TURTLE, alternates, language, wanted, without_suffix
from api.pages import HEADERS as PAGE_HEADERS
from api.pages import render
from api.problems import PROBLEMS
from api.schemas import answers, errors, texts
from api.state import etag, reading, service, typed
from graph.errors import NotFound
from graph.iris import BASE, INFRA, ONTOLOGY_GRAPH, OWL, RDFS, SKOS
from graph.resources import ONTOLOGY, WEB
from graph.store.formats import write_graph

router = APIRouter(tags=["model"])


@router.get("/ontology.{suffix}", include_in_schema=False)
@router.get(
    "/ontology",
    summary="The ontology",
    operation_id="ontology",
    responses=texts("Classes and properties with labels in nine languages.", *RDF, HTML),
)
def ontology(request: Request, suffix: str | None = None) -> Response:
    """Classes and properties with labels in nine languages."""
    return _ontology(request, suffix)


def _ontology(request: Request, suffix: str | None, version: str | None = None) -> Response:
    snapshot = service(request).snapshot
    kind = wanted(request, [*RDF, HTML], suffix)

    def made() -> Response:
        triples = snapshot.graph(ONTOLOGY_GRAPH)
        if version is not None:
            _of_version(triples, version)
        links = twins("/ontology", '</context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"')
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
    bare, suffix = without_suffix(version)
    return _ontology(request, suffix, bare)


def _of_version(triples: list[Triple], version: str) -> None:
    """Raises ``NotFound`` where the ontology has another version."""
    node, versioned = NamedNode(f"{BASE}ontology"), OWL["versionInfo"]
    numbers = [
        str(triple.object.value)  # type: ignore[union-attr]  # the version is a literal
        for triple in triples
        if triple.subject == node and triple.predicate == versioned
    ]
    if version not in numbers:
        raise NotFound(f"the ontology has the version {', '.join(numbers)} and not {version[:40]!r}")


def twins(path: str, *others: str) -> str:
    """The header ``Link`` of a page whose twins are graphs."""
    return ", ".join([*alternates(path, ("ttl", "jsonld", "nt", "rdf", "html")), *others])


@dataclass
class _Term:
    """A class or property of ours, with what the ontology says of its place."""

    kind: str
    label: str = ""
    definition: str = ""
    broader: list[str] = field(default_factory=list)
    domain: list[str] = field(default_factory=list)
    range: list[str] = field(default_factory=list)


_PLACES = {
    RDFS["subClassOf"]: "broader",
    RDFS["subPropertyOf"]: "broader",
    RDFS["domain"]: "domain",
    RDFS["range"]: "range",
}


def _terms(triples: list[Triple], lang: str) -> dict[str, _Term]:
    """Each class and property of ours."""
    terms: dict[str, _Term] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or subject.value not in INFRA:
            continue
        is_class = subject.value.removeprefix(INFRA.base)[:1].isupper()
        term = terms.setdefault(subject.value, _Term("class" if is_class else "property"))
        if isinstance(value, NamedNode) and triple.predicate in _PLACES:
            getattr(term, _PLACES[triple.predicate]).append(value.value)
        elif isinstance(value, Literal) and triple.predicate == SKOS["definition"]:
            term.definition = value.value
        elif isinstance(value, Literal) and triple.predicate == RDFS["label"]:
            is_better = value.language == lang or (value.language == "en" and not term.label)
            term.label = value.value if is_better else term.label
    return terms


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
            return render(request, "shapes.html", {**_chosen(request, rules), "revision": revision})
        return JSONResponse({"rules": rules})

    return reading(request, revision, etag(request, revision, kind), made)


def _chosen(request: Request, rules: list[dict[str, str]]) -> dict[str, Any]:
    """What the page of rules shows: all, or with ``?class=`` and ``?severity=`` some."""
    wanted_class = request.query_params.get("class", "")
    severity = request.query_params.get("severity", "")
    some = [
        rule for rule in rules if wanted_class in ("", rule["class"]) and severity in ("", rule["severity"])
    ]
    is_whole = len(some) == len(rules)
    return {
        "rules": some,
        "total": len(rules),
        "classes": sorted({rule["class"] for rule in rules}),
        "chosen": {"class": wanted_class, "severity": severity},
        "others": service(request).rules.others if is_whole else [],
    }


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
