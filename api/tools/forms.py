"""The forms of the tools' answers: each names the revision of the dataset that it is about."""

from pydantic import BaseModel, Field

from api.schemas import Entity


class Parameter(BaseModel):
    """What a query can be asked with."""

    name: str
    type: str
    description: str
    optional: bool
    values: list[str] = Field(description="The values that it has where none are given.")


class Query(BaseModel):
    name: str
    title: str
    description: str
    audience: str | None
    parameters: list[Parameter]


class Queries(BaseModel):
    """Catalogued questions, to be asked with run_query."""

    revision: int
    queries: list[Query]


class Term(BaseModel):
    """A term of a result as in SPARQL 1.1 Query Results JSON."""

    type: str = Field(description="uri, literal, bnode or triple")
    value: str
    language: str | None = None
    datatype: str | None = None


class Answer(BaseModel):
    """The answer to a catalogued query."""

    revision: int
    query: str
    title: str
    parameters: dict[str, list[str]] = Field(description="The values that were given.")
    address: str = Field(description="The address that gives this answer for good.")
    variables: list[str]
    rows: list[dict[str, Term]] = Field(
        description="A variable that a row lacks is not stated, which is not no."
    )
    total: int = Field(description="How many rows there are in all.")
    next_offset: int | None = Field(
        description="The offset of the rows that follow; none where there are none."
    )
    holds: bool | None = Field(None, description="The answer to a question of yes or no.")
    turtle: str | None = Field(None, description="The graph, of a query that makes one.")


class Summary(BaseModel):
    """What catalogued queries say of a region, all on one revision."""

    revision: int
    region: str = Field(description="The IRI of the region.")
    label: str
    answers: list[Answer]


class Description(BaseModel):
    """Every statement about an entity, and what points to it."""

    revision: int
    entity: Entity


class Code(BaseModel):
    """An entry of a code list."""

    iri: str
    notation: str
    label: str
    because: str = Field(description="The name that is near the word.")
    nearness: float = Field(description="From 0 to 1, which is the same word.")
    definition: str | None = None
    replaced_by: list[str] = Field(description="The IRIs to use instead, of a code that is retired.")


class Codes(BaseModel):
    """Entries of a code list, nearest first."""

    revision: int
    code_list: str
    codes: list[Code]
