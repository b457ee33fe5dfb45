"""One contribution: its current version, its history, any version, and what changed between two."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pyoxigraph import NamedNode

from api import dataset_schemas as schemas
from api.negotiation import HTML, JSON, RDF, TURTLE, language, wanted, without_suffix
from api.pages import render
from api.preconditions import version_tag
from api.schemas import answers, errors
from api.state import reading, service, typed
from graph.contribute.accept import graph_of
from graph.contribute.changes.telling import as_text
from graph.contribute.history import History
from graph.errors import NotFound
from graph.store.formats import write_graph
from graph.store.ledger import Version

router = APIRouter(tags=["contributions"])

_NAME = Path(description="The dataset.", examples=["facilities"])


def _history(request: Request) -> History:
    return service(request).contributions.history


@router.get(
    "/contributions/{partner}/{dataset}",
    summary="A contribution",
    operation_id="getContribution",
    responses={
        **answers(schemas.ContributionVersion, "Its current version: facts, or its RDF.", *RDF, HTML),
        **errors(status_404="There is no such contribution, or it was deleted."),
    },
)
def current(
    request: Request, partner: Annotated[str, schemas.PARTNER], dataset: Annotated[str, schemas.DATASET]
) -> Response:
    """The current version as facts (JSON), as the RDF that it holds, or as a page with its history."""
    name, suffix = without_suffix(dataset)
    graph = graph_of(partner, name)
    return _shown(request, graph, _history(request).current(graph), suffix)


@router.get(
    "/contributions/{partner}/{dataset}/versions",
    summary="The history of a contribution",
    operation_id="listVersions",
    responses={
        **answers(schemas.Versions, "All versions, the newest first.", HTML),
        **errors(status_404="There is no such contribution."),
    },
)
def versions(
    request: Request, partner: Annotated[str, schemas.PARTNER], dataset: Annotated[str, schemas.DATASET]
) -> Response:
    """All versions, the newest first; deletions and rollbacks are versions too."""
    kind = wanted(request, [JSON, HTML])
    history = _history(request).of(graph_of(partner, dataset))
    last = history[-1]

    def made() -> Response:
        rows = [_facts(version) for version in reversed(history)]
        if kind == HTML:
            return render(request, "versions.html", _page(last, rows, None))
        return JSONResponse({"graph": last.graph, "versions": rows})

    return reading(request, last.revision, version_tag(request, last, kind), made)


@router.get(
    "/contributions/{partner}/{dataset}/versions/{version}",
    summary="A version of a contribution",
    operation_id="getVersion",
    responses={
        **answers(schemas.ContributionVersion, "The version: facts, or its RDF.", *RDF, HTML),
        **errors(status_404="There is no such version, or it is a deletion and holds nothing."),
    },
)
def version(
    request: Request,
    partner: Annotated[str, schemas.PARTNER],
    dataset: Annotated[str, _NAME],
    version: Annotated[
        str, Path(description="Its number; a suffix such as .ttl names the format.", examples=["1"])
    ],
) -> Response:
    """Any version as facts (JSON), as the RDF that it holds, or as a page."""
    number, suffix = without_suffix(version)
    graph = graph_of(partner, dataset)
    found = _history(request).version(graph, _number(number, "version"))
    return _shown(request, graph, found, suffix)


@router.get(
    "/contributions/{partner}/{dataset}/diff",
    summary="What changed between two versions",
    operation_id="getDifference",
    responses={
        **answers(schemas.Changes, "By entity, in words and as triples.", HTML, "text/plain"),
        **errors(status_404="There is no such contribution or version."),
    },
)
def diff(
    request: Request,
    partner: Annotated[str, schemas.PARTNER],
    dataset: Annotated[str, _NAME],
    older: Annotated[
        int | None,
        Query(alias="from", ge=0, description="By default the one before; 0 is nothing.", examples=[0]),
    ] = None,
    newer: Annotated[
        int | None, Query(alias="to", ge=1, description="By default the latest version.")
    ] = None,
    lang: Annotated[str | None, Query(description="Language of the words.", examples=["nl"])] = None,
) -> Response:
    """Added, removed and changed values of each entity, in the reader's language."""
    kind = wanted(request, [JSON, HTML, "text/plain"])
    running = service(request)
    graph = graph_of(partner, dataset)
    history = running.contributions.history
    last = history.version(graph, newer) if newer is not None else history.of(graph)[-1]
    first = last.version - 1 if older is None else older
    if first:
        history.version(graph, first)

    def made() -> Response:
        told = running.contributions.compare(graph, first, last.version, language(request))
        if kind == "text/plain":
            return typed(as_text(told), kind)
        if kind == HTML:
            context = {"diff": told, "contribution": last.name, "from": first, "to": last.version}
            return render(request, "diff.html", {**context, "revision": running.snapshot.revision})
        return JSONResponse(told)

    return reading(request, last.revision, version_tag(request, last, kind, str(first)), made)


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound(f"{what} {text[:40]!r} is no number")
    return int(text)


def _facts(version: Version) -> dict[str, Any]:
    """A version as JSON, without who sent it."""
    quality = {"level": version.quality_level, "score": version.quality_score}
    return {
        "graph": version.graph,
        "partner": version.partner,
        "dataset": version.dataset,
        "version": version.version,
        "revision": version.revision,
        "change": version.change,
        "restores": version.restores,
        "sha256": version.sha256,
        "triples": version.triples,
        "quality": None if version.is_deletion else quality,
        "message": version.message,
        "accepted_at": version.accepted_at,
    }


def _page(last: Version, rows: list[dict[str, Any]], shown: dict[str, Any] | None) -> dict[str, Any]:
    return {"contribution": last.name, "rows": rows, "shown": shown, "revision": last.revision}


def _shown(request: Request, graph: NamedNode, found: Version, suffix: str | None) -> Response:
    """A version by negotiation."""
    kind = wanted(request, [JSON, *RDF, HTML], suffix)
    if found.is_deletion and kind in RDF:
        raise NotFound(f"{found.name} version {found.version} is a deletion: it holds nothing")
    history = _history(request)

    def made() -> Response:
        if kind == JSON:
            answer: Response = JSONResponse(_facts(found))
        elif kind == HTML:
            rows = [_facts(one) for one in reversed(history.of(graph))]
            answer = render(request, "versions.html", _page(found, rows, _facts(found)))
        else:
            answer = typed(write_graph(history.triples(graph, found.version), kind), kind)
        where = f"/contributions/{found.name}/versions/{found.version}"
        answer.headers["Link"] = (
            f'<{where}.ttl>; rel="alternate"; type="{TURTLE}", '
            f'</contributions/{found.name}/versions>; rel="version-history"'
        )
        return answer

    return reading(request, found.revision, version_tag(request, found, kind), made)
