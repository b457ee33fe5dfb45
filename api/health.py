"""Health: is the process alive, and can it answer."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.schemas import Alive, Ready, answers
from api.state import service

router = APIRouter(tags=["health"])


@router.get(
    "/health/live",
    summary="Is the process alive?",
    operation_id="live",
    responses=answers(Alive, "It is alive."),
)
def live() -> JSONResponse:
    """Always 200 while the process runs."""
    return JSONResponse(Alive(status="alive").model_dump(), headers={"Cache-Control": "no-store"})


@router.get(
    "/health/ready", summary="Can it answer?", operation_id="ready", responses=answers(Ready, "It answers.")
)
def ready(request: Request) -> JSONResponse:
    """200 with revision and number of triples once the dataset is loaded; 503 before."""
    running = service(request)
    snapshot, kind = running.snapshot, running.engine.kind
    state = Ready(status="ready", revision=snapshot.revision, triples=snapshot.triples, store=kind)
    headers = {"Cache-Control": "no-store", "Dataset-Revision": str(snapshot.revision)}
    return JSONResponse(state.model_dump(), headers=headers)
