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


class RegionFigure(BaseModel):
    item: str | None = Field(description="None where the figure is of the whole.")
    value: float


class RegionFigures(BaseModel):
    """The figures of one query on a region."""

    title: str
    unit: str
    query: str = Field(description="The path at which the query gives the figures again.")
    known: int = Field(description="Of how many records it is known, of those that there are (of).")
    of: int
    safe: bool = Field(description="Whether enough is known to compare.")
    figures: list[RegionFigure]
    more: int = Field(description="Figures that are not shown.")


class Gap(BaseModel):
    """What a priority of the region needs and no facility described there covers, with the nearest that does."""

    capability: str
    reason: str
    nearest: str | None
    nearest_id: str | None
    distance_km: float | None


class RegionAnswer(BaseModel):
    """What is described in a region."""

    revision: int
    address: str
    region: str = Field(description="The IRI of the region.")
    label: str
    note: str | None
    facts: dict[str, float | int | list[str] | None] = Field(description="None is what nobody states.")
    priorities: list[str]
    strengths: list[str]
    gaps: list[Gap]
    gaps_note: str | None
    figures: list[RegionFigures]
    unknown: list[str] = Field(description="Figures of which nothing is known.")
    policy_instruments: list[str]
    practices: list[str]
    changes: list[str]


class ComparedFigure(BaseModel):
    title: str
    unit: str
    values: dict[str, float | None] = Field(description="By NUTS code; None is not known.")
    unsafe: list[str] = Field(description="Regions of which too little is known to compare.")


class Compared(BaseModel):
    title: str
    common: list[str]
    specific: dict[str, list[str]] = Field(description="By NUTS code: what only this region has.")
    left_out: list[str] = Field(description="Regions of which nothing of this is described.")


class RegionComparison(BaseModel):
    """What regions have in common and what only one of them has."""

    revision: int
    regions: dict[str, str] = Field(description="Names by NUTS code.")
    figures: list[ComparedFigure]
    compared: list[Compared]


class RegionPractice(BaseModel):
    """A good practice that is worth looking at, or a warning."""

    id: str
    label: str
    score: float | None
    safe: bool
    warning: str | None
    regions: list[str]
    reasons: list[str]
    difficulties: list[str]


class RegionPartner(BaseModel):
    """A region that is worth a study visit."""

    id: str
    label: str
    score: float | None
    safe: bool
    reasons: list[str]
    facilities: list[str]


class RegionLessons(BaseModel):
    """What a region can learn from others."""

    revision: int
    address: str
    region: str
    label: str
    lacks: list[str]
    notes: list[str]
    practices: list[RegionPractice]
    partners: list[RegionPartner]


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
