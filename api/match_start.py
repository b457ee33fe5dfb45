"""The need of an address, and the page with the form: where nothing was asked yet, or what was asked cannot be used."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.need_address import members_of
from api.need_typed import FIELDS, Fault, Typed
from api.negotiation import HTML, language
from api.pages import render
from api.problems import of_validation, response
from api.state import service
from graph.match.need import REQUIRABLE, Need


def asked_of(request: Request, kind: str) -> Need | Response:
    """The need that an address gives; where it gives none, the problem, or the form for a browser."""
    members = members_of(request.query_params)
    faults: list[Fault] = []
    if any(request.query_params.get(name) for name in ("place", "firmRegion", *FIELDS)):
        running = service(request)
        typed = Typed(running.matcher, running.snapshot, language(request))
        faults = typed.into(members, request.query_params)
    if kind == HTML:
        _lenient(members)
        if (
            members.get("maxDistanceKm")
            and not faults
            and not members.get("region")
            and "location" not in members
        ):
            faults.append(
                Fault("km", str(members["maxDistanceKm"])[:20], "a distance needs a place to measure from")
            )
    try:
        need = Need.model_validate(members)
    except ValidationError as error:
        detail, errors = of_validation(error)
        if kind != HTML:
            return response(request, "invalid-input", detail, errors)
        is_new = (
            not (members.get("text") or "").strip()
            and not members["capabilities"]
            and not members["essential"]
        )
        if faults or not is_new:
            return start_page(request, members, faults, "" if is_new else detail, 400)
        return start_page(request, members)
    if not faults:
        return need
    if kind != HTML:
        return response(request, "invalid-input", faults[0].detail, [_error(fault) for fault in faults])
    return start_page(request, members, faults, status=400)


def start_page(
    request: Request,
    members: Mapping[str, Any],
    faults: Sequence[Fault] = (),
    detail: str = "",
    status: int = 200,
) -> Response:
    """The form with what was given, and what is to be mended in it."""
    given = request.query_params
    kept = [
        (name, value)
        for name, value in given.multi_items()
        if value
        and name
        not in {
            "text",
            "place",
            "maxDistanceKm",
            "trlNow",
            "trlTarget",
            "companySize",
            "format",
            "firmRegion",
            *FIELDS,
        }
        and not (name == "region" and not given.get("location"))
    ]
    form = {
        "text": members.get("text") or "",
        "place": given.get("place") or given.get("region") or "",
        "region": None,
        "km": given.get("maxDistanceKm") or "",
        "trl_now": _level(given.get("trlNow")),
        "trl_target": _level(given.get("trlTarget")),
        "size": given.get("companySize"),
    }
    context = {
        "form": form,
        "kept": kept,
        "faults": faults,
        "detail": detail,
        "has_codes": bool(members.get("capabilities")),
    }
    return render(request, "match-start.html", context, status)


def _lenient(members: dict[str, Any]) -> None:
    """A field that a person emptied is no condition any more."""
    members["required"] = [
        name for name in members["required"] if name not in REQUIRABLE or members.get(name)
    ]


def _level(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _error(fault: Fault) -> dict[str, Any]:
    return {
        "code": f"unknown-{fault.field}",
        "message": fault.detail,
        "path": fault.field,
        "value": fault.typed[:200],
        "severity": "violation",
    }
