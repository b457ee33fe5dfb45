"""The web application: ``create_app(settings)`` builds everything, a test builds a fresh one in a line."""

import gc
import logging
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api import (
    catalog,
    check_page,
    codelists,
    contributions,
    crawlers,
    datasets,
    demand,
    description,
    directions,
    dumps,
    entities,
    feed,
    graph_store,
    health,
    home,
    identifiers,
    jobs,
    lists,
    match,
    match_batch,
    match_runs,
    model,
    practices,
    problems,
    queries,
    reference,
    region_exchange,
    region_network,
    regions,
    sparql,
    suggestions,
    versions,
    why_not,
)
from api import templates as template_routes
from api.authentication import Attempts
from api.jobs import Jobs
from api.kept import KeptAnswers
from api.packing import Packing
from api.pages import templates
from api.static import Static
from api.transport import Transport
from graph.errors import GraphError
from graph.service import Service
from graph.settings import Settings

_LOG = logging.getLogger("infrashare")
_SURPLUS = 2
"""Threads for uploads beyond those that may wait: they answer that too many wait."""
_KEPT_BYTES = 64 * 1024 * 1024


def _version() -> str:
    try:
        return version("infrashare")
    except PackageNotFoundError:
        return "0"


def create_app(settings: Settings, service: Service | None = None) -> FastAPI:
    """Build the application.

    With a started ``service`` it serves at once; else it opens and loads one in the background when it
    starts, and answers 503 until that is done.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        own = None
        if service is None:
            own = threading.Thread(target=_open, args=(app, settings), name="infrashare-start")
            own.start()
        else:
            _serve(app, service)
        yield
        app.state.uploads.shutdown(cancel_futures=True)
        if own is not None:
            own.join()
            if app.state.service is not None:
                app.state.service.close()

    app = FastAPI(
        title="InfraShare",
        version=_version(),
        summary="A knowledge graph of research and innovation infrastructure.",
        description="Match firms' needs to facilities, check contributions, browse and query the graph.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.service = None
    app.state.failure = None
    app.state.ready = threading.Event()
    static = Static()
    app.state.templates = templates(static)
    app.state.kept = KeptAnswers(_KEPT_BYTES)
    app.state.attempts = Attempts()
    app.state.jobs = Jobs()
    app.state.uploads = ThreadPoolExecutor(settings.write_queue + _SURPLUS, "infrashare-upload")
    app.add_middleware(Packing)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "QUERY", "PUT", "DELETE", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=[
            "ETag",
            "Dataset-Revision",
            "Link",
            "Location",
            "Content-Location",
            "Allow",
            "Retry-After",
            "Idempotency-Replayed",
            "RateLimit",
            "RateLimit-Policy",
            "Repr-Digest",
            "Content-Disposition",
        ],
    )
    app.add_middleware(Transport)
    problems.install(app)
    for module in (
        sparql,
        match,
        match_batch,
        match_runs,
        why_not,
        health,
        home,
        check_page,
        contributions,
        datasets,
        versions,
        jobs,
        graph_store,
        queries,
        model,
        codelists,
        lists,
        suggestions,
        directions,
        regions,
        region_network,
        practices,
        region_exchange,
        demand,
        entities,
        dumps,
        feed,
        catalog,
        identifiers,
        crawlers,
        reference,
        template_routes,
    ):
        app.include_router(module.router)
    app.mount("/static", static, name="static")
    description.describe(app)
    return app


def _open(app: FastAPI, settings: Settings) -> None:
    try:
        opened = Service(settings)
        app.state.service = opened
        opened.start(lambda what, done, all_: _LOG.info("%s (%d of %d)", what, done, all_))
        _serve(app, opened)
    except GraphError as error:
        _LOG.error("%s", error.detail)
        app.state.failure = error.detail
    except Exception as error:
        _LOG.exception("the service could not be started")
        app.state.failure = f"the service could not be started: {type(error).__name__}"


def _serve(app: FastAPI, service: Service) -> None:
    """Say that the service is ready once queries can be answered; what else takes long to load comes behind."""
    app.state.service = service
    service.public.warm()
    app.state.ready.set()
    if service.settings.warm_up:
        threading.Thread(target=_warm, args=(service,), name="infrashare-warm", daemon=True).start()


def _warm(service: Service) -> None:
    """Load the rest behind the first requests; where the service stops meanwhile, nothing is lost.

    What was loaded stays. So the collector is told to leave it alone: to look through all of it stops every request,
    for half a second with the shipped graph and for seconds with 100,000 facilities.
    """
    try:
        service.warm()
        gc.freeze()
    except (GraphError, OSError) as error:
        _LOG.info("not warmed: %s", error)
