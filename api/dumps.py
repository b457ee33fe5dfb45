"""The whole dataset as one file, with its checksum."""

import base64
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.moments import NOT_YET, REVISION, lasts, moment, tag
from api.schemas import texts
from api.state import reading, service, typed
from api.transport import HEAD
from graph.publish.dataset import LICENCE, are_licensed
from graph.publish.dumps import FORMS, File, Form

router = APIRouter(tags=["harvesting"])

GZIP = "application/gzip"
_WHAT = {
    "nq.gz": "N-Quads with the graph of each statement: the bytes that `infrashare dump` writes.",
    "ttl.gz": "Turtle: the same statements without their graphs.",
}


class _Download(FileResponse):
    """A file that stays on the disk for as long as it is being sent."""

    def __init__(self, file: File, headers: dict[str, str]) -> None:
        super().__init__(file.path, media_type=GZIP, headers=headers)
        self._file = file


def _route(form: Form) -> None:
    """Make the routes of a form of dump."""
    name = f"dump.{form.ending}"
    word = form.ending.partition(".")[0]

    @router.get(
        f"/{name}",
        summary=f"The whole dataset as {form.media_type}, packed",
        operation_id=f"dump-{word}",
        responses={**texts(_WHAT[form.ending], GZIP), **NOT_YET},
    )
    def whole(request: Request, revision: Annotated[str | None, REVISION] = None) -> Response:
        """With checksum (Repr-Digest) and parts by Range; what is derived is left out, for it follows from the rest."""
        return _answered(request, form, lambda file: _whole(request, name, file))

    @router.get(
        f"/{name}.sha256",
        summary=f"The checksum of {name}",
        operation_id=f"dump-{word}-checksum",
        responses={**texts("A line that `sha256sum --check` reads.", "text/plain"), **NOT_YET},
    )
    def checksum(request: Request, revision: Annotated[str | None, REVISION] = None) -> Response:
        """The checksum of the file of the same revision."""
        return _answered(request, form, lambda file: typed(f"{file.sha256}  {name}\n", "text/plain"))


def _answered(request: Request, form: Form, made: Callable[[File], Response]) -> Response:
    at = moment(request)

    def read() -> Response:
        return made(service(request).dumps.at(at.revision, form))

    return reading(
        request, at.revision, tag(request, at, form.ending), read, keep=False, lasting=lasts(at, form.ending)
    )


def _whole(request: Request, name: str, file: File) -> Response:
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    ledger = service(request).ledger
    changed = datetime.fromisoformat(ledger.time_of(file.revision))
    links = [f'</{name}.sha256?revision={file.revision}>; rel="describedby"; type="text/plain"']
    if are_licensed(ledger.current(at=file.revision)):
        links.append(f'<{LICENCE.value}>; rel="license"')
    headers = {
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Link": ", ".join(links),
    }
    if request.scope.get(HEAD):
        return Response(
            headers={
                **headers,
                "Content-Length": str(file.size),
                "Content-Type": GZIP,
                "Accept-Ranges": "bytes",
            }
        )
    return _Download(file, headers)


for _form in FORMS:
    _route(_form)
