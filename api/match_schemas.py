"""The forms of a match: the run, what was understood, and the facilities with their reasons."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas import Problem


class Run(BaseModel):
    id: str = Field(
        description="Holds need and revision, for /match/runs/{id}: whoever has it can read the need."
    )
    revision: int
    query: str
    language: str


class UnderstoodConcept(BaseModel):
    concept: str
    notation: str
    label: str
    because: str
    confidence: float
    importance: Literal["essential", "wished", "nice-to-have"] = Field(
        description="As the text says; essential parts weigh double, those that are nice to have less. "
        "To insist on one, send its notation in `essential`."
    )


class ExcludedConcept(UnderstoodConcept):
    """A concept that the text says is not wished."""

    kind: Literal["capabilities", "services", "sectors", "accessModes"] = Field(
        description="The member of a need that takes its notation."
    )


class PlacePoint(BaseModel):
    lat: float
    lon: float


class UnderstoodPlace(BaseModel):
    """A country to search in, or a region or city to measure from."""

    place: str = Field(description="IRI: NUTS for countries and regions, GeoNames for cities.")
    kind: Literal["country", "region", "city"]
    code: str
    label: str
    country: str
    location: PlacePoint
    role: Literal["search-in", "measure-from"]
    required: bool = Field(description="Whether the text asks for it only: then others are out.")
    used: bool = Field(description="Whether it counted; what the need gives as fields wins.")
    field: dict[str, Any] = Field(description="Members of a need to send back.")
    because: str
    confidence: float


class UnderstoodDistance(BaseModel):
    """The greatest distance that the text states, in km."""

    km: float
    used: bool = Field(description="Whether it counted: there is a place, and no maxDistanceKm was given.")
    field: dict[str, Any] = Field(description="Members of a need to send back.")
    because: str
    confidence: float


class UnderstoodQuantity(BaseModel):
    """A number with a unit; ``value`` where it is one, else the bounds that are stated."""

    used: bool = Field(
        description="Whether equipment is judged by it; what the need gives as quantities wins."
    )
    field: dict[str, Any] = Field(description="Members of a need to send back.")

    unit: str = Field(description="IRI of the unit in QUDT.")
    quantity_kind: str = Field(description="IRI of the kind of quantity in QUDT.")
    value: float | None
    min: float | None
    max: float | None
    because: str
    confidence: float


class Understood(BaseModel):
    language: str
    capabilities: list[UnderstoodConcept]
    materials: list[UnderstoodConcept]
    services: list[UnderstoodConcept]
    sectors: list[UnderstoodConcept]
    accessModes: list[UnderstoodConcept]  # noqa: N815 - contract name
    excluded: list[ExcludedConcept]
    vocabulary: list[UnderstoodConcept] = Field(
        description="Capabilities whose vocabulary the text speaks without naming them; confidence beside the first."
    )
    places: list[UnderstoodPlace]
    distance: UnderstoodDistance | None
    quantities: list[UnderstoodQuantity]
    refused: list[str] = Field(description="Phrases that are not wished and name no concept.")
    not_understood: list[str]


class Evidence(BaseModel):
    s: str
    p: str
    o: str
    graph: str


class Criterion(BaseModel):
    criterion: str
    verdict: str
    score: float
    weight: float
    reason: str
    evidence: list[Evidence]
    part: str | None = None


class Condition(BaseModel):
    condition: str
    text: str
    verdict: str
    question: str | None = None
    field: str | None = Field(None, description="The member of a need that answers the question.")


class SupportScheme(BaseModel):
    instrument: str
    label: str
    verdict: str
    conditions: list[Condition]


class RelatedPractice(BaseModel):
    practice: str
    label: str
    reason: str


class MatchedFacility(BaseModel):
    facility: str
    label: str
    region: str | None
    country: str | None
    city: str | None
    score: float
    confidence: float = Field(description="The share of the weights whose verdict is known.")
    distance_km: float | None
    criteria: list[Criterion]
    support: list[SupportScheme]
    practices: list[RelatedPractice]


class Coverage(BaseModel):
    part: str
    met_by: int


class Bundled(BaseModel):
    facility: str
    covers: list[str]


class Relaxation(BaseModel):
    change: dict[str, list[Any]]
    gains: int
    text: str


class BatchLine(BaseModel):
    """One line of the answer to a batch: the answer to a need, or the problem that its line has."""

    line: int = Field(description="The line of the request that it answers, from 1.")
    answer: "MatchAnswer | None" = None
    problem: Problem | None = None


class Change(BaseModel):
    """What would have to change: in the need, at the facility, or in what its record says."""

    kind: Literal["need", "facility", "record"]
    text: str
    criterion: str | None = None
    part: str | None = None
    change: dict[str, list[Any]] | None = None
    gains: int | None = None


class WhyNotAnswer(BaseModel):
    """One facility judged for a need: each criterion, its rank, and what would have to change."""

    run: Run
    understood: Understood
    result: MatchedFacility
    is_result: bool
    rank: int | None = Field(description="Its place among the results where it is one.")
    total: int
    because: str
    failed: list[str] = Field(description="The required members that it does not meet.")
    changes: list[Change]


class MatchAnswer(BaseModel):
    """Ranked facilities for a need, each criterion with verdict, reason and evidence."""

    run: Run
    understood: Understood
    total: int
    results: list[MatchedFacility]
    practices: list[RelatedPractice] = Field(
        description="Good practices about what is asked for, or of the support schemes; a facility has its own."
    )
    coverage: list[Coverage]
    bundle: list[Bundled]
    relaxations: list[Relaxation]
