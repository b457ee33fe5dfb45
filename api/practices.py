"""Good practices as records in the form of Interreg Europe's database."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from api import practice_schemas as forms
from api.direction_links import RECORD, title
from api.entities import found
from api.moments import REVISION, lasts, moment, shown, tag
from api.negotiation import HTML, JSON, alternates, language, twin_query, wanted
from api.pages import render
from api.schemas import answers, errors
from api.state import reading, service
from graph.errors import NotFound
from graph.regions.practices.record import record

router = APIRouter(tags=["regions"])


@router.get("/practices/{slug}/record.{suffix}", include_in_schema=False)
@router.get(
    "/practices/{slug}/record",
    summary="A good practice as a record",
    operation_id="practiceRecord",
    responses={
        **answers(forms.PracticeRecord, "All sections of the form, with figures and sources.", HTML),
        **errors(status_404="Nothing has this name, or had it at that revision."),
    },
)
def practice_record(
    request: Request,
    slug: Annotated[str, Path(description="The end of its IRI.", examples=["open-lab-skane"])],
    suffix: str | None = None,
    revision: Annotated[str | None, REVISION] = None,
) -> Response:
    """The sections of the form of Interreg Europe's good-practice database in its order, texts in their languages,
    figures, implementations, actions inspired, practices near it, and practices that may be the same. A section that
    nobody filled is empty, and named in `completeness`."""
    at = moment(request)
    kind = wanted(request, [JSON, HTML], suffix)
    path = f"/practices/{slug}"
    address = f"{path}/record"

    def made() -> Response:
        running = service(request)
        snapshot = at.snapshot()
        iri = found(request, "practices", slug, at).iri
        kept = running.practices.of(snapshot)
        if iri not in kept.told:  # something mentions the name, and nobody describes it as a practice
            raise NotFound(f"nobody describes {slug[:200]!r} as a good practice; see /practices")
        view = running.view(snapshot, language(request))
        told: dict[str, Any] = record(iri, kept, view)
        whole = {"run": view.run, **told}
        if kind == HTML:
            context = {
                "answer": whole,
                "say": view.say,
                "title": title(request, RECORD),
                "path": path,
                "address": address,
            }
            page: Response = render(request, "practice-record.html", {**context, **shown(request, at)})
        else:
            page = JSONResponse(whole)
        page.headers["Link"] = ", ".join(alternates(address, ("json", "html"), twin_query(request)))
        return page

    return reading(request, at.revision, tag(request, at, kind), made, lasting=lasts(at, kind))
