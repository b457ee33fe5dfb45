"""Catalogued queries as tools."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from api.tools.forms import Answer, Parameter, Queries, Query, Term
from api.tools.source import JSON, Language, Source

_RESULTS: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
Given = Annotated[
    dict[str, str | list[str]],
    Field(
        description='Values by parameter, such as {"region": "BE2"}; a list gives several values. Codes such as BE2 or '
        "welding stand for their IRIs. What is not given keeps the query's own value, which list_queries shows."
    ),
]


class Questions:
    """Tools that ask catalogued queries."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def list_queries(
        self,
        audience: Annotated[
            Literal["researcher", "partner", "firm", "policy"] | None,
            Field(description="Only questions that these people ask."),
        ] = None,
        words: Annotated[
            str, Field(description="Only questions whose name, title or description holds these words.")
        ] = "",
        lang: Language = "en",
    ) -> Queries:
        """List the questions that can be asked with run_query: name, what each says, and its parameters.

        Titles are in the language that is asked for, descriptions in English.
        """
        told = await self._source.get("/queries", lang=lang)
        sought = words.casefold().split()
        listed = [
            Query(
                name=one["name"],
                title=one["title"],
                description=one["description"],
                audience=one["audience"],
                parameters=[Parameter.model_validate(each) for each in one["parameters"]],
            )
            for one in told.data["queries"]
            if one["audience"] and audience in {None, one["audience"]}
        ]
        kept = [
            one
            for one in listed
            if all(word in f"{one.name} {one.title} {one.description}".casefold() for word in sought)
        ]
        return Queries(revision=told.revision, queries=kept)

    async def run_query(
        self,
        name: Annotated[str, Field(description="The name of a query that list_queries lists.")],
        parameters: Given | None = None,
        limit: Annotated[int, Field(ge=1, le=1000, description="How many rows to show.")] = 50,
        offset: Annotated[int, Field(ge=0, description="How many rows to leave out before them.")] = 0,
        lang: Language = "en",
    ) -> Answer:
        """Ask a catalogued query. Rows hold the IRIs of what they are about, which describe_entity describes.

        ``total`` says how many rows there are; where ``next_offset`` is given, ask again with it for those that
        follow. Cite ``address``, which gives this answer for good.
        """
        listed = {one["name"]: one for one in (await self._source.get("/queries", lang=lang)).data["queries"]}
        values = {
            key: [value] if isinstance(value, str) else value for key, value in (parameters or {}).items()
        }
        return await self._run(name, listed.get(name, {}), values, (offset, limit), lang)

    async def _run(
        self,
        name: str,
        described: Mapping[str, Any],
        values: Mapping[str, list[str]],
        window: tuple[int, int],
        lang: str,
        revision: int | None = None,
    ) -> Answer:
        own = {"lang", "format", "limit", "offset", "revision"} & values.keys()
        if own:
            raise ToolError(f"parameters: {sorted(own)[0]!r} is no parameter of a query; give it beside them")
        makes_graph = described.get("form") in {"CONSTRUCT", "DESCRIBE"}
        asked: dict[str, Sequence[str] | str | int] = {**values, "lang": lang}
        if revision is not None:
            asked["revision"] = revision
        told = await self._source.get(f"/queries/{name}", _TURTLE if makes_graph else _RESULTS, **asked)
        result = {} if makes_graph or told.media_type not in {JSON, _RESULTS} else told.data
        rows = result.get("results", {}).get("bindings", [])
        offset, limit = window
        return Answer(
            revision=told.revision,
            query=name,
            title=described["title"],
            parameters=dict(values),
            address=told.bookmark,
            variables=result.get("head", {}).get("vars", []),
            rows=[_row(row) for row in rows[offset : offset + limit]],
            total=len(rows),
            next_offset=offset + limit if offset + limit < len(rows) else None,
            holds=result.get("boolean"),
            turtle=told.content.decode() if makes_graph else None,
        )


def _row(row: Mapping[str, Mapping[str, str]]) -> dict[str, Term]:
    return {
        name: Term(
            type=term["type"],
            value=term["value"],
            language=term.get("xml:lang"),
            datatype=term.get("datatype"),
        )
        for name, term in row.items()
    }
