"""Demand: what firms that agreed to be counted ask for, beside what is there."""

import csv
import hashlib
import io
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.demand_schemas import DemandTable
from api.negotiation import HTML, JSON, RDF, TURTLE, alternates, language, wanted
from api.pages import render
from api.schemas import answers
from api.state import etag, reading, service, typed
from graph.errors import InputError
from graph.iris import PREFIXES
from graph.publish.data_cube import DEMAND, QB, cube
from graph.publish.demand import PublishedDemand, published
from graph.store.demand import Cell, last_settled
from graph.store.formats import write_graph
from graph.turtle import turtle

router = APIRouter(tags=["harvesting"])

_CSV: Final = "text/csv"
_TWINS: Final = ("json", "csv", "ttl", "jsonld", "nt", "rdf", "html")
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_COLUMNS: Final = (
    "month", "region", "region_label", "capability", "capability_label", "sector", "sector_label",
    "needs", "supply", "gap",
)  # fmt: skip
_PREFIXES: Final = {**PREFIXES, "qb": QB.base, "demand": DEMAND.base}


@router.get("/demand.{suffix}", include_in_schema=False)
@router.get(
    "/demand",
    summary="What firms ask for",
    operation_id="demand",
    responses=answers(DemandTable, "Cells with enough needs, beside supply.", _CSV, *RDF, HTML),
)
def demand(
    request: Request,
    suffix: str | None = None,
    month: Annotated[str | None, Query(description="One month only.", examples=["2026-10"])] = None,
) -> Response:
    """How many needs asked for a capability, by month, region and sector, of firms that agreed to be counted
    (`shareDemand`), with the facilities described there that cover it. Only cells with enough needs, only months that
    are over; totals are sums of these cells. As RDF it is a data cube."""
    running = service(request)
    snapshot = running.snapshot
    kind = wanted(request, [JSON, _CSV, *RDF, HTML], suffix)
    least = running.settings.demand_least
    until = last_settled(datetime.now(UTC).date())
    cells = _of_month(running.demand_counts.published(least, until), month)

    def made() -> Response:
        told = published(cells, least, until, snapshot, running.catalogue)
        answer = _written(request, told, kind, snapshot.revision)
        answer.headers["Link"] = ", ".join(alternates("/demand", _TWINS, f"?month={month}" if month else ""))
        return answer

    digest = hashlib.sha256(repr(sorted(cells.items())).encode()).hexdigest()
    tag = etag(request, snapshot.revision, kind, str(least), until, digest)
    return reading(request, snapshot.revision, tag, made)


def _of_month(cells: dict[Cell, int], month: str | None) -> dict[Cell, int]:
    """The cells of one month, or all. Raises ``InputError``."""
    if not month:
        return cells
    if not _MONTH.fullmatch(month):
        raise InputError(f"month={month[:40]!r} is not a month; write it as 2026-10")
    return {cell: needs for cell, needs in cells.items() if cell.month == month}


def _written(request: Request, told: PublishedDemand, kind: str, revision: int) -> Response:
    chosen = language(request)
    if kind == JSON:
        return JSONResponse(told.as_json(chosen))
    if kind == _CSV:
        return typed(_table(told.as_json(chosen)["cells"]), _CSV)
    if kind == HTML:
        return render(request, "demand.html", {"demand": told.as_json(chosen), "revision": revision})
    triples = cube(told)
    return typed(turtle(triples, _PREFIXES) if kind == TURTLE else write_graph(triples, kind), kind)


def _table(cells: list[dict[str, Any]]) -> str:
    """The cells as CSV (RFC 4180); what is not stated or not known is empty."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for cell in cells:
        named = [(cell[name] or {}).get(part, "") for name in _COLUMNS[1:7:2] for part in ("id", "label")]
        gap = "" if cell["gap"] is None else str(cell["gap"]).lower()
        supply = "" if cell["supply"] is None else cell["supply"]
        writer.writerow([cell["month"], *named, cell["needs"], supply, gap])
    return written.getvalue()
