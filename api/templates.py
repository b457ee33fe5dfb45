"""Templates of the classes, and tables that become Turtle."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api import schemas
from api.bodies import is_packed, media_type, read_body
from api.negotiation import HTML, JSON, TURTLE, language, wanted, without_suffix
from api.pages import render
from api.schemas import answers, errors, texts
from api.state import etag, reading, service, typed
from graph.contribute.tables.cells import Cells
from graph.contribute.tables.metadata import SUFFIX, Table, Tables
from graph.contribute.tables.template import csv_template, turtle_template
from graph.errors import NotFound, Unsupported

router = APIRouter(tags=["contributions"])

CSV: Final = "text/csv"
_METADATA: Final = "application/csvm+json"
_TAKEN: Final = frozenset({CSV, "text/tab-separated-values", "text/plain", "application/csv"})
_EXAMPLE: Final = """\
id;titel@nl;titel@en;soort dienst
proeven-in-kou;Proeven in kou;Tests in cold;testen
ijken-van-sensoren;IJken van sensoren;Calibration of sensors;kalibratie
"""
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The table in UTF-8, with a header and one row an entry; commas, semicolons or tabs.",
        "content": {CSV: {"schema": {"type": "string"}, "example": _EXAMPLE}},
    }
}


@router.get("/templates.{suffix}", include_in_schema=False)
@router.get(
    "/templates",
    summary="The templates",
    operation_id="listTemplates",
    responses=answers(schemas.Templates, "The classes that have a template, with their columns.", HTML),
)
def listed(request: Request, suffix: str | None = None) -> Response:
    """The classes that have a template, with where it is and which columns its table has."""
    revision = service(request).snapshot.revision
    kind = wanted(request, [JSON, HTML], suffix)

    def made() -> Response:
        templates = [_described(table, language(request)) for table in Tables().all()]
        if kind == HTML:
            return render(request, "templates.html", {"templates": templates, "revision": revision})
        return JSONResponse({"templates": templates})

    return reading(request, revision, etag(request, revision, kind), made)


def _described(table: Table, lang: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "label": table.labels.get(lang, table.title),
        "turtle": f"/templates/{table.name}.ttl",
        "csv": f"/templates/{table.name}.csv",
        "metadata": f"/templates/{table.name}{SUFFIX}",
        "columns": [
            {
                "name": column.name,
                "title": column.title(lang),
                "description": column.description,
                "level": column.level,
                "per_language": column.per_language,
                "separator": column.separator,
                "code_list": column.code_list,
            }
            for column in table.columns
        ],
    }


@router.get(
    "/templates/{name}",
    summary="The template of a class",
    operation_id="template",
    responses={
        **texts("A complete example: Turtle with comments, or a table with a header and a row.", TURTLE, CSV),
        **errors(status_404="No class has this name."),
    },
)
def template(
    request: Request,
    name: Annotated[
        str,
        Path(
            description="The class, with .ttl or .csv where Accept does not say it.",
            examples=["facility.csv"],
        ),
    ],
) -> Response:
    """A complete example of a class to begin with; `…{name}.csv-metadata.json` describes the columns (W3C CSVW).

    `lang` names the language of the header of a table.
    """
    revision = service(request).snapshot.revision
    if name.endswith(SUFFIX):
        table = _table(name.removesuffix(SUFFIX))
        return reading(request, revision, etag(request, revision), lambda: typed(table.source, _METADATA))
    bare, suffix = without_suffix(name)
    table = _table(bare)
    kind = wanted(request, [TURTLE, CSV], suffix)

    def made() -> Response:
        if kind == TURTLE:
            return typed(turtle_template(table, Cells()), TURTLE)
        answer = typed(csv_template(table, language(request)), CSV)
        answer.headers["Link"] = f'</templates/{table.name}{SUFFIX}>; rel="describedby"; type="{_METADATA}"'
        return answer

    return reading(request, revision, etag(request, revision, kind), made)


def _table(name: str) -> Table:
    try:
        return Tables()[name]
    except NotFound as error:
        raise NotFound(f"{error.detail}; /templates lists them") from error


@router.post(
    "/convert",
    summary="Make Turtle of a table",
    operation_id="convertTable",
    openapi_extra=_BODY,
    responses={
        **texts("The Turtle, a block for each row; nothing is stored.", TURTLE),
        **errors(
            status_400="It cannot be converted: errors[] gives line and column, with row, header and remedy.",
            status_404="No class has this name.",
            status_413="Too many bytes.",
            status_415="A format that is not taken.",
            status_422="A limit of time or memory was passed.",
        ),
    },
)
async def convert(
    request: Request,
    name: Annotated[
        str | None,
        Query(
            alias="class",
            description="What the rows describe; by default what the header tells.",
            examples=["service"],
        ),
    ] = None,
    lang: Annotated[
        str | None,
        Query(description="Language of texts whose column does not say it.", examples=["nl"]),
    ] = None,
) -> Response:
    """Send a spreadsheet as CSV, get the Turtle of its rows: no account needed, nothing is stored.

    Columns are called as in the template, in any of nine languages. All that is wrong is told at once, by row and
    column. Check what comes of it at `/contributions/check`.
    """
    wanted(request, [TURTLE])
    kind = media_type(request)
    if kind not in _TAKEN:
        raise Unsupported(f"{kind or 'no media type'} is not taken here; send {CSV}")
    is_packed(request)
    spoken = lang.lower() if lang else None
    converting = service(request).converting
    data = await read_body(request, request.app.state.settings.max_upload_bytes)
    converted = await run_in_threadpool(converting.convert, data, name=name, language=spoken)
    answer = typed(converted.turtle, TURTLE)
    answer.headers["Infrashare-Class"] = converted.table
    answer.headers["Infrashare-Entries"] = str(converted.entries)
    return answer
