"""Runs of a need: one again, on its revision or today; two side by side; and what is new since, as a feed.

A run's id holds the need itself, so none of these answers may be kept by caches that others share.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from api.match_answer import KINDS, matched, written
from api.match_run_schemas import Comparison, MatchNews
from api.match_schemas import MatchAnswer
from api.moments import shown
from api.negotiation import HTML, JSON, RDF, SUFFIXES, language, wanted, without_suffix
from api.pages import render
from api.schemas import answers, errors
from api.state import etag, reading, service, typed
from graph.browse.entity import address
from graph.contribute.keeping.past import Moment
from graph.errors import InputError
from graph.match.comparison import compare
from graph.match.need import Need
from graph.match.news import News, atom, title_of
from graph.match.run import Run

router = APIRouter(tags=["match"])

ATOM: Final = "application/atom+xml"
_TWINS: Final = ("json", "ttl", "jsonld", "nt", "rdf", "html")
_LATEST: Final = "latest"
_EXAMPLE: Final = Run(Need.model_validate({"capabilities": ["fatigue-testing"], "limit": 3}), 30)
_ID: Final = Path(description="`run.id` of an answer; the need can be read from it.", examples=[_EXAMPLE.id])
_NO_RUN: Final = errors(
    status_404="The id is none, is cut, or was made by another version; or there is no such revision."
)


@router.get(
    "/match/runs/{run}",
    summary="A run again",
    operation_id="matchRun",
    responses={**answers(MatchAnswer, "The answer to the need in the id.", *RDF, HTML), **_NO_RUN},
)
def again(
    request: Request,
    run: Annotated[str, _ID],
    on: Annotated[
        str | None, Query(description="`latest` for today's revision, not the run's.", examples=[_LATEST])
    ] = None,
    lang: Annotated[
        str | None, Query(description="Another language of the answer; makes another run.", examples=["nl"])
    ] = None,
) -> Response:
    """The same need on the same revision, which gives the same answer; a suffix such as .ttl names the format."""
    name, suffix = without_suffix(run)
    asked = _run(request, name)
    kind = wanted(request, KINDS, suffix)
    at = _moment(request, asked, on)

    def made() -> Response:
        page = shown(request, at)
        if "as_of" in page:
            page["as_of"]["link"] = f"/match/runs/{name}?on={_LATEST}"
        state = at.snapshot()
        found = matched(request, asked.need, state)
        answer = written(request, kind, asked.need, found, state, page)
        answer.headers["Link"] = ", ".join(_twins(request))
        return answer

    return _private(
        reading(request, at.revision, etag(request, at.revision, kind, str(at.current.revision)), made)
    )


@router.get("/match/runs/{run}/compare.{suffix}", include_in_schema=False)
@router.get(
    "/match/runs/{run}/compare",
    summary="A run beside today's, or beside another",
    operation_id="compareRuns",
    responses={
        **answers(
            Comparison, "Which facilities came in, went out or moved, and which verdicts changed.", HTML
        ),
        **_NO_RUN,
    },
)
def compared(
    request: Request,
    run: Annotated[str, _ID],
    other: Annotated[
        str | None,
        Query(
            alias="with",
            description="Another run's id; by default the same need on today's revision.",
            examples=[Run(_EXAMPLE.need, 39).id],
        ),
    ] = None,
    suffix: str | None = None,
) -> Response:
    """The run comes before, the other after; each is done again on its own revision."""
    before = _run(request, run)
    kind = wanted(request, [JSON, HTML], suffix)
    at = _moment(request, before, None)
    after, then = before, service(request).moment()
    if other is not None:
        after = _run(request, other)
        then = _moment(request, after, None)

    def made() -> Response:
        told = compare(
            matched(request, before.need, at.snapshot()), matched(request, after.need, then.snapshot())
        )
        if kind == HTML:
            context = {"told": told, "run": before, "other": after, "revision": at.current.revision}
            return render(request, "match-compare.html", context)
        return JSONResponse(told)

    tag = etag(request, then.revision, kind, str(at.current.revision))
    return _private(reading(request, then.revision, tag, made))


@router.get("/match/runs/{run}/feed.{suffix}", include_in_schema=False)
@router.get(
    "/match/runs/{run}/feed",
    summary="What is new for a need since a run",
    operation_id="matchFeed",
    responses={
        **answers(
            MatchNews, "Atom (RFC 4287): an entry for each facility that came in or changed.", ATOM, HTML
        ),
        **_NO_RUN,
    },
)
def feed(request: Request, run: Annotated[str, _ID], suffix: str | None = None) -> Response:
    """A saved need: follow this address in a feed reader."""
    asked = _run(request, run)
    kind = wanted(request, [ATOM, JSON, HTML], suffix)
    at, now = _moment(request, asked, None), service(request).moment()

    def made() -> Response:
        news = _news(request, asked, at, now)
        items = [item.as_json() for item in news.items]
        if kind == JSON:
            told = {"title": news.title, "language": news.language, "updated": news.updated, "items": items}
            return JSONResponse(told)
        if kind == HTML:
            context = {"news": news, "run": asked, "revision": now.revision, "since": at.revision}
            return render(request, "match-feed.html", context)
        base = str(request.base_url)
        pages = {item.facility: f"{base}{(address(item.facility) or '/')[1:]}" for item in news.items}
        return typed(atom(news, run, f"{base}match/runs/{run}", pages), kind)

    return _private(reading(request, now.revision, etag(request, now.revision, kind), made))


def _news(request: Request, asked: Run, at: Moment, now: Moment) -> News:
    before = matched(request, asked.need, at.snapshot())
    after = matched(request, asked.need, now.snapshot())
    ledger = service(request).ledger
    times = {version.graph: version.accepted_at for version in ledger.current(at=now.revision)}
    labels = [one["label"] for one in after["understood"]["capabilities"]] or asked.need.capabilities
    title = title_of(asked.need.text, labels)
    return News.of(compare(before, after), after, title, times, ledger.time_of(at.revision))


def _run(request: Request, name: str) -> Run:
    """The run of an id, in the language that ``lang=`` asks for. Raises ``NoRun``."""
    run = Run.of_id(name)
    if request.query_params.get("lang"):
        return Run(run.need.model_copy(update={"lang": language(request)}), run.revision)
    return run


def _moment(request: Request, run: Run, on: str | None) -> Moment:
    """When to do a run again. Raises ``InputError``, and ``NotFound`` for a revision that is yet to come."""
    if on not in {None, "", _LATEST}:
        raise InputError(f"on={on[:40]!r}: say on={_LATEST}, or leave it out for the run's own revision")
    return service(request).moment(None if on else run.revision)


def _twins(request: Request) -> list[str]:
    """The other formats, by parameter: an address with the id in it may be long."""
    return [
        f'<?{request.url.include_query_params(format=ending).query}>; rel="alternate"; type="{SUFFIXES[ending]}"'
        for ending in _TWINS
    ]


def _private(answer: Response) -> Response:
    """For the reader alone: the address has the need in it."""
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
