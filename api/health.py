"""Health: is the process alive, and can it answer."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.state import service

router = APIRouter(tags=["health"])


@router.get("/health/live", summary="Is the process alive?")
def live() -> dict[str, str]:
    """Always 200 while the process runs."""
    return {"status": "alive"}


@router.get("/health/ready", summary="Can it answer?")
def ready(request: Request) -> JSONResponse:
    """200 with revision and number of triples once the dataset is loaded; 503 before."""
    snapshot = service(request).snapshot
    return JSONResponse(
        {
            "status": "ready",
            "revision": snapshot.revision,
            "triples": snapshot.triples,
            "store": "embedded",
        }
    )
