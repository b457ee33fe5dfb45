"""The forms of a match: the run, what was understood, and the facilities with their reasons."""

from typing import Any

from pydantic import BaseModel


class Run(BaseModel):
    id: str
    revision: int
    query: str
    language: str


class UnderstoodConcept(BaseModel):
    concept: str
    notation: str
    label: str
    because: str
    confidence: float


class Understood(BaseModel):
    language: str
    capabilities: list[UnderstoodConcept]
    materials: list[UnderstoodConcept]
    services: list[UnderstoodConcept]
    sectors: list[UnderstoodConcept]
    accessModes: list[UnderstoodConcept]  # noqa: N815 - contract name
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


class MatchAnswer(BaseModel):
    """Ranked facilities for a need, each criterion with verdict, reason and evidence."""

    run: Run
    understood: Understood
    total: int
    results: list[MatchedFacility]
    coverage: list[Coverage]
    bundle: list[Bundled]
    relaxations: list[Relaxation]
