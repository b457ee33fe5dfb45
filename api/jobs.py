"""Long uploads that the sender does not wait for: ``Prefer: respond-async`` (RFC 7240), then a job to look at."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse

from api import dataset_schemas as schemas
from api.problems import body_of
from api.schemas import answers, errors
from graph.contribute.receipt import Receipt
from graph.errors import GraphError, NotFound

router = APIRouter(tags=["contributions"])

_KEPT = 1_000
"""Jobs that can still be looked at; the oldest that have ended go first."""


@dataclass
class Job:
    """An upload under way or done: how far it is, then its receipt or what went wrong."""

    id: str
    contribution: str
    state: str = "waiting"
    what: str = ""
    done: int = 0
    whole: int = 0
    result: dict[str, Any] = field(default_factory=dict)

    def report(self, what: str, done: int, whole: int) -> None:
        """Take note of progress."""
        self.state, self.what, self.done, self.whole = "running", what, done, whole

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "contribution": self.contribution,
            "state": self.state,
            "progress": {"what": self.what, "done": self.done, "whole": self.whole},
            **self.result,
        }


class Jobs:
    """The jobs of a running application. They are forgotten when it ends; what they wrote is not."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def start(
        self, contribution: str, instance: str, work: Callable[[Job], Receipt]
    ) -> tuple[Job, Callable[[], None]]:
        """A new job, and the function that does it and keeps its outcome."""
        job = Job(secrets.token_urlsafe(16), contribution)
        with self._lock:
            self._jobs[job.id] = job
            ended = [name for name, kept in self._jobs.items() if kept.state in {"done", "failed"}]
            for name in ended[: max(0, len(self._jobs) - _KEPT)]:
                del self._jobs[name]

        def run() -> None:
            try:
                receipt = work(job)
                job.result = {"receipt": dict(receipt.content)}
                job.state = "done"
            except GraphError as error:
                job.result = {"problem": body_of(error, instance)}
                job.state = "failed"
            except BaseException as error:
                unexpected = GraphError(f"{type(error).__name__} while working; see what /versions says")
                job.result = {"problem": body_of(unexpected, instance)}
                job.state = "failed"
                raise

        return job, run

    def __getitem__(self, name: str) -> Job:
        try:
            return self._jobs[name]
        except KeyError as error:
            raise NotFound("no job has this id; jobs are forgotten when the service restarts") from error


@router.get(
    "/jobs/{job}",
    summary="How far an upload is",
    operation_id="getJob",
    responses={
        **answers(schemas.Job, "How far it is; once it has ended, its receipt or its problem."),
        **errors(status_404="No job has this id."),
    },
)
def one(
    request: Request,
    job: Annotated[
        str, Path(description="The id, from the Location of the upload's 202 answer.", examples=["c2FtcGxl"])
    ],
) -> JSONResponse:
    """Poll this about once a second."""
    jobs: Jobs = request.app.state.jobs
    return JSONResponse(jobs[job].as_json(), headers={"Cache-Control": "no-store"})
