"""Suggestions while somebody types: codes, places and entities for the fields of forms."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from api.negotiation import JSON, language, wanted
from api.schemas import answers
from api.state import etag, reading, service
from graph.browse.entity import address
from graph.errors import InputError
from graph.match.suggestion_index import Suggestion
from graph.match.suggestions import SUGGESTED

router = APIRouter(tags=["lists"])

Kind = Literal["capability", "service", "sector", "place", "facility", "organisation", "practice"]


class Suggested(BaseModel):
    """One thing that may be meant."""

    value: str = Field(
        description="What a filter or a need takes: a notation, a NUTS code, the end of an IRI."
    )
    label: str
    language: str = Field(description="The language of the label; empty for names in no language.")
    kind: Kind
    because: str = Field(
        description="The words that were found, where the label is not what was typed; or empty."
    )
    because_language: str
    url: str | None = Field(None, description="The page about it, where there is one.")
    region: str | None = Field(None, description="Of places: the code of the region; that near a town.")
    within: str | None = Field(None, description="Of towns: the name of that region.")
    lat: float | None = None
    lon: float | None = None


class SuggestionList(BaseModel):
    """At most ten suggestions, best first."""

    items: list[Suggested]


@router.get(
    "/suggestions",
    summary="What somebody may mean who is typing",
    operation_id="suggest",
    responses=answers(SuggestionList, "At most ten, best first; none for an empty text."),
)
def suggest(
    request: Request,
    q: Annotated[str, Query(max_length=200, description="What is typed so far.", examples=["vermoei"])] = "",
    kind: Annotated[
        list[str] | None,
        Query(
            description=f"Kinds to suggest, of {', '.join(SUGGESTED)}; without it, all.",
            examples=[["capability"]],
        ),
    ] = None,
) -> Response:
    """Finds labels, other names and, for capabilities, the problems that they answer, in any of nine languages: by the
    beginnings of words, by parts of them, and with slips. Those in the reader's language come first."""
    running = service(request)
    snapshot = running.snapshot
    wanted(request, [JSON])
    kinds = [one for one in kind or () if one]
    for one in kinds:
        if one not in SUGGESTED:
            raise InputError(f"kind {one[:100]!r} is not suggested; use {', '.join(SUGGESTED)}")

    def made() -> Response:
        found = running.suggestions.find(q, kinds or SUGGESTED, language(request), snapshot)
        return JSONResponse({"items": [_told(one) for one in found]})

    return reading(request, snapshot.revision, etag(request, snapshot.revision, JSON), made)


def _told(one: Suggestion) -> dict[str, Any]:
    more = dict(one.thing.more or {})
    iri = str(more.pop("iri", ""))
    url = f"/regions/{more['region']}" if "region" in more else address(iri)
    return {
        "value": one.thing.value,
        "label": one.label,
        "language": one.language,
        "kind": one.thing.kind,
        "because": one.because,
        "because_language": one.because_language,
        **({"url": url} if url else {}),
        **more,
    }
